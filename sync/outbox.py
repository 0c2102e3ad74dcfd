"""What the CRM should hold minus what it holds: the difference still to be delivered. Pure.

Every wanted thing is flattened to ``values`` (field -> value), so that one three-way comparison
serves tasks, notes, fields and memberships alike: what is wanted now, what was wanted when the CRM
last took it (``settled``), and what the CRM gave back (``given``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from integrations.contract import Departure, Mail, Note, Ref, Task, Value
from sync.model import EVERYTHING, Fields, Item, Membership, Want
from sync.reconcile import EDITED, OCCUPIED


class State(StrEnum):
    """Where a write stands. Only forwards, but for ``pending`` when something else is wanted."""

    PENDING = "pending"
    SENDING = "sending"
    #: The answer was lost; the CRM is asked before anything else happens.
    UNKNOWN = "unknown"
    DELIVERED = "delivered"
    #: The CRM refuses it; a person has to mend something.
    REJECTED = "rejected"
    #: A person completed it.
    DONE = "done"
    #: We closed it, because it was no longer wanted.
    CLOSED = "closed"
    #: A person deleted it.
    GONE = "gone"
    #: No longer wanted before it was ever sent.
    DROPPED = "dropped"
    #: Mail whose fate cannot be known; never repeated.
    MAYBE_SENT = "maybe_sent"


#: States in which nothing more is ever done.
FINAL: Final = frozenset({State.DONE, State.CLOSED, State.GONE, State.DROPPED, State.MAYBE_SENT})
ON_ITS_WAY: Final = (State.SENDING, State.UNKNOWN)
#: Problems of the whole connection, or of a call: they say nothing about the entry itself.
_OF_THE_CALL: Final = ("park", "reauthorise", "split")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of the ledger."""

    key: str
    case: str
    step: str
    #: ``task``, ``note``, ``departure``, ``mail``, ``fields`` or ``member``.
    kind: str
    #: The customer or person it is about.
    ref: Ref
    wanted: Mapping[str, Value]
    state: State = State.PENDING
    settled: Mapping[str, Value] | None = None
    given: Mapping[str, Value] = field(default_factory=dict)
    kept: Mapping[str, str] = field(default_factory=dict)
    #: The CRM's id of the task, note or message.
    id: str | None = None
    after: tuple[str, ...] = ()
    outward: bool = False
    not_after: datetime | None = None
    attempts: int = 0
    next_at: datetime | None = None
    problem: str | None = None
    words: str | None = None
    failing_since: datetime | None = None
    #: What the CRM has said last of some of the fields; the store keeps it in ``given`` only.
    fresh: Mapping[str, Value] = field(default_factory=dict, compare=False)

    @property
    def refused(self) -> dict[str, str]:
        """The fields that the CRM refuses: field -> why."""
        return {n: why for n, why in self.kept.items() if why not in (EDITED, OCCUPIED)}

    @property
    def failing(self) -> bool:
        """Whether the CRM lacks it, or a part of it, although it is wanted."""
        if self.state in FINAL:
            return self.state is State.MAYBE_SENT
        named = self.problem is not None and self.problem not in _OF_THE_CALL
        return named or self.state is State.REJECTED or bool(self.refused)

    def again(self) -> Entry:
        """The entry as it is tried once more, whole."""
        settled = self.settled
        if settled is not None:
            settled = {n: value for n, value in settled.items() if n not in self.refused}
        return replace(
            self,
            state=State.PENDING,
            settled=settled,
            kept={n: why for n, why in self.kept.items() if n not in self.refused},
            attempts=0,
            next_at=None,
            problem=None,
            words=None,
        )

    @property
    def changes(self) -> dict[str, Value]:
        """What is wanted otherwise than when the CRM last took it, and not kept by a person."""
        before = self.settled if self.settled is not None else {}
        return {
            name: value
            for name, value in self.wanted.items()
            if name not in self.kept and (name not in before or before[name] != value)
        }

    def taken(
        self, given: Mapping[str, Value], kept: Mapping[str, str], *, id: str | None = None
    ) -> Entry:
        """The entry once the CRM has taken what is wanted; ``given``: what it now holds."""
        closed = self.kind == "task" and self.wanted["done"]
        return replace(
            self,
            state=State.CLOSED if closed else State.DELIVERED,
            settled=self.wanted,
            given={**self.given, **given},
            fresh=given,
            kept={**self.kept, **kept},
            id=id or self.id,
            attempts=0,
            next_at=None,
            problem=None,
            words=None,
        )


@dataclass(frozen=True, kw_only=True)
class _Shape:
    kind: str
    ref: Ref
    values: dict[str, Value] = field(default_factory=dict)


def shape(item: Item) -> _Shape:
    """Flatten an item."""
    match item:
        case Task():
            values: dict[str, Value] = {
                name: getattr(item, name) for name in Task.__slots__ if name != "about"
            }
            return _Shape(kind="task", ref=item.about, values=values)
        case Note():
            return _Shape(kind="note", ref=item.about, values={"body": item.body, "at": item.at})
        case Departure():
            return _Shape(kind="departure", ref=item.about, values=dict(item.values))
        case Mail():
            mail: dict[str, Value] = {
                "address": item.address,
                "subject": item.subject,
                "body": item.body,
                "template": item.template,
                "about": f"{item.about.object}:{item.about.id}",
            }
            return _Shape(kind="mail", ref=item.to, values=mail | dict(item.values))
        case Fields():
            return _Shape(kind="fields", ref=item.ref, values=dict(item.values))
        case Membership():
            return _Shape(
                kind="member",
                ref=item.person,
                values={"segment": item.segment, "present": item.present},
            )


def left(entries: Iterable[Entry]) -> dict[Ref, dict[str, Value]]:
    """What we have left in the fields of records; ``entries`` write to them, oldest first.

    A field that an entry no longer fills counts only where no other entry fills it.
    """
    filled: dict[Ref, dict[str, Value]] = {}
    given_up: dict[Ref, dict[str, Value]] = {}
    for entry in entries:
        ours = entry.given.keys() if entry.settled is None else entry.settled.keys()
        for name, value in entry.given.items():
            (filled if name in ours else given_up).setdefault(entry.ref, {})[name] = value
    refs = given_up.keys() | filled.keys()
    return {ref: {**given_up.get(ref, {}), **filled.get(ref, {})} for ref in refs}


def difference(
    case: str,
    wants: Iterable[Want],
    entries: Mapping[str, Entry],
    reasons: Mapping[str, str],
) -> tuple[Entry, ...]:
    """The entries that change when this is wanted; ``reasons``: step -> why it no longer is."""
    changed: list[Entry] = []
    wanted: set[str] = set()
    for want in wants:
        wanted.add(want.key)
        entry = _wanted(case, want, entries.get(want.key))
        if entry is not None:
            changed.append(entry)
    for key, entry in entries.items():
        if key in wanted:
            continue
        family = entry.step.partition("_")[0]  # touch_half_year is one of the touches
        reason = reasons.get(entry.step) or reasons.get(family) or reasons.get(EVERYTHING, "")
        if dropped := _unwanted(entry, reason):
            changed.append(dropped)
    return tuple(changed)


def _wanted(case: str, want: Want, entry: Entry | None) -> Entry | None:
    flat = shape(want.item)
    if entry is None or (entry.state is State.DROPPED and entry.kind != "mail"):
        return Entry(
            key=want.key,
            case=case,
            step=want.step,
            kind=flat.kind,
            ref=flat.ref,
            wanted=flat.values,
            after=want.after,
            outward=want.outward,
            not_after=want.not_after,
        )
    tried = entry.kind == "mail" and (entry.attempts > 0 or entry.settled is not None)
    # What is on its way stays as it was sent; once its fate is known, the case is planned again.
    if entry.state in (*FINAL, *ON_ITS_WAY) or tried:
        return None
    if dict(entry.wanted) == flat.values:
        waits = entry.state is State.PENDING and entry.not_after != want.not_after
        return replace(entry, not_after=want.not_after) if waits else None
    return replace(
        entry,
        step=want.step,
        wanted=flat.values,
        state=State.PENDING,
        kept=_still_kept(entry, flat.values),
        after=want.after,
        outward=want.outward,
        not_after=want.not_after,
        attempts=0,
        next_at=None,
        problem=None,
        words=None,
    )


def _still_kept(entry: Entry, values: Mapping[str, Value]) -> dict[str, str]:
    """A person's edit is final; what the CRM refused is tried again with another value."""
    return {
        name: why
        for name, why in entry.kept.items()
        if why == EDITED or values.get(name) == entry.wanted.get(name)
    }


def _unwanted(entry: Entry, reason: str) -> Entry | None:
    """A task is closed with a word, a membership ended; everything else stays."""
    if entry.state in (*FINAL, *ON_ITS_WAY):
        return None
    if entry.settled is None:
        return replace(entry, state=State.DROPPED, words=reason or "no longer wanted")
    if entry.kind == "task" and not entry.wanted["done"]:
        word = f"Closed by Aurevoir: {reason or 'no longer needed'}."
        body = f"{word}\n\n{entry.wanted['body']}"
        return replace(
            entry,
            wanted={**entry.wanted, "done": True, "body": body},
            state=State.PENDING,
            after=(),
            attempts=0,
        )
    if entry.kind == "member" and entry.wanted["present"]:
        return replace(
            entry,
            wanted={**entry.wanted, "present": False},
            state=State.PENDING,
            after=(),
            outward=False,
            not_after=None,
            attempts=0,
        )
    return None
