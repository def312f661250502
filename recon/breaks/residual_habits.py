"""What recurs in the payouts of an account, and when it is proof: the terms in which residuals are named.

Integers and fractions only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import prod

import numpy as np

from recon.money import Minor, Rounding, at_rate

LOAN, SUBSCRIPTION, RESERVE = "loan", "subscription", "reserve"
#: So many agreeing payouts are a proof, where chance makes them in fewer than one of so many accounts.
PROOFS, SELDOM = 3, 1000
#: Smaller equal amounts are last units. A last repayment makes the total a multiple of the second.
LEAST, ROUND_TOTAL = 100, 10_000
#: Payouts that lie further apart, in days, are no run; so many in a row may hide one by something else in them.
APART, HIDDEN = 15, 3
#: Shares are basis points; a reserve is kept at most so many days.
BASIS, LONGEST_HOLD = 10_000, 200
#: More habits than an account has; each round of the search adds one.
ROUNDS = 12


@dataclass(frozen=True, eq=False)
class Habit:
    """Something that recurs in an account.

    amounts: per payout what it does to it, minor units, 0 where it is not at work. seen: the payouts that prove it.
    amount: the equal amount, positive, 0 for a share. share: of the feet, 0 for an amount. lag: days until a hold is
    released.
    """

    name: str
    amounts: Minor
    seen: tuple[int, ...]
    amount: int = 0
    share: Fraction = Fraction(0)
    rounding: Rounding = Rounding.HALF_UP
    lag: int = 0


@dataclass(frozen=True, eq=False)
class Account:
    """The payouts of an account: day numbers, ascending, and the sums of their lines in minor units."""

    days: Minor
    feet: Minor

    def near(self, first: int, last: int) -> bool:
        """Whether no two payouts between these places lie too far apart."""
        return bool((np.diff(self.days[first : last + 1]) <= APART).all())

    def shares(self, places: Sequence[int], rest: Minor) -> Iterator[tuple[Fraction, Rounding]]:
        """The shares of the feet that give, rounded alike, what each of these payouts lacks."""
        lacks = [(-int(rest[n]), int(self.feet[n])) for n in places]
        if any(lack <= 0 or foot <= 0 for lack, foot in lacks):
            return
        low = max(-(-(lack - 1) * BASIS // foot) for lack, foot in lacks)
        high = min((lack + 1) * BASIS // foot for lack, foot in lacks)
        for points in range(max(low, 1), min(high, BASIS) + 1):
            share = Fraction(points, BASIS)
            for rounding in Rounding:
                if all(at_rate(foot, share, rounding) == lack for lack, foot in lacks):
                    yield share, rounding


def telling(tries: int, model: Minor, seen: Sequence[int]) -> bool:
    """Whether so many tries hardly meet these amounts by chance: the first gave the share, last units prove nothing."""
    return prod(size for n in seen[1:] if (size := abs(int(model[n]))) >= LEAST) > tries * SELDOM


def held_and_released(account: Account, held: Minor, start: int, end: int, lag: int) -> tuple[Minor, Minor]:
    """What a reserve does to each payout, and what of it is released."""
    size = len(held)
    back = np.zeros(size + 1, dtype=np.int64)
    np.add.at(back, np.searchsorted(account.days, account.days[start:end] + lag), held[start:end])
    model = back[:size].copy()
    model[start:end] -= held[start:end]
    return model, back[:size]
