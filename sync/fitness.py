"""How a CRM fits its mapping now: what is told of it, and what cannot be written to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from integrations.contract import DEPARTURE, NOTE, TASK, Keeping, Value
from mappings import drift
from mappings.fitting import Remembered
from mappings.loaded import Loaded
from mappings.org import Org
from mappings.translate import names


@dataclass(frozen=True, kw_only=True)
class Fitness:
    """One mapping and one org, as it was read last."""

    loaded: Loaded
    org: Org
    keeping: Keeping

    @cached_property
    def told(self) -> tuple[str, ...]:
        """What the CRM no longer has as the mapping wants it: a sentence each."""
        return drift.told(self.loaded, self.org)

    @cached_property
    def noted(self) -> tuple[str, ...]:
        """What works less well than it could: a sentence each."""
        return drift.noted(self.loaded, self.org)

    @cached_property
    def remembered(self) -> Remembered:
        """What the fields are like, or were when they were there last."""
        return drift.remember(self.loaded, self.org)

    @cached_property
    def blocked(self) -> Mapping[str, str]:
        """Why no task, note or departure can be kept as the CRM is now: kind -> words."""
        shape, crm = self.loaded.rows.departure, self.loaded.programme.crm
        if self.keeping.object not in self.org.schemas:
            why = {DEPARTURE: f"the CRM has no object {self.keeping.object}; {shape.absent[crm]}"}
        elif DEPARTURE in self.keyless:
            words = f"without its key no departure is recorded: {self.keeping.object} lacks"
            why = {DEPARTURE: f"{words} {self.keeping.key}; run `aurevoir provision`"}
        else:
            why = {}
        return {**why, **drift.blocked(self.loaded, self.org)}

    @cached_property
    def gone(self) -> Mapping[str, frozenset[str]]:
        """Our fields that are not there: task or note -> our words, another object -> its names."""
        return drift.gone(self.loaded, self.org)

    @cached_property
    def keyless(self) -> frozenset[str]:
        """The kinds, tasks, notes or departures, of which nothing can be found by our keys now."""
        kept = self.org.schemas.get(self.keeping.object)
        own = {DEPARTURE} if kept and self.keeping.key not in kept.fields else set()
        return drift.keyless(self.loaded, self.org) | own

    @cached_property
    def _lost(self) -> Mapping[str, Mapping[str, str]]:
        return drift.lost(self.loaded, self.org)

    @cached_property
    def _own(self) -> Mapping[str, Mapping[str, str]]:
        """Our words for the fields of tasks and notes -> the CRM's."""
        known = names(self.loaded.programme, self.loaded.rows)
        return {TASK: known.task, NOTE: known.note}

    def word(self, kind: str, field: str) -> str | None:
        """Our word for a field that we add to tasks or notes; none for the key."""
        known = self._own.get(kind, {})
        return next((word for word, name in known.items() if name == field and word != "key"), None)

    def unfit(self, object: str, name: str, value: Value) -> str:
        """Why a field cannot take a value as the CRM is now, and where to click; or nothing.

        The fields of tasks and notes go by our words; the CRM's own among them are always taken.
        """
        crm = self.loaded.programme.crm
        if object not in self._own:
            return drift.unfit(crm, self.org, object, name, value)
        if object not in self.org.schemas or (field := self._own[object].get(name)) is None:
            return ""
        return self._lost[object].get(name) or drift.unfit(crm, self.org, object, field, value)
