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


def _quarters(offset: int) -> Callable[[date, int], Period]:
    return lambda today, n: (
        _first(today, 3 * offset - (today.month - 1) % 3),
        _first(today, 3 * offset - (today.month - 1) % 3 + 3),
    )


def _last(unit: Callable[[int], Callable[[date, int], Period]]) -> Callable[[date, int], Period]:
    """The n whole units before this one."""
    return lambda today, n: (unit(-n)(today, n)[0], unit(0)(today, n)[0])


def _next(unit: Callable[[int], Callable[[date, int], Period]]) -> Callable[[date, int], Period]:
    """The n whole units after this one."""
    return lambda today, n: (unit(1)(today, n)[0], unit(n + 1)(today, n)[0])


def _ago(unit: Callable[[int], Callable[[date, int], Period]]) -> Callable[[date, int], Period]:
    """The one whole unit n before this one."""
    return lambda today, n: unit(-n)(today, n)


def _years(offset: int) -> Callable[[date, int], Period]:
    return lambda today, n: (date(today.year + offset, 1, 1), date(today.year + offset + 1, 1, 1))


def _first(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)


#: The units that literals count; a fiscal year is a calendar year here.
_UNITS: Final = {
    "WEEK": _weeks,
    "MONTH": _months,
    "QUARTER": _quarters,
    "YEAR": _years,
    "FISCAL_QUARTER": _quarters,
    "FISCAL_YEAR": _years,
}
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
    "LAST_QUARTER": _quarters(-1),
    "THIS_QUARTER": _quarters(0),
    "NEXT_QUARTER": _quarters(1),
    "LAST_FISCAL_QUARTER": _quarters(-1),
    "THIS_FISCAL_QUARTER": _quarters(0),
    "NEXT_FISCAL_QUARTER": _quarters(1),
    "LAST_FISCAL_YEAR": _years(-1),
    "THIS_FISCAL_YEAR": _years(0),
    "NEXT_FISCAL_YEAR": _years(1),
    **{
        name.format(unit): kind(periods)
        for unit, periods in _UNITS.items()
        for name, kind in (
            ("LAST_N_{}S", _last),
            ("NEXT_N_{}S", _next),
            ("N_{}S_AGO", _ago),
        )
    },
    "N_DAYS_AGO": lambda today, n: (today - timedelta(n), today - timedelta(n - 1)),
}


def counts(name: str) -> bool:
    """Whether a number belongs behind the colon of a literal."""
    return "_N_" in name or name.startswith("N_")


def stamps(period: Period, zone: ZoneInfo) -> tuple[str, str]:
    """The period as stored moments: from its first midnight to the one after it."""
    first, after = (stamp(datetime.combine(day, time(), zone)) for day in period)
    return first, after
