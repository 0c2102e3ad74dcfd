"""The values of a departure: events, the case they fold into, and what is wanted of the CRM.

All frozen and keyword-only; moments are aware and in UTC; ids are strings. No value here holds a
name, an address or a person's words: those live in erasable rows that events point to.
"""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final, Literal

from integrations.contract import Departure, Mail, Note, Ref, Task, Value

#: The phase that a stage opens in.
Opening = Literal["notice", "leaving"]
#: How far a case has come. The first two and the last one are never written to the CRM: it may
#: still flap, it flapped, and the customer's record is no longer there.
Status = Literal[
    "settling", "void", "notice", "assess", "leaving", "departed", "alumni", "saved", "returned",
    "gone",
]  # fmt: skip


def case_key(org: str, ref: Ref, number: int) -> str:
    """The stable name of the ``number``-th departure of one record: 16 lower-case characters."""
    digest = sha256(f"{org}\n{ref.object}\n{ref.id}\n{number}".encode()).digest()
    return b32encode(digest)[:16].decode().lower()


def write_key(case: str, step: str, target: str = "", occurrence: int = 1) -> str:
    """The stable name of one thing in the CRM, at most 80 characters long."""
    parts = [case, step, target, str(occurrence) if occurrence > 1 else ""]
    while not parts[-1]:
        parts.pop()
    return ":".join(parts)


class Kind(StrEnum):
    """What can happen to a case. The value is what the store keeps; it never changes."""

    #: The customer entered the stage: stage, phase, playbook, number, exact; where another record
    #: said so: trigger.
    OPENED = "opened"
    #: Moved on within the stages that mean leaving: stage, phase.
    MOVED = "moved"
    #: Moved to a stage that means staying: stage, settled (False: it had only flapped in), and the
    #: day of departure as it stood then.
    LEFT = "left"
    #: Entered again soon enough to be the same case: stage, phase, settled (False: it had only
    #: flapped out).
    REOPENED = "reopened"
    #: A later departure of the same customer has taken its place; or, after a merge, the case of
    #: the other record: into.
    CLOSED = "closed"
    #: The record was deleted, or merged into another.
    GONE = "gone"
    #: The record that was gone is there again.
    RESTORED = "restored"
    #: The record was merged into another, under which the case goes on: from.
    MERGED = "merged"
    #: A person set one of our fields: field, value (or words, the id of an erasable row).
    SET = "set"
    #: A task of ours is in the CRM: step, key.
    APPEARED = "appeared"
    #: We closed a task of ours that was no longer wanted: step, key. Wanted again, it is another.
    CANCELLED = "cancelled"
    #: The customer's facts began to point to a reason, or no longer do: reason.
    POINTED = "pointed"
    #: A person completed a task: step, key, and the id of what they wrote as evidence, if anything.
    DONE = "done"
    #: A person opened a completed task again: step, key.
    UNDONE = "undone"
    #: A person deleted something of ours: step, key.
    REMOVED = "removed"
    #: What a person had deleted is there again: step, key.
    PUT_BACK = "put_back"
    #: A message or a link went out: step, person.
    SENT = "sent"
    #: A message went out or not, nobody can tell: step, person. It is not repeated.
    MAYBE_SENT = "maybe_sent"
    #: The survey was answered: person, codes; the words are erasable rows.
    ANSWERED = "answered"
    #: A person said yes or no to staying in touch: person, stay, reference; where, if by a tick
    #: in the CRM, which may leave out one of the two.
    CONSENTED = "consented"
    #: A person does not want to be asked again: person, where.
    OPTED_OUT = "opted_out"
    #: A person wants to talk to somebody: person.
    ASKED_TO_TALK = "asked_to_talk"
    #: A person wants a copy of their data: person.
    ASKED_EXPORT = "asked_export"
    #: The check of the goodbye itself was answered: person, codes; the words are erasable rows.
    CHECKED = "checked"
    #: A contact gave notice by a link: person, and the last day that they wish.
    NOTICED = "noticed"
    #: An admin moved the case to another playbook: playbook, and names (step -> the name that its
    #: keys have, where that is an earlier one).
    REPLANNED = "replanned"
    #: What they asked for is there now: feature, people (None: everybody there).
    FEATURE_SHIPPED = "feature_shipped"
    #: A person works elsewhere now: person, to (None: is back), words (the id of the name of the
    #: new place, an erasable row).
    MOVED_AWAY = "moved_away"


#: What is only noted: the plan is the same before and after it.
QUIET: Final = frozenset({Kind.APPEARED})


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """Something that happened to a case, once. ``data`` holds ids and codes only."""

    at: datetime
    kind: Kind
    data: Mapping[str, Any] = field(default_factory=dict)
    #: Events of one case with the same mark are the same event.
    mark: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """What a person set one of our fields to; ``words`` names an erasable row."""

    value: str | None
    at: datetime
    words: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """One person's answers to the survey, by question; words are erasable rows, by question."""

    person: str
    at: datetime
    codes: Mapping[str, str]
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Consent:
    """What a person said about staying in touch, and when."""

    at: datetime
    #: None: they never said that we may.
    stay: bool | None = None
    #: Whether we may name them; None: they never said that we may.
    reference: bool | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Shipped:
    """A feature that they asked for, since when it is there, and who asked; None: the customer."""

    at: datetime
    people: tuple[str, ...] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Move:
    """A person who works elsewhere now; ``words`` names the erasable row with the place's name."""

    at: datetime
    to: str
    words: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Will:
    """What a person said about hearing from us; the newest word of each kind."""

    consent: Consent | None = None
    opted_out: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Case:
    """One departure, folded from its events."""

    key: str
    ref: Ref
    number: int
    playbook: str
    opened_at: datetime
    opened_in: Opening
    #: The other record that opened it, as object:id; None: the customer's own stage did.
    trigger: str | None = None
    #: The beginning of the stay in the stage that counts: the opening, or the last re-opening.
    entered_at: datetime
    #: When the customer began to leave for good, by the stage alone.
    leaving_at: datetime | None = None
    #: Out of the stage since then.
    left_at: datetime | None = None
    #: The day of departure as it stood then; a renewed contract does not move it any more.
    last_day: date | None = None
    #: It was in the stage for too short a time to count.
    void: bool = False
    #: When the customer stayed after the notice before this one.
    stayed_at: datetime | None = None
    #: In the stage again since then, which counts once it has settled.
    back_at: datetime | None = None
    back_in: Opening = "notice"
    gone_at: datetime | None = None
    closed_at: datetime | None = None
    #: The case of another record, with which this customer's was merged.
    joined: str | None = None
    #: Grows with every re-opening; steps that are planned anew get it into their keys.
    occurrence: int = 1
    #: By step: the name in its keys, where the case was moved and the step had another one before.
    names: Mapping[str, str] = field(default_factory=dict)
    said: Mapping[str, Said] = field(default_factory=dict)
    #: The reason that the customer's facts point to, and since when they do, or do no longer.
    evidence: str | None = None
    evidence_at: datetime | None = None
    #: By step: the key of the task that was completed.
    done: Mapping[str, str] = field(default_factory=dict)
    #: By step: what people wrote as the proof of it, an erasable row.
    proofs: Mapping[str, str] = field(default_factory=dict)
    #: The keys of the tasks that people have seen in the CRM.
    appeared: frozenset[str] = frozenset()
    #: The keys that are used up: we closed their tasks, or they belong to an earlier stay.
    cancelled: frozenset[str] = frozenset()
    #: By step: when it was completed last.
    done_at: Mapping[str, datetime] = field(default_factory=dict)
    #: The keys of what people deleted.
    removed: frozenset[str] = frozenset()
    #: (step, person) -> when it went out.
    sent: Mapping[tuple[str, str], datetime] = field(default_factory=dict)
    #: The same, where nobody can tell whether it did.
    maybe_sent: Mapping[tuple[str, str], datetime] = field(default_factory=dict)
    #: By person.
    answers: Mapping[str, Answer] = field(default_factory=dict)
    consents: Mapping[str, Consent] = field(default_factory=dict)
    opted_out: Mapping[str, datetime] = field(default_factory=dict)
    wants_to_talk: Mapping[str, datetime] = field(default_factory=dict)
    #: By feature.
    shipped: Mapping[str, Shipped] = field(default_factory=dict)
    #: By person.
    moved: Mapping[str, Move] = field(default_factory=dict)
    #: When somebody got in touch, by the key of the touch.
    touched: Mapping[str, datetime] = field(default_factory=dict)
    #: Who gave notice by a link, and when.
    noticed: Mapping[str, datetime] = field(default_factory=dict)
    wants_export: Mapping[str, datetime] = field(default_factory=dict)
    #: What they said about the goodbye itself.
    checks: Mapping[str, Answer] = field(default_factory=dict)

    @property
    def inside(self) -> bool:
        """Whether the customer was seen in the stage last, for however short a time."""
        return self.gone_at is None and (self.left_at is None or self.back_at is not None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Fields:
    """Values of a customer's or a person's fields, by the CRM's names."""

    ref: Ref
    values: Mapping[str, Value]


@dataclass(frozen=True, kw_only=True, slots=True)
class Membership:
    """A person is, or is not, in a segment (by its name in the CRM)."""

    segment: str
    person: Ref
    present: bool = True


Item = Task | Note | Departure | Mail | Fields | Membership


@dataclass(frozen=True, kw_only=True, slots=True)
class Want:
    """Something that the CRM should hold by now."""

    key: str
    step: str
    item: Item
    #: Keys of what must be there first.
    after: tuple[str, ...] = ()
    #: Reaches somebody outside: consent is read again right before.
    outward: bool = False
    #: Not sent any more from then on.
    not_after: datetime | None = None


#: What the steps of touches begin with.
TOUCH: Final = "touch"

#: The step of what is withheld where nothing at all is wanted of the CRM.
EVERYTHING: Final = "everything"


@dataclass(frozen=True, kw_only=True, slots=True)
class Withheld:
    """A step that was not planned, and why, in words an admin understands."""

    step: str
    reason: str
    target: str = ""
    #: When this may change by itself.
    until: datetime | None = None
    #: Who can change it, and how.
    opens: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Noted:
    """What is to be said about something that is wanted."""

    step: str
    words: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Promised:
    """What was promised to the customer, for whatever has become of it."""

    step: str
    #: As people read it.
    words: str
    role: str
    #: The CRM's id of whoever has it; None: nobody could be found.
    owner: str | None
    due: datetime
    #: From then on it is at risk, if it is not kept.
    risky: datetime
    #: By the playbook there has to be a proof, and there is none.
    unproved: bool = False
    #: Why it is not for this departure, or not any more; or nothing.
    waived: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What should be in the CRM by now, what should not, and when to look again."""

    status: Status
    wants: tuple[Want, ...]
    withheld: tuple[Withheld, ...]
    #: Nothing changes before this moment by time alone; None: not ever.
    wake_at: datetime | None
    departs_on: date
    progress: int
    next_step: str = ""
    #: How open the door is: points and why; nothing before the customer has left.
    door: tuple[tuple[int, str], ...] = ()
    #: About what is wanted, for people who ask.
    notes: tuple[Noted, ...] = ()
    promised: tuple[Promised, ...] = ()
