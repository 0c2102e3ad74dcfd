"""The action that sends a mail."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from integrations.sandbox.salesforce import Salesforce
from integrations.sandbox.world import World

from .conftest import Api

PATH = "/actions/standard/emailSimple"
MAIL = {"emailSubject": "Goodbye", "emailBody": "Dear Ada,\nhow was it?"}


def send(api: Api, *inputs: dict[str, Any]) -> tuple[int, list[dict[str, Any]]]:
    answer = api.post(PATH, {"inputs": list(inputs)})
    return answer.status_code, answer.json()


def test_a_logged_mail_leaves_a_completed_task(
    api: Api, sandbox: Salesforce, account: str, person: str
) -> None:
    about = {"recipientId": person, "relatedRecordId": account, "logEmailOnSend": True}
    status, (outcome,) = send(api, {**MAIL, **about})
    assert status == 200
    assert outcome == {
        "actionName": "emailSimple",
        "errors": None,
        "invocationId": None,
        "isSuccess": True,
        "outcome": None,
        "outputValues": None,
        "sortOrder": -1,
        "version": 1,
    }
    (letter,) = sandbox.desk.letters()
    assert (letter.to, letter.subject, letter.body) == (
        "ada@alder.example",
        "Goodbye",
        MAIL["emailBody"],
    )
    assert letter.customer == "Alder & Co"
    task = api.one(
        "SELECT Subject, Status, IsClosed, TaskSubtype, WhoId, WhatId, ActivityDate, Description "
        "FROM Task"
    )
    assert (task["TaskSubtype"], task["Status"], task["IsClosed"]) == ("Email", "Completed", True)
    assert (task["WhoId"], task["WhatId"]) == (person, account)
    assert task["Subject"] == "Email: Goodbye"
    assert "how was it?" in task["Description"]
    message = api.one("SELECT Subject, TextBody, ToAddress, Status, ActivityId FROM EmailMessage")
    assert (message["Subject"], message["Status"]) == ("Goodbye", "3")
    assert message["ToAddress"] == "ada@alder.example"


def test_a_mail_that_is_not_logged_leaves_nothing(api: Api, sandbox: Salesforce) -> None:
    status, _ = send(api, {**MAIL, "emailAddresses": "a@x.example, b@x.example"})
    assert status == 200
    assert sandbox.desk.letters()[0].to == "a@x.example, b@x.example"
    assert api.query("SELECT Id FROM Task") == []


def test_an_opt_out_is_no_obstacle_to_salesforce(api: Api, sandbox: Salesforce) -> None:
    ben = api.one("SELECT Id FROM Contact WHERE HasOptedOutOfEmail = true")["Id"]
    assert send(api, {**MAIL, "recipientId": ben})[0] == 200
    assert len(sandbox.desk.letters()) == 1


@pytest.mark.parametrize(
    ("given", "code", "words"),
    [
        (
            {"emailSubject": "x", "emailAddresses": "a@x.example"},
            "REQUIRED_FIELD_MISSING",
            "Missing required input parameter: emailBody",
        ),
        (MAIL, "INVALID_INPUT", "Specify at least one and at most 5 recipients"),
        (
            {**MAIL, "emailAddresses": ",".join(f"{n}@x.example" for n in range(6))},
            "INVALID_INPUT",
            "Specify at least one and at most 5 recipients",
        ),
        (
            {**MAIL, "emailAddresses": "nobody"},
            "INVALID_EMAIL_ADDRESS",
            "Invalid email address: nobody",
        ),
        (
            {**MAIL, "emailAddresses": "a@x.example", "logEmailOnSend": True},
            "INVALID_INPUT",
            "To log an email, specify recipientId or relatedRecordId",
        ),
        (
            {**MAIL, "recipientAddresses": "a@x.example"},
            "INVALID_INPUT",
            "The action has no input named recipientAddresses in API version 62.0",
        ),
        (
            {**MAIL, "recipientId": "001Aj0000000001IAA"},
            "INVALID_ID_FIELD",
            "recipientId: id value of incorrect type: 001Aj0000000001IAA",
        ),
    ],
)
def test_refusals_stand_inside_the_outcome(
    api: Api, sandbox: Salesforce, given: dict[str, Any], code: str, words: str
) -> None:
    status, (outcome,) = send(api, given)
    assert status == 400
    assert outcome["isSuccess"] is False
    assert outcome["errors"] == [{"statusCode": code, "message": words, "fields": []}]
    assert not sandbox.desk.letters()


def test_inputs_are_named_as_the_version_has_them(api: Api) -> None:
    api.version = "v65.0"
    assert send(api, {**MAIL, "recipientAddresses": "a@x.example"})[0] == 200
    assert send(api, {**MAIL, "emailAddresses": "a@x.example"})[0] == 400
    names = [given["name"] for given in api.get(PATH)["inputs"]]
    assert "recipientAddresses" in names
    assert "emailAddresses" not in names


def test_there_is_a_daily_limit(api: Api, world: World, sandbox: Salesforce, person: str) -> None:
    sandbox.org.limits.single_mail = 2
    logged = {**MAIL, "recipientId": person, "logEmailOnSend": True}
    assert [send(api, logged)[0] for _ in range(3)] == [200, 200, 400]
    assert len(sandbox.desk.letters()) == 2
    assert api.get("/limits")["SingleEmail"] == {"Max": 2, "Remaining": 0}
    world.clock.advance(timedelta(days=1))
    assert send(api, logged)[0] == 200
