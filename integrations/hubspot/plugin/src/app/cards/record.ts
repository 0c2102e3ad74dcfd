/** What HubSpot's hooks give, as values: days, tasks of a case, people. Pure. */

import fields from "./fields.json";
import layout from "./layout.json";

export type Values = Record<string, string | null>;

/** Names of our properties in this account, by our keys. */
export const CUSTOMER = fields.customer;
export const PERSON = fields.person;
export const TASK = fields.task;
export const STAGE = fields.watched.customer_stage.name;

/** HubSpot's object types. */
export const OBJECTS = { contact: "0-1", company: "0-2", task: "0-27" } as const;

/** HubSpot's own: the person has left all e-mail. It goes before everything that we noted earlier. */
export const OPTED_OUT = "hs_email_optout";

export const TASK_PROPERTIES = [
  "hs_task_subject",
  "hs_task_status",
  "hs_task_completion_date",
  "hs_timestamp",
  "hubspot_owner_id",
  ...[TASK.key, TASK.department, TASK.required, TASK.promise].map((field) => field.name),
];
export const PERSON_PROPERTIES = [
  "firstname",
  "lastname",
  "email",
  OPTED_OUT,
  ...[PERSON.survey_status, PERSON.stay_in_touch, PERSON.contact_basis, PERSON.contact_until].map(
    (field) => field.name,
  ),
];

export interface Found {
  toObjectId: number;
  properties: Values;
}

export interface Task {
  id: number;
  title: string;
  department: string;
  /** A name, or an empty text where HubSpot gave only the owner's number. */
  owner: string | null;
  due: Date | null;
  done: boolean;
  doneAt: Date | null;
  required: boolean;
  promise: boolean;
}

/** Dates come as `2026-03-02`, moments as ISO 8601, and both as milliseconds. */
export function moment(text: string | null | undefined): Date | null {
  if (!text) return null;
  const date = new Date(/^-?\d+$/.test(text) ? Number(text) : text);
  return Number.isNaN(date.getTime()) ? null : date;
}

/** A flag; null where nobody has said. */
export function flag(text: string | null | undefined): boolean | null {
  return text ? text === "true" : null;
}

export function number(text: string | null | undefined): number | null {
  return text && !Number.isNaN(Number(text)) ? Number(text) : null;
}

/** The tasks of one case, by their due dates; keys are `<case>:<step>`. */
export function tasksOf(key: string | null | undefined, records: Found[]): Task[] {
  if (!key) return [];
  return records
    .filter(({ properties }) => properties[TASK.key.name]?.startsWith(`${key}:`))
    .map(task)
    .sort((one, other) => (one.due?.getTime() ?? Infinity) - (other.due?.getTime() ?? Infinity));
}

function task({ toObjectId, properties }: Found): Task {
  const owner = properties["hubspot_owner_id"];
  return {
    id: toObjectId,
    title: properties["hs_task_subject"] ?? "",
    department: properties[TASK.department.name] ?? "",
    owner: owner && /^\d+$/.test(owner) ? "" : (owner ?? null) || null,
    due: moment(properties["hs_timestamp"]),
    done: properties["hs_task_status"] === "COMPLETED",
    doneAt: moment(properties["hs_task_completion_date"]),
    required: flag(properties[TASK.required.name]) ?? false,
    promise: flag(properties[TASK.promise.name]) ?? false,
  };
}

/** Departments in the order of `fields.yaml`, each with its tasks; then those without one. */
export function byDepartment(tasks: Task[]): [department: string, tasks: Task[]][] {
  const known = TASK.department.options.map((option) => option.value);
  const others = tasks.map((one) => one.department).filter((name) => name && !known.includes(name));
  return [...new Set([...known, ...others, ""])]
    .map((name): [string, Task[]] => [name, tasks.filter((one) => one.department === name)])
    .filter(([, some]) => some.length > 0);
}

export type Contact = "unknown" | "no" | "open" | Date;

/** Whether we may write to a person: until a day, without an end, not, or nobody knows. */
export function consent(values: Values, now: Date): Contact {
  if (flag(values[OPTED_OUT])) return "no";
  const basis = values[PERSON.contact_basis.name];
  if (!basis) return "unknown";
  const until = moment(values[PERSON.contact_until.name]);
  const ended = until !== null && until.getTime() + 86_400_000 <= now.getTime();
  if (basis === layout.no_basis || ended) return "no";
  return until ?? "open";
}

export function nameOf({ properties }: Found): string {
  const name = [properties["firstname"], properties["lastname"]].filter(Boolean).join(" ");
  return name || (properties["email"] ?? "");
}
