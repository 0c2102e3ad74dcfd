/** GraphQL for tests: a query is its own text, held against a schema, so that a mistake is found here. */
import { createTestWireAdapter } from '@salesforce/wire-service-jest-util';
import { parse, validate } from 'graphql';
import { schema } from './schema';

export class graphql extends createTestWireAdapter() {}

/** What is wrong with a query. */
export function complaints(query) {
    return validate(schema, parse(query)).map((problem) => problem.message);
}

export function gql(strings) {
    const query = strings.join('');
    const found = complaints(query);
    if (found.length) {
        throw new Error(found.join(' '));
    }
    return query;
}
