"""What the CRM has not taken, sorted by what went wrong and what to do; and trying it again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sync.connection import Connection
from sync.outbox import ON_ITS_WAY, Entry, State
from sync.store import Tables

RETRY: Final = "retry"
#: What to do, by class.
_MEND: Final[Mapping[str, str]] = {
    "drift": "mend it in the CRM; it is tried again once that is seen, within the hour",
    "exists": "nothing; the CRM is asked what it holds under our key",
    "left out": "the rest was written; mend this, then `aurevoir retry`",
    "maybe sent": "look in the CRM whether the mail went out; it is never repeated",
    "reject": "mend the record or the mapping, then `aurevoir retry`",
    "retry": "nothing; it is tried again by itself",
    "unknown": "nothing; the CRM is asked before anything is written again",
}


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """Which failures: one write, those of a case, those of a class, or all."""

    key: str | None = None
    case: str | None = None
    problem: str | None = None

    def has(self, entry: Entry) -> bool:
        """Whether an entry is among them."""
        return (
            self.key in (None, entry.key)
            and self.case in (None, entry.case)
            and self.problem in (None, kind_of(entry))
        )


@dataclass(frozen=True, kw_only=True)
class Failure:
    """Writes that failed in the same way."""

    kind: str
    words: str
    mend: str
    since: datetime
    keys: tuple[str, ...]
    #: The keys of the cases that they belong to.
    cases: tuple[str, ...]


def kind_of(entry: Entry) -> str:
    """The class of a failure."""
    if entry.state is State.MAYBE_SENT:
        return "maybe sent"
    return entry.problem or "left out"


def failures(entries: Iterable[Entry]) -> tuple[Failure, ...]:
    """Failing entries by class and words, the eldest first."""
    alike: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        alike.setdefault((kind_of(entry), _words(entry)), []).append(entry)
    return tuple(
        Failure(
            kind=kind,
            words=words,
            mend=_MEND.get(kind, _MEND["reject"]),
            since=min(one.failing_since for one in some if one.failing_since),
            keys=tuple(one.key for one in some),
            cases=tuple(dict.fromkeys(one.case for one in some)),
        )
        for (kind, words), some in alike.items()
    )


def _words(entry: Entry) -> str:
    refused = "; ".join(f"{field}: {why}" for field, why in entry.refused.items())
    return entry.words or refused or "the CRM refused it"


def repeatable(entry: Entry) -> bool:
    """Whether trying again can do no harm: not mail that may be out, nor what is on the wire."""
    return entry.failing and entry.state not in (State.MAYBE_SENT, *ON_ITS_WAY)


def asked_again(connection: Connection) -> bool:
    """Whether ``aurevoir retry`` has asked for anything: somebody has mended it, maybe there."""
    with connection.store.reading() as tables:
        return any(one.kind == RETRY for one in tables.requests.open(connection.name))


def retry(connection: Connection, now: datetime) -> int:
    """Do what ``aurevoir retry`` has asked for; returns how many writes are tried again."""
    if not asked_again(connection):
        return 0
    again = 0
    with connection.store.transaction("retry") as tables:
        for asked in tables.requests.open(connection.name):
            if asked.kind == RETRY:
                chosen = Chosen(**asked.data)
                found = _again(connection, tables, chosen, now)
                tables.requests.done(asked.number, now, {"writes": found})
                again += found
    return again


def heal(connection: Connection, now: datetime) -> int:
    """Try again what the CRM refused because of how it was set up; returns how many writes."""
    with connection.store.transaction("heal") as tables:
        return sum(
            _again(connection, tables, Chosen(problem=kind), now) for kind in ("drift", "left out")
        )


def _again(connection: Connection, tables: Tables, chosen: Chosen, now: datetime) -> int:
    entries = [
        entry
        for entry in tables.ledger.failing(connection.name)
        if chosen.has(entry) and repeatable(entry)
    ]
    tables.ledger.put(connection.name, (entry.again() for entry in entries), now)
    return len(entries)


def as_json(failure: Failure, customers: Iterable[str]) -> dict[str, Any]:
    """For ``--json``."""
    return {
        "class": failure.kind,
        "words": failure.words,
        "what_to_do": failure.mend,
        "count": len(failure.keys),
        "first_seen": failure.since,
        "customers": list(customers),
        "keys": list(failure.keys),
    }
