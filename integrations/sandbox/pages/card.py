"""The off-boarding card: what Aurevoir's plugins show on a customer's record in either CRM.

The fields are read off the sheet by their names; ``aurevoir_status`` and ``Aurevoir_Status__c`` are
the same field here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files
from typing import Final, Literal

import yaml

from integrations.sandbox.desk import Contact, Happening, Line, Sheet
from integrations.sandbox.pages.wording import day, shown

_SPOKEN: Final = yaml.safe_load(
    files(__package__).joinpath("words.yaml").read_text(encoding="utf-8")
)
#: The English words of the card, by their keys.
WORDS: Final[Mapping[str, str]] = {key: text["en"] for key, text in _SPOKEN["card"].items()}
#: Departments in their order.
_DEPARTMENTS: Final = tuple(_SPOKEN["choices"]["department"])
_PHASES: Final = ("notice", "assess", "leaving", "departed", "alumni")
#: Statuses that end the goodbye: the words, and the field that has the day.
_ENDS: Final = {"saved": ("stayed", "saved_on"), "returned": ("came_back", "returned_on")}
_DATES: Final = ("departs_on", "departed_on", "decision")
_REASONS: Final = ("exit_reason", "reason_customer", "reason_csm", "reason_evidence")
#: Feedback in its order; what has a highest number is a rating.
_TOLD: Final[Mapping[str, int | None]] = {
    **dict.fromkeys((*_REASONS, "reason_confirmed_on")),
    **dict.fromkeys(("exit_words", "exit_what_if", "exit_benefits", "moving_to")),
    **dict.fromkeys(("rating_product", "rating_service", "rating_process", "rating_price"), 5),
    **dict.fromkeys(("would_recommend", "would_return"), 10),
    "feedback_on": None,
}

Tone = Literal["good", "bad", "open"]


@dataclass(frozen=True, kw_only=True)
class Item:
    """A task of the case. ``tone``: done, late, or neither."""

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


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody at the customer: may we write to them, and where the survey stands."""

    name: str
    tone: Tone
    consent: str
    survey: str = ""
    stays_in_touch: bool = False


@dataclass(frozen=True, kw_only=True)
class Card:
    """What the card says. ``status`` is empty where no off-boarding is under way."""

    status: str
    #: Phases with their labels; none where the goodbye is over, which ``end`` says.
    phases: tuple[tuple[str, str], ...] = ()
    end: str = ""
    #: Per cent.
    progress: int = 0
    next_step: str = ""
    facts: tuple[tuple[str, str], ...] = ()
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


def card(sheet: Sheet, now: datetime) -> Card | None:
    """The card of a customer; None in a CRM that does not have our fields."""
    lines = _ours(sheet.lines)
    status = lines.get("status")
    if status is None:
        return None
    if not status.value:
        return Card(status="")
    labels = dict(status.options)
    return Card(
        status=status.value,
        phases=() if status.value in _ENDS else tuple((one, labels[one]) for one in _PHASES),
        end=_end(status, lines),
        progress=round(float(_value(lines, "progress") or 0)),
        next_step=_value(lines, "next_step"),
        facts=tuple(_rows(lines, dict.fromkeys(_DATES))),
        items=tuple(_items(sheet.timeline, _value(lines, "case"), now)),
        feedback=tuple(_rows(lines, _TOLD)),
        unconfirmed=any(_value(lines, key) for key in _REASONS)
        and not _value(lines, "reason_confirmed_on"),
        people=tuple(_person(contact, now) for contact in sheet.contacts),
    )


def say(word: str, **values: object) -> str:
    """A word of the card, with its blanks filled."""
    return WORDS[word].format(**values)


def _stem(name: str) -> str:
    return name.lower().removesuffix("__c").removeprefix("aurevoir_")


def _ours(lines: tuple[Line, ...]) -> dict[str, Line]:
    return {_stem(one.name): one for one in lines if one.name.lower().startswith("aurevoir_")}


def _value(lines: Mapping[str, Line], key: str) -> str:
    return lines[key].value if key in lines else ""


def _end(status: Line, lines: Mapping[str, Line]) -> str:
    if status.value not in _ENDS:
        return ""
    word, field = _ENDS[status.value]
    on = _value(lines, field)
    return say(word, date=_day(on)) if on else shown(status)


def _rows(lines: Mapping[str, Line], keys: Mapping[str, int | None]) -> Iterator[tuple[str, str]]:
    """The filled fields among these, as people read them."""
    for key, most in keys.items():
        if value := _value(lines, key):
            text = _day(value) if key.endswith("_on") else shown(lines[key])
            yield lines[key].label, f"{text} / {most}" if most else text


def _items(timeline: tuple[Happening, ...], case: str, now: datetime) -> Iterator[Item]:
    """The tasks of this case, by their due dates; their keys are ``<case>:<step>``."""
    ours = []
    for task in timeline:
        added = {_stem(name): value for name, value in task.added.items()}
        if task.kind == "task" and case and added.get("key", "").startswith(f"{case}:"):
            ours.append((task, added))
    for task, added in sorted(ours, key=lambda one: one[0].due or one[0].at):
        late = not task.done and task.due is not None and task.due < now
        yield Item(
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
    return say("due", date=day(task.due)) if task.due else ""


def _person(contact: Contact, now: datetime) -> Person:
    lines = _ours(contact.lines)
    tone, consent = _consent(lines, now.date())
    survey = lines.get("survey_status")
    return Person(
        name=contact.name,
        tone=tone,
        consent=consent,
        survey=f"{survey.label}: {shown(survey)}" if survey and survey.value else "",
        stays_in_touch=_yes(_value(lines, "stay_in_touch")),
    )


def _consent(lines: Mapping[str, Line], today: date) -> tuple[Tone, str]:
    basis, until = _value(lines, "contact_basis"), _value(lines, "contact_until")
    if not basis:
        return "open", say("consent_unknown")
    if basis == "none" or (until and date.fromisoformat(until) < today):
        return "bad", say("may_not_contact")
    return "good", say("may_contact", date=_day(until)) if until else say("may_contact_open")


def _yes(value: str | None) -> bool:
    return (value or "").lower() == "true"


def _day(text: str) -> str:
    return day(datetime.fromisoformat(text))
