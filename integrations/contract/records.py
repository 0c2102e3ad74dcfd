"""Records as a CRM holds them, and how one reads what has changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

#: The objects with neutral names: their fields are those of ``Task`` and ``Note``.
TASK: Final = "task"
NOTE: Final = "note"
MAIL: Final = "mail"
#: Among the fields of a related record: what it is to the one it belongs to; several choices.
RELATION: Final = "@relation"
#: The kind of what is kept in an object of its own; its records go by the CRM's names.
DEPARTURE: Final = "departure"

#: A field's value in neutral form. Several choices are a sorted tuple; an empty field is ``None``.
Value = str | int | float | bool | date | datetime | tuple[str, ...] | None


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
    #: The id of the record that it was merged into, where the CRM tells.
    merged_into: str | None = None
    #: The ids of those that were merged into this one, where the CRM tells.
    absorbed: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Removal:
    """A record that is no longer there."""

    ref: Ref
    #: The id of the record that took its place, after a merge.
    merged_into: str | None = None


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
