"""A candidate rule in integers, and the rates at which it gives a certain fee of a certain amount.

A rate is a whole number of 1e-8, the resolution in which the ledger keeps printed rates. A row (base, fee) is then an
interval of rates: a row at the minimum says only that the rate is not higher, one at the maximum that it is not lower.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from recon.money import Minor, Rounding, at_rate_all

Hits = npt.NDArray[np.bool_]

DECIMALS = 8
SCALE = 10**DECIMALS
#: Contracts are written in hundredths of a per cent.
PLAIN_DECIMALS = 4


class Terms(NamedTuple):
    """rate × base, rounded, + fixed, at least minimum, at most maximum; `decimals` are needed to write the rate."""

    rate: int = 0
    decimals: int = 0
    fixed: int = 0
    minimum: int = 0
    maximum: int | None = None
    rounding: Rounding = Rounding.HALF_UP

    @property
    def share(self) -> Fraction:
        """The rate as a fraction."""
        return Fraction(self.rate, SCALE)

    def cost(self, base: Minor) -> Minor:
        """Return the fee of each positive base, in minor units."""
        cost = at_rate_all(base, self.share, self.rounding)
        if self.fixed or self.minimum:
            cost = np.maximum(cost + self.fixed, self.minimum)
        return cost if self.maximum is None else np.minimum(cost, self.maximum)

    def explains(self, base: Minor, fee: Minor) -> Hits:
        """Tell of each row whether this is its fee."""
        return np.asarray(self.cost(base) == fee)

    def price(self, beside: Iterable[Terms] = ()) -> int:
        """How many rows more an unusual rule must explain than a plain one, as it may fit mere noise.

        A minimum, maximum or rounding that the account has at other times (`beside`) costs nothing.
        """
        known = tuple(beside)
        price = min(max(self.decimals - PLAIN_DECIMALS, 0), 3) + (self.fixed > 0)
        if self.minimum and all(self.minimum != terms.minimum for terms in known):
            price += 2
        if self.maximum is not None and all(self.maximum != terms.maximum for terms in known):
            price += 2
        usual = {Rounding.HALF_UP, Rounding.HALF_EVEN} | {terms.rounding for terms in known}
        return price + (self.rounding not in usual)

    def oddness(self) -> tuple[int, ...]:
        """A key by which the simplest of equally good rules comes first."""
        fixed, capped = self.fixed, self.maximum is not None
        parts = (self.minimum > 0) + capped
        modes = list(Rounding).index(self.rounding)
        return parts, self.decimals, bool(fixed % 10), bool(fixed % 5), fixed, modes, self.rate, self.minimum


def intervals(base: Minor, fee: Minor, terms: Terms) -> tuple[Minor, Minor]:
    """Return the first and last rate (in 1e-8) at which each row has its fee; last < first where none gives it.

    Args:
        base: positive minor units.
        fee: zero or more; (2 × fee + 1) × 1e8 must stay inside int64.
        terms: all but the rate.
    """
    low, high = _rates(base, fee - terms.fixed, terms.rounding)
    if terms.minimum:
        low = np.where(fee == terms.minimum, 0, np.where(fee < terms.minimum, high + 1, low))
    if terms.maximum is not None:
        high = np.where(fee == terms.maximum, SCALE, np.where(fee > terms.maximum, low - 1, high))
    return np.maximum(low, 0), np.minimum(high, SCALE)


def _rates(base: Minor, cost: Minor, mode: Rounding) -> tuple[Minor, Minor]:
    if mode is Rounding.DOWN:
        return -(-cost * SCALE // base), -(-(cost + 1) * SCALE // base) - 1
    if mode is Rounding.UP:
        return (cost - 1) * SCALE // base + 1, cost * SCALE // base
    below, above, twice = (2 * cost - 1) * SCALE, (2 * cost + 1) * SCALE, 2 * base
    low, high = -(-below // twice), -(-above // twice) - 1
    if mode is Rounding.HALF_EVEN:
        even = cost % 2 == 0
        return np.where(even, low, below // twice + 1), np.where(even, above // twice, high)
    return low, high
