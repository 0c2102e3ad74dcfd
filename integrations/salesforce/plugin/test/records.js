/** Records, field descriptions and tasks as Salesforce gives them. */

const TYPES = { flag: 'Boolean', choices: 'MultiPicklist' };

/** What an object is: field -> [label, type], of which some may be changed. */
export function info(fields, writable = []) {
    const entry = (name, [label, type]) => [
        name,
        { apiName: name, label, dataType: TYPES[type] ?? 'String', updateable: writable.includes(name) }
    ];
    return { fields: Object.fromEntries(Object.entries(fields).map(([n, f]) => entry(n, f))) };
}

/** A record: field -> value, or [value, as shown]. */
export function record(values) {
    const entry = ([name, value]) => {
        const [held, displayValue = null] = Array.isArray(value) ? value : [value];
        return [name, { value: held, displayValue }];
    };
    return { fields: Object.fromEntries(Object.entries(values).map(entry)) };
}

/** A task as GraphQL has it. */
export function task(id, more = {}) {
    const given = {
        subject: `Task ${id}`,
        due: ['2026-03-10', '3/10/2026'],
        closed: false,
        department: ['billing', 'Billing'],
        required: true,
        promise: false,
        owner: 'Ada Moss',
        ...more
    };
    const pair = ([value, displayValue]) => ({ value, displayValue });
    return {
        node: {
            Id: id,
            subject: { value: given.subject },
            due: pair(given.due),
            closed: { value: given.closed },
            department: pair(given.department),
            required: { value: given.required },
            promise: { value: given.promise },
            owner: given.owner ? { name: { value: given.owner } } : {}
        }
    };
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
