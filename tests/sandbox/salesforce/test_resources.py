"""Where things are, and what the org tells of its objects."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from integrations.sandbox.world import World

from .conftest import Api, Recordings

#: Facts in which our objects differ on purpose: they point only at objects that are here.
OURS = {"referenceTo"}


def test_versions_are_open_to_everybody(world: World, url: str) -> None:
    versions = requests.get(f"{url}/services/data", timeout=10).json()
    assert [v["version"] for v in versions] == [f"{n}.0" for n in range(60, 67)]
    assert versions[2] == {
        "label": "Winter '25",
        "url": "/services/data/v62.0",
        "version": "62.0",
    }


def test_a_slash_at_the_end_does_not_matter(api: Api) -> None:
    assert api.get("/") == api.get("")
    assert api.get("/sobjects/") == api.get("/sobjects")
    assert api.get("/query/", q="SELECT Id FROM Account") == api.get(
        "/query", q="SELECT Id FROM Account"
    )


@pytest.mark.parametrize("path", ["/nothing", "/sobjects/Nothing", "/sobjects/Nothing/describe"])
def test_what_is_not_there(api: Api, path: str) -> None:
    answer = api.call("GET", path)
    assert answer.status_code == 404
    assert answer.json() == [
        {"message": "The requested resource does not exist", "errorCode": "NOT_FOUND"}
    ]


def test_versions_that_are_not_served(api: Api) -> None:
    for version, status in (("v45.0", 404), ("v46.0", 200), ("v66.0", 200), ("v67.0", 404)):
        api.version = version
        assert api.call("GET", "/limits").status_code == status


def test_an_older_version_answers_with_its_own_addresses(api: Api) -> None:
    api.version = "v59.0"
    (first, *_) = api.query("SELECT Id FROM Account")
    assert first["attributes"]["url"].startswith("/services/data/v59.0/sobjects/Account/")


def test_global_describe_as_recorded(api: Api, recordings: Recordings) -> None:
    real, ours = recordings.describe("Global_describe"), api.get("/sobjects")
    assert set(ours) == set(real)
    # The recording's entries of Event and Lead were put in by hand.
    theirs = {e["name"]: e for e in real["sobjects"] if e["name"] not in ("Event", "Lead")}
    for entry in ours["sobjects"]:
        assert set(entry) == set(real["sobjects"][0])
        if entry["name"] in theirs:
            known = {key: value for key, value in entry.items() if key != "urls"}
            assert known == {k: v for k, v in theirs[entry["name"]].items() if k != "urls"}


@pytest.mark.parametrize("name", ["Account", "Contact", "Opportunity", "Case", "Lead", "Event"])
def test_describes_as_recorded(api: Api, recordings: Recordings, name: str) -> None:
    real, ours = recordings.describe(f"{name}_describe"), api.get(f"/sobjects/{name}/describe")
    assert set(ours) == {*real, "associateEntityType", "associateParentEntity"} | {
        "sobjectDescribeOption"
    }
    theirs = {field["name"]: field for field in real["fields"]}
    for field in ours["fields"]:
        assert set(field) == set(real["fields"][0])
        if field["name"] in theirs:
            assert _comparable(field) == _comparable(theirs[field["name"]])
    assert {f["name"] for f in ours["fields"] if not f["custom"]} & set(theirs) > {"Id", "OwnerId"}
    assert set(ours["childRelationships"][0]) == set(real["childRelationships"][0])
    assert set(ours["recordTypeInfos"][0]) == set(real["recordTypeInfos"][0])


def _comparable(field: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in field.items() if key not in OURS | {"picklistValues"}}
    kept["picklistValues"] = [p for p in field["picklistValues"] if p["active"]]
    return kept if field["name"] != "RecurrenceTimeZoneSidKey" else {"name": field["name"]}


def test_describe_tells_children_and_choices(api: Api) -> None:
    described = api.get("/sobjects/Account/describe")
    children = {(c["childSObject"], c["field"]): c for c in described["childRelationships"]}
    assert children["Contact", "AccountId"]["relationshipName"] == "Contacts"
    assert children["Contact", "AccountId"]["cascadeDelete"] is True
    stage = next(f for f in described["fields"] if f["name"] == "Customer_Stage__c")
    assert stage["restrictedPicklist"] is True
    assert [p["value"] for p in stage["picklistValues"]] == [
        "active",
        "at_risk",
        "churning",
        "churned",
    ]


def test_the_organization_as_recorded(api: Api, recordings: Recordings) -> None:
    real = recordings.describe("Organization")
    found = api.one("SELECT Id FROM Organization")
    ours = api.get(f"/sobjects/Organization/{found['Id']}")
    assert list(ours) == list(real)
    assert ours["IsSandbox"] is True
    assert set(ours["Address"]) == set(real["Address"])
    known = {key for key in real if real[key] is not None and ours[key] is not None}
    assert {k: type(ours[k]) for k in known} == {k: type(real[k]) for k in known}
    assert "TimeZoneSidKey" in known


def test_resources_that_lead_on(api: Api) -> None:
    home = "/services/data/v62.0"
    for name, inner in (("composite", "graph"), ("actions", "standard"), ("jobs", "ingest")):
        assert api.get(f"/{name}")[inner] == f"{home}/{name}/{inner}"
    assert api.get("/tooling/")["query"] == f"{home}/tooling/query"


def test_the_objects_of_the_tooling_api(api: Api) -> None:
    named = {entry["name"]: entry for entry in api.get("/tooling/sobjects")["sobjects"]}
    assert {"CustomField", "ValidationRule"} <= set(named)
    assert "Account" not in named
    place = named["CustomField"]["urls"]["describe"]
    assert place == "/services/data/v62.0/tooling/sobjects/CustomField/describe"
    described = api.get("/tooling/sobjects/CustomField/describe")
    assert "DeveloperName" in {field["name"] for field in described["fields"]}
    assert api.call("GET", "/tooling/sobjects/Account/describe").status_code == 404
