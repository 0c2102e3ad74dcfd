/** Whether we may write to a person, in one sentence. The service decides; this only says it. */
import CONSENT_UNKNOWN from '@salesforce/label/c.Aurevoir_Consent_Unknown';
import MAY_CONTACT from '@salesforce/label/c.Aurevoir_May_Contact';
import MAY_CONTACT_OPEN from '@salesforce/label/c.Aurevoir_May_Contact_Open';
import MAY_NOT_CONTACT from '@salesforce/label/c.Aurevoir_May_Not_Contact';
import { fill } from 'c/aurevoirRecord';

/**
 * The sentence for what is known: `optedOut`, `basis`, `until` (a date, and as it is shown). An
 * opt-out in Salesforce goes before everything that we noted earlier.
 */
export function consent({ optedOut, basis, until, untilShown }, day) {
    if (optedOut || basis === 'none' || (basis && until && until < day)) {
        return { allowed: false, text: MAY_NOT_CONTACT };
    }
    if (!basis) {
        return { allowed: undefined, text: CONSENT_UNKNOWN };
    }
    const text = until ? fill(MAY_CONTACT, { date: untilShown }) : MAY_CONTACT_OPEN;
    return { allowed: true, text };
}

/** How the sentence looks. */
export function look({ allowed }) {
    const theme = { true: 'slds-theme_success', false: 'slds-theme_error' }[allowed];
    return theme ? `slds-badge ${theme}` : 'slds-badge';
}
