"""Tells the log of a failure without a word of what somebody typed.

A database's complaint may quote the row that it refuses, so neither messages nor values are logged:
the kind of the error and the line that raised it are enough to find it.
"""

from __future__ import annotations

from pathlib import Path
from traceback import extract_tb

import structlog

log = structlog.get_logger(__name__)


def tell(doing: str, error: BaseException) -> None:
    """Log what failed, and where."""
    frames = extract_tb(error.__traceback__)
    places = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames[-3:]]
    log.error("page failed", doing=doing, error=type(error).__name__, at=" < ".join(places[::-1]))
