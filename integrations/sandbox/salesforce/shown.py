"""Records as answers show them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Final

from integrations.sandbox.salesforce.field import Field, Value
from integrations.sandbox.salesforce.org import Org
from integrations.sandbox.salesforce.schema import SObject
from integrations.sandbox.salesforce.table import Row

#: The parts of an address, by their key in the compound value.
_PARTS: Final = {
    "city": "City",
    "country": "Country",
    "geocodeAccuracy": "GeocodeAccuracy",
    "latitude": "Latitude",
    "longitude": "Longitude",
    "postalCode": "PostalCode",
    "state": "State",
    "street": "Street",
}

Json = Value | dict[str, "Json"] | list["Json"]
Reader = Callable[[Row], Json]


def attributes(object: str, id: object, version: str, *, type: str | None = None) -> Json:
    """What stands first in every record. ``type`` where it is not the object's name."""
    url = f"/services/data/{version}/sobjects/{object}/{id}"
    return {"type": type or object, "url": url}


def reader(field: Field) -> Reader:
    """How a field's value is taken from a record."""
    if field.type == "address":
        prefix = field.name.removesuffix("Address")
        return lambda row: _address(row, prefix)
    name = field.name
    if field.type == "complexvalue":
        return lambda row: json.loads(str(row.get(name) or "null"))
    return lambda row: row.get(name)


def record(object: SObject, row: Row, fields: Iterable[Field], version: str) -> dict[str, Json]:
    """A whole record with these fields."""
    shown: dict[str, Json] = {"attributes": attributes(object.name, row["Id"], version)}
    for field in fields:
        shown[field.name] = reader(field)(row)
    return shown


def _address(row: Row, prefix: str) -> Json:
    parts: dict[str, Json] = {key: row.get(prefix + name) for key, name in _PARTS.items()}
    return parts if any(value is not None for value in parts.values()) else None


def as_name(org: Org, field: str, row: Row) -> Json:
    """A field of ``Name``, the face that records of any object show to a polymorphic reference."""
    found = org.schema.of_id(str(row["Id"]))
    if found is None or field not in ("Name", "NameOrAlias", "Type"):
        return row.get(field)
    if field == "Type":
        return found.name
    return row.get(next((f.name for f in found.fields.values() if f.name_field), "Id"))
