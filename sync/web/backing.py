"""What stands behind the pages of one connection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from mappings.loaded import Loaded
from sync.clock import Clock, system


@dataclass(frozen=True, kw_only=True)
class Backing:
    """A connection as far as pages know it."""

    loaded: Loaded
    #: The connection's own clock: links expire by it, and events are dated by it.
    clock: Clock = system
    #: How often the connection works.
    poll: timedelta = timedelta(minutes=1)


#: By the connection's name, in the order of aurevoir.yaml.
Backings = Mapping[str, Backing]
