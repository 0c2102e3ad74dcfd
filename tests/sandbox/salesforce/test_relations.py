"""What contacts are to accounts and to deals."""

from __future__ import annotations

import pytest

from .conftest import Api, Recordings

_ALL = "SELECT AccountId, IsDirect, IsActive, Roles FROM AccountContactRelation"


@pytest.fixture
def on(api: Api) -> Api:
    """An org in which contacts can have several accounts."""
    api.sandbox.options["several_accounts"] = True
    return api


def relations(api: Api, person: str) -> dict[str, bool]:
    rows = api.query(f"{_ALL} WHERE ContactId = '{person}'")
    return {row["AccountId"]: row["IsDirect"] for row in rows}


def test_an_org_that_has_not_turned_it_on_knows_none(api: Api) -> None:
    assert api.call("GET", "/sobjects/AccountContactRelation/describe").status_code == 404
    assert api.refusal(_ALL)["errorCode"] == "INVALID_TYPE"
    assert "AccountContactRelation" not in {o["name"] for o in api.get("/sobjects")["sobjects"]}


def test_everybody_is_related_to_their_own_account(on: Api, account: str, person: str) -> None:
    assert relations(on, person) == {account: True}
    made = on.create("Contact", LastName="New", AccountId=account)
    assert relations(on, made) == {account: True}
    other = on.create("Account", Name="Other")
    assert on.patch(f"/sobjects/Contact/{made}", {"AccountId": other}).status_code == 204
    assert relations(on, made) == {other: True}


def test_somebody_has_roles_at_another_account_too(on: Api, account: str, person: str) -> None:
    other = on.create("Account", Name="Other")
    ends = {"AccountId": other, "ContactId": person}
    on.create("AccountContactRelation", **ends, Roles="Influencer;Decision Maker")
    assert relations(on, person) == {account: True, other: False}
    row = on.one(f"{_ALL} WHERE AccountId = '{other}'")
    assert (row["Roles"], row["IsActive"]) == ("Decision Maker;Influencer", True)
    again = on.post("/sobjects/AccountContactRelation", ends)
    assert again.json()[0]["errorCode"] == "DUPLICATE_VALUE"
    on.delete(f"/sobjects/Account/{other}")
    assert relations(on, person) == {account: True}


def test_roles_on_deals_are_described_as_recorded(api: Api, recordings: Recordings) -> None:
    said = recordings.describe("OpportunityContactRole_describe")["fields"]
    ours = {f["name"]: f for f in api.get("/sobjects/OpportunityContactRole/describe")["fields"]}
    same = ("type", "label", "length", "createable", "updateable", "nillable", "referenceTo")
    assert set(ours) == {field["name"] for field in said}
    for field in said:
        assert {k: ours[field["name"]][k] for k in same} == {k: field[k] for k in same}
