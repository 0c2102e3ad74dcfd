"""One field that we put into a CRM: what ``defaults/fields.yaml`` says of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from pydantic import Field

from integrations.contract import FieldSpec, FieldType, Option
from mappings.model import Model

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

    def spec(self, object: str, name: str, values: Mapping[str, str] | None = None) -> FieldSpec:
        """The field as provisioning creates it, on this object under this name.

        ``values``: our choice -> the CRM's, where they differ.
        """
        theirs = values or {}
        options = {theirs.get(option.value, option.value): option.label for option in self.options}
        return FieldSpec(
            object=object,
            name=name,
            label=self.label,
            type=self.type,
            options=tuple(Option(value=value, label=label) for value, label in options.items()),
            length=self.length,
            low=self.low,
            high=self.high,
            unique=self.unique,
            case_sensitive=self.case_sensitive,
            written=self.written,
            help=self.help,
        )
