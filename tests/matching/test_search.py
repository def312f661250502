"""Searches of last resort count every way, as trying everything does; the scenarios 28 and 37."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from recon.matching.payouts.expect import affordable, by_chance, expected, late_share
from recon.matching.payouts.search import CAP, count_subsets, few, overlapping, subset

AMOUNTS = st.lists(st.integers(-9, 25), max_size=9)


def array(values: list[int]) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def sets(values: list[int], size: int) -> list[tuple[int, ...]]:
    return list(combinations(range(len(values)), size))


@given(AMOUNTS, AMOUNTS, st.integers(-30, 60).filter(bool))
def test_few_counts_as_trying_everything(inside: list[int], outside: list[int], gap: int) -> None:
    found = few(array(inside), array(outside), gap)
    for size in range(1, 5):
        hits = [
            (x, y)
            for left in range(max(0, size - 2), min(2, size) + 1)
            for x in sets(inside, left)
            for y in sets(outside, size - left)
            if sum(inside[i] for i in x) - sum(outside[i] for i in y) == gap
        ]
        if hits:
            break
    assert found.ways == len(hits)
    if len(hits) == 1:
        assert (tuple(found.left), tuple(found.added)) == hits[0]


@example([0], -1, 2)
@given(st.lists(st.integers(-9, 25), max_size=10), st.integers(-20, 90), st.one_of(st.none(), st.integers(1, 5)))
def test_subsets_are_counted_as_by_trying_everything(values: list[int], target: int, size: int | None) -> None:
    sizes = range(1, len(values) + 1) if size is None else [size]
    hits = [s for k in sizes for s in sets(values, k) if sum(values[i] for i in s) == target]
    assert count_subsets(array(values), target, size) == len(hits)
    if size is None and target:
        found = subset(array(values), target)
        assert found.ways == len(hits)
        assert len(hits) != 1 or tuple(found.added) == hits[0]


def test_scenario_28_counts_the_equal_rows_and_chooses_none() -> None:
    """812 payments, the payout 39.66 short: one payment of 39.90 less its fee, 400 candidates."""
    net = np.repeat(array([3_966, 8_847, 15_805, 1_227]), [400, 250, 120, 42])
    found = few(net, array([]), 3_966, most=1)
    assert (found.ways, len(found.left), len(found.added)) == (400, 0, 0)


def test_scenario_37_says_how_many_subsets_hit() -> None:
    """24 open orders at shop prices: a payout of 8 of them is hit by many others, and by how many is said."""
    rng = np.random.default_rng(37)
    prices = rng.integers(20, 250, 24) * 100 + rng.choice([0, 90, 99], 24)
    target = int(prices[:8].sum())
    table = [{0: 1}] + [{} for _ in range(8)]
    for price in prices.tolist():
        for size in range(8, 0, -1):
            for total, ways in table[size - 1].items():
                table[size][total + price] = table[size].get(total + price, 0) + ways
    assert table[8][target] > 10
    assert count_subsets(prices, target, 8) == table[8][target]
    assert subset(prices, target).ways > 10


def test_many_ways_are_more_and_too_many_rows_are_not_counted() -> None:
    assert count_subsets(np.full(40, 990), 9_900) == CAP + 1
    assert count_subsets(np.arange(1, 200), 5_000) is None
    assert subset(np.arange(1, 200), 5_000).ways == CAP + 1
    assert count_subsets(array([]), 5) == 0
    rng = np.random.default_rng(5)
    many = rng.integers(100, 20_000, 40)
    assert by_chance(many, int(many[:20].sum())) > 100 * CAP
    assert subset(many, int(many[:20].sum())).ways == CAP + 1


def test_a_subset_of_few_rows_is_found_and_priced() -> None:
    found = subset(array([12_345, 678, 91_011, 1_213, 14_151]), 12_345 + 1_213)
    assert (found.ways, found.added.tolist()) == (1, [0, 3])
    assert found.expected == 1_750  # 7 sums within 20.00 of it, over 4,001 points


@pytest.mark.parametrize(
    ("near", "reach", "step", "millionths"), [(0, 10, 1, 47_620), (21, 10, 1, 1_000_000), (3, 10, 10, 1_000_000)]
)
def test_accidents_are_candidates_over_lattice_points(near: int, reach: int, step: int, millionths: int) -> None:
    assert expected(near, reach, step) == millionths


def test_finds_are_posted_by_ascending_expectation_until_the_budget_is_spent() -> None:
    assert affordable([30, 10, 25, 10], budget=46) == [False, True, True, True]
    assert affordable([30, 10, 25, 10], budget=44) == [False, True, False, True]
    assert affordable([30, 10, 25, 10], budget=46, most=10) == [False, True, False, True]
    assert affordable([]) == []


@given(st.lists(st.integers(0, 60_000)))
def test_what_is_posted_stays_within_the_budget(finds: list[int]) -> None:
    posted = affordable(finds)
    assert sum(f for f, p in zip(finds, posted, strict=True) if p) <= 50_000
    held = [f for f, p in zip(finds, posted, strict=True) if not p]
    assert not held or sum(f for f, p in zip(finds, posted, strict=True) if p) + min(held) > 50_000


def test_the_share_of_late_rows_follows_from_the_broken_links() -> None:
    assert late_share(0, 1_000, 100_000) == 0
    assert 990 < late_share(181, 1_000, 100_000) < 1_010  # 1 - e^(-0.2) of the links break at 0.1 %
    assert late_share(5, 5, 10) > 0


def test_the_formula_gives_the_measured_orders_of_size() -> None:
    """24 free orders around 99.00: some tens of subsets by accident."""
    rng = np.random.default_rng(4)
    prices = np.round(np.exp(rng.normal(np.log(9_900), 0.6, 24))).astype(np.int64)
    exact = count_subsets(prices, int(prices[:8].sum()))
    chance = by_chance(prices, int(prices[:8].sum()))
    assert exact is not None
    assert exact / 2 < chance < exact * 2
    assert by_chance(array([100, 200]), 150) == 0


def test_sets_that_share_a_row_are_told() -> None:
    assert overlapping([array([1, 2]), array([3]), array([2, 5])]) == [True, False, True]
    assert overlapping([]) == []
