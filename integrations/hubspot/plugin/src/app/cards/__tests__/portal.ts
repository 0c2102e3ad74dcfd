/** What an account would answer: a renderer whose hooks give these values. */

import { createRenderer, type Renderer } from "@hubspot/ui-extensions/testing";
import type { useAssociations } from "@hubspot/ui-extensions/crm";

import { CUSTOMER, OBJECTS, PERSON, TASK, type Values } from "../record";

type AssociationResult = ReturnType<typeof useAssociations>["results"][number];

/** The moment at which every card is looked at. */
export const NOW = new Date("2026-03-20T09:00:00Z");

interface Answer {
  results?: AssociationResult[];
  error?: Error;
  isLoading?: boolean;
}

interface Portal extends Answer {
  properties?: Values;
  tasks?: Answer;
  people?: Answer;
  locale?: string;
}

const IDLE = { isRefetching: false, refetch: () => Promise.resolve() };

export function open(portal: Portal): Renderer<"crm.record.tab"> {
  const renderer = createRenderer("crm.record.tab");
  const { mocks } = renderer;
  mocks.useCrmProperties.willCall(() => ({
    ...IDLE,
    properties: portal.properties ?? {},
    error: portal.error ?? null,
    isLoading: portal.isLoading ?? false,
  }));
  const none: AssociationResult[] = [];
  mocks.useAssociations.willCall(({ toObjectType }) => {
    const answer = toObjectType === OBJECTS.task ? portal.tasks : portal.people;
    return {
      ...IDLE,
      results: answer?.results ?? none,
      error: answer?.error ?? null,
      isLoading: answer?.isLoading ?? false,
      pagination: pages(false),
    };
  });
  Object.assign(mocks.context.user, { locale: portal.locale ?? "en-us" });
  Object.assign(mocks.context.portal, { timezone: "Europe/Berlin" });
  return renderer;
}

export function pages(hasNextPage: boolean, nextPage: () => void = () => undefined) {
  return {
    hasNextPage,
    nextPage,
    hasPreviousPage: false,
    currentPage: 1,
    pageSize: 100,
    previousPage: () => undefined,
    reset: () => undefined,
  };
}

export function record(toObjectId: number, properties: Values): AssociationResult {
  return { toObjectId, properties, associationTypes: [] };
}

/** A customer in the middle of a goodbye. */
export const LEAVING: Values = {
  [CUSTOMER.status.name]: "leaving",
  [CUSTOMER.case.name]: "abcdefgh23456777",
  [CUSTOMER.progress.name]: "40",
  [CUSTOMER.next_step.name]: "Send the final invoice (Billing)",
  [CUSTOMER.departs_on.name]: "2026-03-31",
  [CUSTOMER.decision.name]: "let_go",
  [CUSTOMER.exit_reason.name]: "price",
  [CUSTOMER.reason_csm.name]: "price",
  [CUSTOMER.exit_words.name]: "It grew too dear for us.",
  [CUSTOMER.rating_service.name]: "5",
  [CUSTOMER.would_return.name]: "8",
  [CUSTOMER.feedback_on.name]: "1773878400000",
};

const task = (id: number, title: string, step: string, more: Values): AssociationResult =>
  record(id, {
    hs_task_subject: title,
    hs_task_status: "NOT_STARTED",
    hubspot_owner_id: "Maurice Brunel",
    [TASK.key.name]: `abcdefgh23456777:${step}`,
    [TASK.department.name]: "billing",
    [TASK.required.name]: "true",
    [TASK.promise.name]: "false",
    ...more,
  });

export const TASKS = [
  task(3, "Send the final invoice", "final_invoice", {
    hs_timestamp: "2026-03-24T16:00:00Z",
    [TASK.promise.name]: "true",
  }),
  task(1, "Confirm the last day", "check_contract", {
    hs_task_status: "COMPLETED",
    hs_timestamp: "2026-03-04T16:00:00Z",
    hs_task_completion_date: "2026-03-03T23:30:00Z",
  }),
  task(2, "Hand over the data", "hand_over_data", {
    hs_timestamp: "2026-03-18T16:00:00Z",
    hubspot_owner_id: "77210401",
    [TASK.department.name]: "it",
    [TASK.promise.name]: "true",
  }),
  task(4, "Thank them", "thank_you", {
    hubspot_owner_id: null,
    [TASK.department.name]: null,
    [TASK.required.name]: "false",
  }),
  task(5, "From the goodbye before", "thank_you", { [TASK.key.name]: "qqqqqqqq22222222:thank_you" }),
  task(6, "Somebody's own task", "", { [TASK.key.name]: null }),
];

export const PEOPLE = [
  record(11, {
    firstname: "Ada",
    lastname: "Finch",
    [PERSON.survey_status.name]: "answered",
    [PERSON.stay_in_touch.name]: "true",
    [PERSON.contact_basis.name]: "consent",
    [PERSON.contact_until.name]: "2027-03-31",
  }),
  record(12, {
    firstname: "Bo",
    lastname: null,
    [PERSON.contact_basis.name]: "consent",
    [PERSON.contact_until.name]: "2026-03-19",
  }),
  record(13, { email: "c@copper.example", [PERSON.contact_basis.name]: "none" }),
  record(14, { firstname: "Di", [PERSON.contact_basis.name]: "soft_opt_in" }),
  record(15, { firstname: "Ed" }),
];
