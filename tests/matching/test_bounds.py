"""The measured bound against sets whose truth is known, and its rules."""

from __future__ import annotations

import numpy as np
import pytest

from recon.ledger.measured import Bound
from recon.matching.bounds import (
    FEWEST_PLANTED,
    LIMITS,
    NAMES,
    OF_ORDERS,
    OF_POSTED,
    _bound,
    _chosen,
    predicted,
    window_pass,
)
from recon.matching.planting import BASES, Frequencies, Leftovers, Plantings, plant
from recon.matching.window import UNIQUE, Side, pair
from tests.benchmarks.quality.leftovers import leftovers_of, wrong_rows
from tests.benchmarks.quality.orders import make


def rows(amount: list[int], day: list[int], span: int = 0) -> Side:
    money, first = np.array(amount, dtype=np.int64), np.array(day, dtype=np.int64)
    nothing = np.zeros(len(money), dtype=np.int64)
    return Side(nothing, money, first, first + span, nothing)


NOBODY = rows([], [])


def test_the_prediction_covers_what_was_seen_and_never_says_nothing_for_certain() -> None:
    assert predicted(0, 2.5) == 1
    assert predicted(0, 50.0) == 0
    assert predicted(100, 1.0) == pytest.approx(125, abs=3)
    assert predicted(100, 10.0) == pytest.approx(18, abs=2)


def test_a_bound_may_be_two_percent_of_pairs_five_of_pools_half_of_what_posts_and_a_thousandth_of_orders() -> None:
    assert {NAMES[basis]: str(limit) for basis, limit in LIMITS.items()} == {
        "unique": "1/50",
        "elimination": "1/50",
        "pool": "1/20",
    }
    assert (str(OF_POSTED), str(OF_ORDERS), FEWEST_PLANTED) == ("1/2", "1/1000", 150)


def prefix(posted: int, wrong: int) -> Bound:
    return Bound("unique", 50, 0, 0, 1, posted, wrong, wrong)


NOTHING = [prefix(0, 0)]


@pytest.mark.parametrize(
    ("options", "allowed", "chosen"),
    [
        # most rows, as far as all bases together stay within what is allowed
        ([[*NOTHING, prefix(10, 1)], [*NOTHING, prefix(11, 2)], NOTHING], 0, [0, 0, 0]),
        ([[*NOTHING, prefix(10, 1)], [*NOTHING, prefix(11, 2)], NOTHING], 1, [10, 0, 0]),
        ([[*NOTHING, prefix(10, 1)], [*NOTHING, prefix(11, 2)], NOTHING], 2, [0, 11, 0]),
        ([[*NOTHING, prefix(10, 1)], [*NOTHING, prefix(11, 2)], NOTHING], 3, [10, 11, 0]),
        # of equally many rows those with the smaller bound
        ([[*NOTHING, prefix(10, 3)], [*NOTHING, prefix(10, 2)], NOTHING], 4, [0, 10, 0]),
    ],
)
def test_all_bases_share_what_may_be_wrong(options: list[list[Bound]], allowed: int, chosen: list[int]) -> None:
    assert [bound.posted for bound in _chosen(options, allowed)] == chosen


def test_a_bound_counts_rows_of_wrong_groups_rounded_up_and_never_more_than_there_are() -> None:
    size = np.array([1, 2] * 50)
    seen = Plantings(10.0, 500, np.full(100, UNIQUE), np.repeat([2, 3], 50), size, 0, 0, 0)
    groups = predicted(50, 10.0)
    assert _bound(seen, UNIQUE, 2, 1000) == (groups, -(-3 * groups // 2))
    assert _bound(seen, UNIQUE, 3, 5) == (predicted(100, 10.0), 5)
    assert _bound(seen, UNIQUE, 1, 1000) == (predicted(0, 10.0),) * 2


def test_frequencies_count_all_rows_of_both_sides() -> None:
    rest = Leftovers(rows([1, 2], [0, 0]), rows([2], [0]), rows([2, 3], [0, 0]), rows([2, 3], [0, 0]), rows([1], [5]))
    assert Frequencies(rest).of(rest.left).tolist() == [2, 4]


def test_without_rows_with_numbers_nothing_is_measured_and_nothing_posts() -> None:
    found = window_pass(Leftovers(rows([500], [1], 3), rows([500], [2]), NOBODY, NOBODY, NOBODY), 1)
    assert found.pairing.left_state.tolist() == [UNIQUE]
    assert found.bounds == ()
    assert not found.post_left.any()
    assert not found.post_right.any()


def test_rows_without_a_partner_are_estimated_from_those_without_a_candidate() -> None:
    made = make(20_000, 11, noise=0.05)
    rest = leftovers_of(made).rest
    planted = plant(rest, pair(rest.left, rest.right))
    lonely = len(rest.left) - int(((made.truth >= 0) & (made.number == "")).sum())
    assert planted.lonely_left == pytest.approx(lonely, rel=0.05)
    assert planted.lonely_right == pytest.approx(lonely, rel=0.05)
    assert planted.look_alikes <= lonely * 0.02
    assert planted.planted > FEWEST_PLANTED


def test_look_alikes_are_seen_among_numbered_rows() -> None:
    rest = leftovers_of(make(20_000, 12, reorders=0.05)).rest
    seen = plant(rest, pair(rest.left, rest.right)).look_alikes
    # Of 1,000 re-orders half were paid elsewhere; a tenth of those payments, and of the paid orders, has no number.
    assert 75 <= seen <= 160


@pytest.mark.parametrize("noise", [0.0, 0.05])
def test_what_is_posted_stays_within_every_limit_and_within_its_bound(noise: float) -> None:
    case = leftovers_of(make(100_000, 13, noise=noise))
    found = window_pass(case.rest, 100_000)
    assert 0 < sum(b.wrong for b in found.bounds) <= OF_ORDERS * 100_000
    for basis, bound in zip(BASES, found.bounds, strict=True):
        assert bound.basis == NAMES[basis]
        assert bound.wrong <= LIMITS[basis] * bound.decided
        assert bound.wrong <= OF_POSTED * bound.posted
        posted = found.post_left & (found.pairing.left_state == basis)
        assert int(posted.sum()) == bound.posted
        wrong = wrong_rows(case, found.pairing, basis)  # 95 %: one set may lie a little above
        assert wrong <= bound.all_wrong + 2 * bound.all_wrong**0.5
        assert [s.decided for s in bound.strata] == sorted(s.decided for s in bound.strata)
        assert bound.strata[-1].decided == bound.decided
    assert int(found.post_left.sum()) == int(found.post_right.sum()) > 0


def test_the_rarest_amounts_post_first() -> None:
    case = leftovers_of(make(100_000, 14, noise=0.05))
    found = window_pass(case.rest, 100_000)
    often = Frequencies(case.rest).of(case.rest.left)
    for basis in BASES:
        mine = found.pairing.left_state == basis
        posted, kept = often[mine & found.post_left], often[mine & ~found.post_left]
        assert posted.max(initial=0) < kept.min(initial=10**9)


def test_the_same_rows_give_the_same_bounds() -> None:
    rest = leftovers_of(make(20_000, 15)).rest
    assert window_pass(rest, 20_000).bounds == window_pass(rest, 20_000).bounds
