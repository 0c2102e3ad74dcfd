import { LightningElement, api } from 'lwc';
import COUNT_DONE from '@salesforce/label/c.Aurevoir_Count_Done';
import DONE from '@salesforce/label/c.Aurevoir_Done';
import LATE from '@salesforce/label/c.Aurevoir_Late';
import NO_PROMISES from '@salesforce/label/c.Aurevoir_No_Promises';
import { fill } from 'c/aurevoirRecord';
import { counted, dueOf } from 'c/aurevoirTask';

const BADGE = 'slds-badge slds-m-left_x-small';

/** What we promised the customer, and whether we kept it. */
export default class AurevoirPromises extends LightningElement {
    words = { none: NO_PROMISES };
    /** Every task of the case. */
    @api tasks = [];

    get promises() {
        return this.tasks
            .filter((task) => task.promise)
            .map((task) => ({
                ...task,
                state: task.done ? DONE : [task.late && LATE, dueOf(task)].filter(Boolean).join(', '),
                look: task.late ? `${BADGE} slds-theme_error` : BADGE
            }));
    }

    get kept() {
        return fill(COUNT_DONE, counted(this.promises));
    }
}
