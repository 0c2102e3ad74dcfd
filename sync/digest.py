"""Once a week: what leaving customers said, as one task for a department. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from integrations.contract import Ref, Task
from mappings.calendar import Calendar, weekday
from mappings.conditions import evaluate
from mappings.feedback import Digest
from mappings.programme import Programme
from mappings.texts import shown
from sync.features import asked
from sync.feedback import reason
from sync.model import Case, Want, case_key, write_key
from sync.reasons import label
from sync.routes import leading, spoken
from sync.tasks import errand
from sync.verbatim import quotes
from sync.world import World

_WEEK: Final = timedelta(days=7)
_TEXT: Final = """\
Do: read it aloud where you meet, and note here the one thing that you will do about it.
Avoid: counting instead of listening.
Why: one goodbye is an accident, the third like it is a pattern.

{words}"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Week:
    """A week from Monday to Sunday, somewhere."""

    monday: date
    calendar: Calendar

    @property
    def name(self) -> str:
        """``2026-W12``, by ISO 8601."""
        year, number, _ = self.monday.isocalendar()
        return f"{year}-W{number:02}"

    @property
    def begins(self) -> datetime:
        """Its first moment."""
        return self.calendar.start_of(self.monday)

    @property
    def ends(self) -> datetime:
        """The first moment after it."""
        return self.calendar.start_of(self.monday + _WEEK)

    def told_at(self, rule: Digest) -> datetime:
        """When it is told: as work begins on the first such day after it."""
        day = self.monday + _WEEK + timedelta(days=weekday(rule.day))
        return self.calendar.opening(day)[0]

    def following(self) -> Week:
        """The week after it."""
        return replace(self, monday=self.monday + _WEEK)


@dataclass(frozen=True, kw_only=True, slots=True)
class Departure:
    """A departure about which something may have been said."""

    case: Case
    world: World
    status: str


def last_told(rule: Digest, calendar: Calendar, now: datetime) -> Week:
    """The newest week whose time to be told has come."""
    today = calendar.day_of(now)
    week = Week(monday=today - timedelta(days=today.weekday()) - _WEEK, calendar=calendar)
    while week.told_at(rule) > now:
        week = replace(week, monday=week.monday - _WEEK)
    return week


def digests(
    week: Week, rule: Digest, departures: Sequence[Departure], *, org: str
) -> Iterator[tuple[Case, Want]]:
    """What each role should read, and the newest departure in it, on which the task hangs."""
    base = case_key(org, Ref(object="digest", id="week"), 1)
    for role in dict.fromkeys(rule.roles):
        said = [(one, words) for one in departures if (words := _words(one, week, role))]
        if said:
            newest = max(
                (one for one, _ in said), key=lambda one: (one.case.opened_at, one.case.key)
            )
            step = f"digest_{role}"
            task = _task(newest, week, rule, role, step, [words for _, words in said])
            key = write_key(base, step, week.name)
            yield newest.case, Want(key=key, step=step, item=task)


def _task(
    newest: Departure, week: Week, rule: Digest, role: str, step: str, told: list[str]
) -> Task:
    sunday = week.monday + timedelta(days=6)
    many = "1 departure" if len(told) == 1 else f"{len(told)} departures"
    return errand(
        newest.world,
        newest.case.ref,
        role,
        step=step,
        title=f"Read what leaving customers told us from {shown(week.monday)} to {shown(sunday)}",
        text=_TEXT.format(words="\n\n".join([f"{many}:", *told])),
        at=week.told_at(rule),
    )


def _words(one: Departure, week: Week, role: str) -> str:
    """What was said about a departure in this week, if it is for this role; or nothing."""
    said = [q for q in quotes(one.case, one.world) if week.begins <= q.at < week.ends]
    if not said or not _for(role, one, one.world.rules.programme):
        return ""
    why = reason(one.case)
    heading = f"{one.world.customer.name}{f': {label(why)}' if why else ''}"
    return "\n\n".join([heading, *(quote.shown for quote in said)])


def _for(role: str, one: Departure, programme: Programme) -> bool:
    """Whether a route leads there from this departure; where none ever does, all are for it."""
    wishes = role == programme.feedback.features
    if wishes and asked(one.case, one.world):
        return True
    mine = [route for route in leading(programme) if route.role == role]
    facts = spoken(one.case, one.world, one.status)
    return not (mine or wishes) or any(evaluate(route.when, facts).holds for route in mine)
