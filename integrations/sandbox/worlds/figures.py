"""What accounts paid for, asked for and used, as it stood on a day."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import fsum
from typing import Final

from integrations.sandbox.worlds.table import Table

#: How far back use is counted.
WINDOW: Final = timedelta(days=30)


@dataclass(frozen=True, kw_only=True, slots=True)
class Figures:
    """One account on one day. None: the folder has no table that would say so."""

    plan: str | None = None
    seats: int | None = None
    mrr: float | None = None
    open_tickets: int | None = None
    usage: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Subscription:
    account: str
    start: date
    end: date | None
    plan: str | None
    seats: int
    mrr: float


@dataclass(frozen=True, kw_only=True, slots=True)
class _Ticket:
    account: str
    opened: date
    closed: date | None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Use:
    account: str
    day: date
    count: int


class Records:
    """What the tables of a folder say of its accounts; a table may be absent. Raises BadWorld."""

    def __init__(
        self,
        accounts: Collection[str],
        *,
        subscriptions: Table | None,
        tickets: Table | None,
        usage: Table | None,
    ) -> None:
        self._accounts = accounts
        self._told = (subscriptions is not None, tickets is not None, usage is not None)
        self._subscriptions: dict[str, _Subscription] = {}
        for row in subscriptions or ():
            self._subscriptions[row.new("subscription_id", self._subscriptions)] = _Subscription(
                account=row.known("account_id", accounts),
                start=row.needed_day("start_date"),
                end=row.day("end_date"),
                plan=row.text("plan_tier"),
                seats=row.whole("seats") or 0,
                mrr=row.amount("mrr_amount") or 0.0,
            )
        self._tickets = [
            _Ticket(
                account=row.known("account_id", accounts),
                opened=row.needed_day("submitted_at"),
                closed=row.day("closed_at"),
            )
            for row in tickets or ()
        ]
        bought = self._subscriptions
        self._uses = [
            _Use(
                account=bought[row.known("subscription_id", bought)].account,
                day=row.needed_day("usage_date"),
                count=row.whole("usage_count") or 0,
            )
            for row in usage or ()
        ]

    @property
    def last_day(self) -> date | None:
        """The last day that anything began or was used."""
        days = [subscription.start for subscription in self._subscriptions.values()]
        days += [ticket.opened for ticket in self._tickets]
        days += [use.day for use in self._uses]
        return max(days, default=None)

    def on(self, day: date) -> Mapping[str, Figures]:
        """Every account as it stood on that day."""
        running: defaultdict[str, list[_Subscription]] = defaultdict(list)
        for subscription in self._subscriptions.values():
            if subscription.start <= day and (not subscription.end or subscription.end > day):
                running[subscription.account].append(subscription)
        waiting = Counter(
            ticket.account
            for ticket in self._tickets
            if ticket.opened <= day and (not ticket.closed or ticket.closed >= day)
        )
        used: Counter[str] = Counter()
        for use in self._uses:
            if day - WINDOW < use.day <= day:
                used[use.account] += use.count
        paid, asked, seen = self._told
        return {
            account: Figures(
                plan=max(running[account], key=_weight).plan if running[account] else None,
                seats=sum(subscription.seats for subscription in running[account]) or None,
                mrr=fsum(subscription.mrr for subscription in running[account]) if paid else None,
                open_tickets=waiting[account] if asked else None,
                usage=used[account] if seen else None,
            )
            for account in self._accounts
        }


def _weight(subscription: _Subscription) -> tuple[float, date]:
    return subscription.mrr, subscription.start
