"""One case with its ledger, in memory. It lives through :class:`~sync.simulation.customer`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from integrations.contract import Ref, Value
from mappings.playbook import Playbook
from mappings.programme import Watch
from sync.case import after, fold
from sync.evidence import noticed
from sync.lifetime import cancelled
from sync.model import QUIET, Case, Event, Plan
from sync.outbox import Entry, State, difference
from sync.plan import plan
from sync.world import World

_THERE: Final = (State.DELIVERED, State.DONE, State.CLOSED)


@dataclass(kw_only=True)
class Departure:
    """A case as the store would have it."""

    key: str
    ref: Ref
    book: Playbook
    watch: Watch
    events: list[Event]
    entries: dict[str, Entry] = field(default_factory=dict)
    #: What people wrote, by the ids that events point to.
    words: dict[str, str] = field(default_factory=dict)
    #: What people have changed on tasks, by key.
    edits: dict[str, dict[str, Value]] = field(default_factory=dict)
    made: Plan | None = None
    #: When it wants to be planned; None: not before something happens.
    wake_at: datetime | None = None
    _case: Case | None = None

    @property
    def case(self) -> Case:
        """The state, folded once for as long as nothing happens."""
        if self._case is None:
            self._case = fold(self.key, self.ref, self.events)
        return self._case

    def append(self, *happened: Event) -> None:
        """Something that has not happened yet happens; the case wakes."""
        marks = {event.mark for event in self.events if event.mark}
        for event in happened:
            if event.mark not in marks:
                marks |= {event.mark} - {""}
                self._case = after(self.case, event)
                self.events.append(event)
                if event.kind not in QUIET:
                    self.wake(event.at)

    def remembers(self, text: str) -> str:
        """Keep what somebody wrote; the id that events point to."""
        id = f"words-{len(self.words) + 1}"
        self.words[id] = text
        return id

    def wake(self, at: datetime) -> None:
        """Plan it at this moment, or earlier if it wants to."""
        self.wake_at = min(filter(None, (self.wake_at, at)))

    def plan(self, world: World, now: datetime) -> None:
        """Keep the plan, and the difference in the ledger."""
        self.made = plan(self.case, world, self.book, self.watch, now)
        if event := noticed(self.case, world, self.made.status, now):
            self.append(event)
            self.made = plan(self.case, world, self.book, self.watch, now)
        reasons = {held.step: held.reason for held in self.made.withheld}
        changed = difference(self.key, self.made.wants, self.entries, reasons)
        if self.case.gone_at and not self.case.joined:
            # What is left of a deleted customer stays as it is.
            changed = tuple(entry for entry in changed if entry.state is State.DROPPED)
        ended = tuple(cancelled(self.made.wants, self.entries, changed, now))
        self.entries.update({entry.key: entry for entry in changed})
        self.wake_at = self.made.wake_at
        self.append(*ended)

    def keep(self, entry: Entry) -> None:
        """What became of a line of the ledger."""
        self.entries[entry.key] = entry

    def due(self) -> list[Entry]:
        """What can go out, in the order of the keys: what must be there first is there."""
        there = {key for key, entry in self.entries.items() if entry.state in _THERE}
        return [
            entry
            for key, entry in sorted(self.entries.items())
            if entry.state is State.PENDING and there.issuperset(entry.after)
        ]
