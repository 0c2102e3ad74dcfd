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

const EXAMPLES = resolve(SRC, "../../../../tests/plugins/examples");
/** Types of components that the schema is for; the README beside the examples names the others. */
const KNOWN = ["app", "card", "page", "settings", "webhooks"];

/** Every configuration of these types below a folder. */
function examples(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf-8" })
    .filter((path) => path.endsWith("-hsmeta.json"))
    .filter((path) => KNOWN.includes(parse(join(folder, path)).type));
}

describe("HubSpot's own examples", () => {
  const vendor = examples(EXAMPLES);

  it("are there, of every type", () => {
    expect(vendor).toHaveLength(16);
    const types = new Set(vendor.map((path) => parse(join(EXAMPLES, path)).type));
    expect([...types].sort()).toEqual(KNOWN);
  });

  it.each(vendor)("%s fits", (path) => {
    valid(parse(join(EXAMPLES, path)));
    expect(valid.errors).toBeNull();
  });

  const elsewhere = process.env["AUREVOIR_HUBSPOT_EXAMPLES"];
  it.runIf(elsewhere)("fit in a whole checkout", () => {
    const found = examples(elsewhere!);
    expect(found.length).toBeGreaterThan(0);
    expect(found.filter((path) => !valid(parse(join(elsewhere!, path))))).toEqual([]);
  });
});

const example = (path: string) => parse(join(EXAMPLES, "ui-extensions-examples", path));
const PROJECT = "example-2025-2-project/src/app";
const app = example(`${PROJECT}/app-hsmeta.json`);
const card = example(`${PROJECT}/cards/card-hsmeta.json`);
const page = example(`${PROJECT}/pages/home-hsmeta.json`);
const webhooks = example(`${PROJECT}/webhooks/webhooks-hsmeta.json`);
const oauth = broken(broken(app, "config.auth.type", "oauth"), "config.auth.redirectUrls", [
  "http://localhost:3000",
]);

it.each([
  ["an app that redirects to this machine", oauth],
  ["object types in capitals", broken(card, "config.objectTypes", ["CONTACT"])],
  ["a page without a location", broken(page, "config.location")],
])("as elsewhere in HubSpot's repositories, fits: %s", (_, meta) => {
  valid(meta);
  expect(valid.errors).toBeNull();
});

/** A copy with one value set, or taken away where it is undefined. */
function broken(meta: Meta, path: string, value?: unknown): Meta {
  const copy = structuredClone(meta) as unknown as Record<string, unknown>;
  const steps = path.split(".");
  const last = steps.pop()!;
  const place = steps.reduce((at, step) => at[step] as Record<string, unknown>, copy);
  if (value === undefined) delete place[last];
  else place[last] = value;
  return copy as unknown as Meta;
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
  ["an open redirect", broken(oauth, "config.auth.redirectUrls", ["http://localhost.evil.example"])],
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
