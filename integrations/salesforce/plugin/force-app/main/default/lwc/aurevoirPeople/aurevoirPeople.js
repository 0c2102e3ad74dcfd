import { LightningElement, api, wire } from 'lwc';
import { gql, graphql } from 'lightning/graphql';
import { getObjectInfo } from 'lightning/uiObjectInfoApi';
import CONTACT from '@salesforce/schema/Contact';
import STAY_IN_TOUCH from '@salesforce/schema/Contact.Aurevoir_Stay_In_Touch__c';
import SURVEY_STATUS from '@salesforce/schema/Contact.Aurevoir_Survey_Status__c';
import ERROR_TEXT from '@salesforce/label/c.Aurevoir_Error_Text';
import ERROR_TITLE from '@salesforce/label/c.Aurevoir_Error_Title';
import LOADING from '@salesforce/label/c.Aurevoir_Loading';
import NO_PEOPLE from '@salesforce/label/c.Aurevoir_No_People';
import { consent, look } from 'c/aurevoirConsent';
import { messageOf } from 'c/aurevoirRecord';
import { today } from 'c/aurevoirTask';

export const PEOPLE = gql`
    query aurevoirPeople($account: ID!) {
        uiapi {
            query {
                Contact(
                    where: { AccountId: { eq: $account } }
                    orderBy: { Name: { order: ASC } }
                    first: 50
                ) {
                    edges {
                        node {
                            Id
                            name: Name {
                                value
                            }
                            optedOut: HasOptedOutOfEmail {
                                value
                            }
                            survey: Aurevoir_Survey_Status__c {
                                value
                                displayValue
                            }
                            stay: Aurevoir_Stay_In_Touch__c {
                                value
                            }
                            basis: Aurevoir_Contact_Basis__c {
                                value
                            }
                            until: Aurevoir_Contact_Until__c {
                                value
                                displayValue
                            }
                        }
                    }
                }
            }
        }
    }
`;

/** The people of a customer: where the survey stands, and whether we may write to them. */
export default class AurevoirPeople extends LightningElement {
    words = { error: ERROR_TITLE, loading: LOADING, none: NO_PEOPLE };
    contact = CONTACT;
    /** The customer's id. */
    @api recordId;
    data;
    errors;

    @wire(getObjectInfo, { objectApiName: '$contact' }) info = {};

    get query() {
        return this.recordId ? PEOPLE : undefined;
    }

    get variables() {
        return { account: this.recordId };
    }

    @wire(graphql, { query: '$query', variables: '$variables' })
    read({ data, errors }) {
        this.data = data;
        this.errors = errors;
    }

    get error() {
        return this.errors && [ERROR_TEXT, messageOf(this.errors)];
    }

    get loading() {
        return !this.data;
    }

    get people() {
        return this.data.uiapi.query.Contact.edges.map(({ node }) => this.person(node));
    }

    person({ Id: id, name, optedOut, survey, stay, basis, until }) {
        const verdict = consent(
            {
                optedOut: optedOut.value,
                basis: basis.value,
                until: until.value,
                untilShown: until.displayValue ?? until.value
            },
            today()
        );
        const state = survey.displayValue ?? survey.value;
        return {
            id,
            name: name.value,
            consent: verdict.text,
            look: `${look(verdict)} slds-m-left_x-small`,
            facts: [
                state && `${this.label(SURVEY_STATUS)}: ${state}`,
                stay.value && this.label(STAY_IN_TOUCH)
            ].filter(Boolean)
        };
    }

    label({ fieldApiName }) {
        return this.info.data?.fields[fieldApiName]?.label ?? fieldApiName;
    }
}
