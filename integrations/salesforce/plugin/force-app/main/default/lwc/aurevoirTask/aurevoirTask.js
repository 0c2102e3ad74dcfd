/**
 * The tasks of a case. They are found by our key, which begins with the key of the case, so the
 * tasks that people make themselves stay out. Notes carry a key too, but no step. What is optional
 * is left out for users who may not see it, and the rest still comes.
 */
import KEY from '@salesforce/schema/Task.Aurevoir_Key__c';
import STEP from '@salesforce/schema/Task.Aurevoir_Step__c';
import ASSIGNED from '@salesforce/label/c.Aurevoir_Assigned';
import DONE from '@salesforce/label/c.Aurevoir_Done';
import DONE_ON from '@salesforce/label/c.Aurevoir_Done_On';
import DUE from '@salesforce/label/c.Aurevoir_Due';
import LATE from '@salesforce/label/c.Aurevoir_Late';
import NOBODY from '@salesforce/label/c.Aurevoir_Nobody';
import NO_DATE from '@salesforce/label/c.Aurevoir_No_Date';
import OPEN from '@salesforce/label/c.Aurevoir_Open';
import LOCALE from '@salesforce/i18n/locale';
import TIME_ZONE from '@salesforce/i18n/timeZone';
import { fill } from 'c/aurevoirRecord';
import { gql } from 'lightning/graphql';

/** As many as one page can have. */
export const FIRST = 200;
/** Without these, tasks cannot be asked for. */
export const NEEDED = [KEY, STEP];

export const TASKS = gql`
    query aurevoirTasks($keys: String!, $first: Int!) {
        uiapi {
            query {
                Task(
                    where: { Aurevoir_Key__c: { like: $keys }, Aurevoir_Step__c: { ne: null } }
                    orderBy: { ActivityDate: { order: ASC, nulls: LAST } }
                    first: $first
                ) {
                    edges {
                        node {
                            Id
                            subject: Subject @optional {
                                value
                            }
                            due: ActivityDate @optional {
                                value
                                displayValue
                            }
                            closed: IsClosed @optional {
                                value
                            }
                            closedAt: CompletedDateTime @optional {
                                value
                            }
                            department: Aurevoir_Department__c @optional {
                                value
                                displayValue
                            }
                            required: Aurevoir_Required__c @optional {
                                value
                            }
                            promise: Aurevoir_Promise__c @optional {
                                value
                            }
                            ownerId: OwnerId @optional {
                                value
                            }
                            owner: Owner @optional {
                                ... on User {
                                    name: Name @optional {
                                        value
                                    }
                                }
                                ... on Group {
                                    name: Name @optional {
                                        value
                                    }
                                }
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

/** The query's variables for a case. */
export function ofCase(key) {
    return { keys: `${key}:%`, first: FIRST };
}

/** Today where the user is, as a date of Salesforce: 2026-03-02. */
export function today() {
    return new Intl.DateTimeFormat('en-CA', { timeZone: TIME_ZONE }).format(new Date());
}

/** The tasks of an answer. */
export function tasksOf(data, day) {
    return data.uiapi.query.Task.edges.map(({ node }) => taskOf(node, day));
}

function taskOf(node, day) {
    const due = node.due?.value ?? null;
    const done = node.closed?.value ?? false;
    const department = node.department?.value ?? '';
    return {
        id: node.Id,
        subject: node.subject?.value ?? '',
        due: node.due?.displayValue ?? due,
        done,
        doneOn: done ? dayOf(node.closedAt?.value) : undefined,
        late: !done && due !== null && due < day,
        department,
        departmentName: node.department?.displayValue ?? department,
        required: node.required?.value ?? false,
        promise: node.promise?.value ?? false,
        owner: node.owner?.name?.value ?? (node.ownerId?.value ? ASSIGNED : NOBODY)
    };
}

/** The day of a moment, where the user is and as they write it. */
function dayOf(moment) {
    const format = new Intl.DateTimeFormat(LOCALE, { timeZone: TIME_ZONE });
    return moment ? format.format(new Date(moment)) : undefined;
}

/** How a task stands, in a word, and how the word looks. */
export function stateOf({ done, late }) {
    if (done) {
        return { text: DONE, look: 'slds-badge slds-theme_success' };
    }
    return late
        ? { text: LATE, look: 'slds-badge slds-theme_error' }
        : { text: OPEN, look: 'slds-badge' };
}

/** When a task was done or is due, in words. */
export function whenOf({ doneOn, due }) {
    if (doneOn) {
        return fill(DONE_ON, { date: doneOn });
    }
    return due ? fill(DUE, { date: due }) : NO_DATE;
}

/** How many of some tasks are done. */
export function counted(tasks) {
    return { done: tasks.filter((task) => task.done).length, count: tasks.length };
}

/** Whether there are more of them than one page has. */
export function more(data) {
    return data.uiapi.query.Task.pageInfo.hasNextPage;
}
