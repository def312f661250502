"""The measured error bound of pairs by amount and day, and what may be posted under it.

A basis posts the rarest amounts first: the longest run of strata whose joint bound stays within its limit and, over all
bases, within one thousandth of the orders. What lies beyond is suggested.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np
import scipy  # stats is loaded where it is first used

from recon.ledger.measured import Bound, Stratum
from recon.matching.planting import BASES, Frequencies, Leftovers, Plantings, plant
from recon.matching.window import ELIMINATION, POOL, UNIQUE, Pairing, pair

#: Fewest planted rows over all runs from which a bound is drawn.
FEWEST_PLANTED = 150
NAMES = {UNIQUE: "unique", ELIMINATION: "elimination", POOL: "pool"}
#: What the bound may be: a share of the rows decided on a basis, of those of them that are posted, and of all orders.
LIMITS = {UNIQUE: Fraction(2, 100), ELIMINATION: Fraction(2, 100), POOL: Fraction(5, 100)}
OF_POSTED = Fraction(1, 2)
OF_ORDERS = Fraction(1, 1000)
_CONFIDENCE = 0.95
_STRATA = 40
#: Every so many strata one is shown.
_SHOWN = 8


@dataclass(frozen=True)
class Windowed:
    """The window pass: what is known of each leftover row, and which of it posts under the measured bound.

    post_left, post_right: rows whose pair or pool may be posted. bounds: per basis, empty where too few rows with
    numbers are there to measure. plantings: what was measured, None where there was nothing to measure.
    """

    pairing: Pairing
    post_left: np.ndarray
    post_right: np.ndarray
    bounds: tuple[Bound, ...]
    plantings: Plantings | None


def window_pass(rest: Leftovers, orders: int, share: Fraction = OF_ORDERS) -> Windowed:
    """Pair what the reference pass left over, and tell what may be posted.

    Args:
        rest: what the reference pass gave, rows in an order that their content decides.
        orders: number of orders in all, for the limit over all bases.
        share: of the orders, what the bound over all bases may be.
    """
    base = pair(rest.left, rest.right, rest.compatible)
    nothing = np.zeros(len(rest.left), dtype=bool), np.zeros(len(rest.right), dtype=bool)
    if not np.isin(base.left_state, BASES).any():
        return Windowed(base, *nothing, (), None)
    plantings = plant(rest, base)
    if plantings.planted < FEWEST_PLANTED:
        return Windowed(base, *nothing, (), plantings)
    count = Frequencies(rest)
    left, right = count.of(rest.left), count.of(rest.right)
    options = [_prefixes(basis, base, left, plantings) for basis in BASES]
    bounds = _chosen(options, int(share * orders))
    limit = np.zeros(max(BASES) + 1, dtype=np.int64)
    limit[list(BASES)] = [b.limit for b in bounds]
    return Windowed(base, left <= limit[base.left_state], right <= limit[base.right_state], bounds, plantings)


@lru_cache(maxsize=4096)
def predicted(seen: int, dose: float) -> int:
    """The 95 % prediction of a Poisson count, after `seen` were counted at `dose` times its exposure."""
    return int(scipy.stats.nbinom.ppf(_CONFIDENCE, seen + 0.5, dose / (1 + dose)))


def _chosen(options: list[list[Bound]], allowed: int) -> tuple[Bound, ...]:
    """One prefix per basis, together within what is allowed: most rows first, then the smallest bound."""
    wrong = [np.array([b.wrong for b in of_basis]) for of_basis in options]
    posted = [np.array([b.posted for b in of_basis]) for of_basis in options]
    cost, gain = (a[:, None, None] + b[None, :, None] + c[None, None, :] for a, b, c in (wrong, posted))
    worth = np.where(cost <= allowed, gain * (allowed + 1) - cost, -1)
    place = np.unravel_index(int(np.argmax(worth)), worth.shape)
    return tuple(of_basis[int(n)] for of_basis, n in zip(options, place, strict=True))


def _prefixes(basis: int, base: Pairing, frequency: np.ndarray, plantings: Plantings) -> list[Bound]:
    """Nothing, and every prefix of the strata of a basis that its own limit allows."""
    often = frequency[base.left_state == basis]
    if not len(often):
        return [Bound(NAMES[basis], 0, 0, 0, 0, 0, 0, 0)]
    shares = np.linspace(0, 1, _STRATA + 1)[1:]
    cuts = np.unique(np.quantile(often, shares, method="inverted_cdf")).astype(np.int64).tolist()
    posted = np.searchsorted(np.sort(often), cuts, side="right").tolist()
    bounds = [_bound(plantings, basis, cut, rows) for cut, rows in zip(cuts, posted, strict=True)]
    strata = [Stratum(cut, rows, wrong) for cut, rows, (_, wrong) in zip(cuts, posted, bounds, strict=True)]
    shown = tuple(strata[_SHOWN - 1 : -1 : _SHOWN] + strata[-1:])
    whole = (NAMES[basis], len(often), *bounds[-1])
    options = [Bound(*whole, 0, 0, 0, 0, shown)]
    for cut, rows, (groups, wrong) in zip(cuts, posted, bounds, strict=True):
        if wrong <= LIMITS[basis] * len(often) and wrong <= OF_POSTED * rows:
            options.append(Bound(*whole, cut, rows, groups, wrong, shown))
    return options


def _bound(plantings: Plantings, basis: int, cut: int, rows: int) -> tuple[int, int]:
    """At most how many groups, and rows of the left, with amounts that occur at most `cut` times are wrong."""
    mine = (plantings.basis == basis) & (plantings.frequency <= cut)
    seen = int(mine.sum())
    groups = predicted(seen, plantings.dose)
    size = Fraction(int(plantings.rows[mine].sum()), seen) if seen else Fraction(1)
    return groups, min(-int(-groups * size // 1), rows)
