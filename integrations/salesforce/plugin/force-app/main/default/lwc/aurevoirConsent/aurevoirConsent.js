/** Whether we may write to a person, in one sentence. The service decides; this only says it. */
import MAY_WRITE from '@salesforce/label/c.Aurevoir_May_Write';
import MAY_WRITE_UNTIL from '@salesforce/label/c.Aurevoir_May_Write_Until';
import NO_BASIS from '@salesforce/label/c.Aurevoir_No_Basis';
import NOT_SAID from '@salesforce/label/c.Aurevoir_Not_Said';
import OPTED_OUT from '@salesforce/label/c.Aurevoir_Opted_Out';
import OVER from '@salesforce/label/c.Aurevoir_Over';
import { fill } from 'c/aurevoirRecord';

/**
 * The sentence for what is known: `optedOut`, `stay`, `basis`, `until` (a date, and as shown).
 * A person's no goes before everything.
 */
export function consent({ optedOut, stay, basis, until, untilShown }, day) {
    if (optedOut) {
        return { allowed: false, text: OPTED_OUT };
    }
    if (basis === 'none') {
        return { allowed: false, text: NO_BASIS };
    }
    if (!stay) {
        return { allowed: false, text: NOT_SAID };
    }
    if (!until) {
        return { allowed: true, text: MAY_WRITE };
    }
    return until < day
        ? { allowed: false, text: fill(OVER, untilShown) }
        : { allowed: true, text: fill(MAY_WRITE_UNTIL, untilShown) };
}
