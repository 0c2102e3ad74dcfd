"""Person accounts: their contact is read, written and mailed as anybody's is."""

from __future__ import annotations

import pytest

from integrations.contract import (
    TASK,
    Change,
    Create,
    Crm,
    FieldSpec,
    FieldType,
    Member,
    Query,
    Ref,
    SegmentSpec,
)
from integrations.errors import Drift, Reject
from tests.contract.crm.bench import look
from tests.contract.crm.people import MINUTE
from tests.contract.crm.salesforce import SalesforceBench
from tests.contract.crm.test_sending import problems, send

MOOD = FieldSpec(
    object="Contact", name="Mood__c", label="Mood", type=FieldType.TEXT, length=20, written=True
)


@pytest.fixture
def vera(bench: SalesforceBench) -> Ref:
    """A person who is a customer, in an org with a field of ours on contacts."""
    bench.dialect.options["person_accounts"] = True
    bench.connect().provision(MOOD)
    soql = "SELECT Id FROM RecordType WHERE IsPersonType = true"
    kind = bench.query(soql)[0]["Id"]
    body = {"RecordTypeId": kind, "LastName": "Ash", "PersonEmail": "vera@home.example"}
    return Ref(object="Account", id=bench.write("POST", "sobjects/Account", body)["id"])


def twin(bench: SalesforceBench, ref: Ref) -> Ref:
    found = bench.query(f"SELECT PersonContactId FROM Account WHERE Id = '{ref.id}'")
    return Ref(object="Contact", id=found[0]["PersonContactId"])


def test_their_contact_is_read_with_everybody_elses(
    bench: SalesforceBench, vera: Ref, crm: Crm
) -> None:
    company = bench.customer(1)
    crm.schema(["Account", "Contact"])
    bench.forget()
    found = crm.related("Account", [company.id, vera.id], "Contact", ["LastName", "Email"])
    assert bench.calls() == 1
    assert [record.ref for record in found[vera.id]] == [twin(bench, vera)]
    assert found[vera.id][0].fields == {"LastName": "Ash", "Email": "vera@home.example"}
    assert [record.ref for record in found[company.id]] == bench.people(1)


def test_an_account_says_whether_it_is_a_person(
    bench: SalesforceBench, vera: Ref, crm: Crm
) -> None:
    ids = [vera.id, bench.customer(1).id]
    read = crm.read("Account", ids, ["IsPersonAccount", "Mood__pc"])
    assert [read[id].fields["IsPersonAccount"] for id in ids] == [True, False]


def test_what_is_written_about_the_person_stands_on_both(
    bench: SalesforceBench, vera: Ref, crm: Crm
) -> None:
    person = twin(bench, vera)
    cursor = look(crm, Query(object="Account", fields=("Mood__pc",)))[-1].cursor
    bench.pass_(MINUTE)
    bench.forget()
    about = Change(key="a", ref=vera, values={"Industry": "None"})
    of = Change(key="p", ref=person, values={"Mood__c": "calm"})
    assert set(problems(send(crm, about, of)).values()) == {None}
    assert bench.calls("change") == 1
    assert bench.raw(vera, "Mood__pc") == bench.raw(person, "Mood__c") == "calm"
    (page,) = look(crm, Query(object="Account", fields=("Mood__pc",)), cursor)
    assert {r.ref: r.fields["Mood__pc"] for r in page.records}[vera] == "calm"


def test_their_no_and_their_memberships_are_their_contacts(
    bench: SalesforceBench, vera: Ref, crm: Crm
) -> None:
    person = twin(bench, vera)
    crm.provision(SegmentSpec(object="Contact", name="Alumni"))
    segment = crm.segments(["Alumni"])["Alumni"]
    joins = Member(key="m", segment=segment, person=person, present=True)
    assert problems(send(crm, joins)) == {"m": None}
    assert list(crm.members(segment)) == [person.id]
    bench.write("PATCH", f"sobjects/Account/{vera.id}", {"PersonHasOptedOutOfEmail": True})
    assert crm.opt_outs({person.id: "vera@home.example"})[person.id].out


def test_a_task_about_the_account_shows_on_the_person(
    bench: SalesforceBench, vera: Ref, crm: Crm
) -> None:
    receipt = send(crm, Create(key="k", item=bench.task(about=vera)))["k"]
    assert receipt.problem is None
    assert crm.linked(TASK, {str(receipt.id): vera}) == {receipt.id}


def test_what_the_account_decides_is_refused_in_words(
    bench: SalesforceBench, vera: Ref, crm: Crm
) -> None:
    moves = Change(key="c", ref=twin(bench, vera), values={"AccountId": bench.customer(1).id})
    problem = send(crm, moves)["c"].problem
    assert isinstance(problem, Drift | Reject)


def test_a_stage_that_stands_on_the_contact_has_its_history(
    bench: SalesforceBench, vera: Ref, crm: Crm
) -> None:
    body = {
        "FullName": "Contact.Stage__c",
        "Metadata": {"type": "Text", "label": "Stage", "length": 20, "trackHistory": True},
    }
    bench.write("POST", "tooling/sobjects/CustomField", body)
    bench.pass_(MINUTE)
    bench.write("PATCH", f"sobjects/Contact/{twin(bench, vera).id}", {"Stage__c": "leaving"})
    crm.schema(["Account"])
    moments = crm.history("Account", [vera.id], "Stage__pc")[vera.id]
    assert [one.value for one in moments] == ["leaving"]
