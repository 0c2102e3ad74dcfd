"""One customer in memory: the CRM's records, their cases, and what a cycle would do about them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from integrations.contract import DEPARTURE, OptOut, Ref, Value
from mappings.programme import Watch
from sync import fatigue, planning
from sync.connection import Connection
from sync.lifetime import appeared
from sync.model import Case, Event, Kind
from sync.outbox import Entry, State
from sync.reconcile import reconcile
from sync.simulation.departure import Departure
from sync.simulation.seen import Seen, noticed
from sync.store.people import CustomerRow, PersonRow
from sync.touches import elsewhere
from sync.will import wills
from sync.world import World


@dataclass(kw_only=True)
class Customer:
    """A customer, the people there, and their cases, the newest last."""

    #: For what it knows: the mapping, the fields, the owners. Nothing is asked of the CRM.
    connection: Connection
    ref: Ref
    name: str
    #: By record: the fields as the CRM has them.
    records: dict[Ref, dict[str, Value]]
    people: list[PersonRow] = field(default_factory=list)
    #: What the CRM will say before something goes out, by person.
    opt_outs: dict[str, OptOut] = field(default_factory=dict)
    departures: list[Departure] = field(default_factory=list)
    carried: dict[str, Value] = field(default_factory=dict)
    #: What earlier departures have left in these records, and the last one.
    left: dict[Ref, dict[str, Value]] = field(default_factory=dict)
    newest: dict[Ref, dict[str, Value]] = field(default_factory=dict)
    #: What shipped features are called, by their keys.
    features: dict[str, str] = field(default_factory=dict)
    #: The record was deleted.
    gone: bool = False
    _world: World | None = None
    _names: dict[str, str] = field(default_factory=dict)

    @property
    def watch(self) -> Watch:
        """The rules for the customer's stage."""
        return self.connection.watch_of(self.ref.object)

    @property
    def wake_at(self) -> datetime | None:
        """When something may change by itself."""
        return min(filter(None, (one.wake_at for one in self.departures)), default=None)

    @property
    def world(self) -> World:
        """What every plan knows of the customer, read once for as long as nothing changes."""
        if self._world is None:
            self._world = planning.world(
                self.connection,
                CustomerRow(ref=self.ref, fields=self.records[self.ref], carried=self.carried),
                [replace(p, fields=self.records[p.ref]) for p in self.people],
                {},
                wills(event for one in self.departures for event in one.events),
                fatigue.asked({one.key: one.events for one in self.departures}),
            )
        return self._world

    def world_of(self, one: Departure, case: Case | None = None) -> World:
        """The same as one departure sees it, or saw it when it stood like this."""
        world, case = self.world, case or one.case
        others = [other for other in self.departures if other is not one]
        return replace(
            world,
            words=one.words,
            people=tuple(human for human in world.people if human.id not in case.moved),
            moved=tuple(human for human in world.people if human.id in case.moved),
            touched=tuple(sorted({at for other in others for at in elsewhere(other.events)})),
            features=self.features,
        )

    def person(self, id: str) -> str:
        """Somebody's name."""
        if not self._names:
            self._names = {human.id: human.facts.name for human in self.world.people}
        return self._names.get(id, "")

    def opens(self, one: Departure) -> None:
        """A new departure; what the ones before have left is older than what was said between."""
        for ref, values in self.newest.items():
            self.left.setdefault(ref, {}).update(values)
        self.newest.clear()
        self.departures.append(one)

    def wake(self, now: datetime) -> None:
        """Something about the customer is otherwise: plan all cases."""
        self._world = None
        for one in self.departures:
            one.wake(now)

    def set(self, ref: Ref, values: Mapping[str, Value], now: datetime) -> None:
        """Somebody edits a record."""
        self.records[ref].update(values)
        self.wake(now)

    def cycle(self, now: datetime) -> Iterator[Seen]:
        """Plan and deliver until nothing is due; what people see of it."""
        while awake := [one for one in self.departures if one.wake_at and one.wake_at <= now]:
            for one in awake:
                one.plan(self.world_of(one), now)
            for one in self.departures:
                yield from self._deliver(one, now)

    def _deliver(self, one: Departure, now: datetime) -> Iterator[Seen]:
        tried: set[str] = set()
        while ready := [entry for entry in one.due() if entry.key not in tried]:
            for entry in ready:
                tried.add(entry.key)
                after, written = self._out(one, entry, now)
                one.keep(after)
                if after is not entry:
                    person = self.person(entry.ref.id) if entry.ref != self.ref else ""
                    news = noticed(
                        self.connection, entry, after, written,
                        at=now, customer=self.name, person=person,
                    )  # fmt: skip
                    if news:
                        yield news

    def _out(
        self, one: Departure, entry: Entry, now: datetime
    ) -> tuple[Entry, Mapping[str, Value]]:
        """What the CRM makes of an entry, and the fields that it changes."""
        if entry.not_after and entry.not_after <= now:
            return replace(entry, state=State.DROPPED, words="it was too late"), {}
        if entry.outward and self._refused(entry.ref.id, now):
            return entry, {}
        if entry.kind == "member" and entry.wanted["segment"] not in self.connection.segments:
            words = f"the CRM has no segment {entry.wanted['segment']!r}"
            return replace(entry, state=State.REJECTED, problem="drift", words=words), {}
        if entry.kind == DEPARTURE and (why := self.connection.fitness.blocked.get(DEPARTURE)):
            return replace(entry, state=State.REJECTED, problem="drift", words=why), {}
        taken, written = self._write(one, entry)
        if entry.outward and entry.kind != "member":
            data = {"step": entry.step, "person": entry.ref.id}
            one.append(Event(at=now, kind=Kind.SENT, data=data, mark=f"{Kind.SENT} {entry.key}"))
            self._world = None
        if came := appeared(taken, now):
            one.append(came)
        return taken, written

    def _write(self, one: Departure, entry: Entry) -> tuple[Entry, Mapping[str, Value]]:
        """Fields go where the record still holds what we left there; all else as it is wanted."""
        if edits := one.edits.get(entry.key):
            found = reconcile(
                entry.changes,
                current={**entry.given, **edits},
                base=entry.given,
                policy=lambda name: self.connection.policy(entry.kind, name),
                same=lambda name, a, b: self.connection.same(entry.kind, name, a, b),
            )
            return entry.taken({**found.there, **found.write}, found.kept), {}
        if entry.kind != "fields":
            return entry.taken(entry.wanted, {}, id=entry.id or entry.key), {}
        ref, held = entry.ref, self.records[entry.ref]
        connection, between = self.connection, self.carried if ref == self.ref else {}
        base = {**self.left.get(ref, {}), **between, **self.newest.get(ref, {})}
        found = reconcile(
            entry.changes,
            current=held,
            base=base,
            policy=lambda name: connection.policy(ref.object, name),
            same=lambda name, a, b: connection.same(ref.object, name, a, b),
        )
        given = {**found.there, **found.write}
        held.update(found.write)
        left = self.newest if one is self.departures[-1] else self.left
        left.setdefault(ref, {}).update({**entry.given, **given})
        if found.write:
            self._world = None
        return entry.taken(given, found.kept), found.write

    def _refused(self, person: str, now: datetime) -> bool:
        """The last look before anything goes out; a refusal wakes the cases."""
        answer = self.opt_outs.get(person, OptOut(out=False))
        if answer.out:
            known = self.people
            self.people = [replace(p, opt_out=answer) if p.ref.id == person else p for p in known]
            if self.people != known:
                self.wake(now)
        return answer.out
