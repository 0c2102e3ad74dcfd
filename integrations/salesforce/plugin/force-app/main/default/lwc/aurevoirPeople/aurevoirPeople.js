import { LightningElement, api, wire } from 'lwc';
import { gql, graphql } from 'lightning/graphql';
import ERROR from '@salesforce/label/c.Aurevoir_Error';
import LOADING from '@salesforce/label/c.Aurevoir_Loading';
import PEOPLE_EMPTY from '@salesforce/label/c.Aurevoir_People_Empty';
import { consent } from 'c/aurevoirConsent';
import { messageOf } from 'c/aurevoirRecord';
import { today } from 'c/aurevoirTask';

export const PEOPLE = gql`
    query aurevoirPeople($account: ID!) {
        uiapi {
            query {
                Contact(
                    where: {
                        AccountId: { eq: $account }
                        or: [
                            { Aurevoir_Survey_Status__c: { ne: null } }
                            { Aurevoir_Contact_Basis__c: { ne: null } }
                        ]
                    }
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

/** The people of a customer whom we asked, and to whom we may write. */
export default class AurevoirPeople extends LightningElement {
    words = { empty: PEOPLE_EMPTY, error: ERROR, loading: LOADING };
    /** The customer's id. */
    @api recordId;
    data;
    errors;

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
        return this.errors && messageOf(this.errors);
    }

    get loading() {
        return !this.data;
    }

    get people() {
        const day = today();
        return this.data.uiapi.query.Contact.edges.map(({ node }) => ({
            id: node.Id,
            name: node.name.value,
            survey: node.survey.displayValue ?? node.survey.value,
            text: consent(
                {
                    optedOut: node.optedOut.value,
                    stay: node.stay.value,
                    basis: node.basis.value,
                    until: node.until.value,
                    untilShown: node.until.displayValue ?? node.until.value
                },
                day
            ).text
        }));
    }
}
