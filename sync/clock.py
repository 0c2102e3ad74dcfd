"""Where "now" comes from. Cursors are made of CRM time alone; this is for everything else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def system() -> datetime:
    """The machine's time, in UTC."""
    return datetime.now(UTC)
