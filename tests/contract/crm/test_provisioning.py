"""Creating what is missing, once, and leaving alone what is there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from integrations.contract import (
    Crm,
    FieldSpec,
    FieldType,
    MendSpec,
    Option,
    SegmentSpec,
    Spec,
)
from tests.contract.crm.bench import Bench

CHOICES = (Option(value="price", label="Price"), Option(value="trust", label="Loss of trust"))


def wanted(bench: Bench) -> tuple[Spec, ...]:
    """A field of every type that we have, and a segment."""
    object = bench.words.customer
    types = [type for type in FieldType if type not in (FieldType.REFERENCE, FieldType.OTHER)]
    return (
        *(
            FieldSpec(
                object=object,
                name=bench.our(type.value),
                label=f"Our {type}",
                type=type,
                options=CHOICES if type in (FieldType.CHOICE, FieldType.CHOICES) else (),
                help=f"Said as {type}.",
            )
            for type in types
        ),
        SegmentSpec(object=bench.words.person, name=bench.called("Alumni: budget")),
    )


@pytest.fixture
def made(bench: Bench, crm: Crm) -> tuple[Spec, ...]:
    """All of it, created."""
    for spec in wanted(bench):
        crm.provision(spec)
    return wanted(bench)


def test_says_what_is_missing(bench: Bench, crm: Crm) -> None:
    specs = wanted(bench)
    assert crm.missing(specs) == specs
    crm.provision(specs[0])
    assert crm.missing(specs) == specs[1:]


def test_creates_every_type_of_field(bench: Bench, crm: Crm, made: tuple[Spec, ...]) -> None:
    assert crm.missing(made) == ()
    fields = bench.connect().schema([bench.words.customer])[bench.words.customer].fields
    for spec in made:
        if isinstance(spec, FieldSpec):
            field = fields[spec.name]
            # A CRM without a type of its own for it takes the next wider one.
            wider = {FieldType.URL: FieldType.TEXT, FieldType.PERCENT: FieldType.NUMBER}
            assert field.type in (spec.type, wider.get(spec.type)), spec.name
            assert field.label == spec.label
            assert field.writable
            if spec.options:
                assert field.options == CHOICES


def test_twice_changes_nothing(bench: Bench, crm: Crm, made: tuple[Spec, ...]) -> None:
    schema = crm.schema([bench.words.customer])
    for spec in made:
        crm.provision(spec)
    assert crm.schema([bench.words.customer]) == schema
    assert len(crm.segments([bench.called("Alumni: budget")])) == 1
    assert bench.segments(bench.called("Alumni: budget")) == 1


def test_leaves_what_is_there_as_it_is(bench: Bench, crm: Crm, made: tuple[Spec, ...]) -> None:
    other = FieldSpec(
        object=bench.words.customer, name=bench.our("date"), label="Another", type=FieldType.WORDS
    )
    assert crm.missing([other]) == ()
    crm.provision(other)
    field = crm.schema([bench.words.customer])[bench.words.customer].fields[other.name]
    assert (field.type, field.label) == (FieldType.DATE, "Our date")


def test_is_seen_at_once(bench: Bench, crm: Crm, made: tuple[Spec, ...]) -> None:
    # The adapter had read the fields before.
    ref = bench.customer()
    (record,) = crm.read(ref.object, [ref.id], [bench.our("choice")]).values()
    assert record.fields == {bench.our("choice"): None}


@pytest.mark.sandbox("switches of an org")
def test_gives_our_user_access(bench: Bench, crm: Crm) -> None:
    bench.dialect.options["field_security"] = True
    specs = (*bench.keys, *wanted(bench))
    for spec in specs:
        crm.provision(spec)
    assert crm.missing(specs) == ()
    assert all(f.writable for f in crm.schema(["task"])["task"].fields.values() if "our_" in f.name)
    # Once more, by somebody who finds the fields there but cannot see them.
    again = bench.connect()
    for spec in specs:
        again.provision(spec)
    assert again.missing(specs) == ()


@pytest.mark.sandbox("switches of an org")
def test_does_without_unique_keys(bench: Bench) -> None:
    bench.dialect.options["unique_task_keys"] = False
    crm = bench.connect()
    for spec in bench.keys:
        crm.provision(spec)
    assert crm.missing(bench.keys) == ()
    key = crm.schema(["task"])["task"].fields[bench.our("key")]
    assert not key.unique


@pytest.mark.parametrize("type", [FieldType.CHOICE, FieldType.CHOICES])
def test_gives_a_field_of_ours_its_choices_back(
    bench: Bench, crm: Crm, made: tuple[Spec, ...], type: FieldType
) -> None:
    object, name = bench.words.customer, bench.our(type.value)
    own = Option(value="other", label="Something else")
    bench.choices(object, name, (*CHOICES[:1], own))
    (lost,) = crm.missing(made)
    assert isinstance(lost, MendSpec)
    assert (lost.field.name, lost.options, lost.edit) == (name, CHOICES[1:], False)
    crm.provision(lost)
    assert crm.missing(made) == ()
    options = crm.schema([object])[object].fields[name].options
    # What an admin has added stays, and stands where it stood.
    assert options == (CHOICES[0], own, CHOICES[1])
    bench.forget()
    assert crm.missing(made) == ()
    crm.provision(lost)
    assert crm.schema([object])[object].fields[name].options == options


def test_leaves_choices_that_are_peoples_own(
    bench: Bench, crm: Crm, made: tuple[Spec, ...]
) -> None:
    bench.choices(bench.words.customer, bench.our("choice"), CHOICES[:1])
    specs = [replace(spec, kept=False) for spec in made if isinstance(spec, FieldSpec)]
    assert crm.missing(specs) == ()


def test_a_field_of_another_type_is_not_mended(
    bench: Bench, crm: Crm, made: tuple[Spec, ...]
) -> None:
    other = FieldSpec(
        object=bench.words.customer,
        name=bench.our("text"),
        label="Ours",
        type=FieldType.CHOICE,
        options=CHOICES,
    )
    assert crm.missing([other]) == ()
