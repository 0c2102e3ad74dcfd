"""``TODAY``, ``LAST_N_DAYS:30`` and their kin: the days they mean."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from integrations.sandbox.salesforce.moments import stamp

#: From the first day to the day after the last.
Period = tuple[date, date]


def _days(first: int, after: int) -> Callable[[date, int], Period]:
    return lambda today, n: (today + timedelta(first), today + timedelta(after))


def _weeks(offset: int) -> Callable[[date, int], Period]:
    def period(today: date, n: int) -> Period:
        sunday = today - timedelta((today.weekday() + 1) % 7) + timedelta(weeks=offset)
        return sunday, sunday + timedelta(weeks=1)

    return period


def _months(offset: int) -> Callable[[date, int], Period]:
    return lambda today, n: (_first(today, offset), _first(today, offset + 1))


def _years(offset: int) -> Callable[[date, int], Period]:
    return lambda today, n: (date(today.year + offset, 1, 1), date(today.year + offset + 1, 1, 1))


def _first(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)


#: By name: today and the number behind the colon -> the period.
PERIODS: Final[dict[str, Callable[[date, int], Period]]] = {
    "YESTERDAY": _days(-1, 0),
    "TODAY": _days(0, 1),
    "TOMORROW": _days(1, 2),
    "LAST_WEEK": _weeks(-1),
    "THIS_WEEK": _weeks(0),
    "NEXT_WEEK": _weeks(1),
    "LAST_MONTH": _months(-1),
    "THIS_MONTH": _months(0),
    "NEXT_MONTH": _months(1),
    "LAST_YEAR": _years(-1),
    "THIS_YEAR": _years(0),
    "NEXT_YEAR": _years(1),
    "LAST_90_DAYS": _days(-90, 1),
    "NEXT_90_DAYS": _days(1, 91),
    "LAST_N_DAYS": lambda today, n: (today - timedelta(n), today + timedelta(1)),
    "NEXT_N_DAYS": lambda today, n: (today + timedelta(1), today + timedelta(n + 1)),
    "N_DAYS_AGO": lambda today, n: (today - timedelta(n), today - timedelta(n - 1)),
}


def stamps(period: Period, zone: ZoneInfo) -> tuple[str, str]:
    """The period as stored moments: from its first midnight to the one after it."""
    first, after = (stamp(datetime.combine(day, time(), zone)) for day in period)
    return first, after
