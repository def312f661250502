"""The one rule that explains most of some rows: a sweep over rate intervals per fixed part, minimum and maximum.

Nothing is regressed: each row allows an interval of rates, and the rate is the simplest among those that most rows
allow. Fixed parts are told apart by the same sweep with a unit of play to either side, which holds for every rounding.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from recon.fees.terms import DECIMALS, SCALE, Terms, intervals
from recon.money import Minor, Rounding, divide_all

#: Rates are looked for in this many rows, spread evenly; fixed parts in as many distinct ones as the next says.
_SAMPLE = 2_000
_POINTS = 240
#: (2 × fee + 1) × scale stays inside int64 up to here (400 million in major units of two decimals).
_LARGEST = 4 * 10**10
#: Fixed parts that are always tried (0.01 to 0.60); larger ones where the rows point at them.
_SMALL = 60
_TRIED = 4
_PARTS = 16


class Points(NamedTuple):
    """Distinct rows and how often each stands."""

    base: Minor
    fee: Minor
    times: Minor


def fit(base: Minor, fee: Minor) -> list[Terms]:
    """Return the rules that explain most of these rows, less their price: the best, of equal ones the simplest, first.

    Args:
        base: positive minor units.
        fee: zero or more.

    Returns:
        One at least. The others explain no more than two rows less.
    """
    points = _points(base, fee)
    found = {_swept(points, Terms(rounding=mode)) for mode in Rounding}
    best = _best(points, found)
    if _worth(points, best) < int(points.times.sum()):
        found |= {_swept(points, parts) for parts in _parts(points)}
        for terms in _ranked(points, found)[:_TRIED]:
            found |= set(_variants(points, terms))
        for terms in _ranked(points, found)[:_TRIED]:
            found |= set(_clipped(points, terms))
        found |= set(_variants(points, _best(points, found)))
    ranked = _ranked(points, found)
    least = _worth(points, ranked[0]) - 2
    return [terms for terms in ranked if _worth(points, terms) >= least]


def refit(base: Minor, fee: Minor, parts: Iterable[Terms]) -> list[Terms]:
    """Return for each of some rules the one with the same parts and rounding, but the rate that suits these rows."""
    points = _points(base, fee)
    return [_swept(points, terms) for terms in parts]


def _points(base: Minor, fee: Minor) -> Points:
    step = max(1, len(base) // _SAMPLE)
    base, fee = base[::step], fee[::step]
    inside = (base <= _LARGEST) & (fee <= _LARGEST)
    base, fee = base[inside], fee[inside]
    order = np.lexsort((fee, base))
    base, fee = base[order], fee[order]
    first = np.flatnonzero(np.append(True, (np.diff(base) != 0) | (np.diff(fee) != 0))[: len(base)])
    return Points(base[first], fee[first], np.diff(np.append(first, len(base))))


def _worth(points: Points, terms: Terms) -> int:
    return int(points.times[terms.explains(points.base, points.fee)].sum()) - terms.price()


def _ranked(points: Points, found: Iterable[Terms]) -> list[Terms]:
    return sorted(found, key=lambda terms: (-_worth(points, terms), *terms.oddness()))


def _best(points: Points, found: Iterable[Terms]) -> Terms:
    return _ranked(points, found)[0]


def _variants(points: Points, terms: Terms) -> Iterable[Terms]:
    """The same parts under every rounding."""
    return (_swept(points, terms._replace(rounding=mode)) for mode in Rounding)


def _clipped(points: Points, terms: Terms) -> Iterable[Terms]:
    """The same with the minimum and the maximum that most of the missed rows point at."""
    free = terms._replace(minimum=0, maximum=None)
    line = free.cost(points.base)
    low = _most(points, points.fee > line)
    high = _most(points, points.fee < line)
    lows = [0] if low is None or low < terms.fixed else [0, low]
    highs = [None] if high is None else [None, high]
    for minimum in lows:
        for maximum in highs:
            if (minimum or maximum is not None) and (maximum is None or maximum > minimum):
                yield _swept(points, free._replace(minimum=minimum, maximum=maximum))


def _most(points: Points, chosen: np.ndarray) -> int | None:
    """The fee that most of the chosen rows have; None where there are none."""
    if not chosen.any():
        return None
    values, place = np.unique(points.fee[chosen], return_inverse=True)
    rows = np.zeros(len(values), dtype=np.int64)
    np.add.at(rows, place, points.times[chosen])
    return int(values[np.argmax(rows)])


def _swept(points: Points, terms: Terms) -> Terms:
    """The simplest rate among those that the most rows allow: a sweep over the ends of the intervals."""
    low, high = intervals(points.base, points.fee, terms)
    allowed = low <= high
    if not allowed.any():
        return terms._replace(rate=0, decimals=0)
    low, high, count = low[allowed], high[allowed], points.times[allowed]
    starts, cover = _cover(low, high, count)
    ends = np.append(starts[1:] - 1, starts[-1])
    mean = _mean(points, terms)
    found = []
    for decimals in range(DECIMALS + 1):
        grid = 10 ** (DECIMALS - decimals)
        first, last = -(-starts // grid) * grid, ends // grid * grid
        held = np.where(first <= last, cover, 0)
        top = held == held.max()
        nearest = np.clip((mean + grid // 2) // grid * grid, first[top], last[top])
        rate = int(nearest[np.lexsort((nearest, np.abs(nearest - mean)))[0]])
        one = terms._replace(rate=rate, decimals=decimals)
        found.append((one.price() - int(held.max()), decimals, one))
        if held.max() == cover.max():
            break
    return min(found, key=lambda each: each[:2])[2]


def _cover(low: Minor, high: Minor, count: Minor) -> tuple[Minor, Minor]:
    """How many rows allow the rates from each start on, up to the next start."""
    up, down = np.argsort(low, kind="stable"), np.argsort(high, kind="stable")
    starts = np.unique(np.concatenate([low, high + 1]))
    begun = np.append(0, np.cumsum(count[up]))[np.searchsorted(low[up], starts, "right")]
    ended = np.append(0, np.cumsum(count[down]))[np.searchsorted(high[down], starts, "left")]
    return starts, begun - ended


def _mean(points: Points, terms: Terms) -> int:
    """The rate on the whole, as a hint between equally good ones; in Python's integers, as sums times scale are big."""
    free = points.fee > terms.minimum
    if terms.maximum is not None:
        free &= points.fee < terms.maximum
    base, count = points.base[free], points.times[free]
    whole = sum((base.astype(object) * count).tolist())
    cost = sum(((points.fee[free] - terms.fixed).astype(object) * count).tolist())
    return min(max(cost, 0) * SCALE // whole, SCALE) if whole else 0


# Fixed parts, minimum and maximum


def _parts(points: Points) -> list[Terms]:
    """The parts beside the rate with which most may be explained, a unit of play allowed.

    The most frequent fees (of all, of the smaller and of the larger half) are tried as minimum and as maximum.
    """
    some = _spread(points)
    tried = np.unique(np.array([*range(_SMALL + 1), *_pointed(points)], dtype=np.int64))
    order, weight = _events(some, tried)
    half = len(some.base) // 2
    smaller = np.arange(len(some.base)) < half
    modes = {_most(some, chosen) for chosen in (smaller, ~smaller, smaller | True)}
    values = sorted(value for value in modes if value)
    found = []
    for minimum in (0, *values):
        for maximum in (None, *(value for value in values if value > minimum)):
            at = (some.fee == minimum) & (minimum > 0) | (some.fee == (-1 if maximum is None else maximum))
            kept = np.where(at, 0, some.times)
            held = np.cumsum(np.take_along_axis(weight * np.tile(kept, 2), order, axis=1), axis=1).max(axis=1)
            best = np.lexsort((tried, tried % 5 != 0, tried % 10 != 0, -held))[:_TRIED]
            for place in best.tolist():
                terms = Terms(fixed=int(tried[place]), minimum=minimum, maximum=maximum)
                if terms.fixed <= minimum or not minimum:
                    found.append((terms.price() - int(held[place]) - int(some.times[at].sum()), terms))
    found.sort(key=lambda each: (each[0], *each[1].oddness()))
    return [terms for _, terms in found[:_PARTS]]


def _spread(points: Points) -> Points:
    """So many of the points, spread evenly over the amounts."""
    size = len(points.base)
    if size <= _POINTS:
        return points
    places = np.arange(_POINTS) * size // _POINTS
    return Points(*(column[places] for column in points))


def _events(points: Points, fixed: Minor) -> tuple[np.ndarray, np.ndarray]:
    """Begins and ends of the rates of each point (columns) under each fixed part (rows), and their order."""
    cost = points.fee[None, :] - fixed[:, None]
    low, high = -(-(cost - 1) * SCALE // points.base), (cost + 1) * SCALE // points.base
    possible = ((cost >= 0) & (low <= SCALE)).astype(np.int64)
    ends = [2 * np.clip(low, 0, SCALE) + 1, 2 * np.clip(high + 1, 0, SCALE + 1)]  # at one rate ends go before begins
    moments = np.concatenate(ends, axis=1)
    return np.argsort(moments, axis=1, kind="stable"), np.concatenate([possible, -possible], axis=1)


def _pointed(points: Points) -> list[int]:
    """What is left of the fees at the median slope between smaller and larger rows."""
    base, fee = points.base, points.fee
    half = len(base) // 2
    rise, run = fee[half:] - fee[: len(fee) - half], base[half:] - base[: len(base) - half]
    slopes = np.sort(rise[run > 0] * SCALE // run[run > 0])
    slope = min(max(int(slopes[len(slopes) // 2]), 0), SCALE) if len(slopes) else 0
    left = fee[:half] - divide_all(base[:half] * np.int64(slope), SCALE)
    values, counts = np.unique(left, return_counts=True)
    usual = int(values[np.argmax(counts)]) if len(values) else int(fee.min(initial=0))
    least = int(fee.min(initial=0))
    return [fixed for fixed in (*range(usual - 2, usual + 3), least) if fixed > 0]
