"""Recorded departures out of a folder of CSV files, and what people do about them."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from integrations.sandbox.worlds import BadWorld
from sync.simulation.script import DUE, Happening

#: The data's reasons -> ours.
REASONS: Final = {
    "features": "product_gap",
    "support": "support_service",
    "budget": "budget_cut",
    "unknown": "unknown",
    "competitor": "competitor",
    "pricing": "price",
}
#: Long enough after the last departure for every step to have had its time.
AFTERWARDS: Final = timedelta(days=100)
#: So many days after the notice somebody ticks off whatever is due.
TICKED: Final = (7, 21, 45, 80)


@dataclass(frozen=True, kw_only=True)
class Departure:
    """One churn event."""

    account: str
    day: date
    reason: str
    words: str

    def lot(self, sides: int) -> int:
        """A number below ``sides``, always the same for this departure."""
        digest = sha256(f"{self.account} {self.day}".encode()).digest()
        return int.from_bytes(digest[:4], "big") % sides


def departures(folder: Path) -> list[Departure]:
    """The events of a folder, in the order of their days; of two on one day the lower id counts.

    Raises BadWorld.
    """
    files = sorted(folder.glob("*churn_events.csv"))
    accounts = sorted(folder.glob("*accounts.csv"))
    if not files or not accounts:
        raise BadWorld(
            f"{folder} needs one file that ends in churn_events.csv, and one accounts.csv"
        )
    with accounts[0].open(newline="") as handle:
        names = {row["account_id"]: row["account_name"] for row in csv.DictReader(handle)}
    found: dict[tuple[str, str], dict[str, str]] = {}
    with files[0].open(newline="") as handle:
        for row in sorted(csv.DictReader(handle), key=lambda row: row["churn_event_id"]):
            found.setdefault((row["account_id"], row["churn_date"]), row)
    events = [
        Departure(
            account=names[row["account_id"]],
            day=date.fromisoformat(row["churn_date"]),
            reason=REASONS.get(row["reason_code"], "other"),
            words=row["feedback_text"].strip(),
        )
        for row in found.values()
    ]
    return sorted(events, key=lambda event: (event.day, event.account))


def by_account(events: Iterable[Departure]) -> Iterator[tuple[Departure, Departure | None]]:
    """Each departure with the next one of the same account."""
    listed: dict[str, list[Departure]] = defaultdict(list)
    for event in events:
        listed[event.account].append(event)
    for own in listed.values():
        yield from zip(own, [*own[1:], None], strict=True)


def back_on(event: Departure, following: Departure | None) -> date | None:
    """When the account is active again: the day before it leaves again, or that very morning."""
    if following is None:
        return None
    return max(event.day + timedelta(days=1), following.day - timedelta(days=1))


def story(events: Iterable[Departure], start: date) -> Iterator[Happening]:
    """What people do in a programme with every part: as the data say, and as a lot decides.

    Customers leave and come back when they did. Colleagues enter reason, words and decision, agree
    on a last day and tick off what is due; some customers answer the survey.
    """
    for event, following in by_account(events):
        first, end = (event.day - start).days, back_on(event, following)
        back = (end - start).days if end else None
        yield _act(event, first, "11:00", stage="churning")
        for day, at, what in _acts(event):
            if back is None or (first + day, at) < (back, "10:00"):
                yield _act(event, first + day, at, **what)
        if back is not None:
            yield _act(event, back, "10:00", stage="active")


def _acts(event: Departure) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """Days after the notice, hours, and what happens."""
    lot = event.lot(60)
    said = {"exit_words": event.words} if event.words else {}
    decided = {"decision": "let_go"} if lot % 4 == 0 else {}
    yield 1, "08:00", {"fields": {"reason_csm": event.reason, **said, **decided}}
    if lot % 3 == 1:
        yield 2, "08:00", {"departs": event.day + timedelta(days=35)}
    if lot % 4 == 1:
        yield 3, "08:00", {"decision": "try_to_keep"}
        yield 12, "08:00", {"decision": "let_go"}
    if lot % 3 != 2:
        # Nobody gives "unknown" as their own reason; the page does not offer it.
        reason = "other" if event.reason == "unknown" else event.reason
        codes = {"reason": reason, "would_return": str(lot % 11)}
        words = {"what_changed": event.words} if event.words and lot % 2 else {}
        stays = {"stay_in_touch": lot % 5 != 0, "reference_ok": lot % 5 == 1}
        yield 5, "09:00", {"answered": {"answers": {**codes, **words}, **stays}}
    if lot % 5 != 3:
        for day in TICKED:
            yield day, "09:00", {"done": DUE}
    if lot % 10 == 7:
        yield 70, "10:00", {"stage": "active"}


def _act(event: Departure, day: int, at: str, **what: Any) -> Happening:
    return Happening(day=day, at=at, customer=event.account, **what)


def noon(day: date) -> datetime:
    """When the service looks every day."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
