"""The programme against the CRM as it is: what does not fit, and how to mend it.

A line of the admin's own that the CRM cannot follow is an error. A default that the CRM lacks is
left out, with a hint: the fact stays unknown, the next seat in line takes the task.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from integrations.contract import (
    PERMISSIONS,
    SETTINGS,
    Field,
    FieldType,
    Identity,
    Owner,
    Schema,
    Value,
)
from mappings.countries import zone_named
from mappings.document import Path
from mappings.findings import Finding, Severity, did_you_mean
from mappings.loaded import Loaded
from mappings.needs import Need, needs
from mappings.programme import Role, Seat
from mappings.seats import Directory, chain, spelled
from mappings.translate import TEXTUAL, Placed, columns


@dataclass(frozen=True, kw_only=True, slots=True)
class Org:
    """What a check looks at, read from the CRM beforehand."""

    identity: Identity
    #: Those of :func:`mappings.needs.watched`, of the people, and of our tasks and notes.
    schemas: Mapping[str, Schema]
    owners: Collection[Owner]
    #: The lists or campaigns that are there: name -> id.
    segments: Mapping[str, str]
    #: Who is on the lists that ``exclude`` names: name -> ids of people.
    excluded: Mapping[str, frozenset[str]] = field(default_factory=dict)
    #: What our user may not do, by the CRM's names for it.
    lacking: tuple[str, ...] = ()


def check(loaded: Loaded, org: Org, *, public_url: str | None = None) -> tuple[Finding, ...]:
    """Everything that does not fit, errors first."""
    order: tuple[Severity, ...] = ("error", "warning", "hint")
    findings = [*_Check(loaded=loaded, org=org).all(public_url)]
    return tuple(sorted(findings, key=lambda found: order.index(found.severity)))


def vital(loaded: Loaded, org: Org, *, public_url: str | None = None) -> tuple[Finding, ...]:
    """What is not there and nothing can work without."""
    found = _Check(loaded=loaded, org=org).vital(public_url)
    return tuple(finding for finding in found if finding.severity == "error")


def drift(loaded: Loaded, org: Org) -> tuple[Finding, ...]:
    """What no longer fits although nothing stops for it: what needs it waits, others go on."""
    found = _Check(loaded=loaded, org=org).live()
    return tuple(finding for finding in found if finding.severity == "error")


def told(loaded: Loaded, org: Org) -> tuple[str, ...]:
    """The drift, a sentence each: where, what, and where to click."""
    judge, where = _Check(loaded=loaded, org=org), SETTINGS[loaded.programme.crm]
    fields = [*judge.fields(need for need in judge.needs if not need.required)]
    return tuple(
        f"{found} ({where})" if found in fields else str(found) for found in drift(loaded, org)
    )


def noted(loaded: Loaded, org: Org) -> tuple[str, ...]:
    """What everything works without, if less safely: a sentence each."""
    judge = _Check(loaded=loaded, org=org)
    keys = {(need.object, need.field) for need in judge.needs if judge.is_repeatable(need)}
    return tuple(
        f"{object} keys are not unique in {name}: they are looked up before anything is repeated"
        for object, name in sorted(keys)
    )


@dataclass(kw_only=True)
class _Check:
    loaded: Loaded
    org: Org

    def __post_init__(self) -> None:
        self.directory = Directory.of(self.org.owners)
        self.needs = tuple(needs(self.loaded.programme, self.loaded.rows))

    def all(self, public_url: str | None) -> Iterator[Finding]:
        yield from self.permissions()
        yield from self.objects(self.needs)
        yield from self.fields(self.needs)
        yield from self.stages()
        yield from self.exclusions()
        yield from self.seats()
        yield from self.segments()
        yield from self.record()
        yield from self.survey(public_url)
        yield from self.letters()
        yield from self.playbooks()
        yield from self.zone()

    def vital(self, public_url: str | None) -> Iterator[Finding]:
        yield from self.objects(self.needs)
        yield from self.fields(need for need in self.needs if need.required)
        yield from self.stages()
        yield from self.exclusions()
        yield from self.survey(public_url)

    def exclusions(self) -> Iterator[Finding]:
        """Nobody is written to because the list that kept them out is gone."""
        for index, exclude in enumerate(self.loaded.programme.exclude):
            if exclude.list and exclude.list not in self.org.excluded:
                words = f'there is no manual list or campaign "{exclude.list}"; create it'
                yield self.finding(("exclude", index, "list"), words, default="error")

    def permissions(self) -> Iterator[Finding]:
        if self.org.lacking:
            where = PERMISSIONS[self.loaded.programme.crm]
            yield Finding(words=f"our user lacks {', '.join(self.org.lacking)}; grant it ({where})")

    def live(self) -> Iterator[Finding]:
        yield from self.permissions()
        yield from self.fields(need for need in self.needs if not need.required)
        yield from self.seats()
        yield from self.segments()
        yield from self.record()

    def fields(self, relied_on: Iterable[Need]) -> Iterator[Finding]:
        there = [need for need in relied_on if need.object in self.org.schemas]
        yield from self.missing(need for need in there if need.ours and not self.field(need))
        for need in there:
            if field := self.field(need):
                yield from self.fits(need, field)
            elif not need.ours:
                yield self.absent(need)

    def field(self, need: Need) -> Field | None:
        return self.org.schemas[need.object].fields.get(need.field)

    def is_repeatable(self, need: Need) -> bool:
        """Whether it is a key that the CRM takes twice."""
        schema = self.org.schemas.get(need.object)
        field = schema.fields.get(need.field) if schema else None
        return bool(need.placed and need.placed.row.unique and field and not field.unique)

    def finding(
        self, path: Path, words: str, *, severity: Severity = "error", default: Severity = "hint"
    ) -> Finding:
        """``severity`` for the admin's own line, ``default`` for one of ours."""
        own = self.loaded.spot(path).own
        return self.loaded.finding(path, words, severity=severity if own else default)

    def objects(self, relied_on: Iterable[Need]) -> Iterator[Finding]:
        first = {need.object: need for need in reversed([*relied_on])}
        for name, need in first.items():
            if name not in self.org.schemas:
                words = f'there is no object "{name}", or our user may not see it; grant access'
                yield self.finding(need.path, words, default="error")

    def missing(self, ours: Iterable[Need]) -> Iterator[Finding]:
        names: defaultdict[str, list[str]] = defaultdict(list)
        for need in ours:
            names[need.object].append(need.field)
        for name, fields in names.items():
            more = f" and {len(fields) - 3} more" if len(fields) > 3 else ""
            words = f"{name} lacks {', '.join(fields[:3])}{more}; run `aurevoir provision`"
            yield Finding(words=words)

    def absent(self, need: Need) -> Finding:
        fields = self.org.schemas[need.object].fields
        labels = {field.label.casefold(): name for name, field in fields.items()}
        words = f'{need.object} has no field "{need.field}"'
        if name := labels.get(need.field.casefold()):
            mend = f'; that is a label, its name is "{name}"'
        else:
            mend = did_you_mean(need.field, sorted(fields), listing=False)
        if self.loaded.spot(need.path).own or need.required:
            return self.finding(need.path, words + mend, default="error")
        return self.finding(need.path, f"{words}; it is left out. Name another, or leave it so")

    def fits(self, need: Need, field: Field) -> Iterator[Finding]:
        """A field that is there: its type, and what we can do with it."""
        if need.types and field.type not in need.types:
            wanted = " or ".join(sorted(need.types - {FieldType.OTHER}))
            words = f'"{need.field}" is of the type {field.type}; this needs {wanted}'
            if need.required or need.placed or self.loaded.spot(need.path).own:
                yield self.finding(need.path, f"{words}; name another field", default="error")
            else:
                yield self.finding(need.path, f"{words}; it is left out")
        elif need.placed:
            yield from self.writes(need.path, need.placed, field)

    def writes(self, path: Path, place: Placed, field: Field) -> Iterator[Finding]:
        row = place.row
        if row.written and not field.writable:
            words = f'"{field.name}" may not be written by our user; grant access, or set it to off'
            yield self.finding(path, words, default="error")
        if field.type in TEXTUAL and field.length and row.length and field.length < row.length:
            words = f'"{field.name}" holds {field.length} characters, this needs {row.length}'
            mend = "choose a longer field" if row.unique else "longer texts are cut"
            severity: Severity = "error" if row.unique else "hint"
            yield self.finding(path, f"{words}; {mend}", severity=severity, default=severity)
        if row.unique and not field.unique:
            words = f'"{field.name}" is not unique; make it so, or a crash may leave a task twice'
            yield self.finding(path, words, severity="warning", default="warning")
        options = {option.value for option in field.options if option.active}
        choices = [place.values.get(choice, choice) for choice in row.values]
        lacking = [choice for choice in choices if choice not in options]
        if options and lacking:
            words = (
                f'"{field.name}" lacks the choices {", ".join(lacking)}; add them, or map values'
            )
            severity = "error" if row.written and field.restricted else "warning"
            yield self.finding(path, words, severity=severity, default=severity)

    def stages(self) -> Iterator[Finding]:
        for index, watch in enumerate(self.loaded.programme.watch):
            path: Path = ("watch", index)
            if not watch.returns:
                words = "no value means that a customer stays; without one nobody is ever saved"
                yield self.finding((*path, "returns"), words, severity="hint")
            schema = self.org.schemas.get(watch.object)
            field = schema.fields.get(watch.stage) if schema else None
            if not field:
                continue
            if field.calculated:
                words = f'"{watch.stage}" is calculated, and moves without a trace; watch another'
                yield self.finding((*path, "stage"), words, default="error")
            for part, value in [
                *(("enters", value) for value in watch.enters.all),
                *(("returns", value) for value in watch.returns),
            ]:
                if words := _no_option(value, field):
                    yield self.finding((*path, part), words, default="error")
        for index, trigger in enumerate(self.loaded.programme.triggers):
            schema = self.org.schemas.get(trigger.object)
            for name, part, values in (
                (trigger.stage, "enters", trigger.enters.all),
                *((name, "only", values) for name, values in trigger.only.items()),
            ):
                if schema and (field := schema.fields.get(name)):
                    for words in filter(None, (_no_option(value, field) for value in values)):
                        yield self.finding(("triggers", index, part), words, default="error")

    def seats(self) -> Iterator[Finding]:
        programme, directory = self.loaded.programme, self.directory
        unseated: list[str] = []
        for name, role in programme.roles.items():
            for path, seat in _seats(("roles", name), role):
                owner = directory.find(seat, {})
                if owner is None and not self.loaded.spot(path).own:
                    unseated.append(spelled(seat))
                elif owner is None:
                    kind = "queue" if seat.queue else "user"
                    words = f'there is no {kind} "{seat.queue or seat.user}"'
                    known = [owner.name for owner in directory.queues.values()]
                    known = sorted(known if seat.queue else directory.users)
                    mend = did_you_mean(seat.queue or seat.user or "", known, listing=False)
                    yield self.finding(path, words + mend)
                elif not owner.active:
                    words = f"{spelled(seat)} is inactive; the next in line takes the tasks"
                    yield self.finding(path, words, severity="warning", default="warning")
        if unseated:
            words = f"there is no {', '.join(unseated)}; the next in line takes the tasks"
            yield self.finding(("roles",), words, severity="hint")
        used = {step.role for book in programme.books.values() for step in book.steps.values()}
        for name in programme.roles:
            if name in used and not any(self.taken(seat) for _, seat in chain(name, programme)):
                words = "nobody takes these tasks; name a user, a queue, a field or another role"
                yield self.finding(("roles", name), words, default="warning")

    def taken(self, seat: Seat) -> bool:
        """Whether a seat is, or may be, somebody's."""
        if seat.owner_field:
            watched = (watch.object for watch in self.loaded.programme.watch)
            schemas = (self.org.schemas.get(name) for name in watched)
            return any(schema and seat.owner_field in schema.fields for schema in schemas)
        owner = self.directory.find(seat, {})
        return owner is not None and owner.active

    def segments(self) -> Iterator[Finding]:
        wanted = [segment.list for segment in self.loaded.programme.alumni]
        lacking = [f'"{name}"' for name in wanted if name not in self.org.segments]
        if lacking:
            words = f"there is no segment {', '.join(lacking)}; run `aurevoir provision`"
            yield Finding(words=words)

    def record(self) -> Iterator[Finding]:
        """The object that keeps the departures, and what we can do with its fields."""
        programme, shape = self.loaded.programme, self.loaded.rows.departure
        if programme.record.as_ == "note":
            return
        crm, path = programme.crm, ("record",)
        object = shape.names[crm]
        if (schema := self.org.schemas.get(object)) is None:
            words = f'there is no object "{object}", or our user may not see it'
            if programme.record.otherwise:
                yield self.finding(path, f"{words}; notes keep the departures", severity="hint")
            else:
                mend = f"{shape.absent[crm]}; or say `record: {{as: object, else: note}}`"
                yield self.finding(path, f"{words}; {mend}")
            return
        lacking = [name for name in shape.needed(crm) if name not in schema.fields]
        if lacking:
            words = f"{object} lacks {', '.join(lacking)}; run `aurevoir provision`"
            yield self.finding(path, words)
        for place in (columns(programme, self.loaded.rows, self.org.schemas) or {}).values():
            yield from self.writes(path, place, schema.fields[place.field])

    def survey(self, public_url: str | None) -> Iterator[Finding]:
        programme = self.loaded.programme
        asks = programme.survey.ask.at_most > 0 or programme.notice_link
        production = self.org.identity.kind == "production"
        if production and not (public_url or "").startswith("https://"):
            words = "links in mails need public_url in aurevoir.yaml, beginning with https://"
            if asks:
                yield Finding(words=words)
            elif programme.self_service:
                yield Finding(words=f"{words}; or say self_service: off", severity="warning")

    def letters(self) -> Iterator[Finding]:
        """Letters that a person has to send after all, and promises that nobody hears of."""
        programme, told = self.loaded.programme, self.loaded.letters
        mailing = [
            name for name, book in programme.books.items() if book.letters.through == "email"
        ]
        if mailing and programme.survey.send.through != "email":
            words = (
                f"letters of {', '.join(mailing)} become tasks: this mapping does not mail; "
                "for mail, set survey.send.through to email"
            )
            yield Finding(words=words, severity="hint")
        for name, book in programme.books.items():
            if not any(step.letter == "acknowledgement" for step in book.steps.values()):
                continue
            for key, step in book.steps.items():
                path: Path = ("books", name, "steps", key)
                known = told.texts[told.language].promises
                if step.promise and key not in known and self.loaded.spot(path).own:
                    words = "no letter names this promise; give it words in a letters file"
                    yield self.finding(path, words, severity="hint")

    def playbooks(self) -> Iterator[Finding]:
        uses = self.loaded.programme.playbooks
        if uses[-1].when:
            words = "customers that fit none of these get no tasks; end with one without `when`"
            path: Path = ("playbooks", len(uses) - 1)
            yield self.finding(path, words, severity="warning")

    def zone(self) -> Iterator[Finding]:
        zone = self.org.identity.zone
        if not self.loaded.programme.time.zone and zone_named(zone) is None:
            words = f'nobody knows the zone "{zone}" of the org; set time.zone, else UTC is used'
            yield Finding(words=words, severity="warning")


def _seats(path: Path, role: Role) -> Iterator[tuple[Path, Seat]]:
    """The users and queues that a role names, and where."""
    named = len(role.seats) - len(role.otherwise)
    for index, seat in enumerate(role.seats):
        within: Path = path if index < named else (*path, "else", index - named)
        if seat.user or seat.queue:
            yield (*within, "user" if seat.user else "queue"), seat


def unfit(field: Field | None, name: str, value: Value) -> str:
    """Why the CRM cannot take a value in this field as it is now, or nothing."""
    if field is None:
        return f'the CRM has no field "{name}" that our user can see'
    if not field.writable:
        return f'"{name}" may not be written by our user; grant access'
    options = {option.value for option in field.options if option.active}
    chosen = value if isinstance(value, tuple) else () if value is None else (value,)
    lacking = [str(one) for one in chosen if str(one) not in options]
    if field.restricted and options and lacking:
        return f'"{name}" lacks the choice {", ".join(lacking)}; add it'
    return ""


def _no_option(value: str, field: Field) -> str:
    """What to say where a value is none of a field's options."""
    values = {option.value: option.label for option in field.options}
    if not values or value in values:
        return ""
    labels = {label.casefold(): name for name, label in values.items()}
    if name := labels.get(value.casefold()):
        return f'"{value}" is a label of "{field.name}"; its value is "{name}"'
    return f'"{field.name}" has no option "{value}"{did_you_mean(value, [*values])}'
