"""Bulk API 2.0: ingest jobs and query jobs."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from integrations.sandbox.salesforce import Salesforce

from .conftest import Api


class Bulk:
    """The jobs of one kind."""

    def __init__(self, api: Api, kind: str = "ingest") -> None:
        self.api = api
        self.home = f"/jobs/{kind}"

    def open(self, **body: object) -> dict[str, Any]:
        answer = self.api.post(self.home, body)
        assert answer.status_code == 200, answer.text
        made: dict[str, Any] = answer.json()
        return made

    def upload(self, job: str, text: str) -> Any:
        headers = {"Content-Type": "text/csv"}
        path = f"{self.home}/{job}/batches"
        return self.api.call("PUT", path, data=text.encode(), headers=headers)

    def close(self, job: str, state: str = "UploadComplete") -> Any:
        return self.api.patch(f"{self.home}/{job}", {"state": state})

    def run(self, text: str, **body: object) -> str:
        """A whole job; its id."""
        job = str(self.open(**body)["id"])
        assert self.upload(job, text).status_code == 201
        assert self.close(job).json()["state"] == "UploadComplete"
        return job

    def rows(self, job: str, which: str) -> list[dict[str, str]]:
        answer = self.api.call("GET", f"{self.home}/{job}/{which}")
        assert answer.status_code == 200, answer.text
        assert answer.headers["Content-Type"].startswith("text/csv")
        return list(csv.DictReader(io.StringIO(answer.text)))

    def read(self, job: str) -> dict[str, Any]:
        told: dict[str, Any] = self.api.get(f"{self.home}/{job}")
        return told


@pytest.fixture
def bulk(api: Api) -> Bulk:
    return Bulk(api)


def test_the_life_of_an_insert(api: Api, bulk: Bulk) -> None:
    made = bulk.open(object="Account", operation="insert", contentType="CSV", lineEnding="LF")
    job = made["id"]
    assert job.startswith("750")
    assert made["state"] == "Open"
    assert made["contentUrl"] == f"services/data/v62.0/jobs/ingest/{job}/batches"
    assert (made["apiVersion"], made["columnDelimiter"]) == (62.0, "COMMA")
    text = 'Name,Phone\n"Juniper, Inc",1\n,2\n'
    uploaded = bulk.upload(job, text)
    assert (uploaded.status_code, uploaded.text) == (201, "")
    closed = bulk.close(job).json()
    assert (closed["state"], "contentUrl" in closed) == ("UploadComplete", False)
    told = bulk.read(job)
    assert (told["state"], told["jobType"]) == ("JobComplete", "V2Ingest")
    assert (told["numberRecordsProcessed"], told["numberRecordsFailed"]) == (2, 1)
    (good,) = bulk.rows(job, "successfulResults")
    assert good.pop("sf__Id").startswith("001")
    assert good == {"sf__Created": "true", "Name": "Juniper, Inc", "Phone": "1"}
    (bad,) = bulk.rows(job, "failedResults")
    words = "REQUIRED_FIELD_MISSING:Required fields are missing: [Name]:Name --"
    assert bad == {"sf__Id": "", "sf__Error": words, "Name": "", "Phone": "2"}
    assert bulk.rows(job, "unprocessedrecords") == []
    assert len(api.query("SELECT Id FROM Account WHERE Name LIKE 'Juniper%'")) == 1


def test_an_update_leaves_what_is_empty_and_clears_what_says_so(
    api: Api, bulk: Bulk, account: str
) -> None:
    text = f"Id,Phone,Industry,Website\r\n{account},9,,#N/A\r\n001000000000000AAA,1,,\r\n"
    job = bulk.run(text, object="Account", operation="update", lineEnding="CRLF")
    assert len(bulk.rows(job, "successfulResults")) == 1
    (gone,) = bulk.rows(job, "failedResults")
    assert gone["sf__Error"].startswith("INVALID_CROSS_REFERENCE_KEY:invalid cross reference id:")
    row = api.get(f"/sobjects/Account/{account}")
    assert (row["Phone"], row["Industry"], row["Website"]) == ("9", "Technology", None)


def test_upserts_by_key_and_parents_by_key(api: Api, bulk: Bulk, account: str) -> None:
    api.key_field()
    key = {"type": "Text", "label": "Ref", "length": 20, "externalId": True, "unique": True}
    assert api.field("Account.Ref__c", **key).status_code == 201
    api.patch(f"/sobjects/Account/{account}", {"Ref__c": "A-1"})
    text = f"Key__c;Subject;WhatId;IsReminderSet\nk1;one;{account};true\nk1;two;;\nk2;three;;0\n"
    job = bulk.run(
        text,
        object="Task",
        operation="upsert",
        externalIdFieldName="Key__c",
        columnDelimiter="SEMICOLON",
    )
    assert bulk.read(job)["externalIdFieldName"] == "Key__c"
    answer = api.call("GET", f"/jobs/ingest/{job}/successfulResults").text
    assert (
        answer.splitlines()[0]
        == '"sf__Id";"sf__Created";"Key__c";"Subject";"WhatId";"IsReminderSet"'
    )
    assert bulk.read(job)["numberRecordsFailed"] == 2  # one key twice in a file
    people = bulk.run(
        "LastName,Account.Ref__c\nX,A-1\nY,A-9\n", object="Contact", operation="insert"
    )
    (lost,) = bulk.rows(people, "failedResults")
    words = "Foreign key external ID: a-9 not found for field Ref__c in entity Account"
    assert lost["sf__Error"].lower() == f"invalid_field:{words.lower()}: --"
    assert api.one("SELECT AccountId FROM Contact WHERE LastName = 'X'")["AccountId"] == account


def test_deleting_softly_and_for_good(api: Api, bulk: Bulk) -> None:
    soft, hard = api.create("Account", Name="Kale"), api.create("Account", Name="Kale")
    for key, operation in ((soft, "delete"), (hard, "hardDelete")):
        job = bulk.run(f"Id\n{key}\n", object="Account", operation=operation)
        assert len(bulk.rows(job, "successfulResults")) == 1
    rows = api.get("/queryAll", q="SELECT Id FROM Account WHERE Name = 'Kale'")["records"]
    assert [row["Id"] for row in rows] == [soft]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Name,Nonsense\na,b\n", "InvalidBatch : Field name not found : Nonsense"),
        ("Name\r\na\r\n", "LineEnding is invalid on user data. Current LineEnding setting is LF"),
        ("Name,Phone\na\n", "Expected 2 fields, got 1"),
    ],
)
def test_a_file_that_cannot_be_read_fails_the_job(bulk: Bulk, text: str, words: str) -> None:
    told = bulk.read(bulk.run(text, object="Account", operation="insert"))
    assert told["state"] == "Failed"
    assert words in told["errorMessage"]
    assert told["numberRecordsProcessed"] == 0


def test_values_of_the_wrong_type_are_named(bulk: Bulk) -> None:
    text = "Name,AnnualRevenue\na,much\n"
    job = bulk.run(text, object="Account", operation="insert")
    (bad,) = bulk.rows(job, "failedResults")
    assert bad["sf__Error"].startswith("INVALID_TYPE_ON_FIELD_IN_RECORD:")


def test_a_slow_job_can_be_watched_and_aborted(api: Api, bulk: Bulk, sandbox: Salesforce) -> None:
    sandbox.options["slow_jobs"] = True
    job = bulk.run("Name\nLarch\n", object="Account", operation="insert")
    assert bulk.read(job)["state"] == "InProgress"
    refused = api.call("GET", f"/jobs/ingest/{job}/successfulResults")
    assert refused.status_code == 400
    assert bulk.close(job, "Aborted").json()["state"] == "Aborted"
    sandbox.options["slow_jobs"] = False
    assert bulk.read(job)["state"] == "Aborted"
    assert bulk.rows(job, "unprocessedrecords") == [{"Name": "Larch"}]
    assert bulk.close(job, "Aborted").json()[0]["errorCode"] == "INVALIDJOBSTATE"


def test_jobs_are_listed_deleted_and_refused(api: Api, bulk: Bulk) -> None:
    job = bulk.run("Name\nx\n", object="Account", operation="insert")
    second = bulk.upload(job, "Name\ny\n")
    assert (second.status_code, second.json()[0]["errorCode"]) == (400, "INVALIDJOBSTATE")
    assert bulk.read(job)["state"] == "JobComplete"
    listed = api.get("/jobs/ingest")
    assert [row["id"] for row in listed["records"]] == [job]
    assert listed["done"] is True
    assert api.delete(f"/jobs/ingest/{job}").status_code == 204
    assert api.call("GET", f"/jobs/ingest/{job}").status_code == 404
    wrong = api.post("/jobs/ingest", {"object": "Account", "operation": "merge"})
    assert (wrong.status_code, wrong.json()[0]["errorCode"]) == (400, "INVALIDJOB")
    assert api.post("/jobs/ingest", {"object": "No", "operation": "insert"}).status_code == 400


def test_batches_of_jobs_are_counted(api: Api, bulk: Bulk) -> None:
    bulk.read(bulk.run("Name\nx\n", object="Account", operation="insert"))
    limit = api.get("/limits")["DailyBulkApiBatches"]
    assert limit["Max"] - limit["Remaining"] == 2


def test_a_query_job(api: Api) -> None:
    bulk = Bulk(api, "query")
    soql = "SELECT Id, Name, Owner.Name, IsDeleted FROM Account ORDER BY Name"
    job = bulk.open(operation="query", query=soql)["id"]
    told = bulk.read(job)
    assert (told["state"], told["jobType"]) == ("JobComplete", "V2Query")
    assert (told["object"], told["numberRecordsProcessed"]) == ("Account", 3)
    first = api.call("GET", f"/jobs/query/{job}/results", params={"maxRecords": "2"})
    assert first.text.splitlines()[0] == '"Id","Name","Owner.Name","IsDeleted"'
    assert first.text.splitlines()[1].endswith('"Alder & Co","Omar Reed","false"')
    assert first.headers["Sforce-NumberOfRecords"] == "2"
    locator = first.headers["Sforce-Locator"]
    last = api.call("GET", f"/jobs/query/{job}/results", params={"locator": locator})
    assert (last.headers["Sforce-Locator"], len(last.text.splitlines())) == ("null", 2)
    wrong = api.post("/jobs/query", {"operation": "query", "query": "SELECT COUNT() FROM Account"})
    assert (wrong.status_code, wrong.json()[0]["errorCode"]) == (400, "API_ERROR")


def test_a_query_job_takes_no_values_that_are_made_of_several(api: Api) -> None:
    soql = "SELECT Id, BillingAddress FROM Account"
    wrong = api.post("/jobs/query", {"operation": "query", "query": soql})
    assert (wrong.status_code, wrong.json()) == (
        400,
        [
            {
                "message": "Selecting compound data not supported in Bulk Query",
                "errorCode": "API_ERROR",
            }
        ],
    )
