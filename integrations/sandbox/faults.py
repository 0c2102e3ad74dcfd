"""Faults on demand: a status or a dropped socket, before or after the write was applied."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Literal


@dataclass(kw_only=True)
class Fault:
    """Meets the ``nth`` and the following ``times - 1`` calls of the matching operations."""

    crm: str
    #: An operation's name, or a pattern such as ``objects.*``.
    operation: str
    nth: int = 1
    times: int = 1
    #: ``before``: the call does nothing. ``after``: it is applied, and the answer is lost.
    when: Literal["before", "after"] = "before"
    #: None drops the socket without an answer.
    status: int | None = None
    #: None takes the vendor's own error body for that status.
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)
    seen: int = 0

    def meets(self, crm: str, operation: str) -> bool:
        """Count this call; say whether the fault strikes."""
        if crm != self.crm or not fnmatchcase(operation, self.operation):
            return False
        self.seen += 1
        return self.nth <= self.seen < self.nth + self.times

    @property
    def spent(self) -> bool:
        """Whether it will not strike again."""
        return self.seen >= self.nth + self.times - 1


class Faults:
    """The switches that are set."""

    def __init__(self) -> None:
        self.active: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Arm a fault."""
        self.active.append(fault)

    def strike(self, crm: str, operation: str) -> Fault | None:
        """The fault that meets this call, if any; each armed fault counts the call."""
        struck = [fault for fault in self.active if fault.meets(crm, operation)]
        self.active = [fault for fault in self.active if not fault.spent]
        return struck[0] if struck else None

    def clear(self) -> None:
        """Disarm all."""
        self.active.clear()
