import { graphql } from 'lightning/graphql';
import { getObjectInfo } from 'lightning/uiObjectInfoApi';
import AurevoirPeople from 'c/aurevoirPeople';
import { all, settled, show, words } from '../../../../../../test/page';
import { FORBIDDEN, answer, info, person } from '../../../../../../test/records';

const FIELDS = {
    Aurevoir_Survey_Status__c: ['Survey status'],
    Aurevoir_Stay_In_Touch__c: ['Stay in touch'],
    Aurevoir_Contact_Basis__c: ['Contact basis']
};

async function people(result) {
    const element = await show(AurevoirPeople, { recordId: '001x' });
    getObjectInfo.emit(info(FIELDS));
    await settled();
    graphql.emit(result);
    await settled();
    return element;
}

it('is loading', async () => {
    const element = await show(AurevoirPeople, { recordId: '001x' });
    expect(words(element)).toEqual(['Loading the off-boarding']);
    expect(graphql.getLastConfig().query).toBeUndefined();
    getObjectInfo.emit(info(FIELDS));
    await settled();
    expect(words(element)).toEqual(['Loading the off-boarding']);
    expect(graphql.getLastConfig().query).toContain('aurevoirPeople');
    expect(graphql.getLastConfig().variables).toEqual({ account: '001x', first: 200 });
    await expect(element).toBeAccessible();
});

it.each([
    ['people', () => getObjectInfo.error(...FORBIDDEN)],
    ['what we know of them', () => getObjectInfo.emit(info({}))]
])('says whom to ask where the user may not see %s', async (_, refuse) => {
    const element = await show(AurevoirPeople, { recordId: '001x' });
    refuse();
    await settled();
    expect(words(element)[0]).toBe('You may not see this');
    expect(graphql.getLastConfig().query).toBeUndefined();
    expect(all(element, '[role=alert]')).toEqual([]);
    await expect(element).toBeAccessible();
});

it('says what went wrong with the description', async () => {
    const element = await show(AurevoirPeople, { recordId: '001x' });
    getObjectInfo.error({ message: 'Salesforce is busy' }, 503);
    await settled();
    expect(words(element)).toContain('Salesforce is busy');
    await expect(element).toBeAccessible();
});

it('says that there are more people than one page has', async () => {
    const element = await people({ data: answer('Contact', [person('Ada'), person('Ben')], true) });
    expect(words(element)).toContain('Only the first 2 people are shown');
    await expect(element).toBeAccessible();
});

it('does with what the user may see', async () => {
    const element = await people({ data: answer('Contact', [{ node: { Id: '003x' } }]) });
    expect(words(element)).toEqual(['Nothing is known about consent']);
});

it('asks nothing without a customer', async () => {
    await show(AurevoirPeople);
    expect(graphql.getLastConfig().query).toBeUndefined();
});

it('says that nobody was asked', async () => {
    const element = await people({ data: answer('Contact', []) });
    expect(words(element)).toEqual(['Nobody is known here']);
    await expect(element).toBeAccessible();
});

it('says what went wrong', async () => {
    const element = await people({ errors: [{ message: 'No such column' }] });
    expect(words(element)).toContain('No such column');
    await expect(element).toBeAccessible();
});

const PEOPLE = [
    person('Ada', { survey: ['answered', 'Answered'], stay: true, basis: 'consent' }),
    person('Ben', { survey: ['sent'], optedOut: true, basis: 'consent' }),
    person('Cy')
];

it('says of each person whether we may write, and how far the survey is', async () => {
    const element = await people({ data: answer('Contact', PEOPLE) });
    expect(words(element)).toEqual([
        'Ada',
        'May be contacted',
        'Survey status: Answered',
        'Stay in touch',
        'Ben',
        'May not be contacted',
        'Survey status: sent',
        'Cy',
        'Nothing is known about consent'
    ]);
    await expect(element).toBeAccessible();
});

it('names a field by itself where the user may not see it', async () => {
    const element = await show(AurevoirPeople, { recordId: '001x' });
    getObjectInfo.emit(info({ ...FIELDS, Aurevoir_Stay_In_Touch__c: undefined }));
    await settled();
    graphql.emit({ data: answer('Contact', PEOPLE) });
    await settled();
    expect(words(element)).toContain('Aurevoir_Stay_In_Touch__c');
});
