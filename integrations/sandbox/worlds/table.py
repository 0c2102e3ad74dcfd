"""One CSV file of a world; whatever is wrong with it gets one sentence with file and line."""

from __future__ import annotations

import csv
import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path


class BadWorld(ValueError):
    """A world that cannot be built; its words say where and how to mend it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One line. A column that is not there, or is empty, is None."""

    file: str
    line: int
    cells: Mapping[str, str]

    def text(self, column: str) -> str | None:
        """As written, without the spaces around it."""
        return (self.cells.get(column) or "").strip() or None

    def need(self, column: str) -> str:
        """A text that must be there."""
        found = self.text(column)
        if found is None:
            raise self.bad(column, "is empty; it needs a value")
        return found

    def whole(self, column: str) -> int | None:
        """A whole number, not below nought."""
        found = self.text(column)
        if found is None:
            return None
        if not re.fullmatch("[0-9]{1,18}", found):
            raise self.bad(column, f"{found!r} is no whole number")
        return int(found)

    def amount(self, column: str) -> float | None:
        """A number with a point for decimals."""
        found = self.text(column)
        if found is None:
            return None
        if not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", found):
            raise self.bad(column, f"{found!r} is no number; write 1234.50")
        return float(found)

    def day(self, column: str) -> date | None:
        """A date; a time behind it is left out."""
        found = self.text(column)
        try:
            return None if found is None else date.fromisoformat(found[:10])
        except ValueError:
            raise self.bad(column, f"{found!r} is no date; write 2026-03-02") from None

    def needed_day(self, column: str) -> date:
        """A date that must be there."""
        self.need(column)
        return self.day(column) or date.min

    def new(self, column: str, taken: Container[str]) -> str:
        """A text that must be there and on no line before."""
        found = self.need(column)
        if found in taken:
            raise self.bad(column, f"{found!r} is on a line before this one too")
        return found

    def known(self, column: str, there: Container[str]) -> str:
        """A text that another table has."""
        found = self.need(column)
        if found not in there:
            raise self.bad(
                column, f"{found!r} is in no other table; add it there, or drop this line"
            )
        return found

    def bad(self, column: str, words: str) -> BadWorld:
        """The complaint about one cell."""
        return BadWorld(f"{self.file}:{self.line}: {column}: {words}.")


class Table:
    """A CSV file with a line of headings, in UTF-8."""

    def __init__(self, path: Path, needed: tuple[str, ...]) -> None:
        self.path = path
        self._needed = needed

    def __iter__(self) -> Iterator[Row]:
        file = self.path.name
        try:
            with self.path.open(encoding="utf-8-sig", newline="") as text:
                reader = csv.DictReader(text)
                missing = [name for name in self._needed if name not in (reader.fieldnames or ())]
                if missing:
                    there = ", ".join(reader.fieldnames or ()) or "nothing"
                    raise BadWorld(f"{file}:1: column {missing[0]} is missing; there is {there}.")
                for cells in reader:
                    if None in cells or None in cells.values():
                        raise BadWorld(
                            f"{file}:{reader.line_num}: this line has not as many cells as the"
                            " headings; a text with a comma needs quotation marks."
                        )
                    yield Row(file=file, line=reader.line_num, cells=cells)
        except OSError as cause:
            raise BadWorld(f"{self.path} cannot be read: {cause.strerror}.") from None
        except UnicodeDecodeError:
            raise BadWorld(f"{file} is not in UTF-8; save it as CSV UTF-8.") from None
        except csv.Error as cause:
            raise BadWorld(f"{file} is no CSV file: {cause}.") from None
