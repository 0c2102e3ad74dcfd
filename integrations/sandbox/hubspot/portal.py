"""What a portal holds. Nothing here checks anything: ``writes.py`` does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count
from typing import Any, Final
from zoneinfo import ZoneInfo

from integrations.sandbox.clock import Clock
from integrations.sandbox.desk import Letter
from integrations.sandbox.hubspot.event import Event, Fact, What
from integrations.sandbox.hubspot.kinds import CONTACTS, KINDS, Kind, kind_of
from integrations.sandbox.hubspot.links import Links
from integrations.sandbox.hubspot.options import Options
from integrations.sandbox.hubspot.pipeline import (
    PIPELINE_OF,
    STAGE_OF,
    Pipeline,
    Stage,
    dates,
    fresh,
    options,
)
from integrations.sandbox.hubspot.records import Record, Source, Table
from integrations.sandbox.hubspot.schema import Property, Schema, standard
from integrations.sandbox.hubspot.wire import long

#: The ids of pipelines and stages that a portal makes start here.
FIRST_STAGE: Final = 733_641_201

#: The service key: what its writes are known by in histories.
INTEGRATION: Final = Source("INTEGRATION", "27418863", "Aurevoir")
#: What the portal was filled by.
IMPORT: Final = Source("IMPORT", "7340016", "Import")
#: What came from a record that was merged away.
MERGE: Final = Source("MERGE_OBJECTS", "", "Merge")
#: What HubSpot computes.
COMPUTED: Final = Source("CALCULATED", "", "Calculated")


def person(user: int) -> Source:
    """Somebody at the CRM's pages."""
    return Source("CRM_UI", f"userId:{user}", user=user)


@dataclass(frozen=True, kw_only=True)
class Owner:
    """Somebody, or a queue, that records and activities belong to."""

    id: str
    first: str
    last: str = ""
    email: str = ""
    #: A queue has none.
    user: int | None = None
    archived: bool = False
    created_at: datetime

    @property
    def name(self) -> str:
        """As people read it."""
        return f"{self.first} {self.last}".strip()


@dataclass(kw_only=True)
class Segment:
    """A list with its members: record id -> (first added, last added)."""

    id: str
    name: str
    kind: Kind
    processing: str
    created_at: datetime
    updated_at: datetime
    #: What a ``DYNAMIC`` one looks for; kept as it was given.
    filters: Any = None
    members: dict[int, tuple[datetime, datetime]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Subscription:
    """A kind of e-mail that people can leave."""

    id: int
    name: str
    description: str
    purpose: str


SUBSCRIPTIONS: Final = (
    Subscription(
        id=604_218_001,
        name="Marketing Information",
        description="Marketing offers and updates.",
        purpose="Marketing",
    ),
    Subscription(
        id=604_218_002,
        name="Customer Service Communication",
        description="Receive feedback requests and customer service information.",
        purpose="Service",
    ),
    Subscription(
        id=604_218_003,
        name="One to One",
        description="One to One emails.",
        purpose="Sales",
    ),
)


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What an address said about one subscription, or about all."""

    status: str
    at: datetime
    source: str
    legal_basis: str | None = None
    explanation: str | None = None


class Portal:
    """One HubSpot account."""

    zone: Final = ZoneInfo("America/New_York")
    currency: Final = "USD"

    def __init__(self, clock: Clock, options: Options) -> None:
        self.clock = clock
        self._options = options
        self.since = since = clock.now()
        self._tables = {kind.type_id: Table(kind) for kind in KINDS}
        self._schemas = {kind.type_id: standard(kind, since=since) for kind in KINDS}
        for kind in KINDS:
            for definition in self.schema(kind).properties.values():
                if definition.unique:
                    self.table(kind).watch(definition.name)
        #: The object types that the portal made.
        self.custom: list[Kind] = []
        self._pipelines = {kind.type_id: fresh(kind, since) for kind in KINDS}
        self._stage_ids = count(FIRST_STAGE)
        for kind in KINDS:
            self.restage(kind)
        self.links = Links()
        self.owners: dict[str, Owner] = {}
        self.segments: dict[str, Segment] = {}
        self.segments_binned: dict[str, Segment] = {}
        self.segments_made = 0
        #: Address -> subscription id, or None for all e-mail -> what was said.
        self.choices: dict[str, dict[int | None, Choice]] = {}
        self.letters: list[Letter] = []
        #: Who is told of what happens, if anybody.
        self.listener: Callable[[Event], None] | None = None
        #: Transactional sends: ``sendId`` -> status id.
        self.sent: dict[str, str] = {}

    @property
    def id(self) -> int:
        """Which portal it is; another one may say that it has the same records, as a copy does."""
        return self._options.number("portal_id")

    def now(self) -> datetime:
        """The time, cut to the milliseconds that HubSpot keeps."""
        now = self.clock.now()
        return now.replace(microsecond=now.microsecond // 1000 * 1000)

    def tell(self, what: What, record: Record, source: Source, **more: Fact) -> None:
        """Something happened to a record."""
        if self.listener:
            self.listener(
                Event(
                    what=what,
                    kind=record.kind,
                    id=record.id,
                    at=self.now(),
                    source=source,
                    more=more,
                )
            )

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """Every object type."""
        return (*KINDS, *self.custom)

    def kind(self, spelling: str) -> Kind:
        """An object type by what a path calls it; raises Refused."""
        return kind_of(spelling, self.custom)

    def make(self, kind: Kind, about: Iterable[Kind]) -> None:
        """A custom object type, whose records can be associated with these."""
        self.custom.append(kind)
        self._tables[kind.type_id] = Table(kind)
        self._schemas[kind.type_id] = standard(kind, since=self.now())
        self._pipelines[kind.type_id] = {}
        for other in about:
            self.links.connect(kind, other)

    def remake(self, before: Kind, after: Kind) -> None:
        """A custom object type is described in another way."""
        self.custom[self.custom.index(before)] = after
        table = self._tables[after.type_id]
        table.kind = after
        for record in (*table.live.values(), *table.archived.values()):
            record.kind = after
        for segment in (*self.segments.values(), *self.segments_binned.values()):
            segment.kind = after if segment.kind == before else segment.kind
        self.links.remake(before, after)

    def unmake(self, kind: Kind) -> None:
        """A custom object type goes, for good."""
        self.custom.remove(kind)
        for kept in (self._tables, self._schemas, self._pipelines):
            del kept[kind.type_id]

    def table(self, kind: Kind) -> Table:
        """The records of an object type."""
        return self._tables[kind.type_id]

    def schema(self, kind: Kind) -> Schema:
        """The properties of an object type."""
        return self._schemas[kind.type_id]

    def define(self, kind: Kind, definition: Property) -> None:
        """Put a property in, or in the place of the one with its name."""
        schema = self.schema(kind)
        schema.archived.pop(definition.name, None)
        schema.properties[definition.name] = definition
        self.table(kind).version += 1
        if definition.unique:
            self.table(kind).watch(definition.name)

    def pipelines(self, kind: Kind) -> dict[str, Pipeline]:
        """The pipelines of an object type by their ids; most have none."""
        return self._pipelines[kind.type_id]

    def stages(self, kind: Kind) -> Mapping[str, Stage]:
        """The stages of all its pipelines, by their ids."""
        found = self.pipelines(kind).values()
        return {stage.id: stage for pipeline in found for stage in pipeline.stages}

    def next_stage_id(self) -> str:
        """An id for a pipeline or a stage."""
        return str(next(self._stage_ids))

    def restage(self, kind: Kind) -> None:
        """Bring the properties in line with the pipelines and stages."""
        schema = self.schema(kind)
        listed: Mapping[str | None, Iterable[Pipeline | Stage]] = {
            PIPELINE_OF.get(kind.plural): self.pipelines(kind).values(),
            STAGE_OF.get(kind.plural): self.stages(kind).values(),
        }
        for name, ones in listed.items():
            if name and ones:
                choices = options(ones)
                schema.properties[name] = replace(schema.properties[name], options=choices)
        if name := STAGE_OF.get(kind.plural):
            stage = schema.properties[name]
            for made in dates(stage.options, stage.group, self.since):
                schema.properties.setdefault(made.name, made)
            self.table(kind).version += 1

    def record(self, kind: Kind, id: str) -> Record | None:
        """A live record by its id, or the id of one that was merged into it."""
        number = long(id)
        return None if number is None else self.table(kind).find(number)

    def archived(self, kind: Kind, id: str) -> Record | None:
        """A record in the recycling bin by its id."""
        return self.table(kind).archived.get(long(id) or 0)

    def related(self, record: Record, target: Kind) -> list[Record]:
        """The live records of one object that a record is associated with, eldest first."""
        live = self.table(target).live
        return [live[other] for other in sorted(self.links.of(record.kind, record.id, target))]

    def contact(self, address: str) -> Record | None:
        """The contact with this e-mail address."""
        return self.table(CONTACTS).holder("email", address)

    def choice(self, address: str, subscription: int | None) -> Choice | None:
        """What an address said about a subscription, or with None about all e-mail."""
        return self.choices.get(address.lower(), {}).get(subscription)
