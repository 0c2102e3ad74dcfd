import AurevoirChecklist from 'c/aurevoirChecklist';
import { tasksOf, today } from 'c/aurevoirTask';
import { all, button, show, words } from '../../../../../../test/page';
import { answer, task } from '../../../../../../test/records';

const TODAY = '2026-03-10';
const list = (tasks, more) =>
    show(AurevoirChecklist, { tasks: tasksOf(answer('Task', tasks), TODAY), ...more });

it('says that there is nothing to do', async () => {
    const element = await list([]);
    expect(words(element)).toEqual(['This case has no tasks yet']);
    await expect(element).toBeAccessible();
});

it('sorts tasks by department, with owner and date', async () => {
    const element = await list([
        task('1', { owner: 'Ada Moss' }),
        task('2', {
            department: ['it', 'IT'],
            owner: 'IT team',
            closed: true,
            closedAt: '2026-03-05T23:30:00.000Z'
        }),
        task('3', { department: [null, null], due: [null, null], owner: null, ownerId: null }),
        task('4', { due: ['2026-03-11', null], owner: null }),
        task('5', { department: ['legal', 'Legal'], closed: true }),
        task('6', { department: ['sales', null] })
    ]);
    const departments = all(element, 'ul').map((one) => [
        one.getAttribute('aria-label'),
        [...one.querySelectorAll('p')].map((facts) => facts.textContent)
    ]);
    expect(departments).toEqual([
        ['sales: 0 of 1 done', ['Ada Moss · Due 3/10/2026']],
        ['Billing: 0 of 2 done', ['Ada Moss · Due 3/10/2026', 'Assigned · Due 2026-03-11']],
        ['IT: 1 of 1 done', ['IT team · Done 3/5/2026']],
        ['Legal: 1 of 1 done', ['Ada Moss · Due 3/10/2026']],
        ['Without a department: 0 of 1 done', ["Nobody's task · No due date"]]
    ]);
    await expect(element).toBeAccessible();
});

it('says how each stands, and marks what is promised or optional', async () => {
    const element = await list([
        task('1', { due: ['2026-03-09', '3/9/2026'] }),
        task('2', { due: [TODAY, '3/10/2026'], promise: true }),
        task('3', { due: ['2026-03-09', '3/9/2026'], closed: true, required: false })
    ]);
    const lines = all(element, 'li').map((line) => [
        line.querySelector('.slds-badge').textContent,
        line.querySelector('p').textContent.split(' · ').slice(2).join()
    ]);
    expect(lines).toEqual([
        ['Late', ''],
        ['Open', 'Promised'],
        ['Done', 'Optional']
    ]);
    await expect(element).toBeAccessible();
});

it('does with what the user may see', async () => {
    const hidden = ['subject', 'due', 'closed', 'closedAt', 'department', 'required', 'promise'];
    const element = await list([task('1', { hidden: [...hidden, 'owner', 'ownerId'] })]);
    expect(words(element)).toEqual([
        'Without a department: 0 of 1 done',
        'Complete:',
        'Open',
        "Nobody's task · No due date · Optional"
    ]);
});

it('tells which task is completed, once', async () => {
    const element = await list([task('1'), task('2')], { busy: '2' });
    const heard = jest.fn();
    element.addEventListener('complete', (event) => heard(event.detail));
    button(element, 'Complete: Task 1').click();
    button(element, 'Complete: Task 2').click();
    expect(heard.mock.calls).toEqual([[{ id: '1', subject: 'Task 1' }]]);
    await expect(element).toBeAccessible();
});

it('is at the end of its day where the user is', () => {
    jest.useFakeTimers({ now: new Date('2026-03-10T03:00:00Z') });
    expect(today()).toBe('2026-03-09');
    jest.useRealTimers();
});
