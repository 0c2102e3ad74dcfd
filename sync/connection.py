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
    RELATION,
    Crm,
    FieldType,
    Identity,
    Keeping,
    OptOut,
    Record,
    Ref,
    Schema,
    Value,
)
from integrations.errors import CrmError, Park
from mappings.canonical import same
from mappings.conditions import first
from mappings.countries import zone_named
from mappings.facts import customer_facts
from mappings.loaded import Loaded
from mappings.needs import reads, watched
from mappings.org import Org
from mappings.playbook import Playbook
from mappings.programme import Programme, Watch
from mappings.rows import KINDS, Kind
from mappings.seats import Directory
from mappings.translate import Placed, columns, from_crm, placed
from sync.clock import Clock, system
from sync.copied import copied
from sync.family import with_parents
from sync.fitness import Fitness
from sync.links import Links
from sync.org import look
from sync.quota import PARKED, Budget
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


def _registered(store: Store, name: str, crm: Crm, identity: Identity, clock: Clock) -> Standing:
    """Bind the name to the org, and say in its standing if that is another than before."""
    try:
        with store.transaction("connection registers") as tables:
            return tables.connections.register(name, crm.name, identity)
    except WrongOrgError as problem:
        with store.transaction("connection is wrong") as tables:
            tables.connections.expect(name, crm.name)
            tables.connections.set(name, trouble=str(problem), trouble_at=clock())
        raise


def _stands_still(store: Store, name: str, crm: str, problem: CrmError, clock: Clock) -> None:
    """Say in its standing why a connection could not be opened, and until when."""
    try:
        now = clock()
    except CrmError:
        now = system()  # whose clock decides does not tell the time
    parked = {"parked_until": problem.until or now + PARKED} if isinstance(problem, Park) else {}
    with store.transaction("connection stands still") as tables:
        tables.connections.expect(name, crm)
        tables.connections.set(name, trouble=problem.words, trouble_at=now, **parked)


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
    #: How often it is asked what has changed.
    poll: timedelta = timedelta(minutes=1)
    #: How often it is asked what was deleted and merged; None: never.
    removals: timedelta | None = timedelta(hours=1)
    budget: Budget | None = None
    #: Calls that it took to read what there is.
    afresh: int = 0
    #: Everything but the writes.
    shadow: bool = False
    #: When shadow mode ended; what was due before it reaches nobody outside.
    live_since: datetime | None = None
    #: The CRM has refused something because of how it is set up: it is to be read again.
    stale: bool = False
    #: Why a mapping that was changed does not count; the one from before stays in force.
    refusal: str | None = None
    #: What it refused before we were there has been tried again.
    healed: bool = False
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
        with store.reading() as tables:
            known = tables.connections.get(name)
        try:
            org = look(crm, loaded, company, remembered=known.remembered if known else {})
        except CrmError as problem:
            _stands_still(store, name, crm.name, problem, clock)
            raise
        afresh = budget.calls if budget else 0
        held = "" if known else copied(crm, loaded, org.identity.org)
        standing = _registered(store, name, crm, org.identity, clock)
        if held:
            with store.transaction("connection holds") as tables:
                tables.connections.set(name, held=held, held_at=clock())
        if budget:
            budget.resume(standing.calls_on, standing.calls)
        return cls(
            name=name, crm=crm, store=store, loaded=loaded, links=links, clock=clock, org=org,
            company=company, budget=budget, afresh=afresh, shadow=shadow,
            live_since=standing.live_since,
        )  # fmt: skip

    @property
    def proven(self) -> bool:
        """Whether this mapping has worked on this CRM before."""
        with self.store.reading() as tables:
            standing = tables.connections.get(self.name)
        return standing is not None and standing.programme == self.programme.version

    def now_on(self, lists: Mapping[str, frozenset[Ref]]) -> None:
        """These are on the lists of exclusions, whatever was read of them before."""
        known = self.org.excluded
        listed = {name: known.get(name, frozenset()) | refs for name, refs in lists.items()}
        if any(listed[name] != known.get(name) for name in listed):
            self.org = replace(self.org, excluded={**known, **listed})
            self.__dict__.pop("rules", None)

    def stands_still(self, why: str) -> None:
        """Say so where ``aurevoir status`` looks."""
        with self.store.transaction("connection stands still") as tables:
            tables.connections.set(self.name, trouble=why, trouble_at=self.clock())

    def goes_live(self, now: datetime) -> None:
        """From now on it writes."""
        self.live_since = now
        self.__dict__.pop("rules", None)

    def hear_time(self) -> None:
        """Ask the CRM for the time, where its clock decides: that moves with its answers only."""
        if self.clock == self.crm.now:
            with self.budget.free() if self.budget else nullcontext(), suppress(CrmError):
                self.crm.identity()  # a refusal tells the time as well

    def hear_owners(self) -> bool:
        """Ask again who works there, as somebody may have left; whether that has changed."""
        try:
            owners = self.crm.owners()
        except CrmError:
            return False  # the next refresh asks again
        changed = owners != self.org.owners
        if changed:
            self.org = replace(self.org, owners=owners)
            for name in ("rules", "fitness"):
                self.__dict__.pop(name, None)
        return changed

    def refresh(self) -> None:
        """Read again what changes seldom: fields, owners, lists; raises WrongOrgError."""
        identity = self.crm.identity()
        _registered(self.store, self.name, self.crm, identity, self.clock)
        self.org = look(
            self.crm,
            self.loaded,
            self.company,
            permissions=True,
            remembered=self.fitness.remembered,
        )
        self.stale = False
        for name in ("rules", "person_fields", "fitness"):
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
    def related_fields(self) -> tuple[str, ...]:
        """The same, where people are read as those of a customer."""
        relation = (RELATION,) if self.programme.people.relation else ()
        return (*self.person_fields, *relation)

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
    def fitness(self) -> Fitness:
        """What has changed in the CRM since the mapping fitted, and who waits for it."""
        return Fitness(loaded=self.loaded, org=self.org, keeping=self.keeping)

    @property
    def keeping(self) -> Keeping:
        """The object that keeps a record of each departure, where one does."""
        return self.loaded.rows.departure.keeping(self.programme.crm)

    @property
    def keeps(self) -> bool:
        """Whether the CRM has that object, and the mapping asks for it."""
        return self.keeping.object in self.schemas

    def has(self, object: str, *fields: str) -> bool:
        """Whether the CRM has these fields."""
        schema = self.schemas.get(object)
        return schema is not None and schema.fields.keys() >= set(fields)

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
        many = len(list(ids))
        self.tally.add(f"related {object}", many, of="related")
        if "related_read" in self.crm.limits:
            self.tally.add(f"read {to}", found, of="related_read")
        if "roles" in self.crm.limits and self.programme.people.relation:
            self.tally.add(f"roles {object}", many, of="roles")

    def _objects(self, kind: Kind) -> tuple[str, ...]:
        if kind == "customer":
            return watched(self.programme)
        return (self.programme.people.object,) if kind == "person" else ()
