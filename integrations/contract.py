"""What a CRM can do for us: the one protocol and its neutral values.

Names of objects and fields (``companies``, ``Account``, ``hubspot_owner_id``) come from the mapping
file and pass through untouched. Only tasks and notes have neutral names, because we own them:
their objects are ``TASK`` and ``NOTE`` and their fields those of :class:`Task` and :class:`Note`.

All values are frozen; all moments are aware and in UTC; all ids are strings.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final, Protocol

from integrations.errors import CrmError

TASK: Final = "task"
NOTE: Final = "note"
MAIL: Final = "mail"

#: A field's value in neutral form. Several choices are a sorted tuple; an empty field is ``None``.
Value = str | int | float | bool | date | datetime | tuple[str, ...] | None

#: Wraps every HTTP request: called with the operation's name, entered before, left after.
Wire = Callable[[str], AbstractContextManager[None]]


class FieldType(StrEnum):
    """The types of ``fields.yaml``, and what else a CRM's own fields can be."""

    TEXT = "text"
    WORDS = "words"
    CHOICE = "choice"
    CHOICES = "choices"
    NUMBER = "number"
    PERCENT = "percent"
    DATE = "date"
    MOMENT = "moment"
    FLAG = "flag"
    URL = "url"
    REFERENCE = "reference"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True, slots=True)
class Ref:
    """One record of the CRM."""

    object: str
    id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """A record as the CRM holds it now; ``fields`` has what was asked for and is readable."""

    ref: Ref
    fields: Mapping[str, Value]
    created_at: datetime | None = None
    modified_at: datetime | None = None
    #: Deleted, or merged away.
    gone: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Query:
    """Which records to watch. ``TASK`` and ``NOTE`` mean only those that carry our key."""

    object: str
    fields: tuple[str, ...] = ()
    #: Only records that have a value in this field.
    having: str | None = None


#: Where a watch stands, in CRM time; only the adapter that made it can read it.
Cursor = str


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """Some changed records, and where to go on from once they are stored."""

    records: tuple[Record, ...]
    cursor: Cursor
    #: Before the last page nothing may be concluded from what was not seen.
    last: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """One value a field has had, since when, and who set it where the CRM tells."""

    value: Value
    at: datetime
    by: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Option:
    """A choice of a field."""

    value: str
    label: str
    active: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """A field as this org has it, and what we may do with it."""

    name: str
    label: str
    type: FieldType
    options: tuple[Option, ...] = ()
    #: In the CRM's own unit: characters.
    length: int | None = None
    unique: bool = False
    required: bool = False
    writable: bool = True
    #: Computed by the CRM; moves without the record being modified.
    calculated: bool = False
    #: Refuses values that are not among the options.
    restricted: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Schema:
    """An object of this org: the fields that we can read."""

    object: str
    label: str
    fields: Mapping[str, Field]


@dataclass(frozen=True, kw_only=True, slots=True)
class Identity:
    """Which org or portal the credentials lead to."""

    org: str
    name: str
    #: Whatever is not ``production`` is shown as a place for trying things.
    kind: str
    zone: str
    currency: str | None = None
    language: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Owner:
    """A person or a queue that a task can belong to."""

    id: str
    name: str
    email: str | None = None
    active: bool = True
    queue: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class OptOut:
    """What the CRM says about mail to a person. Absent from the answer means: it did not say."""

    out: bool
    #: Where the CRM has it from: "unsubscribed from all e-mail".
    words: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Usage:
    """Calls of today and what the CRM allows, where it says so."""

    used: int | None = None
    limit: int | None = None
    resets_at: datetime | None = None


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
    """Put a new task or note into the CRM under our key; a second one is refused as Exists."""

    key: str
    item: Task | Note


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
    """One HTTP request that carries ``writes``; ``request`` is the adapter's own affair."""

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
    """A task, note or message that the CRM holds under one of our keys."""

    key: str
    id: str
    values: Mapping[str, Value]
    about: tuple[Ref, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldSpec:
    """A field that the CRM should have."""

    object: str
    name: str
    label: str
    type: FieldType
    options: tuple[Option, ...] = ()
    length: int | None = None
    low: float | None = None
    high: float | None = None
    unique: bool = False
    case_sensitive: bool = False
    help: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class SegmentSpec:
    """A list or campaign that the CRM should have, for records of ``object``."""

    object: str
    name: str


Spec = FieldSpec | SegmentSpec


@dataclass(frozen=True, kw_only=True, slots=True)
class Names:
    """The CRM's names of the fields that we add to tasks and notes, by our words for them."""

    task: Mapping[str, str]
    note: Mapping[str, str]


class Crm(Protocol):
    """One org or portal. One thread uses it at a time; every verb may raise a CrmError."""

    #: ``salesforce`` or ``hubspot``.
    name: str
    #: Records that one call carries at most, by the vendor's documents. By kind of work: page,
    #: read, related, history, find, create, change, member, send, opt_out; and related_read where
    #: the records behind a relation cost a further call.
    limits: Mapping[str, int]
    #: A repeated :class:`Send` with the same key is not sent twice.
    mail_is_idempotent: bool

    def now(self) -> datetime:
        """The CRM's clock, as its last answer told it; asks if there was none yet."""
        ...

    def identity(self) -> Identity:
        """Which org or portal this is."""
        ...

    def schema(self, objects: Collection[str]) -> Mapping[str, Schema]:
        """The objects by name; an object that is not there, or not for us, is absent."""
        ...

    def changes(self, query: Query, since: Cursor | None) -> Iterator[Page]:
        """Records changed since the cursor, oldest window first; all records without one.

        Ties and late arrivals are covered by reading a little twice: a record may come again.
        """
        ...

    def history(
        self, object: str, ids: Collection[str], field: str
    ) -> Mapping[str, tuple[Moment, ...]]:
        """The values of one field, newest first; a record without history is absent."""
        ...

    def read(self, object: str, ids: Collection[str], fields: Collection[str]) -> dict[str, Record]:
        """Records as they are now, by id, by a path that does not lag; missing ones are absent."""
        ...

    def related(
        self, object: str, ids: Collection[str], to: str, fields: Collection[str]
    ) -> dict[str, tuple[Record, ...]]:
        """The records of object ``to`` that belong to each id, eldest first."""
        ...

    def owners(self) -> tuple[Owner, ...]:
        """Everybody a task can belong to, the inactive ones included."""
        ...

    def opt_outs(self, people: Mapping[str, str]) -> Mapping[str, OptOut]:
        """What the CRM says about mail to these people (id -> address). No answer, no entry."""
        ...

    def segments(self, names: Collection[str]) -> Mapping[str, str]:
        """The ids of these lists or campaigns by name; one that is not there is absent."""
        ...

    def members(self, segment: str) -> Iterator[str]:
        """The ids of the people in a segment."""
        ...

    def pack(self, writes: Sequence[Write]) -> tuple[Call, ...]:
        """The fewest calls that carry these writes by the vendor's limits. Pure."""
        ...

    def send(self, call: Call) -> tuple[Receipt, ...]:
        """Make one request; one receipt for each write, whatever happens to the others.

        Raises only where nothing can be said of single writes: Retry, Park, Reauthorise, Split,
        and Unknown when the answer was lost.
        """
        ...

    def find(self, kind: str, keys: Mapping[str, Ref] | None) -> Iterator[Held]:
        """What the CRM holds under these keys, by a path that does not lag; None: any of ours.

        ``keys``: each with the record it is about, or, of a message, the person it went to.
        ``kind`` is ``TASK``, ``NOTE`` or ``MAIL``; of messages only what the CRM can tell.
        """
        ...

    def missing(self, wanted: Sequence[Spec]) -> tuple[Spec, ...]:
        """What is wanted and not there; what is there under that name is left as it is."""
        ...

    def provision(self, spec: Spec) -> None:
        """Create one field or segment. Creating what is already there changes nothing."""
        ...

    def usage(self) -> Usage:
        """Calls used and left, as the CRM's answers told it."""
        ...
