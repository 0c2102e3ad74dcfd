"""The fields of an org, and what we may do with them."""

from __future__ import annotations

from integrations.contract import NOTE, TASK, Crm, FieldType
from tests.contract.crm.bench import Bench


def test_says_what_every_field_is(bench: Bench, crm: Crm) -> None:
    words = bench.words
    fields = crm.schema([words.customer])[words.customer].fields
    types = {
        words.name: FieldType.TEXT,
        words.stage: FieldType.CHOICE,
        words.seats: FieldType.NUMBER,
        words.ends: FieldType.DATE,
        words.csm: FieldType.REFERENCE,
    }
    assert {name: fields[name].type for name in types} == types
    assert all(fields[name].label and fields[name].name == name for name in types)


def test_says_which_choices_there_are(bench: Bench, crm: Crm) -> None:
    stage = crm.schema([bench.words.customer])[bench.words.customer].fields[bench.words.stage]
    values = [option.value for option in stage.options]
    assert values == ["active", "at_risk", "churning", "churned"]
    assert [option.label for option in stage.options][1] == "At risk"
    assert stage.restricted
    assert all(option.active for option in stage.options)


def test_says_what_may_be_written(bench: Bench, crm: Crm) -> None:
    fields = crm.schema([bench.words.customer])[bench.words.customer].fields
    assert fields[bench.words.stage].writable
    read_only = [field for field in fields.values() if not field.writable]
    assert read_only
    assert not any(field.required for field in read_only)


def test_says_how_long_a_text_may_be(bench: Bench, crm: Crm) -> None:
    name = crm.schema([bench.words.customer])[bench.words.customer].fields[bench.words.name]
    assert name.length
    assert name.length >= 255


def test_leaves_out_what_is_not_there(bench: Bench, crm: Crm) -> None:
    assert list(crm.schema(["no_such_thing", bench.words.person])) == [bench.words.person]


def test_knows_our_tasks_and_notes(bench: Bench, crm: Crm) -> None:
    schemas = crm.schema([TASK, NOTE])
    for object in (TASK, NOTE):
        key = schemas[object].fields[bench.our("key")]
        assert schemas[object].object == object
        assert key.unique
        assert key.writable


def test_costs_one_call_an_object(bench: Bench, crm: Crm) -> None:
    crm.identity()
    bench.forget()
    crm.schema([bench.words.customer, bench.words.person])
    assert bench.calls() == 2
