import { LightningElement, api } from 'lwc';

const LOOKS = {
    error: 'slds-p-around_small slds-text-color_error',
    warning: 'slds-p-around_small slds-text-title_bold',
    plain: 'slds-p-around_small slds-text-color_weak'
};

/** One sentence in place of content: why there is nothing, or what went wrong. */
export default class AurevoirNotice extends LightningElement {
    @api text;
    /** What Salesforce said. */
    @api detail;
    /** error, warning or plain. */
    @api kind = 'plain';

    get look() {
        return LOOKS[this.kind];
    }

    get role() {
        return this.kind === 'error' ? 'alert' : 'status';
    }
}
