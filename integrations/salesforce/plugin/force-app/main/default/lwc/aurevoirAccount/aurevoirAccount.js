/** The fields of a customer, by what they are for. Written by `make plugins` from layout.yaml. */
import CASE from '@salesforce/schema/Account.Aurevoir_Case__c';
import DECISION from '@salesforce/schema/Account.Aurevoir_Decision__c';
import DEPARTED_ON from '@salesforce/schema/Account.Aurevoir_Departed_On__c';
import DEPARTS_ON from '@salesforce/schema/Account.Aurevoir_Departs_On__c';
import DOOR_OPEN from '@salesforce/schema/Account.Aurevoir_Door_Open__c';
import EXIT_BENEFITS from '@salesforce/schema/Account.Aurevoir_Exit_Benefits__c';
import EXIT_REASON from '@salesforce/schema/Account.Aurevoir_Exit_Reason__c';
import EXIT_WHAT_IF from '@salesforce/schema/Account.Aurevoir_Exit_What_If__c';
import EXIT_WORDS from '@salesforce/schema/Account.Aurevoir_Exit_Words__c';
import FEEDBACK_ON from '@salesforce/schema/Account.Aurevoir_Feedback_On__c';
import MOVING_TO from '@salesforce/schema/Account.Aurevoir_Moving_To__c';
import NEXT_STEP from '@salesforce/schema/Account.Aurevoir_Next_Step__c';
import OPENED_ON from '@salesforce/schema/Account.Aurevoir_Opened_On__c';
import PROGRESS from '@salesforce/schema/Account.Aurevoir_Progress__c';
import RATING_PRICE from '@salesforce/schema/Account.Aurevoir_Rating_Price__c';
import RATING_PROCESS from '@salesforce/schema/Account.Aurevoir_Rating_Process__c';
import RATING_PRODUCT from '@salesforce/schema/Account.Aurevoir_Rating_Product__c';
import RATING_SERVICE from '@salesforce/schema/Account.Aurevoir_Rating_Service__c';
import REASON_CONFIRMED_ON from '@salesforce/schema/Account.Aurevoir_Reason_Confirmed_On__c';
import REASON_CSM from '@salesforce/schema/Account.Aurevoir_Reason_Csm__c';
import REASON_CUSTOMER from '@salesforce/schema/Account.Aurevoir_Reason_Customer__c';
import REASON_EVIDENCE from '@salesforce/schema/Account.Aurevoir_Reason_Evidence__c';
import REASONS_OTHER from '@salesforce/schema/Account.Aurevoir_Reasons_Other__c';
import RETURNED_ON from '@salesforce/schema/Account.Aurevoir_Returned_On__c';
import SAVED_ON from '@salesforce/schema/Account.Aurevoir_Saved_On__c';
import STATUS from '@salesforce/schema/Account.Aurevoir_Status__c';
import WOULD_RECOMMEND from '@salesforce/schema/Account.Aurevoir_Would_Recommend__c';
import WOULD_RETURN from '@salesforce/schema/Account.Aurevoir_Would_Return__c';

export { CASE, NEXT_STEP, PROGRESS, REASON_CONFIRMED_ON, STATUS };

/** What begins an off-boarding. Not imported: an org may have no such field yet. */
export const STAGE = { fieldApiName: 'Customer_Stage__c' };

export const PHASES = ['notice', 'assess', 'leaving', 'departed', 'alumni'];

/** Statuses that end a goodbye: the word for it, and the field that has the day. */
export const ENDS = {
    saved: { says: 'stayed', day: SAVED_ON },
    returned: { says: 'came_back', day: RETURNED_ON }
};

/** Departments in their order. */
export const DEPARTMENTS = [
    'customer_success',
    'sales',
    'support',
    'billing',
    'it',
    'product',
    'marketing',
    'leadership'
];

/** How the off-boarding stands. */
export const STANDING = [DECISION, OPENED_ON, DEPARTS_ON, DEPARTED_ON];

/** What people set in place, by the word on the button. */
export const EDITED = {
    decide: [DECISION],
    enter_reason: [REASON_CSM, REASONS_OTHER],
    interview: [
        EXIT_WORDS,
        EXIT_WHAT_IF,
        EXIT_BENEFITS,
        MOVING_TO,
        RATING_PRODUCT,
        RATING_SERVICE,
        RATING_PROCESS,
        RATING_PRICE,
        WOULD_RECOMMEND,
        WOULD_RETURN
    ],
    move_departure: [DEPARTS_ON]
};

/** What we have learned. */
export const REASONS = [EXIT_REASON, REASON_CUSTOMER, REASON_CSM, REASON_EVIDENCE];
export const FEEDBACK = [
    EXIT_REASON,
    REASON_CUSTOMER,
    REASON_CSM,
    REASON_EVIDENCE,
    REASONS_OTHER,
    REASON_CONFIRMED_ON,
    EXIT_WORDS,
    EXIT_WHAT_IF,
    EXIT_BENEFITS,
    MOVING_TO,
    RATING_PRODUCT,
    RATING_SERVICE,
    RATING_PROCESS,
    RATING_PRICE,
    WOULD_RECOMMEND,
    WOULD_RETURN,
    FEEDBACK_ON,
    DOOR_OPEN
];

/** The highest number of a rating, by the API name of its field. */
export const OUT_OF = {
    [RATING_PRODUCT.fieldApiName]: 5,
    [RATING_SERVICE.fieldApiName]: 5,
    [RATING_PROCESS.fieldApiName]: 5,
    [RATING_PRICE.fieldApiName]: 5,
    [WOULD_RECOMMEND.fieldApiName]: 10,
    [WOULD_RETURN.fieldApiName]: 10,
    [DOOR_OPEN.fieldApiName]: 100
};

export const ALL = [
    CASE,
    DECISION,
    DEPARTED_ON,
    DEPARTS_ON,
    DOOR_OPEN,
    EXIT_BENEFITS,
    EXIT_REASON,
    EXIT_WHAT_IF,
    EXIT_WORDS,
    FEEDBACK_ON,
    MOVING_TO,
    NEXT_STEP,
    OPENED_ON,
    PROGRESS,
    RATING_PRICE,
    RATING_PROCESS,
    RATING_PRODUCT,
    RATING_SERVICE,
    REASON_CONFIRMED_ON,
    REASON_CSM,
    REASON_CUSTOMER,
    REASON_EVIDENCE,
    REASONS_OTHER,
    RETURNED_ON,
    SAVED_ON,
    STATUS,
    WOULD_RECOMMEND,
    WOULD_RETURN
];
