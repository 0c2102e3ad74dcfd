"""The weekly digest: made once a week is over, kept in the ledger like everything else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Final

from mappings.calendar import Calendar, calendar
from mappings.feedback import Digest
from sync.connection import Connection
from sync.digest import Departure, Week, digests, last_told
from sync.model import EVERYTHING
from sync.outbox import Entry, difference
from sync.planning import prepare
from sync.store.watches import Watching

#: The name under which it is kept which week was told last.
_NAME: Final = "digest"
#: After a standstill, so many weeks are told one by one.
_MOST: Final = 4


def plan_weeks(connection: Connection, now: datetime) -> int:
    """Keep the digests of the weeks that are over and were not told yet; returns how many."""
    rule = connection.programme.feedback.digest
    if rule is None:
        return 0
    newest = last_told(rule, _calendar(connection), now)
    told = _told(connection)
    if told and told.monday >= newest.monday:
        return 0
    # Whoever asks for a digest is not told of the weeks before.
    entries = [e for week in _weeks(told, newest) for e in _entries(connection, rule, week, now)]
    with connection.store.transaction("weekly digest") as tables:
        tables.ledger.put(connection.name, entries, now)
        done = Watching(
            name=_NAME, rules=newest.monday.isoformat(), baseline_at=now, cursor=None, ready=True
        )
        tables.watches.put(connection.name, done)
    return len(entries)


def next_digest(connection: Connection) -> Iterator[datetime]:
    """When the next week wants to be told, if any does."""
    rule, told = connection.programme.feedback.digest, _told(connection)
    if rule and told:
        yield told.following().told_at(rule)


def _weeks(told: Week | None, newest: Week) -> list[Week]:
    weeks: list[Week] = []
    while told and told.monday < newest.monday:
        told = told.following()
        weeks.append(told)
    return weeks[-_MOST:]


def _entries(connection: Connection, rule: Digest, week: Week, now: datetime) -> Iterator[Entry]:
    """Lines of the ledger, each with the departure that it hangs on."""
    with connection.store.reading() as tables:
        rows = tables.cases.heard(connection.name, week.begins, week.ends)
    departures = []
    for one in prepare(connection, rows):
        made = one.plan(now)
        if all(held.step != EVERYTHING for held in made.withheld):
            departures.append(Departure(case=one.case, world=one.world, status=made.status))
    for case, want in digests(week, rule, departures, org=connection.identity.org):
        yield from difference(case.key, [want], {}, {})


def _told(connection: Connection) -> Week | None:
    """The week that was told last."""
    with connection.store.reading() as tables:
        known = tables.watches.get(connection.name, _NAME)
    if known is None:
        return None
    return Week(monday=date.fromisoformat(known.rules), calendar=_calendar(connection))


def _calendar(connection: Connection) -> Calendar:
    return calendar(connection.programme.time, country=None, zone=connection.identity.zone)
