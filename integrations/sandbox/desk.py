"""What a person at a CRM's desk sees and does; the pages and the demo use it, never an adapter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol, runtime_checkable

from integrations.sandbox.seed import Customer


@dataclass(frozen=True, kw_only=True)
class Row:
    """A customer in the list."""

    id: str
    name: str
    stage: str
    owner: str
    open_tasks: int


@dataclass(frozen=True, kw_only=True)
class Line:
    """A field on a record, as people read it. ``options`` where it is a choice (value, label)."""

    name: str
    label: str
    value: str
    editable: bool = True
    options: tuple[tuple[str, str], ...] = ()
    #: Long text.
    long: bool = False
    #: Several choices at once, with semicolons between them.
    many: bool = False


@dataclass(frozen=True, kw_only=True)
class Happening:
    """An entry of the timeline, newest first."""

    kind: Literal["task", "note", "mail", "change", "segment"]
    id: str
    at: datetime
    title: str
    body: str = ""
    who: str = ""
    due: datetime | None = None
    done: bool = False
    done_at: datetime | None = None
    department: str = ""
    #: What stands in the fields that were added to tasks, by the API's names and as it has them.
    added: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Contact:
    """A person at the customer, with the fields and segments that are on the record."""

    id: str
    name: str
    email: str
    lines: tuple[Line, ...]
    segments: tuple[str, ...] = ()
    #: They have left all e-mail.
    opted_out: bool = False


@dataclass(frozen=True, kw_only=True)
class Related:
    """A record of a custom object that belongs to a customer."""

    id: str
    #: What the object calls several of them.
    title: str
    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """Everything about one customer."""

    id: str
    name: str
    lines: tuple[Line, ...]
    contacts: tuple[Contact, ...]
    timeline: tuple[Happening, ...]
    #: Fields of the customer that the plugin may not show, by name.
    hidden: frozenset[str] = frozenset()
    #: Those of custom objects, eldest first.
    related: tuple[Related, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A message that the CRM has sent."""

    at: datetime
    to: str
    subject: str
    body: str
    customer: str = ""


@runtime_checkable
class Keeper(Protocol):
    """A desk where records can be deleted, brought back and merged. All raise ValueError."""

    def delete(self, object: str, id: str, *, by: str) -> None:
        """Put a record where deleted ones are kept."""
        ...

    def restore(self, object: str, id: str, *, by: str) -> None:
        """Bring a deleted record back."""
        ...

    def merge(self, object: str, id: str, into: str, *, by: str) -> None:
        """Make one record of two: the second stays."""
        ...


@runtime_checkable
class Enroller(Protocol):
    """A desk where a customer can be entered."""

    #: The tasks' object, as the CRM's API has it.
    task_object: str

    def enrol(self, customer: Customer, *, by: str) -> str:
        """Enter a customer and their people; the id of the record. Raises ValueError."""
        ...


class Desk(Protocol):
    """One CRM as its users have it. ``by`` is the id of a colleague."""

    title: str
    #: Names of the customer object and of the people's object, as the CRM's API has them.
    customer_object: str
    person_object: str

    def colleagues(self) -> Sequence[tuple[str, str]]:
        """Ids and names of everybody with an active seat."""
        ...

    def customers(self, search: str = "", *, start: int = 0, limit: int = 50) -> Sequence[Row]:
        """Customers by name."""
        ...

    def customer(self, id: str) -> Sheet | None:
        """One customer, or None."""
        ...

    def edit(self, object: str, id: str, field: str, value: str, *, by: str) -> None:
        """Set one field of a customer or a person; raises ValueError with plain words."""
        ...

    def complete(self, task: str, *, by: str) -> None:
        """Tick off a task."""
        ...

    def unsubscribe(self, person: str) -> None:
        """The person opts out of all e-mail."""
        ...

    def letters(self) -> Sequence[Letter]:
        """What was mailed, newest first."""
        ...
