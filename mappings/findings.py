"""What is wrong with a mapping: where it is written, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

#: ``error`` stops a command; ``warning`` and ``hint`` do not.
Severity = Literal["error", "warning", "hint"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Spot:
    """A place in a file. ``own`` is False in what comes with the product: a default."""

    file: str
    line: int
    #: The dotted key within that file: ``roles.billing.queue``.
    key: str = ""
    own: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One sentence about one place."""

    words: str
    file: str = ""
    line: int | None = None
    key: str = ""
    severity: Severity = "error"
    #: Where in the CRM to click, for what is mended there.
    where: str = ""

    @property
    def told(self) -> str:
        """The sentence, and where to click."""
        return f"{self} ({self.where})" if self.where else str(self)

    @classmethod
    def at(cls, spot: Spot, words: str, *, severity: Severity = "error") -> Finding:
        """A finding about this place."""
        return cls(words=words, file=spot.file, line=spot.line, key=spot.key, severity=severity)

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line is not None else self.file
        return ": ".join(part for part in (place, self.key, self.words) if part)


class MappingError(Exception):
    """A mapping that cannot be used; ``findings`` says everything that is wrong with it."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(map(str, self.findings)))


def did_you_mean(word: str, known: Sequence[str], *, listing: bool = True) -> str:
    """The end of a complaint about an unknown word: what is near it, else a few known ones."""
    folded = {name.casefold(): name for name in reversed(known)}
    near = get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    if near:
        return f'; did you mean "{folded[near[0]]}"?'
    return f"; known are {', '.join(known)}" if listing and 0 < len(known) <= 24 else ""
