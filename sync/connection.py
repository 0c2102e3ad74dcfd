"""One CRM with everything that is needed to work on it; the engine makes one for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import sha256
from zoneinfo import ZoneInfo

from integrations.contract import (
    DEPARTURE,
    NOTE,
    SETTINGS,
    TASK,
    Crm,
    FieldType,
    Identity,
    Keeping,
    OptOut,
    Record,
    Schema,
    Value,
)
from integrations.errors import CrmError
from mappings import check
from mappings.canonical import same
from mappings.check import Org
from mappings.conditions import first
from mappings.countries import zone_named
from mappings.facts import customer_facts
from mappings.loaded import Loaded
from mappings.needs import looked_at, reads, watched
from mappings.playbook import Playbook
from mappings.programme import Programme, Watch
from mappings.rows import KINDS, Kind
from mappings.seats import Directory
from mappings.translate import Placed, columns, from_crm, placed
from sync.clock import Clock
from sync.copied import copied
from sync.family import with_parents
from sync.links import Links
from sync.quota import Budget
from sync.reconcile import Policy
from sync.store import Store
from sync.store.connections import Standing, WrongOrgError
from sync.tally import Tally
from sync.world import Rulebook

#: Fields of tasks and notes that are not texts.
_TYPES: Mapping[str, FieldType] = {
    "at": FieldType.MOMENT,
    "body": FieldType.WORDS,
    "done": FieldType.FLAG,
    "due": FieldType.MOMENT,
    "promise": FieldType.FLAG,
    "required": FieldType.FLAG,
}

_KINDS: Mapping[str, Kind] = {TASK: "task", NOTE: "note"}


def look(crm: Crm, loaded: Loaded, company: str | None = None, *, permissions: bool = False) -> Org:
    """What the CRM has of everything that the mapping relies on; ``company`` goes by that name.

    ``permissions``: also what our user may not do; that costs a few calls more.
    """
    programme = loaded.programme
    identity = crm.identity()
    objects = (*looked_at(programme), programme.people.object, TASK, NOTE)
    # The object that keeps the departures, where it is asked for.
    own = (loaded.rows.departure.names[crm.name],) if programme.record.as_ == "object" else ()
    excluding = {one.list for one in programme.exclude if one.list}
    segments = crm.segments([*(segment.list for segment in programme.alumni), *excluding])
    schemas = crm.schema(tuple(dict.fromkeys((*objects, *own))))
    # What cannot be made, or has a stand-in, is not missed by its permissions.
    able = crm.makes_objects and programme.record.otherwise is None
    used = (*objects, *(one for one in own if able or one in schemas))
    return Org(
        identity=replace(identity, name=company or identity.name),
        schemas=schemas,
        lacking=crm.lacking(used) if permissions else (),
        owners=crm.owners(),
        segments=segments,
        excluded={
            name: frozenset(crm.members(segments[name])) for name in excluding if name in segments
        },
    )


def _registered(store: Store, name: str, crm: Crm, identity: Identity, clock: Clock) -> Standing:
    """Bind the name to the org, and say in its standing if that is another than before."""
    try:
        with store.transaction("connection registers") as tables:
            return tables.connections.register(name, crm.name, identity)
    except WrongOrgError as problem:
        with store.transaction("connection is wrong") as tables:
            tables.connections.set(name, trouble=str(problem), trouble_at=clock())
        raise


@dataclass(kw_only=True)
class Connection:
    """A connection of aurevoir.yaml, signed in. Used by one thread at a time."""

    name: str
    crm: Crm
    store: Store
    loaded: Loaded
    links: Links
    clock: Clock
    org: Org
    #: The company as its customers know it; None: as the CRM calls it.
    company: str | None = None
    #: How often it is asked what was deleted and merged; None: never.
    removals: timedelta | None = timedelta(hours=1)
    budget: Budget | None = None
    #: Everything but the writes.
    shadow: bool = False
    #: When shadow mode ended; what was due before it reaches nobody outside.
    live_since: datetime | None = None
    tally: Tally = field(init=False)

    def __post_init__(self) -> None:
        self.tally = Tally(self.crm.limits)

    @classmethod
    def open(
        cls,
        *,
        name: str,
        crm: Crm,
        store: Store,
        loaded: Loaded,
        links: Links,
        clock: Clock,
        company: str | None = None,
        budget: Budget | None = None,
        shadow: bool = False,
    ) -> Connection:
        """Sign in, read what the CRM has, and bind the name to its org.

        Raises WrongOrgError and what the CRM raises.
        """
        org = look(crm, loaded, company)
        with store.reading() as tables:
            known = tables.connections.get(name)
        held = "" if known else copied(crm, loaded, org.identity.org)
        standing = _registered(store, name, crm, org.identity, clock)
        if held:
            with store.transaction("connection holds") as tables:
                tables.connections.set(name, held=held, held_at=clock())
        if budget:
            budget.resume(standing.calls_on, standing.calls)
        return cls(
            name=name, crm=crm, store=store, loaded=loaded, links=links, clock=clock, org=org,
            company=company, budget=budget, shadow=shadow, live_since=standing.live_since,
        )  # fmt: skip

    @property
    def proven(self) -> bool:
        """Whether this mapping has worked on this CRM before."""
        with self.store.reading() as tables:
            standing = tables.connections.get(self.name)
        return standing is not None and standing.programme == self.programme.version

    def goes_live(self, now: datetime) -> None:
        """From now on it writes."""
        self.live_since = now
        self.__dict__.pop("rules", None)

    def hear_time(self) -> None:
        """Ask the CRM for the time, where its clock decides: that moves with its answers only."""
        if self.clock == self.crm.now:
            with self.budget.free() if self.budget else nullcontext(), suppress(CrmError):
                self.crm.identity()  # a refusal tells the time as well

    def refresh(self) -> None:
        """Read again what changes seldom: fields, owners, lists; raises WrongOrgError."""
        identity = self.crm.identity()
        _registered(self.store, self.name, self.crm, identity, self.clock)
        self.org = look(self.crm, self.loaded, self.company, permissions=True)
        for name in ("rules", "person_fields", "drift", "notes", "blocked"):
            self.__dict__.pop(name, None)

    @property
    def identity(self) -> Identity:
        """Whose CRM this is."""
        return self.org.identity

    @property
    def schemas(self) -> Mapping[str, Schema]:
        """The objects that we work on."""
        return self.org.schemas

    @property
    def segments(self) -> Mapping[str, str]:
        """The ids of lists or campaigns, by name."""
        return self.org.segments

    @property
    def programme(self) -> Programme:
        """The mapping file."""
        return self.loaded.programme

    @cached_property
    def rules(self) -> Rulebook:
        """What the plans of all cases share."""
        return Rulebook(
            programme=self.programme,
            questionnaire=self.loaded.questionnaire,
            letters=self.loaded.letters,
            places={kind: self._places(kind) for kind in KINDS},
            keeper=self.keeping.object,
            departure=columns(self.programme, self.loaded.rows, self.schemas),
            schemas=self.schemas,
            directory=Directory.of(self.org.owners),
            org=self.identity.name,
            zone=zone_named(self.identity.zone) or ZoneInfo("UTC"),
            live_since=self.live_since,
            excluded=self.org.excluded,
        )

    def places(self, kind: Kind) -> Mapping[str, Placed]:
        """Our fields of one kind, without what this CRM lacks."""
        return self.rules.places[kind]

    def _places(self, kind: Kind) -> Mapping[str, Placed]:
        objects = {
            "customer": watched(self.programme)[0],
            "person": self.programme.people.object,
        }
        schema = self.schemas.get(objects.get(kind, ""))
        return placed(self.programme, self.loaded.rows, kind, schema)

    def watch_of(self, object: str) -> Watch:
        """The rules that a customer's object is watched by."""
        return next(watch for watch in self.programme.watch if watch.object == object)

    def customer_fields(self, watch: Watch) -> tuple[str, ...]:
        """The fields to ask for when looking at customers."""
        schema = self.schemas.get(watch.object)
        facts = reads(self.programme, self.loaded.rows, schema) if schema else ()
        ours = (place.field for place in self.places("customer").values())
        return tuple(dict.fromkeys((watch.stage, *facts, *ours)))

    @cached_property
    def person_fields(self) -> tuple[str, ...]:
        """The fields to ask for when looking at people."""
        schema = self.schemas.get(self.programme.people.object)
        return reads(self.programme, self.loaded.rows, schema) if schema else ()

    @property
    def invited(self) -> str | None:
        """The field that tells people whom we have written to."""
        place = self.places("person").get("survey_status")
        return place.field if place else None

    def resolve(self, record: Record) -> tuple[str, str]:
        """The playbook for a customer: its hash and its text."""
        facts = customer_facts(record, self.programme, self.loaded.rows)
        use = first(self.programme.playbooks, facts.words) or self.programme.playbooks[-1]
        book: Playbook = self.programme.books[use.use]
        body = book.model_dump_json(by_alias=True)
        return sha256(body.encode()).hexdigest()[:16], body

    @cached_property
    def drift(self) -> tuple[str, ...]:
        """What the CRM no longer has as the mapping wants it: a sentence each."""
        return check.told(self.loaded, self.org)

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What works less well than it could: a sentence each."""
        return check.noted(self.loaded, self.org)

    def unfit(self, object: str, name: str, value: Value) -> str:
        """Why a field cannot take a value as the CRM is now, and where to click; or nothing."""
        schema = self.schemas.get(object)
        if schema is None or not (why := check.unfit(schema.fields.get(name), name, value)):
            return ""
        return f"{why} ({SETTINGS[self.crm.name]})"

    @property
    def keeping(self) -> Keeping:
        """The object that keeps a record of each departure, where one does."""
        return self.loaded.rows.departure.keeping(self.programme.crm)

    @property
    def keeps(self) -> bool:
        """Whether the CRM has that object, and the mapping asks for it."""
        return self.keeping.object in self.schemas

    @cached_property
    def blocked(self) -> Mapping[str, str]:
        """Why no task, note or departure can be kept as the CRM is now: kind -> words."""
        shape, crm = self.loaded.rows.departure, self.programme.crm
        lacks = f"the CRM has no object {self.keeping.object}; {shape.absent[crm]}"
        none = {} if self.keeps else {DEPARTURE: lacks}
        return none | {
            kind: why
            for kind in (TASK, NOTE)
            for place in placed(self.programme, self.loaded.rows, _KINDS[kind]).values()
            if self.programme.crm not in place.row.same_as
            and (why := self.unfit(kind, place.field, None))
        }

    def ours(self, record: Record, key: str) -> Value:
        """The value of one of our fields on a customer, in our words."""
        place = self.places("customer").get(key)
        return from_crm(place, record.fields.get(place.field)) if place else None

    def address(self, fields: Mapping[str, Value]) -> str | None:
        """A person's e-mail address."""
        value = fields.get(self.programme.people.email)
        return value if isinstance(value, str) and "@" in value else None

    def opt_out(self, fields: Mapping[str, Value]) -> OptOut | None:
        """What the person's record itself says about mail; None: it does not say."""
        name = self.programme.people.opted_out
        if name is None or name not in fields:
            return None
        out = fields[name] is True
        return OptOut(out=out, words="opted out of e-mail in the CRM" if out else "")

    def policy(self, object: str, field: str) -> Policy:
        """What a value that we did not write means for a field."""
        for kind in KINDS:
            for place in self.places(kind).values():
                if place.field == field and object in (kind, *self._objects(kind)):
                    # What stands on a person from before their word is older than it.
                    shared = place.row.set_by == "both" and kind == "customer"
                    return "if_empty" if shared and place.write == "keep" else place.write
        return "keep"

    def same(self, object: str, field: str, left: Value, right: Value) -> bool:
        """Whether two values of a field mean the same."""
        schema = self.schemas.get(object)
        known = schema.fields.get(field) if schema else None
        return same(left, right, known.type if known else _TYPES.get(field, FieldType.TEXT))

    def with_parents(self, watch: Watch, records: Iterable[Record]) -> tuple[Record, ...]:
        """The records, each with the stage of the company above, where a condition asks for it."""
        return with_parents(self.crm, self.programme, watch, records, self.tally)

    def count_related(self, object: str, to: str, ids: Iterable[str], found: int) -> None:
        """Add a look at related records to the least number of calls."""
        self.tally.add(f"related {object}", len(list(ids)), of="related")
        if "related_read" in self.crm.limits:
            self.tally.add(f"read {to}", found, of="related_read")

    def _objects(self, kind: Kind) -> tuple[str, ...]:
        if kind == "customer":
            return watched(self.programme)
        return (self.programme.people.object,) if kind == "person" else ()
