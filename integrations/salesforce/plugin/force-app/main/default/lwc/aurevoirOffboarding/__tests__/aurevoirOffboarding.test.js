import { graphql } from 'lightning/graphql';
import { getObjectInfo, getPicklistValues } from 'lightning/uiObjectInfoApi';
import { getRecord, updateRecord } from 'lightning/uiRecordApi';
import AurevoirOffboarding from 'c/aurevoirOffboarding';
import {
    CARD,
    choices,
    customer,
    fieldsOf,
    people,
    shownAs,
    tasks as everyTask
} from '../../../../../../test/cases';
import { all, button, settled, show, words } from '../../../../../../test/page';
import { FORBIDDEN, TASK_FIELDS, answer, info, record, task } from '../../../../../../test/records';

const FIELDS = {
    Aurevoir_Status__c: ['Off-boarding status'],
    Aurevoir_Case__c: ['Off-boarding case'],
    Aurevoir_Progress__c: ['Progress'],
    Aurevoir_Next_Step__c: ['Next step'],
    Aurevoir_Decision__c: ['Decision'],
    Aurevoir_Departs_On__c: ['Departs on'],
    Aurevoir_Exit_Reason__c: ['Exit reason'],
    Aurevoir_Reasons_Other__c: ['Other reasons', 'choices'],
    Aurevoir_Reason_Csm__c: ['Reason said by us'],
    Aurevoir_Exit_Words__c: ['In their words'],
    Aurevoir_Reason_Confirmed_On__c: ['Reason confirmed on'],
    Aurevoir_Saved_On__c: ['Saved on']
};
const WRITABLE = ['Aurevoir_Decision__c', 'Aurevoir_Reason_Csm__c', 'Aurevoir_Exit_Words__c'];
const CUSTOMER = {
    Aurevoir_Status__c: ['leaving', 'Leaving'],
    Aurevoir_Case__c: 'abcdefghij234567',
    Aurevoir_Progress__c: 40,
    Aurevoir_Next_Step__c: 'Final invoice (Billing)',
    Aurevoir_Decision__c: ['let_go', 'Let go'],
    Aurevoir_Departs_On__c: ['2026-03-20', '3/20/2026'],
    Aurevoir_Exit_Reason__c: [null, null],
    Aurevoir_Reasons_Other__c: [null, null],
    Aurevoir_Reason_Csm__c: [null, null],
    Aurevoir_Exit_Words__c: null
};
const CHOICES = {
    values: [
        { value: 'notice', label: 'Notice' },
        { value: 'assess', label: 'Assess' },
        { value: 'leaving', label: 'Leaving' },
        { value: 'departed', label: 'Departed' },
        { value: 'alumni', label: 'Alumni' },
        { value: 'saved', label: 'Saved' }
    ]
};
const OPEN = task('00T1', { subject: 'Send the final invoice', promise: true });
const DONE = task('00T2', { subject: 'Agree on dates', closed: true, promise: true });

const refresh = jest.fn();

/** Picks the description of one object. */
const of = (name) => (config) => config.objectApiName?.objectApiName === name;

/** Picks one of the two queries. */
const asked = (name) => (config) => config.query?.includes(name);

/** The card of a customer; each part of what Salesforce knows can be left out. */
async function card({ values = CUSTOMER, fields = FIELDS, tasks = [OPEN, DONE], more = false } = {}) {
    const element = await show(AurevoirOffboarding, { recordId: '001x' });
    getObjectInfo.emit(info(fields, WRITABLE), of('Account'));
    getObjectInfo.emit(info(TASK_FIELDS), of('Task'));
    getRecord.emit(record(values));
    getPicklistValues.emit(CHOICES);
    await settled();
    if (tasks) {
        graphql.emit({ data: answer('Task', tasks, more), refresh }, asked('aurevoirTasks'));
    }
    await settled();
    return element;
}

describe('instead of the card', () => {
    it('says that it is loading', async () => {
        const element = await show(AurevoirOffboarding, { recordId: '001x' });
        expect(words(element)).toEqual(['Off-boarding', 'Loading the off-boarding']);
        await expect(element).toBeAccessible();
    });

    it('says that the customer is not leaving', async () => {
        const element = await card({ values: { Aurevoir_Status__c: null }, tasks: null });
        expect(words(element).join()).toContain('No off-boarding is under way,It begins some');
        await expect(element).toBeAccessible();
    });

    it('lets whoever may move the stage begin', async () => {
        const values = { Aurevoir_Status__c: null };
        const element = await card({ values, tasks: null });
        expect(all(element, 'button')).toEqual([]);
        getObjectInfo.emit(
            info({ ...FIELDS, Customer_Stage__c: ['Customer stage'] }, ['Customer_Stage__c']),
            of('Account')
        );
        await settled();
        button(element, CARD.says.start).click();
        await settled();
        expect(all(element, 'lightning-input-field').map((one) => one.fieldName)).toEqual([
            'Customer_Stage__c'
        ]);
        await expect(element).toBeAccessible();
    });

    it('says whom to ask where the fields are hidden', async () => {
        const element = await card({ values: {}, fields: {}, tasks: null });
        expect(words(element).join()).toContain('Aurevoir: reader');
        await expect(element).toBeAccessible();
    });

    it('says whom to ask where the customer is hidden', async () => {
        const element = await show(AurevoirOffboarding, { recordId: '001x' });
        getObjectInfo.emit(info(FIELDS));
        getRecord.error(...FORBIDDEN);
        await settled();
        expect(words(element)[1]).toBe('You may not see this');
        await expect(element).toBeAccessible();
    });

    it('waits for the record', async () => {
        const element = await show(AurevoirOffboarding, { recordId: '001x' });
        getObjectInfo.emit(info(FIELDS));
        await settled();
        expect(words(element)).toEqual(['Off-boarding', 'Loading the off-boarding']);
    });

    it.each([
        ['the fields', () => getObjectInfo.error({ message: 'No such thing' }, 500), 'No such thing'],
        ['the record', () => getRecord.error({ message: 'Gone' }, 500), 'Gone']
    ])('says what went wrong with %s', async (_, fail, detail) => {
        const element = await show(AurevoirOffboarding, { recordId: '001x' });
        getObjectInfo.emit(info(FIELDS));
        fail();
        await settled();
        expect(words(element)).toContain(detail);
        expect(all(element, '[role=alert]')).toHaveLength(1);
        await expect(element).toBeAccessible();
    });
});

describe('the card', () => {
    it('shows phase, progress and how it stands', async () => {
        const element = await card();
        const now = all(element, '[aria-current=step]');
        expect(now.map((step) => step.textContent)).toEqual(['Leaving(now)']);
        expect(all(element, '[role=progressbar]')[0].getAttribute('aria-valuenow')).toBe('40');
        expect(words(element)).toEqual(
            expect.arrayContaining([
                '40 % of the required steps are done',
                'Next step',
                'Final invoice (Billing)',
                'Let go',
                '3/20/2026',
                'No feedback yet'
            ])
        );
        await expect(element).toBeAccessible();
    });

    it.each([
        ['3/9/2026', 'The customer stayed, 3/9/2026'],
        [null, 'Saved']
    ])('shows an outcome in place of the phases (%s)', async (shown, outcome) => {
        const values = {
            ...CUSTOMER,
            Aurevoir_Status__c: ['saved', 'Saved'],
            Aurevoir_Progress__c: null,
            Aurevoir_Next_Step__c: null,
            Aurevoir_Saved_On__c: [shown && '2026-03-09', shown]
        };
        const element = await card({ values });
        expect(all(element, 'ol')).toHaveLength(0);
        expect(words(element)).toEqual(
            expect.arrayContaining([
                outcome,
                '0 % of the required steps are done',
                'Nothing is due'
            ])
        );
        await expect(element).toBeAccessible();
    });

    it('falls back on values where Salesforce gives no labels', async () => {
        const element = await show(AurevoirOffboarding, { recordId: '001x' });
        getObjectInfo.emit(info({ ...FIELDS, ...TASK_FIELDS }));
        getRecord.emit(record(CUSTOMER));
        await settled();
        expect(all(element, 'li[aria-current=step]')[0].textContent).toBe('leaving(now)');
    });

    it('shows what the customer told us', async () => {
        const values = {
            ...CUSTOMER,
            Aurevoir_Exit_Reason__c: ['price', 'Price'],
            Aurevoir_Reasons_Other__c: ['trust;other', 'Trust;Other'],
            Aurevoir_Exit_Words__c: 'Too dear; too late'
        };
        const element = await card({ values });
        expect(words(element)).toEqual(
            expect.arrayContaining([
                'The reason is not confirmed yet',
                'Exit reason',
                'Price',
                'Trust, Other',
                'Too dear; too late'
            ])
        );
        await expect(element).toBeAccessible();
    });

    it('shows a confirmed reason as one', async () => {
        const values = {
            ...CUSTOMER,
            Aurevoir_Exit_Reason__c: ['price', 'Price'],
            Aurevoir_Reason_Confirmed_On__c: ['2026-03-04', '3/4/2026']
        };
        const element = await card({ values });
        expect(words(element)).toContain('3/4/2026');
        expect(words(element)).not.toContain('The reason is not confirmed yet');
    });

    it('offers to change only what the user may change', async () => {
        const element = await card();
        const offered = all(element, 'button[aria-expanded]').map((one) => one.textContent);
        expect(offered).toEqual(['Decide', 'Enter the reason', 'Exit interview']);
    });

    it('says every word itself', async () => {
        const element = await card();
        expect(words(element).filter((text) => text.startsWith('c.'))).toEqual([]);
    });
});

describe('the case that every card is shown', () => {
    const { says, states } = CARD;
    /** A line without what is there for a screen reader alone. */
    const line = (element) =>
        words(element)
            .filter((text) => !text.startsWith('Complete: '))
            .join(' | ');
    const section = (element, id) => all(element, `section[aria-labelledby^="${id}"]`)[0];
    const pairs = (element) =>
        all(element, 'dt').map((label, n) => [label.textContent, all(element, 'dd')[n].textContent]);

    async function shared(more) {
        jest.useFakeTimers({ now: new Date(CARD.now), doNotFake: ['nextTick'] });
        const element = await show(AurevoirOffboarding, { recordId: '001x' });
        const fields = fieldsOf('customer');
        getObjectInfo.emit(info(fields, Object.keys(fields)), of('Account'));
        getObjectInfo.emit(info(TASK_FIELDS), of('Task'));
        getRecord.emit(customer(more));
        getPicklistValues.emit(choices);
        await settled();
        getObjectInfo.emit(info(fieldsOf('person')), of('Contact'));
        await settled();
        graphql.emit({ data: answer('Task', everyTask) }, asked('aurevoirTasks'));
        graphql.emit({ data: answer('Contact', people) }, asked('aurevoirPeople'));
        await settled();
        return element;
    }

    afterEach(() => jest.useRealTimers());

    it('reads as it does everywhere', async () => {
        const element = await shared();
        const said = (texts) => JSON.parse(shownAs(JSON.stringify(texts)));
        const steps = all(element, 'ol li').map((step) => step.firstChild.textContent);
        expect(steps.map((step) => step.trim())).toEqual(says.phases);
        expect(all(element, '[aria-current=step]')[0].firstChild.textContent.trim()).toBe(says.phase);
        expect(words(element)).toEqual(expect.arrayContaining([says.title, says.progress]));
        const [standing] = all(element, 'c-aurevoir-facts');
        const next = [all(element, '[data-next] p').map((part) => part.textContent)];
        expect([...next, ...pairs(standing)]).toEqual(said(says.facts));
        expect(all(element, 'button[aria-expanded]').map((one) => one.textContent)).toEqual(says.edited);
        const promised = section(element, 'promises');
        expect([
            all(promised, 'p')[0].textContent,
            ...all(promised, 'li').map(line)
        ]).toEqual(said(says.promises));
        const listed = all(section(element, 'checklist'), 'h4, li').map(
            (one) => line(one) || one.textContent
        );
        expect(listed).toEqual(said(says.checklist));
        const feedback = section(element, 'feedback');
        expect(words(feedback)).toContain(says.unconfirmed);
        expect(pairs(feedback)).toEqual(said(says.feedback));
        const persons = all(section(element, 'people'), 'li').map((one) => words(one).join(' | '));
        expect(persons).toEqual(said(says.people));
        jest.useRealTimers();
        await expect(element).toBeAccessible();
    });

    it.each(['saved', 'returned'])('says that the goodbye is over: %s', async (status) => {
        const element = await shared({ status, [`${status}_on`]: '2026-03-12' });
        expect(words(element)).toContain(shownAs(states[status][0]));
        expect(all(element, 'ol')).toEqual([]);
    });

    it('says in every state what is said everywhere', async () => {
        const loading = await show(AurevoirOffboarding, { recordId: '001x' });
        expect(words(loading)).toEqual([says.title, ...states.loading]);
        const empty = await card({ values: { Aurevoir_Status__c: null }, tasks: null });
        expect(words(empty)).toEqual([says.title, ...states.empty]);
        const hidden = await card({ values: {}, fields: {}, tasks: null });
        expect(words(hidden).slice(0, 3)).toEqual([says.title, ...states.no_access]);
        getObjectInfo.error({ message: 'No' }, 500);
        await settled();
        expect(words(hidden)).toEqual([says.title, ...states.error, 'No']);
    });

    it('says of each part that there is nothing', async () => {
        const values = { Aurevoir_Status__c: ['notice', 'Notice'], Aurevoir_Case__c: 'a' };
        const element = await card({ values, tasks: [] });
        getObjectInfo.emit(info(fieldsOf('person')), of('Contact'));
        await settled();
        graphql.emit({ data: answer('Contact', []) }, asked('aurevoirPeople'));
        await settled();
        expect(words(element)).toEqual(expect.arrayContaining(states.blank));
    });
});

describe('tasks', () => {
    it('are those of this case', async () => {
        await card({ tasks: null });
        const asking = jest.fn();
        graphql.emit({}, ({ query, variables }) => asking(query, variables));
        expect(asking).toHaveBeenCalledWith(expect.stringContaining('aurevoirTasks'), {
            keys: 'abcdefghij234567:%',
            first: 200
        });
    });

    it('are not asked for before the case is known', async () => {
        const element = await card({ values: { ...CUSTOMER, Aurevoir_Case__c: null }, tasks: null });
        expect(words(element)).toContain('This case has no tasks yet');
        await expect(element).toBeAccessible();
    });

    it('are loading', async () => {
        const element = await card({ tasks: null });
        expect(all(element, 'section')[0].textContent).toContain('Checklist');
        expect(words(all(element, 'section')[0])).toContain('Loading the off-boarding');
        await expect(element).toBeAccessible();
    });

    it('cannot be read', async () => {
        const element = await card({ tasks: null });
        graphql.emit({ errors: [{ message: 'No such column' }] }, asked('aurevoirTasks'));
        await settled();
        expect(words(element)).toContain('No such column');
        await expect(element).toBeAccessible();
    });

    it.each([
        [
            'tasks',
            () => {
                getObjectInfo.error(...FORBIDDEN);
                getObjectInfo.emit(info(FIELDS), of('Account'));
            }
        ],
        ['our key on tasks', () => getObjectInfo.emit(info({}), of('Task'))]
    ])('are left out where the user may not see %s', async (_, refuse) => {
        const element = await card({ tasks: null });
        refuse();
        await settled();
        const [checklist, promises] = all(element, 'section');
        expect(words(checklist)).toContain('Ask your admin for the permission set "Aurevoir: reader".');
        expect(words(promises)).toEqual(['Promises to the customer', 'You may not see this']);
        expect(words(element)).toContain('No feedback yet');
        const asking = jest.fn();
        graphql.emit({}, ({ query }) => asking(query));
        expect(asking.mock.calls.flat().filter((query) => query?.includes('aurevoirTasks'))).toEqual([]);
        await expect(element).toBeAccessible();
    });

    it('keep the focus near when one is done', async () => {
        const element = await card();
        button(element, 'Complete: Send the final invoice').click();
        await settled();
        expect(element.shadowRoot.activeElement.textContent).toBe('Checklist');
    });

    it('are more than one page has', async () => {
        const element = await card({ more: true });
        expect(words(element)).toContain('Only the first 2 tasks are shown');
    });

    it('are completed in place', async () => {
        const element = await card();
        button(element, 'Complete: Send the final invoice').click();
        await settled();
        expect(updateRecord).toHaveBeenCalledWith({ fields: { Id: '00T1', Status: 'Completed' } });
        expect(refresh).toHaveBeenCalledTimes(1);
        expect(words(element)).toContain('Done: Send the final invoice');
    });

    it("are completed with the org's own status", async () => {
        const element = await card();
        element.doneStatus = 'Erledigt';
        button(element, 'Complete: Send the final invoice').click();
        await settled();
        expect(updateRecord).toHaveBeenCalledWith({ fields: { Id: '00T1', Status: 'Erledigt' } });
    });

    it('stay open when Salesforce refuses', async () => {
        updateRecord.mockRejectedValueOnce({ body: { message: 'Not yours' } });
        const element = await card();
        button(element, 'Complete: Send the final invoice').click();
        await settled();
        expect(words(element)).toContain('Not completed: Not yours');
        expect(button(element, 'Complete: Send the final invoice').disabled).toBe(false);
        expect(refresh).not.toHaveBeenCalled();
        await expect(element).toBeAccessible();
    });

    it('name themselves when Salesforce does not say why', async () => {
        updateRecord.mockRejectedValueOnce(undefined);
        const element = await card();
        button(element, 'Complete: Send the final invoice').click();
        await settled();
        expect(words(element)).toContain('Not completed: Send the final invoice');
    });
});
