"""Between our words and the CRM's: where each of our fields stands, and what its values are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

from integrations.clip import clip
from integrations.contract import Field, FieldType, Names, Schema, Value
from mappings.canonical import canonical
from mappings.programme import Place, Programme
from mappings.rows import Kind, Row, Rows
from mappings.texts import shown

#: Types that can hold any value as text.
TEXTUAL = frozenset({FieldType.TEXT, FieldType.WORDS})


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """One of our fields, and where it stands in this CRM."""

    kind: Kind | Literal["departure"]
    row: Row
    #: The CRM's name of the field.
    field: str
    #: Our choice -> the CRM's, where they differ.
    values: Mapping[str, str]
    write: Literal["keep", "if_empty", "overwrite"] = "keep"
    #: Under our own name: provisioning creates it.
    ours: bool = True


def placed(
    programme: Programme, rows: Rows, kind: Kind, schema: Schema | None = None
) -> Mapping[str, Placed]:
    """Our fields of one kind by our key, without those that the mapping has switched off.

    With a ``schema``, those that the CRM lacks are absent too.
    """
    return _placed(_Asked(programme, rows, kind, schema))


class _Asked(NamedTuple):
    """The arguments, which are frozen, told apart by which objects they are."""

    programme: Programme
    rows: Rows
    kind: Kind
    schema: Schema | None

    def __hash__(self) -> int:
        return hash(tuple(map(id, self)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Asked) and all(a is b for a, b in zip(self, other, strict=True))


@lru_cache(maxsize=64)
def _placed(asked: _Asked) -> Mapping[str, Placed]:
    programme, rows, kind, schema = asked
    places: Mapping[str, Place] = getattr(programme.fields, kind)
    return {
        key: Placed(
            kind=kind,
            row=rows.of(kind)[key],
            field=place.field,
            values=place.values,
            write=place.write,
            ours=place.field == rows.of(kind)[key].names[programme.crm],
        )
        for key, place in places.items()
        if place.field is not None and (schema is None or place.field in schema.fields)
    }


def columns(
    programme: Programme, rows: Rows, schemas: Mapping[str, Schema]
) -> Mapping[str, Placed] | None:
    """The fields of the object that keeps the departures, as far as the CRM has them.

    None where they are kept in notes; without the object, all that it should have.
    """
    shape, crm = rows.departure, programme.crm
    schema, record = schemas.get(shape.names[crm]), programme.record
    if record.as_ == "note" or (schema is None and record.otherwise == "note"):
        return None
    return {
        key: Placed(kind="departure", row=column, field=column.names[crm], values={})
        for key, column in shape.columns.items()
        if schema is None or column.names[crm] in schema.fields
    }


def names(programme: Programme, rows: Rows) -> Names:
    """The CRM's names of what we add to tasks and notes, and of what keeps the departures."""
    return Names(
        task={key: place.field for key, place in placed(programme, rows, "task").items()},
        note={key: place.field for key, place in placed(programme, rows, "note").items()},
        departure=rows.departure.keeping(programme.crm),
    )


def to_crm(place: Placed, value: Value, field: Field | None = None) -> Value:
    """What the CRM's field shall hold for our value.

    ``field`` is the CRM's own, where it is known: long texts are cut to it, with a mark, and a
    text field takes other types in words.
    """
    value = canonical(value, place.row.type) if value is not None else None
    if isinstance(value, tuple):
        value = tuple(sorted(place.values.get(choice, choice) for choice in value))
    elif place.row.type is FieldType.CHOICE and isinstance(value, str):
        value = place.values.get(value, value)
    target = field.type if field else place.row.type
    if value is None or target not in TEXTUAL:
        return value
    limits = [limit for limit in (place.row.length, field.length if field else None) if limit]
    text = _in_words(value)
    return clip(text, min(limits)) if limits else text


def from_crm(place: Placed, value: Value) -> Value:
    """Our value for what the CRM's field holds; a choice that is not among ours is ``None``."""
    value = canonical(value, place.row.type)
    if place.row.type not in (FieldType.CHOICE, FieldType.CHOICES):
        return value
    ours = {theirs: choice for choice, theirs in reversed([*place.values.items()])}
    read = value if isinstance(value, tuple) else (value,)
    choices = [ours.get(str(theirs), str(theirs)) for theirs in read]
    known = tuple(sorted(choice for choice in choices if choice in place.row.values))
    if place.row.type is FieldType.CHOICES:
        return known or None
    return known[0] if known else None


def _in_words(value: Value) -> str:
    if isinstance(value, tuple):
        return "; ".join(value)
    return shown(value) if isinstance(value, bool) else str(value)
