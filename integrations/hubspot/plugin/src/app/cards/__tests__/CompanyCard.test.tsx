import { describe, expect, it } from "vitest";
import {
  Accordion,
  Button,
  DescriptionListItem,
  EmptyState,
  ErrorState,
  LoadingSpinner,
  ProgressBar,
  StatusTag,
  StepIndicator,
} from "@hubspot/ui-extensions";
import { CrmActionButton, CrmActionLink, CrmPropertyList } from "@hubspot/ui-extensions/crm";

import { CompanyCard } from "../CompanyCard";
import { CUSTOMER } from "../record";
import { CARD, customer, people, shownAs, tasks } from "./cases";
import { LEAVING, open, PEOPLE, TASKS } from "./portal";
import { all, texts } from "./reading";

const whole = { properties: LEAVING, tasks: { results: TASKS }, people: { results: PEOPLE } };

describe("while nothing can be shown", () => {
  it("says that it is loading", () => {
    const { render, find } = open({ isLoading: true });
    render(<CompanyCard />);
    expect(find(LoadingSpinner).props.label).toBe("Loading the off-boarding");
  });

  it("says that no off-boarding is under way, and how one begins", () => {
    const { render, find, maybeFind } = open({ properties: { [CUSTOMER.status.name]: null } });
    const root = render(<CompanyCard />);
    expect(find(EmptyState).props.title).toBe("No off-boarding is under way");
    expect(all(root)).toContain("some minutes after the customer stage says that they are leaving");
    expect(find(CrmPropertyList).props.properties).toEqual(["customer_stage"]);
    expect(maybeFind(StepIndicator)).toBeNull();
  });

  it.each(["User lacks permission", "403", "Missing scopes", "FORBIDDEN"])(
    "says who can help a person without access: %s",
    (message) => {
      const { render, find } = open({ error: new Error(message) });
      const root = render(<CompanyCard />);
      expect(find(ErrorState).props.type).toBe("lock");
      expect(all(root)).toContain("Ask your admin for the right");
    },
  );

  it("says what to do about an error, and tries again", () => {
    const portal = { error: new Error("500") as Error | undefined, properties: LEAVING };
    const { render, find, maybeFind } = open(portal);
    render(<CompanyCard />);
    expect(find(ErrorState).props).toMatchObject({ type: "error", title: "This could not be loaded" });
    portal.error = undefined;
    find(Button).trigger("onClick");
    expect(maybeFind(ErrorState)).toBeNull();
    expect(find(StepIndicator)).toBeTruthy();
  });
});

describe("the course", () => {
  it("shows the path, the progress, the next step and the dates", () => {
    const { render, find } = open(whole);
    const root = render(<CompanyCard />);
    const path = find(StepIndicator).props;
    expect(path.stepNames).toEqual(["Notice", "Assess", "Leaving", "Departed", "Alumni"]);
    expect(path.currentStep).toBe(2);
    expect(find(ProgressBar).props).toMatchObject({ value: 40, maxValue: 100, title: "Progress" });
    expect(all(root)).toContain("Send the final invoice (Billing)");
    expect(all(root)).toContain("31 Mar 2026");
    expect(all(root)).toContain("Let go");
  });

  it("says when nothing is due and nothing is done", () => {
    const { render, find } = open({ properties: { [CUSTOMER.status.name]: "notice" } });
    const root = render(<CompanyCard />);
    expect(find(ProgressBar).props.value).toBe(0);
    expect(all(root)).toContain("Nothing is due");
  });

  it.each([
    ["saved", "2026-03-12", "The customer stayed, 12 Mar 2026"],
    ["returned", "2026-05-01", "The customer came back, 1 May 2026"],
    ["saved", null, "Saved"],
  ])("says that the goodbye is over: %s %s", (status, date, words) => {
    const { render, find, maybeFind } = open({
      properties: {
        ...LEAVING,
        [CUSTOMER.status.name]: status,
        [`aurevoir_${status}_on`]: date,
      },
    });
    render(<CompanyCard />);
    expect(texts(find(StatusTag))).toEqual([words]);
    expect(maybeFind(StepIndicator)).toBeNull();
  });
});

describe("the tasks of the case", () => {
  it("lists promises by their dates, kept and open and late", () => {
    const root = open(whole).render(<CompanyCard />);
    const words = all(root);
    const promises = words.slice(words.indexOf("Promises"), words.indexOf("Checklist"));
    expect(promises).toBe(
      "Promises to the customer | 0 of 2 done | Late | Hand over the data | Due 18 Mar 2026" +
        " | Open | Send the final invoice | Due 24 Mar 2026 | ",
    );
  });

  it("sorts the checklist by department, and opens what is late", () => {
    const { render, findAll } = open(whole);
    render(<CompanyCard />);
    const departments = findAll(Accordion).slice(4, 7);
    expect(departments.map((one) => [one.props.title, one.props.defaultOpen])).toEqual([
      ["Billing: 1 of 2 done", false],
      ["IT: 0 of 1 done", true],
      ["Without a department: 0 of 1 done", false],
    ]);
    expect(departments.map(all)).toEqual([
      "Done | Confirm the last day | Maurice Brunel · Done 4 Mar 2026" +
        " | Open | Send the final invoice | Complete | Maurice Brunel · Due 24 Mar 2026 · Promised",
      "Late | Hand over the data | Complete | Assigned · Due 18 Mar 2026 · Promised",
      "Open | Thank them | Complete | Nobody's task · No due date · Optional",
    ]);
  });

  it("leaves out the tasks of other cases and of other people", () => {
    const words = all(open(whole).render(<CompanyCard />));
    expect(words).not.toContain("From the goodbye before");
    expect(words).not.toContain("Somebody's own task");
  });

  it("opens a task beside the record", () => {
    const { render, findAll } = open(whole);
    render(<CompanyCard />);
    const link = findAll(CrmActionLink).find((one) => all(one) === "Hand over the data");
    expect(link?.props).toMatchObject({
      actionType: "PREVIEW_OBJECT",
      actionContext: { objectTypeId: "0-27", objectId: 2 },
    });
  });

  it("says what HubSpot refuses", () => {
    const { render, find, mocks } = open(whole);
    render(<CompanyCard />);
    find(CrmActionLink).props.onError?.(["You cannot view tasks.", "Ask an admin."]);
    expect(mocks.actions.addAlert.calls).toEqual([
      [
        {
          type: "danger",
          title: "HubSpot did not do that",
          message: "You cannot view tasks. Ask an admin.",
        },
      ],
    ]);
  });

  it("completes a task in place", () => {
    const portal = { ...whole, tasks: { results: TASKS.filter((task) => task.toObjectId === 2) } };
    const { render, findAll, find, getRootNode } = open(portal);
    render(<CompanyCard />);
    const status = () =>
      findAll(CrmPropertyList).find((list) => list.props.properties[0] === "hs_task_status");
    const press = (words: string) =>
      find(Button, (button) => all(button) === words).trigger("onClick");
    press("Complete");
    expect(status()?.props).toMatchObject({
      objectTypeId: "0-27",
      objectId: 2,
      properties: ["hs_task_status", "hubspot_owner_id"],
    });
    expect(all(getRootNode())).toContain("Set the task status to Completed");
    press("Close");
    expect(status()).toBeUndefined();
    press("Complete");
    const [task] = portal.tasks.results;
    portal.tasks.results = [
      { ...task!, properties: { ...task!.properties, hs_task_status: "COMPLETED" } },
    ];
    press("Refresh");
    expect(all(getRootNode())).toContain("Done | Hand over the data");
    expect(find(Accordion, { title: "IT: 1 of 1 done" })).toBeTruthy();
    expect(status()).toBeUndefined();
  });

  it("says that there are none", () => {
    const words = all(open({ properties: LEAVING }).render(<CompanyCard />));
    expect(words).toContain("Nothing has been promised yet");
    expect(words).toContain("This case has no tasks yet");
  });

  it("shows none where the case has no key", () => {
    const properties = { ...LEAVING, [CUSTOMER.case.name]: "" };
    expect(all(open({ ...whole, properties }).render(<CompanyCard />))).toContain(
      "This case has no tasks yet",
    );
  });

  it("shows the rest while tasks load or cannot be read", () => {
    const waiting = open({ ...whole, tasks: { isLoading: true } });
    const words = all(waiting.render(<CompanyCard />));
    expect(waiting.find(LoadingSpinner)).toBeTruthy();
    expect(words).toContain("It grew too dear for us.");
    const failed = open({ ...whole, tasks: { error: new Error("No access to tasks") } });
    failed.render(<CompanyCard />);
    expect(failed.find(ErrorState).props.type).toBe("lock");
    expect(failed.find(StepIndicator)).toBeTruthy();
  });
});

describe("the feedback", () => {
  it("shows reasons, words and ratings, and that the reason is not confirmed", () => {
    const words = all(open(whole).render(<CompanyCard />));
    expect(words).toContain("Price");
    expect(words).toContain("The reason is not confirmed yet");
    expect(words).toContain("It grew too dear for us.");
    expect(words).toContain("5 / 5");
    expect(words).toContain("8 / 10");
    expect(words).toContain("19 Mar 2026");
  });

  it("says when the reason was confirmed", () => {
    const properties = { ...LEAVING, [CUSTOMER.reason_confirmed_on.name]: "2026-03-10" };
    const words = all(open({ ...whole, properties }).render(<CompanyCard />));
    expect(words).toContain("10 Mar 2026");
    expect(words).not.toContain("not confirmed");
  });

  it("says that there is none", () => {
    const properties = { [CUSTOMER.status.name]: "notice" };
    expect(all(open({ properties }).render(<CompanyCard />))).toContain("No feedback yet");
  });
});

describe("the people", () => {
  it("shows each with survey and consent", () => {
    const { render, findAll } = open(whole);
    render(<CompanyCard />);
    const people = findAll(Accordion).at(-1);
    expect(people?.props.title).toBe("People and consent");
    expect(all(people!)).toBe(
      "Ada Finch | May be contacted until 31 Mar 2027 | Survey status: Answered | Stay in touch" +
        " | Bo | May not be contacted | c@copper.example | May not be contacted" +
        " | Di | May be contacted | Ed | Nothing is known about consent",
    );
  });

  it("says that there are none, that they load, or that they cannot be read", () => {
    expect(all(open({ properties: LEAVING }).render(<CompanyCard />))).toContain(
      "Nobody is known here",
    );
    const waiting = open({ ...whole, people: { isLoading: true } });
    waiting.render(<CompanyCard />);
    expect(waiting.find(LoadingSpinner)).toBeTruthy();
    const failed = open({ ...whole, people: { error: new Error("504") } });
    failed.render(<CompanyCard />);
    expect(failed.find(ErrorState).props.type).toBe("error");
  });
});

describe("what people set in place", () => {
  it("is the decision, the last day, the reason and the interview's answers", () => {
    const { render, findAll } = open({ properties: LEAVING });
    render(<CompanyCard />);
    const [decide, reason, interview, departure] = findAll(CrmPropertyList).map(
      (list) => list.props.properties,
    );
    expect(decide).toEqual(["aurevoir_decision"]);
    expect(reason).toEqual(["aurevoir_reason_csm", "aurevoir_reasons_other"]);
    expect(departure).toEqual(["aurevoir_departs_on"]);
    expect(interview).toEqual(
      [
        ...["exit_words", "exit_what_if", "exit_benefits", "moving_to"],
        ...["rating_product", "rating_service", "rating_process", "rating_price"],
        ...["would_recommend", "would_return"],
      ].map((name) => `aurevoir_${name}`),
    );
    expect(interview!.length).toBeLessThanOrEqual(24); // what a CrmPropertyList shows at most
  });

  it("is every field that is theirs", () => {
    const { render, findAll } = open({ properties: LEAVING });
    render(<CompanyCard />);
    const offered = findAll(CrmPropertyList).flatMap((list) => list.props.properties);
    const theirs = Object.values(CUSTOMER).filter((field) => field.setBy !== "us");
    expect(offered.sort()).toEqual(theirs.map((field) => field.name).sort());
  });

  it("adds a note to this record", () => {
    const { render, find, mocks } = open({ properties: LEAVING });
    Object.assign(mocks.context.crm, { objectTypeId: "0-2", objectId: 77 });
    render(<CompanyCard />);
    expect(find(CrmActionButton).props).toMatchObject({
      actionType: "ADD_NOTE",
      actionContext: { objectTypeId: "0-2", objectId: 77 },
    });
  });
});

describe("the case that every card is shown", () => {
  const { says, states } = CARD;

  it("reads as it does everywhere", () => {
    const { render, find, findAll } = open({
      properties: customer(),
      tasks: { results: tasks },
      people: { results: people },
    });
    const root = render(<CompanyCard />);
    const path = find(StepIndicator).props;
    expect(path.stepNames).toEqual(says.phases);
    expect(path.stepNames[path.currentStep as number]).toBe(says.phase);
    const bar = find(ProgressBar).props;
    expect(`${bar.value} % ${bar.valueDescription}`).toBe(says.progress);
    const rows = findAll(DescriptionListItem).map((row) => [row.props.label, all(row)]);
    expect(rows).toEqual(shownAs([...says.facts, ...says.feedback]));
    const titles = findAll(Accordion).map((one) => one.props.title);
    expect(titles.slice(0, 4)).toEqual(says.edited);
    const words = all(root);
    const promises = words.slice(words.indexOf("Promises"), words.indexOf(" | Checklist"));
    expect(promises).toBe(["Promises to the customer", ...shownAs(says.promises)].join(" | "));
    expect(words).toContain(says.unconfirmed);
    const departments = findAll(Accordion).slice(4, -2);
    const listed = departments.flatMap((one) => [one.props.title, all(one)]).join(" | ");
    expect(listed.replaceAll(" | Complete", "")).toBe(shownAs(says.checklist).join(" | "));
    expect(all(findAll(Accordion).at(-1)!)).toBe(shownAs(says.people).join(" | "));
  });

  it.each(["saved", "returned"])("says that the goodbye is over: %s", (status) => {
    const properties = customer({ status, [`${status}_on`]: "2026-03-12" });
    const { render, find } = open({ properties });
    render(<CompanyCard />);
    expect(texts(find(StatusTag))).toEqual(shownAs(states[status]!));
  });

  it("says in every state what is said everywhere", () => {
    const loading = open({ isLoading: true });
    loading.render(<CompanyCard />);
    expect([loading.find(LoadingSpinner).props.label]).toEqual(states["loading"]);
    const empty = open({ properties: {} });
    const nothing = empty.render(<CompanyCard />);
    expect([empty.find(EmptyState).props.title, texts(nothing)[0]]).toEqual(states["empty"]);
    expect(empty.find(Accordion).props.title).toBe(says.start);
    for (const [state, message] of [["no_access", "403"], ["error", "500"]] as const) {
      const failed = open({ error: new Error(message) });
      const root = failed.render(<CompanyCard />);
      expect([failed.find(ErrorState).props.title, texts(root)[0]]).toEqual(states[state]);
    }
  });

  it("says of each part that there is nothing", () => {
    const properties = { [CUSTOMER.status.name]: "notice", [CUSTOMER.case.name]: "a" };
    const said = texts(open({ properties }).render(<CompanyCard />));
    expect(said).toEqual(expect.arrayContaining(states["blank"]!));
  });
});

describe("languages", () => {
  it.each([
    ["de-de", "Abschied", "Abrechnung: 1 von 2 erledigt", "31. März 2026"],
    ["fr", "Départ", "Facturation: 1 sur 2 terminées", "31 mars 2026"],
    ["es-mx", "Salida", "Facturación: 1 de 2 hechas", "31 mar 2026"],
    ["pl", "Leaving", "Billing: 1 of 2 done", "31 Mar 2026"],
  ])("speaks %s", (locale, phase, billing, day) => {
    const { render, find, findAll } = open({ ...whole, locale });
    const root = render(<CompanyCard />);
    expect(find(StepIndicator).props.stepNames[2]).toBe(phase);
    expect(findAll(Accordion)[4]!.props.title).toBe(billing);
    expect(all(root)).toContain(day);
  });
});
