import AurevoirForm from 'c/aurevoirForm';
import { all, button, settled, show, words } from '../../../../../../test/page';

const FIELDS = ['Aurevoir_Exit_Words__c', 'Aurevoir_Moving_To__c'];
const form = (fields = FIELDS) =>
    show(AurevoirForm, { recordId: '001x', objectApiName: 'Account', label: 'Decide', fields });

async function opened() {
    const element = await form();
    button(element, 'Decide').click();
    await settled();
    return element;
}

const editor = (element) => all(element, 'lightning-record-edit-form')[0];

it('is not there for whoever may change nothing', async () => {
    const element = await form([]);
    expect(words(element)).toEqual([]);
});

it('is closed at first', async () => {
    const element = await form();
    expect(editor(element)).toBeUndefined();
    expect(button(element, 'Decide').getAttribute('aria-expanded')).toBe('false');
    await expect(element).toBeAccessible();
});

it('asks for the fields of the record', async () => {
    const element = await opened();
    expect(button(element, 'Decide').getAttribute('aria-expanded')).toBe('true');
    expect(editor(element).recordId).toBe('001x');
    expect(editor(element).objectApiName).toBe('Account');
    expect(all(element, 'lightning-input-field').map((one) => one.fieldName)).toEqual(FIELDS);
    await expect(element).toBeAccessible();
});

it('closes when it is saved, says so, and gives the focus back', async () => {
    const element = await opened();
    editor(element).dispatchEvent(new CustomEvent('success'));
    await settled();
    expect(editor(element)).toBeUndefined();
    expect(all(element, '[role=status]')[0].textContent).toBe('Saved');
    expect(element.shadowRoot.activeElement).toBe(button(element, 'Decide'));
});

it('closes without a word when it is cancelled', async () => {
    const element = await opened();
    all(element, 'lightning-button').find((one) => one.label === 'Cancel').click();
    await settled();
    expect(editor(element)).toBeUndefined();
    expect(all(element, '[role=status]')[0].textContent).toBe('');
});
