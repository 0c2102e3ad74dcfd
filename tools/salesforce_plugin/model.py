"""What the plugin is made from: the fields that provisioning creates, and the words of people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import yaml

from integrations.contract import TASK, FieldSpec
from mappings.loaded import Loaded
from mappings.loader import load_text
from mappings.rows import Row
from mappings.wanted import wanted

PLUGIN: Final = Path(__file__).parents[2] / "integrations" / "salesforce" / "plugin"
ENGLISH: Final = "en"
LANGUAGES: Final = ("de", "fr", "es")
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
    #: Language -> the name of a custom label -> its text.
    labels: Mapping[str, Mapping[str, str]]
    #: Language -> the English label of a field or a choice -> its translation.
    words: Mapping[str, Mapping[str, str]]

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

    def field(self, name: str) -> Placed:
        """A field by its name in Salesforce."""
        return next(field for field in self.fields if field.spec.name == name)


def read() -> Model:
    """From the default mapping and the plugin's files of words."""
    files = dict(_files())
    return Model(
        loaded=load_text("", crm=CRM),
        labels={code: file["labels"] for code, file in files.items()},
        words={code: files[code]["words"] for code in LANGUAGES},
    )


def _files() -> Iterator[tuple[str, Mapping[str, Mapping[str, str]]]]:
    for code in (ENGLISH, *LANGUAGES):
        path = PLUGIN / "words" / f"{code}.yaml"
        yield code, yaml.safe_load(path.read_text(encoding="utf-8"))
