"""Boxes that people tick in the CRM: heard once, and never confused with what we wrote."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from integrations.contract import Record
from sync.outbox import State
from sync.store.people import PersonRow
from sync.ticks import certain, hear
from tests.acceptance.office import DAY, Office
from tests.acceptance.test_consent import _box, _consents, _tick

pytestmark = pytest.mark.slow


def _known(here: Office) -> PersonRow:
    with here.service.store.reading() as tables:
        return tables.people.people(here.crm, [here.customer(1)])[here.customer(1)][0]


def _hear(here: Office, row: PersonRow, record: Record) -> list[tuple[bool, str | None]]:
    with here.service.store.transaction("test") as tables:
        hear(here.service, tables, [(row, record)])
    return _consents(here)


def _field(here: Office) -> str:
    return here.service.places("person")["stay_in_touch"].field


def _record(here: Office, row: PersonRow, value: Any) -> Record:
    fields = {**row.fields, _field(here): value}
    return Record(ref=row.ref, fields=fields, modified_at=here.stage.clock.now())


def test_a_tick_is_heard_once_and_the_first_look_is_none(here: Office) -> None:
    here.leaves()
    row = _known(here)
    ticked = _record(here, row, True)
    blank = replace(row, fields={"email": "pat@customer.example"})
    assert _hear(here, blank, ticked) == []  # nobody knows since when it is there
    assert _hear(here, row, replace(ticked, gone=True)) == []
    assert _hear(here, row, ticked) == [(True, "crm")]
    assert _hear(here, row, ticked) == [(True, "crm")]


def test_what_is_on_its_way_from_us_is_no_news(here: Office) -> None:
    here.leaves()
    _tick(here, "stay_in_touch", yes=True)
    here.wait(2 * DAY)
    here.run()
    row, key = _known(here), here.cases()[0].key
    with here.service.store.transaction("test") as tables:
        entries = tables.ledger.of_cases([key])[key].values()
        (ours,) = (entry for entry in entries if entry.step == "consent")
        wanted = {**ours.wanted, _field(here): False}
        lost = replace(ours, wanted=wanted, state=State.UNKNOWN)
        tables.ledger.put(here.crm, [lost], here.stage.clock.now())
    before = _consents(here)
    assert _hear(here, row, _record(here, row, False)) == before
    with here.service.store.transaction("test") as tables:
        tables.ledger.put(here.crm, [ours], here.stage.clock.now())
    assert _hear(here, row, _record(here, row, False)) == [*before, (False, "crm")]


def test_what_a_lagging_index_shows_is_read_once_more(here: Office) -> None:
    here.leaves()
    row = _known(here)
    stale = _record(here, row, True)
    assert not _box(here, "stay_in_touch")
    (sure,) = certain(here.service, [stale], {row.ref.id: [row]})
    assert not sure.fields[_field(here)]
    assert _hear(here, row, sure) == []
    # What is as we knew it costs no call.
    calls = here.stage.calls(here.crm)
    same = _record(here, row, row.fields[_field(here)])
    assert certain(here.service, [same], {row.ref.id: [row]}) == (same,)
    assert here.stage.calls(here.crm) == calls
