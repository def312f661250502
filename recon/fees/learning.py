"""A fee rule learned from rows, where neither contract nor row states one.

Each row (base, fee) is the interval of rates that give exactly this fee; the rule is the simplest rate that lies in the
most intervals. Dates are divided among such candidates so that most rows are explained.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from recon.money import Minor, Rounding, at_rate_all, divide_all

Days = npt.NDArray[np.int64]
Counts = npt.NDArray[np.int64]
Hits = npt.NDArray[np.bool_]

#: A rule is learned from at least so many rows, and holds if it explains so many of 100 of them.
LEAST_ROWS = 20
SHARE = 95
#: Rates are looked for on a grid of 1e-8, the resolution in which the ledger keeps printed rates.
_DECIMALS = 8
_SCALE = 10**_DECIMALS
#: Contracts are written in hundredths of a per cent; a finer rate needs more evidence than a single row.
_PLAIN_DECIMALS = 4
#: Rates are looked for in this many rows, spread evenly; what a rule explains is counted over all rows.
_SAMPLE = 20_000
#: (2 × fee + 1) × scale stays inside int64 up to here (400 million in major units of two decimals).
_LARGEST = 4 * 10**10
#: A change of the rule must explain so many rows more than no change would.
_CHANGE = 5
_ROUNDS = 4


class Fit(NamedTuple):
    """A learned rule: rate, fixed part and rounding, the days it holds, and how many of its rows it explains."""

    rate: Fraction
    fixed: int
    rounding: Rounding
    since: int | None
    until: int | None
    explained: int
    rows: int


class Learned(NamedTuple):
    """What was learned: rules by date (none: no rule explains enough), and what the best explains of all rows."""

    rules: tuple[Fit, ...]
    explained: int
    rows: int


class _Curve(NamedTuple):
    """A candidate: a rate in 1e-8 (`decimals` of it are needed to write it), a fixed part and a rounding."""

    fixed: int
    decimals: int
    rate: int
    rounding: Rounding

    def explains(self, base: Minor, fee: Minor) -> Hits:
        cost = at_rate_all(base, Fraction(self.rate, _SCALE), self.rounding) + self.fixed
        return np.asarray(cost == fee)

    def price(self, rows: int) -> int:
        """How many of `rows` rows more an unusual rule must explain than a plain one, as it may fit mere noise."""
        unusual = min(max(2, rows // 100), 20)
        price = (unusual if self.decimals > _PLAIN_DECIMALS else 0) + (self.fixed > 0)
        if self.rounding is Rounding.HALF_EVEN:
            return price + 2
        return price if self.rounding is Rounding.HALF_UP else price + unusual


class _Span(NamedTuple):
    """Days first..last (places among the days) under one candidate."""

    curve: int
    first: int
    last: int


@dataclass(frozen=True)
class _Rows:
    """Rows in an order of their own (day, base, fee), so that the order they come in decides nothing."""

    base: Minor
    fee: Minor
    days: Days
    bounds: Counts  # of each day's rows, len(days) + 1

    def of(self, first: int, last: int) -> slice:
        return slice(int(self.bounds[first]), int(self.bounds[last + 1]))

    def count(self, hits: Hits) -> Counts:
        return np.add.reduceat(hits.astype(np.int64), self.bounds[:-1])


def learn(base: Minor, fee: Minor, day: Days) -> Learned:
    """Find the rule, or the dated rules, that explain what was charged.

    Args:
        base: positive minor units the fee was taken of, one row per payment without refund.
        fee: what was charged, as a cost, zero or more.
        day: day number of the payment.

    Returns:
        Rules in order of date; the first holds from the beginning, the last without end. They are split at each day
        that divides two rules which each explain 95 % of at least 20 rows. No rules where there are fewer than 20
        rows, or where the rules explain less than 95 % of them.
    """
    if len(base) < LEAST_ROWS:
        return Learned((), 0, len(base))
    rows = _rows(base, fee, day)
    whole = _fit(rows.base, rows.fee)
    perfect = bool(whole.explains(rows.base, rows.fee).all())
    curves = [whole] if perfect else sorted({whole, *_windows(rows)})
    hits, spans = _assign(rows, curves)
    for _ in range(_ROUNDS):
        found = set(_refined(rows, spans, curves)) - set(curves)
        if not found:
            break
        curves = sorted({*(curves[span.curve] for span in spans), *found})
        hits, spans = _assign(rows, curves)
    return _learned(rows, hits, spans, curves)


def _rows(base: Minor, fee: Minor, day: Days) -> _Rows:
    first, wide, deep = int(day.min()), int(base.max()) + 1, int(fee.max()) + 1
    if (int(day.max()) - first + 1) * wide * deep < 2**63:
        # One sort of one number per row, several times faster than a sort by three columns.
        packed = np.sort(((day - first) * wide + base) * deep + fee)
        packed, fee = np.divmod(packed, deep)
        day, base = np.divmod(packed, wide)
        day += first
    else:
        order = np.lexsort((fee, base, day))
        base, fee, day = base[order], fee[order], day[order]
    starts = np.append(0, np.flatnonzero(np.diff(day)) + 1)
    return _Rows(base, fee, day[starts], np.append(starts, len(day)))


def _assign(rows: _Rows, curves: list[_Curve]) -> tuple[Counts, list[_Span]]:
    """Count what each candidate explains on each day, and divide the days among them."""
    hits = np.stack([rows.count(curve.explains(rows.base, rows.fee)) for curve in curves])
    prices = np.array([curve.price(len(rows.base)) for curve in curves], dtype=np.int64)
    return hits, _tenable(rows, hits, _divide(hits, prices), prices)


def _learned(rows: _Rows, hits: Counts, spans: list[_Span], curves: list[_Curve]) -> Learned:
    fits = []
    for number, span in enumerate(spans):
        curve = curves[span.curve]
        part = rows.of(span.first, span.last)
        fits.append(
            Fit(
                rate=Fraction(curve.rate, _SCALE),
                fixed=curve.fixed,
                rounding=curve.rounding,
                since=int(rows.days[span.first]) if number else None,
                until=int(rows.days[spans[number + 1].first]) - 1 if number + 1 < len(spans) else None,
                explained=int(hits[span.curve, span.first : span.last + 1].sum()),
                rows=part.stop - part.start,
            )
        )
    explained = sum(fit.explained for fit in fits)
    holds = _enough(explained, len(rows.base))
    return Learned(tuple(fits) if holds else (), explained, len(rows.base))


def _enough(explained: int, rows: int) -> bool:
    return rows >= LEAST_ROWS and explained * 100 >= rows * SHARE


# Candidates


def _windows(rows: _Rows) -> set[_Curve]:
    """Candidates from the halves, quarters and eighths in order of date: a part may have one rule."""
    found = set()
    size = len(rows.base)
    for parts in (2, 4, 8):
        edges = [size * part // parts for part in range(parts + 1)]
        for low, high in pairwise(edges):
            if high - low >= LEAST_ROWS:
                found.add(_fit(rows.base[low:high], rows.fee[low:high]))
    return found


def _refined(rows: _Rows, spans: Iterable[_Span], curves: list[_Curve]) -> Iterable[_Curve]:
    """Candidates from each span as it stands, and from the days where its rule fails."""
    for span in spans:
        part = rows.of(span.first, span.last)
        base, fee = rows.base[part], rows.fee[part]
        missed = ~curves[span.curve].explains(base, fee)
        misses = np.count_nonzero(missed)
        if misses and part.stop - part.start >= LEAST_ROWS:
            yield _fit(base, fee)
        if misses >= _CHANGE:
            yield _fit(base[missed], fee[missed])
            bounds = rows.bounds[span.first : span.last + 2] - part.start
            yield from (_fit(base[low:high], fee[low:high]) for low, high in _failing(missed, bounds))


def _failing(missed: Hits, bounds: Counts) -> list[tuple[int, int]]:
    """Row ranges of the longest runs of days on which more than 5 % of the rows are missed."""
    misses = np.add.reduceat(missed.astype(np.int64), bounds[:-1])
    bad = misses * 100 > np.diff(bounds) * (100 - SHARE)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], bad, [False]]).astype(np.int8)))
    runs = [(int(bounds[low]), int(bounds[high])) for low, high in edges.reshape(-1, 2)]
    runs = [(low, high) for low, high in runs if high - low >= LEAST_ROWS]
    return sorted(runs, key=lambda run: (run[0] - run[1], run[0]))[:8]


def _fit(base: Minor, fee: Minor) -> _Curve:
    """The candidate that explains most of these rows, less its price; of equal ones the simplest."""
    step = max(1, len(base) // _SAMPLE)
    base, fee = base[::step], fee[::step]
    inside = (base <= _LARGEST) & (fee <= _LARGEST)
    base, fee = base[inside], fee[inside]
    found = [_sweep(base, fee, Rounding.HALF_UP)]
    if _hits(found[0], base, fee) < len(base):
        found += [_sweep(base, fee, mode) for mode in (Rounding.DOWN, Rounding.UP)]
        found.append(found[0]._replace(rounding=Rounding.HALF_EVEN))
    if not _enough(max(_hits(curve, base, fee) for curve in found), len(base)):
        found += [_sweep(base, fee, Rounding.HALF_UP, fixed) for fixed in _fixed_parts(base, fee)]
    return min(found, key=lambda curve: (curve.price(len(base)) - _hits(curve, base, fee), *_oddness(curve)))


def _hits(curve: _Curve, base: Minor, fee: Minor) -> int:
    return int(np.count_nonzero(curve.explains(base, fee)))


def _oddness(curve: _Curve) -> tuple[int, ...]:
    fixed = curve.fixed
    return curve.decimals, bool(fixed % 10), bool(fixed % 5), fixed, curve.rate, list(Rounding).index(curve.rounding)


def _sweep(base: Minor, fee: Minor, mode: Rounding, fixed: int = 0) -> _Curve:
    """The simplest rate among those that the most rows allow: a sweep over the ends of the intervals."""
    low, high = _intervals(base, fee - fixed, mode)
    allowed = (low <= high) & (low <= _SCALE)
    low, high = np.sort(low[allowed]), np.sort(high[allowed])
    if not len(low):
        return _Curve(fixed, 0, 0, mode)
    starts = np.unique(np.concatenate([low, high + 1]))
    ends = np.append(starts[1:] - 1, starts[-1])
    cover = np.searchsorted(low, starts, "right") - np.searchsorted(high, starts, "left")
    # In Python's integers: the sums of a year may not fit into 64 bits once scaled.
    mean = min(max(int(fee.sum()) - fixed * len(fee), 0) * _SCALE // int(base.sum()), _SCALE)
    found = []
    for decimals in range(_DECIMALS + 1):
        grid = 10 ** (_DECIMALS - decimals)
        first, last = -(-starts // grid) * grid, ends // grid * grid
        held = np.where(first <= last, cover, 0)
        top = held == held.max()
        nearest = np.clip((mean + grid // 2) // grid * grid, first[top], last[top])
        rate = int(nearest[np.lexsort((nearest, np.abs(nearest - mean)))[0]])
        curve = _Curve(fixed, decimals, rate, mode)
        found.append((curve.price(len(base)) - int(held.max()), curve))
    return min(found)[1]


def _intervals(base: Minor, fee: Minor, mode: Rounding) -> tuple[Minor, Minor]:
    """First and last rate (in 1e-8) at which each base gives this fee; last < first where none does."""
    if mode is Rounding.HALF_UP:
        low, high = -((1 - 2 * fee) * _SCALE // (2 * base)), -(-(2 * fee + 1) * _SCALE // (2 * base)) - 1
    elif mode is Rounding.DOWN:
        low, high = -(-fee * _SCALE // base), -(-(fee + 1) * _SCALE // base) - 1
    else:
        low, high = (fee - 1) * _SCALE // base + 1, fee * _SCALE // base
    return np.maximum(low, 0), high


def _fixed_parts(base: Minor, fee: Minor) -> list[int]:
    """Fixed amounts that may lie in the fees: what is left at the median slope between small and large rows."""
    order = np.lexsort((fee, base))
    base, fee = base[order], fee[order]
    half = len(base) // 2
    rise, run = fee[half:] - fee[: len(fee) - half], base[half:] - base[: len(base) - half]
    slopes = np.sort(rise[run > 0] * _SCALE // run[run > 0])
    slope = min(max(int(slopes[len(slopes) // 2]), 0), _SCALE) if len(slopes) else 0
    left = fee[:half] - divide_all(base[:half] * np.int64(slope), _SCALE)
    values, counts = np.unique(left, return_counts=True)
    if not len(values):
        return []
    usual = int(values[np.argmax(counts)])
    return [fixed for fixed in range(usual - 2, usual + 3) if fixed > 0]


# Dates


def _divide(hits: Counts, prices: Counts) -> list[_Span]:
    """Divide the days among the candidates so that most rows are explained, each change costing some.

    Of equally good days for a change the latest is taken: the first on which the earlier rule fails.
    """
    count, size = hits.shape
    score = hits[:, 0] - prices
    back = np.empty((size, count), dtype=np.int64)
    own = np.arange(count)
    for place in range(1, size):
        leader = int(np.argmax(score))
        moved = score[leader] - _CHANGE - prices
        move = (moved >= score) & (own != leader)
        back[place] = np.where(move, leader, own)
        score = np.where(move, moved, score) + hits[:, place]
    spans: list[_Span] = []
    curve, last = int(np.argmax(score)), size - 1
    for place in range(size - 1, 0, -1):
        before = int(back[place, curve])
        if before != curve:
            spans.append(_Span(curve, place, last))
            curve, last = before, place - 1
    spans.append(_Span(curve, 0, last))
    return spans[::-1]


def _tenable(rows: _Rows, hits: Counts, spans: list[_Span], prices: Counts) -> list[_Span]:
    """Give up the spans whose rule does not explain 95 % of at least 20 rows; their neighbours take the days."""
    while len(spans) > 1:
        weak = [n for n, span in enumerate(spans) if not _holds(rows, hits, span)]
        if not weak:
            return spans
        number = min(weak, key=lambda n: (rows.bounds[spans[n].last + 1] - rows.bounds[spans[n].first], n))
        spans = _without(hits, spans, number)
    gain = hits.sum(axis=1) - prices
    return spans if _holds(rows, hits, spans[0]) else [spans[0]._replace(curve=int(np.argmax(gain)))]


def _holds(rows: _Rows, hits: Counts, span: _Span) -> bool:
    part = rows.of(span.first, span.last)
    return _enough(int(hits[span.curve, span.first : span.last + 1].sum()), part.stop - part.start)


def _without(hits: Counts, spans: list[_Span], number: int) -> list[_Span]:
    gone = spans[number]
    before = spans[number - 1] if number else None
    after = spans[number + 1] if number + 1 < len(spans) else None
    if before is None or after is None:
        kept = spans[1] if before is None else before
        merged = [kept._replace(first=min(kept.first, gone.first), last=max(kept.last, gone.last))]
    elif before.curve == after.curve:
        merged = [before._replace(last=after.last)]
    else:
        days = slice(gone.first, gone.last + 1)
        gain = np.append(0, np.cumsum(hits[before.curve, days] - hits[after.curve, days]))
        cut = gone.first + len(gain) - 1 - int(np.argmax(gain[::-1]))
        merged = [before._replace(last=cut - 1), after._replace(first=cut)]
    return spans[: max(number - 1, 0)] + merged + spans[number + 2 :]
