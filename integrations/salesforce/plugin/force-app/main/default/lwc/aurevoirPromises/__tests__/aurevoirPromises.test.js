import AurevoirPromises from 'c/aurevoirPromises';
import { tasksOf } from 'c/aurevoirTask';
import { all, show, words } from '../../../../../../test/page';
import { answer, task } from '../../../../../../test/records';

const promises = (tasks) =>
    show(AurevoirPromises, { tasks: tasksOf(answer('Task', tasks), '2026-03-10') });

it('says that nothing was promised', async () => {
    const element = await promises([task('1')]);
    expect(words(element)).toEqual(['Nothing has been promised yet']);
    await expect(element).toBeAccessible();
});

it('says which promises were kept, are due and are late', async () => {
    const element = await promises([
        task('1', { promise: true, closed: true }),
        task('2', { promise: true, due: ['2026-03-12', '3/12/2026'] }),
        task('3', { promise: true, due: ['2026-03-09', '3/9/2026'] }),
        task('4', { promise: true, due: [null, null] }),
        task('5')
    ]);
    expect(words(element)).toContain('1 of 4 done');
    expect(all(element, 'li').map((line) => words(line).join(' | '))).toEqual([
        'Done | Task 1 | Due 3/10/2026',
        'Open | Task 2 | Due 3/12/2026',
        'Late | Task 3 | Due 3/9/2026',
        'Open | Task 4 | No due date'
    ]);
    await expect(element).toBeAccessible();
});
