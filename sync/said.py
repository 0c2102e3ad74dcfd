"""What people say by setting one of our fields: a reason, a decision, a date, their words. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from integrations.contract import FieldType, Value
from mappings.canonical import canonical, same
from mappings.translate import Placed, from_crm
from sync.model import Case


@dataclass(frozen=True, kw_only=True)
class Saying:
    """A field of ours that a person has set, in our words; None: emptied."""

    field: str
    value: str | None
    #: Words are kept apart, where they can be erased.
    words: bool = False


def sayings(
    places: Mapping[str, Placed],
    *,
    before: Mapping[str, Value],
    after: Mapping[str, Value],
) -> Iterator[Saying]:
    """Fields that people may set and that are no longer as we last knew them."""
    for key, place in places.items():
        if not place.row.set_by_people or place.field not in after:
            continue
        value, kind = after[place.field], place.row.type
        if same(value, before.get(place.field), kind):
            continue
        yield Saying(
            field=key,
            value=_text(from_crm(place, value)),
            words=kind in (FieldType.WORDS, FieldType.TEXT),
        )


def left_over(
    places: Mapping[str, Placed], *, before: Mapping[str, Value], after: Mapping[str, Value]
) -> dict[str, Value]:
    """What an earlier departure has left in our fields: values nobody has touched since."""
    return {
        place.field: value
        for place in places.values()
        if (value := after.get(place.field)) is not None
        and canonical(value, place.row.type) is not None
        and (place.field not in before or same(value, before[place.field], place.row.type))
    }


def carried(
    places: Mapping[str, Placed],
    before: Case,
    *,
    held: Mapping[str, Value],
    known: Mapping[str, Value],
    after: Mapping[str, Value],
) -> dict[str, Value]:
    """What a departure leaves to the next one in our fields; what was said since it ended is new.

    ``held``: what it was left itself; ``known``: the fields as we last knew them.
    """
    if before.void:
        return {name: value for name, value in held.items() if after.get(name) == value}
    since = before.left_at or before.gone_at
    fresh = {key for key, said in before.said.items() if since and said.at > since}
    old = {key: place for key, place in places.items() if key not in fresh}
    return left_over(old, before=known, after=after)


def _text(value: Value) -> str | None:
    if value is None:
        return None
    return value if isinstance(value, str) else str(canonical(value, FieldType.TEXT))
