import { LightningElement, api } from 'lwc';

/** What is known, line by line: label and value. */
export default class AurevoirFacts extends LightningElement {
    @api facts = [];
}
