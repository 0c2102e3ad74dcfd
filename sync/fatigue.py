"""Nobody is asked too often: a person who had a survey lately has a rest from the next. Pure.

Ours count whichever departure they were about; those of other tools by a date on the person.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from mappings.texts import shown
from sync.draft import Draft
from sync.model import Event, Kind
from sync.world import Human

#: What tells that somebody was written to, for all that anybody knows.
KINDS: Final = (Kind.SENT, Kind.MAYBE_SENT)
#: A letter about the goodbye itself asks for nothing.
_LETTERS: Final = ("letter_",)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rest:
    """Why somebody is not asked yet, and until when."""

    words: str
    until: datetime


def asked(histories: Mapping[str, Iterable[Event]]) -> dict[str, dict[str, datetime]]:
    """When people were written to last in these cases: person -> case -> moment."""
    found: dict[str, dict[str, datetime]] = {}
    for case, events in histories.items():
        for event in events:
            if event.kind in KINDS and not event.data["step"].startswith(_LETTERS):
                cases = found.setdefault(event.data["person"], {})
                cases[case] = max(event.at, cases.get(case, event.at))
    return found


def rest(draft: Draft, human: Human) -> Rest | None:
    """The rest of somebody who had another survey lately, of ours or not; None: they had it."""
    span = draft.world.rules.programme.survey.ask.rest
    last, which = max(_surveys(draft, human), default=(None, ""))
    if span is None or last is None or draft.horizon.reached(until := last + span.plain):
        return None
    day = shown(draft.world.calendar.day_of(last))
    words = f"had a survey on {day}{which}, and nobody gets two within {span}"
    return Rest(words=words, until=until)


def _surveys(draft: Draft, human: Human) -> Iterator[tuple[datetime, str]]:
    """When they had one, and where that is written, if it was not ours."""
    for case, at in draft.world.asked.get(human.id, {}).items():
        if case != draft.case.key:
            yield at, ""
    for field, day in human.facts.surveyed.items():
        at = draft.world.calendar.start_of(day)
        if draft.horizon.reached(at):  # one that is only planned tires nobody
            yield at, f" ({field})"
