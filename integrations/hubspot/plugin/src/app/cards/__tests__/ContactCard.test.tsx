import { expect, it, vi } from "vitest";
import { Button, EmptyState, ErrorState, LoadingSpinner } from "@hubspot/ui-extensions";

import { ContactCard } from "../ContactCard";
import { OPTED_OUT, PERSON, type Values } from "../record";
import { open } from "./portal";
import { all } from "./reading";

const ANSWERED: Values = {
  [PERSON.survey_url.name]: "https://goodbye.example/s/abc",
  [PERSON.survey_status.name]: "answered",
  [PERSON.survey_sent_on.name]: "2026-03-03",
  [PERSON.survey_answered_on.name]: "2026-03-05",
  [PERSON.stay_in_touch.name]: "true",
  [PERSON.reference_ok.name]: "false",
  [PERSON.contact_basis.name]: "consent",
  [PERSON.contact_until.name]: "2026-12-31",
  [PERSON.alumni_segments.name]: "budget;own_segment",
};

it("shows the survey, the consent and what the person said", () => {
  const words = all(open({ properties: ANSWERED }).render(<ContactCard />));
  expect(words).toBe(
    "Exit survey | Answered | 3 Mar 2026 | 5 Mar 2026 | Copy the survey link | Stay in touch" +
      " | May be contacted until 31 Dec 2026 | Yes | No | Consent | Budget, own_segment",
  );
});

it("says what is not known", () => {
  const properties = { [PERSON.survey_status.name]: "withheld" };
  const { render, maybeFind } = open({ properties });
  expect(all(render(<ContactCard />))).toBe(
    "Exit survey | Withheld | Not known | Not known | Stay in touch" +
      " | Nothing is known about consent | Not known | Not known | Not known | Not known",
  );
  expect(maybeFind(Button)).toBeNull();
});

it("copies the link and says so", async () => {
  const { render, find, mocks } = open({ properties: ANSWERED });
  render(<ContactCard />);
  find(Button).trigger("onClick");
  expect(mocks.actions.copyTextToClipboard.calls).toEqual([["https://goodbye.example/s/abc"]]);
  await vi.waitFor(() => {
    expect(mocks.actions.addAlert.calls).toEqual([
      [{ type: "success", message: "The link is copied." }],
    ]);
  });
});

it("says that it is loading", () => {
  const { render, find } = open({ isLoading: true });
  render(<ContactCard />);
  expect(find(LoadingSpinner)).toBeTruthy();
});

it("says that there is nothing yet", () => {
  const { render, find } = open({ properties: {} });
  render(<ContactCard />);
  expect(find(EmptyState).props.title).toBe("No survey and no consent yet");
});

it("tells a person without access from an error, and tries again", () => {
  const denied = open({ error: new Error("You do not have access to this record") });
  denied.render(<ContactCard />);
  expect(denied.find(ErrorState).props.type).toBe("lock");
  const portal = { error: new Error("timeout") as Error | undefined, properties: ANSWERED };
  const failed = open(portal);
  failed.render(<ContactCard />);
  expect(failed.find(ErrorState).props.type).toBe("error");
  portal.error = undefined;
  failed.find(Button).trigger("onClick");
  expect(all(failed.getRootNode())).toContain("Answered");
});

it("warns of somebody who left all e-mail, even where nothing else is known", () => {
  const opted = open({ properties: { [OPTED_OUT]: "true" } });
  expect(all(opted.render(<ContactCard />))).toContain("May not be contacted");
  const staying = open({ properties: { [OPTED_OUT]: "false" } });
  staying.render(<ContactCard />);
  expect(staying.find(EmptyState).props.title).toBe("No survey and no consent yet");
});

it("names the segments in the reader's language", () => {
  const words = all(open({ properties: ANSWERED, locale: "de" }).render(<ContactCard />));
  expect(words).toContain("Budget, own_segment");
  const friends = { ...ANSWERED, [PERSON.alumni_segments.name]: "friends;change" };
  expect(all(open({ properties: friends, locale: "de" }).render(<ContactCard />))).toContain(
    "Freunde, Veränderung",
  );
});
