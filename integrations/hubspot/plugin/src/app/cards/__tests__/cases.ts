/** The cases that every card is shown, in HubSpot's shapes; see tests/plugins/cases/README.md. */

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { CUSTOMER, OPTED_OUT, PERSON, TASK, type Values } from "../record";
import { record } from "./portal";

const CASES = join(
  dirname(fileURLToPath(import.meta.url)),
  "../../../../../../../tests/plugins/cases",
);
const read = (name: string) => JSON.parse(readFileSync(join(CASES, name), "utf-8")) as unknown;

export interface ConsentCase {
  name: string;
  basis: string | null;
  until: string | null;
  opted_out?: boolean;
  says: string;
  tone: "good" | "bad" | "open";
}
interface CardCase {
  customer: Record<string, string>;
  tasks: {
    step: string;
    title: string;
    department: string | null;
    required: boolean;
    promise: boolean;
    owner: string | null;
    due: string | null;
    done_on: string | null;
  }[];
  people: Record<string, string | boolean>[];
  says: {
    title: string;
    start: string;
    phases: string[];
    phase: string;
    progress: string;
    facts: [string, string][];
    edited: string[];
    promises: string[];
    checklist: string[];
    unconfirmed: string;
    feedback: [string, string][];
    people: string[];
  };
  states: Record<string, string[]>;
}

export const CONSENT = read("consent.json") as ConsentCase[];
export const CARD = read("card.json") as CardCase;

const DAYS = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  year: "numeric",
  timeZone: "UTC",
});

/** A text with its days as the card writes them in English: 20 Mar 2026. */
export function shownAs<T>(told: T): T {
  const text = JSON.stringify(told).replace(/\d{4}-\d\d-\d\d/g, (day) => DAYS.format(new Date(day)));
  return JSON.parse(text) as T;
}

export function customer(more: Record<string, string> = {}): Values {
  const given = { ...CARD.customer, ...more };
  return Object.fromEntries(
    Object.entries(given).map(([key, value]) => [
      CUSTOMER[key as keyof typeof CUSTOMER].name,
      value,
    ]),
  );
}

export const tasks = CARD.tasks.map((one, index) =>
  record(index, {
    hs_task_subject: one.title,
    hs_task_status: one.done_on ? "COMPLETED" : "NOT_STARTED",
    hs_task_completion_date: one.done_on && `${one.done_on}T12:00:00Z`,
    hs_timestamp: one.due && `${one.due}T16:00:00Z`,
    hubspot_owner_id: one.owner,
    [TASK.key.name]: `${CARD.customer["case"]!}:${one.step}`,
    [TASK.department.name]: one.department,
    [TASK.required.name]: String(one.required),
    [TASK.promise.name]: String(one.promise),
  }),
);

export const people = CARD.people.map(({ name, opted_out, ...more }, index) =>
  record(index, {
    firstname: String(name).split(" ")[0]!,
    lastname: String(name).split(" ")[1]!,
    [OPTED_OUT]: opted_out ? "true" : null,
    ...Object.fromEntries(
      Object.entries(more).map(([key, value]) => [
        PERSON[key as keyof typeof PERSON].name,
        String(value),
      ]),
    ),
  }),
);
