"""Record ids: 15 characters that tell upper from lower case, or 18 that need not."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from string import ascii_lowercase, ascii_uppercase, digits
from typing import Final

_DIGITS: Final = digits + ascii_uppercase + ascii_lowercase
_CHECKS: Final = ascii_uppercase + "012345"
_SHAPE: Final = re.compile(r"[0-9A-Za-z]{15}(?:[A-Za-z0-5]{3})?")
#: The part of an id that names the server the org was born on.
_POD: Final = "Aj0"


def full(short: str) -> str:
    """Fifteen characters with their three check characters: which of them are upper case."""
    suffix = ""
    for start in (0, 5, 10):
        part = short[start : start + 5]
        suffix += _CHECKS[sum(1 << i for i, letter in enumerate(part) if letter.isupper())]
    return short + suffix


@lru_cache(maxsize=65_536)
def normal(text: str) -> str | None:
    """The 18 characters of an id in either form, or None where it is none.

    Of an id in the long form the check characters decide what is upper case.
    """
    if not _SHAPE.fullmatch(text):
        return None
    if len(text) == 15:
        return full(text)
    short = ""
    for i, check in enumerate(text[15:].upper()):
        bits = _CHECKS.index(check)
        for j, letter in enumerate(text[i * 5 : i * 5 + 5]):
            short += letter.upper() if bits >> j & 1 else letter.lower()
    made = full(short)
    return made if made.upper() == text.upper() else None


class Ids:
    """Hands out ids, one series for each key prefix."""

    def __init__(self) -> None:
        self._last: Counter[str] = Counter()

    def count(self, series: str) -> int:
        """The next number of any series."""
        self._last[series] += 1
        return self._last[series]

    def next(self, prefix: str) -> str:
        """A new id in its long form."""
        number, tail = self.count(prefix), ""
        while number:
            number, rest = divmod(number, len(_DIGITS))
            tail = _DIGITS[rest] + tail
        return full(prefix + _POD + tail.rjust(9, "0"))
