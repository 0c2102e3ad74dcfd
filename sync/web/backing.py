"""What stands behind the pages of one connection."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from integrations.contract import Forged, Hint, Hook
from mappings.loaded import Loaded
from mappings.seats import Directory
from sync.clock import Clock, system
from sync.links import Links


def _none(_: Hook) -> tuple[Hint, ...]:
    raise Forged("this connection hears no webhooks")


@dataclass(frozen=True, kw_only=True)
class Backing:
    """A connection as far as pages know it."""

    loaded: Loaded
    #: The connection's own clock: links expire by it, and events are dated by it.
    clock: Clock = system
    crm: str = ""
    #: How often the connection works.
    poll: timedelta = timedelta(minutes=1)
    #: The records that a webhook of this connection is about; raises Forged.
    hints: Callable[[Hook], tuple[Hint, ...]] = _none
    #: What it is answered: a media type, and the words.
    answer: Callable[[Hook], tuple[str, str]] = lambda _: ("text/plain", "")
    #: What the links were made with; None: there are none that speak for themselves.
    links: Links | None = None
    #: Who works there, as the connection has read it last.
    directory: Callable[[], Directory] = lambda: Directory.of(())
    #: Called once a hint or a notice is kept.
    wake: Callable[[], None] = lambda: None


#: By the connection's name, in the order of aurevoir.yaml.
Backings = Mapping[str, Backing]
