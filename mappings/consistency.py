"""Whether the parts of a mapping agree with each other; needs no CRM."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from mappings.consent import UNKNOWN
from mappings.countries import alpha2
from mappings.document import Path
from mappings.findings import Finding, did_you_mean
from mappings.loaded import Loaded
from mappings.needs import conditions as every_condition
from mappings.playbook import PHASES, Playbook
from mappings.programme import DEPARTMENTS
from mappings.reasons import REASONS
from mappings.rows import KINDS
from mappings.spans import ANCHORS
from mappings.texts import CUSTOMER

#: A write key is <case>:<step>[:<target>][:<n>] in a field of 80 characters.
LONGEST_STEP = 80 - len("c" * 16 + ":") - len(":" + "t" * 20) - len(":" + "n" * 3)
#: Words travel as the step route_<role>, and once a week as digest_<role>.
LONGEST_ROLE = LONGEST_STEP - len("digest_")
#: A touch's step is its name behind ``touch_``; one that follows a feature has it behind that.
LONGEST_TOUCH = LONGEST_STEP - len("touch_")
LONGEST_FEATURE = 16
#: The key of a letter, and of the note that tells of it: letter_<step>_note.
LONGEST_LETTER = LONGEST_STEP - len("letter_") - len("_note")

#: The step of the record of a departure, where it has an object of its own.
RECORD = "departure_record"

#: What begins the names of tasks that follow from the steps.
_OURS = {
    "warn_": "warnings",
    "gate_": "tasks about gates",
    "evidence_": "tasks about evidence",
    "rechurn": "tasks about a re-churn",
}
_WORD = re.compile(r"[a-z][a-z0-9_]*")


def consistency(loaded: Loaded) -> Iterator[Finding]:
    """Everything that contradicts itself."""
    yield from _watch(loaded)
    yield from _roles(loaded)
    for name, book in loaded.programme.books.items():
        yield from _steps(loaded, ("books", name, "steps"), book)
        yield from _dates(loaded, ("books", name, "steps"), book)
    yield from _touches(loaded)
    yield from _choices(loaded)
    yield from _places(loaded)
    yield from _record(loaded)
    yield from _segments(loaded)
    yield from _evidence(loaded)
    yield from _feedback(loaded)
    yield from _consent(loaded)
    yield from _time(loaded)


def _watch(loaded: Loaded) -> Iterator[Finding]:
    places = loaded.programme.fields.customer
    ours = {place.field: key for key, place in places.items()}
    seen: set[str] = set()
    for index, watch in enumerate(loaded.programme.watch):
        path: Path = ("watch", index)
        if not watch.enters.all:
            yield loaded.finding(
                (*path, "enters"), "no value opens a case; write one under notice or leaving"
            )
        for value in (v for v in watch.returns if v in watch.enters.all):
            words = f'"{value}" cannot mean both leaving and coming back; keep it in one of them'
            yield loaded.finding((*path, "returns"), words)
        if watch.object in seen:
            words = f'"{watch.object}" is watched twice; put all its values into one entry'
            yield loaded.finding((*path, "object"), words)
        if watch.stage in ours:
            words = (
                f'the watched field is never written, but "{ours[watch.stage]}" stands in it too'
            )
            yield loaded.finding((*path, "stage"), f"{words}; choose another field for one of them")
        seen.add(watch.object)
    for index, trigger in enumerate(loaded.programme.triggers):
        if not trigger.enters.all:
            words = "no value means anything; write one under notice or leaving"
            yield loaded.finding(("triggers", index, "enters"), words)
        if trigger.object in seen:
            words = f'"{trigger.object}" is looked at twice; keep one of the entries'
            yield loaded.finding(("triggers", index, "object"), words)
        seen.add(trigger.object)


def _roles(loaded: Loaded) -> Iterator[Finding]:
    roles = loaded.programme.roles
    for name, role in roles.items():
        if name not in DEPARTMENTS and role.department is None:
            words = "this is no department; for a role of your own, say `department: NAME`"
            yield loaded.finding(("roles", name), words + did_you_mean(name, DEPARTMENTS))
    graph = {
        name: [
            *(seat.role for seat in role.otherwise if seat.role),
            *([role.no_seat.via] if role.no_seat else []),
        ]
        for name, role in roles.items()
    }
    for circle in _circles(graph):
        words = f"these roles hand on to each other in a circle: {' > '.join(circle)}"
        yield loaded.finding(("roles", circle[0]), f"{words}; end it with a user or a queue")


def _steps(loaded: Loaded, path: Path, book: Playbook) -> Iterator[Finding]:
    for name, step in book.steps.items():
        if not _WORD.fullmatch(name):
            words = "a step's name is small letters, digits and _, and begins with a letter"
            yield loaded.finding((*path, name), words)
        if len(name) > LONGEST_STEP:
            words = f"this name has {len(name)} characters; {LONGEST_STEP} fit into the task's key"
            yield loaded.finding((*path, name), words)
        if step.letter and len(name) > LONGEST_LETTER:
            words = f"this name has {len(name)} characters; {LONGEST_LETTER} fit a letter's key"
            yield loaded.finding((*path, name), words)
        if name.startswith("letter_"):
            words = "letter_ begins the names of letters; choose another name"
            yield loaded.finding((*path, name), words)
        for key in step.guide:
            if not loaded.rows.customer[key].set_by_people:
                words = f'people cannot set "{key}"; ask for something that they can'
                yield loaded.finding((*path, name, "guide", key), words)
        if step.warn and not step.promise:
            words = "a warning comes before a promise; add `promise: true`, or take it out"
            yield loaded.finding((*path, name, "warn"), words)
        for prefix, what in _OURS.items():
            if name.startswith(prefix):
                words = f"{prefix} begins the names of {what}; choose another name"
                yield loaded.finding((*path, name), words)
        if name in ANCHORS:
            words = f"{name} is the name of a date; choose another name"
            yield loaded.finding((*path, name), words)
        if name.startswith("touch_"):
            words = "touch_ begins the names of touches; choose another name"
            yield loaded.finding((*path, name), words)
        if name == RECORD:
            words = f"{RECORD} is the name of what keeps a departure; choose another name"
            yield loaded.finding((*path, name), words)
        for key, due in (("due", step.due), ("appears", step.appears)):
            if due and due.anchor not in (*ANCHORS, *book.steps):
                known = [*ANCHORS, *book.steps]
                words = f'"{due}" is no due date; write one of {", ".join(ANCHORS)}'
                mend = did_you_mean(due.anchor, known, listing=False)
                yield loaded.finding((*path, name, key), f"{words}, or the name of a step{mend}")
        for before in step.after:
            if before not in book.steps:
                words = f'there is no step "{before}"{did_you_mean(before, [*book.steps])}'
                yield loaded.finding((*path, name, "after"), words)
    yield from _earlier(loaded, path, book)
    graph = {name: [*step.after] for name, step in book.steps.items()}
    for circle in _circles(graph):
        words = f"these steps wait for each other: {' > '.join(circle)}; take one `after` out"
        yield loaded.finding((*path, circle[0], "after"), words)


def _touches(loaded: Loaded) -> Iterator[Finding]:
    for name, touch in loaded.programme.touches.steps.items():
        path: Path = ("touches", "steps", name)
        room = LONGEST_TOUCH - (LONGEST_FEATURE + 1 if touch.due.anchor == "shipped" else 0)
        if not _WORD.fullmatch(name):
            words = "a touch's name is small letters, digits and _, and begins with a letter"
            yield loaded.finding(path, words)
        if len(name) > room:
            words = f"this name has {len(name)} characters; {room} fit into the task's key"
            yield loaded.finding(path, words)


def _earlier(loaded: Loaded, path: Path, book: Playbook) -> Iterator[Finding]:
    """A name of the past can lead to one step only."""
    now: dict[str, str] = {}
    for name, step in book.steps.items():
        for was in step.was:
            if was in book.steps:
                words = f'"{was}" is still a step; set it to off, or take it out of `was`'
                yield loaded.finding((*path, name, "was"), words)
            elif was in now:
                words = f'"{was}" is now {now[was]} already; it can be one step only'
                yield loaded.finding((*path, name, "was"), words)
            now.setdefault(was, name)


def _dates(loaded: Loaded, path: Path, book: Playbook) -> Iterator[Finding]:
    """Steps that are due by each other; one may well appear before it is due itself."""
    graph = {
        name: [step.due.anchor] if step.due.anchor in book.steps else []
        for name, step in book.steps.items()
    }
    for circle in _circles(graph):
        words = f"these steps are dated by each other: {' > '.join(circle)}"
        yield loaded.finding((*path, circle[0], "due"), f"{words}; date one of them by the case")


def _choices(loaded: Loaded) -> Iterator[Finding]:
    """Values in conditions that the fact can never have."""
    rows = loaded.rows.customer
    known: Mapping[str, Sequence[str]] = {
        **{key: [*row.values] for key, row in rows.items() if row.values},
        "reason": [*REASONS],
        "reasons": [*REASONS],
        "phase": PHASES,
        "opened_in": PHASES,
    }
    for path, conditions in every_condition(loaded.programme):
        for fact, test in conditions.items():
            if fact not in known or fact in loaded.programme.customer.more:
                continue
            for value in (*(test.is_ or ()), *(test.is_not or ())):
                if value not in known[fact]:
                    words = f'there is no {fact} "{value}"{did_you_mean(str(value), known[fact])}'
                    yield loaded.finding((*path, fact), words)


def _places(loaded: Loaded) -> Iterator[Finding]:
    for kind in KINDS:
        taken: dict[str, str] = {}
        for key, place in getattr(loaded.programme.fields, kind).items():
            path: Path = ("fields", kind, key)
            choices = loaded.rows.of(kind)[key].values
            for value in (value for value in place.values if value not in choices):
                words = f'{key} has no choice "{value}"{did_you_mean(value, [*choices])}'
                yield loaded.finding((*path, "values", value), words)
            if place.field in taken:
                words = (
                    f'"{place.field}" is taken by {taken[place.field]}; two cannot share a field'
                )
                yield loaded.finding(path, words)
            elif place.field:
                taken[place.field] = key


def _record(loaded: Loaded) -> Iterator[Finding]:
    """A stand-in for nothing, and customers that no record of a departure can be about."""
    programme, shape = loaded.programme, loaded.rows.departure
    if programme.record.as_ == "note":
        if programme.record.otherwise:
            words = "notes are in every edition; take `else` out, or say `as: object`"
            yield loaded.finding(("record", "else"), words)
        return
    known = [*shape.about[programme.crm]]
    for index, watch in enumerate(programme.watch):
        if watch.object not in known:
            words = (
                f"an object of its own keeps the departures of {' and '.join(known)}, and not of "
                f'"{watch.object}"; say `record: note`'
            )
            yield loaded.finding(("watch", index, "object"), words)


def _segments(loaded: Loaded) -> Iterator[Finding]:
    for word in ("segment", "list"):
        seen: set[str] = set()
        for index, segment in enumerate(loaded.programme.alumni):
            value = getattr(segment, word)
            if value in seen:
                words = f'"{value}" is there twice; give each segment its own'
                yield loaded.finding(("alumni", index, word), words)
            seen.add(value)


def _evidence(loaded: Loaded) -> Iterator[Finding]:
    """Evidence comes before any reason: it is of the customer's facts alone."""
    known = CUSTOMER | loaded.programme.customer.more.keys()
    for index, evidence in enumerate(loaded.programme.evidence):
        for fact in (fact for fact in evidence.when if fact not in known):
            words = f'"{fact}" is no fact of the customer{did_you_mean(fact, sorted(known))}'
            yield loaded.finding(("evidence", index, "when", fact), words)


def _feedback(loaded: Loaded) -> Iterator[Finding]:
    feedback = loaded.programme.feedback
    named: list[tuple[Path, str]] = [
        (("feedback", "routes", index, "role"), route.role)
        for index, route in enumerate(feedback.routes or ())
    ]
    if feedback.digest:
        roles = enumerate(feedback.digest.roles)
        named += [(("feedback", "digest", "roles", index), role) for index, role in roles]
    for path, role in named:
        if len(role) > LONGEST_ROLE:
            words = f"this name has {len(role)} characters; {LONGEST_ROLE} fit into a task's key"
            yield loaded.finding(path, words)


def _consent(loaded: Loaded) -> Iterator[Finding]:
    """Countries and groups that nobody knows; a purchase that stands nowhere."""
    consent, bought = loaded.programme.consent, loaded.programme.customer.last_purchase
    groups = consent.groups
    for name, members in groups.items():
        for index, code in enumerate(members):
            if alpha2(code) != code:
                words = f'"{code}" is no code of a country; write one such as DE'
                yield loaded.finding(("consent", "groups", name, index), words)
    for name, rule in consent.rules.items():
        path: Path = ("consent", "rules", name)
        for index, place in enumerate(rule.countries):
            if place not in groups and place != UNKNOWN and alpha2(place) is None:
                words = f'"{place}" is no country and no group{did_you_mean(place, [*groups])}'
                yield loaded.finding((*path, "countries", index), words)
        if rule.active and rule.since == "purchase" and bought is None:
            words = "nobody knows what was bought when; name customer.last_purchase"
            yield loaded.finding((*path, "active"), words)


def _time(loaded: Loaded) -> Iterator[Finding]:
    """The owner's working days count, and nobody knows who that is."""
    if loaded.programme.time.of == "owner" and loaded.programme.customer.owner is None:
        words = "nobody knows who owns a customer; name customer.owner"
        yield loaded.finding(("time", "of"), words)


def _circles(graph: Mapping[str, Sequence[str]]) -> Iterator[list[str]]:
    """One circle, if there is any."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle: list[str] = error.args[1]
        yield circle[::-1]
