"""Fields: those that a CRM has, and those that it should have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


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
    #: We write it. Where not, people alone do, and our user needs to see it only.
    written: bool = True
    #: Choices that it has lost are added again; where not, what can be chosen is people's own.
    kept: bool = True
    help: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class SegmentSpec:
    """A list or campaign that the CRM should have, for records of ``object``."""

    object: str
    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class MendSpec:
    """One of our fields that is there, and what it lacks."""

    field: FieldSpec
    #: Choices that it has not, or that nobody can choose any more.
    options: tuple[Option, ...] = ()
    #: Our user may not edit it, and has to.
    edit: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class ObjectSpec:
    """An object of its own that the CRM should have, with the fields that it begins with."""

    name: str
    label: str
    plural: str
    #: The field that a record is called by.
    display: str
    fields: tuple[FieldSpec, ...]
    #: The objects that its records are about.
    about: tuple[str, ...]
    help: str = ""


Spec = FieldSpec | SegmentSpec | MendSpec | ObjectSpec


@dataclass(frozen=True, kw_only=True, slots=True)
class Names:
    """The CRM's names of the fields that we add to tasks and notes, by our words for them."""

    task: Mapping[str, str]
    note: Mapping[str, str]
    departure: Keeping | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Keeping:
    """The object that keeps a record of each departure, by the CRM's names."""

    object: str
    #: The unique field with our key.
    key: str
    #: All others that we write.
    fields: tuple[str, ...]
    #: What a record can be about -> the field that points there; empty where they are associated.
    about: Mapping[str, str]
