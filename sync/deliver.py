"""Bring the CRM what is due: pack, send, and write down what became of every single write.

For each call: commit that it is about to go out, send it, commit its receipts. No transaction is
open while a request is on the wire. Whatever was on the wire when the process died, or whose
answer was lost, is unknown: the CRM is asked for our key before anything is written again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from integrations.contract import DEPARTURE, MAIL, NOTE, TASK, Call, Receipt, Value
from integrations.errors import CrmError, Drift, Park, Reauthorise, Split
from mappings.needs import watched
from sync import guard, parcels
from sync.connection import Connection
from sync.lifetime import appeared
from sync.model import Event, Kind
from sync.outbox import Entry, State
from sync.parcels import Parcel
from sync.store import Tables

#: What is asked for by its key.
_ASKED: Final = (TASK, NOTE, DEPARTURE, MAIL)
#: Entries that are held in memory at a time.
BATCH: Final = 4000
#: Asked before every call; True ends the delivery there.
Stop = Callable[[], bool]
_TOLD: Final = {State.DELIVERED: Kind.SENT, State.MAYBE_SENT: Kind.MAYBE_SENT}
#: Waits before the next attempts; the last one repeats.
BACKOFF: Final = tuple(timedelta(minutes=m) for m in (0.5, 2, 10, 30, 120))


@dataclass(kw_only=True)
class Delivered:
    """What a delivery came to."""

    calls: int = 0
    writes: int = 0
    failed: int = 0


def deliver(
    connection: Connection, now: datetime, *, outward: bool = True, stop: Stop = bool
) -> Delivered:
    """Send every write that is due and whose predecessors are in the CRM.

    Raises Park and Reauthorise, with everything that was not sent left pending.
    """
    done = Delivered()
    while _wave(connection, now, done, outward=outward, stop=stop):
        pass
    return done


def _wave(
    connection: Connection,
    now: datetime,
    done: Delivered,
    *,
    outward: bool,
    stop: Stop,
) -> bool:
    """One pass over what is due; whether a further one may find more."""
    last, blocked, settled, before = "", False, 0, done.writes
    while True:
        with connection.store.reading() as tables:
            due = tables.ledger.due(connection.name, now, limit=BATCH, outward=outward, after=last)
            waiting = tables.ledger.unsettled({key for entry in due for key in entry.after})
        if not due:
            return blocked and (settled > 0 or done.writes > before)
        last = due[-1].key
        ready = [entry for entry in due if not waiting.intersection(entry.after)]
        blocked = blocked or len(ready) < len(due)
        wrapped = parcels.wrap(connection, let_out(connection, ready, now))
        if wrapped.settled:
            settled += len(wrapped.settled)
            with connection.store.transaction("deliver settled") as tables:
                _keep(connection, tables, wrapped.settled, now)
        parcels.count(connection, wrapped.parcels.values())
        for call in connection.crm.pack([parcel.write for parcel in wrapped.parcels.values()]):
            if stop():
                return False
            packed = {write.key: wrapped.parcels[write.key] for write in call.writes}
            entries = [entry for parcel in packed.values() for entry in parcel.entries]
            if let_out(connection, entries, now, ask=False) != entries:
                # Somebody said no while other calls were out: the rest of this one is packed anew.
                blocked, settled = True, settled + 1
                continue
            _send(connection, call, packed, now, done)


def let_out(
    connection: Connection, ready: Sequence[Entry], now: datetime, *, ask: bool = True
) -> list[Entry]:
    """Those of these entries that may go out: in time, and to nobody who has opted out.

    ``ask=False``: the CRM has just been asked.
    """
    moment = max(now, connection.clock())  # a delivery may have waited for a limit
    late = [entry for entry in ready if not guard.in_time(entry, moment)]
    if late:
        dropped = [replace(e, state=State.DROPPED, words="it was too late") for e in late]
        with connection.store.transaction("deliver too late") as tables:
            _keep(connection, tables, dropped, now)
    in_time = [entry for entry in ready if entry not in late]
    if ask:
        return guard.let_through(connection, in_time, now)
    stopped = guard.withdrawn(connection, in_time, now)
    return [entry for entry in in_time if entry.key not in stopped]


def _send(
    connection: Connection,
    call: Call,
    packed: dict[str, Parcel],
    now: datetime,
    done: Delivered,
) -> None:
    keys = [entry.key for parcel in packed.values() for entry in parcel.entries]
    with connection.store.transaction("deliver sending") as tables:
        tables.ledger.sending(keys)
    stopped: CrmError | None = None
    parts: tuple[Call, ...] = ()
    try:
        receipts = connection.crm.send(call)
    except (Park, Reauthorise) as problem:
        stopped = problem
        receipts = tuple(Receipt(key=key, problem=problem) for key in packed)
    except Split as problem:
        half = len(call.writes) // 2
        parts = connection.crm.pack(call.writes[:half]) + connection.crm.pack(call.writes[half:])
        receipts = tuple(Receipt(key=key, problem=problem) for key in packed)
    except CrmError as problem:
        receipts = tuple(Receipt(key=key, problem=problem) for key in packed)
    done.calls += 1
    moved = _somebody_left(connection, packed, receipts)
    with connection.store.transaction("deliver receipts") as tables:
        if moved:
            tables.cases.wake_all(connection.name, now)
        results = [
            entry
            for receipt in receipts
            for entry in _results(connection, packed[receipt.key], receipt, now)
        ]
        _keep(connection, tables, results, now)
    done.writes += sum(entry.problem is None for entry in results)
    done.failed += 0 if parts else sum(entry.problem is not None for entry in results)
    if stopped:
        raise stopped
    for part in parts:
        _send(connection, part, {w.key: packed[w.key] for w in part.writes}, now, done)


def _somebody_left(
    connection: Connection, packed: Mapping[str, Parcel], receipts: Iterable[Receipt]
) -> bool:
    """Whether the owner of a task was refused, and the owners are not as they were.

    Then every open case is planned again, and what was theirs goes to the next in line.
    """
    return (
        any(
            _refused(receipt) == "owner" and not _has_left(connection, entry)
            for receipt in receipts
            for entry in packed[receipt.key].entries
            if entry.kind == TASK
        )
        and connection.hear_owners()
    )


def _refused(receipt: Receipt) -> str | None:
    return getattr(receipt.problem, "field", None)


def _has_left(connection: Connection, entry: Entry) -> bool:
    """Whether we know that the owner of a task is not there any more."""
    owner = connection.rules.directory.by_id.get(str(entry.wanted["owner"]))
    return owner is None or not owner.active


def _results(
    connection: Connection, parcel: Parcel, receipt: Receipt, now: datetime
) -> Iterator[Entry]:
    """What each entry of a parcel has become."""
    for entry in parcel.entries:
        attempt = replace(entry, attempts=entry.attempts + 1)
        if receipt.problem is None:
            now_held = receipt.values or {}
            given = {name: now_held.get(name, v) for name, v in parcel.given(entry).items()}
            given = connection.links.conceal(given, entry.wanted)
            yield attempt.taken(given, parcel.kept(entry), id=receipt.id)
        else:
            connection.stale = connection.stale or isinstance(receipt.problem, Drift)
            yield _failed(connection, attempt, receipt.problem, now)


def _failed(connection: Connection, entry: Entry, problem: CrmError, now: datetime) -> Entry:
    """The entry after a problem: named by what to do next."""
    named = replace(entry, problem=problem.name, words=problem.words)
    wait = BACKOFF[min(entry.attempts, len(BACKOFF)) - 1]
    match problem.name:
        case "retry":
            after = max(wait, timedelta(seconds=getattr(problem, "after", 0)))
            return replace(named, state=State.PENDING, next_at=now + after)
        case "park" | "reauthorise" | "split":
            return replace(named, state=State.PENDING, attempts=entry.attempts - 1)
        case "exists" | "unknown":
            return replace(named, state=State.UNKNOWN)
        case "gone":
            return replace(named, state=State.GONE)
    refused = getattr(problem, "field", None)
    if refused == "owner" and entry.problem != problem.name and _has_left(connection, entry):
        # The next plan finds the next in line; if it does not, the next attempt has no owner.
        return replace(named, state=State.PENDING, next_at=now + wait)
    if left_out := _left_out(connection, entry, refused):
        kept = {**entry.kept, left_out: problem.words}
        return replace(named, state=State.PENDING, kept=kept)
    return replace(named, state=State.REJECTED)


def _left_out(connection: Connection, entry: Entry, refused: str | None) -> str | None:
    """What the next attempt leaves out, so that the rest does not suffer from it."""
    own = connection.fitness.word(entry.kind, refused) if refused else None
    if own in entry.changes and own not in entry.kept:
        return own
    partly = entry.kind in ("fields", DEPARTURE)
    if partly and refused in entry.changes and len(entry.changes) > 1:
        return refused
    # Whoever cannot be given a task, although they are there: without an owner, all see it.
    owned = entry.kind == TASK and "owner" not in entry.kept and entry.wanted["owner"]
    return "owner" if refused and owned else None


def _keep(connection: Connection, tables: Tables, entries: Sequence[Entry], now: datetime) -> None:
    """Keep what became of these entries, and tell the cases what people see of them."""
    tables.ledger.put(connection.name, entries, now)
    ours: dict[str, dict[str, dict[str, Value]]] = {}
    news: dict[str, list[Event]] = {}
    for entry in entries:
        if entry.kind == "fields" and entry.state is State.DELIVERED:
            ours.setdefault(entry.ref.object, {}).setdefault(entry.ref.id, {}).update(entry.fresh)
        if event := _news(connection, entry, now):
            news.setdefault(entry.case, []).append(event)
    for case, events in news.items():
        tables.cases.append(case, events)
    for object, values in ours.items():
        tables.people.wrote(connection.name, object, values, now)


def _news(connection: Connection, entry: Entry, now: datetime) -> Event | None:
    """What a delivery tells the case."""
    if entry.state is State.GONE and entry.id and entry.kind in (TASK, NOTE, DEPARTURE):
        data = {"step": entry.step, "key": entry.key}
        return Event(at=now, kind=Kind.REMOVED, data=data, mark=f"{Kind.REMOVED} {entry.key}")
    if entry.state is State.GONE and entry.ref.object in watched(connection.programme):
        return Event(at=now, kind=Kind.GONE, mark=f"{Kind.GONE} {now.isoformat()}")
    if entry.outward and entry.kind != "member" and (kind := _TOLD.get(entry.state)):
        data = {"step": entry.step, "person": entry.ref.id}
        return Event(at=now, kind=kind, data=data, mark=f"{kind} {entry.key}")
    return appeared(entry, now)


def recover(connection: Connection, now: datetime) -> None:
    """Find out what became of everything unknown.

    Tasks, notes and departures are asked for by key and adopted. Fields and memberships go back to
    pending: the comparison before the next write, and the CRM itself, make repeating them harmless.
    """
    with connection.store.reading() as tables:
        broken_off = tables.ledger.in_state(connection.name, State.SENDING, limit=1)
    if broken_off:
        with connection.store.transaction("recover interrupted") as tables:
            tables.ledger.interrupted(connection.name)
    waiting = 0
    while True:
        with connection.store.reading() as tables:
            limit = BATCH + waiting
            every = tables.ledger.in_state(connection.name, State.UNKNOWN, limit=limit)
        # What cannot be asked for now stays unknown until its key can be looked up again.
        unknown = [entry for entry in every if not _stuck(connection, entry)]
        waiting = len(every) - len(unknown)
        if not unknown and len(every) < limit:
            return
        resolved = [e for kind in _ASKED for e in _ask(connection, kind, unknown)]
        known = {entry.key for entry in resolved}
        resolved += [
            replace(entry, state=State.PENDING, next_at=None)
            for entry in unknown
            if entry.key not in known
        ]
        with connection.store.transaction("recover resolved") as tables:
            _keep(connection, tables, resolved, now)
            tables.cases.wake({entry.case for entry in resolved}, now)


def _stuck(connection: Connection, entry: Entry) -> bool:
    return entry.kind in connection.fitness.keyless and entry.settled is None


def _ask(connection: Connection, kind: str, unknown: Iterable[Entry]) -> Iterator[Entry]:
    """Look in the CRM for what was to be created under our keys."""
    entries = {e.key: e for e in unknown if e.kind == kind and e.settled is None}
    if kind == DEPARTURE and not connection.keeps:
        return
    if not entries or (kind == MAIL and connection.crm.mail_is_idempotent):
        return
    connection.tally.add(f"find {kind}", len(entries), of="find")
    for held in connection.crm.find(kind, {key: entry.ref for key, entry in entries.items()}):
        if entry := entries.pop(held.key, None):
            given = {**entry.wanted, **held.values}
            yield entry.taken(connection.links.conceal(given, entry.wanted), {}, id=held.id)
    for entry in entries.values():
        if kind == MAIL:
            words = "the answer was lost, and the CRM cannot tell whether it went out"
            yield replace(entry, state=State.MAYBE_SENT, words=words)
