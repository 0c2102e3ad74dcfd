"""CSV as Bulk API 2.0 reads and writes it.

Source: Bulk API 2.0 Developer Guide, "Prepare CSV Files", "Valid CSV Record Rows".
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

DELIMITERS: Final = {
    "BACKQUOTE": "`",
    "CARET": "^",
    "COMMA": ",",
    "PIPE": "|",
    "SEMICOLON": ";",
    "TAB": "\t",
}
ENDINGS: Final = {"LF": "\n", "CRLF": "\r\n"}
#: How a cell says that the field shall be emptied; an empty cell leaves it alone.
NOTHING: Final = "#N/A"


class InvalidBatch(Exception):
    """The file cannot be read as the job describes it."""


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A heading, and rows of as many cells."""

    heading: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def read(data: bytes, *, delimiter: str, ending: str) -> Sheet:
    """The rows of an upload; raises InvalidBatch."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidBatch("InvalidBatch : The content is not in UTF-8") from None
    first, _, _ = text.partition("\n")
    if text.count("\n") and first.endswith("\r") != (ending == "CRLF"):
        words = f"LineEnding is invalid on user data. Current LineEnding setting is {ending}"
        raise InvalidBatch(f"InvalidBatch : {words}")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=DELIMITERS[delimiter])
    try:
        heading, *found = [tuple(row) for row in rows if row]
    except ValueError:
        raise InvalidBatch("InvalidBatch : Failed to parse header: EOF reached") from None
    for number, row in enumerate(found, start=1):
        if len(row) != len(heading):
            words = f"Expected {len(heading)} fields, got {len(row)} in record {number}"
            raise InvalidBatch(f"InvalidBatch : {words}")
    return Sheet(heading=heading, rows=tuple(found))


def write(rows: Iterable[Iterable[object]], *, delimiter: str = "COMMA", ending: str = "LF") -> str:
    """Rows as a file in which every cell is quoted."""
    out = io.StringIO()
    writer = csv.writer(
        out,
        delimiter=DELIMITERS[delimiter],
        lineterminator=ENDINGS[ending],
        quoting=csv.QUOTE_ALL,
    )
    writer.writerows(rows)
    return out.getvalue()
