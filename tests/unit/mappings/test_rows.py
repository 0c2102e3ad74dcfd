from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from integrations.contract import (
    NOTE,
    TASK,
    FieldSpec,
    FieldType,
    ObjectSpec,
    SegmentSpec,
    Spec,
)
from mappings.loader import load_text, rows
from mappings.reasons import REASONS
from mappings.rows import KINDS
from mappings.wanted import wanted

AGREED = [
    file
    for folder in Path(__file__).parents
    if (file := folder / "shared" / "fields.yaml").is_file()
]


def test_every_row_has_a_name_on_every_crm_and_words_for_people() -> None:
    for kind in KINDS:
        for key, row in rows().of(kind).items():
            assert row.key == key
            assert row.names.keys() == {"hubspot", "salesforce"}
            assert row.names["hubspot"] == row.names["salesforce"].removesuffix("__c").lower()
            assert row.label, key
            assert row.help.endswith("."), key
            assert bool(row.values) == (row.type in (FieldType.CHOICE, FieldType.CHOICES)) or (
                key == "alumni_segments"
            )


def test_reasons_and_segments_are_filled_in() -> None:
    filled = rows("product", "old_friends")
    assert filled.customer["exit_reason"].values["champion_left"] == "Champion left"
    assert filled.customer["reasons_other"].values.keys() == REASONS.keys()
    assert filled.person["alumni_segments"].values == {
        "product": "Product",
        "old_friends": "Old friends",
    }


@pytest.mark.skipif(not AGREED, reason="the table of names is not at hand")
def test_the_rows_are_those_agreed_upon() -> None:
    agreed = yaml.safe_load(AGREED[0].read_text())
    ours = {**{kind: rows().of(kind) for kind in KINDS}}
    for kind in KINDS:
        there = {row["hubspot"]: row for row in agreed[kind]}
        here = {row.names["hubspot"]: row for row in ours[kind].values()}
        if kind == "customer":
            here |= {row.names["hubspot"]: row for row in rows().watched.values()}
        assert here.keys() == there.keys()
        for name, row in here.items():
            assert row.label == there[name]["label"]
            assert row.names["salesforce"] == there[name]["salesforce"]
            assert there[name]["type"].startswith(row.type.value)
            if isinstance(there[name].get("values"), list):
                assert [*row.values] == there[name]["values"]
            if there[name].get("values") == "reasons":
                assert [*row.values] == agreed["reasons"]
            limits = [n for n in (row.length, row.low, row.high) if n is not None]
            if row.type is not FieldType.PERCENT and "(" in there[name]["type"]:
                inside = there[name]["type"].partition("(")[2].rstrip(")")
                assert limits == [float(n) for n in inside.split(",")]


def test_what_provisioning_creates(crm: str) -> None:
    loaded = load_text("", crm=crm)
    specs = wanted(loaded.programme, loaded.rows)
    fields = {(spec.object, spec.name): spec for spec in specs if isinstance(spec, FieldSpec)}
    stage = {
        "hubspot": ("companies", "customer_stage"),
        "salesforce": ("Account", "Customer_Stage__c"),
    }
    assert [option.value for option in fields[stage[crm]].options] == [
        "active",
        "at_risk",
        "churning",
        "churned",
    ]
    key = fields[(TASK, loaded.rows.task["key"].names[crm])]
    assert (key.length, key.unique, key.case_sensitive) == (80, True, True)
    assert any(object == NOTE for object, _ in fields) == (crm == "hubspot")
    assert [spec.name for spec in specs if isinstance(spec, SegmentSpec)] == [
        segment.list for segment in loaded.programme.alumni
    ]
    assert len(specs) == len(set(specs))


def test_the_object_of_departures_is_created_where_it_is_asked_for(crm: str) -> None:
    assert not any(isinstance(one, ObjectSpec) for one in _wanted(crm, ""))
    specs = _wanted(crm, "record: object")
    (made,) = [one for one in specs if isinstance(one, ObjectSpec)]
    own = [one for one in specs if isinstance(one, FieldSpec) and one.object == made.name]
    assert tuple(own) == made.fields
    names = {one.name for one in own}
    assert made.display in names or crm == "salesforce"
    assert not names & {"Name", "OwnerId", "hubspot_owner_id"}, "it has these by itself"
    (key,) = [one for one in own if one.unique]
    assert (key.length, key.case_sensitive) == (80, True)
    assert {one.name for one in own if one.type is FieldType.CHOICE and not one.options} == set()


def test_its_fields_have_names_and_words_on_every_crm() -> None:
    shape = rows().departure
    for crm in ("hubspot", "salesforce"):
        keeping = shape.keeping(crm)
        assert len({keeping.key, *keeping.fields}) == len(shape.columns)
        assert keeping.about
        assert shape.absent[crm]
    for key, column in shape.columns.items():
        assert column.key == key
        assert column.help.endswith("."), key
        assert bool(column.values) == (column.type is FieldType.CHOICE), key
    assert shape.columns["exit_reason"].values.keys() == REASONS.keys()
    assert shape.columns["status"].values == rows().customer["status"].values


def _wanted(crm: str, text: str) -> tuple[Spec, ...]:
    loaded = load_text(text, crm=crm)
    return wanted(loaded.programme, loaded.rows)


def test_what_is_the_admins_own_is_never_created() -> None:
    text = """
watch: [{object: companies, stage: lifecyclestage, enters: {notice: [leaving]}}]
fields: {customer: {exit_reason: churn_reason, door_open: off}}
"""
    loaded = load_text(text, crm="hubspot")
    names = {spec.name for spec in wanted(loaded.programme, loaded.rows)}
    assert names.isdisjoint({"lifecyclestage", "customer_stage", "churn_reason"})
    assert names.isdisjoint({"aurevoir_exit_reason", "aurevoir_door_open"})
    assert "aurevoir_status" in names
