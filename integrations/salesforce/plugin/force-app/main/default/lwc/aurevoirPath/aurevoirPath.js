import { LightningElement, api } from 'lwc';
import DONE from '@salesforce/label/c.Aurevoir_Done';
import NOW from '@salesforce/label/c.Aurevoir_Now';
import PHASES from '@salesforce/label/c.Aurevoir_Phases';
import { PHASES as ORDER } from 'c/aurevoirAccount';

/** The phases of an off-boarding, and where it stands; or how it ended otherwise. */
export default class AurevoirPath extends LightningElement {
    words = { phases: PHASES };
    /** The value of the status field. */
    @api status;
    /** Its choices: value -> label. */
    @api labels = {};
    /** The customer stayed, or came back. */
    @api outcome;

    get steps() {
        const now = ORDER.indexOf(this.status);
        return ORDER.map((value, n) => ({
            value,
            label: this.labels[value] ?? value,
            ...(n === now && { look: 'step now', current: 'step', said: NOW }),
            ...(n < now && { look: 'step done', said: DONE }),
            ...(n > now && { look: 'step' })
        }));
    }
}
