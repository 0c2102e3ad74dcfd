"""Reading requests and writing moments as HubSpot does."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from integrations.sandbox.http import Request
from integrations.sandbox.hubspot.errors import Refused, bad_json, missing_fields

Json = dict[str, Any]
_VERSION = re.compile(r"v\d|\d{4}-\d\d")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def instant(moment: datetime) -> str:
    """``2026-03-02T09:00:00.120Z``; a fraction of zero is left out, as Java's ``Instant`` does."""
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00")
    return text.removesuffix(".000") + "Z"


def long(text: str) -> int | None:
    """An id as a number; None where it is none that fits into 64 bits."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else None


def millis(moment: datetime) -> int:
    """Milliseconds since 1970."""
    return (moment - EPOCH) // timedelta(milliseconds=1)


def from_millis(value: int) -> datetime:
    """The moment of a number of milliseconds; raises OverflowError where there is none."""
    return EPOCH + timedelta(milliseconds=value)


def body(request: Request, *required: str) -> Json:
    """The JSON object of the body, with at least these fields."""
    found = any_body(request)
    if not isinstance(found, dict):
        raise bad_json("Cannot deserialize value: expected an object")
    if missing := [name for name in required if found.get(name) is None]:
        raise missing_fields(missing)
    return found


def check_media(request: Request, *, form: bool = False) -> None:
    """Refuse a body of another kind than the operation takes; one that says nothing is taken.

    That tokens are asked for by a form is HubSpot.NET's issue 102; no source has the words.
    """
    said = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    right = said == "application/x-www-form-urlencoded" if form else said.endswith("json")
    if request.body and said and not right:
        raise Refused(415, "HTTP 415 Unsupported Media Type")


def any_body(request: Request) -> Any:
    """The body as JSON."""
    try:
        return request.json
    except ValueError:
        raise bad_json("Unexpected character: expected a valid value") from None


def inputs(request: Request, *, most: int) -> tuple[Json, list[Json]]:
    """The body of a batch, and its ``inputs``: one to ``most`` objects."""
    whole = body(request, "inputs")
    found = whole["inputs"]
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise bad_json("Cannot deserialize value of type `java.util.ArrayList`")
    if not found:
        raise Refused(400, "Batch input provided should have at least one object.")
    if len(found) > most:
        raise Refused(400, f"Batch of size {len(found)} exceeds the maximum of {most} inputs.")
    return whole, found


def strings(value: Any, name: str) -> list[str]:
    """A list of ids or names; numbers are taken as their digits."""
    if value is None:
        return []
    if not isinstance(value, list) or not all(_plain(one) for one in value):
        raise bad_json(f"Cannot deserialize value of type `java.util.ArrayList` ({name})")
    return [str(one) for one in value]


def _plain(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool)


def entries(value: Any, name: str) -> list[Json]:
    """A list of objects."""
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise bad_json(f"Cannot deserialize value of type `java.util.ArrayList` ({name})")
    return value


def mapping(value: Any, name: str) -> Json:
    """An object, or an empty one where there is none."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise bad_json(f"Cannot deserialize value of type `java.util.LinkedHashMap` ({name})")
    return value


def text(value: Any, name: str) -> str:
    """A text; numbers and truths are taken as they are written."""
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, str | int | float):
        raise bad_json(f"Cannot deserialize value of type `java.lang.String` ({name})")
    return str(value)


def truth(value: Any, name: str) -> bool:
    """True or false, also in letters."""
    if value in (True, "true", "True"):
        return True
    if value in (False, "false", "False", ""):
        return False
    raise bad_json(f"Cannot deserialize value of type `boolean` ({name})")


def identifier(entry: Any, name: str = "id") -> str:
    """An id in a body, as a string."""
    if not isinstance(entry, dict) or not _plain(entry.get(name)):
        raise missing_fields([name])
    return str(entry[name])


def names(request: Request, parameter: str) -> list[str]:
    """A query parameter that is repeated, or has commas, or both."""
    values = request.query_lists.get(parameter, [])
    return [part.strip() for value in values for part in value.split(",") if part.strip()]


def number(value: Any, name: str, *, default: int, least: int = 1, most: int) -> int:
    """A whole number between two limits, from a query or a body."""
    if value is None:
        return default
    try:
        found = int(value)
    except (OverflowError, TypeError, ValueError):
        raise Refused(400, f"{name} must be a number, but was {value!r}.") from None
    if not least <= found <= most:
        raise Refused(400, f"{name} must be between {least} and {most}, but was {found}.")
    return found


def order(given: Json, default: int) -> int:
    """The place of something among its like: ``displayOrder``."""
    most = 2**31 - 1
    return number(given.get("displayOrder"), "displayOrder", default=default, least=-1, most=most)


def version(request: Request) -> str:
    """``2026-09``, ``v3``: by which version the path was asked for."""
    known = (part for part in request.params.get("root", "").split("/") if _VERSION.fullmatch(part))
    return next(known, "")


def flag(request: Request, parameter: str) -> bool:
    """A query parameter that is ``true`` or not."""
    return request.query.get(parameter, "").lower() == "true"


def next_of(request: Request, path: str, after: str) -> Json:
    """The ``paging`` of an answer that goes on at another path."""
    host = request.headers.get("host", "api.hubapi.com")
    return {"next": {"after": after, "link": f"http://{host}{path}?after={after}"}}


def next_page(request: Request, after: str) -> Json:
    """The ``paging`` of an answer that is not the last."""
    rest = [
        part for part in request.query_string.split("&") if part and not part.startswith("after=")
    ]
    query = "&".join([*rest, f"after={after}"])
    host = request.headers.get("host", "api.hubapi.com")
    return {"next": {"after": after, "link": f"http://{host}{request.path}?{query}"}}
