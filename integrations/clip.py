"""Cuts texts to what a CRM holds, with a mark where something was cut, no sign cut in two."""

from __future__ import annotations

import unicodedata
from typing import Final

MARK: Final = " […]"


def clip(text: str, limit: int, *, mark: str = MARK) -> str:
    """At most ``limit`` characters."""
    if len(text) <= limit:
        return text
    if limit <= len(mark):
        mark = ""
    end = limit - len(mark)
    # A sign of more than 16 characters is somebody's joke.
    for whole in range(end, max(end - 16, 0), -1):
        if not _joined(text[whole - 1], text[whole]):
            end = whole
            break
    return text[:end].rstrip() + mark


def _joined(left: str, right: str) -> bool:
    """Whether two characters make one sign: an accent, an emoji with its colour, a family."""
    return (
        bool(unicodedata.combining(right))
        or right in "\u200d\ufe0e\ufe0f"
        or "\U0001f3fb" <= right <= "\U0001f3ff"
        or left == "\u200d"
        or all("\U0001f1e6" <= sign <= "\U0001f1ff" for sign in (left, right))
    )
