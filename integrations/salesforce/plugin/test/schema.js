/**
 * As much of Salesforce's GraphQL schema as the cards' queries name: our fields as the plugin brings
 * them, and standard ones. Source: "Query Objects" and "Field Value Types" in the GraphQL API guide.
 */
const { readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const { buildSchema } = require('graphql');

const OBJECTS = join(__dirname, '../force-app/main/default/objects');
/** Object -> standard field -> what kind of value it has. */
const STANDARD = {
    Task: {
        ActivityDate: 'Date',
        CompletedDateTime: 'DateTime',
        IsClosed: 'Boolean',
        OwnerId: 'ID',
        Subject: 'Picklist'
    },
    Contact: { AccountId: 'ID', HasOptedOutOfEmail: 'Boolean', Name: 'String' }
};
/** Type of a custom field -> the same; what is not here is text. */
const KINDS = {
    Checkbox: 'Boolean',
    Date: 'Date',
    MultiselectPicklist: 'MultiPicklist',
    Number: 'Double',
    Percent: 'Percent',
    Picklist: 'Picklist',
    Url: 'Url'
};

function own(folder) {
    const home = join(OBJECTS, folder, 'fields');
    return Object.fromEntries(
        readdirSync(home).map((file) => {
            const [, type] = readFileSync(join(home, file), 'utf8').match(/<type>(\w+)<\/type>/);
            return [file.split('.')[0], KINDS[type] ?? 'String'];
        })
    );
}

const fields = {
    Task: { ...STANDARD.Task, ...own('Activity') },
    Contact: { ...STANDARD.Contact, ...own('Contact') }
};
const kinds = [...new Set(Object.values(fields).flatMap(Object.values))];
/** Values that can be compared with what a text holds, and those that cannot be compared at all. */
const inputs = { Boolean: 'Boolean', Double: 'Float', Percent: 'Float' };
const object = (name) => `
    type ${name} {
        Id: ID!
        ${Object.entries(fields[name]).map(([field, kind]) => `${field}: ${kind}Value`).join('\n')}
        ${name === 'Task' ? 'Owner: Owner' : ''}
    }
    type ${name}Edge { node: ${name} cursor: String! }
    type ${name}Connection { edges: [${name}Edge] pageInfo: PageInfo! totalCount: Int! }
    input ${name}_Filter {
        and: [${name}_Filter!]
        ${Object.entries(fields[name]).map(([field, kind]) => `${field}: ${kind}Operators`).join('\n')}
    }
    input ${name}_OrderBy {
        ${Object.keys(fields[name]).map((field) => `${field}: OrderByClause`).join('\n')}
    }`;

exports.schema = buildSchema(`
    directive @optional on FIELD
    ${kinds.map((kind) => `type ${kind}Value { value: String displayValue: String }`).join('\n')}
    ${kinds
        .map((kind) => {
            const input = inputs[kind] ?? (kind === 'ID' ? 'ID' : 'String');
            const like = input === 'String' ? 'like: String' : '';
            return `input ${kind}Operators { eq: ${input} ne: ${input} in: [${input}] ${like} }`;
        })
        .join('\n')}
    enum ResultOrder { ASC DESC }
    enum NullsOrder { FIRST LAST }
    input OrderByClause { order: ResultOrder nulls: NullsOrder }
    type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! endCursor: String }
    type User { Id: ID! Name: StringValue }
    type Group { Id: ID! Name: StringValue }
    union Owner = User | Group
    ${object('Task')}
    ${object('Contact')}
    type RecordQuery {
        Task(first: Int, after: String, where: Task_Filter, orderBy: Task_OrderBy): TaskConnection
        Contact(first: Int, after: String, where: Contact_Filter, orderBy: Contact_OrderBy): ContactConnection
    }
    type UIAPI { query: RecordQuery! }
    type Query { uiapi: UIAPI! }
`);
