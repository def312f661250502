"""Searches of last resort for one payout: a set of rows less few plus few, and any subset of free rows.

Both count row by row how many sets hit the amount and never take the first: one alone may be meant, many are said to be
undecidable by amount. What accidents they had to expect goes with the find (`expect.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import comb
from typing import NamedTuple

import numpy as np

from recon.matching.payouts.expect import MILLION, by_chance, expected
from recon.money import Minor

#: Sets are counted exactly up to so many, then they are "more".
CAP = 1_000
#: Accidents are counted among sums that miss by at most so many lattice steps.
_REACH = 2_000
#: Pairs are looked for among at most so many rows a side, subsets while each half has at most so many sums.
_PAIRED = 400
_HALF = 2**20
#: Where the formula expects so many subsets they are not counted at all: it may be wrong, but not a hundredfold.
_HOPELESS = 100 * CAP


@dataclass(frozen=True)
class Found:
    """What a search found.

    ways: sets of rows that hit, exactly up to CAP, CAP + 1 for more. left, added: rows of the only set, places in the
    arrays that were given. expected: accidents to expect, in millionths.
    """

    ways: int
    left: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    added: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    expected: int = 0


class _Sums(NamedTuple):
    """Distinct sums, ascending, and how many sets of rows give each."""

    value: Minor
    ways: np.ndarray


def few(inside: Minor, outside: Minor, gap: int, most: int = 2) -> Found:
    """Look for at most `most` rows left out of a set and as many added to it that explain what it is too much.

    The fewest rows that explain it are taken; what takes more rows is not looked at then.

    Args:
        inside: nets of the rows of the set, minor units.
        outside: nets of the free rows beside it.
        gap: sum of the set less the payout, not zero.
        most: rows left out, and rows added; at most 2.
    """
    step = int(np.gcd.reduce(np.concatenate([inside, outside]))) or 1
    sides = [[_of_size(values, size) for size in range(most + 1)] for values in (inside, outside)]
    cost = 0
    for size in range(1, 2 * most + 1):
        ways = 0
        split = (0, 0)
        for left in range(max(0, size - most), min(most, size) + 1):
            hits, near = _meeting(sides[0][left], sides[1][size - left], gap, _REACH * step)
            cost += expected(near, _REACH * step, step)
            ways += hits
            split = (left, size - left) if hits else split
        if ways == 1:
            left_sum, added_sum = _only(sides[0][split[0]], sides[1][split[1]], gap)
            return Found(1, _rows(inside, split[0], left_sum), _rows(outside, split[1], added_sum), cost)
        if ways:
            return Found(min(ways, CAP + 1), expected=cost)
    return Found(0, expected=cost)


def _of_size(values: Minor, size: int) -> _Sums:
    """The sums of so many rows: none, one or two."""
    if size == 0:
        return _Sums(np.zeros(1, dtype=np.int64), np.ones(1, dtype=np.int64))
    if size == 1:
        return _Sums(*np.unique(values, return_counts=True))
    if len(values) > _PAIRED:
        return _Sums(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))
    first, second = np.triu_indices(len(values), 1)
    return _Sums(*np.unique(values[first] + values[second], return_counts=True))


def _meeting(left: _Sums, added: _Sums, gap: int, reach: int) -> tuple[int, int]:
    """How many pairs of sets differ by the gap, and how many by the gap within reach."""
    return _pairs(left, added, gap, 0), _pairs(left, added, gap, reach)


def _pairs(left: _Sums, added: _Sums, gap: int, reach: int) -> int:
    until = np.append(0, np.cumsum(added.ways))
    low = np.searchsorted(added.value, left.value - gap - reach)
    high = np.searchsorted(added.value, left.value - gap + reach, side="right")
    return int((left.ways * np.minimum(until[high] - until[low], MILLION)).sum())


def _only(left: _Sums, added: _Sums, gap: int) -> tuple[int, int]:
    value = left.value[np.isin(left.value - gap, added.value)][0]
    return int(value), int(value) - gap


def _rows(values: Minor, size: int, total: int) -> np.ndarray:
    """The only rows, so many, that add up to the total."""
    if size == 0:
        return np.empty(0, dtype=np.int64)
    if size == 1:
        return np.flatnonzero(values == total)
    rows = np.flatnonzero(np.isin(total - values, values))
    return rows if len(rows) == 2 else rows[2 * values[rows] != total]


def count_subsets(values: Minor, target: int, size: int | None = None) -> int | None:
    """Return how many sets of rows add up to the target, exactly up to CAP, CAP + 1 for more; None: too many to count.

    The empty set counts nowhere.

    Args:
        values: nets of the free rows, minor units.
        target: what they should add up to.
        size: only sets of so many rows.
    """
    halves = _halves(values)
    if halves is None:
        return None
    if size is not None and size > len(values):
        return 0
    factor = len(values) + 1 if size is not None else 1
    wanted = target * factor + size if size is not None else target
    left, right = (_distinct(half.total * factor + (half.rows if size is not None else 0), half) for half in halves)
    hits = _pairs(left, _Sums(-right.value[::-1], right.ways[::-1]), wanted, 0)
    return min(hits - (target == 0 and not size), CAP + 1)


def subset(values: Minor, target: int) -> Found:
    """Look for the only set of free rows that adds up to a payout; a formula tells beforehand where that is hopeless.

    Args:
        values: nets of the free rows, minor units.
        target: the payout, not zero.
    """
    hopeless = by_chance(values, target) > _HOPELESS
    ways, halves = (None, None) if hopeless else (count_subsets(values, target), _halves(values))
    if ways is None or halves is None:
        return Found(CAP + 1)
    step = int(np.gcd.reduce(values)) or 1
    reach = _REACH * step
    left, right = (_distinct(half.total, half) for half in halves)
    cost = expected(_pairs(left, _Sums(-right.value[::-1], right.ways[::-1]), target, reach), reach, step)
    if ways != 1:
        return Found(ways, expected=cost)
    one = int(np.flatnonzero(np.isin(target - halves[0].total, halves[1].total))[0])
    other = int(np.flatnonzero(halves[1].total == target - halves[0].total[one])[0])
    taken = np.concatenate([halves[0].taken(one), halves[1].taken(other)])
    return Found(1, added=np.flatnonzero(np.isin(values, taken)), expected=cost)


class _Half(NamedTuple):
    """All sums over some distinct values, each taken 0 to as many times as it has rows: the places are mixed radix."""

    values: Minor
    times: np.ndarray
    total: Minor
    rows: np.ndarray
    ways: np.ndarray

    def taken(self, place: int) -> Minor:
        """The distinct values that are taken at a place."""
        found = []
        for value, times in zip(self.values[::-1], self.times[::-1], strict=True):
            place, digit = divmod(place, int(times) + 1)
            if digit:
                found.append(int(value))
        return np.array(found, dtype=np.int64)


def _halves(values: Minor) -> tuple[_Half, _Half] | None:
    """The distinct values in two halves with about equally many sums; None where there are too many."""
    distinct, times = np.unique(values, return_counts=True)
    product, middle = 1, 0
    for count in times:
        if product * (int(count) + 1) > _HALF or product**2 > np.prod((times + 1).astype(object)):
            break
        product *= int(count) + 1
        middle += 1
    if np.prod((times[middle:] + 1).astype(object)) > _HALF:
        return None
    return _half(distinct[:middle], times[:middle]), _half(distinct[middle:], times[middle:])


def _half(values: Minor, times: np.ndarray) -> _Half:
    total, rows = np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64)
    ways = np.ones(1, dtype=np.int64)
    for value, count in zip(values, times, strict=True):
        digits = np.arange(int(count) + 1, dtype=np.int64)
        # More than a million ways are as good as a million: products of two halves stay inside 64 bits.
        choices = np.array([min(comb(int(count), int(d)), MILLION) for d in digits], dtype=np.int64)
        total = (total[:, None] + digits * value).ravel()
        rows = (rows[:, None] + digits).ravel()
        ways = np.minimum((ways[:, None] * choices).ravel(), MILLION)
    return _Half(values, times, total, rows, ways)


def _distinct(sums: Minor, half: _Half) -> _Sums:
    order = np.argsort(sums, kind="stable")
    value, start = np.unique(sums[order], return_index=True)
    return _Sums(value, np.minimum(np.add.reduceat(half.ways[order], start), MILLION))


def overlapping(sets: Sequence[np.ndarray]) -> list[bool]:
    """Say which sets of rows share a row with another one."""
    if not sets:
        return []
    row, count = np.unique(np.concatenate([np.unique(rows) for rows in sets]), return_counts=True)
    shared = row[count > 1]
    return [bool(np.isin(rows, shared).any()) for rows in sets]
