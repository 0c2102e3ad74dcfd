/** The words of the cards, in the language of the person who looks at them. */

import { useExtensionContext } from "@hubspot/ui-extensions";

import words from "./words.json";

type Words = (typeof words)["en"];
export type Word = keyof Words["card"];
export type FieldWord = keyof Words["fields"];
export type ChoiceWord = keyof Words["choices"];

export interface Speech {
  say: (word: Word, values?: Record<string, string | number>) => string;
  field: (key: FieldWord) => string;
  /** A choice by its value; what we have no word for stays as it is. */
  choice: (key: ChoiceWord, value: string) => string;
  /** A calendar day. A moment is shown as a day of the account's time zone. */
  day: (date: Date, zone?: "account") => string;
}

export function speech(locale: string, zone: string): Speech {
  const language = locale.slice(0, 2).toLowerCase();
  const spoken: Words = language in words ? words[language as keyof typeof words] : words.en;
  const days = (timeZone: string) =>
    new Intl.DateTimeFormat(spoken === words.en ? "en-GB" : language, {
      day: "numeric",
      month: "short",
      year: "numeric",
      timeZone,
    });
  const [dates, moments] = [days("UTC"), days(zone)];
  return {
    say: (word, values = {}) =>
      spoken.card[word].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name])),
    field: (key) => spoken.fields[key],
    choice: (key, value) => (spoken.choices[key] as Record<string, string>)[value] ?? value,
    day: (date, of) => (of ? moments : dates).format(date),
  };
}

export function useSpeech(): Speech {
  const { user, portal } = useExtensionContext<"crm.record.tab">();
  return speech(user.locale ?? user.language ?? "en", portal.timezone);
}
