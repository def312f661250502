"""When money is due, and which days the files cover.

Days are whole days since 1970-01-01 (int64), each in its channel's own zone. A partner is missing only when it is due
at `as_of` and the other side's files cover its window; until then the item is in transit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

import holidays
import numpy as np

from recon.ledger.channel import Window
from recon.ledger.days import NO_DAY, as_date, day_number


@lru_cache(maxsize=64)
def _working_year(country: str, year: int) -> np.ndarray:
    """Which days of a year are worked, make-up Saturdays and Sundays included (the holidays package's calendars)."""
    calendar = holidays.country_holidays(country, years=year)
    first = date(year, 1, 1)
    length = (date(year + 1, 1, 1) - first).days
    return np.array([calendar.is_working_day(first + timedelta(days=n)) for n in range(length)], dtype=bool)


def worked_days(first: int, last: int, country: str = "CN") -> np.ndarray:
    """Return which days from first to last (day numbers) are worked in a country, by its ISO code."""
    years = range(as_date(first).year, as_date(last).year + 1)
    base = day_number(date(years[0], 1, 1))
    return np.concatenate([_working_year(country, y) for y in years])[first - base : last - base + 1]


def add_working_days(days: np.ndarray, count: int, country: str = "CN") -> np.ndarray:
    """Return the `count`-th working day after each day; 0 returns the day itself.

    Args:
        days: day numbers, none of them NO_DAY.
        count: working days, 0 or more.
        country: ISO code of the account's country.
    """
    if count == 0 or not len(days):
        return days.copy()
    low, high = int(days.min()), int(days.max()) + 3 * count + 30
    working = low + np.flatnonzero(worked_days(low, high, country))
    after = np.searchsorted(working, days, side="right")
    return working[after + count - 1]


def window(
    windows: Sequence[Window], trigger: np.ndarray, detailed: Mapping[str, np.ndarray] = MappingProxyType({})
) -> tuple[np.ndarray, np.ndarray]:
    """Return the earliest and the due day for each trigger day.

    Args:
        windows: dated windows of one channel; the first that holds on the trigger day counts.
        trigger: day numbers, NO_DAY where the trigger is not known.
        detailed: detail of a window -> which triggers are of orders that have it; without it none is.

    Returns:
        earliest, due: day numbers, NO_DAY where no window or no trigger is known.
    """
    earliest = np.full(len(trigger), NO_DAY, dtype=np.int64)
    due = earliest.copy()
    for rule in windows:
        holds = (trigger != NO_DAY) & (due == NO_DAY)
        if rule.since is not None:
            holds &= trigger >= day_number(rule.since)
        if rule.until is not None:
            holds &= trigger <= day_number(rule.until)
        if rule.detail is not None:
            holds &= detailed.get(rule.detail, False)
        start = trigger[holds]
        earliest[holds] = start + rule.earliest
        working = rule.unit == "working"
        due[holds] = add_working_days(start, rule.latest, rule.country) if working else start + rule.latest
    return earliest, due


@dataclass(frozen=True, slots=True)
class Coverage:
    """The days that the files of one account cover: first to last, less the holes (first and last day of each)."""

    first: int
    last: int
    holes: tuple[tuple[int, int], ...] = ()

    def covers(self, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        """True where every day from low to high is covered."""
        inside = (low >= self.first) & (high <= self.last)
        for start, end in self.holes:
            inside &= (high < start) | (low > end)
        return inside


@dataclass(frozen=True, slots=True)
class FilePeriod:
    """What one file says of one account, as the hole rule needs it (amounts in minor units).

    until: the last day of its rows, where the file covers less than they reach.
    """

    first: int
    last: int
    stated: bool
    opening: int | None
    closing: int | None
    until: int = NO_DAY

    @property
    def told(self) -> int:
        """The last day that the file speaks of."""
        return max(self.last, self.until)


@dataclass(frozen=True, slots=True)
class Hole:
    """Days of an account that lie in no file; the balances beside them where both are printed."""

    account: str
    first: int
    last: int
    before: int | None
    after: int | None


def cover(account: str, files: Sequence[FilePeriod], days: np.ndarray) -> tuple[Coverage, tuple[Hole, ...]] | None:
    """Work out the coverage of one account.

    The simple rule for holes: uncovered days between two files are a hole only between stated periods, or across a
    balance chain that breaks between the files, or when the gap is longer than the longest run of days without a row
    inside the account's own files. Where the balance carries on there is none.

    Args:
        account: the account's name.
        files: its files, in any order.
        days: sorted distinct days on which the account has rows.

    Returns:
        Coverage and its holes, None when no file has a day.
    """
    ordered = sorted(files, key=lambda f: (f.first, f.last, f.stated, f.opening or 0, f.closing or 0))
    if not ordered:
        return None
    quiet = _longest_quiet(ordered, days)
    holes: list[Hole] = []
    before = ordered[0]
    reach, told = before.last, before.told
    for current in ordered[1:]:
        gap = current.first - told - 1
        if gap > 0 and _is_hole(before, current, gap, quiet):
            holes.append(Hole(account, told + 1, current.first - 1, before.closing, current.opening))
        if current.last >= reach:
            before, reach = current, current.last
        told = max(told, current.told)
    return Coverage(ordered[0].first, reach, tuple((h.first, h.last) for h in holes)), tuple(holes)


def _is_hole(before: FilePeriod, after: FilePeriod, gap: int, quiet: int) -> bool:
    if before.closing is not None and after.opening is not None:
        return before.closing != after.opening
    if before.stated and after.stated:
        return True
    return gap > quiet


def _longest_quiet(files: Sequence[FilePeriod], days: np.ndarray) -> int:
    """The longest run of days without a row inside one file of the account."""
    longest = 0
    for file in files:
        inside = days[(days >= file.first) & (days <= file.told)]
        edges = np.r_[file.first - 1, inside, file.last + 1] if file.stated else inside
        if len(edges) > 1:
            longest = max(longest, int(np.diff(edges).max()) - 1)
    return longest


def covered_by_all(coverages: Mapping[str, Coverage], low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """True where every one of the accounts covers every day from low to high; false where there is no account."""
    if not coverages:
        return np.zeros(len(low), dtype=bool)
    covered = np.ones(len(low), dtype=bool)
    for coverage in coverages.values():
        covered &= coverage.covers(low, high)
    return covered
