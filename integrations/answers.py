"""An HTTP answer, read to its end within a deadline, and the time that it tells."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from urllib3.exceptions import TimeoutError as TimedOut
from urllib3.response import BaseHTTPResponse

_PIECE: Final = 65_536


class TrickledError(TimedOut):
    """The answer went on arriving, but not to its end."""


def body(answer: BaseHTTPResponse, deadline: float) -> bytes:
    """Everything that was sent. ``deadline`` is a moment of ``time.monotonic``.

    A read time-out alone lets an answer trickle for ever: every byte begins it anew. Raises
    urllib3's HTTPError.
    """
    pieces = []
    while piece := answer.read1(_PIECE, decode_content=True):
        pieces.append(piece)
        if time.monotonic() > deadline:
            answer.close()
            raise TrickledError("the answer took too long")
    return b"".join(pieces)


def date(header: str | None) -> datetime | None:
    """The moment of a ``Date`` header; None where there is none that can be read."""
    try:
        return parsedate_to_datetime(header or "").astimezone(UTC)
    except (ValueError, OverflowError):
        return None
