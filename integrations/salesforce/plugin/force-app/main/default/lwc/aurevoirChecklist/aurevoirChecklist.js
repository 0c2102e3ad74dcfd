import { LightningElement, api } from 'lwc';
import CHECKLIST_DONE from '@salesforce/label/c.Aurevoir_Checklist_Done';
import CHECKLIST_EMPTY from '@salesforce/label/c.Aurevoir_Checklist_Empty';
import CHECKLIST_FIRST from '@salesforce/label/c.Aurevoir_Checklist_First';
import PHASE_DONE from '@salesforce/label/c.Aurevoir_Phase_Done';
import TASK_COMPLETE from '@salesforce/label/c.Aurevoir_Task_Complete';
import TASK_DUE from '@salesforce/label/c.Aurevoir_Task_Due';
import TASK_ELSEWHERE from '@salesforce/label/c.Aurevoir_Task_Elsewhere';
import TASK_NO_DATE from '@salesforce/label/c.Aurevoir_Task_No_Date';
import TASK_OPTIONAL from '@salesforce/label/c.Aurevoir_Task_Optional';
import TASK_OVERDUE from '@salesforce/label/c.Aurevoir_Task_Overdue';
import TASK_PROMISED from '@salesforce/label/c.Aurevoir_Task_Promised';
import TASK_QUEUE from '@salesforce/label/c.Aurevoir_Task_Queue';
import { fill } from 'c/aurevoirRecord';

const BADGE = 'slds-badge slds-m-left_x-small';

/** The tasks of a case by department; fires `complete` with the id and the subject of one. */
export default class AurevoirChecklist extends LightningElement {
    words = { done: PHASE_DONE, empty: CHECKLIST_EMPTY };
    @api tasks = [];
    /** The id of the task that is being completed. */
    @api busy;
    /** There are more tasks than these. */
    @api cut = false;

    get count() {
        const done = this.tasks.filter((task) => task.done).length;
        return fill(CHECKLIST_DONE, done, this.tasks.length);
    }

    get first() {
        return fill(CHECKLIST_FIRST, this.tasks.length);
    }

    /** In the order of the first task of each. */
    get departments() {
        const found = new Map();
        this.tasks.forEach((task) => {
            const { department: key, departmentName: name } = task;
            if (!found.has(key)) {
                found.set(key, { key, name: name ?? TASK_ELSEWHERE, tasks: [] });
            }
            found.get(key).tasks.push(this.line(task));
        });
        return [...found.values()];
    }

    line(task) {
        const marks = [
            task.overdue && { text: TASK_OVERDUE, look: `${BADGE} slds-theme_error` },
            task.promise && { text: TASK_PROMISED, look: `${BADGE} slds-badge_lightest` },
            !task.required && { text: TASK_OPTIONAL, look: `${BADGE} slds-badge_lightest` }
        ];
        return {
            ...task,
            action: fill(TASK_COMPLETE, task.subject),
            owner: task.owner ?? TASK_QUEUE,
            when: task.due ? fill(TASK_DUE, task.due) : TASK_NO_DATE,
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
