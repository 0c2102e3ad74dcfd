import { LightningElement, api } from 'lwc';
import COMPLETE from '@salesforce/label/c.Aurevoir_Complete';
import COUNT_DONE from '@salesforce/label/c.Aurevoir_Count_Done';
import FIRST_TASKS from '@salesforce/label/c.Aurevoir_First_Tasks';
import NO_DEPARTMENT from '@salesforce/label/c.Aurevoir_No_Department';
import NO_TASKS from '@salesforce/label/c.Aurevoir_No_Tasks';
import OPTIONAL from '@salesforce/label/c.Aurevoir_Optional';
import PROMISED from '@salesforce/label/c.Aurevoir_Promised';
import { DEPARTMENTS } from 'c/aurevoirAccount';
import { fill } from 'c/aurevoirRecord';
import { counted, stateOf, whenOf } from 'c/aurevoirTask';

/** The tasks of a case by department; fires `complete` with the id and the subject of one. */
export default class AurevoirChecklist extends LightningElement {
    words = { none: NO_TASKS };
    @api tasks = [];
    /** The id of the task that is being completed. */
    @api busy;
    /** There are more tasks than these. */
    @api cut = false;

    get first() {
        return fill(FIRST_TASKS, { count: this.tasks.length });
    }

    /** In our order, then departments of the org's own, then tasks without one. */
    get departments() {
        const others = this.tasks.map((task) => task.department).filter(Boolean);
        return [...new Set([...DEPARTMENTS, ...others, ''])]
            .map((key) => [key, this.tasks.filter((task) => task.department === key)])
            .filter(([, tasks]) => tasks.length)
            .map(([key, tasks]) => ({
                key,
                name: `${tasks[0].departmentName || NO_DEPARTMENT}: ${fill(COUNT_DONE, counted(tasks))}`,
                tasks: tasks.map((task) => this.line(task))
            }));
    }

    line(task) {
        const marks = [task.promise && PROMISED, !task.required && OPTIONAL];
        return {
            ...task,
            action: `${COMPLETE}: ${task.subject}`,
            state: stateOf(task),
            facts: [task.owner, whenOf(task), ...marks].filter(Boolean).join(' · '),
            busy: task.id === this.busy,
            look: task.done ? 'slds-text-color_weak' : 'slds-text-title_bold'
        };
    }

    complete(event) {
        const { id } = event.currentTarget.dataset;
        const { subject } = this.tasks.find((task) => task.id === id);
        this.dispatchEvent(new CustomEvent('complete', { detail: { id, subject } }));
    }
}
