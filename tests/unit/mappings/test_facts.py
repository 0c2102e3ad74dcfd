from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from integrations.contract import RELATION, Field, FieldType, Record, Ref, Schema, Value
from mappings.facts import customer_facts, parent_of, person_facts
from mappings.loaded import Loaded
from mappings.loader import load_text
from mappings.needs import reads


def company(**fields: Value) -> Record:
    return Record(ref=Ref(object="companies", id="7"), fields=fields)


def person(**fields: Value) -> Record:
    return Record(ref=Ref(object="contacts", id="8"), fields=fields)


def test_a_customer_in_our_words(hubspot: Loaded) -> None:
    record = company(
        name="Nimbus",
        customer_stage="churning",
        country="Germany",
        annualrevenue=60_000.0,
        hubspot_owner_id="1",
        csm_owner="2",
        contract_end_date=date(2026, 9, 30),
        plan="enterprise",
        seats=40,
        aurevoir_decision="let_go",
        aurevoir_reason_csm="price",
        aurevoir_departs_on=date(2026, 8, 1),
        aurevoir_case="abc",
    )
    facts = customer_facts(record, hubspot.programme, hubspot.rows)
    assert (facts.name, facts.stage, facts.country) == ("Nimbus", "churning", "DE")
    assert (facts.value, facts.owner, facts.contract_end) == (60_000, "1", date(2026, 9, 30))
    assert facts.more == {
        "plan": "enterprise",
        "seats": 40,
        "mrr": None,
        "open_tickets": None,
        "usage_30_days": None,
    }
    assert facts.own == {
        "decision": "let_go",
        "reason_csm": "price",
        "departs_on": date(2026, 8, 1),
        "case": "abc",
    }
    assert facts.holders == {"hubspot_owner_id": "1", "csm_owner": "2"}
    assert facts.words["plan"] == "enterprise"
    assert facts.words["decision"] == "let_go"
    assert facts.words["country"] == "DE"


@pytest.mark.parametrize(
    ("fields", "facts"),
    [
        ({}, (None, None)),
        ({"hs_parent_company_id": None}, (False, None)),
        ({"hs_parent_company_id": 12.0}, (True, None)),
        (
            {"hs_parent_company_id": 12, "hs_parent_company_id.customer_stage": "active"},
            (True, True),
        ),
        (
            {"hs_parent_company_id": 12, "hs_parent_company_id.customer_stage": "churned"},
            (True, False),
        ),
    ],
)
def test_the_company_above(
    hubspot: Loaded, fields: dict[str, Value], facts: tuple[bool | None, ...]
) -> None:
    found = customer_facts(company(**fields), hubspot.programme, hubspot.rows)
    assert (found.words["has_parent"], found.words["parent_stays"]) == facts


def test_the_id_of_the_company_above_is_whole(hubspot: Loaded) -> None:
    for value in (12, 12.0, "12"):
        assert parent_of(company(hs_parent_company_id=value), hubspot.programme) == "12"
    assert parent_of(company(hs_parent_company_id=""), hubspot.programme) is None


def test_the_company_above_is_read_only_where_a_condition_asks() -> None:
    name = "hs_parent_company_id"
    field = Field(name=name, label="Parent Company", type=FieldType.NUMBER, writable=False)
    schema = Schema(object="companies", label="Company", fields={name: field})
    for text, read in (
        ("", ()),
        ("playbooks: [{use: child, when: {has_parent: true}}]", ("hs_parent_company_id",)),
        ("exclude: [{because: parts, when: {parent_stays: true}}]", ("hs_parent_company_id",)),
    ):
        loaded = load_text(text, crm="hubspot")
        assert reads(loaded.programme, loaded.rows, schema) == read


def test_a_customer_of_whom_nothing_is_known(hubspot: Loaded) -> None:
    facts = customer_facts(company(name="", country=None), hubspot.programme, hubspot.rows)
    assert facts.name == "companies 7"
    assert facts.country is facts.value is facts.owner is facts.contract_end is facts.stage is None
    assert facts.holders == {}
    assert facts.words["plan"] is None


@pytest.mark.parametrize("value", ["n/a", "", None])
def test_what_is_not_of_its_type_is_not_known(hubspot: Loaded, value: Value) -> None:
    record = company(annualrevenue=value, contract_end_date=value, country=value)
    facts = customer_facts(record, hubspot.programme, hubspot.rows)
    assert facts.value is facts.contract_end is facts.country is None


def test_a_contract_may_end_at_a_moment(hubspot: Loaded) -> None:
    record = company(contract_end_date=datetime(2026, 9, 30, tzinfo=UTC))
    facts = customer_facts(record, hubspot.programme, hubspot.rows)
    assert facts.contract_end == date(2026, 9, 30)


def test_somebody_in_our_words() -> None:
    loaded = load_text("people: {consent: may_mail}", crm="hubspot")
    record = person(
        firstname="Ada",
        lastname="Moss",
        email=" ada@nimbus.example ",
        hs_language="de",
        hs_buying_role=("CHAMPION", "DECISION_MAKER"),
        may_mail=True,
    )
    facts = person_facts(record, loaded.programme, loaded.rows)
    assert (facts.name, facts.email, facts.language) == ("Ada Moss", "ada@nimbus.example", "de")
    assert facts.roles == ("CHAMPION", "DECISION_MAKER")
    assert facts.consent is True


def test_somebody_of_whom_nothing_is_known(hubspot: Loaded) -> None:
    facts = person_facts(
        person(email="none", hs_buying_role="CHAMPION"), hubspot.programme, hubspot.rows
    )
    assert (facts.name, facts.email, facts.consent) == ("", None, None)
    assert facts.roles == ("CHAMPION",)


def test_no_is_no_and_silence_is_silence() -> None:
    loaded = load_text("people: {consent: may_mail}", crm="hubspot")
    said = [
        person_facts(person(may_mail=value), loaded.programme, loaded.rows).consent
        for value in (True, False, None, "")
    ]
    assert said == [True, False, None, None]


def test_only_what_the_crm_has_is_read(hubspot: Loaded, whole, without) -> None:  # type: ignore[no-untyped-def]
    org = without(whole(hubspot), "companies", "plan")
    fields = reads(hubspot.programme, hubspot.rows, org.schemas["companies"])
    assert "plan" not in fields
    assert {"customer_stage", "name", "seats", "csm_owner", "aurevoir_case"} <= {*fields}
    assert len(fields) == len(set(fields))


@pytest.mark.parametrize(("flag", "fact"), [(True, True), (False, False), (None, None)])
def test_a_customer_may_be_a_private_person(flag: Value, fact: bool | None) -> None:
    loaded = load_text("", crm="salesforce")
    record = Record(ref=Ref(object="Account", id="7"), fields={"IsPersonAccount": flag})
    assert customer_facts(record, loaded.programme, loaded.rows).private_person is fact


@pytest.mark.parametrize(
    ("mapping", "roles"),
    [
        ("people: {relation: true}", ("Admin", "Buyer")),
        ("people: {relation: false}", ("Admin",)),
    ],
)
def test_somebody_is_also_what_they_are_to_this_customer(
    mapping: str, roles: tuple[str, ...]
) -> None:
    loaded = load_text(f"{mapping[:-1]}, role: role}}", crm="hubspot")
    record = person(role="Admin", **{RELATION: ("Admin", "Buyer")})
    assert person_facts(record, loaded.programme, loaded.rows).roles == roles
