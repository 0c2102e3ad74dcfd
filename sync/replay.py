"""Plays a company's recorded departures through a sandbox, in simulated time, and counts.

For each churn event the account moves into the stage; on the next day a person enters the reason
and the words; before it churns again it has become active. At the end everything is counted
through the vendor's API, and held against the plans that the recorded history leads to.
"""

from __future__ import annotations

import heapq
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

from integrations.contract import NOTE, TASK, Task
from sync.case import fold
from sync.connection import Connection
from sync.engine.jobs import waits
from sync.plan import plan
from sync.planning import Prepared, prepare
from sync.recorded import AFTERWARDS, Departure, back_on, by_account, departures
from sync.trial import Trial, trial
from sync.verify import verify

#: When the cycle of a day runs, and the one before it where somebody comes back and leaves again.
ROUND: Final = timedelta(hours=12)
EARLY_ROUND: Final = timedelta(hours=10, minutes=30)


class _Act(NamedTuple):
    """Something that a person does at a moment."""

    at: datetime
    customer: str
    field: str
    value: str


def script(
    events: list[Departure], customers: dict[str, str], fields: dict[str, str]
) -> list[_Act]:
    """What people do, in order. ``fields``: the CRM's names of stage, reason and words."""
    acts: list[_Act] = []
    for event, following in by_account(events):
        customer = customers[event.account]
        acts.append(_Act(_at(event.day, 11), customer, fields["stage"], "churning"))
        next_day = event.day + timedelta(days=1)
        acts.append(_Act(_at(next_day, 8), customer, fields["reason"], event.reason))
        if event.words:
            acts.append(_Act(_at(next_day, 8), customer, fields["words"], event.words))
        if back := back_on(event, following):
            acts.append(_Act(_at(back, 10), customer, fields["stage"], "active"))
    return sorted(acts)


def replay(
    folder: Path, crm: str, *, tell: Callable[[int, int], None] = lambda done, of: None
) -> dict[str, Any]:
    """Play all of it; returns the counts. Raises BadWorld."""
    begun = time.monotonic()
    events = departures(folder)
    start = _at(events[0].day - timedelta(days=1), 9)
    mapping = {"brake": {"cases": 10_000}}
    with trial(str(folder), start=start, crms=[crm], mapping=mapping) as stage:
        re_entry_at_once(stage, crm)
        stage.provision(crm)
        connection = stage.connect(crm)
        connection.removals = None  # nobody deletes anything
        stage.count_from_here()
        stage.cycle(connection)
        rounds = _play(stage, connection, crm, events, tell)
        calls = stage.calls(crm)
        result = _count(connection, rounds)
    return {
        "departures": len(events),
        **result,
        "calls": sum(calls.values()),
        "calls_least": connection.tally.total,
        "calls_by_operation": calls,
        "seconds": round(time.monotonic() - begun, 1),
        "per_second_limits": "off: time is simulated",
    }


def re_entry_at_once(stage: Trial, crm: str) -> None:
    """Every departure of the data is one of its own: the re-entry window is 0."""
    file = stage.app.service.connections[crm].mapping
    watch = stage.app.mapping(crm).programme.watch[0].model_dump(mode="json", exclude_none=True)
    import yaml

    text = yaml.safe_load(file.read_text())
    file.write_text(
        yaml.safe_dump({**text, "watch": [{**watch, "re_entry": {"within": "0 days"}}]})
    )


def _play(
    stage: Trial,
    connection: Connection,
    crm: str,
    events: list[Departure],
    tell: Callable[[int, int], None],
) -> list[datetime]:
    """Act and cycle until everything has had its time; returns when there was a cycle."""
    customers = {name: row.id for name, row in stage.customers(crm).items()}
    watch = connection.programme.watch[0]
    places = connection.places("customer")
    fields = {
        "stage": watch.stage,
        "reason": places["reason_csm"].field,
        "words": places["exit_words"].field,
    }
    acts = script(events, customers, fields)
    by, done, rounds = stage.colleague(crm), 0, []
    end = _at(events[-1].day, 12) + AFTERWARDS
    for moment in _moments(acts, fields["stage"], end):
        due = []
        while acts and acts[0].at <= moment:
            due.append(heapq.heappop(acts))
        if not due and not any(at <= moment for at in waits(connection)):
            continue
        for act in due:
            stage.until(act.at)
            stage.edit(crm, act.customer, act.field, act.value, by=by)
            done += act.value == "churning"
        stage.until(moment)
        stage.cycle(connection)
        rounds.append(moment)
        tell(done, len(events))
    return rounds


def _moments(acts: list[_Act], stage: str, end: datetime) -> Iterator[datetime]:
    """The rounds of every day, from the first act on."""
    moves = Counter((act.at.date(), act.customer) for act in acts if act.field == stage)
    busy = {day for (day, _), number in moves.items() if number > 1}
    day = acts[0].at.date()
    while (midnight := _at(day, 0)) <= end:
        if day in busy:
            yield midnight + EARLY_ROUND
        yield midnight + ROUND
        day += timedelta(days=1)


def _count(connection: Connection, rounds: list[datetime]) -> dict[str, Any]:
    expected, withheld, cases = _expected(connection, rounds)
    held = list(connection.crm.find(TASK, None))
    by_step = Counter(str(one.values.get("step") or "") for one in held)
    notes = Counter(one.key.split(":")[1] for one in connection.crm.find(NOTE, None))
    checked = verify(connection)
    return {
        "cases": cases,
        "tasks_expected": len(expected),
        "tasks_found": len(held),
        "unexpected": len({one.key for one in held} ^ expected),
        "by_step": dict(sorted(by_step.items())),
        "notes": dict(sorted(notes.items())),
        "withheld": withheld,
        "missing": len(checked.missing),
        "extra": len(checked.extra),
    }


def _expected(
    connection: Connection, rounds: list[datetime]
) -> tuple[set[str], dict[str, int], int]:
    """The tasks that the plans of every case have ever wanted, from its history alone."""
    with connection.store.reading() as tables:
        rows = list(tables.cases.list(connection.name))
    expected: set[str] = set()
    withheld: Counter[str] = Counter()
    for one in prepare(connection, rows):
        expected |= _wanted(one, connection, rounds)
        for held in one.plan(rounds[-1]).withheld:
            withheld[f"{held.step}: {held.reason}"] += 1
    return expected, dict(sorted(withheld.items())), len(rows)


def _wanted(one: Prepared, connection: Connection, rounds: list[datetime]) -> set[str]:
    """Plan at every round at which the plan can have changed."""
    with connection.store.reading() as tables:
        history = tables.cases.histories([one.row.key])[one.row.key]
    wanted: set[str] = set()
    wake = history[0].at
    known = 0
    for moment in rounds:
        heard = sum(event.at <= moment for event in history)
        if heard == 0 or (heard == known and (wake is None or wake > moment)):
            continue
        case = fold(one.row.key, one.row.ref, history[:heard])
        made = plan(case, one.world, one.book, one.watch, moment)
        wanted |= {want.key for want in made.wants if isinstance(want.item, Task)}
        known, wake = heard, made.wake_at  # type: ignore[assignment]
    return wanted


def _at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
