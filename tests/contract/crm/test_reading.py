"""Records as they are now, and the records that belong to them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from integrations.contract import RELATION, Crm, FieldSpec, FieldType
from tests.contract.crm.bench import Bench
from tests.contract.crm.people import START, customer, seed


def test_reads_what_was_asked_for(bench: Bench, crm: Crm) -> None:
    words, ref = bench.words, bench.customer(3)
    record = crm.read(ref.object, [ref.id], [words.name, words.seats, words.ends])[ref.id]
    assert record.ref == ref
    assert not record.gone
    assert record.fields == {
        words.name: "Customer 3",
        words.seats: 30,
        words.ends: (START + timedelta(days=3)).date(),
    }


def test_reads_what_has_just_been_written(bench: Bench, crm: Crm) -> None:
    words, ref = bench.words, bench.customer()
    bench.move(ref)
    assert crm.read(ref.object, [ref.id], [words.stage])[ref.id].fields == {words.stage: "churning"}


def test_an_empty_field_is_none(bench: Bench, crm: Crm) -> None:
    words, ref = bench.words, bench.customer()
    bench.edit(ref, words.ends, "")
    assert crm.read(ref.object, [ref.id], [words.ends])[ref.id].fields == {words.ends: None}


def test_leaves_out_what_is_gone(bench: Bench, crm: Crm) -> None:
    kept, gone = bench.customer(1), bench.customer(5)
    bench.delete(gone)
    found = crm.read(kept.object, [kept.id, gone.id], [bench.words.name])
    assert list(found) == [kept.id]


def test_leaves_out_fields_that_are_not_there(bench: Bench, crm: Crm) -> None:
    words, ref = bench.words, bench.customer()
    found = crm.read(ref.object, [ref.id], [words.name, bench.our("nothing")])
    assert found[ref.id].fields == {words.name: "Customer 1"}


def test_goes_on_without_a_field_that_was_dropped(bench: Bench, crm: Crm) -> None:
    words, gone = bench.words, bench.our("flag")
    ref = bench.customer()
    crm.provision(FieldSpec(object=ref.object, name=gone, label="Flag", type=FieldType.FLAG))
    crm.read(ref.object, [ref.id], [words.name, gone])
    bench.drop(ref.object, gone)
    found = crm.read(ref.object, [ref.id], [words.name, gone])[ref.id].fields
    assert found[words.name] == "Customer 1"
    assert not found.get(gone)


@pytest.mark.parametrize("many", [1, 250])
@pytest.mark.sandbox("hundreds of customers")
def test_reads_many_in_the_fewest_calls(bench: Bench, crm: Crm, many: int) -> None:
    bench.reset(seed(*(customer(n, people=0) for n in range(many))))
    crm = bench.connect()
    crm.schema([bench.words.customer])
    refs = bench.everybody()
    bench.forget()
    found = crm.read(bench.words.customer, [ref.id for ref in refs] * 2, [bench.words.name])
    assert set(found) == {ref.id for ref in refs}
    assert bench.calls() == -(-many // crm.limits["read"])


def test_asks_for_nothing_where_nothing_is_wanted(bench: Bench, crm: Crm) -> None:
    assert crm.read(bench.words.customer, [], [bench.words.name]) == {}
    assert bench.calls() == 0


def test_finds_the_people_of_customers(bench: Bench, crm: Crm) -> None:
    words = bench.words
    wanted = [bench.customer(n) for n in (1, 2, 5)]
    found = crm.related(words.customer, [r.id for r in wanted], words.person, [words.email])
    assert {id: [p.ref for p in people] for id, people in found.items() if people} == {
        ref.id: bench.people(n) for n, ref in enumerate(wanted[:2], start=1)
    }
    assert [p.fields for p in found[wanted[0].id]] == [
        {words.email: bench.address(1, 1)},
        {words.email: bench.address(2, 1)},
    ]


def test_finds_the_people_of_a_deal(bench: Bench, crm: Crm) -> None:
    words, deal = bench.words, bench.deal(2)
    found = crm.related(deal.object, [deal.id], words.person, [words.email])
    assert [person.ref for person in found[deal.id]] == bench.people(2)


@pytest.mark.sandbox("switches of an org")
def test_tells_what_people_are_to_a_customer(bench: Bench, crm: Crm) -> None:
    words, one, two = bench.words, bench.customer(1), bench.customer(2)
    (first, second), (third, _) = bench.people(1), bench.people(2)
    bench.role(one, first, "Decision Maker", "Influencer")
    bench.role(two, first, "Evaluator")
    bench.role(two, third, "Decision Maker")
    crm.schema([words.customer, words.person])
    bench.forget()
    ids = [one.id, two.id]
    found = crm.related(words.customer, ids, words.person, [words.email, RELATION])
    assert bench.calls() <= 3
    said = {
        (id, record.ref.id): record.fields[RELATION]
        for id, people in found.items()
        for record in people
    }
    assert said[one.id, first.id] == ("Decision Maker", "Influencer")
    assert said[two.id, third.id] == ("Decision Maker",)
    assert said[one.id, second.id] is None
    plain = crm.related(words.customer, ids, words.person, [words.email])
    assert all(set(r.fields) == {words.email} for some in plain.values() for r in some)


def test_nobody_says_what_people_are_where_the_crm_keeps_it_nowhere(bench: Bench, crm: Crm) -> None:
    words, ref = bench.words, bench.customer()
    found = crm.related(words.customer, [ref.id], words.person, [RELATION])
    assert [record.fields for record in found[ref.id]] == [{RELATION: None}] * 2


def test_a_record_belongs_to_itself(bench: Bench, crm: Crm) -> None:
    words, ref = bench.words, bench.customer()
    found = crm.related(words.customer, [ref.id], words.customer, [words.name])
    assert [r.fields for r in found[ref.id]] == [{words.name: "Customer 1"}]


def test_finds_people_in_the_fewest_calls(bench: Bench, crm: Crm) -> None:
    words = bench.words
    everybody = bench.everybody()
    crm.schema([words.customer, words.person])
    bench.forget()
    crm.related(words.customer, [r.id for r in everybody], words.person, [words.email])
    assert bench.calls() == (2 if "related_read" in crm.limits else 1)


def test_knows_a_reference_from_a_text(bench: Bench, crm: Crm) -> None:
    words, ref = bench.words, bench.customer()
    fields = crm.schema([words.customer])[words.customer].fields
    assert fields[words.csm].type is FieldType.REFERENCE
    (holder,) = crm.read(ref.object, [ref.id], [words.csm])[ref.id].fields.values()
    assert holder in {owner.id for owner in crm.owners()}
