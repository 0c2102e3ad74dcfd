// HubSpot's own client for Node.js, unchanged but for the base URL.
//
// HUBSPOT_URL and HUBSPOT_TOKEN say which portal; what it makes has names of this run. Every step
// that holds is told in a line; the first that does not ends the run.

import assert from "node:assert/strict";
import { Client } from "@hubspot/api-client";

const { HUBSPOT_URL, HUBSPOT_TOKEN } = process.env;
assert.ok(HUBSPOT_URL && HUBSPOT_TOKEN, "set HUBSPOT_URL and HUBSPOT_TOKEN");

const { crm } = new Client({ accessToken: HUBSPOT_TOKEN, basePath: HUBSPOT_URL });
const run = Date.now().toString(36);
const many = (count, make) => Array.from({ length: count }, (_, place) => make(place));
const ids = (records) => records.map((record) => record.id);

async function refused(call, status) {
  const error = await call.then(() => assert.fail("was not refused"), (caught) => caught);
  assert.equal(error.code, status, error.message);
  return error.body;
}

let owner;
let people;
let company;

const steps = {
  async owners() {
    const { results } = await crm.owners.ownersApi.getPage();
    assert.ok(results.length > 1);
    owner = results.find((one) => one.userId);
    assert.ok(owner.createdAt instanceof Date);
    assert.equal((await crm.owners.ownersApi.getById(Number(owner.id))).email, owner.email);
  },

  async properties() {
    const { groupsApi, coreApi, batchApi } = crm.properties;
    await groupsApi.create("contacts", { name: `g_${run}`, label: `Group ${run}` });
    const plain = { groupName: `g_${run}`, type: "string", fieldType: "text" };
    const key = { ...plain, name: `key_${run}`, label: `Key ${run}`, hasUniqueValue: true };
    assert.equal((await coreApi.create("contacts", key)).hasUniqueValue, true);
    const made = await batchApi.create("contacts", {
      inputs: many(2, (place) => ({ ...plain, name: `p${place}_${run}`, label: `P${place} ${run}` })),
    });
    assert.equal(made.results.length, 2);
    const body = await refused(coreApi.create("contacts", key), 409);
    assert.equal(body.category, "OBJECT_ALREADY_EXISTS");
    const { results } = await coreApi.getAll("contacts");
    assert.ok(results.some((one) => one.name === `p1_${run}`));
    await batchApi.archive("contacts", { inputs: [{ name: `p1_${run}` }] });
    await refused(coreApi.getByName("contacts", `p1_${run}`), 404);
  },

  async batches() {
    const { batchApi, basicApi } = crm.contacts;
    const inputs = many(100, (place) => ({
      properties: {
        email: `n${String(place).padStart(3, "0")}@${run}.example`,
        lastname: run,
        [`key_${run}`]: `k${place}`,
        hubspot_owner_id: owner.id,
      },
    }));
    people = ids((await batchApi.create({ inputs })).results);
    assert.equal(people.length, 100);
    const read = await batchApi.read({
      inputs: people.slice(0, 2).map((id) => ({ id })),
      properties: ["email"],
      propertiesWithHistory: ["lastname"],
    });
    assert.equal(read.results[0].propertiesWithHistory.lastname[0].value, run);
    const changed = await batchApi.update({
      inputs: people.slice(0, 3).map((id) => ({ id, properties: { jobtitle: "Chief" } })),
    });
    assert.deepEqual(changed.results.map((one) => one.properties.jobtitle), many(3, () => "Chief"));
    const upserted = await batchApi.upsert({
      inputs: ["k0", "new"].map((id) => ({
        id,
        idProperty: `key_${run}`,
        objectWriteTraceId: id,
        properties: { jobtitle: "Chair" },
      })),
    });
    assert.deepEqual(upserted.results.map((one) => one._new), [false, true]);
    const gone = upserted.results[1].id;
    await batchApi.archive({ inputs: [{ id: gone }] });
    await refused(basicApi.getById(gone), 404);
    const binned = await basicApi.getById(gone, undefined, undefined, undefined, true);
    assert.equal(binned.archived, true);
    const mixed = await batchApi.read({ inputs: [{ id: people[0] }, { id: "1" }], properties: [] });
    assert.equal(mixed.numErrors, 1);
    assert.equal(mixed.errors[0].category, "OBJECT_NOT_FOUND");
  },

  async search() {
    const found = [];
    let after;
    do {
      const page = await crm.contacts.searchApi.doSearch({
        filterGroups: [{ filters: [{ propertyName: "lastname", operator: "EQ", value: run }] }],
        sorts: ["hs_object_id"],
        properties: ["email", "lastmodifieddate"],
        limit: 40,
        after,
      });
      assert.equal(page.total, 100);
      found.push(...page.results);
      after = page.paging?.next?.after;
    } while (after);
    assert.deepEqual(ids(found), people);
    const none = [{ filters: [{ propertyName: "nonsense", operator: "EQ", value: "1" }] }];
    await refused(crm.contacts.searchApi.doSearch({ filterGroups: none }), 400);
  },

  async records() {
    const { basicApi } = crm.companies;
    company = (await basicApi.create({ properties: { name: `Firm ${run}` } })).id;
    const changed = await basicApi.update(company, { properties: { city: "Ulm" } });
    assert.equal(changed.properties.city, "Ulm");
    const read = await basicApi.getById(company, ["name"]);
    assert.equal(read.properties.name, `Firm ${run}`);
    const body = await refused(basicApi.update(company, { properties: { nonsense: "1" } }), 400);
    assert.equal(body.category, "VALIDATION_ERROR");
    const listed = (await basicApi.getPage(1)).results;
    assert.equal(listed.length, 1);
    const task = await crm.objects.tasks.basicApi.create({
      properties: { hs_timestamp: "2026-03-09T09:00:00Z", hs_task_subject: `Call ${run}` },
      associations: [
        {
          to: { id: company },
          types: [{ associationCategory: "HUBSPOT_DEFINED", associationTypeId: 192 }],
        },
      ],
    });
    const linked = await crm.objects.tasks.basicApi.getById(
      task.id, undefined, undefined, ["companies"],
    );
    assert.equal(linked.associations.companies.results[0].id, company);
  },

  async associations() {
    const { v4, batchApi } = crm.associations;
    await v4.basicApi.createDefault("contacts", people[0], "companies", company);
    const page = await v4.basicApi.getPage("contacts", people[0], "companies");
    assert.equal(String(page.results[0].toObjectId), company);
    assert.ok(page.results[0].associationTypes.some((one) => one.typeId === 279));
    const spec = [{ associationCategory: "HUBSPOT_DEFINED", associationTypeId: 279 }];
    const pairs = people.slice(1, 4).map((id) => ({ _from: { id }, to: { id: company } }));
    const made = await v4.batchApi.create("contacts", "companies", {
      inputs: pairs.map((one) => ({ ...one, types: spec })),
    });
    assert.equal(made.results.length, 3);
    const read = await v4.batchApi.getPage("companies", "contacts", { inputs: [{ id: company }] });
    assert.equal(read.results[0].to.length, 4);
    const typed = pairs.map((one) => ({ ...one, type: "contact_to_company_unlabeled" }));
    await batchApi.create("contacts", "companies", { inputs: typed });
    const old = await batchApi.read("contacts", "companies", { inputs: [{ id: people[1] }] });
    assert.equal(old.results[0].to[0].id, company);
    await v4.basicApi.archive("contacts", people[0], "companies", company);
    const rest = await v4.basicApi.getPage("companies", company, "contacts");
    assert.equal(rest.results.length, 3);
  },

  async lists() {
    const { listsApi, membershipsApi } = crm.lists;
    const { list } = await listsApi.create({
      name: `List ${run}`, objectTypeId: "0-1", processingType: "MANUAL",
    });
    const added = await membershipsApi.add(list.listId, people.slice(0, 5));
    assert.equal(added.recordsIdsAdded.length, 5);
    const removed = await membershipsApi.remove(list.listId, [people[0]]);
    assert.deepEqual(removed.recordIdsRemoved.map(String), [people[0]]);
    const page = await membershipsApi.getPage(list.listId, undefined, undefined, 2);
    assert.equal(page.results[0].recordId, people[1]);
    assert.ok(page.paging.next.after);
    const named = await listsApi.getByName(`List ${run}`, "0-1");
    assert.equal(named.list.listId, list.listId);
    await refused(listsApi.create({
      name: `List ${run}`, objectTypeId: "0-1", processingType: "MANUAL",
    }), 400);
    await listsApi.remove(list.listId);
    await refused(listsApi.getById(list.listId), 404);
  },

  async pipelines() {
    const { pipelinesApi, pipelineStagesApi } = crm.pipelines;
    const stage = (label, place, probability) => ({
      label, displayOrder: place, metadata: { probability },
    });
    const made = await pipelinesApi.create("deals", {
      label: `Renewals ${run}`,
      displayOrder: 1,
      stages: [stage("Asked", 0, "0.5"), stage("Lost", 1, "0.0")],
    });
    const [asked, lost] = made.stages;
    assert.equal(lost.metadata.isClosed, "true");
    const won = await pipelineStagesApi.create("deals", made.id, stage("Won", 2, "1.0"));
    const all = await pipelinesApi.getAll("deals");
    assert.equal(all.results.find((one) => one.id === made.id).stages.length, 3);
    const properties = { dealname: `Deal ${run}`, pipeline: made.id, dealstage: asked.id };
    const deal = await crm.deals.basicApi.create({ properties });
    await crm.deals.basicApi.update(deal.id, { properties: { dealstage: lost.id } });
    const wanted = ["hs_is_closed", `hs_v2_date_entered_${lost.id}`];
    const read = await crm.deals.basicApi.getById(deal.id, wanted);
    assert.equal(read.properties.hs_is_closed, "true");
    assert.ok(Date.parse(read.properties[`hs_v2_date_entered_${lost.id}`]));
    await pipelineStagesApi.archive("deals", made.id, won.id);
    await refused(pipelineStagesApi.archive("deals", made.id, lost.id), 400);
  },

  async merges() {
    const [primaryObjectId, objectIdToMerge] = people;
    const merged = await crm.contacts.basicApi.merge({ primaryObjectId, objectIdToMerge });
    const read = await crm.contacts.basicApi.getById(objectIdToMerge, ["hs_merged_object_ids"]);
    assert.equal(read.id, merged.id);
    assert.ok(read.properties.hs_merged_object_ids.split(";").includes(objectIdToMerge));
  },
};

for (const [name, step] of Object.entries(steps)) {
  await step();
  console.log(`${name} holds`);
}
