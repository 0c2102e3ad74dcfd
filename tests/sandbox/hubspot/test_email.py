from __future__ import annotations

import pytest

from integrations.sandbox.hubspot import HubSpot
from tests.sandbox.hubspot.client import Api

SEND = "/marketing/transactional/2026-09/single-email/send"


def message(to: str, send_id: str = "s1", **more: object) -> dict[str, object]:
    """A message about a survey."""
    custom = {"subject": "How was it?", "body": "Tell us."}
    return {
        "emailId": 4126643121,
        "message": {"to": to, "sendId": send_id},
        "contactProperties": {},
        "customProperties": custom,
        **more,
    }


@pytest.fixture
def bought(hubspot: HubSpot) -> HubSpot:
    """A portal with the add-on."""
    hubspot.options["transactional_email"] = True
    return hubspot


def test_without_the_add_on_the_scope_is_missing(api: Api, hubspot: HubSpot) -> None:
    answer = api.post(SEND, message("ida@birch.example"))
    assert answer.status_code == 403
    assert answer.json()["category"] == "MISSING_SCOPES"
    (error,) = answer.json()["errors"]
    assert error["context"] == {"requiredGranularScopes": ["transactional-email"]}
    assert hubspot.desk.letters() == []


def test_a_message_lands_with_the_person_and_on_the_timeline(api: Api, bought: HubSpot) -> None:
    answer = api.post(SEND, message("ida@birch.example"))
    assert answer.status_code == 200
    assert answer.json()["status"] == "PENDING"
    (letter,) = bought.desk.letters()
    assert (letter.to, letter.subject, letter.body) == (
        "ida@birch.example",
        "How was it?",
        "Tell us.",
    )
    assert letter.customer == "Birch Ltd"
    contact = api.contact("ida@birch.example")
    read = api.get(f"/crm/objects/2026-09/contacts/{contact}", associations="emails").json()
    (email,) = read["associations"]["emails"]["results"]
    sent = api.get(
        f"/crm/objects/2026-09/emails/{email['id']}", properties="hs_email_subject,hs_email_status"
    ).json()
    assert sent["properties"]["hs_email_status"] == "SENT"
    sheet = bought.desk.customer(api.company("Birch Ltd"))
    assert sheet is not None
    assert [(one.kind, one.title) for one in sheet.timeline] == [("mail", "How was it?")]


def test_one_send_id_sends_once(api: Api, bought: HubSpot) -> None:
    first = api.post(SEND, message("ida@birch.example")).json()
    again = api.post(SEND, message("ida@birch.example")).json()
    assert again["sendResult"] == "IDEMPOTENT_IGNORE"
    assert again["statusId"] == first["statusId"]
    assert len(bought.desk.letters()) == 1
    other = api.post(SEND, message("ida@birch.example", "s2")).json()
    assert other["statusId"] != first["statusId"]
    assert len(bought.desk.letters()) == 2


def test_it_mails_those_who_left_all_e_mail_too(api: Api, bought: HubSpot) -> None:
    assert api.post(SEND, message("jon@birch.example")).status_code == 200
    assert [letter.to for letter in bought.desk.letters()] == ["jon@birch.example"]


def test_a_new_address_becomes_a_contact(api: Api, bought: HubSpot) -> None:
    body = message("new@elm.example", contactProperties={"firstname": "Nia"})
    assert api.post(SEND, body).status_code == 200
    path = f"/crm/objects/2026-09/contacts/{api.contact('new@elm.example')}"
    assert api.get(path).json()["properties"]["firstname"] == "Nia"


@pytest.mark.parametrize(
    "broken",
    [
        {"emailId": 0},
        {"emailId": None},
        {"message": {}},
        {"message": {"to": "not an address"}},
        {"contactProperties": {"nope": "1"}},
    ],
)
def test_a_wrong_message_is_refused_and_not_sent(
    api: Api, bought: HubSpot, broken: dict[str, object]
) -> None:
    answer = api.post(SEND, {**message("ida@birch.example"), **broken})
    assert answer.status_code == 400
    assert bought.desk.letters() == []
