import { LightningElement, api, wire } from 'lwc';
import { getObjectInfo } from 'lightning/uiObjectInfoApi';
import { getRecord } from 'lightning/uiRecordApi';
import CONTACT from '@salesforce/schema/Contact';
import ALUMNI_SEGMENTS from '@salesforce/schema/Contact.Aurevoir_Alumni_Segments__c';
import CONTACT_BASIS from '@salesforce/schema/Contact.Aurevoir_Contact_Basis__c';
import CONTACT_UNTIL from '@salesforce/schema/Contact.Aurevoir_Contact_Until__c';
import REFERENCE_OK from '@salesforce/schema/Contact.Aurevoir_Reference_Ok__c';
import STAY_IN_TOUCH from '@salesforce/schema/Contact.Aurevoir_Stay_In_Touch__c';
import SURVEY_ANSWERED_ON from '@salesforce/schema/Contact.Aurevoir_Survey_Answered_On__c';
import SURVEY_SENT_ON from '@salesforce/schema/Contact.Aurevoir_Survey_Sent_On__c';
import SURVEY_STATUS from '@salesforce/schema/Contact.Aurevoir_Survey_Status__c';
import OPTED_OUT from '@salesforce/schema/Contact.HasOptedOutOfEmail';
import ERROR from '@salesforce/label/c.Aurevoir_Error';
import LOADING from '@salesforce/label/c.Aurevoir_Loading';
import NO_ACCESS from '@salesforce/label/c.Aurevoir_No_Access';
import PERSON_EMPTY from '@salesforce/label/c.Aurevoir_Person_Empty';
import PERSON_TITLE from '@salesforce/label/c.Aurevoir_Person_Title';
import { consent } from 'c/aurevoirConsent';
import { facts, messageOf, shownOf, valueOf, visible } from 'c/aurevoirRecord';
import { today } from 'c/aurevoirTask';

const SHOWN = [
    SURVEY_STATUS,
    SURVEY_SENT_ON,
    SURVEY_ANSWERED_ON,
    STAY_IN_TOUCH,
    REFERENCE_OK,
    CONTACT_BASIS,
    CONTACT_UNTIL,
    ALUMNI_SEGMENTS
];
const ALL = [...SHOWN, OPTED_OUT];

/** A person's survey, and whether we may stay in touch, on the page of the contact. */
export default class AurevoirAlumnus extends LightningElement {
    words = { title: PERSON_TITLE };
    optional = ALL;
    contact = CONTACT;

    @api recordId;

    @wire(getObjectInfo, { objectApiName: '$contact' }) info = {};
    @wire(getRecord, { recordId: '$recordId', optionalFields: '$optional' }) record = {};

    /** What stands in place of the card, if anything. */
    get notice() {
        const error = this.info.error ?? this.record.error;
        if (error) {
            return { kind: 'error', text: ERROR, detail: messageOf(error) };
        }
        if (!this.info.data || !this.record.data) {
            return { kind: 'plain', text: LOADING };
        }
        if (!visible(this.info.data, SURVEY_STATUS)) {
            return { kind: 'warning', text: NO_ACCESS };
        }
        return this.facts.length ? undefined : { kind: 'plain', text: PERSON_EMPTY };
    }

    get verdict() {
        const record = this.record.data;
        const { allowed, text } = consent(
            {
                optedOut: valueOf(record, OPTED_OUT),
                stay: valueOf(record, STAY_IN_TOUCH),
                basis: valueOf(record, CONTACT_BASIS),
                until: valueOf(record, CONTACT_UNTIL),
                untilShown: shownOf(record, CONTACT_UNTIL)
            },
            today()
        );
        return { kind: allowed ? 'plain' : 'warning', text };
    }

    get facts() {
        return facts(this.record.data, this.info.data, SHOWN);
    }
}
