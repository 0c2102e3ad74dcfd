import { LightningElement, api, wire } from 'lwc';
import { graphql } from 'lightning/graphql';
import { getObjectInfo, getPicklistValues } from 'lightning/uiObjectInfoApi';
import { getRecord, updateRecord } from 'lightning/uiRecordApi';
import ACCOUNT from '@salesforce/schema/Account';
import CHECKLIST from '@salesforce/label/c.Aurevoir_Checklist';
import DECIDE_LABEL from '@salesforce/label/c.Aurevoir_Decide';
import EMPTY from '@salesforce/label/c.Aurevoir_Empty';
import ENTER_REASON from '@salesforce/label/c.Aurevoir_Enter_Reason';
import ERROR from '@salesforce/label/c.Aurevoir_Error';
import FEEDBACK_LABEL from '@salesforce/label/c.Aurevoir_Feedback';
import FEEDBACK_EMPTY from '@salesforce/label/c.Aurevoir_Feedback_Empty';
import LOADING from '@salesforce/label/c.Aurevoir_Loading';
import LOG_INTERVIEW from '@salesforce/label/c.Aurevoir_Log_Interview';
import MOVE_DEPARTURE from '@salesforce/label/c.Aurevoir_Move_Departure';
import NO_ACCESS from '@salesforce/label/c.Aurevoir_No_Access';
import PEOPLE from '@salesforce/label/c.Aurevoir_People';
import PROGRESS_LABEL from '@salesforce/label/c.Aurevoir_Progress';
import PROMISES from '@salesforce/label/c.Aurevoir_Promises';
import TASK_COMPLETED from '@salesforce/label/c.Aurevoir_Task_Completed';
import TASK_FAILED from '@salesforce/label/c.Aurevoir_Task_Failed';
import TITLE from '@salesforce/label/c.Aurevoir_Title';
import {
    ALL,
    CASE,
    DECIDE,
    DEPARTURE,
    FEEDBACK,
    INTERVIEW,
    PROGRESS,
    REASON,
    STANDING,
    STATUS
} from 'c/aurevoirAccount';
import { editable, facts, fill, messageOf, valueOf, visible } from 'c/aurevoirRecord';
import { TASKS, more, ofCase, tasksOf, today } from 'c/aurevoirTask';

/** Every choice of a field belongs to the master record type. */
const MASTER = '012000000000000AAA';
const FORMS = [
    { label: DECIDE_LABEL, fields: DECIDE },
    { label: ENTER_REASON, fields: REASON },
    { label: LOG_INTERVIEW, fields: INTERVIEW },
    { label: MOVE_DEPARTURE, fields: DEPARTURE }
];

/** The off-boarding of a customer, on the page of the account. */
export default class AurevoirOffboarding extends LightningElement {
    words = {
        checklist: CHECKLIST,
        error: ERROR,
        feedback: FEEDBACK_LABEL,
        feedbackEmpty: FEEDBACK_EMPTY,
        loading: LOADING,
        people: PEOPLE,
        promises: PROMISES,
        title: TITLE
    };
    optional = ALL;
    account = ACCOUNT;
    statusField = STATUS;
    master = MASTER;

    @api recordId;
    /** The API name of the org's task status that means closed. */
    @api doneStatus = 'Completed';

    /** The task that is being completed, and what became of the last one. */
    busy;
    said = '';
    failed = '';

    @wire(getObjectInfo, { objectApiName: '$account' }) info = {};
    @wire(getRecord, { recordId: '$recordId', optionalFields: '$optional' }) record = {};
    @wire(getPicklistValues, { recordTypeId: '$master', fieldApiName: '$statusField' }) choices = {};
    @wire(graphql, { query: '$taskQuery', variables: '$taskVariables' }) taskResult = {};

    /** What stands in place of the card, if anything. */
    get notice() {
        const error = this.info.error ?? this.record.error;
        if (error) {
            return { kind: 'error', text: ERROR, detail: messageOf(error) };
        }
        if (!this.info.data || !this.record.data) {
            return { kind: 'plain', text: LOADING };
        }
        if (!visible(this.info.data, STATUS)) {
            return { kind: 'warning', text: NO_ACCESS };
        }
        return this.status ? undefined : { kind: 'plain', text: EMPTY };
    }

    get status() {
        return valueOf(this.record.data, STATUS);
    }

    get phases() {
        const values = this.choices.data?.values ?? [];
        return Object.fromEntries(values.map(({ value, label }) => [value, label]));
    }

    get progress() {
        return valueOf(this.record.data, PROGRESS) ?? 0;
    }

    get progressText() {
        return fill(PROGRESS_LABEL, this.progress);
    }

    get progressWidth() {
        return `width: ${this.progress}%`;
    }

    get standing() {
        return facts(this.record.data, this.info.data, STANDING);
    }

    get feedback() {
        return facts(this.record.data, this.info.data, FEEDBACK);
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
        return this.record.data && valueOf(this.record.data, CASE);
    }

    get tasks() {
        return this.taskResult.data ? tasksOf(this.taskResult.data, today()) : [];
    }

    get tasksLoading() {
        return Boolean(this.caseKey) && !this.taskResult.data;
    }

    get tasksError() {
        return this.taskResult.errors && messageOf(this.taskResult.errors);
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
            this.said = fill(TASK_COMPLETED, subject);
            await this.taskResult.refresh();
        } catch (error) {
            this.failed = fill(TASK_FAILED, messageOf(error) || subject);
        } finally {
            this.busy = undefined;
        }
    }
}
