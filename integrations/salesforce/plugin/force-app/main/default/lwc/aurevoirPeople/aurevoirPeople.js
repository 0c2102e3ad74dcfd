import { LightningElement, api, wire } from 'lwc';
import { gql, graphql } from 'lightning/graphql';
import { getObjectInfo } from 'lightning/uiObjectInfoApi';
import CONTACT from '@salesforce/schema/Contact';
import CONTACT_BASIS from '@salesforce/schema/Contact.Aurevoir_Contact_Basis__c';
import STAY_IN_TOUCH from '@salesforce/schema/Contact.Aurevoir_Stay_In_Touch__c';
import SURVEY_STATUS from '@salesforce/schema/Contact.Aurevoir_Survey_Status__c';
import FIRST_PEOPLE from '@salesforce/label/c.Aurevoir_First_People';
import LOADING from '@salesforce/label/c.Aurevoir_Loading';
import NO_PEOPLE from '@salesforce/label/c.Aurevoir_No_People';
import { consent, look } from 'c/aurevoirConsent';
import { barrier, failure, fill } from 'c/aurevoirRecord';
import { today } from 'c/aurevoirTask';

/** As many as one page can have. */
const FIRST = 200;

export const PEOPLE = gql`
    query aurevoirPeople($account: ID!, $first: Int!) {
        uiapi {
            query {
                Contact(
                    where: { AccountId: { eq: $account } }
                    orderBy: { Name: { order: ASC } }
                    first: $first
                ) {
                    edges {
                        node {
                            Id
                            name: Name @optional {
                                value
                            }
                            optedOut: HasOptedOutOfEmail @optional {
                                value
                            }
                            survey: Aurevoir_Survey_Status__c @optional {
                                value
                                displayValue
                            }
                            stay: Aurevoir_Stay_In_Touch__c @optional {
                                value
                            }
                            basis: Aurevoir_Contact_Basis__c @optional {
                                value
                            }
                            until: Aurevoir_Contact_Until__c @optional {
                                value
                                displayValue
                            }
                        }
                    }
                    pageInfo {
                        hasNextPage
                    }
                }
            }
        }
    }
`;

/** The people of a customer: where the survey stands, and whether we may write to them. */
export default class AurevoirPeople extends LightningElement {
    words = { none: NO_PEOPLE };
    contact = CONTACT;
    /** The customer's id. */
    @api recordId;
    data;
    errors;

    @wire(getObjectInfo, { objectApiName: '$contact' }) info = {};

    /** Nothing is asked that the user may not see: it would be refused as a whole. */
    get query() {
        return this.recordId && !this.barrier ? PEOPLE : undefined;
    }

    get variables() {
        return { account: this.recordId, first: FIRST };
    }

    @wire(graphql, { query: '$query', variables: '$variables' })
    read({ data, errors }) {
        this.data = data;
        this.errors = errors;
    }

    get barrier() {
        return barrier(this.info, [CONTACT_BASIS, SURVEY_STATUS]);
    }

    /** What stands in place of the people, if anything. */
    get notice() {
        const failed = this.errors && failure(this.errors);
        return this.barrier ?? failed ?? (this.data ? undefined : { text: LOADING });
    }

    get people() {
        return this.data.uiapi.query.Contact.edges.map(({ node }) => this.person(node));
    }

    /** Says that there are more, where there are. */
    get cut() {
        const { edges, pageInfo } = this.data.uiapi.query.Contact;
        return pageInfo.hasNextPage ? fill(FIRST_PEOPLE, { count: edges.length }) : undefined;
    }

    person({ Id: id, name, optedOut, survey, stay, basis, until }) {
        const verdict = consent(
            {
                optedOut: optedOut?.value,
                basis: basis?.value,
                until: until?.value,
                untilShown: until?.displayValue ?? until?.value
            },
            today()
        );
        const state = survey?.displayValue ?? survey?.value;
        return {
            id,
            name: name?.value,
            consent: verdict.text,
            look: `${look(verdict)} slds-m-left_x-small`,
            facts: [
                state && `${this.label(SURVEY_STATUS)}: ${state}`,
                stay?.value && this.label(STAY_IN_TOUCH)
            ].filter(Boolean)
        };
    }

    label({ fieldApiName }) {
        return this.info.data.fields[fieldApiName]?.label ?? fieldApiName;
    }
}
