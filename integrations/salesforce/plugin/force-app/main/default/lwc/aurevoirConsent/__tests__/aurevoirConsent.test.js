import { consent, look } from 'c/aurevoirConsent';
import { CONSENT, shownAs } from '../../../../../../test/cases';

const TONES = { good: true, bad: false, open: undefined };

it.each(CONSENT)('says what every card says: $name', ({ opted_out, basis, until, says, tone }) => {
    const known = { optedOut: opted_out, basis, until, untilShown: until && shownAs(until) };
    const text = shownAs(says);
    expect(consent(known, '2026-03-20')).toEqual({ allowed: TONES[tone], text });
});

it('is never said by colour alone, and has a colour only where something is known', () => {
    expect(look({ allowed: true })).toContain('success');
    expect(look({ allowed: false })).toContain('error');
    expect(look({ allowed: undefined })).toBe('slds-badge');
});
