import { LightningElement, api, wire } from 'lwc';
import { graphql } from 'lightning/graphql';
import { getObjectInfo, getPicklistValues } from 'lightning/uiObjectInfoApi';
import { getRecord, updateRecord } from 'lightning/uiRecordApi';
import ACCOUNT from '@salesforce/schema/Account';
import ID from '@salesforce/schema/Account.Id';
import ASK_FOR_ACCESS from '@salesforce/label/c.Aurevoir_Ask_For_Access';
import CAME_BACK from '@salesforce/label/c.Aurevoir_Came_Back';
import CHECKLIST from '@salesforce/label/c.Aurevoir_Checklist';
import DECIDE from '@salesforce/label/c.Aurevoir_Decide';
import DONE from '@salesforce/label/c.Aurevoir_Done';
import EMPTY_TEXT from '@salesforce/label/c.Aurevoir_Empty_Text';
import EMPTY_TITLE from '@salesforce/label/c.Aurevoir_Empty_Title';
import ENTER_REASON from '@salesforce/label/c.Aurevoir_Enter_Reason';
import ERROR_TEXT from '@salesforce/label/c.Aurevoir_Error_Text';
import ERROR_TITLE from '@salesforce/label/c.Aurevoir_Error_Title';
import FEEDBACK from '@salesforce/label/c.Aurevoir_Feedback';
import INTERVIEW from '@salesforce/label/c.Aurevoir_Interview';
import LOADING from '@salesforce/label/c.Aurevoir_Loading';
import MOVE_DEPARTURE from '@salesforce/label/c.Aurevoir_Move_Departure';
import NEXT_STEP from '@salesforce/label/c.Aurevoir_Next_Step';
import NOTHING_NEXT from '@salesforce/label/c.Aurevoir_Nothing_Next';
import NOT_COMPLETED from '@salesforce/label/c.Aurevoir_Not_Completed';
import NO_ACCESS_TITLE from '@salesforce/label/c.Aurevoir_No_Access_Title';
import NO_FEEDBACK from '@salesforce/label/c.Aurevoir_No_Feedback';
import OFF_BOARDING from '@salesforce/label/c.Aurevoir_Off_Boarding';
import PEOPLE from '@salesforce/label/c.Aurevoir_People';
import PROMISES from '@salesforce/label/c.Aurevoir_Promises';
import REASON_OPEN from '@salesforce/label/c.Aurevoir_Reason_Open';
import REQUIRED_DONE from '@salesforce/label/c.Aurevoir_Required_Done';
import STAYED from '@salesforce/label/c.Aurevoir_Stayed';
import * as account from 'c/aurevoirAccount';
import { editable, facts, fill, messageOf, said, shownOf, valueOf, visible } from 'c/aurevoirRecord';
import { TASKS, more, ofCase, tasksOf, today } from 'c/aurevoirTask';

/** Every choice of a field belongs to the master record type. */
const MASTER = '012000000000000AAA';
const FORMS = [
    { label: DECIDE, fields: account.DECIDE },
    { label: ENTER_REASON, fields: account.REASON },
    { label: INTERVIEW, fields: account.INTERVIEW },
    { label: MOVE_DEPARTURE, fields: account.DEPARTURE }
];
/** Statuses that end a goodbye: what is said, and the field that has the day. */
const OUTCOMES = {
    saved: { text: STAYED, day: account.SAVED_ON },
    returned: { text: CAME_BACK, day: account.RETURNED_ON }
};

/** The off-boarding of a customer, on the page of the account. */
export default class AurevoirOffboarding extends LightningElement {
    words = {
        checklist: CHECKLIST,
        error: ERROR_TITLE,
        feedback: FEEDBACK,
        loading: LOADING,
        nextStep: NEXT_STEP,
        noFeedback: NO_FEEDBACK,
        people: PEOPLE,
        promises: PROMISES,
        reasonOpen: REASON_OPEN,
        title: OFF_BOARDING
    };
    optional = account.ALL;
    object = ACCOUNT;
    statusField = account.STATUS;
    master = MASTER;

    @api recordId;
    /** The API name of the org's task status that means closed. */
    @api doneStatus = 'Completed';

    /** The task that is being completed, and what became of the last one. */
    busy;
    announced = '';
    failed = '';

    @wire(getObjectInfo, { objectApiName: '$object' }) info = {};
    @wire(getRecord, { recordId: '$recordId', fields: [ID], optionalFields: '$optional' })
    record = {};
    @wire(getPicklistValues, { recordTypeId: '$master', fieldApiName: '$statusField' }) choices = {};
    @wire(graphql, { query: '$taskQuery', variables: '$taskVariables' }) taskResult = {};

    /** What stands in place of the card, if anything. */
    get notice() {
        const error = this.info.error ?? this.record.error;
        if (error) {
            return { failed: true, text: ERROR_TITLE, lines: [ERROR_TEXT, messageOf(error)] };
        }
        if (!this.info.data || !this.record.data) {
            return { text: LOADING };
        }
        if (!visible(this.info.data, account.STATUS)) {
            return { text: NO_ACCESS_TITLE, lines: [ASK_FOR_ACCESS] };
        }
        return this.status ? undefined : { text: EMPTY_TITLE, lines: [EMPTY_TEXT] };
    }

    get status() {
        return valueOf(this.record.data, account.STATUS);
    }

    get phases() {
        const values = this.choices.data?.values ?? [];
        return Object.fromEntries(values.map(({ value, label }) => [value, label]));
    }

    get outcome() {
        const { text, day } = OUTCOMES[this.status] ?? {};
        const date = day && shownOf(this.record.data, day);
        return date ? fill(text, { date }) : day && this.phases[this.status];
    }

    get progress() {
        return valueOf(this.record.data, account.PROGRESS) ?? 0;
    }

    get progressText() {
        return `${this.progress} % ${REQUIRED_DONE}`;
    }

    get progressWidth() {
        return `width: ${this.progress}%`;
    }

    get nextStep() {
        return valueOf(this.record.data, account.NEXT_STEP) ?? NOTHING_NEXT;
    }

    get standing() {
        return facts(this.record.data, this.info.data, account.STANDING);
    }

    get feedback() {
        return facts(this.record.data, this.info.data, account.FEEDBACK);
    }

    /** There is a reason, and nobody has confirmed it. */
    get unconfirmed() {
        const known = (field) => said(this.record.data, this.info.data, field);
        return account.REASONS.some(known) && !known(account.REASON_CONFIRMED_ON);
    }

    get forms() {
        return FORMS.map(({ label, fields }) => ({
            label,
            fields: editable(this.info.data, fields)
        }));
    }

    /** Nothing is asked before the case is known. */
    get taskQuery() {
        return this.caseKey ? TASKS : undefined;
    }

    get taskVariables() {
        return ofCase(this.caseKey);
    }

    get caseKey() {
        return this.record.data && valueOf(this.record.data, account.CASE);
    }

    get tasks() {
        return this.taskResult.data ? tasksOf(this.taskResult.data, today()) : [];
    }

    get tasksLoading() {
        return Boolean(this.caseKey) && !this.taskResult.data;
    }

    get tasksError() {
        const { errors } = this.taskResult;
        return errors && [ERROR_TEXT, messageOf(errors)];
    }

    get cut() {
        return Boolean(this.taskResult.data) && more(this.taskResult.data);
    }

    async complete(event) {
        const { id, subject } = event.detail;
        this.busy = id;
        this.failed = '';
        try {
            await updateRecord({ fields: { Id: id, Status: this.doneStatus } });
            this.announced = `${DONE}: ${subject}`;
            await this.taskResult.refresh();
        } catch (error) {
            this.failed = fill(NOT_COMPLETED, { why: messageOf(error) || subject });
        } finally {
            this.busy = undefined;
        }
    }
}
