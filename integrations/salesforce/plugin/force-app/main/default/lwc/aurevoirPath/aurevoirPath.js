import { LightningElement, api } from 'lwc';
import PHASE_DONE from '@salesforce/label/c.Aurevoir_Phase_Done';
import PHASE_NOW from '@salesforce/label/c.Aurevoir_Phase_Now';
import PHASES from '@salesforce/label/c.Aurevoir_Phases';

const ORDER = ['notice', 'assess', 'leaving', 'departed', 'alumni'];

/** The phases of an off-boarding, and where it stands. A customer who stays has an outcome only. */
export default class AurevoirPath extends LightningElement {
    words = { phases: PHASES };
    /** The value of the status field. */
    @api status;
    /** Its choices: value -> label. */
    @api labels = {};

    get steps() {
        const now = ORDER.indexOf(this.status);
        return ORDER.map((value, n) => {
            const current = n === now;
            return {
                value,
                label: this.labels[value] ?? value,
                look: current ? 'step now' : n < now ? 'step done' : 'step',
                current: current ? 'step' : undefined,
                said: current ? PHASE_NOW : n < now ? PHASE_DONE : undefined
            };
        });
    }

    get outcome() {
        return ORDER.includes(this.status) ? undefined : (this.labels[this.status] ?? this.status);
    }
}
