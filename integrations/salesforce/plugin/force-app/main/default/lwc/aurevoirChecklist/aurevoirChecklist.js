import { LightningElement, api } from 'lwc';
import COMPLETE from '@salesforce/label/c.Aurevoir_Complete';
import COUNT_DONE from '@salesforce/label/c.Aurevoir_Count_Done';
import DONE from '@salesforce/label/c.Aurevoir_Done';
import FIRST_TASKS from '@salesforce/label/c.Aurevoir_First_Tasks';
import LATE from '@salesforce/label/c.Aurevoir_Late';
import NO_DEPARTMENT from '@salesforce/label/c.Aurevoir_No_Department';
import NO_TASKS from '@salesforce/label/c.Aurevoir_No_Tasks';
import OPTIONAL from '@salesforce/label/c.Aurevoir_Optional';
import PROMISED from '@salesforce/label/c.Aurevoir_Promised';
import QUEUE from '@salesforce/label/c.Aurevoir_Queue';
import { fill } from 'c/aurevoirRecord';
import { counted, dueOf } from 'c/aurevoirTask';

const BADGE = 'slds-badge slds-m-left_x-small';
const ORDER = [
    'customer_success',
    'sales',
    'support',
    'billing',
    'it',
    'product',
    'marketing',
    'leadership'
];

/** The tasks of a case by department; fires `complete` with the id and the subject of one. */
export default class AurevoirChecklist extends LightningElement {
    words = { done: DONE, none: NO_TASKS };
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
        return [...new Set([...ORDER, ...others, ''])]
            .map((key) => [key, this.tasks.filter((task) => task.department === key)])
            .filter(([, tasks]) => tasks.length)
            .map(([key, tasks]) => ({
                key,
                name: tasks[0].departmentName ?? NO_DEPARTMENT,
                count: fill(COUNT_DONE, counted(tasks)),
                tasks: tasks.map((task) => this.line(task))
            }));
    }

    line(task) {
        const marks = [
            task.late && { text: LATE, look: `${BADGE} slds-theme_error` },
            task.promise && { text: PROMISED, look: `${BADGE} slds-badge_lightest` },
            !task.required && { text: OPTIONAL, look: `${BADGE} slds-badge_lightest` }
        ];
        return {
            ...task,
            action: `${COMPLETE}: ${task.subject}`,
            owner: task.owner ?? QUEUE,
            when: dueOf(task),
            busy: task.id === this.busy,
            look: task.done ? 'slds-text-color_weak' : 'slds-text-title_bold',
            marks: marks.filter(Boolean)
        };
    }

    complete(event) {
        const { id } = event.currentTarget.dataset;
        const { subject } = this.tasks.find((task) => task.id === id);
        this.dispatchEvent(new CustomEvent('complete', { detail: { id, subject } }));
    }
}
