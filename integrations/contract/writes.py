"""What we put into a CRM: the things, the writes that carry them, and what became of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from integrations.contract.records import Ref, Value
from integrations.errors import CrmError


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """Something for a person to do. ``body`` is plain text."""

    about: Ref
    subject: str
    body: str
    due: datetime
    owner: str | None
    step: str
    phase: str
    department: str
    required: bool = True
    promise: bool = False
    done: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """An entry on a record's timeline. ``body`` is plain text."""

    about: Ref
    body: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Departure:
    """The record of a departure in an object of its own; ``values`` by the CRM's names."""

    about: Ref
    values: Mapping[str, Value]


@dataclass(frozen=True, kw_only=True, slots=True)
class Mail:
    """A message that the CRM sends in its own name. ``body`` is plain text."""

    to: Ref
    address: str
    about: Ref
    subject: str
    body: str
    #: The CRM's own template, where the CRM sends nothing else.
    template: str | None = None
    #: Values for that template.
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Create:
    """Put a new record into the CRM under our key; a second one is refused as Exists.

    What is None in it is left out, whatever the CRM has of it.
    """

    key: str
    item: Task | Note | Departure


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """Set these fields of one record, and no others. ``None`` empties a field."""

    key: str
    ref: Ref
    values: Mapping[str, Value]


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """A person is, or is no longer, a member of a segment. Repeating it changes nothing."""

    key: str
    segment: str
    person: Ref
    present: bool = True
    #: The CRM's id of the membership, where it gave one.
    id: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Send:
    """Send a message once. Whether it may be repeated, :attr:`Crm.mail_is_idempotent` says."""

    key: str
    mail: Mail


Write = Create | Change | Member | Send


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """One request, or one job, that carries ``writes``; ``request`` is the adapter's own affair."""

    operation: str
    writes: tuple[Write, ...]
    request: object = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Receipt:
    """What became of one write: done (``problem`` is None), or why not."""

    key: str
    id: str | None = None
    #: The fields as the CRM now holds them, where its answer says so.
    values: Mapping[str, Value] | None = None
    problem: CrmError | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """A task, note, message or record of ours that the CRM holds under one of our keys."""

    key: str
    id: str
    values: Mapping[str, Value]
    about: tuple[Ref, ...] = ()
