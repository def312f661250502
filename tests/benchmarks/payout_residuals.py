"""How many residuals of payouts are named right, and whether any is named that nothing repeats.

An account is a run of batch payouts; what each pays out differs from its lines by a residual, the sum of what was
planted in it: a loan repaid by a fixed amount or by a share of each foot, a monthly subscription, a share of each foot
held as a reserve and released equal some days later, and single amounts that mean nothing. Every plant shows at least
three times; a loan or a reserve begins inside the files. Written without a look at the program, of which only the
function under test is imported. Seeds below 9000 are for tuning.
"""

from __future__ import annotations

import argparse
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from importlib import import_module
from typing import TypeVar

import numpy as np

LOAN, SUBSCRIPTION, RESERVE = "loan", "subscription", "reserve"
KINDS = (LOAN, SUBSCRIPTION, RESERVE)
RIGHT, WRONG, UNNAMED = "right", "wrong", "unnamed"
SILENT, FALSE = "random, not named", "random, named"

#: Per payout, what its residual is made of: name -> minor units, negative where the payout lacks it.
Parts = Mapping[str, int]
#: Days, feet, residuals -> parts per payout.
Namer = Callable[[Sequence[int], Sequence[int], Sequence[int]], Sequence[Parts]]

_CADENCES = ((1,), (1, 1, 1, 1, 3), (2,), (3,), (7,), (1, 2, 3, 4), (2, 5))
_SHARES = ("0.05", "0.08", "0.1", "0.1", "0.125", "0.15", "0.1667", "0.2", "0.0875", "0.25", "0.3")
_LAGS = (7, 14, 15, 21, 28, 30, 45, 60, 90, 180)
_ROUNDINGS = ("half_up", "half_even", "down", "up")
_PRICES = (900, 1900, 2900, 2999, 3900, 4900, 9900, 19900, 29900, 39900)

_Any = TypeVar("_Any")


class _Dice:
    """What is drawn from one seed."""

    def __init__(self, seed: int) -> None:
        self._rng = np.random.default_rng(seed)

    def random(self) -> float:
        return float(self._rng.random())

    def lognormal(self, sigma: float) -> float:
        return float(self._rng.lognormal(0, sigma))

    def below(self, high: int) -> int:
        return int(self._rng.integers(high))

    def between(self, low: int, high: int) -> int:
        return int(self._rng.integers(low, high + 1))

    def choice(self, values: Sequence[_Any]) -> _Any:
        return values[self.below(len(values))]

    def sample(self, values: Sequence[_Any], count: int) -> list[_Any]:
        return [values[place] for place in self._rng.permutation(len(values))[:count].tolist()]


@dataclass(frozen=True)
class Account:
    """Payouts in the order of their days; plan: what was planted; parts: the truth per payout, noise left out."""

    plan: tuple[str, ...]
    days: tuple[int, ...]
    feet: tuple[int, ...]
    residuals: tuple[int, ...]
    parts: tuple[Parts, ...]


def account(seed: int) -> Account:
    """Return the account of a seed: a fifth is purely random, half has one plant, the rest several and noise."""
    dice = _Dice(seed)
    days = _days(dice)
    middle = dice.choice((30_000, 100_000, 500_000, 3_000_000))
    feet = [max(3_000, int(middle * dice.lognormal(0.6))) for _ in days]
    parts: list[Counter[str]] = [Counter() for _ in days]
    kinds = _kinds(dice)
    for kind in kinds:
        _PLANT[kind](dice, days, feet, parts)
    plan = tuple(kind for kind in KINDS if any(kind in some for some in parts))
    noisy = not plan or (len(kinds) > 1 and dice.random() < 0.6)
    noise = _noise(dice, len(days), alone=not plan) if noisy else [0] * len(days)
    residuals = [sum(some.values()) + extra for some, extra in zip(parts, noise, strict=True)]
    truth = tuple({name: amount for name, amount in some.items() if amount} for some in parts)
    return Account(plan, tuple(days), tuple(feet), tuple(residuals), truth)


def _kinds(dice: _Dice) -> list[str]:
    draw = dice.random()
    if draw < 0.2:
        return []
    if draw < 0.7:
        return [dice.choice(KINDS)]
    return dice.sample(KINDS, dice.choice((2, 2, 3)))


def _days(dice: _Dice) -> list[int]:
    count, cadence = dice.between(20, 120), dice.choice(_CADENCES)
    loose = len(cadence) == 4
    days = [date(2026, 1, 1).toordinal() + dice.below(365)]
    for n in range(count - 1):
        days.append(days[-1] + (dice.choice(cadence) if loose else cadence[n % len(cadence)]))
    return days


def _share(dice: _Dice) -> Callable[[int], int]:
    """A share of a foot, rounded to the fen."""
    share, rounding = Fraction(dice.choice(_SHARES)), dice.choice(_ROUNDINGS)
    return lambda foot: rounded(share * foot, rounding)


def rounded(value: Fraction, rounding: str) -> int:
    """Round an amount that is not negative."""
    whole, rest = divmod(value.numerator, value.denominator)
    twice = 2 * rest - value.denominator
    up = {
        "down": False,
        "up": rest > 0,
        "half_up": twice >= 0,
        "half_even": twice > 0 or (twice == 0 and whole % 2 == 1),
    }
    return whole + up[rounding]


def _loan(dice: _Dice, days: list[int], feet: list[int], parts: list[Counter[str]]) -> None:
    """Repaid from some payout on until the total, a round sum, is paid; the last repayment is what remains."""
    first = dice.below(len(days) // 2)
    times = dice.between(5, len(days))
    amount = dice.choice((max(min(feet) // 200 * 100, 500), dice.between(500, max(501, min(feet) // 2))))
    taken = (lambda foot: amount) if dice.random() < 0.5 else _share(dice)
    left = max(1, round(sum(taken(foot) for foot in feet[first : first + times]) / 10_000)) * 10_000
    if sum(part < left for part in _running(taken(foot) for foot in feet[first:])) < 3:
        return
    for n in range(first, len(days)):
        part = min(left, taken(feet[n]))
        parts[n][LOAN] -= part
        left -= part


def _running(amounts: Iterable[int]) -> list[int]:
    sums, total = [], 0
    for amount in amounts:
        total += amount
        sums.append(total)
    return sums


def _subscription(dice: _Dice, days: list[int], feet: list[int], parts: list[Counter[str]]) -> None:
    """Taken from the first payout on or after a day of the month."""
    price, on = dice.choice((dice.choice(_PRICES), dice.between(500, 40_000))), dice.between(1, 28)
    charged = [day for day in range(days[0], days[-1] + 1) if date.fromordinal(day).day == on]
    if len(charged) < 3:
        return
    for day in charged[dice.below(len(charged) - 2) :]:
        parts[bisect_left(days, day)][SUBSCRIPTION] -= price


def _reserve(dice: _Dice, days: list[int], feet: list[int], parts: list[Counter[str]]) -> None:
    """Held in each payout from some payout on; released by the first payout on or after the day, if there is one."""
    held = _share(dice)
    first = dice.below(len(days) // 3)
    lags = [lag for lag in _LAGS if days[-1] - days[first + 2] >= lag]
    if not lags:
        return
    lag = dice.choice(lags)
    last = len(days) if dice.random() < 0.7 else dice.between(first + 3, len(days))
    for n in range(first, last):
        parts[n][RESERVE] -= held(feet[n])
        back = bisect_left(days, days[n] + lag)
        if back < len(days):
            parts[back][RESERVE] += held(feet[n])


_PLANT = {LOAN: _loan, SUBSCRIPTION: _subscription, RESERVE: _reserve}


def _noise(dice: _Dice, count: int, *, alone: bool) -> list[int]:
    """Single amounts: any, round ones, or last units; now and then the same amount twice."""
    often = dice.choice((0.1, 0.4, 1.0)) if alone else dice.choice((0.03, 0.08))
    form = dice.choice(("any", "any", "round", "units") if alone else ("any", "round"))
    draws: dict[str, Callable[[], int]] = {
        "any": lambda: dice.between(1, 10 ** dice.between(3, 6)),
        "round": lambda: dice.between(1, 200) * 100,
        "units": lambda: dice.between(1, 5),
    }
    draw = draws[form]
    noise = [draw() * dice.choice((-1, -1, 1)) if dice.random() < often else 0 for _ in range(count)]
    if dice.random() < 0.5:
        one, other = dice.sample(range(count), 2)
        noise[one] = noise[other] = -draw()
    return noise


def verdict(truth: Parts, said: Parts) -> str:
    """Judge one residual that holds something planted: a name with another amount, or not planted, is wrong."""
    if any(truth.get(name) != amount for name, amount in said.items()):
        return WRONG
    return RIGHT if len(said) == len(truth) else UNNAMED


def score(seeds: Iterable[int], namer: Namer) -> dict[str, Counter[str]]:
    """Return, per plan ("random" without one), how often each verdict fell on a residual.

    A residual in which nothing was planted counts apart: not named, or named.
    """
    fell: dict[str, Counter[str]] = {}
    for seed in seeds:
        some = account(seed)
        said = namer(some.days, some.feet, some.residuals)
        counts = fell.setdefault("+".join(some.plan) or "random", Counter())
        for truth, parts, residual in zip(some.parts, said, some.residuals, strict=True):
            if truth:
                counts[verdict(truth, parts)] += 1
            elif residual or parts:
                counts[FALSE if parts else SILENT] += 1
    return fell


def shares(fell: Mapping[str, Counter[str]]) -> dict[str, Fraction]:
    """Return the share of planted residuals named right, per plan and in all."""
    sums = {plan: Counter(counts) for plan, counts in fell.items()}
    sums["all"] = sum(sums.values(), Counter())
    planted = {plan: sum(c[v] for v in (RIGHT, WRONG, UNNAMED)) for plan, c in sums.items()}
    return {plan: Fraction(sums[plan][RIGHT], n) for plan, n in planted.items() if n}


def named(days: Sequence[int], feet: Sequence[int], residuals: Sequence[int]) -> list[Parts]:
    """Return what recon says; it counts days from 1970-01-01."""
    since = [day - date(1970, 1, 1).toordinal() for day in days]
    found = import_module("recon.breaks.residuals").named_residuals(since, feet, residuals)
    return [{part.name: part.amount for part in parts} for parts in found]


def main() -> None:
    """Score a run of seeds."""
    options = argparse.ArgumentParser(description="How many planted residuals of payouts are named right.")
    options.add_argument("--seeds", type=int, nargs=2, default=(0, 400), metavar=("FIRST", "LAST"))
    fell = score(range(*options.parse_args().seeds), named)
    right = shares(fell)
    for plan, counts in sorted(fell.items()):
        print(f"{plan:30} {float(right.get(plan, 0)):7.4f} {dict(sorted(counts.items()))}")
    print(f"{'all':30} {float(right['all']):7.4f}")


if __name__ == "__main__":
    main()
