"""What an org may have against a write, and what becomes of it."""

from __future__ import annotations

import pytest

from integrations.contract import Change, Create, Crm, Ref, Value, Write
from integrations.errors import CrmError, Reject, Retry
from tests.contract.crm.salesforce import SalesforceBench
from tests.contract.crm.test_sending import problems, send

RULE = {
    "FullName": "Account.Say_Why",
    "Metadata": {
        "active": True,
        "errorMessage": "Say why they leave.",
        "errorConditionFormula": 'ISPICKVAL(Customer_Stage__c, "churned")',
    },
}


def change(ref: Ref, key: str = "k", **values: Value) -> Change:
    """A change of one record."""
    return Change(key=key, ref=ref, values=values)


def refused(crm: Crm, write: Write) -> CrmError:
    """Why a write was refused."""
    problem = send(crm, write)[write.key].problem
    assert problem is not None
    return problem


def test_quotes_a_rule_of_the_org(bench: SalesforceBench, crm: Crm) -> None:
    bench.write("POST", "tooling/sobjects/ValidationRule", RULE)
    said = refused(crm, change(bench.customer(), Customer_Stage__c="churned"))
    assert isinstance(said, Reject)
    assert said.words == "a rule of the org refuses it: Say why they leave."


@pytest.mark.parametrize("message", ["No churned here.", "Ask ann@home.example.", "x" * 300])
def test_quotes_no_rule_that_may_repeat_a_value(
    bench: SalesforceBench, crm: Crm, message: str
) -> None:
    error = {"statusCode": "FIELD_CUSTOM_VALIDATION_EXCEPTION", "message": message, "fields": []}
    bench.strike("change", status=200, body=[{"success": False, "errors": [error]}])
    said = refused(crm, change(bench.customer(), Customer_Stage__c="churned"))
    assert said.words == "a validation rule in Salesforce refuses a field"


def test_names_an_owner_who_has_left(bench: SalesforceBench, crm: Crm) -> None:
    (gone,) = [owner.id for owner in crm.owners() if not owner.active]
    made = send(
        crm,
        Create(key="a", item=bench.task(owner=gone)),
        Create(key="b", item=bench.task()),
    )
    assert problems(made) == {"a": Reject, "b": None}
    assert getattr(made["a"].problem, "field", None) == "owner"
    task = Ref(object="task", id=str(made["b"].id))
    assert getattr(refused(crm, change(task, owner=gone)), "field", None) == "owner"


@pytest.mark.parametrize("values", [{"Name": "x" * 256}, {"Customer_Stage__c": "nowhere"}])
def test_asks_for_nothing_that_cannot_be(
    bench: SalesforceBench, crm: Crm, values: dict[str, Value]
) -> None:
    send(crm, change(bench.customer(), Seats__c=3))
    bench.forget()
    other = change(bench.customer(2), key="other", Seats__c=4)
    made = send(crm, change(bench.customer(), **values), other)
    assert problems(made) == {"k": Reject, "other": None}
    assert getattr(made["k"].problem, "field", None) == next(iter(values))
    assert bench.calls("change") == 1
    assert problems(send(crm, change(bench.customer(), **values))) == {"k": Reject}
    assert bench.calls("change") == 1


def test_takes_an_option_that_was_added_since(bench: SalesforceBench, crm: Crm) -> None:
    wrong = change(bench.customer(), Customer_Stage__c="paused")
    assert problems(send(crm, wrong)) == {"k": Reject}
    add(bench, "Customer_Stage", "paused")
    assert problems(send(crm, wrong)) == {"k": None}


def add(bench: SalesforceBench, field: str, option: str) -> None:
    """An admin adds an option to a picklist of accounts."""
    soql = f"SELECT Id, Metadata FROM CustomField WHERE DeveloperName = '{field}'"
    (found,) = bench.write("GET", "tooling/query?q=" + soql, None)["records"]
    metadata = found["Metadata"]
    values = metadata["valueSet"]["valueSetDefinition"]["value"]
    values.append({"valueName": option, "label": option, "default": False})
    place = f"tooling/sobjects/CustomField/{found['Id']}"
    bench.write("PATCH", place, {"Metadata": metadata})


@pytest.mark.parametrize(("rule", "outcome"), [("alert", None), ("block", Reject)])
def test_a_warning_of_duplicates_stops_nothing(
    bench: SalesforceBench, crm: Crm, rule: str, outcome: type[CrmError] | None
) -> None:
    one, two = bench.people()
    bench.dialect.options["duplicate_rules"] = rule
    address = bench.raw(two, "Email")
    assert problems(send(crm, change(one, Email=address))) == {"k": outcome}


def test_who_met_the_same_lock_comes_back_at_another_time(bench: SalesforceBench, crm: Crm) -> None:
    bench.dialect.options["locked_saves"] = 5
    made = send(crm, *(change(bench.customer(n), key=f"k{n}", Seats__c=n) for n in range(1, 6)))
    assert set(problems(made).values()) == {Retry}
    waits = {getattr(r.problem, "after", 0) for r in made.values()}
    assert len(waits) > 1
    assert all(1 <= wait <= 60 for wait in waits)


def test_tasks_of_one_customer_travel_together(bench: SalesforceBench, crm: Crm) -> None:
    about = [bench.customer(n) for n in (1, 2, 1, 2)]
    writes = [Create(key=f"k{n}", item=bench.task(about=ref)) for n, ref in enumerate(about)]
    (call,) = crm.pack(writes)
    places = [write.item.about for write in call.writes if isinstance(write, Create)]
    assert places == sorted(places, key=lambda ref: ref.id)


def test_asks_for_nothing_that_the_type_of_record_has_not(bench: SalesforceBench, crm: Crm) -> None:
    no_option = "Salesforce has no such option in Customer_Stage__c"
    small = bench.record_type("Small", Customer_Stage__c=["active", "churned"])
    bench.write("PATCH", f"sobjects/Account/{bench.customer().id}", {"RecordTypeId": small})
    crm.schema(["Account"])
    crm.read("Account", [bench.customer().id, bench.customer(2).id], ["Name"])
    bench.forget()
    said = refused(crm, change(bench.customer(), Customer_Stage__c="churning"))
    assert isinstance(said, Reject)
    assert said.words == f"{no_option} for this type of record"
    assert bench.calls("change") == 0
    made = send(crm, change(bench.customer(), Customer_Stage__c="churned"))
    assert problems(made) == {"k": None}
    made = send(crm, change(bench.customer(2), Customer_Stage__c="churning"))
    assert problems(made) == {"k": None}
    assert bench.calls("picklists.get") <= 2

    bench.strike("picklists.get", status=500)
    crm.schema(["Account"])
    said = refused(crm, change(bench.customer(), Customer_Stage__c="at_risk"))
    assert said.words == no_option
