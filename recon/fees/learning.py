"""A fee rule learned from rows, where neither contract nor row states one.

Each row (base, fee) is the interval of rates that give exactly this fee; the rule is the simplest rate that lies in the
most intervals. Time is divided among such candidates so that most rows are explained.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from recon.fees.dating import (
    CHANGE,
    LEAST_ROWS,
    SHARE,
    Counts,
    Moments,
    Rows,
    Span,
    between,
    divide,
    enough,
    failing,
    in_order,
    placed,
    tenable,
    thinned,
)  # fmt: skip
from recon.fees.fitting import fit, refit
from recon.fees.terms import DECIMALS, SCALE, Hits, Terms
from recon.money import Minor, Rounding

_ROUNDS = 4
#: Rules that may explain as much are compared on so many rows first.
_COMPARED = 20_000


class Gap(NamedTuple):
    """Two payments between which a rule changed: the last that only the one before explains, the first of the later."""

    last: int
    first: int


class Fit(NamedTuple):
    """A learned rule, the moments it holds, and how many of its rows it explains.

    since: moment of its first row, None from the beginning. gap: where it began. others: rules beside it that explain
    as many of these rows.
    """

    terms: Terms
    since: int | None
    gap: Gap | None
    explained: int
    rows: int
    others: tuple[Terms, ...] = ()

    @property
    def open(self) -> tuple[str, ...]:
        """What the rows cannot tell: the parts in which a rule differs that explains as many, and has as short a rate.

        Nothing is said of a minimum or maximum that the rule does not have: below the smallest and above the largest
        fee nobody can know.
        """
        names = ["rate", "fixed", "minimum", "maximum", "rounding"]
        if not self.terms.minimum:
            names.remove("minimum")
        if self.terms.maximum is None:
            names.remove("maximum")
        as_short = [one for one in self.others if one.decimals <= self.terms.decimals]
        return tuple(n for n in names if any(getattr(one, n) != getattr(self.terms, n) for one in as_short))


class Learned(NamedTuple):
    """What was learned: rules by date (none: no rule explains enough), and what the best explains of all rows."""

    rules: tuple[Fit, ...]
    explained: int
    rows: int


def learn(base: Minor, fee: Minor, moment: Moments) -> Learned:
    """Find the rule, or the dated rules, that explain what was charged.

    Args:
        base: positive minor units the fee was taken of, one row per payment without refund.
        fee: what was charged, as a cost, zero or more.
        moment: when it was paid, in any unit.

    Returns:
        Rules in order of time; the first holds from the beginning, the last without end. They are split at each moment
        that divides two rules which each explain 95 % of at least 20 rows. No rules where there are fewer than 20
        rows, or where the rules explain less than 95 % of them.
    """
    if len(base) < LEAST_ROWS:
        return Learned((), 0, len(base))
    rows = in_order(base, fee, moment)
    some, _ = thinned(rows, rows.bounds)
    whole = fit(some.base, some.fee)
    pool, spans, fine = set(whole), [Span(whole[0], 0, len(rows))], rows.bounds
    for _ in range(0 if rows.hits(whole[0]).all() else 2):
        some, place = thinned(rows, fine)
        spans = _searched(some, pool)
        edges = np.append(place, len(rows))
        spans = placed(rows, [Span(span.terms, int(edges[span.first]), int(edges[span.last])) for span in spans])
        fine = failing(rows, spans)
        if len(rows) == len(some) or not len(fine):
            break
    candidates = _listed(pool)
    return _learned(rows, tenable(rows, spans, candidates), candidates)


def _searched(rows: Rows, pool: set[Terms]) -> list[Span]:
    """Divide the time among candidates, finding more where none fits; they join the pool."""
    _windows(rows, pool)
    spans = divide(rows, _listed(pool))
    for _ in range(_ROUNDS):
        before = _explained(rows, spans)
        found = set(_refined(rows, spans)) - pool
        if not found or before * 2 < len(rows):
            break
        pool |= found
        spans = divide(rows, _listed(pool))
        if _explained(rows, spans) <= before:
            break
    return _alike(rows, spans, pool)


def _explained(rows: Rows, spans: Iterable[Span]) -> int:
    return sum(int(np.count_nonzero(rows.hits(*span))) for span in spans)


def _alike(rows: Rows, spans: list[Span], pool: set[Terms]) -> list[Span]:
    """Try in each span the minimum, the maximum and the rounding of the others: an account keeps them as a rule.

    What is tried joins the pool.
    """
    for number, span in enumerate(spans):
        base, fee = rows.base[span.first : span.last], rows.fee[span.first : span.last]
        beside = [other.terms for place, other in enumerate(spans) if place != number]
        parts = {
            span.terms._replace(minimum=low, maximum=high, rounding=mode, fixed=fixed)
            for low in {0, span.terms.minimum, *(terms.minimum for terms in beside)}
            for high in {None, span.terms.maximum, *(terms.maximum for terms in beside)}
            for mode in {span.terms.rounding, *(terms.rounding for terms in beside)}
            for fixed in {span.terms.fixed + step for step in (-1, 0, 1)}
            if fixed >= 0 and (high is None or high > low) and (not low or fixed <= low)
        }
        tried = [*refit(base, fee, sorted(parts, key=Terms.oddness)), span.terms]
        pool.update(tried)
        worth = [
            (terms.price(beside) - int(np.count_nonzero(terms.explains(base, fee))), terms.oddness(), terms)
            for terms in tried
        ]
        spans[number] = span._replace(terms=min(worth, key=lambda each: each[:2])[2])
    return placed(rows, spans)


def _listed(pool: Iterable[Terms]) -> list[Terms]:
    """Candidates with the simplest first, which wins where several explain equally."""
    return sorted(pool, key=Terms.oddness)


def _learned(rows: Rows, spans: list[Span], pool: list[Terms]) -> Learned:
    fits = []
    for number, span in enumerate(spans):
        gap = None
        if number:
            first, last = between(rows, spans[number - 1], span)
            gap = Gap(int(rows.moment[first - 1]), int(rows.moment[last]))
        explained = int(np.count_nonzero(rows.hits(span.terms, span.first, span.last)))
        since = int(rows.moment[span.first]) if number else None
        others = _equals(rows, span, explained, pool)
        fits.append(Fit(span.terms, since, gap, explained, span.last - span.first, others))
    explained = sum(each.explained for each in fits)
    return Learned(tuple(fits) if enough(explained, len(rows)) else (), explained, len(rows))


def _equals(rows: Rows, span: Span, explained: int, pool: list[Terms]) -> tuple[Terms, ...]:
    """Rules that explain as many rows of a span: candidates, and neighbours of its rule in one part each."""
    base, fee = rows.base[span.first : span.last], rows.fee[span.first : span.last]
    step = -(-len(base) // _COMPARED)
    some, cost = base[::step], fee[::step]
    least = int(np.count_nonzero(span.terms.explains(some, cost)))
    equal = {terms for terms in {*pool, *_beside(some, cost, span.terms)} if terms != span.terms}
    equal = {terms for terms in equal if int(np.count_nonzero(terms.explains(some, cost))) >= least}
    return tuple(t for t in _listed(equal) if step == 1 or int(np.count_nonzero(t.explains(base, fee))) >= explained)


def _beside(base: Minor, fee: Minor, terms: Terms) -> Iterable[Terms]:
    """The rule with another rounding, with the next rates as short as its own, and with the next fixed parts."""
    grid = 10 ** (DECIMALS - terms.decimals)
    yield from (terms._replace(rounding=mode) for mode in Rounding)
    yield from (terms._replace(rate=terms.rate + step) for step in (-grid, grid) if 0 <= terms.rate + step <= SCALE)
    fixed = [terms.fixed + step for step in (-1, 1) if terms.fixed + step >= 0]
    yield from refit(base, fee, [terms._replace(fixed=part) for part in fixed])


def _windows(rows: Rows, pool: set[Terms]) -> None:
    """Candidates from the halves, quarters and eighths in order of time: a part may have one rule.

    They join the pool. A part that a candidate explains well enough is left as it is.
    """
    size = len(rows)
    for parts in (2, 4, 8):
        edges = [size * part // parts for part in range(parts + 1)]
        for low, high in pairwise(edges):
            explained = max(int(np.count_nonzero(rows.hits(terms, low, high))) for terms in pool)
            if high - low >= LEAST_ROWS and not enough(explained, high - low):
                pool.update(fit(rows.base[low:high], rows.fee[low:high]))


def _refined(rows: Rows, spans: Iterable[Span]) -> Iterable[Terms]:
    """Candidates from each span as it stands, and from the rows and the times where its rule fails."""
    for span in spans:
        base, fee = rows.base[span.first : span.last], rows.fee[span.first : span.last]
        missed = ~span.terms.explains(base, fee)
        misses = np.count_nonzero(missed)
        if misses and len(base) >= LEAST_ROWS:
            yield from fit(base, fee)
        if misses >= CHANGE:
            yield from fit(base[missed], fee[missed])
            for low, high in _failing(rows, span, missed):
                yield from fit(base[low:high], fee[low:high])
                if np.count_nonzero(missed[low:high]) >= LEAST_ROWS:
                    yield from fit(base[low:high][missed[low:high]], fee[low:high][missed[low:high]])


def _failing(rows: Rows, span: Span, missed: Hits) -> list[tuple[int, int]]:
    """Row ranges within a span: the runs of cells with more than 5 % of the rows missed, those that miss most."""
    inner = rows.bounds[(rows.bounds > span.first) & (rows.bounds < span.last)]
    bounds: Counts = np.concatenate([[span.first], inner, [span.last]]) - span.first
    misses = np.add.reduceat(missed.astype(np.int64), bounds[:-1])
    bad = misses * 100 > np.diff(bounds) * (100 - SHARE)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], bad, [False]]).astype(np.int8)))
    runs = [(-int(misses[low:high].sum()), int(bounds[low]), int(bounds[high])) for low, high in edges.reshape(-1, 2)]
    return [(low, high) for _, low, high in sorted(runs) if high - low >= LEAST_ROWS][:8]
