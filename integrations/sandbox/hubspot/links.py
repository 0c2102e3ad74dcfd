"""Associations: which records belong together, and as what.

``data/associations.json`` has a row for each pair of types: the two objects, the type id in either
direction, and the label. Source: "Associate records" guide, association type id values.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from integrations.sandbox.hubspot.kinds import KINDS, Kind


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkType:
    """One direction of an association."""

    id: int
    inverse: int
    source: Kind
    target: Kind
    label: str | None

    @property
    def name(self) -> str:
        """As object reads call it: ``contact_to_company``, ``contact_to_company_unlabeled``."""
        plain = f"{self.source.singular}_to_{self.target.singular}"
        pair = link_types(self.source, self.target)
        return plain if self.label or len(pair) == 1 else f"{plain}_unlabeled"


@cache
def _all() -> Mapping[tuple[str, str], tuple[LinkType, ...]]:
    kinds = {kind.plural: kind for kind in KINDS}
    folder = resources.files("integrations.sandbox.hubspot") / "data"
    found: defaultdict[tuple[str, str], list[LinkType]] = defaultdict(list)
    for one, other, there, back, label in json.loads((folder / "associations.json").read_text()):
        a, b = kinds[one], kinds[other]
        found[a.type_id, b.type_id].append(
            LinkType(id=there, inverse=back, source=a, target=b, label=label)
        )
        if a is not b:
            found[b.type_id, a.type_id].append(
                LinkType(id=back, inverse=there, source=b, target=a, label=label)
            )
    return {pair: tuple(types) for pair, types in found.items()}


def link_types(source: Kind, target: Kind) -> tuple[LinkType, ...]:
    """Every type from one object to another, the unlabelled one first; perhaps none."""
    return _all().get((source.type_id, target.type_id), ())


@cache
def link_type(source: Kind, id: int) -> LinkType | None:
    """The type with this id that starts at an object."""
    for target in KINDS:
        for found in link_types(source, target):
            if found.id == id:
                return found
    return None


End = tuple[str, int]


class Links:
    """All associations of a portal, in both directions."""

    def __init__(self) -> None:
        #: (type id, record) -> other object's type id -> other record -> association type ids.
        self._ends: dict[End, dict[str, dict[int, set[int]]]] = {}

    def of(self, kind: Kind, id: int, target: Kind) -> Mapping[int, set[int]]:
        """The associated records of one object, and the types by which they are."""
        return self._ends.get((kind.type_id, id), {}).get(target.type_id, {})

    def add(self, type_: LinkType, id: int, other: int) -> None:
        """Associate two records; twice is the same as once."""
        self._types(type_.source, id, type_.target, other).add(type_.id)
        self._types(type_.target, other, type_.source, id).add(type_.inverse)

    def remove(self, type_: LinkType, id: int, other: int) -> None:
        """Take one type off; the association goes with its last."""
        for kind, one, target, two, number in (
            (type_.source, id, type_.target, other, type_.id),
            (type_.target, other, type_.source, id, type_.inverse),
        ):
            there = self._ends.get((kind.type_id, one), {}).get(target.type_id, {})
            if two in there:
                there[two].discard(number)
                if not there[two]:
                    del there[two]

    def _types(self, kind: Kind, id: int, target: Kind, other: int) -> set[int]:
        ends = self._ends.setdefault((kind.type_id, id), {})
        return ends.setdefault(target.type_id, {}).setdefault(other, set())
