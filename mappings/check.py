"""The programme against the CRM as it is: what does not fit, and how to mend it.

A line of the admin's own that the CRM cannot follow is an error. A default that the CRM lacks is
left out, with a hint: the fact stays unknown, the next seat in line takes the task.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from integrations.contract import (
    LISTS,
    NOTE,
    PERMISSIONS,
    TASK,
    Field,
    Trouble,
    place,
)
from mappings.countries import zone_named
from mappings.document import Path
from mappings.findings import Finding, Severity, did_you_mean
from mappings.fitting import Misfit, misfits, successor
from mappings.loaded import Loaded
from mappings.needs import Need, needs
from mappings.org import Org
from mappings.programme import Watch
from mappings.seating import Seating
from mappings.translate import columns


def check(loaded: Loaded, org: Org, *, public_url: str | None = None) -> tuple[Finding, ...]:
    """Everything that does not fit, errors first."""
    order: tuple[Severity, ...] = ("error", "warning", "hint")
    findings = [*Judge(loaded=loaded, org=org).all(public_url)]
    return tuple(sorted(findings, key=lambda found: order.index(found.severity)))


@dataclass(kw_only=True)
class Judge:
    """Holds one mapping against one org."""

    loaded: Loaded
    org: Org
    #: It has fitted before: what stands still for what is gone is told, too.
    running: bool = False

    def __post_init__(self) -> None:
        self.seating = Seating(loaded=self.loaded, org=self.org)
        self.needs = tuple(needs(self.loaded.programme, self.loaded.rows))
        self.named = {(need.object, need.field) for need in self.needs}

    def all(self, public_url: str | None) -> Iterator[Finding]:
        """Everything that does not fit."""
        yield from self.permissions()
        yield from self.objects(self.needs)
        yield from self.fields(self.needs)
        yield from self.stages()
        yield from self.choices(self.loaded.programme.watch)
        yield from self.triggers()
        yield from self.exclusions()
        yield from self.seating.seats()
        yield from self.segments()
        yield from self.record()
        yield from self.survey(public_url)
        yield from self.letters()
        yield from self.playbooks()
        yield from self.zone()
        yield from self.seating.owners()

    def vital(self, public_url: str | None) -> Iterator[Finding]:
        """What nothing can work without."""
        required = [need for need in self.needs if need.required]
        yield from self.objects(required)
        yield from self.fields(required)
        yield from self.stages()
        yield from self.choices(self.unwatched())
        yield from self.exclusions()
        yield from self.survey(public_url)

    def exclusions(self) -> Iterator[Finding]:
        """Nobody is written to because the list that kept them out is gone."""
        for index, exclude in enumerate(self.loaded.programme.exclude):
            path: Path = ("exclude", index, "list")
            if not exclude.list:
                continue
            if (roster := self.org.rosters.get(exclude.list)) is None:
                words = f'there is no list or campaign "{exclude.list}"; create it'
            elif not roster.object:
                words = f'"{exclude.list}" holds neither customers nor people; name another'
            else:
                continue
            where = LISTS[self.loaded.programme.crm]
            yield replace(self.loaded.judged(path, words, default="error"), where=where)

    def permissions(self) -> Iterator[Finding]:
        """What our user may not do."""
        if self.org.lacking:
            where = PERMISSIONS[self.loaded.programme.crm]
            yield Finding(words=f"our user lacks {', '.join(self.org.lacking)}; grant it ({where})")

    def live(self) -> Iterator[Finding]:
        """What only those need wait for who use it."""
        fewer = [need for need in self.needs if not need.required]
        yield from self.permissions()
        yield from self.objects(fewer)
        yield from self.fields(fewer)
        yield from self.choices(self.loaded.programme.watch)
        yield from self.triggers()
        yield from self.seating.seats()
        yield from self.segments()
        yield from self.record()

    def fields(self, relied_on: Iterable[Need]) -> Iterator[Finding]:
        """Of objects that are there: the fields that are not, and those that do not fit."""
        there = [need for need in relied_on if need.object in self.org.schemas]
        lacking = [need for need in there if need.ours and not self.field(need)]
        yield from self.missing(need for need in lacking if not self.successor(need))
        for need in there:
            if field := self.field(need):
                for misfit in misfits(need, field, own=self.loaded.spot(need.path).own):
                    yield self.misfit(need, misfit)
            elif self.missed(need) or self.successor(need):
                yield self.absent(need)

    def missed(self, need: Need) -> bool:
        """Whether an admin has to do something about a field that is not there."""
        return not need.ours and (not need.seldom or self.loaded.spot(need.path).own)

    def misfit(self, need: Need, misfit: Misfit) -> Finding:
        """A field that does not fit, and where to click."""
        levels: Mapping[str, Severity] = {"severity": misfit.severity, "default": misfit.default}
        waits = self.waits(need) if misfit.stops else ""
        found = self.loaded.judged(need.path, misfit.words + waits, **levels)
        return replace(found, where=self.place(need, misfit.trouble))

    def waits(self, need: Need) -> str:
        """What stands still without a field of a task or note, as the end of a sentence."""
        if not self.running or need.placed is None or need.object not in (TASK, NOTE):
            return ""
        if not need.placed.row.unique:
            return f"; {need.object}s are written without it"
        notes = self.loaded.rows.of("note")["key"].same_as.get(self.loaded.programme.crm)
        kinds = "task and no note" if need.object == TASK and notes == "task" else need.object
        return f"; without it no {kinds} is created"

    def place(self, need: Need, trouble: Trouble) -> str:
        """Where an admin mends a field."""
        return place(self.loaded.programme.crm, need.object, need.field, trouble)

    def successor(self, need: Need) -> Field | None:
        """What a field that is gone seems to be called now."""
        return successor(need, self.org.schemas[need.object], self.org.remembered, self.named)

    def field(self, need: Need) -> Field | None:
        """The CRM's own, if it has it."""
        return self.org.schemas[need.object].fields.get(need.field)

    def is_repeatable(self, need: Need) -> bool:
        """Whether it is a key that the CRM takes twice."""
        schema = self.org.schemas.get(need.object)
        field = schema.fields.get(need.field) if schema else None
        return bool(need.placed and need.placed.row.unique and field and not field.unique)

    def objects(self, relied_on: Iterable[Need]) -> Iterator[Finding]:
        """Objects that are not there, or not for us."""
        first = {need.object: need for need in reversed([*relied_on])}
        for name, need in first.items():
            if name not in self.org.schemas:
                words = f'there is no object "{name}", or our user may not see it; grant access'
                yield self.loaded.judged(need.path, words, default="error")

    def missing(self, ours: Iterable[Need]) -> Iterator[Finding]:
        """What provisioning creates, or makes visible to our user again."""
        names: defaultdict[tuple[str, str], list[Need]] = defaultdict(list)
        for need in ours:
            names[need.object, self.waits(need)].append(need)
        for (name, waits), some in names.items():
            more = f" and {len(some) - 3} more" if len(some) > 3 else ""
            fields = ", ".join(need.field for need in some[:3])
            words = f"{name} lacks {fields}{more}; run `aurevoir provision`{waits}"
            yield Finding(words=words, where=self.place(some[0], Trouble.GONE))

    def absent(self, need: Need) -> Finding:
        """A field of the admin's own that is not there, or one that has another name now."""
        fields = self.org.schemas[need.object].fields
        labels = {field.label.casefold(): name for name, field in fields.items()}
        words = f'{need.object} has no field "{need.field}"'
        spot = self.loaded.spot(need.path)
        if new := self.successor(need):
            here = "here" if spot.own else f"into the mapping, under {spot.key}"
            mend = f'; it seems to be called "{new.name}" now: put that {here}'
        elif name := labels.get(need.field.casefold()):
            mend = f'; that is a label, its name is "{name}"'
        else:
            mend = did_you_mean(need.field, sorted(fields), listing=False)
        if spot.own or need.required or need.ours:
            found = self.loaded.judged(need.path, words + mend + self.waits(need), default="error")
        elif (need.object, need.field) in self.org.remembered:
            found = self.loaded.judged(
                need.path, words + (mend or "; it is left out"), default="warning"
            )
        else:
            mend = "; it is left out. Name another, or leave it so"
            return self.loaded.judged(need.path, words + mend)
        return replace(found, where=self.place(need, Trouble.GONE))

    def stages(self) -> Iterator[Finding]:
        """What is odd about the stages that are watched."""
        for index, watch in enumerate(self.loaded.programme.watch):
            path: Path = ("watch", index)
            if not watch.returns:
                words = "no value means that a customer stays; without one nobody is ever saved"
                yield self.loaded.judged((*path, "returns"), words, severity="hint")
            field = self.known(watch.object, watch.stage)
            if field and field.calculated:
                words = f'"{watch.stage}" is calculated, and moves without a trace; watch another'
                yield self.loaded.judged((*path, "stage"), words, default="error")

    def choices(self, watches: Iterable[Watch]) -> Iterator[Finding]:
        """Values of the watched stages that nobody can choose, of some of the watches."""
        asked = [*watches]
        for index, watch in enumerate(self.loaded.programme.watch):
            for part, values in (("enters", watch.enters.all), ("returns", watch.returns)):
                if watch in asked:
                    path: Path = ("watch", index, part)
                    yield from self.options(path, watch.object, watch.stage, values)

    def unwatched(self) -> Iterator[Watch]:
        """Watches that no customer can ever enter: all of their stages have gone."""
        for watch in self.loaded.programme.watch:
            field = self.known(watch.object, watch.stage)
            if field and all(_no_option(value, field) for value in watch.enters.all):
                yield watch

    def triggers(self) -> Iterator[Finding]:
        """Values that the triggers wait for, and that nobody can choose."""
        for index, trigger in enumerate(self.loaded.programme.triggers):
            for name, part, values in (
                (trigger.stage, "enters", trigger.enters.all),
                *((name, "only", values) for name, values in trigger.only.items()),
            ):
                yield from self.options(("triggers", index, part), trigger.object, name, values)

    def options(
        self, path: Path, object: str, name: str, values: Iterable[str]
    ) -> Iterator[Finding]:
        """Those of these values that the field does not have."""
        if field := self.known(object, name):
            where = place(self.loaded.programme.crm, object, name, Trouble.OPTION)
            for words in filter(None, (_no_option(value, field) for value in values)):
                yield replace(self.loaded.judged(path, words, default="error"), where=where)

    def known(self, object: str, name: str) -> Field | None:
        """A field of the CRM."""
        schema = self.org.schemas.get(object)
        return schema.fields.get(name) if schema else None

    def segments(self) -> Iterator[Finding]:
        """Alumni lists that are not there."""
        wanted = [segment.list for segment in self.loaded.programme.alumni]
        lacking = [f'"{name}"' for name in wanted if name not in self.org.segments]
        if lacking:
            none = "there is no segment" if len(lacking) == 1 else "there are no segments"
            words = f"{none} {', '.join(lacking)}; run `aurevoir provision`"
            yield Finding(words=words, where=LISTS[self.loaded.programme.crm])

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
                yield self.loaded.judged(
                    path, f"{words}; notes keep the departures", severity="hint"
                )
            else:
                mend = f"{shape.absent[crm]}; or say `record: {{as: object, else: note}}`"
                yield self.loaded.judged(path, f"{words}; {mend}")
            return
        lacking = [name for name in shape.needed(crm) if name not in schema.fields]
        if lacking:
            words = f"{object} lacks {', '.join(lacking)}; run `aurevoir provision`"
            yield self.loaded.judged(path, words)
        for column in (columns(programme, self.loaded.rows, self.org.schemas) or {}).values():
            need = Need(path=path, object=object, field=column.field, placed=column)
            for misfit in misfits(need, schema.fields[column.field], own=True):
                yield self.misfit(need, misfit)

    def survey(self, public_url: str | None) -> Iterator[Finding]:
        """What mails and links lack."""
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
                    yield self.loaded.judged(path, words, severity="hint")

    def playbooks(self) -> Iterator[Finding]:
        """Customers that no playbook is for."""
        uses = self.loaded.programme.playbooks
        if uses[-1].when:
            words = "customers that fit none of these get no tasks; end with one without `when`"
            path: Path = ("playbooks", len(uses) - 1)
            yield self.loaded.judged(path, words, severity="warning")

    def zone(self) -> Iterator[Finding]:
        """A zone that nobody knows."""
        zone = self.org.identity.zone
        if not self.loaded.programme.time.zone and zone_named(zone) is None:
            words = f'nobody knows the zone "{zone}" of the org; set time.zone, else UTC is used'
            yield Finding(words=words, severity="warning")


def _no_option(value: str, field: Field) -> str:
    """What to say where a value is none of a field's options."""
    values = {option.value: option.label for option in field.options}
    if not values or value in values:
        return ""
    labels = {label.casefold(): name for name, label in values.items()}
    if name := labels.get(value.casefold()):
        return f'"{value}" is a label of "{field.name}"; its value is "{name}"'
    return f'"{field.name}" has no option "{value}"{did_you_mean(value, [*values])}'
