/** GraphQL for tests: a query is its own text, parsed, so that a mistake in it is found here. */
import { createTestWireAdapter } from '@salesforce/wire-service-jest-util';
import { parse } from 'graphql';

export class graphql extends createTestWireAdapter() {}

export function gql(strings) {
    const query = strings.join('');
    parse(query);
    return query;
}
