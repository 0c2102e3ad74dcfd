"""The object that keeps a record of each departure: what ``defaults/departure.yaml`` says of it."""

from __future__ import annotations

from pydantic import Field

from integrations.contract import FieldSpec, Keeping, ObjectSpec
from mappings.model import Model
from mappings.row import Row


class Column(Row):
    """One field of it."""

    #: The CRMs that have it by themselves.
    standard: tuple[str, ...] = ()


class Shape(Model):
    """The object and its fields."""

    label: str
    plural: str
    help: str
    #: The CRM -> its name for the object.
    names: dict[str, str]
    #: The field that a record is called by.
    display: str
    #: The CRM -> what a record can be about -> the field that points there, if it takes one.
    about: dict[str, dict[str, str]]
    #: The CRM -> what an admin does where the object is not there.
    absent: dict[str, str]
    columns: dict[str, Column] = Field(alias="fields")

    def keeping(self, crm: str) -> Keeping:
        """Its names, for the adapter of a CRM."""
        names = {key: column.names[crm] for key, column in self.columns.items()}
        key = names.pop("key")
        return Keeping(
            object=self.names[crm], key=key, fields=tuple(names.values()), about=self.about[crm]
        )

    def needed(self, crm: str) -> tuple[str, ...]:
        """The fields that it has to have, those included that point to what it is about."""
        links = filter(None, self.about[crm].values())
        return (*(column.names[crm] for column in self.columns.values()), *links)

    def spec(self, crm: str) -> ObjectSpec:
        """What provisioning creates."""
        return ObjectSpec(
            name=self.names[crm],
            label=self.label,
            plural=self.plural,
            display=self.columns[self.display].names[crm],
            fields=self.fields(crm),
            about=tuple(self.about[crm]),
            help=self.help,
        )

    def fields(self, crm: str) -> tuple[FieldSpec, ...]:
        """The fields that it has because of us."""
        return tuple(
            column.spec(self.names[crm], column.names[crm])
            for column in self.columns.values()
            if crm not in column.standard
        )
