"""Days on which trade is not what it is on their weekday: promotions of the platforms, public holidays."""

from __future__ import annotations

from functools import cache

import holidays
import numpy as np

from recon.ledger.days import as_date
from recon.timing import worked_days

#: The platforms' sales by month and day; the day before belongs to each: buyers hold back, or the sale begins at eight.
PROMOTIONS = frozenset({(3, 8), (6, 18), (8, 8), (9, 9), (11, 11), (12, 12)})
#: So long after a promotion its refunds come in beside an everyday number of payments.
REFUNDS_FOLLOW = 14


def promotions(first: int, last: int) -> np.ndarray:
    """Return which days from first to last are a promotion or its eve."""
    return np.array([_on_sale(day) or _on_sale(day + 1) for day in range(first, last + 1)], dtype=bool)


def unusual(first: int, last: int, country: str = "CN") -> np.ndarray:
    """Return which days are compared with no other: promotions, their eves, public holidays, worked weekends."""
    dates = [as_date(day) for day in range(first, last + 1)]
    calendar = _calendar(country, dates[0].year, dates[-1].year)
    worked = worked_days(first, last, country)
    off = [d in calendar or works != (d.weekday() < 5) for d, works in zip(dates, worked.tolist(), strict=True)]
    days: np.ndarray = promotions(first, last) | np.array(off, dtype=bool)
    return days


def after_promotions(first: int, last: int) -> np.ndarray:
    """Return which days are a promotion, its eve, or so near behind one that its refunds still come."""
    start = first - REFUNDS_FOLLOW
    sold = np.r_[0, np.cumsum(promotions(start, last))]
    near: np.ndarray = (sold[REFUNDS_FOLLOW + 1 :] - sold[: -REFUNDS_FOLLOW - 1]) > 0
    return near


@cache
def _calendar(country: str, first: int, last: int) -> holidays.HolidayBase:
    """The holidays of some years; to work them out takes longer than to judge the days of a small month."""
    return holidays.country_holidays(country, years=range(first, last + 1))


def _on_sale(day: int) -> bool:
    found = as_date(day)
    return (found.month, found.day) in PROMOTIONS
