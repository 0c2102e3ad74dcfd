import { LightningElement, api, wire } from 'lwc';
import { graphql } from 'lightning/graphql';
import { getObjectInfo, getPicklistValues } from 'lightning/uiObjectInfoApi';
import { getRecord, updateRecord } from 'lightning/uiRecordApi';
import ACCOUNT from '@salesforce/schema/Account';
import TASK from '@salesforce/schema/Task';
import ID from '@salesforce/schema/Account.Id';
import CAME_BACK from '@salesforce/label/c.Aurevoir_Came_Back';
import CHECKLIST from '@salesforce/label/c.Aurevoir_Checklist';
import DECIDE from '@salesforce/label/c.Aurevoir_Decide';
import DONE from '@salesforce/label/c.Aurevoir_Done';
import EMPTY_TEXT from '@salesforce/label/c.Aurevoir_Empty_Text';
import EMPTY_TITLE from '@salesforce/label/c.Aurevoir_Empty_Title';
import ENTER_REASON from '@salesforce/label/c.Aurevoir_Enter_Reason';
import FEEDBACK from '@salesforce/label/c.Aurevoir_Feedback';
import INTERVIEW from '@salesforce/label/c.Aurevoir_Interview';
import LOADING from '@salesforce/label/c.Aurevoir_Loading';
import MOVE_DEPARTURE from '@salesforce/label/c.Aurevoir_Move_Departure';
import NEXT_STEP from '@salesforce/label/c.Aurevoir_Next_Step';
import NOTHING_NEXT from '@salesforce/label/c.Aurevoir_Nothing_Next';
import NOT_COMPLETED from '@salesforce/label/c.Aurevoir_Not_Completed';
import NO_FEEDBACK from '@salesforce/label/c.Aurevoir_No_Feedback';
import OFF_BOARDING from '@salesforce/label/c.Aurevoir_Off_Boarding';
import PEOPLE from '@salesforce/label/c.Aurevoir_People';
import PROMISES from '@salesforce/label/c.Aurevoir_Promises';
import REASON_OPEN from '@salesforce/label/c.Aurevoir_Reason_Open';
import REQUIRED_DONE from '@salesforce/label/c.Aurevoir_Required_Done';
import START from '@salesforce/label/c.Aurevoir_Start';
import STAYED from '@salesforce/label/c.Aurevoir_Stayed';
import * as account from 'c/aurevoirAccount';
import {
    NO_ACCESS,
    barrier,
    denied,
    editable,
    facts,
    failure,
    fill,
    messageOf,
    said,
    shownOf,
    valueOf
} from 'c/aurevoirRecord';
import { NEEDED, TASKS, more, ofCase, tasksOf, today } from 'c/aurevoirTask';

/** Every choice of a field belongs to the master record type. */
const MASTER = '012000000000000AAA';
/** The words of buttons and of endings, by the keys of the layout. */
const BUTTONS = {
    decide: DECIDE,
    enter_reason: ENTER_REASON,
    interview: INTERVIEW,
    move_departure: MOVE_DEPARTURE
};
const SAYS = { stayed: STAYED, came_back: CAME_BACK };

/** The off-boarding of a customer, on the page of the account. */
export default class AurevoirOffboarding extends LightningElement {
    words = {
        checklist: CHECKLIST,
        feedback: FEEDBACK,
        nextStep: NEXT_STEP,
        noFeedback: NO_FEEDBACK,
        people: PEOPLE,
        promises: PROMISES,
        reasonOpen: REASON_OPEN,
        start: START,
        title: OFF_BOARDING
    };
    optional = account.ALL;
    object = ACCOUNT;
    task = TASK;
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
    @wire(getObjectInfo, { objectApiName: '$task' }) taskInfo = {};
    @wire(getRecord, { recordId: '$recordId', fields: [ID], optionalFields: '$optional' })
    record = {};
    @wire(getPicklistValues, { recordTypeId: '$master', fieldApiName: '$statusField' }) choices = {};
    @wire(graphql, { query: '$taskQuery', variables: '$taskVariables' }) taskResult = {};

    /** What stands in place of the card, if anything. */
    get notice() {
        const waits = barrier(this.info, [account.STATUS]);
        if (waits) {
            return waits;
        }
        if (this.record.error) {
            return denied(this.record.error) ? NO_ACCESS : failure(this.record.error);
        }
        if (!this.record.data) {
            return { text: LOADING };
        }
        return this.status
            ? undefined
            : {
                  text: EMPTY_TITLE,
                  lines: [EMPTY_TEXT],
                  start: editable(this.info.data, [account.STAGE])
              };
    }

    get status() {
        return valueOf(this.record.data, account.STATUS);
    }

    get phases() {
        const values = this.choices.data?.values ?? [];
        return Object.fromEntries(values.map(({ value, label }) => [value, label]));
    }

    get outcome() {
        const { says, day } = account.ENDS[this.status] ?? {};
        const date = day && shownOf(this.record.data, day);
        return date ? fill(SAYS[says], { date }) : day && this.phases[this.status];
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
        return facts(this.record.data, this.info.data, account.FEEDBACK, account.OUT_OF);
    }

    /** There is a reason, and nobody has confirmed it. */
    get unconfirmed() {
        const known = (field) => said(this.record.data, this.info.data, field);
        return account.REASONS.some(known) && !known(account.REASON_CONFIRMED_ON);
    }

    get forms() {
        return Object.entries(account.EDITED).map(([word, fields]) => ({
            label: BUTTONS[word],
            fields: editable(this.info.data, fields)
        }));
    }

    /** Nothing is asked before the case is known, nor what the user may not see. */
    get taskQuery() {
        return this.caseKey && !this.taskBarrier ? TASKS : undefined;
    }

    get taskVariables() {
        return ofCase(this.caseKey);
    }

    get caseKey() {
        return this.record.data && valueOf(this.record.data, account.CASE);
    }

    get taskBarrier() {
        return barrier(this.taskInfo, NEEDED);
    }

    /** What stands in place of the checklist, if anything. */
    get tasksNotice() {
        const { data, errors } = this.taskResult;
        if (errors && !this.taskBarrier) {
            return failure(errors);
        }
        return this.taskBarrier ?? (this.caseKey && !data ? { text: LOADING } : undefined);
    }

    get tasks() {
        return this.taskResult.data ? tasksOf(this.taskResult.data, today()) : [];
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
            // The button is gone, and with it the focus.
            this.template.querySelector('[data-checklist]').focus();
        } catch (error) {
            this.failed = fill(NOT_COMPLETED, { why: messageOf(error) || subject });
        } finally {
            this.busy = undefined;
        }
    }
}
