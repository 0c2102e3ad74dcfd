import { LightningElement, api } from 'lwc';
import COUNT_DONE from '@salesforce/label/c.Aurevoir_Count_Done';
import NO_PROMISES from '@salesforce/label/c.Aurevoir_No_Promises';
import { fill } from 'c/aurevoirRecord';
import { counted, stateOf, whenOf } from 'c/aurevoirTask';

/** What we promised the customer, and whether we kept it. */
export default class AurevoirPromises extends LightningElement {
    words = { none: NO_PROMISES };
    /** Every task of the case. */
    @api tasks = [];

    get promises() {
        return this.tasks
            .filter((task) => task.promise)
            .map((task) => ({ ...task, state: stateOf(task), when: whenOf(task) }));
    }

    get kept() {
        return fill(COUNT_DONE, counted(this.promises));
    }
}
