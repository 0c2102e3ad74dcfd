/**
 * The tasks of a case. They are found by our key, which begins with the key of the case, so the
 * tasks that people make themselves stay out. Notes carry a key too, but no step.
 */
import DUE from '@salesforce/label/c.Aurevoir_Due';
import NO_DATE from '@salesforce/label/c.Aurevoir_No_Date';
import TIME_ZONE from '@salesforce/i18n/timeZone';
import { fill } from 'c/aurevoirRecord';
import { gql } from 'lightning/graphql';

/** As many as one page can have. */
export const FIRST = 200;

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
                            subject: Subject {
                                value
                            }
                            due: ActivityDate {
                                value
                                displayValue
                            }
                            closed: IsClosed {
                                value
                            }
                            department: Aurevoir_Department__c {
                                value
                                displayValue
                            }
                            required: Aurevoir_Required__c {
                                value
                            }
                            promise: Aurevoir_Promise__c {
                                value
                            }
                            owner: Owner {
                                ... on User {
                                    name: Name {
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
    return data.uiapi.query.Task.edges.map(({ node }) => ({
        id: node.Id,
        subject: node.subject.value,
        due: node.due.displayValue ?? node.due.value,
        done: node.closed.value,
        late: !node.closed.value && node.due.value !== null && node.due.value < day,
        department: node.department.value ?? '',
        departmentName: node.department.displayValue ?? node.department.value,
        required: node.required.value,
        promise: node.promise.value,
        owner: node.owner?.name?.value
    }));
}

/** When a task is due, in words. */
export function dueOf({ due }) {
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
