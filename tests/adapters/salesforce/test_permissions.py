"""Fields that we make can be used by our user, and everything else stays as the admin has it."""

from __future__ import annotations

from typing import Any

import pytest

from integrations.contract import NOTE, TASK, Change, Crm, FieldSpec, MendSpec
from integrations.errors import Drift, Reauthorise
from tests.contract.crm.salesforce import SalesforceBench
from tests.contract.crm.test_provisioning import wanted


@pytest.fixture
def bench(bench: SalesforceBench) -> SalesforceBench:
    """An org in which a new field is hidden."""
    bench.dialect.options["field_security"] = True
    return bench


def rows(bench: SalesforceBench, soql: str) -> list[dict[str, Any]]:
    """What another client of the org reads."""
    found: list[dict[str, Any]] = bench.write("GET", f"query?q={soql}", None)["records"]
    return found


def provision(bench: SalesforceBench) -> Crm:
    """What `aurevoir provision` does: create what is missing."""
    crm = bench.connect()
    for spec in crm.missing(wanted(bench)):
        crm.provision(spec)
    return crm


def test_a_second_run_writes_nothing(bench: SalesforceBench) -> None:
    provision(bench)
    bench.forget()
    provision(bench)
    with bench.world.lock:
        log = bench.world.traffic.count("salesforce")
    assert set(log) <= {"token", "query", "sobjects.describe", "sobjects.query"}, log


def test_gives_our_user_one_permission_set(bench: SalesforceBench) -> None:
    for _ in range(2):
        provision(bench)
    (ours,) = rows(bench, "SELECT Id, Label FROM PermissionSet WHERE Name = 'Aurevoir_Service'")
    assert ours["Label"] == "Aurevoir: service"
    which = f"WHERE PermissionSetId = '{ours['Id']}'"
    assert len(rows(bench, f"SELECT Id FROM PermissionSetAssignment {which}")) == 1
    fields = {spec.name for spec in wanted(bench) if isinstance(spec, FieldSpec)}
    granted = rows(bench, f"SELECT Field FROM FieldPermissions WHERE ParentId = '{ours['Id']}'")
    assert {row["Field"] for row in granted} == {f"Account.{name}" for name in fields}
    objects = f"SELECT SobjectType FROM ObjectPermissions WHERE ParentId = '{ours['Id']}'"
    assert [row["SobjectType"] for row in rows(bench, objects)] == ["Account"]


def test_uses_the_permission_set_that_the_plugin_brought(bench: SalesforceBench) -> None:
    body = {"Name": "Aurevoir_Service", "Label": "Aurevoir: service"}
    bench.write("POST", "sobjects/PermissionSet", body)
    assert provision(bench).missing(wanted(bench)) == ()


def test_a_field_that_became_hidden_is_missing_and_comes_back(bench: SalesforceBench) -> None:
    crm = provision(bench)
    name = bench.our("choice")
    (granted,) = rows(bench, f"SELECT Id FROM FieldPermissions WHERE Field = 'Account.{name}'")
    bench.write("DELETE", f"sobjects/FieldPermissions/{granted['Id']}", None)
    assert [spec.name for spec in crm.missing(wanted(bench))] == [name]
    assert provision(bench).missing(wanted(bench)) == ()


def test_names_the_rights_that_our_user_lacks(bench: SalesforceBench) -> None:
    crm = bench.connect()
    assert crm.lacking(["Account", "Contact", TASK, NOTE]) == ()
    described = bench.write("GET", "sobjects/Task/describe", None)
    bench.strike("schema", status=200, body={**described, "createable": False})
    assert crm.lacking([TASK, "Nowhere__c"]) == ("Create on Task", "Read on Nowhere__c")


def test_a_right_to_edit_that_was_taken_away_is_given_back(bench: SalesforceBench) -> None:
    crm = provision(bench)
    name = bench.our("choice")
    (granted,) = rows(bench, f"SELECT Id FROM FieldPermissions WHERE Field = 'Account.{name}'")
    place = f"sobjects/FieldPermissions/{granted['Id']}"
    bench.write("PATCH", place, {"PermissionsEdit": False})
    (lost,) = crm.missing(wanted(bench))
    assert isinstance(lost, MendSpec)
    assert (lost.field.name, lost.options, lost.edit) == (name, (), True)
    assert provision(bench).missing(wanted(bench)) == ()
    assert bench.connect().schema(["Account"])["Account"].fields[name].writable


def test_fields_of_tasks_get_their_choices_back(bench: SalesforceBench) -> None:
    crm = bench.connect()
    (spec,) = [one for one in bench.keys if one.name == bench.our("department")]
    crm.provision(spec)
    bench.choices("Task", spec.name, spec.options[:1])
    (lost,) = crm.missing([spec])
    crm.provision(lost)
    assert crm.missing([spec]) == ()


def test_says_so_where_our_permission_set_does_not_help(bench: SalesforceBench) -> None:
    crm, name = provision(bench), bench.our("choice")
    bench.dialect.options["read_only_fields"] = f"Account.{name}"
    (lost,) = crm.missing(wanted(bench))
    with pytest.raises(Drift, match=f"does not let our user edit {name}"):
        crm.provision(lost)


def test_a_session_that_ends_as_we_ask_who_we_are_is_renewed(bench: SalesforceBench) -> None:
    headers = {"Content-Type": "text/html;charset=UTF-8"}
    bench.strike("identity.get", status=403, body="Bad_OAuth_Token", headers=headers)
    provision(bench)
    assert (bench.calls("identity.get"), bench.calls("token")) == (2, 2)


def test_who_may_not_use_the_api_any_more_has_no_write_refused(bench: SalesforceBench) -> None:
    crm = bench.connect()
    (call,) = crm.pack([
        Change(key=f"k{n}", ref=bench.customer(n), values={bench.words.seats: 5}) for n in (1, 2)
    ])  # fmt: skip
    crm.send(call)
    bench.forget()
    refusal = bench.dialect.refusals()["API_DISABLED_FOR_ORG"]
    bench.strike("change", status=refusal.status, body=refusal.body)
    with pytest.raises(Reauthorise, match="API Enabled"):
        crm.send(call)
    assert (bench.calls("change"), bench.calls("token")) == (1, 0)
