"""Did a customer enter the stage, or leave it? Decided from the raw stage seen last. Pure.

An edit inside the stage does nothing; a stage in neither list changes nothing. Whoever is first
seen inside the stage has entered it only if the CRM can show that it happened after the baseline.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum, auto

from integrations.contract import Moment
from mappings.programme import Watch
from sync.model import Case, Event, Kind, Opening


class Sight(Enum):
    """What a look at one record says."""

    #: Nothing that concerns us.
    NOTHING = auto()
    #: Came from outside into a stage that means leaving.
    ENTERED = auto()
    #: In the stage, and never seen before: only its history tells since when.
    UNSURE = auto()
    #: From one stage that means leaving to another.
    MOVED = auto()
    #: To a stage that means staying.
    RETURNED = auto()


def look(watch: Watch, before: str | None, stage: str) -> Sight:
    """Compare the stage with the one seen last; None: the record was never seen."""
    leaving = watch.enters.all
    if stage in leaving:
        if before is None:
            return Sight.UNSURE
        if before not in leaving:
            return Sight.ENTERED
        return Sight.MOVED if before != stage else Sight.NOTHING
    if stage in watch.returns and before is not None and before != stage:
        return Sight.RETURNED
    return Sight.NOTHING


def phase_of(watch: Watch, stage: str) -> Opening:
    """The phase that a stage opens in."""
    return "leaving" if stage in watch.enters.leaving else "notice"


@dataclass(frozen=True, kw_only=True)
class Stay:
    """Since when a record has been in the stage; ``exact`` if its history says so."""

    at: datetime
    exact: bool
    by: str | None = None


def stay(
    watch: Watch,
    moments: Sequence[Moment] | None,
    *,
    modified_at: datetime,
) -> Stay:
    """The beginning of the record's present stay, from its history (newest first) if it has one."""
    since: Moment | None = None
    for moment in moments or ():
        if str(moment.value) not in watch.enters.all:
            break
        since = moment
    if since is not None:
        return Stay(at=since.at, exact=True, by=since.by)
    return Stay(at=modified_at, exact=False)


def is_new(
    found: Stay, *, created_at: datetime | None, baseline_at: datetime, sight: Sight
) -> bool:
    """Whether the stay began after the baseline, so that it opens a case by itself."""
    if sight is Sight.ENTERED:
        return True
    if found.exact:
        return found.at > baseline_at
    return created_at is not None and created_at > baseline_at


def departed(status: str) -> bool:
    """Whether a case that stands like this is of a customer who has left, back by now or not."""
    return status in ("departed", "alumni", "returned")


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What an entry means for the customer's cases."""

    #: Events for the case that there is.
    events: tuple[Event, ...] = ()
    #: Open a new case; the one that there is will never be opened again.
    open: bool = False


def entered(
    watch: Watch, case: Case | None, *, departed: date | None, at: datetime, stage: str
) -> Verdict:
    """An entry into the stage, given the customer's last case; ``departed`` on that day, if ever.

    Whoever enters again after having departed must have come back meanwhile, seen or not: what was
    done for that goodbye has to be done again for this one.
    """
    if case is None:
        return Verdict(open=True)
    if case.inside:
        if departed is None:
            return Verdict(events=(_event(Kind.MOVED, at, watch, stage),))
        gone = {"stage": "", "settled": True, "departs_on": departed.isoformat()}
        return _anew(at, Event(at=at, kind=Kind.LEFT, data=gone, mark=_mark(Kind.LEFT, at)))
    if case.gone_at or case.left_at is None:
        return _anew(at)
    away = at - case.left_at
    settled = away > watch.settle.plain
    if settled and (case.void or departed or away > watch.re_entry.within.plain):
        return _anew(at)
    return Verdict(events=(_event(Kind.REOPENED, at, watch, stage, settled=settled),))


def returned(
    watch: Watch, case: Case, *, departs_on: date | None, at: datetime, stage: str
) -> Event | None:
    """A move to a stage that means staying; ``departs_on``: as the last plan had it."""
    if not case.inside:
        return None
    data = {
        "stage": stage,
        "settled": at - (case.back_at or case.entered_at) >= watch.settle.plain,
        "departs_on": departs_on.isoformat() if departs_on else None,
    }
    return Event(at=at, kind=Kind.LEFT, data=data, mark=_mark(Kind.LEFT, at))


def moved(watch: Watch, *, at: datetime, stage: str) -> Event:
    """From one stage that means leaving to another."""
    return _event(Kind.MOVED, at, watch, stage)


def _anew(at: datetime, *events: Event) -> Verdict:
    closed = Event(at=at, kind=Kind.CLOSED, mark=_mark(Kind.CLOSED, at))
    return Verdict(events=(*events, closed), open=True)


def _event(kind: Kind, at: datetime, watch: Watch, stage: str, **data: bool) -> Event:
    return Event(
        at=at,
        kind=kind,
        data={"stage": stage, "phase": phase_of(watch, stage), **data},
        mark=_mark(kind, at),
    )


def _mark(kind: Kind, at: datetime) -> str:
    return f"{kind} {at.isoformat()}"
