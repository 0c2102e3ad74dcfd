"""What the plugin is made from: the fields that provisioning creates, and their words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, get_args

from integrations.contract import TASK, FieldSpec
from mappings.loaded import Loaded
from mappings.loader import load, load_text
from mappings.rows import Kind, Row
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
        """One a department, by the name that the mapping hands its tasks to; then its others."""
        roles = self.loaded.programme.roles
        named = {
            key: next((seat.queue for seat in role.seats if seat.queue), None)
            for key, role in roles.items()
        }
        departments = self.loaded.rows.task["department"].values.items()
        every = [named.get(key) or label for key, label in departments]
        others = [queue for key, queue in named.items() if queue and key not in dict(departments)]
        return tuple(dict.fromkeys([*every, *others]))

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Our key of a customer's field -> its name in Salesforce, with that of its object."""
        object = self.loaded.programme.watch[0].object
        places = placed(self.loaded.programme, self.loaded.rows, "customer")
        rows = self.loaded.rows.customer
        found = {key: place.field for key, place in places.items()}
        return {key: f"{object}.{found.get(key, row.names[CRM])}" for key, row in rows.items()}

    @cached_property
    def renamed(self) -> Mapping[str, str]:
        """Our name of a field -> that of the org's own field which the mapping uses instead."""
        programme, rows = self.loaded.programme, self.loaded.rows
        kinds: tuple[Kind, ...] = get_args(Kind)
        every = (place for kind in kinds for place in placed(programme, rows, kind).values())
        return {place.row.names[CRM]: place.field for place in every if not place.ours}

    def own(self, object: str) -> tuple[str, ...]:
        """The org's own fields on an object that stand in for ours."""
        rows = self.loaded.rows
        here = {"Account": rows.customer, "Contact": rows.person}[object]
        ours = [row.names[CRM] for row in here.values()]
        return tuple(self.renamed[name] for name in ours if name in self.renamed)


def read(mapping: Path | None = None) -> Model:
    """From a mapping, or the default one, and the files of words. Raises MappingError."""
    return Model(
        loaded=load(mapping, crm=CRM) if mapping else load_text("", crm=CRM),
        words=words.read(PLUGIN / "words.yaml", SHARED),
    )
