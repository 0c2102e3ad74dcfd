import { describe, expect, it } from "vitest";

import {
  byDepartment,
  consent,
  flag,
  moment,
  nameOf,
  number,
  OPTED_OUT,
  PERSON,
  TASK,
  tasksOf,
} from "../record";
import { shown } from "../Rows";
import { speech } from "../words";
import words from "../words.json";
import { CONSENT, shownAs } from "./cases";
import { NOW } from "./portal";

it.each([
  ["2026-03-31", "2026-03-31T00:00:00.000Z"],
  ["1774915200000", "2026-03-31T00:00:00.000Z"],
  ["2026-03-31T16:30:00Z", "2026-03-31T16:30:00.000Z"],
  ["soon", undefined],
  ["", undefined],
  [null, undefined],
])("reads the moment %s", (text, iso) => {
  expect(moment(text)?.toISOString()).toBe(iso);
});

it("tells no from not known", () => {
  expect([flag("true"), flag("false"), flag(""), flag(null)]).toEqual([true, false, null, null]);
  expect([number("0"), number("40.5"), number(""), number("many")]).toEqual([0, 40.5, null, null]);
});

describe("tasks", () => {
  const found = (step: string, department: string | null) => ({
    toObjectId: 1,
    properties: { [TASK.key.name]: `case:${step}`, [TASK.department.name]: department },
  });

  it("do with what is there", () => {
    expect(tasksOf("case", [found("thank_you", null)])).toEqual([
      {
        id: 1,
        title: "",
        department: "",
        owner: null,
        due: null,
        done: false,
        doneAt: null,
        required: false,
        promise: false,
      },
    ]);
  });

  it("of one case are not those of a case whose key begins alike", () => {
    expect(tasksOf("cas", [found("thank_you", null)])).toEqual([]);
  });

  it("of a department of the admin's own come after ours", () => {
    const tasks = tasksOf("case", [found("a", null), found("b", "fleet"), found("c", "leadership")]);
    expect(byDepartment(tasks).map(([department]) => department)).toEqual([
      "leadership",
      "fleet",
      "",
    ]);
  });
});

describe("consent", () => {
  it.each(CONSENT)("says what every card says: $name", ({ basis, until, opted_out, says }) => {
    const values = {
      [PERSON.contact_basis.name]: basis,
      [PERSON.contact_until.name]: until,
      [OPTED_OUT]: opted_out ? "true" : "false",
    };
    const state = consent(values, NOW);
    const { say, day } = speech("en", "UTC");
    const said =
      state instanceof Date
        ? say("may_contact", { date: day(state) })
        : say(
            ({ unknown: "consent_unknown", no: "may_not_contact", open: "may_contact_open" } as const)[
              state
            ],
          );
    expect(said).toBe(shownAs(says));
  });

  const of = (basis: string, until: string) =>
    consent({ [PERSON.contact_basis.name]: basis, [PERSON.contact_until.name]: until }, NOW);

  it("holds to the end of its last day", () => {
    expect(of("consent", "2026-03-20")).toEqual(new Date("2026-03-20"));
    expect(of("consent", "2026-03-19")).toBe("no");
  });

  it("needs a basis", () => {
    expect(of("none", "2027-01-01")).toBe("no");
    expect(of("", "2027-01-01")).toBe("unknown");
    expect(of("consent", "")).toBe("open");
  });
});

it("names a person by what is known", () => {
  const name = (properties: Record<string, string | null>) => nameOf({ toObjectId: 1, properties });
  expect(name({ firstname: "Ada", lastname: "Finch", email: "a@b.example" })).toBe("Ada Finch");
  expect(name({ firstname: null, email: "a@b.example" })).toBe("a@b.example");
  expect(name({})).toBe("");
});

describe("words", () => {
  it("are the same in number in every language, and none is empty", () => {
    const keys = (value: object): string[] =>
      Object.entries(value).flatMap(([key, text]) =>
        typeof text === "string" ? [key] : keys(text as object).map((below) => `${key}.${below}`),
      );
    for (const spoken of Object.values(words)) {
      expect(keys(spoken)).toEqual(keys(words.en));
      expect(JSON.stringify(spoken)).not.toContain('""');
    }
  });

  it("keep their blanks in every language", () => {
    const blanks = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();
    for (const spoken of Object.values(words)) {
      for (const [key, text] of Object.entries(words.en.card)) {
        expect(blanks(spoken.card[key as keyof typeof spoken.card])).toEqual(blanks(text));
      }
    }
  });

  it("name days as the reader's language does, in the account's zone where it is a moment", () => {
    const late = new Date("2026-03-31T23:30:00Z");
    expect(speech("en", "Europe/Berlin").day(late)).toBe("31 Mar 2026");
    expect(speech("en", "Europe/Berlin").day(late, "account")).toBe("1 Apr 2026");
    expect(speech("de", "UTC").day(late)).toBe("31. März 2026");
  });

  it("leave a choice that we do not know as it is", () => {
    expect(speech("fr", "UTC").choice("exit_reason", "weather")).toBe("weather");
  });
});

it("shows a date that is none as it is", () => {
  expect(shown("feedback_on", "soon", speech("en", "UTC"))).toBe("soon");
});
