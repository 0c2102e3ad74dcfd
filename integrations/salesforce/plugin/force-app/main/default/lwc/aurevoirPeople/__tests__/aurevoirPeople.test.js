import { graphql } from 'lightning/graphql';
import AurevoirPeople from 'c/aurevoirPeople';
import { settled, show, words } from '../../../../../../test/page';
import { answer, person } from '../../../../../../test/records';

async function people(result) {
    const element = await show(AurevoirPeople, { recordId: '001x' });
    graphql.emit(result);
    await settled();
    return element;
}

it('is loading', async () => {
    const element = await show(AurevoirPeople, { recordId: '001x' });
    expect(words(element)).toEqual(['Loading']);
    expect(graphql.getLastConfig().variables).toEqual({ account: '001x' });
    await expect(element).toBeAccessible();
});

it('asks nothing without a customer', async () => {
    await show(AurevoirPeople);
    expect(graphql.getLastConfig().query).toBeUndefined();
});

it('says that nobody was asked', async () => {
    const element = await people({ data: answer('Contact', []) });
    expect(words(element)).toEqual(['Nobody has been asked yet.']);
    await expect(element).toBeAccessible();
});

it('says what went wrong', async () => {
    const element = await people({ errors: [{ message: 'No such column' }] });
    expect(words(element)).toContain('No such column');
    await expect(element).toBeAccessible();
});

it('says of each person how far the survey is, and whether we may write', async () => {
    const element = await people({
        data: answer('Contact', [
            person('Ada', { survey: ['answered', 'Answered'], stay: true, basis: 'consent' }),
            person('Ben', { survey: ['sent'], optedOut: true, stay: true }),
            person('Cy', { basis: 'none' })
        ])
    });
    expect(words(element)).toEqual([
        'Ada',
        'Answered',
        'We may write to this person.',
        'Ben',
        'sent',
        'This person has opted out of e-mail. Do not write.',
        'Cy',
        'We have no basis for writing to this person.'
    ]);
    await expect(element).toBeAccessible();
});
