import { TASKS } from 'c/aurevoirTask';
import { PEOPLE } from 'c/aurevoirPeople';
import { complaints } from '../../../../../../test/graphql';

const broken = (query, from, to) => {
    expect(query).toContain(from);
    return complaints(query.replace(from, to)).join(' ');
};

it('asks for what there is', () => {
    expect(complaints(TASKS)).toEqual([]);
    expect(complaints(PEOPLE)).toEqual([]);
});

it.each([
    ['a field that is not there', 'Aurevoir_Promise__c', 'Aurevoir_Promised__c'],
    ['a filter that is not there', '{ like: $keys }', '{ begins: $keys }'],
    ['a value that is not there', 'displayValue', 'label'],
    ['a variable of another kind', '$first: Int!', '$first: String!'],
    ['an owner of another kind', '... on Group', '... on Contact']
])('would be told of %s', (_, from, to) => {
    expect(broken(TASKS, from, to)).not.toBe('');
});

it('leaves out every field that a user may not see, but for the key', () => {
    for (const query of [TASKS, PEOPLE]) {
        const asked = query.match(/^ +\w+: \w+(?: @optional)? \{$/gm).map((line) => line.trim());
        expect(asked.length).toBeGreaterThan(5);
        expect(asked.filter((line) => !line.includes('@optional'))).toEqual([]);
    }
});
