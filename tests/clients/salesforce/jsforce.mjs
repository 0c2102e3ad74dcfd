// jsforce as its documentation has it; only the address is ours. Each step that fails ends it.
//
// SALESFORCE_URL, SALESFORCE_CLIENT_ID, SALESFORCE_CLIENT_SECRET say where and who.

import assert from 'node:assert/strict';
import jsforce from 'jsforce';

const { SALESFORCE_URL: loginUrl, SALESFORCE_CLIENT_ID: clientId, SALESFORCE_CLIENT_SECRET: clientSecret } =
  process.env;
const connection = new jsforce.Connection({ version: '62.0', oauth2: { loginUrl, clientId, clientSecret } });
connection.bulk2.pollInterval = 10;

const steps = {
  async 'sign in by client credentials'() {
    const user = await connection.authorize({ grant_type: 'client_credentials' });
    assert.equal(connection.instanceUrl, loginUrl);
    const me = await connection.identity();
    assert.equal(me.organization_id, user.organizationId);
    assert.equal(me.user_id, user.id);
  },

  async 'versions and limits'() {
    const versions = await connection.request('/services/data');
    assert.ok(versions.some(({ version }) => version === '66.0'));
    const limits = await connection.limits();
    assert.ok(limits.DailyApiRequests.Remaining < limits.DailyApiRequests.Max);
    assert.ok(connection.limitInfo.apiUsage.used > 0);
  },

  async 'the version that it speaks by itself'() {
    const { instanceUrl, accessToken } = connection;
    const plain = new jsforce.Connection({ instanceUrl, accessToken });
    assert.notEqual(plain.version, connection.version);
    assert.ok((await plain.query('SELECT Id FROM Account LIMIT 1')).records[0].Id);
  },

  async 'describe'() {
    const all = await connection.describeGlobal();
    assert.ok(all.sobjects.some(({ name, keyPrefix }) => name === 'Task' && keyPrefix === '00T'));
    const account = await connection.sobject('Account').describe();
    assert.ok(account.fields.some(({ name, type }) => name === 'Industry' && type === 'picklist'));
    assert.ok(account.childRelationships.some(({ relationshipName }) => relationshipName === 'Contacts'));
    assert.ok(account.recordTypeInfos.length >= 1);
    assert.equal((await connection.describe('Contact')).keyPrefix, '003');
  },

  async 'create, read, update and delete'() {
    const accounts = connection.sobject('Account');
    const made = await accounts.create({ Name: 'From jsforce', Industry: 'Technology' });
    assert.equal(made.success, true);
    assert.equal((await accounts.retrieve(made.id)).Industry, 'Technology');
    assert.equal((await accounts.update({ Id: made.id, Phone: '1' })).success, true);
    const found = await accounts.find({ Phone: '1' }, 'Id, Owner.Name').limit(5);
    assert.deepEqual(found.map(({ Id }) => Id), [made.id]);
    assert.ok(found[0].Owner.Name);
    assert.equal((await accounts.destroy(made.id)).success, true);
    await assert.rejects(accounts.retrieve(made.id), { errorCode: 'NOT_FOUND' });
  },

  async 'errors have their code'() {
    await assert.rejects(connection.query('SELECT Nonsense FROM Account'), { errorCode: 'INVALID_FIELD' });
    await assert.rejects(connection.sobject('Account').create({}), { errorCode: 'REQUIRED_FIELD_MISSING' });
  },

  async 'collections'() {
    const people = Array.from({ length: 450 }, (_, n) => ({ LastName: `Person ${n}` }));
    const made = await connection.sobject('Contact').create(people, { allowRecursive: true });
    assert.equal(made.filter(({ success }) => success).length, 450);
    const some = made.slice(0, 3).map(({ id }) => ({ Id: id, Title: 'CEO' }));
    some[1].Email = 'no address';
    const changed = await connection.sobject('Contact').update(some);
    assert.deepEqual(changed.map(({ success }) => success), [true, false, true]);
    assert.equal(changed[1].errors[0].statusCode, 'INVALID_EMAIL_ADDRESS');
    const none = await connection.sobject('Contact').update(some, { allOrNone: true });
    assert.ok(none.every(({ success }) => !success));
    const read = await connection.sobject('Contact').retrieve(some.map(({ Id }) => Id));
    assert.deepEqual(read.map(({ Title }) => Title), ['CEO', null, 'CEO']);
  },

  async 'query page by page'() {
    const soql = "SELECT Id, LastName FROM Contact WHERE LastName LIKE 'Person%' ORDER BY Id";
    const headers = { 'Sforce-Query-Options': 'batchSize=200' };
    let page = await connection.query(soql, { headers });
    assert.deepEqual([page.totalSize, page.records.length, page.done], [450, 200, false]);
    const seen = new Set(page.records.map(({ Id }) => Id));
    while (!page.done) {
      page = await connection.queryMore(page.nextRecordsUrl);
      for (const { Id } of page.records) seen.add(Id);
    }
    assert.equal(seen.size, 450);
    const all = await connection.query(soql, { autoFetch: true, maxFetch: 1000, headers });
    assert.equal(all.records.length, 450);
  },

  async 'rich queries'() {
    const { records } = await connection.query(
      'SELECT Title, COUNT(Id) n FROM Contact GROUP BY Title HAVING COUNT(Id) > 1 ORDER BY COUNT(Id) DESC',
    );
    assert.ok(records[0].n > records[1].n);
    const nested = await connection.sobject('Account').find({}, 'Id, Name').include('Contacts').select('LastName').end();
    assert.ok(nested.some(({ Contacts }) => Contacts && Contacts.records[0].LastName));
    const today = await connection.sobject('Contact').find({ CreatedDate: jsforce.SfDate.TODAY }).limit(1);
    assert.equal(today.length, 1);
  },

  async 'upsert by an external id'() {
    const field = { type: 'Text', label: 'Key', length: 80, externalId: true, unique: true, caseSensitive: true };
    const added = await connection.tooling.sobject('CustomField').create({ FullName: 'Activity.Key__c', Metadata: field });
    assert.equal(added.success, true);
    const tasks = connection.sobject('Task');
    const first = await tasks.upsert({ Key__c: 'a b', Subject: 'one' }, 'Key__c');
    const again = await tasks.upsert({ Key__c: 'a b', Subject: 'two' }, 'Key__c');
    assert.deepEqual([first.id, first.created, again.created], [again.id, true, false]);
    const many = await tasks.upsert([{ Key__c: 'a b', Subject: 'three' }, { Key__c: 'c', Subject: 'four' }], 'Key__c');
    assert.deepEqual(many.map(({ created }) => created), [false, true]);
    assert.equal((await tasks.retrieve(first.id)).Subject, 'three');
  },

  async 'composite'() {
    const home = '/services/data/v62.0';
    const answer = await connection.requestPost('/composite', {
      allOrNone: true,
      compositeRequest: [
        { method: 'POST', url: `${home}/sobjects/Account`, referenceId: 'made', body: { Name: 'Composite' } },
        { method: 'POST', url: `${home}/sobjects/Task`, referenceId: 'task', body: { WhatId: '@{made.id}', Subject: 'x' } },
      ],
    });
    assert.deepEqual(answer.compositeResponse.map(({ httpStatusCode }) => httpStatusCode), [201, 201]);
  },

  async 'what changed and what was deleted'() {
    const accounts = connection.sobject('Account');
    const { id } = await accounts.create({ Name: 'Soon gone' });
    await accounts.destroy(id);
    const end = new Date(Date.now() + 120_000);
    const start = new Date(Date.now() - 3_600_000);
    const { ids, latestDateCovered } = await accounts.updated(start, end);
    assert.ok(ids.length > 0 && latestDateCovered);
    const { deletedRecords, earliestDateAvailable } = await accounts.deleted(start, end);
    assert.ok(deletedRecords.some((record) => record.id === id) && earliestDateAvailable);
    const binned = await connection.query(`SELECT Id, IsDeleted FROM Account WHERE Id = '${id}'`, { scanAll: true });
    assert.equal(binned.records[0].IsDeleted, true);
  },

  async 'bulk 2.0'() {
    const input = [{ Name: 'Bulk 1', Phone: '1' }, { Name: '', Phone: '2' }, { Name: 'Bulk, "3"', Phone: '3' }];
    const made = await connection.bulk2.loadAndWaitForResults({ object: 'Account', operation: 'insert', input });
    assert.deepEqual(made.successfulResults.map((row) => row.Name), ['Bulk 1', 'Bulk, "3"']);
    assert.match(made.failedResults[0].sf__Error, /^REQUIRED_FIELD_MISSING:/);
    assert.equal(made.unprocessedRecords.length, 0);
    const stream = await connection.bulk2.query("SELECT Id, Name FROM Account WHERE Name LIKE 'Bulk%'");
    assert.equal((await stream.toArray()).length, 2);
    const ids = made.successfulResults.map((row) => ({ Id: row.sf__Id }));
    const gone = await connection.bulk2.loadAndWaitForResults({ object: 'Account', operation: 'delete', input: ids });
    assert.equal(gone.successfulResults.length, 2);
  },

  async 'sign out'() {
    await connection.logout();
    await assert.rejects(new jsforce.Connection({ version: '66.0', instanceUrl: loginUrl, accessToken: 'gone' }).query('SELECT Id FROM Account'), {
      errorCode: 'INVALID_SESSION_ID',
    });
  },
};

for (const [name, step] of Object.entries(steps)) {
  await step();
  console.log(`ok ${name}`);
}
