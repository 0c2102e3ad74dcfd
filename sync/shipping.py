"""You asked, we built: finds who asked for a feature, and tells their cases that it is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from mappings.loaded import Loaded
from sync import asked, features
from sync.asked import Match, matches
from sync.case import fold
from sync.connection import Connection
from sync.model import Event, Kind
from sync.store import Tables
from sync.store.shipped import Feature

#: What ``aurevoir shipped`` asks the service to do.
SHIPPED: Final = "shipped"
#: Customers who are on their way, or have gone.
LEAVERS: Final = ("notice", "assess", "leaving", "departed", "alumni")


@dataclass(frozen=True, kw_only=True)
class Asker:
    """A customer who asked for it."""

    case: str
    customer: str
    found: Sequence[Match]
    #: Their case has been told already.
    told: bool

    @property
    def people(self) -> list[str] | None:
        """Those who asked; None: the customer as a whole."""
        return asked.askers(self.found)


def askers(
    tables: Tables, owner: str, loaded: Loaded, feature: Feature, *, sure: bool = False
) -> list[Asker]:
    """Everybody who asked for it and has left, or is about to, by name.

    ``sure``: nobody looks at what was found, so praise of it must not pass for a wish.
    """
    rows = [r for r in tables.cases.list(owner) if r.status in LEAVERS and not r.closed]
    keys = [row.key for row in rows]
    histories, words = tables.cases.histories(keys), tables.surveys.words_of(keys)
    found = []
    for row in rows:
        case = fold(row.key, row.ref, histories[row.key])
        known = tables.people.customers(owner, row.object, [row.record])
        fields = known[row.record].fields if row.record in known else {}
        listed = [
            *matches(
                feature.label,
                case=case,
                fields=fields,
                words=words.get(row.key, {}),
                programme=loaded.programme,
                questionnaire=loaded.questionnaire,
            )
        ]
        wishes = any(match.where in loaded.programme.touches.asked_for for match in listed)
        if listed and (not sure or wishes or features.wished(case)):
            name = fields.get(loaded.programme.customer.name)
            found.append(
                Asker(
                    case=row.key,
                    customer=str(name or row.record),
                    found=listed,
                    told=feature.key in case.shipped,
                )
            )
    return sorted(found, key=lambda one: (one.customer, one.case))


def ship(connection: Connection, now: datetime) -> int:
    """Do what ``aurevoir shipped`` or an item has asked for; returns how many cases were told."""
    with connection.store.reading() as tables:
        waiting = any(one.kind == SHIPPED for one in tables.requests.open(connection.name))
    if not waiting:
        return 0
    told = 0
    with connection.store.transaction("shipped") as tables:
        for one in tables.requests.open(connection.name):
            if one.kind == SHIPPED:
                key, label = one.data["feature"], one.data["label"]
                feature = Feature(key=key, label=label, at=now)
                tables.shipped.put(connection.name, feature)
                item = one.data.get("item")
                cases = _wished(tables, connection, feature, item) if item else one.data["cases"]
                many = _tell(tables, key, cases, now)
                tables.requests.done(one.number, now, {"cases": many})
                told += many
    return told


def by_item(tables: Tables, connection: str, case: str, label: str, now: datetime) -> None:
    """Somebody has written behind an item that it is there: the service tells who asked."""
    key = asked.feature_key(label)
    tables.requests.ask(SHIPPED, now, connection=connection, feature=key, label=label, item=case)


def _wished(
    tables: Tables, connection: Connection, feature: Feature, item: str
) -> dict[str, Sequence[str] | None]:
    """The case of the item, and whoever else wished for it by this name."""
    named = feature.label != features.IT
    found = askers(tables, connection.name, connection.loaded, feature, sure=True) if named else ()
    cases: dict[str, Sequence[str] | None] = {one.case: one.people for one in found}
    row = tables.cases.some([item]).get(item)
    if row and row.status in LEAVERS and not row.closed and item not in cases:
        case = fold(item, row.ref, tables.cases.histories([item])[item])
        cases[item] = features.wishers(case)
    return cases


def _tell(
    tables: Tables, feature: str, cases: Mapping[str, Sequence[str] | None], now: datetime
) -> int:
    """Once for each case, however often it is asked for."""
    return sum(
        tables.cases.append(case, [announced(feature, people, now)])
        for case, people in cases.items()
    )


def announced(feature: str, people: Sequence[str] | None, now: datetime) -> Event:
    """What a case hears of a feature that they asked for, once; ``people``: None for everybody."""
    return Event(
        at=now,
        kind=Kind.FEATURE_SHIPPED,
        data={"feature": feature, "people": people},
        mark=f"{Kind.FEATURE_SHIPPED} {feature}",
    )
