"""Dates and moments as Salesforce writes and reads them.

A stored moment is the text of the answer, ``2026-11-21T10:00:00.000+0000``: always UTC, always
whole seconds, so the order of the texts is the order in time.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Final

_MOMENT: Final = re.compile(
    r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d(?::\d\d)?)(?:\.\d{1,9})?(Z|[+-]\d\d:?\d\d)"
)
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")


def stamp(moment: datetime) -> str:
    """The stored form of a moment."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000+0000"


def parse(stored: str) -> datetime:
    """The moment of a stored form."""
    return datetime.strptime(stored, "%Y-%m-%dT%H:%M:%S.000%z")


def read_moment(text: str) -> str | None:
    """A moment with a zone, as JSON or SOQL have it, in its stored form; None where it is none."""
    if not (match := _MOMENT.fullmatch(text)):
        return None
    day, time, zone = match.groups()
    try:
        return stamp(datetime.fromisoformat(f"{day}T{time}{zone.replace('Z', '+00:00')}"))
    except ValueError:
        return None


def read_date(text: str) -> str | None:
    """``2026-11-21``, or None where it is no date of the calendar. A moment counts by its day."""
    if _MOMENT.fullmatch(text):
        text = text[:10]
    if not _DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return None
