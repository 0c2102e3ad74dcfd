"""Move open cases to the playbook that a new case would get: propose, ask for it, carry it out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from integrations.contract import Record
from mappings.playbook import Playbook
from sync.case import fold
from sync.connection import Connection
from sync.move import Move, move, replanned
from sync.planning import pinned, prepare
from sync.store import Tables
from sync.store.cases import CaseRow
from sync.store.values import to_json

#: The kind of request.
MOVE: Final = "move"
#: What is over, or is no departure, is moved only where it is named.
OVER: Final = ("void", "gone", "saved", "returned", "alumni")


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """One case that can be moved, and what that comes to."""

    case: str
    customer: str
    #: The names of the playbooks.
    before: str
    after: str
    #: The new playbook.
    hash: str
    body: str
    move: Move

    @property
    def as_json(self) -> dict[str, Any]:
        """For ``--json``."""
        return {
            "case": self.case,
            "customer": self.customer,
            "from": self.before,
            "to": self.after,
            "renamed": dict(self.move.renamed),
            "changes": [
                {
                    "key": one.key, "step": one.step, "kind": one.kind, "does": one.does,
                    "what": one.words,
                    "before": to_json({name: was for name, (was, _) in one.values.items()}),
                    "after": to_json({name: now for name, (_, now) in one.values.items()}),
                }
                for one in self.move.changes
            ],
            "later": [asdict(one) for one in self.move.later],
        }  # fmt: skip


def proposals(connection: Connection, rows: Sequence[CaseRow]) -> Iterator[Proposal]:
    """What moving these cases comes to; those that have their playbook already are left out."""
    now = connection.clock()
    for one in prepare(connection, rows):
        with connection.store.reading() as tables:
            ref = one.row.ref
            known = tables.people.customers(connection.name, ref.object, [ref.id])[ref.id]
        hash, body = connection.resolve(Record(ref=ref, fields=known.fields))
        new = Playbook.model_validate_json(body)
        if new == one.book:
            continue
        yield Proposal(
            case=one.row.key,
            customer=one.world.customer.name,
            before=one.book.name,
            after=new.name,
            hash=hash,
            body=body,
            move=move(
                one.case, one.world, one.watch, one.entries,
                old=one.book, new=new, hash=hash, now=now,
            ),
        )  # fmt: skip


def ask(tables: Tables, owner: str, found: Iterable[Proposal], now: datetime) -> int:
    """Queue the moves as they were shown; returns how many cases there are."""
    cases = {}
    for one in found:
        tables.cases.pin(one.hash, one.body)
        cases[one.case] = one.hash
    if cases:
        tables.requests.ask(MOVE, now, connection=owner, cases=cases)
    return len(cases)


def carry_out(connection: Connection, now: datetime) -> set[str]:
    """Move what was asked for; returns the cases, which are awake now."""
    with connection.store.reading() as tables:
        waiting = any(one.kind == MOVE for one in tables.requests.open(connection.name))
    if not waiting:
        return set()
    moved: set[str] = set()
    with connection.store.transaction("move cases") as tables:
        for asked in tables.requests.open(connection.name):
            if asked.kind == MOVE:
                found = _moved(tables, asked.data["cases"], f"{MOVE} {asked.number}", now)
                tables.requests.done(asked.number, now, {"cases": len(found)})
                moved |= found
    return moved


def _moved(tables: Tables, wanted: dict[str, str], mark: str, now: datetime) -> set[str]:
    rows = {key: row for key, row in tables.cases.some(wanted).items() if not row.closed}
    histories = tables.cases.histories(rows)
    found = set()
    for key, row in rows.items():
        if row.playbook == (hash := wanted[key]):
            continue
        case = fold(key, row.ref, histories[key])
        old, new = (pinned(tables.cases.playbook(one)) for one in (row.playbook, hash))
        tables.cases.append(key, [replanned(case, old, new, hash, at=now, mark=mark)])
        tables.cases.set(key, playbook=hash)
        found.add(key)
    return found
