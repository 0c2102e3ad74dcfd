/** What stands on the card, and in which order: the same in every CRM. */

import layout from "./layout.json";
import { CUSTOMER } from "./record";
import type { FieldWord, Word } from "./words";

export type Key = FieldWord & keyof typeof CUSTOMER;

interface End {
  says: Word;
  day: Key;
}

export const PHASES = layout.phases;
/** Statuses that end the goodbye: the word, and the field that has the day. */
export const ENDS = layout.ends as Record<string, End>;
export const STANDING = layout.standing as Key[];
export const REASONS = layout.reasons as Key[];
export const FEEDBACK = layout.feedback as Key[];
/** The highest number that can be given. */
export const OUT_OF = layout.out_of as Partial<Record<Key, number>>;
/** What people set in place, by the word on the button; HubSpot saves it as they leave the field. */
export const EDITED = Object.entries(layout.edited).map(([word, keys]) => ({
  word: word as Word,
  properties: (keys as Key[]).map((key) => CUSTOMER[key].name),
}));
