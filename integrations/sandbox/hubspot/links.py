"""Associations: which records belong together, and as what.

``data/associations.json`` has a row for each pair of types: the two objects, the type id in either
direction, and the label. Source: "Associate records" guide, association type id values.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Final

from integrations.sandbox.hubspot.kinds import KINDS, Kind

#: Type ids of labels that a portal made start here, above those of HubSpot itself.
FIRST_LABEL: Final = 2_001
HUBSPOT: Final = "HUBSPOT_DEFINED"
USER: Final = "USER_DEFINED"


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkType:
    """One direction of an association. ``name`` is what object reads and version 3 call it."""

    id: int
    inverse: int
    source: Kind
    target: Kind
    name: str
    label: str | None = None
    category: str = HUBSPOT

    @property
    def primary(self) -> bool:
        """Whether a record has it with one company only."""
        return self.category == HUBSPOT and self.label is not None


def _both(there: int, back: int, a: Kind, b: Kind, label: str | None) -> Iterator[LinkType]:
    """HubSpot's own type, in each of its directions."""
    for id, inverse, source, target in ((there, back, a, b), (back, there, b, a)):
        name = f"{source.singular}_to_{target.singular}"
        yield LinkType(id=id, inverse=inverse, source=source, target=target, name=name, label=label)
        if a is b:
            return


@cache
def _standard() -> Mapping[tuple[str, str], tuple[LinkType, ...]]:
    kinds = {kind.plural: kind for kind in KINDS}
    folder = resources.files("integrations.sandbox.hubspot") / "data"
    found: defaultdict[tuple[str, str], list[LinkType]] = defaultdict(list)
    for one, other, there, back, label in json.loads((folder / "associations.json").read_text()):
        for type_ in _both(there, back, kinds[one], kinds[other], label):
            found[type_.source.type_id, type_.target.type_id].append(type_)
    for types in found.values():
        if len(types) > 1:
            types[0] = replace(types[0], name=f"{types[0].name}_unlabeled")
    return {pair: tuple(types) for pair, types in found.items()}


def link_types(source: Kind, target: Kind) -> tuple[LinkType, ...]:
    """HubSpot's own types from one object to another, the unlabelled one first; perhaps none."""
    return _standard().get((source.type_id, target.type_id), ())


End = tuple[str, int]


class Links:
    """All associations of a portal, in both directions."""

    def __init__(self) -> None:
        #: (type id, record) -> other object's type id -> other record -> association type ids.
        self._ends: dict[End, dict[str, dict[int, set[int]]]] = {}
        #: The labels that the portal made, by their ids.
        self.labels: dict[int, LinkType] = {}
        #: The unlabelled types of custom objects, likewise.
        self.plain: dict[int, LinkType] = {}
        self._next = FIRST_LABEL

    def types(self, source: Kind, target: Kind) -> tuple[LinkType, ...]:
        """Every type from one object to another: the unlabelled, HubSpot's own, the portal's."""
        made = (one for one in self.labels.values() if (one.source, one.target) == (source, target))
        return (*self.built_in(source, target), *made)

    def built_in(self, source: Kind, target: Kind) -> tuple[LinkType, ...]:
        """Those that are there without a label of the portal's, the unlabelled one first."""
        pair = (source, target)
        custom = (one for one in self.plain.values() if (one.source, one.target) == pair)
        return link_types(source, target) or tuple(custom)

    def type(self, source: Kind, id: int) -> LinkType | None:
        """The type with this id that starts at an object."""
        if (custom := self.plain.get(id)) and custom.source == source:
            return custom
        return next(
            (one for target in KINDS for one in self.types(source, target) if one.id == id), None
        )

    def connect(self, custom: Kind, other: Kind) -> None:
        """Let a custom object be associated with another one."""
        id, inverse = self._next, self._next + 1
        self._next = inverse + 1
        for one, two, a, b in ((id, inverse, custom, other), (inverse, id, other, custom)):
            name = f"{a.singular}_to_{b.singular}"
            self.plain[one] = LinkType(
                id=one, inverse=two, source=a, target=b, name=name, category=USER
            )

    def label(self, a: Kind, b: Kind, name: str, there: str, back: str) -> tuple[LinkType, ...]:
        """Make a label; one with another word in each direction is two types."""
        paired = a is not b or there != back
        id, inverse = self._next, self._next + paired
        self._next = inverse + 1
        directions = ((id, inverse, a, b, there), (inverse, id, b, a, back))
        made = tuple(
            LinkType(id=one, inverse=two, source=x, target=y, name=name, label=word, category=USER)
            for one, two, x, y, word in directions[: 1 + paired]
        )
        self.labels.update((one.id, one) for one in made)
        return made

    def forget(self, type_: LinkType) -> None:
        """Take a label off every pair, and out of the portal."""
        for (type_id, id), targets in list(self._ends.items()):
            if type_id == type_.source.type_id:
                for other in list(targets.get(type_.target.type_id, ())):
                    self.remove(type_, id, other)
        for id in (type_.id, type_.inverse):
            self.labels.pop(id, None)
            self.plain.pop(id, None)

    def remake(self, before: Kind, after: Kind) -> None:
        """Let the types of a custom object be of its new description."""
        for types in (self.labels, self.plain):
            for id, one in types.items():
                source = after if one.source == before else one.source
                target = after if one.target == before else one.target
                types[id] = replace(one, source=source, target=target)

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
