import { LightningElement, api } from 'lwc';
import PHASE_DONE from '@salesforce/label/c.Aurevoir_Phase_Done';
import PROMISES_EMPTY from '@salesforce/label/c.Aurevoir_Promises_Empty';
import PROMISES_KEPT from '@salesforce/label/c.Aurevoir_Promises_Kept';
import TASK_DUE from '@salesforce/label/c.Aurevoir_Task_Due';
import TASK_NO_DATE from '@salesforce/label/c.Aurevoir_Task_No_Date';
import TASK_OVERDUE from '@salesforce/label/c.Aurevoir_Task_Overdue';
import { fill } from 'c/aurevoirRecord';

/** What we promised the customer, and whether we kept it. */
export default class AurevoirPromises extends LightningElement {
    words = { empty: PROMISES_EMPTY };
    /** Every task of the case. */
    @api tasks = [];

    get promises() {
        return this.tasks
            .filter((task) => task.promise)
            .map((task) => ({
                ...task,
                state: stateOf(task),
                look: task.overdue
                    ? 'slds-badge slds-theme_error slds-m-left_x-small'
                    : 'slds-badge slds-m-left_x-small'
            }));
    }

    get kept() {
        const kept = this.promises.filter((promise) => promise.done).length;
        return fill(PROMISES_KEPT, kept, this.promises.length);
    }
}

function stateOf({ done, overdue, due }) {
    if (done) {
        return PHASE_DONE;
    }
    const when = due ? fill(TASK_DUE, due) : TASK_NO_DATE;
    return overdue ? `${TASK_OVERDUE}: ${when}` : when;
}
