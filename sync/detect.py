"""Did a customer enter the stage, or leave it? Decided from the raw stage seen last. Pure.

An edit inside the stage does nothing; a stage in neither list changes nothing. Whoever is first
seen inside the stage has entered it only if the CRM can show that it happened after the baseline.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Literal

from integrations.contract import Moment
from mappings.programme import Watch
from sync.model import Case, Event, Kind


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


def phase_of(watch: Watch, stage: str) -> Literal["notice", "leaving"]:
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


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What an entry means for the customer's cases."""

    #: Events for the case that there is.
    events: tuple[Event, ...] = ()
    #: The case that there is will never be opened again.
    close: bool = False
    #: Open a new case.
    open: bool = False


def entered(
    watch: Watch, case: Case | None, *, departed: bool, at: datetime, stage: str
) -> Verdict:
    """An entry into the stage, given the customer's last case and whether it had departed."""
    phase = phase_of(watch, stage)
    if case is None or case.gone_at is not None:
        return Verdict(open=True, close=case is not None)
    data = {"stage": stage, "phase": phase}
    mark = f"enter {at.isoformat()}"
    if case.left_at is None or (case.reopened_at or case.left_at) > case.left_at:
        if departed:
            left = Event(at=at, kind=Kind.LEFT, data={"stage": ""}, mark=f"left {at.isoformat()}")
            return Verdict(events=(left,), close=True, open=True)
        return Verdict(events=(Event(at=at, kind=Kind.MOVED, data=data, mark=mark),))
    away = at - case.left_at
    if away <= watch.settle.plain or away <= watch.re_entry.within.plain:
        settled = away > watch.settle.plain
        reopened = Event(at=at, kind=Kind.REOPENED, data={**data, "settled": settled}, mark=mark)
        return Verdict(events=(reopened,))
    return Verdict(open=True, close=True)
