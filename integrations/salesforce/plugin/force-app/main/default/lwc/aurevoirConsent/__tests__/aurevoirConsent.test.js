import { consent, look } from 'c/aurevoirConsent';

const YES = { basis: 'consent', until: '2026-03-10', untilShown: '3/10/2026' };

it.each([
    ['opted out', { ...YES, optedOut: true }, false, 'May not be contacted'],
    ['no basis', { ...YES, basis: 'none' }, false, 'May not be contacted'],
    ['a day too late', { ...YES, until: '2026-03-09' }, false, 'May not be contacted'],
    ['nothing known', { ...YES, basis: null }, undefined, 'Nothing is known about consent'],
    ['without an end', { ...YES, until: null }, true, 'May be contacted'],
    ['the last day', YES, true, 'May be contacted until 3/10/2026']
])('%s', (_, known, allowed, text) => {
    expect(consent(known, '2026-03-10')).toEqual({ allowed, text });
});

it('is never said by colour alone, and has a colour only where something is known', () => {
    expect(look({ allowed: true })).toContain('success');
    expect(look({ allowed: false })).toContain('error');
    expect(look({ allowed: undefined })).toBe('slds-badge');
});
