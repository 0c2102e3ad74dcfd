import { LightningElement, api, wire } from 'lwc';
import { getObjectInfo } from 'lightning/uiObjectInfoApi';
import { getRecord } from 'lightning/uiRecordApi';
import CONTACT from '@salesforce/schema/Contact';
import ID from '@salesforce/schema/Contact.Id';
import ALUMNI_SEGMENTS from '@salesforce/schema/Contact.Aurevoir_Alumni_Segments__c';
import CONTACT_BASIS from '@salesforce/schema/Contact.Aurevoir_Contact_Basis__c';
import CONTACT_UNTIL from '@salesforce/schema/Contact.Aurevoir_Contact_Until__c';
import REFERENCE_OK from '@salesforce/schema/Contact.Aurevoir_Reference_Ok__c';
import STAY_IN_TOUCH from '@salesforce/schema/Contact.Aurevoir_Stay_In_Touch__c';
import SURVEY_ANSWERED_ON from '@salesforce/schema/Contact.Aurevoir_Survey_Answered_On__c';
import SURVEY_SENT_ON from '@salesforce/schema/Contact.Aurevoir_Survey_Sent_On__c';
import SURVEY_STATUS from '@salesforce/schema/Contact.Aurevoir_Survey_Status__c';
import SURVEY_URL from '@salesforce/schema/Contact.Aurevoir_Survey_Url__c';
import OPTED_OUT from '@salesforce/schema/Contact.HasOptedOutOfEmail';
import EMPTY_PERSON_TEXT from '@salesforce/label/c.Aurevoir_Empty_Person_Text';
import EMPTY_PERSON_TITLE from '@salesforce/label/c.Aurevoir_Empty_Person_Title';
import LOADING from '@salesforce/label/c.Aurevoir_Loading';
import SURVEY from '@salesforce/label/c.Aurevoir_Survey';
import { consent, look } from 'c/aurevoirConsent';
import { NO_ACCESS, barrier, denied, facts, failure, shownOf, valueOf } from 'c/aurevoirRecord';
import { today } from 'c/aurevoirTask';

const SHOWN = [
    SURVEY_STATUS,
    SURVEY_SENT_ON,
    SURVEY_ANSWERED_ON,
    SURVEY_URL,
    STAY_IN_TOUCH,
    REFERENCE_OK,
    CONTACT_BASIS,
    CONTACT_UNTIL,
    ALUMNI_SEGMENTS
];
const ALL = [...SHOWN, OPTED_OUT];

/** A person's survey, and whether we may stay in touch, on the page of the contact. */
export default class AurevoirAlumnus extends LightningElement {
    words = { title: SURVEY };
    optional = ALL;
    contact = CONTACT;

    @api recordId;

    @wire(getObjectInfo, { objectApiName: '$contact' }) info = {};
    @wire(getRecord, { recordId: '$recordId', fields: [ID], optionalFields: '$optional' })
    record = {};

    /** What stands in place of the card, if anything. */
    get notice() {
        const waits = barrier(this.info, [SURVEY_STATUS]);
        if (waits) {
            return waits;
        }
        if (this.record.error) {
            return denied(this.record.error) ? NO_ACCESS : failure(this.record.error);
        }
        if (!this.record.data) {
            return { text: LOADING };
        }
        return this.facts.length || valueOf(this.record.data, OPTED_OUT)
            ? undefined
            : { text: EMPTY_PERSON_TITLE, lines: [EMPTY_PERSON_TEXT] };
    }

    get verdict() {
        const record = this.record.data;
        const verdict = consent(
            {
                optedOut: valueOf(record, OPTED_OUT),
                basis: valueOf(record, CONTACT_BASIS),
                until: valueOf(record, CONTACT_UNTIL),
                untilShown: shownOf(record, CONTACT_UNTIL)
            },
            today()
        );
        return { text: verdict.text, look: look(verdict) };
    }

    get facts() {
        return facts(this.record.data, this.info.data, SHOWN);
    }
}
