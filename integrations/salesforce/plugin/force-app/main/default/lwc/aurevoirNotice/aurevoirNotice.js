import { LightningElement, api } from 'lwc';

/** A few sentences in place of content: why there is nothing, or what went wrong. */
export default class AurevoirNotice extends LightningElement {
    @api text;
    /** What to do about it; what Salesforce said. */
    @api lines;
    @api failed = false;

    get sentences() {
        return (this.lines ?? []).filter(Boolean);
    }

    get look() {
        return this.failed ? 'slds-p-vertical_small slds-text-color_error' : 'slds-p-vertical_small';
    }

    get role() {
        return this.failed ? 'alert' : 'status';
    }
}
