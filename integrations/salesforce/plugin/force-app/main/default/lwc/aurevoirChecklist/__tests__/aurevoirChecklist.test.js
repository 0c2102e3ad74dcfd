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

it('sorts tasks by department, with owner and due date', async () => {
    const element = await list([
        task('1', { owner: 'Ada Moss' }),
        task('2', { department: ['it', 'IT'], owner: null, due: [null, null], closed: true }),
        task('3', { department: [null, null] }),
        task('4', { due: ['2026-03-11', null] }),
        task('5', { department: ['legal', 'Legal'] }),
        task('6', { department: ['sales', null] })
    ]);
    const departments = all(element, 'ul').map((one) => [
        one.getAttribute('aria-label'),
        one.querySelectorAll('li').length
    ]);
    expect(departments).toEqual([
        ['sales', 1],
        ['Billing', 2],
        ['IT', 1],
        ['Legal', 1],
        ['Without a department', 1]
    ]);
    expect(words(element)).toEqual(
        expect.arrayContaining([
            '0 of 2 done',
            '1 of 1 done',
            'Ada Moss',
            'Due 3/10/2026',
            'Due 2026-03-11',
            'In a queue',
            'No due date'
        ])
    );
    await expect(element).toBeAccessible();
});

it('marks what is late, promised or optional', async () => {
    const element = await list([
        task('1', { due: ['2026-03-09', '3/9/2026'] }),
        task('2', { due: [TODAY, '3/10/2026'], promise: true }),
        task('3', { due: ['2026-03-09', '3/9/2026'], closed: true, required: false })
    ]);
    const marks = all(element, 'li').map((line) =>
        [...line.querySelectorAll('.slds-badge')].map((mark) => mark.textContent)
    );
    expect(marks).toEqual([['Late'], ['Promised'], ['Optional']]);
    await expect(element).toBeAccessible();
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
