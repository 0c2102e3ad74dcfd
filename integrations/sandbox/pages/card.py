"""The off-boarding card: what Aurevoir's plugins show on a customer's record in either CRM.

The fields are read off the sheet by their names; ``aurevoir_status`` and ``Aurevoir_Status__c`` are
the same field here. What stands on the card, and in which order, is in layout.yaml.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from importlib.resources import files
from typing import Any, Final, Literal, get_args

import yaml

from integrations.sandbox.desk import Contact, Happening, Line, Sheet
from integrations.sandbox.pages.wording import day, shown


def _read(name: str) -> Any:
    return yaml.safe_load(files(__package__).joinpath(name).read_text(encoding="utf-8"))


_SPOKEN: Final = _read("words.yaml")
_LAYOUT: Final = _read("layout.yaml")
#: The English words of the card, by their keys.
WORDS: Final[Mapping[str, str]] = {key: text["en"] for key, text in _SPOKEN["card"].items()}
#: Departments in their order.
_DEPARTMENTS: Final = tuple(_SPOKEN["choices"]["department"])

Tone = Literal["good", "bad", "open"]
#: What the card is in the place of: an off-boarding, or why there is none to be seen.
State = Literal["shown", "empty", "loading", "no_access", "error"]
#: States that a person can ask to look at, where the CRM does not happen to be in one.
PREVIEWS: Final[tuple[State, ...]] = ("loading", "no_access", "error")


@dataclass(frozen=True, kw_only=True)
class Item:
    """A task of the case. ``tone``: done, late, or neither."""

    id: str
    title: str
    tone: Tone
    state: str
    who: str
    when: str
    optional: bool
    department: str
    #: The place of the department among all; those of the admin's own come last but for none.
    place: int
    promise: bool

    @property
    def facts(self) -> str:
        """Who, when, and what else there is to know."""
        marks = [say("promised") if self.promise else "", say("optional") if self.optional else ""]
        return " · ".join(filter(None, [self.who, self.when, *marks]))


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody at the customer: may we write to them, and where the survey stands."""

    name: str
    tone: Tone
    consent: str
    survey: str = ""
    #: The label of the field, where they said yes.
    stays_in_touch: str = ""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A field that people set in place. ``most``: the highest number, where it is a rating."""

    line: Line
    day: bool
    most: int | None

    @property
    def chosen(self) -> frozenset[str]:
        """Which of its choices are set."""
        return frozenset(self.line.value.split(";"))


@dataclass(frozen=True, kw_only=True)
class Card:
    """What the card says. ``status`` is empty where no off-boarding is to be seen."""

    state: State = "shown"
    status: str = ""
    #: Phases with their labels; none where the goodbye is over, which ``end`` says.
    phases: tuple[tuple[str, str], ...] = ()
    end: str = ""
    #: Per cent.
    progress: int = 0
    next_step: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    #: What people set in place, by the word on the button.
    edited: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)
    items: tuple[Item, ...] = ()
    feedback: tuple[tuple[str, str], ...] = ()
    unconfirmed: bool = False
    people: tuple[Person, ...] = ()

    @property
    def promises(self) -> list[Item]:
        """What the customer was promised, by its dates."""
        return [item for item in self.items if item.promise]

    @property
    def departments(self) -> dict[str, list[Item]]:
        """The checklist, in the order of the departments."""
        found: dict[str, list[Item]] = {}
        for item in sorted(self.items, key=lambda item: item.place):
            found.setdefault(item.department, []).append(item)
        return found


def card(
    sheet: Sheet, now: datetime, *, stage: Line | None = None, preview: str = ""
) -> Card | None:
    """The card of a customer; None in a CRM that does not have our fields.

    ``stage``: the field that begins an off-boarding. ``preview``: show this state instead, so that
    people can look at it.
    """
    lines = _ours(sheet.lines)
    status = lines.get("status")
    if status is None:
        return None
    if preview in PREVIEWS:
        return Card(state=next(one for one in get_args(State) if one == preview))
    if status.name in sheet.hidden:
        return Card(state="no_access")
    if not status.value:
        begins = (Entry(line=stage, day=False, most=None),) if stage and stage.editable else ()
        return Card(state="empty", edited={"start": begins} if begins else {})
    labels, ends = dict(status.options), _LAYOUT["ends"]
    return Card(
        status=status.value,
        phases=()
        if status.value in ends
        else tuple((one, labels[one]) for one in _LAYOUT["phases"]),
        end=_end(status, lines),
        progress=round(float(_value(lines, "progress") or 0)),
        next_step=_value(lines, "next_step"),
        facts=tuple(_rows(lines, _LAYOUT["standing"])),
        edited={word: tuple(_entries(lines, keys)) for word, keys in _LAYOUT["edited"].items()},
        items=tuple(_items(sheet.timeline, _value(lines, "case"), now)),
        feedback=tuple(_rows(lines, _LAYOUT["feedback"])),
        unconfirmed=any(_value(lines, key) for key in _LAYOUT["reasons"])
        and not _value(lines, "reason_confirmed_on"),
        people=tuple(_person(contact, now) for contact in sheet.contacts),
    )


def say(word: str, **values: object) -> str:
    """A word of the card, with its blanks filled."""
    return WORDS[word].format(**values)


def counted(items: Sequence[Item]) -> str:
    """How many of some tasks are done, in words."""
    done = sum(item.tone == "good" for item in items)
    return say("count_done", done=done, count=len(items))


def stem(name: str) -> str:
    """Our key of a field, by its name in either CRM."""
    return name.lower().removesuffix("__c").removeprefix("aurevoir_")


def _ours(lines: tuple[Line, ...]) -> dict[str, Line]:
    return {stem(one.name): one for one in lines if one.name.lower().startswith("aurevoir_")}


def _value(lines: Mapping[str, Line], key: str) -> str:
    return lines[key].value if key in lines else ""


def _end(status: Line, lines: Mapping[str, Line]) -> str:
    end = _LAYOUT["ends"].get(status.value)
    if not end:
        return ""
    on = _value(lines, end["day"])
    return say(end["says"], date=_day(on)) if on else shown(status)


def _rows(lines: Mapping[str, Line], keys: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The filled fields among these, as people read them."""
    for key in keys:
        if value := _value(lines, key):
            text = _day(value) if key.endswith("_on") else shown(lines[key])
            most = _LAYOUT["out_of"].get(key)
            yield lines[key].label, f"{text} / {most}" if most else text


def _entries(lines: Mapping[str, Line], keys: Sequence[str]) -> Iterator[Entry]:
    """Those of these fields that people may set here."""
    for key in keys:
        if key in lines and lines[key].editable:
            most = _LAYOUT["out_of"].get(key)
            yield Entry(line=lines[key], day=key.endswith("_on"), most=most)


def _items(timeline: tuple[Happening, ...], case: str, now: datetime) -> Iterator[Item]:
    """The tasks of this case, by their due dates; their keys are ``<case>:<step>``."""
    ours = []
    for task in timeline:
        added = {stem(name): value for name, value in task.added.items()}
        if task.kind == "task" and case and added.get("key", "").startswith(f"{case}:"):
            ours.append((task, added))
    for task, added in sorted(ours, key=lambda one: (one[0].due is None, one[0].due or one[0].at)):
        late = not task.done and task.due is not None and task.due < now
        yield Item(
            id=task.id,
            title=task.title,
            tone="good" if task.done else "bad" if late else "open",
            state=say("done" if task.done else "late" if late else "open"),
            who=task.who or say("nobody"),
            when=_when(task),
            optional=not _yes(added.get("required")),
            department=task.department,
            place=_place(added.get("department")),
            promise=_yes(added.get("promise")),
        )


def _place(department: str | None) -> int:
    if department in _DEPARTMENTS:
        return _DEPARTMENTS.index(department)
    return len(_DEPARTMENTS) + (not department)


def _when(task: Happening) -> str:
    if task.done_at:
        return say("done_on", date=day(task.done_at))
    return say("due", date=day(task.due)) if task.due else say("no_date")


def _person(contact: Contact, now: datetime) -> Person:
    lines = _ours(contact.lines)
    tone, consent = _consent(lines, now.date(), opted_out=contact.opted_out)
    survey, stays = lines.get("survey_status"), lines.get("stay_in_touch")
    return Person(
        name=contact.name,
        tone=tone,
        consent=consent,
        survey=f"{survey.label}: {shown(survey)}" if survey and survey.value else "",
        stays_in_touch=stays.label if stays and _yes(stays.value) else "",
    )


def _consent(lines: Mapping[str, Line], today: date, *, opted_out: bool) -> tuple[Tone, str]:
    """An opt-out in the CRM goes before everything that we noted earlier."""
    basis, until = _value(lines, "contact_basis"), _value(lines, "contact_until")
    if opted_out:
        return "bad", say("may_not_contact")
    if not basis:
        return "open", say("consent_unknown")
    if basis == "none" or (until and date.fromisoformat(until) < today):
        return "bad", say("may_not_contact")
    return "good", say("may_contact", date=_day(until)) if until else say("may_contact_open")


def _yes(value: str | None) -> bool:
    return (value or "").lower() == "true"


def _day(text: str) -> str:
    return day(datetime.fromisoformat(text))
