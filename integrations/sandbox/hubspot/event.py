"""What happened to a record, for those who want to be told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from integrations.sandbox.hubspot.kinds import Kind
from integrations.sandbox.hubspot.records import Source

What = Literal["creation", "deletion", "merge", "restore", "propertyChange", "privacyDeletion"]
#: A field that only some kind of event has.
Fact = str | int | list[int]


@dataclass(frozen=True, kw_only=True)
class Event:
    """One thing that happened. ``more`` has the fields that only this kind of event has."""

    what: What
    kind: Kind
    id: int
    at: datetime
    source: Source
    more: Mapping[str, Fact] = field(default_factory=dict)
