"""A reserve and a loan that run together from the first payout on are told apart, to the last unit."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from recon.breaks.reserve_beside_loan import reserve_beside_loan
from recon.breaks.residual_habits import LOAN, RESERVE, Account
from recon.breaks.residuals import named_residuals
from recon.money import Rounding, at_rate

COUNT = 40


def feet() -> list[int]:
    return [int(size) for size in np.random.default_rng(7).integers(200_000, 3_000_000, COUNT)]


def planted(
    loan: int | Fraction, share: Fraction, rounding: Rounding, lag: int, start: int = 0
) -> tuple[list[dict[str, int]], list[int]]:
    """Daily payouts: the parts of each, and their sums of lines; the loan is taken from each payout."""
    sums = feet()
    parts: list[dict[str, int]] = [{} for _ in sums]
    for n, foot in enumerate(sums):
        parts[n][LOAN] = -(loan if isinstance(loan, int) else at_rate(foot, loan))
        if n >= start:
            parts[n][RESERVE] = parts[n].get(RESERVE, 0) - at_rate(foot, share, rounding)
            if n + lag < COUNT:
                parts[n + lag][RESERVE] = at_rate(foot, share, rounding)
    return parts, sums


@pytest.mark.parametrize("loan", [34_170, Fraction(1667, 10_000), Fraction(8, 100)])
@pytest.mark.parametrize("rounding", list(Rounding))
@pytest.mark.parametrize("lag", [7, 20, 33])
@pytest.mark.parametrize("start", [0, 3])
def test_both_are_named(loan: int | Fraction, rounding: Rounding, lag: int, start: int) -> None:
    parts, sums = planted(loan, Fraction(875, 10_000), rounding, lag, start)
    said = named_residuals(range(COUNT), sums, [sum(part.values()) for part in parts])
    told = [{part.name: part.amount for part in of} for of in said]
    assert told[start:] == parts[start:]


def test_a_few_other_amounts_do_not_hide_them() -> None:
    parts, sums = planted(34_170, Fraction(1, 10), Rounding.UP, 14)
    residuals = [sum(part.values()) for part in parts]
    residuals[9] -= 12_345
    residuals[25] += 777
    said = named_residuals(range(COUNT), sums, residuals)
    right = [n for n in range(COUNT) if {part.name: part.amount for part in said[n]} == parts[n]]
    assert len(right) >= COUNT - 2


@pytest.mark.parametrize("seed", range(12))
def test_amounts_that_mean_nothing_are_no_reserve(seed: int) -> None:
    dice = np.random.default_rng(seed)
    account = Account(np.arange(COUNT, dtype=np.int64), np.array(feet(), dtype=np.int64))
    rest = -dice.integers(1, 10 ** int(dice.integers(3, 7)), COUNT)
    assert reserve_beside_loan(account, rest) is None
    assert reserve_beside_loan(account, np.full(COUNT, -34_170, dtype=np.int64)) is None
