"""Seeded draws, days, and the texts of money and time that the files are made of.

A moment is a whole number of seconds since day 0 (`date.toordinal`), in China's zone; a day is such an ordinal. Money
is whole minor units.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from hashlib import sha256
from typing import Any

import holidays
import numpy as np

DAY = 86_400
HOUR = 3_600


class Dice:
    """Draws from the raw bits alone, whose stream numpy keeps from one version to the next."""

    def __init__(self, *seed: object) -> None:
        text = "/".join(str(part) for part in seed)
        self._bits = np.random.PCG64(int.from_bytes(sha256(text.encode()).digest()))
        self._drawn: list[int] = []

    def _raw(self) -> int:
        if not self._drawn:
            self._drawn = self._bits.random_raw(4096).tolist()
        return self._drawn.pop()

    def between(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + self._raw() % (high - low + 1)

    def chance(self, per_thousand: int) -> bool:
        """True in so many of a thousand draws."""
        return self.between(0, 999) < per_thousand

    def pick(self, some: Sequence[Any]) -> Any:
        """One of several."""
        return some[self.between(0, len(some) - 1)]

    def shuffled(self, some: Sequence[Any]) -> list[Any]:
        """All of them in a random order."""
        keys = [(self._raw(), place) for place in range(len(some))]
        return [some[place] for _, place in sorted(keys)]


@cache
def day_text(day: int) -> str:
    """`2026-10-01`."""
    return date.fromordinal(day).isoformat()


def compact(day: int) -> str:
    """`20261001`."""
    return day_text(day).replace("-", "")


@cache
def _second(second: int) -> str:
    return f"{second // HOUR:02d}:{second // 60 % 60:02d}:{second % 60:02d}"


def clock(at: int) -> str:
    """`2026-10-01 09:30:00`; 0 is never, and empty."""
    return f"{day_text(at // DAY)} {_second(at % DAY)}" if at else ""


def yuan(minor: int) -> str:
    """-1205 is -12.05."""
    size = abs(minor)
    return f"{'-' if minor < 0 else ''}{size // 100}.{size % 100:02d}"


def share(amount: int, numerator: int, denominator: int) -> int:
    """A share of an amount of either sign, rounded half up by its size."""
    size = (abs(amount) * numerator * 2 + denominator) // (2 * denominator)
    return size if amount >= 0 else -size


def working_days(first: int, last: int) -> list[int]:
    """The working days of China between two days, both included, with the Saturdays that are worked."""
    china = holidays.country_holidays("CN", years=range(date.fromordinal(first).year, date.fromordinal(last).year + 1))
    return [day for day in range(first, last + 1) if china.is_working_day(date.fromordinal(day))]
