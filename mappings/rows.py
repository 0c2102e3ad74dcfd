"""The fields that we put into a CRM: what ``defaults/fields.yaml`` says of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal, get_args

from pydantic import Field

from integrations.contract import FieldType, Option
from mappings.model import Model
from mappings.reasons import REASONS

Kind = Literal["customer", "person", "task", "note"]
KINDS: tuple[Kind, ...] = get_args(Kind)


class Row(Model):
    """One field."""

    #: Our word for it.
    key: str
    label: str
    type: FieldType
    #: The CRM -> its name for the field, where the mapping says nothing else.
    names: dict[str, str]
    #: The CRM -> the kind of record that has the field already, where two kinds are one there.
    same_as: dict[str, Kind] = Field(default_factory=dict)
    #: Choices and their labels.
    values: dict[str, str] = Field(default_factory=dict)
    #: Characters.
    length: int | None = None
    low: float | None = None
    high: float | None = None
    unique: bool = False
    case_sensitive: bool = False
    #: Who sets it: we alone, people alone (we only read it), or both.
    set_by: Literal["us", "people", "both"] = "us"
    #: What people read next to the field.
    help: str = ""

    @property
    def set_by_people(self) -> bool:
        """Whether what stands there may be somebody's word."""
        return self.set_by != "us"

    @property
    def written(self) -> bool:
        """Whether we ever write it."""
        return self.set_by != "people"

    @property
    def options(self) -> tuple[Option, ...]:
        """The choices as the contract has them."""
        return tuple(Option(value=value, label=label) for value, label in self.values.items())


class Rows(Model):
    """Every field, by the kind of record that it stands on and by our key."""

    #: Stage fields that the default mappings watch; never written.
    watched: dict[str, Row]
    customer: dict[str, Row]
    person: dict[str, Row]
    task: dict[str, Row]
    note: dict[str, Row]

    def of(self, kind: Kind) -> Mapping[str, Row]:
        """The rows of one kind of record."""
        rows: Mapping[str, Row] = getattr(self, kind)
        return rows

    @classmethod
    def read(cls, data: Mapping[str, Any], *, segments: Iterable[str] = ()) -> Rows:
        """From the file's data; choices may be given as ``reasons`` or ``segments``."""
        choices = {
            "reasons": {reason.key: reason.label for reason in REASONS.values()},
            "segments": {segment: segment.replace("_", " ").capitalize() for segment in segments},
        }

        def row(key: str, entry: Mapping[str, Any]) -> dict[str, Any]:
            values = entry.get("values", {})
            known = choices[values] if isinstance(values, str) else values
            return {**entry, "key": key, "values": known}

        return cls.model_validate(
            {
                kind: {key: row(key, entry) for key, entry in rows.items()}
                for kind, rows in data.items()
            }
        )
