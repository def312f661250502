"""The blindfold test against sets whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest

from recon.matching.blindfold import Blindfold, blindfold
from recon.matching.planting import BASES, Leftovers
from recon.matching.window import UNIQUE, Side, pair
from tests.benchmarks.quality.leftovers import Case, leftovers_of, right_groups
from tests.benchmarks.quality.orders import make


def blinded(case: Case) -> Blindfold:
    rest = case.rest
    classes = (np.zeros(len(side), dtype=np.int64) for side in (rest.left, rest.keyed_left))
    return blindfold(rest, pair(rest.left, rest.right), *classes)


@pytest.mark.parametrize("noise", [0.02, 0.10])
def test_each_trial_is_as_large_as_the_real_question(noise):
    case = leftovers_of(make(8_000, 21, noise=noise))
    found = blinded(case)
    true_pairs = int((case.partner >= 0).sum())
    assert found.pairs == pytest.approx(true_pairs, rel=0.1)
    assert found.money == pytest.approx(len(case.right) - true_pairs, rel=0.1)
    assert found.orders == pytest.approx(len(case.left) - true_pairs, rel=0.1)


@pytest.mark.parametrize("seed", [31, 32, 33])
def test_the_interval_holds_what_is_really_wrong(seed):
    case = leftovers_of(make(8_000, seed, noise=0.05))
    good = right_groups(case, pair(case.rest.left, case.rest.right))
    base = pair(case.rest.left, case.rest.right)
    for line in blinded(case).lines:
        groups = np.unique(base.left_group[base.left_state == line.basis])
        assert line.real == len(groups)
        assert line.low <= int((~good[groups]).sum()) <= line.high


def test_hiding_pairs_alone_would_say_that_nothing_is_ever_wrong():
    line = next(line for line in blinded(leftovers_of(make(8_000, 34, noise=0.05))).lines if line.basis == UNIQUE)
    assert 0 < line.decided - line.right < line.decided * 0.2
    assert line.wrong_money > 0
    assert line.found == line.right  # a pair is one order


def test_lines_are_kept_apart_by_order_list():
    rest = leftovers_of(make(8_000, 35)).rest
    half = np.arange(len(rest.left)) % 2, np.arange(len(rest.keyed_left)) % 2
    base = pair(rest.left, rest.right)
    found = blindfold(rest, base, *half)
    assert [(line.of, line.basis) for line in found.lines] == [(of, basis) for of in (0, 1) for basis in BASES]
    unique = sum(line.real for line in found.lines if line.basis == UNIQUE)
    assert unique == int((base.left_state == UNIQUE).sum())


def test_too_few_numbered_rows_give_no_line():
    few = leftovers_of(make(300, 36, noise=2.0))
    found = blinded(few)
    assert found.lines == ()
    assert found.pairs + found.orders + found.money > len(few.rest.keyed_left)


def _moved(side: Side, amount: int = 0, days: int = 0) -> Side:
    return Side(side.block, side.amount + amount, side.early + days, side.late + days, side.tag)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda rest: {"right": _moved(rest.right, amount=30_000)}, "amount"),
        (lambda rest: {"left": _moved(rest.left, days=45), "right": _moved(rest.right, days=45)}, "day"),
        (lambda rest: {"left": _moved(rest.left, days=-2)}, "lag"),
    ],
)
def test_rows_without_a_number_that_differ_are_told(change, said):
    rest = leftovers_of(make(8_000, 37)).rest
    other = Leftovers(**{**vars(rest), **change(rest)})
    classes = (np.zeros(len(side), dtype=np.int64) for side in (rest.left, rest.keyed_left))
    assert said in blindfold(other, pair(other.left, other.right), *classes).differs
    assert blinded(leftovers_of(make(8_000, 37))).differs == ()


def test_two_runs_say_the_same():
    case = leftovers_of(make(4_000, 38, noise=0.02))
    assert blinded(case) == blinded(case)
