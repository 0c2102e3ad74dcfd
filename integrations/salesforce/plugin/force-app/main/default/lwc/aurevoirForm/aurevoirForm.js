import { LightningElement, api } from 'lwc';
import CANCEL from '@salesforce/label/c.Aurevoir_Cancel';
import SAVE from '@salesforce/label/c.Aurevoir_Save';
import SAVED from '@salesforce/label/c.Aurevoir_Saved';

/**
 * A button that opens a few fields of the record for editing. Salesforce's own form asks, checks
 * and saves: choices, rules and messages are the org's. Nothing is shown if no field may be edited.
 */
export default class AurevoirForm extends LightningElement {
    words = { cancel: CANCEL, save: SAVE };
    @api recordId;
    @api objectApiName;
    /** The API names of the fields. */
    @api fields = [];
    @api label;
    open = false;
    said = '';

    get expanded() {
        return String(this.open);
    }

    toggle() {
        this.open = !this.open;
        this.said = '';
    }

    close() {
        this.open = false;
        this.template.querySelector('button').focus();
    }

    saved() {
        this.close();
        this.said = SAVED;
    }
}
