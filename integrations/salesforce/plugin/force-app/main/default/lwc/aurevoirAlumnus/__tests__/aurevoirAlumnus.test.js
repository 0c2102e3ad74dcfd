import { getObjectInfo } from 'lightning/uiObjectInfoApi';
import { getRecord } from 'lightning/uiRecordApi';
import AurevoirAlumnus from 'c/aurevoirAlumnus';
import { all, settled, show, words } from '../../../../../../test/page';
import { FORBIDDEN, info, record } from '../../../../../../test/records';

const FIELDS = {
    Aurevoir_Survey_Status__c: ['Survey status'],
    Aurevoir_Survey_Sent_On__c: ['Survey sent on'],
    Aurevoir_Survey_Url__c: ['Survey link'],
    Aurevoir_Stay_In_Touch__c: ['Stay in touch', 'flag'],
    Aurevoir_Reference_Ok__c: ['Reference allowed', 'flag'],
    Aurevoir_Contact_Basis__c: ['Contact basis'],
    Aurevoir_Contact_Until__c: ['May contact until'],
    Aurevoir_Alumni_Segments__c: ['Alumni segments', 'choices']
};
const PERSON = {
    Aurevoir_Survey_Status__c: ['answered', 'Answered'],
    Aurevoir_Survey_Sent_On__c: ['2026-03-02', '3/2/2026'],
    Aurevoir_Survey_Url__c: 'https://goodbye.example/s/1',
    Aurevoir_Stay_In_Touch__c: true,
    Aurevoir_Reference_Ok__c: false,
    Aurevoir_Contact_Basis__c: ['consent', 'Consent'],
    Aurevoir_Contact_Until__c: ['2036-03-02', '3/2/2036'],
    Aurevoir_Alumni_Segments__c: ['budget;friends', 'Budget;Friends'],
    HasOptedOutOfEmail: false
};

async function card(values = PERSON, fields = FIELDS) {
    const element = await show(AurevoirAlumnus, { recordId: '003x' });
    getObjectInfo.emit(info(fields));
    getRecord.emit(record(values));
    await settled();
    return element;
}

it('is loading', async () => {
    const element = await show(AurevoirAlumnus, { recordId: '003x' });
    expect(words(element)).toEqual(['Exit survey', 'Loading the off-boarding']);
    await expect(element).toBeAccessible();
});

it('says what went wrong', async () => {
    const element = await show(AurevoirAlumnus, { recordId: '003x' });
    getObjectInfo.emit(info(FIELDS));
    getRecord.error({ message: 'Gone' }, 500);
    await settled();
    expect(words(element)).toContain('Gone');
    await expect(element).toBeAccessible();
});

it('says whom to ask where the person is hidden', async () => {
    const element = await show(AurevoirAlumnus, { recordId: '003x' });
    getObjectInfo.emit(info(FIELDS));
    getRecord.error(...FORBIDDEN);
    await settled();
    expect(words(element)[1]).toBe('You may not see this');
    await expect(element).toBeAccessible();
});

it('waits for the person', async () => {
    const element = await show(AurevoirAlumnus, { recordId: '003x' });
    getObjectInfo.emit(info(FIELDS));
    await settled();
    expect(words(element)).toEqual(['Exit survey', 'Loading the off-boarding']);
});

it('says whom to ask where the fields are hidden', async () => {
    const element = await card({}, {});
    expect(words(element).join()).toContain('Aurevoir: reader');
    await expect(element).toBeAccessible();
});

it('says that the person was not asked', async () => {
    const element = await card({ Aurevoir_Stay_In_Touch__c: false });
    expect(words(element)).toContain('No survey and no consent yet');
    await expect(element).toBeAccessible();
});

it('shows the survey and that we may stay in touch', async () => {
    const element = await card();
    expect(words(element)).toEqual([
        'Exit survey',
        'May be contacted until 3/2/2036',
        'Survey status',
        'Answered',
        'Survey sent on',
        '3/2/2026',
        'Survey link',
        'https://goodbye.example/s/1',
        'Stay in touch',
        'Yes',
        'Contact basis',
        'Consent',
        'May contact until',
        '3/2/2036',
        'Alumni segments',
        'Budget, Friends'
    ]);
    await expect(element).toBeAccessible();
});

it('warns before writing to somebody who opted out', async () => {
    const element = await card({ ...PERSON, HasOptedOutOfEmail: true });
    const [warning] = all(element, '.slds-badge');
    expect(warning.textContent).toBe('May not be contacted');
    expect(warning.className).toContain('error');
    await expect(element).toBeAccessible();
});

it('warns of an opt-out even where nothing else is known', async () => {
    const element = await card({ HasOptedOutOfEmail: true });
    expect(words(element)).toEqual(['Exit survey', 'May not be contacted']);
    await expect(element).toBeAccessible();
});
