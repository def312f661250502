"""The judge of residuals: it accepts the truth and only that."""

from __future__ import annotations

from fractions import Fraction

from tests.benchmarks.payout_residuals import (
    FALSE,
    LOAN,
    RESERVE,
    RIGHT,
    SILENT,
    SUBSCRIPTION,
    UNNAMED,
    WRONG,
    account,
    rounded,
    score,
    shares,
    verdict,
)

SEEDS = range(60)
DRAWN = [account(seed) for seed in SEEDS]


def test_a_seed_gives_the_same_account_and_each_is_as_promised() -> None:
    assert [account(seed) for seed in range(5)] == DRAWN[:5]
    assert {kind for some in DRAWN for kind in some.plan} == {LOAN, SUBSCRIPTION, RESERVE}
    assert any(not some.plan for some in DRAWN)
    assert any(len(some.plan) > 1 for some in DRAWN)
    for some in DRAWN:
        assert 20 <= len(some.days) <= 120
        assert list(some.days) == sorted(set(some.days))
        for kind in some.plan:
            assert sum(kind in parts for parts in some.parts) >= 3


def test_what_rounding_gives() -> None:
    half = Fraction(5, 2)
    assert [rounded(half, mode) for mode in ("down", "up", "half_up", "half_even")] == [2, 3, 3, 2]
    assert rounded(Fraction(7, 2), "half_even") == 4


def test_the_truth_is_right_and_nothing_said_is_unnamed() -> None:
    truths = {(some.days, some.feet, some.residuals): some.parts for some in DRAWN}
    fell = score(SEEDS, lambda *seen: truths[seen])
    assert set(shares(fell).values()) == {Fraction(1)}
    assert not any(counts[FALSE] for counts in fell.values())
    silent = score(SEEDS, lambda days, *_: [{}] * len(days))
    assert set(shares(silent).values()) == {Fraction(0)}
    assert set(silent["random"]) == {SILENT}


def test_a_name_that_was_not_planted_is_counted() -> None:
    fell = score(SEEDS, lambda days, *_: [{LOAN: -1}] * len(days))
    assert fell["random"][FALSE] >= 20
    assert verdict({LOAN: -5}, {LOAN: -4}) == verdict({LOAN: -5}, {LOAN: -5, RESERVE: -1}) == WRONG
    assert verdict({LOAN: -5, RESERVE: -1}, {LOAN: -5}) == UNNAMED
    assert verdict({LOAN: -5}, {LOAN: -5}) == RIGHT
