import { graphql } from 'lightning/graphql';
import { getObjectInfo } from 'lightning/uiObjectInfoApi';
import AurevoirPeople from 'c/aurevoirPeople';
import { settled, show, words } from '../../../../../../test/page';
import { answer, info, person } from '../../../../../../test/records';

async function people(result) {
    const element = await show(AurevoirPeople, { recordId: '001x' });
    graphql.emit(result);
    await settled();
    return element;
}

it('is loading', async () => {
    const element = await show(AurevoirPeople, { recordId: '001x' });
    expect(words(element)).toEqual(['Loading the off-boarding']);
    expect(graphql.getLastConfig().variables).toEqual({ account: '001x' });
    await expect(element).toBeAccessible();
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
    getObjectInfo.emit(
        info({
            Aurevoir_Survey_Status__c: ['Survey status'],
            Aurevoir_Stay_In_Touch__c: ['Stay in touch']
        })
    );
    await settled();
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

it('names fields by themselves until their labels are there', async () => {
    const element = await people({ data: answer('Contact', PEOPLE) });
    expect(words(element)).toContain('Aurevoir_Survey_Status__c: Answered');
});
