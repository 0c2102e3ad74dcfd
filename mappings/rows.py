"""The fields that we put into a CRM: what ``defaults/fields.yaml`` says of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mappings.departure import Shape
from mappings.model import Model
from mappings.reasons import REASONS
from mappings.row import KINDS, Kind, Row

__all__ = ["KINDS", "Kind", "Row", "Rows"]


class Rows(Model):
    """Every field, by the kind of record that it stands on and by our key."""

    #: Stage fields that the default mappings watch; never written.
    watched: dict[str, Row]
    customer: dict[str, Row]
    person: dict[str, Row]
    task: dict[str, Row]
    note: dict[str, Row]
    #: The object that keeps a record of each departure; ``defaults/departure.yaml`` has its fields.
    departure: Shape

    def of(self, kind: Kind) -> Mapping[str, Row]:
        """The rows of one kind of record."""
        rows: Mapping[str, Row] = getattr(self, kind)
        return rows

    @classmethod
    def read(
        cls, data: Mapping[str, Any], departure: Mapping[str, Any], *, segments: Iterable[str] = ()
    ) -> Rows:
        """From the files' data; choices may be given as ``reasons`` or ``segments``."""
        choices = {
            "reasons": {reason.key: reason.label for reason in REASONS.values()},
            "segments": {segment: segment.replace("_", " ").capitalize() for segment in segments},
        }

        def row(key: str, entry: Mapping[str, Any]) -> dict[str, Any]:
            values = entry.get("values", {})
            known = choices[values] if isinstance(values, str) else values
            return {**entry, "key": key, "values": known}

        columns = {key: row(key, entry) for key, entry in departure["fields"].items()}
        return cls.model_validate(
            {
                kind: {key: row(key, entry) for key, entry in rows.items()}
                for kind, rows in data.items()
            }
            | {"departure": {**departure, "fields": columns}}
        )
