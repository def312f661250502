"""The measured error bound of pairs by amount and day, and what may be posted under it.

A basis posts the rarest amounts first: the longest run of strata whose joint bound stays within its limit and, over all
bases, within one thousandth of the orders. What lies beyond is suggested.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from scipy.stats import nbinom

from recon.matching.planting import BASES, Frequencies, Leftovers, Plantings, plant
from recon.matching.window import ELIMINATION, POOL, UNIQUE, Pairing, pair

#: Fewest planted rows over all runs from which a bound is drawn.
FEWEST_PLANTED = 150
#: What the bound may be: a share of the rows decided on a basis, of those of them that are posted, and of all orders.
LIMITS = {UNIQUE: Fraction(2, 100), ELIMINATION: Fraction(2, 100), POOL: Fraction(5, 100)}
OF_POSTED = Fraction(1, 2)
OF_ORDERS = Fraction(1, 1000)
_CONFIDENCE = 0.95
_STRATA = 40


@dataclass(frozen=True)
class Bound:
    """At most how much of a basis is wrong (95 %).

    limit: amounts that occur at most so often among all rows are posted, 0 for none. groups, rows, money: what the
    bound says of the posted ones, rows of the left and minor units; posted: rows of the left that are posted. all_*:
    the same for the whole basis, posted or not.
    """

    basis: int
    limit: int
    groups: int
    rows: int
    money: int
    posted: int
    all_groups: int
    all_rows: int
    all_posted: int


@dataclass(frozen=True)
class Windowed:
    """The window pass: what is known of each leftover row, and which of it posts under the measured bound.

    post_left, post_right: rows whose pair or pool may be posted. bounds: per basis, empty where too few rows with
    numbers are there to measure (`measured` false).
    """

    pairing: Pairing
    post_left: np.ndarray
    post_right: np.ndarray
    bounds: tuple[Bound, ...]
    plantings: Plantings | None

    @property
    def measured(self) -> bool:
        """Whether bounds could be drawn."""
        return bool(self.bounds)


def window_pass(rest: Leftovers, orders: int) -> Windowed:
    """Pair what the reference pass left over, and tell what may be posted.

    Args:
        rest: what the reference pass gave, rows in an order that their content decides.
        orders: number of orders in all, for the limit over all bases.
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
    bounds = _chosen(base, left, rest.left.amount, plantings, orders)
    limit = np.zeros(max(BASES) + 1, dtype=np.int64)
    limit[[b.basis for b in bounds]] = [b.limit for b in bounds]
    return Windowed(base, left <= limit[base.left_state], right <= limit[base.right_state], bounds, plantings)


def predicted(seen: int, dose: float) -> int:
    """The 95 % prediction of a Poisson count, after `seen` were counted at `dose` times its exposure."""
    return int(nbinom.ppf(_CONFIDENCE, seen + 0.5, dose / (1 + dose)))


def _chosen(
    base: Pairing, frequency: np.ndarray, amount: np.ndarray, plantings: Plantings, orders: int
) -> tuple[Bound, ...]:
    """The longest prefixes that together stay within all limits: most rows first, then the smallest bound."""
    options = [_prefixes(basis, base, frequency, amount, plantings) for basis in BASES]
    cost = [np.array([b.rows for b in of_basis]) for of_basis in options]
    gain = [np.array([b.posted for b in of_basis]) for of_basis in options]
    total = cost[0][:, None, None] + cost[1][None, :, None] + cost[2][None, None, :]
    posted = gain[0][:, None, None] + gain[1][None, :, None] + gain[2][None, None, :]
    allowed = int(OF_ORDERS * orders)
    worth = np.where(total <= allowed, posted * (allowed + 1) - total, -1)
    place = np.unravel_index(int(np.argmax(worth)), worth.shape)
    return tuple(of_basis[int(n)] for of_basis, n in zip(options, place, strict=True))


def _prefixes(
    basis: int, base: Pairing, frequency: np.ndarray, amount: np.ndarray, plantings: Plantings
) -> list[Bound]:
    """Nothing, and every prefix of the strata of a basis that its own limit allows."""
    mine = base.left_state == basis
    often, money = frequency[mine], amount[mine]
    whole = _bound(plantings, basis, int(often.max(initial=0)))
    options = [Bound(basis, 0, 0, 0, 0, 0, *whole, len(often))]
    if not len(often):
        return options
    shares = np.linspace(0, 1, _STRATA + 1)[1:]
    for cut in np.unique(np.quantile(often, shares, method="inverted_cdf")).astype(np.int64).tolist():
        inside = often <= cut
        posted = int(inside.sum())
        groups, rows = _bound(plantings, basis, cut)
        rows = min(rows, posted)
        if rows <= LIMITS[basis] * len(often) and rows <= OF_POSTED * posted:
            worth = -int(-int(np.abs(money[inside]).sum()) * Fraction(rows, posted) // 1)
            options.append(Bound(basis, cut, groups, rows, worth, posted, *whole, len(often)))
    return options


def _bound(plantings: Plantings, basis: int, cut: int) -> tuple[int, int]:
    """At most how many groups, and rows of the left, with amounts that occur at most `cut` times are wrong."""
    mine = (plantings.basis == basis) & (plantings.frequency <= cut)
    seen = int(mine.sum())
    groups = predicted(seen, plantings.dose)
    size = Fraction(int(plantings.rows[mine].sum()), seen) if seen else Fraction(1)
    return groups, -int(-groups * size // 1)
