"""How values read on a page. Every filter takes text from anywhere and leaves it harmless."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Final
from urllib.parse import unquote_plus

from markupsafe import Markup, escape

from integrations.sandbox.desk import Line

_ADDRESS: Final = re.compile(r"""https?://[^\s<>"']*[^\s<>"'.,;:!?)\]}]""")


def links(text: str) -> Markup:
    """Text whose web addresses can be followed."""
    parts, end = [], 0
    for match in _ADDRESS.finditer(text):
        parts.append(escape(text[end : match.start()]))
        parts.append(Markup('<a href="{0}" rel="noreferrer">{0}</a>').format(match.group()))
        end = match.end()
    return Markup("").join([*parts, escape(text[end:])])


def words(name: str) -> str:
    """``customer_success`` -> ``Customer success``; what has capitals already stays."""
    if name == "it":
        return "IT"
    return name.replace("_", " ").capitalize() if name.islower() else name


def day(moment: datetime) -> str:
    """``Mon 2 Mar 2026``."""
    return f"{moment:%a} {moment.day} {moment:%b %Y}"


def minute(moment: datetime) -> str:
    """``Mon 2 Mar 2026, 09:00``."""
    return f"{day(moment)}, {moment:%H:%M}"


def due(moment: datetime, now: datetime) -> str:
    """``today``, ``in 3 days``, ``2 days late``: how far off a date is."""
    days = (moment.date() - now.date()).days
    near = {-1: "a day late", 0: "today", 1: "tomorrow"}
    return near.get(days) or (f"in {days} days" if days > 0 else f"{-days} days late")


def shown(line: Line) -> str:
    """The value of a field; of choices, their labels."""
    labels = dict(line.options)
    return ", ".join(labels.get(v, v) for v in line.value.split(";")) if labels else line.value


def readable(path: str) -> str:
    """A request's address as people read it: a query with its spaces and commas."""
    return unquote_plus(path)


def body(text: str) -> str:
    """A request's body; JSON is laid out."""
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        return text


FILTERS: Final = {
    "body": body,
    "day": day,
    "due": due,
    "links": links,
    "minute": minute,
    "readable": readable,
    "shown": shown,
    "words": words,
}
