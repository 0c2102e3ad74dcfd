/** The project's configuration, held against what HubSpot's documents allow. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";

import schema from "./hsmeta.schema.json";

const CARDS = dirname(dirname(fileURLToPath(import.meta.url)));
const SRC = resolve(CARDS, "../..");
/** Type of component -> its folder; "App configuration" in HubSpot's documentation. */
const FOLDERS: Record<string, string> = { app: "app", card: "cards", webhooks: "webhooks" };

const valid = new Ajv({ allErrors: true, strict: false }).compile(schema);
const parse = (path: string) => JSON.parse(readFileSync(path, "utf-8")) as Meta;

interface Meta {
  uid: string;
  type: string;
  config: Record<string, unknown>;
}

const ours = readdirSync(SRC, { recursive: true, encoding: "utf-8" })
  .filter((path) => path.endsWith("-hsmeta.json") && !path.includes("node_modules"))
  .map((path) => join(SRC, path));

describe("our components", () => {
  it.each(ours)("%s fits", (path) => {
    valid(parse(path));
    expect(valid.errors).toBeNull();
  });

  it("are all there, each in its folder and with its own uid", () => {
    const metas = ours.map(parse);
    expect(metas.map((meta) => meta.type).sort()).toEqual(["app", "card", "card", "webhooks"]);
    expect(new Set(metas.map((meta) => meta.uid)).size).toBe(metas.length);
    for (const path of ours) {
      expect(basename(dirname(path))).toBe(FOLDERS[parse(path).type]);
    }
  });

  it("have entry points that exist", () => {
    const entries = ours.map((path) => parse(path).config["entrypoint"]).filter(Boolean);
    expect(entries).toHaveLength(2);
    for (const entry of entries) expect(existsSync(join(SRC, String(entry)))).toBe(true);
  });

  it("call nobody and tell nobody", () => {
    const app = ours.map(parse).find((meta) => meta.type === "app");
    expect(app?.config["permittedUrls"]).toEqual({ fetch: [], iframe: [], img: [] });
    const webhooks = ours.map(parse).find((meta) => meta.type === "webhooks");
    expect(JSON.stringify(webhooks)).not.toContain('"active":true');
  });

  it("are of the current platform version", () => {
    expect(parse(resolve(SRC, "../hsproject.json"))).toEqual({
      name: "aurevoir",
      srcDir: "src",
      platformVersion: "2026.09",
    });
  });
});

/** Shaped as in HubSpot/ui-extensions-examples (example-2025-2-project, legacy-card-converter). */
const app = {
  uid: "app-Example",
  type: "app",
  config: {
    name: "Example",
    description: "An app with a static token.",
    distribution: "private",
    auth: {
      type: "static",
      requiredScopes: ["oauth", "crm.objects.contacts.read", "tickets"],
      optionalScopes: [],
      conditionallyRequiredScopes: [],
    },
    permittedUrls: { fetch: ["https://api.hubapi.com"], iframe: [], img: [] },
    support: {
      supportEmail: "support@example.com",
      documentationUrl: "https://example.com/docs",
      supportUrl: "https://example.com/support",
      supportPhone: "+18005555555",
    },
  },
};
const card = {
  uid: "card-example",
  type: "card",
  config: {
    name: "New Card",
    location: "crm.record.tab",
    entrypoint: "/app/cards/NewCard.tsx",
    objectTypes: ["contacts"],
  },
};
const webhooks = {
  uid: "webhooks-Example",
  type: "webhooks",
  config: {
    settings: { targetUrl: "https://example.com/webhook", maxConcurrentRequests: 10 },
    subscriptions: {
      crmObjects: [
        { subscriptionType: "object.creation", objectType: "contact", active: true },
        {
          subscriptionType: "object.propertyChange",
          objectType: "contact",
          propertyName: "firstname",
          active: true,
        },
      ],
      legacyCrmObjects: [
        { subscriptionType: "contact.propertyChange", propertyName: "lastname", active: true },
        { subscriptionType: "contact.deletion", active: true },
      ],
      hubEvents: [{ subscriptionType: "contact.privacyDeletion", active: true }],
    },
  },
};
const page = {
  uid: "page-example",
  type: "page",
  config: { entrypoint: "/app/pages/Home.tsx", location: "home" },
};
const settings = {
  uid: "settings-example",
  type: "settings",
  config: { entrypoint: "/app/settings/SettingsPage.tsx" },
};
const sidebar = {
  ...card,
  config: {
    ...card.config,
    location: "crm.record.sidebar",
    objectTypes: ["contacts", "companies", "deals", "tickets"],
  },
};
const helpdesk = {
  ...card,
  config: { ...card.config, location: "helpdesk.sidebar", objectTypes: ["tickets"] },
};

it.each([app, card, sidebar, helpdesk, page, settings, webhooks])(
  "HubSpot's own example fits: $type",
  (example) => {
    valid(example);
    expect(valid.errors).toBeNull();
  },
);

/** A copy with one value set, or taken away where it is undefined. */
function broken(meta: Meta, path: string, value?: unknown): unknown {
  const copy = structuredClone(meta) as unknown as Record<string, unknown>;
  const steps = path.split(".");
  const last = steps.pop()!;
  const place = steps.reduce((at, step) => at[step] as Record<string, unknown>, copy);
  if (value === undefined) delete place[last];
  else place[last] = value;
  return copy;
}

it.each([
  ["no uid", broken(card, "uid")],
  ["a uid with a blank", broken(card, "uid", "my card")],
  ["a type that is not there", broken(card, "type", "crm-card")],
  ["a word too many", broken(card, "title", "New Card")],
  ["no objects", broken(card, "config.objectTypes", [])],
  ["a place that is not there", broken(card, "config.location", "crm.record.middle")],
  ["an entry point elsewhere", broken(card, "config.entrypoint", "./NewCard.tsx")],
  ["no scopes", broken(app, "config.auth.requiredScopes", [])],
  ["a scope twice", broken(app, "config.auth.requiredScopes", ["oauth", "oauth"])],
  ["redirects of a static app", broken(app, "config.auth.redirectUrls", ["https://a.example/"])],
  ["optional scopes of a static app", broken(app, "config.auth.optionalScopes", ["tickets"])],
  ["no redirects of an OAuth app", broken(app, "config.auth.type", "oauth")],
  ["a static app for everybody", broken(app, "config.distribution", "marketplace")],
  ["a name with a blank at its end", broken(app, "config.name", "Example ")],
  ["an open line", broken(app, "config.permittedUrls.fetch", ["http://api.example"])],
  ["an open line for webhooks", broken(webhooks, "config.settings.targetUrl", "http://a.example")],
  [
    "a change of no property",
    broken(webhooks, "config.subscriptions.crmObjects", [
      { subscriptionType: "object.propertyChange", objectType: "company", active: true },
    ]),
  ],
  [
    "the older word for a type",
    broken(webhooks, "config.subscriptions.crmObjects", [
      { subscriptionType: "object.creation", objectName: "company", active: true },
    ]),
  ],
])("is refused: %s", (_, meta) => {
  expect(valid(meta)).toBe(false);
});
