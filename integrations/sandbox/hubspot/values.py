"""What a property accepts, and how HubSpot stores it. Pure.

Sources: "Properties" guide (formats), "Enhanced validations for non-string properties"
(whitespace), and refusals recorded in public issue trackers (codes and words).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container
from datetime import UTC, date, datetime, time
from typing import Final

from integrations.sandbox.hubspot.schema import OWNER, Property
from integrations.sandbox.hubspot.wire import from_millis, instant

#: Characters in a text property.
LONGEST: Final = 65_536
_NUMBER = re.compile(r"-?(\d+\.?\d*|\.\d+)")
_MILLIS = re.compile(r"-?\d{1,15}")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")


class Unfit(Exception):
    """The value is refused: code and words."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def moment(text: str) -> datetime:
    """A moment from milliseconds or ISO 8601; raises ValueError."""
    if _MILLIS.fullmatch(text):
        try:
            return from_millis(int(text))
        except OverflowError as error:
            raise ValueError(text) from error
    if _DAY.fullmatch(text):
        return datetime.combine(date.fromisoformat(text), time(), UTC)
    found = datetime.fromisoformat(text)
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def _string(definition: Property, text: str, owners: Container[str]) -> str:
    if len(text) > LONGEST:
        raise Unfit(
            "PROPERTY_VALUE_TOO_LONG",
            f"The value has {len(text)} characters; the longest allowed is {LONGEST}.",
        )
    if definition.name == "email" and not _EMAIL.fullmatch(text):
        raise Unfit("INVALID_EMAIL", f"Email address {text} is invalid")
    return text.lower() if definition.name == "email" else text


def _number(definition: Property, text: str, owners: Container[str]) -> str:
    if not _NUMBER.fullmatch(text):
        raise Unfit("INVALID_INTEGER", f"{text} was not a valid number.")
    return text


def _bool(definition: Property, text: str, owners: Container[str]) -> str:
    if text.lower() not in ("true", "false"):
        raise Unfit("INVALID_BOOLEAN", f"{text} was not a valid boolean.")
    return text.lower()


def _moment(text: str) -> datetime:
    try:
        return moment(text)
    except ValueError:
        raise Unfit("INVALID_LONG", f"{text} was not a valid long.") from None


def _datetime(definition: Property, text: str, owners: Container[str]) -> str:
    return instant(_moment(text))


def _date(definition: Property, text: str, owners: Container[str]) -> str:
    found = _moment(text)
    if found.time() != time():
        clock = f"{found.hour}:{found.minute}:{found.second}.{found.microsecond // 1000:03}"
        raise Unfit("INVALID_DATE", f"{text} is at {clock} UTC, not midnight!")
    return found.date().isoformat()


def _enumeration(definition: Property, text: str, owners: Container[str]) -> str:
    chosen = [part for part in text.split(";") if part] if definition.several else [text]
    if definition.referenced == OWNER:
        if unknown := [one for one in chosen if one not in owners]:
            raise Unfit("INVALID_OWNER_ID", f"Owner {unknown[0]} does not exist")
    elif not definition.external:
        for one in chosen:
            if not definition.lists(one):
                listed = ", ".join(option.value for option in definition.options)
                raise Unfit(
                    "INVALID_OPTION",
                    f"{one} was not one of the allowed options: [{listed}]",
                )
    return ";".join(chosen)


_RULES: dict[str, Callable[[Property, str, Container[str]], str]] = {
    "string": _string,
    "phone_number": _string,
    "number": _number,
    "bool": _bool,
    "date": _date,
    "datetime": _datetime,
    "enumeration": _enumeration,
}


def stored(definition: Property, text: str, owners: Container[str]) -> str:
    """The value as HubSpot keeps it; an empty one clears. Raises Unfit."""
    if text == "":
        return ""
    if definition.type not in ("string", "phone_number") and text != text.strip():
        raise Unfit(
            "LEADING_TRAILING_WHITESPACE", f'"{text}" includes leading or trailing whitespace.'
        )
    return _RULES[definition.type](definition, text, owners)
