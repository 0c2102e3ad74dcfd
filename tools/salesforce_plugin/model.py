"""What the plugin is made from: the fields that provisioning creates, and their words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from integrations.contract import TASK, FieldSpec
from mappings.loaded import Loaded
from mappings.loader import load_text
from mappings.rows import Row
from mappings.translate import placed
from mappings.wanted import wanted
from tools.salesforce_plugin import words
from tools.salesforce_plugin.words import Words

_INTEGRATIONS: Final = Path(__file__).parents[2] / "integrations"
PLUGIN: Final = _INTEGRATIONS / "salesforce" / "plugin"
#: The words that every card says: the sandbox's, HubSpot's and this one.
SHARED: Final = _INTEGRATIONS / "sandbox" / "pages" / "words.yaml"
LAYOUT: Final = SHARED.with_name("layout.yaml")
CRM: Final = "salesforce"


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """One field on its object."""

    spec: FieldSpec
    row: Row
    #: It is the stage, which many orgs have already.
    watched: bool

    @property
    def object(self) -> str:
        """The object whose metadata has the field; a task's fields are those of activities."""
        return "Activity" if self.spec.object == TASK else self.spec.object

    @property
    def permitted(self) -> str:
        """The name that permissions know it by."""
        return f"{'Task' if self.spec.object == TASK else self.spec.object}.{self.spec.name}"


@dataclass(frozen=True, kw_only=True)
class Model:
    """Everything that metadata is made from."""

    loaded: Loaded
    words: Words

    @cached_property
    def fields(self) -> tuple[Placed, ...]:
        """The fields, as provisioning wants them."""
        rows = self.loaded.rows
        stages = {row.names[CRM] for row in rows.watched.values()}
        known = {
            row.names[CRM]: row
            for group in (rows.watched, rows.customer, rows.person, rows.task)
            for row in group.values()
        }
        return tuple(
            Placed(spec=spec, row=known[spec.name], watched=spec.name in stages)
            for spec in wanted(self.loaded.programme, rows)
            if isinstance(spec, FieldSpec)
        )

    @property
    def queues(self) -> tuple[str, ...]:
        """The queues that the default mapping hands tasks to."""
        seats = (seat for role in self.loaded.programme.roles.values() for seat in role.seats)
        return tuple(dict.fromkeys(seat.queue for seat in seats if seat.queue))

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Our key of a customer's field -> its name in Salesforce, with that of its object."""
        object = self.loaded.programme.watch[0].object
        places = placed(self.loaded.programme, self.loaded.rows, "customer")
        rows = self.loaded.rows.customer
        found = {key: place.field for key, place in places.items()}
        return {key: f"{object}.{found.get(key, row.names[CRM])}" for key, row in rows.items()}

    def field(self, name: str) -> Placed:
        """A field by its name in Salesforce."""
        return next(field for field in self.fields if field.spec.name == name)


def read() -> Model:
    """From the default mapping and the files of words."""
    return Model(
        loaded=load_text("", crm=CRM),
        words=words.read(PLUGIN / "words.yaml", SHARED),
    )
