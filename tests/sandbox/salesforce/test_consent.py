"""May these people be mailed?"""

from __future__ import annotations

from integrations.sandbox.salesforce import Salesforce

from .conftest import Api

PATH = "/consent/action/email"


def test_the_least_permissive_record_of_an_address_decides(api: Api, person: str) -> None:
    allowed = {"result": "Success", "proceed": {"email": "true", "emailResult": "Success"}}
    assert api.get(PATH, ids=person) == {person: allowed}
    api.create("Lead", LastName="x", Company="y", Email="ada@alder.example")
    assert api.get(PATH, ids="ada@alder.example") == {"ada@alder.example": allowed}
    api.create(
        "Lead", LastName="z", Company="y", Email="ada@alder.example", HasOptedOutOfEmail=True
    )
    answer = api.get(PATH, ids=person, verbose="true")[person]
    assert answer["proceed"]["email"] == "false"
    assert {e["objectConsulted"] for e in answer["explanation"]} == {"Contact", "Lead"}
    assert [e["value"] for e in answer["explanation"]].count("true") == 1


def test_an_opt_out_at_the_desk_counts(api: Api, sandbox: Salesforce, person: str) -> None:
    sandbox.desk.unsubscribe(person)
    assert api.get(PATH, ids=person)[person]["proceed"]["email"] == "false"
    changed = api.one(
        f"SELECT HasOptedOutOfEmail, LastModifiedBy.Name FROM Contact WHERE Id = '{person}'"
    )
    assert changed["HasOptedOutOfEmail"] is True
    assert changed["LastModifiedBy"]["Name"] == "Automated Process"


def test_nobody_known_means_no(api: Api) -> None:
    answer = api.get(PATH, ids="nobody@x.example,003Aj0000000zzzIAA")
    assert [entry["proceed"]["email"] for entry in answer.values()] == ["false", "false"]
