/** Records, field descriptions and tasks as Salesforce gives them. */

const TYPES = { flag: 'Boolean', choices: 'MultiPicklist' };

/** What an object is: field -> [label, type], of which some may be changed. */
export function info(fields, writable = []) {
    const there = Object.entries(fields).filter(([, field]) => field);
    const entry = (name, [label, type]) => [
        name,
        { apiName: name, label, dataType: TYPES[type] ?? 'String', updateable: writable.includes(name) }
    ];
    return { fields: Object.fromEntries(there.map(([n, f]) => entry(n, f))) };
}

/** A record: field -> value, or [value, as shown]. */
export function record(values) {
    const entry = ([name, value]) => {
        const [held, displayValue = null] = Array.isArray(value) ? value : [value];
        return [name, { value: held, displayValue }];
    };
    return { fields: Object.fromEntries(Object.entries(values).map(entry)) };
}

/** What Salesforce says of an object or a record that the user may not see. */
export const FORBIDDEN = [{ message: 'You do not have access.' }, 403, 'Forbidden'];

/** The fields that tasks are asked for by. */
export const TASK_FIELDS = { Aurevoir_Key__c: ['Aurevoir key'], Aurevoir_Step__c: ['Aurevoir step'] };

/** A task as GraphQL has it; without `more.hidden`, those fields that the user may not see. */
export function task(id, more = {}) {
    const given = {
        subject: `Task ${id}`,
        due: ['2026-03-10', '3/10/2026'],
        closed: false,
        closedAt: null,
        department: ['billing', 'Billing'],
        required: true,
        promise: false,
        owner: 'Ada Moss',
        ownerId: '005x',
        hidden: [],
        ...more
    };
    const pair = ([value, displayValue]) => ({ value, displayValue });
    const fields = {
        subject: { value: given.subject },
        due: pair(given.due),
        closed: { value: given.closed },
        closedAt: { value: given.closedAt },
        department: pair(given.department),
        required: { value: given.required },
        promise: { value: given.promise },
        ownerId: { value: given.ownerId },
        owner: given.owner ? { name: { value: given.owner } } : {}
    };
    const seen = Object.entries(fields).filter(([name]) => !given.hidden.includes(name));
    return { node: { Id: id, ...Object.fromEntries(seen) } };
}

/** A person as GraphQL has them. */
export function person(name, more = {}) {
    const given = { optedOut: false, survey: [null], stay: false, basis: null, until: [null], ...more };
    const pair = ([value, displayValue = null]) => ({ value, displayValue });
    return {
        node: {
            Id: `003${name}`,
            name: { value: name },
            optedOut: { value: given.optedOut },
            survey: pair(given.survey),
            stay: { value: given.stay },
            basis: { value: given.basis },
            until: pair(given.until)
        }
    };
}

/** An answer of GraphQL. */
export function answer(object, edges, hasNextPage = false) {
    return { uiapi: { query: { [object]: { edges, pageInfo: { hasNextPage } } } } };
}
