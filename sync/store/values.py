"""Field values to and from JSON, without losing what kind of value they were."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from integrations.contract import Value


def to_json(values: Mapping[str, Value]) -> dict[str, Any]:
    """Dates become ``{"date": ...}``, moments ``{"at": ...}``, several choices a list."""
    return {name: _pack(value) for name, value in values.items()}


def from_json(values: Mapping[str, Any]) -> dict[str, Value]:
    """The inverse of :func:`to_json`."""
    return {name: _unpack(value) for name, value in values.items()}


def _pack(value: Value) -> Any:
    if isinstance(value, datetime):
        return {"at": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    return list(value) if isinstance(value, tuple) else value


def _unpack(value: Any) -> Value:
    match value:
        case {"at": moment}:
            return datetime.fromisoformat(moment)
        case {"date": day}:
            return date.fromisoformat(day)
        case list():
            return tuple(value)
        case _:
            return value  # type: ignore[no-any-return]
