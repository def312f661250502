"""Days as whole numbers since 1970-01-01 (int64), each in its channel's own zone."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

#: A day that no file has: a trigger that is not known yet.
NO_DAY = np.iinfo(np.int64).min
_EPOCH = date(1970, 1, 1)


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - _EPOCH).days


def as_date(number: int) -> date:
    """The date of a day number."""
    return _EPOCH + timedelta(days=int(number))


def date_of(number: int) -> date | None:
    """A day number as a date, None for NO_DAY."""
    return None if number == NO_DAY else as_date(number)


def month_days(period: str) -> tuple[int, int]:
    """The first and the last day of a month (2026-10)."""
    month = np.datetime64(period, "M")
    first, after = (int(m.astype("M8[D]").astype(np.int64)) for m in (month, month + 1))
    return first, after - 1


def quarter_days(period: str) -> tuple[int, int]:
    """The first and the last day of the quarter that a month (2026-10) lies in."""
    year, month = period.split("-")
    first = (int(month) - 1) // 3 * 3 + 1
    return month_days(f"{year}-{first:02}")[0], month_days(f"{year}-{first + 2:02}")[1]


def month_of(days: np.ndarray) -> np.ndarray:
    """Months since 1970-01 of day numbers; NO_DAY has a month of its own."""
    months: np.ndarray = days.astype("M8[D]").astype("M8[M]").astype(np.int64)
    return months
