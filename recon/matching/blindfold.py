"""The blindfold test: hide numbers that proved a pair, pair again by amount and day, and look whether it comes right.

Each trial is as large as the real question: as many pairs lose their number as there are pairs without one, as many
orders and movements lose their partner as are estimated to have none (else a hidden row would always keep its partner
and a unique match would always be true), look-alikes among them at the rate at which they are seen. What the trials
show holds for rows without a number as far as these are like the rows with one: where they differ, a warning says so.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy  # stats is loaded where it is first used: a third of a second that most runs never need

from recon.matching.planting import BASES, Leftovers, LookAlikes, drawn, lonely_rows, payments_like
from recon.matching.window import Pairing, pair

TRIALS = 60
_SEED = 20_260_602
_SURE = 0.01
_TAIL = 0.025


@dataclass(frozen=True)
class Blind:
    """What the trials say of one basis and one class of orders (an order list).

    trials: how many were run. hidden: pairs whose number was hidden, in all trials. decided, right: groups that all
    trials decided, and decided right; found: orders in the right ones; wrong_money: of the wrong ones, minor units, on
    average in one trial. real: groups that the real run decided; low, high: at least and at most so many of them are
    wrong (95 %).
    """

    basis: int
    of: int
    trials: int
    hidden: int
    decided: int
    right: int
    found: int
    wrong_money: int
    real: int
    low: int
    high: int


@dataclass(frozen=True)
class Blindfold:
    """The test of a run.

    lines: per basis and class of orders, none where there are too few rows with numbers for a trial. differs: in which
    respects rows without a number differ from those with one: `amount`, `day`, `lag`. pairs, orders, money: pairs
    hidden, and rows that lose their partner, in one trial.
    """

    lines: tuple[Blind, ...]
    differs: tuple[str, ...]
    pairs: int
    orders: int
    money: int


def blindfold(rest: Leftovers, base: Pairing, of_left: np.ndarray, of_keyed: np.ndarray) -> Blindfold:
    """Run the trials.

    Args:
        rest: what the reference pass gave; keyed_left and keyed_right in the same order, pair by pair.
        base: `pair` of its leftovers.
        of_left: class of each left row (small number >= 0).
        of_keyed: class of each keyed pair.
    """
    rng = np.random.default_rng(_SEED)
    lonely_left, lonely_right = lonely_rows(rest)
    orders, money = round(lonely_left), round(lonely_right)
    pairs = max(len(rest.right) - money, 0)
    # A pair that came outside its window cannot be found again: its rows count among those without a partner.
    inside = (rest.keyed_right.early >= rest.keyed_left.early) & (rest.keyed_right.early <= rest.keyed_left.late)
    fitting = np.flatnonzero(inside)
    keyed = len(rest.keyed_left)
    if not pairs or pairs > len(fitting) or pairs + orders + money > keyed:
        return Blindfold((), _differs(rest, base), pairs, orders, money)
    alike = LookAlikes(rest, base, lonely_left)
    trials = [_Trial(rng, rest, alike, (pairs, orders, money), of_keyed, fitting) for _ in range(TRIALS)]
    # A pair can be hidden in several trials; together they tell no more than all pairs once.
    alone = min(1.0, len(fitting) / pairs / TRIALS, keyed / (pairs + max(orders, money)) / TRIALS)
    classes = np.unique(np.concatenate([of_left, of_keyed])).tolist()
    lines = [_line(basis, of, trials, base, of_left, alone) for of in classes for basis in BASES]
    return Blindfold(tuple(lines), _differs(rest, base), pairs, orders, money)


class _Trial:
    """One trial: the groups it decided, whether they are right, their basis, class and money."""

    def __init__(
        self,
        rng: np.random.Generator,
        rest: Leftovers,
        alike: LookAlikes,
        sizes: tuple[int, int, int],
        of: np.ndarray,
        fitting: np.ndarray,
    ) -> None:
        pairs, orders, money = sizes
        twins, strangers = min(round(alike.of_orders), orders), min(round(alike.of_money), money)
        both = rng.choice(fitting, pairs, replace=False)
        free = np.setdiff1d(np.arange(len(rest.keyed_left)), both)
        lone, others = np.split(rng.choice(free, orders - twins + money - strangers, replace=False), [orders - twins])
        # What has no partner stands behind the pairs: at last orders placed again, and payments that look like others'.
        twin = both[drawn(rng, pairs, twins)]
        one = np.concatenate([both, lone, twin])
        left = rest.keyed_left.take(one)
        host = left.take(pairs + drawn(rng, orders, strangers * bool(orders)))
        right = rest.keyed_right.take(np.concatenate([both, others])).joined(payments_like(rng, host, rest.right))
        found = pair(left, right, rest.compatible)
        good = np.ones(found.groups, dtype=bool)
        mine, yours = found.left_group, found.right_group
        lost = mine[pairs:], yours[pairs:]
        good[np.concatenate([part[part >= 0] for part in lost])] = False
        split = mine[:pairs] != yours[:pairs]
        for part in (mine[:pairs][split], yours[:pairs][split]):
            good[part[part >= 0]] = False
        decided = np.flatnonzero(np.isin(found.left_state, BASES))
        group, first = np.unique(mine[decided], return_index=True)
        row = decided[first]
        self.basis = found.left_state[row]
        self.of = of[one][row]
        self.good = good[group]
        worth = np.zeros(found.groups, dtype=np.int64)
        np.add.at(worth, mine[decided], np.abs(left.amount[decided]))
        self.money = worth[group]
        self.rows = np.bincount(mine[decided], minlength=found.groups)[group]
        self.hidden = np.bincount(of[both], minlength=int(of.max(initial=0)) + 1)


def _line(basis: int, of: int, trials: list[_Trial], base: Pairing, of_left: np.ndarray, alone: float) -> Blind:
    decided = right = rows = money = hidden = 0
    for trial in trials:
        mine = (trial.basis == basis) & (trial.of == of)
        decided += int(mine.sum())
        right += int((mine & trial.good).sum())
        rows += int(trial.rows[mine & trial.good].sum())
        money += int(trial.money[mine & ~trial.good].sum())
        hidden += int(trial.hidden[of]) if of < len(trial.hidden) else 0
    real = len(np.unique(base.left_group[(base.left_state == basis) & (of_left == of)]))
    wrong = decided - right
    a, b = 0.5 + wrong * alone, 0.5 + right * alone
    low, high = (int(scipy.stats.betabinom.ppf(at, real, a, b)) if real else 0 for at in (_TAIL, 1 - _TAIL))
    return Blind(basis, of, len(trials), hidden, decided, right, rows, money // len(trials), real, max(low, 0), high)


def _differs(rest: Leftovers, base: Pairing) -> tuple[str, ...]:
    """In which respects movements without a number differ from those with one (Kolmogorov-Smirnov, 1 % over all)."""
    keyed = rest.keyed_right.early - rest.keyed_left.early
    tests = {
        "amount": (rest.right.amount, rest.keyed_right.amount),
        "day": (rest.right.early, rest.keyed_right.early),
        "lag": (_lags(rest, base), keyed[(keyed >= 0) & (keyed <= rest.keyed_left.late - rest.keyed_left.early)]),
    }
    told = {name: both for name, both in tests.items() if all(len(side) >= 5 for side in both)}
    return tuple(name for name, both in told.items() if scipy.stats.ks_2samp(*both).pvalue < _SURE / len(tests))


def _lags(rest: Leftovers, base: Pairing) -> np.ndarray:
    """Days from the start of the window to the movement, of the pairs that the real run found unique."""
    left, right = np.flatnonzero(base.left_state == BASES[0]), np.flatnonzero(base.right_state == BASES[0])
    left = left[np.argsort(base.left_group[left], kind="stable")]
    right = right[np.argsort(base.right_group[right], kind="stable")]
    lags: np.ndarray = rest.right.early[right] - rest.left.early[left]
    return lags
