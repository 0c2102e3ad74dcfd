"""One CRM with everything that is needed to work on it; the engine makes one for each."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from integrations.contract import Crm, Identity, Owner, Schema
from sync.clock import Clock
from sync.links import Links
from sync.tally import Tally

if TYPE_CHECKING:
    from mappings.programme import Programme
    from sync.store import Store


@dataclass(kw_only=True)
class Connection:
    """A connection of aurevoir.yaml, signed in. Used by one thread at a time."""

    name: str
    crm: Crm
    store: Store
    programme: Programme
    identity: Identity
    schemas: dict[str, Schema]
    links: Links
    clock: Clock
    #: The owners as read last, by id.
    owners: dict[str, Owner] = field(default_factory=dict)
    #: The ids of lists or campaigns, by name.
    segments: dict[str, str] = field(default_factory=dict)

    @cached_property
    def tally(self) -> Tally:
        """The least number of calls so far."""
        return Tally(self.crm.limits)
