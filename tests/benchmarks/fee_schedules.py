"""Random fee schedules of which everything is known, and how many of them are recovered from their rows alone.

    make quality ARGS="--parts fees"                            1,000 schedules
    python -m tests.benchmarks.fee_schedules --first 0 --count 200     others, and which of them are not recovered

A schedule has 0 to 3 changes within 1 to 6 months; each stretch charges rate × amount, rounded, + fixed, at least a
minimum, at most a maximum; 2 % of the rows bear a surcharge. It is recovered if as many stretches are found, the rule
of each gives the true fee on every row of it without surcharge, and the moment of each change lies inside the reported
gap. Else it may be a set that holds the truth (some rule reported as equally good does), nothing (the miner says that
it knows no rule), or wrong. All arithmetic here is in Python's own integers and shares nothing with what it tests.

What nobody could tell is not asked: every stretch has at least 25 rows, of which at most 5 % bear a surcharge, and two
neighbouring rules differ on at least 10 rows of either stretch.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple, TypeVar

import numpy as np

from tests.benchmarks.quality import fee_miner

RECOVERED, IN_SET, NOTHING, WRONG = "recovered", "set holds the truth", "no rule", "wrong"
_DAY = 86_400
_START = 1_767_225_600  # 2026-01-01, UTC
_USUAL = ("0.0038", "0.0054", "0.006", "0.01", "0.024", "0.029", "0.034", "0.002", "0.05", "0.0175")
_ODD = ("0.00555", "0.02655", "0.00382", "0.0145", "0.0249", "0.00685")
_FIXED = (5, 8, 10, 15, 20, 25, 30, 35, 49, 50)
_MODES = ("half_up", "half_even", "down", "up")
_PRICES = (990, 1990, 2900, 3990, 4900, 5900, 6800, 7900, 8800, 9900, 12800, 16800, 19900, 25900, 29900, 39900, 59900)
_LEAST, _VISIBLE = 25, 10


_Any = TypeVar("_Any")


class _Dice:
    """What is drawn from one seed."""

    def __init__(self, seed: int) -> None:
        self._rng = np.random.default_rng(seed)

    def random(self) -> float:
        return float(self._rng.random())

    def lognormal(self, sigma: float) -> float:
        return float(self._rng.lognormal(0, sigma))

    def below(self, low: int, high: int) -> int:
        return int(self._rng.integers(low, high))

    def choice(self, values: Sequence[_Any]) -> _Any:
        return values[self.below(0, len(values))]

    def choices(self, values: Sequence[_Any], per_cent: Sequence[int]) -> _Any:
        place, edge = self.below(0, 100), 0
        for value, share in zip(values, per_cent, strict=True):
            edge += share
            if place < edge:
                return value
        raise ValueError("shares of 100 per cent")

    def sample(self, values: Sequence[_Any], count: int) -> list[_Any]:
        return [values[place] for place in self._rng.permutation(len(values))[:count].tolist()]


@dataclass(frozen=True)
class Terms:
    """What is charged on an amount, in minor units."""

    rate: Fraction
    fixed: int = 0
    minimum: int = 0
    maximum: int | None = None
    rounding: str = "half_up"

    def fee(self, amount: int) -> int:
        """Return the fee of one amount."""
        whole, rest = divmod(amount * self.rate.numerator, self.rate.denominator)
        twice = 2 * rest - self.rate.denominator
        up = {"half_up": twice >= 0, "half_even": twice > 0 or (not twice and whole % 2), "up": rest > 0}
        cost = max(whole + up.get(self.rounding, False) + self.fixed, self.minimum)
        return cost if self.maximum is None else min(cost, self.maximum)


class Row(NamedTuple):
    """A payment: when (seconds), how much, its fee, under which stretch, and whether it bears a surcharge."""

    moment: int
    amount: int
    fee: int
    stretch: int
    surcharged: bool


@dataclass(frozen=True)
class Schedule:
    """The truth: terms in order of time, the first moment of each but the first, and the rows they made."""

    terms: tuple[Terms, ...]
    changes: tuple[int, ...]
    rows: tuple[Row, ...]


class Claim(NamedTuple):
    """What a miner says of one stretch: its rule first, then others as good; the gap before it (None: the first).

    gap: moment of the last row under the rule before, moment of the first row under this one.
    """

    rules: tuple[Terms, ...]
    gap: tuple[int, int] | None


Miner = Callable[[Sequence[int], Sequence[int], Sequence[int]], Sequence[Claim]]


def schedule(seed: int) -> Schedule:
    """Return the schedule of a seed."""
    dice = _Dice(seed)
    while True:
        found = _drawn(dice)
        if found is not None:
            return found


def _drawn(dice: _Dice) -> Schedule | None:
    count = round(60 * (5000 / 60) ** dice.random())
    days = 30 * dice.below(1, 7)
    moments = sorted(_START + dice.below(0, days) * _DAY + dice.below(8 * 3600, _DAY) for _ in range(count))
    amounts = _amounts(dice, count)
    changes = _changes(dice, moments)
    if changes is None:
        return None
    stretches = [sum(change <= moment for change in changes) for moment in moments]
    terms = _terms(dice, amounts, stretches, len(changes) + 1)
    if terms is None:
        return None
    extra = _surcharge(dice)
    borne = set(dice.sample(range(count), round(count / 50)))
    if any(50 * n > 2.5 * stretches.count(k) for k, n in Counter(stretches[place] for place in borne).items()):
        return None
    rows = tuple(
        Row(moment, amount, (extra(terms[k]) if place in borne else terms[k]).fee(amount), k, place in borne)
        for place, (moment, amount, k) in enumerate(zip(moments, amounts, stretches, strict=True))
    )
    return Schedule(tuple(terms), tuple(changes), rows)


def _amounts(dice: _Dice, count: int) -> list[int]:
    """A few price points, a few with freight and coupons and quantities, or wide."""
    form = dice.choice(("points", "baskets", "wide"))
    if form == "wide":
        middle = dice.choice((3_000, 8_000, 20_000))
        return [max(100, round(middle * dice.lognormal(0.9))) for _ in range(count)]
    prices = dice.sample(_PRICES, dice.below(3, 13))
    picked = [dice.choice(prices) for _ in range(count)]
    if form == "points":
        return picked
    return [
        max(100, price * dice.choice((1, 1, 1, 2, 3)) + dice.choice((0, 0, 600, 800, 1200)) - dice.choice((0, 0, 500)))
        for price in picked
    ]


def _changes(dice: _Dice, moments: list[int]) -> list[int] | None:
    """First moments of the later stretches: mostly midnights. None: a stretch would be too short."""
    most = min(3, len(moments) // 30 - 1)
    wanted = min(most, dice.choices((0, 1, 2, 3), (30, 35, 20, 15)))
    drawn = sorted(dice.below(moments[0] + 1, moments[-1]) for _ in range(wanted))
    changes = [moment - moment % _DAY if dice.random() < 0.8 else moment for moment in drawn]
    edges = [0, *(sum(moment < change for moment in moments) for change in changes), len(moments)]
    return changes if all(after - before >= _LEAST for before, after in pairwise(edges)) else None


def _terms(dice: _Dice, amounts: list[int], stretches: list[int], count: int) -> list[Terms] | None:
    terms = [_any_terms(dice, amounts)]
    for number in range(1, count):
        terms.append(_moved(dice, terms[-1], amounts))
        for k in (number - 1, number):
            own = [amount for amount, stretch in zip(amounts, stretches, strict=True) if stretch == k]
            if sum(terms[-1].fee(amount) != terms[-2].fee(amount) for amount in own) < _VISIBLE:
                return None
    return terms


def _any_terms(dice: _Dice, amounts: list[int]) -> Terms:
    terms = Terms(
        rate=_rate(dice),
        fixed=dice.choice((0, dice.choice(_FIXED))),
        rounding=dice.choices(_MODES, (50, 15, 20, 15)),
    )
    ordered = sorted(amounts)
    if dice.random() < 0.2:
        low = terms.fee(ordered[len(ordered) * dice.below(2, 41) // 100])
        terms = replace(terms, minimum=max(1, low - low % 5 if low > 10 else low))
    if dice.random() < 0.2:
        high = terms.fee(ordered[len(ordered) * dice.below(60, 99) // 100])
        high = high - high % 50 if high > 100 else high
        terms = replace(terms, maximum=max(high, terms.minimum + 1))
    return terms


def _rate(dice: _Dice) -> Fraction:
    if dice.random() < 0.1:
        return Fraction(dice.below(200, 5001), 100_000)
    return Fraction(dice.choice(_ODD if dice.random() < 0.2 else _USUAL))


def _moved(dice: _Dice, before: Terms, amounts: list[int]) -> Terms:
    """Mostly another rate; sometimes another fixed part too, or everything anew."""
    kind = dice.random()
    if kind < 0.7:
        return replace(before, rate=_rate(dice))
    if kind < 0.85:
        return replace(before, rate=_rate(dice), fixed=dice.choice((0, *_FIXED)))
    return _any_terms(dice, amounts)


def _surcharge(dice: _Dice) -> Callable[[Terms], Terms]:
    points, fixed = (Fraction(dice.choice((1, 1, 2)), 100), 0) if dice.random() < 0.5 else (0, dice.choice((20, 30)))
    return lambda terms: replace(terms, rate=terms.rate + points, fixed=terms.fixed + fixed)


def verdict(truth: Schedule, claims: Sequence[Claim]) -> str:
    """Judge what a miner says of the rows of a schedule."""
    if not claims:
        return NOTHING
    if len(claims) != len(truth.terms):
        return WRONG
    gaps = [claim.gap for claim in claims[1:]]
    if not all(gap and gap[0] < change <= gap[1] for gap, change in zip(gaps, truth.changes, strict=True)):
        return WRONG
    seen = [{(r.amount, r.fee) for r in truth.rows if r.stretch == k and not r.surcharged} for k in range(len(claims))]
    fitting = [
        [all(rule.fee(amount) == fee for amount, fee in pairs) for rule in claim.rules]
        for pairs, claim in zip(seen, claims, strict=True)
    ]
    if all(fits[0] for fits in fitting):
        return RECOVERED
    return IN_SET if all(any(fits) for fits in fitting) else WRONG


def score(seeds: Iterable[int], miner: Miner) -> tuple[Counter[str], dict[int, str]]:
    """Return how often each verdict fell, and the verdict of each seed that was not recovered."""
    fell: Counter[str] = Counter()
    missed = {}
    for seed in seeds:
        truth = schedule(seed)
        columns = [[row[place] for row in truth.rows] for place in range(3)]
        amount, fee, moment = columns[1], columns[2], columns[0]
        said = verdict(truth, miner(amount, fee, moment))
        fell[said] += 1
        if said != RECOVERED:
            missed[seed] = said
    return fell, missed


def mined(amount: Sequence[int], fee: Sequence[int], moment: Sequence[int]) -> list[Claim]:
    """Return what recon's miner says."""
    return [
        Claim(tuple(Terms(*rule) for rule in stretch.rules), stretch.gap)
        for stretch in fee_miner.stretches(amount, fee, moment)
    ]


def main() -> None:
    """Score a run of seeds, and name those that were not recovered."""
    options = argparse.ArgumentParser(description="How many random fee schedules are recovered from their rows.")
    options.add_argument("--first", type=int, default=0)
    options.add_argument("--count", type=int, default=200)
    arguments = options.parse_args()
    fell, missed = score(range(arguments.first, arguments.first + arguments.count), mined)
    print(dict(fell))
    print(missed)


if __name__ == "__main__":
    main()
