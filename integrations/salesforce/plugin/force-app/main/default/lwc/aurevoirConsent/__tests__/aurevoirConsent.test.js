import { consent } from 'c/aurevoirConsent';

const YES = { stay: true, basis: 'consent', until: '2026-03-10', untilShown: '3/10/2026' };

it.each([
    ['opted out', { ...YES, optedOut: true }, false, 'opted out'],
    ['no basis', { ...YES, basis: 'none' }, false, 'no basis'],
    ['never said yes', { ...YES, stay: false }, false, 'has not said'],
    ['yes without an end', { ...YES, until: null }, true, 'We may write to this person.'],
    ['the last day', YES, true, 'until 3/10/2026'],
    ['a day too late', { ...YES, until: '2026-03-09' }, false, 'That time is over']
])('%s', (_, known, allowed, text) => {
    const verdict = consent(known, '2026-03-10');
    expect(verdict.allowed).toBe(allowed);
    expect(verdict.text).toContain(text);
});
