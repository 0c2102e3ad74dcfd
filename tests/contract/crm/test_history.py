"""What a field has been, since when, and who set it."""

from __future__ import annotations

import pytest

from integrations.contract import Crm
from tests.contract.crm.bench import Bench
from tests.contract.crm.people import MINUTE, START


@pytest.mark.sandbox("a clock that one moves")
def test_tells_every_value_newest_first(bench: Bench, crm: Crm) -> None:
    ref, stage = bench.customer(), bench.words.stage
    for value in ("at_risk", "churning"):
        bench.pass_(MINUTE)
        bench.move(ref, value)
    found = crm.history(ref.object, [ref.id], stage)
    moments = found[ref.id]
    assert [(m.value, m.at) for m in moments[:2]] == [
        ("churning", START + 2 * MINUTE),
        ("at_risk", START + MINUTE),
    ]
    assert moments[0].by
    assert moments[0].by == moments[1].by


@pytest.mark.sandbox("a field whose history is kept", crm="salesforce")
def test_keeps_records_apart(bench: Bench, crm: Crm) -> None:
    one, two = bench.customer(1), bench.customer(2)
    bench.move(one, "churning")
    bench.move(two, "at_risk")
    found = crm.history(one.object, [one.id, two.id], bench.words.stage)
    assert {id: moments[0].value for id, moments in found.items()} == {
        one.id: "churning",
        two.id: "at_risk",
    }


def test_asks_for_many_at_once(bench: Bench, crm: Crm) -> None:
    refs = bench.everybody()
    crm.schema([bench.words.customer])
    bench.forget()
    crm.history(bench.words.customer, [ref.id for ref in refs], bench.words.stage)
    assert bench.calls() == 1


def test_a_field_that_is_not_there_has_none(bench: Bench, crm: Crm) -> None:
    ref = bench.customer()
    assert crm.history(ref.object, [ref.id], bench.our("nothing")) == {}


def test_an_object_without_a_history_has_none(bench: Bench, crm: Crm) -> None:
    (person, _) = bench.people()
    bench.edit(person, bench.words.email, "new@c1.example")
    assert crm.history(person.object, [person.id], bench.words.email) == {}


@pytest.mark.sandbox("faults on demand")
def test_tells_values_where_the_crm_has_labels(bench: Bench, crm: Crm) -> None:
    crm.schema([bench.words.customer])
    bench.strike("history", status=200, body=bench.said["labels"])
    found = crm.history(bench.words.customer, [bench.customer().id], bench.words.stage)
    assert [moment.value for moments in found.values() for moment in moments] == ["at_risk"]
