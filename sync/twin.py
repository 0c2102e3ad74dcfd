"""Recorded departures twice, with the full programme: in memory, and over the wire.

The same people do the same things at the same moments, to customers that ``simulate`` keeps in
memory and to a sandbox that the service works on. In the end every record must be the same.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from integrations.contract import DEPARTURE, NOTE, TASK
from sync.agreement import agree
from sync.company import Company
from sync.connection import Connection
from sync.engine.jobs import waits
from sync.model import Kind
from sync.planning import pinned
from sync.recorded import AFTERWARDS, departures, noon, story
from sync.replay import re_entry_at_once
from sync.simulation import cast
from sync.simulation.play import play
from sync.simulation.script import Happening
from sync.trial import trial
from sync.verify import verify

#: The recipe ``docs/recipes/full.yaml``, but for the brake, since here everybody is meant to leave,
#: and for the digests, which are about a week and not about a customer.
PROGRAMME: Final[dict[str, Any]] = {
    "playbooks": [
        {"use": "child", "when": {"parent_stays": True}},
        {"use": "enterprise", "when": {"mrr": {"at_least": 4000}}},
        {"use": "consumer", "when": {"seats": {"at_most": 1}}},
        {"use": "small_business", "when": {"mrr": {"at_most": 1000}}},
        {"use": "standard"},
    ],
    "survey": {
        "use": "exit",
        "send": {"after": "1 day", "reminder_after": "7 days", "until": "60 days"},
        "ask": {"at_most": 3, "rest": "90 days"},
    },
    "feedback": {
        "routes": [
            {"when": {"reason": "quality_reliability"}, "role": "product"},
            {"when": {"reason": "support_service"}, "role": "support"},
            {"when": {"reason": ["price", "competitor", "acquired_merged"]}, "role": "sales"},
            {"when": {"reason": "legal_security"}, "role": "it"},
            {"when": {"reason": "payment_failure"}, "role": "billing"},
            {"when": {"reason": "poor_fit"}, "role": "marketing"},
            {"when": {"reason": "trust"}, "role": "leadership"},
            {"when": {"would_return": {"at_least": 8}}, "role": "sales", "as": "note"},
        ],
        "features": "product",
    },
    "evidence": [
        {"reason": "onboarding_adoption", "when": {"usage_30_days": {"at_most": 0}}},
    ],
    "brake": {"cases": 10_000},
}


def twin(
    folder: Path,
    crm: str,
    *,
    record: str = "note",
    tell: Callable[[int, int], None] = lambda done, of: None,
) -> dict[str, Any]:
    """Play all of it both ways; returns the counts. ``record``: what keeps the departures.

    Raises BadWorld.
    """
    begun = time.monotonic()
    events = departures(folder)
    start = noon(events[0].day) - timedelta(days=1, hours=3)
    days = (events[-1].day - start.date()).days + AFTERWARDS.days
    script = sorted(story(events, start.date()), key=lambda one: one.moment(start))
    rounds = _rounds(script, start, days)
    mapping = {**PROGRAMME, "record": record}
    with trial(str(folder), start=start, crms=[crm], mapping=mapping) as stage:
        re_entry_at_once(stage, crm)
        stage.provision(crm)
        with stage.pages() as pages:
            connection = stage.connect(crm)
            connection.removals = None  # nobody deletes anything
            customers = cast.everyone(connection)
            play(connection, customers, script, start, days, rounds)
            simulated = time.monotonic()
            stage.count_from_here()
            stage.cycle(connection)
            company = Company(
                stage=stage, connection=connection, survey=pages.urls["public"], start=start
            )
            _live(company, script, rounds, tell)
        calls = stage.calls(crm)
        found = agree(connection, customers)
        counted = _count(connection)
    return {
        "departures": len(events),
        **counted,
        "simulated": found.as_json,
        "calls": sum(calls.values()),
        "calls_least": connection.tally.total,
        "calls_by_operation": calls,
        "seconds": round(time.monotonic() - begun, 1),
        "seconds_simulated": round(simulated - begun, 1),
        "per_second_limits": "off: time is simulated",
    }


def _rounds(script: Sequence[Happening], start: datetime, days: int) -> list[datetime]:
    """When the service looks: whenever somebody has done something, and every noon."""
    noons = {noon(start.date() + timedelta(days=day)) for day in range(days)}
    return sorted(noons | {one.moment(start) for one in script})


def _live(
    company: Company,
    script: Sequence[Happening],
    rounds: Sequence[datetime],
    tell: Callable[[int, int], None],
) -> None:
    """The same over the wire."""
    stage, connection = company.stage, company.connection
    due = list(reversed(script))
    for moment in rounds:
        acts = []
        while due and due[-1].moment(company.start) <= moment:
            acts.append(due.pop())
        if not acts and not any(at <= moment for at in waits(connection)):
            continue
        stage.until(moment)
        for act in acts:
            company.act(act, moment)
        stage.cycle(connection)
        tell(len(script) - len(due), len(script))


def _count(connection: Connection) -> dict[str, Any]:
    """What the CRM holds, by the vendor's API; what people said, by the store."""
    held = list(connection.crm.find(TASK, None))
    notes = Counter(one.key.split(":")[1] for one in connection.crm.find(NOTE, None))
    with connection.store.reading() as tables:
        rows = list(tables.cases.list(connection.name))
        histories = tables.cases.histories(row.key for row in rows)
        books = {row.playbook for row in rows}
        names = {hash: pinned(tables.cases.playbook(hash)).name for hash in books}
    kinds = Counter(event.kind for events in histories.values() for event in events)
    checked = verify(connection)
    return {
        "cases": len(rows),
        "playbooks": dict(sorted(Counter(names[row.playbook] for row in rows).items())),
        "answered": kinds[Kind.ANSWERED],
        "done": kinds[Kind.DONE],
        "tasks_found": len(held),
        "by_step": dict(sorted(Counter(str(one.values.get("step") or "") for one in held).items())),
        "notes": dict(sorted(notes.items())),
        "records": sum(1 for _ in connection.crm.find(DEPARTURE, None)) if connection.keeps else 0,
        "missing": len(checked.missing),
        "extra": len(checked.extra),
    }
