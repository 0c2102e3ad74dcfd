"""Which language a page speaks: the first of the browser's that we have. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from mappings.survey import nearest

#: Languages that are written from right to left.
_LEFTWARD: Final = {"ar", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"}
_RANGE = re.compile(
    r"\s*(?P<tag>[a-z]{1,8}(-[a-z0-9]{1,8})*)\s*(;\s*q\s*=\s*(?P<q>[01](\.\d{0,3})?)\s*)?",
    re.IGNORECASE,
)


def choose(known: Iterable[str], default: str, *, asked: str, accepted: str) -> str:
    """One of the languages known: that ``asked`` for, else the best of those ``accepted``."""
    names = tuple(known)
    found = (nearest(tag, names) for tag in (asked, *preferred(accepted)))
    return next(filter(None, found), default)


def preferred(accepted: str) -> list[str]:
    """The languages of an Accept-Language header (RFC 9110), the most welcome first."""
    weighed = [
        (float(match["q"] or 1), match["tag"])
        for part in accepted[:1000].split(",")
        if (match := _RANGE.fullmatch(part))
    ]
    ordered = sorted(weighed, key=lambda pair: -pair[0])
    return [tag for weight, tag in ordered if weight > 0]


def direction(language: str) -> str:
    """``ltr`` or ``rtl``."""
    return "rtl" if _primary(language) in _LEFTWARD else "ltr"


def _primary(tag: str) -> str:
    return tag.replace("_", "-").partition("-")[0].casefold()
