"""The window pass against brute force: what is true of every maximum matching, found by listing them all."""

from __future__ import annotations

from collections import defaultdict
from itertools import product
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recon.matching.window import ELIMINATION, NONE, OPEN, POOL, UNIQUE, Pairing, Side, classes, pair

Row = tuple[int, int, int, int, int]  # block, amount, early, late, tag
#: Numbers of one family that differ (tags 1 and 1) keep two rows apart.
APART = np.array([[True, True], [True, False]])


def side(rows: list[Row]) -> Side:
    columns = np.array(rows, dtype=np.int64).reshape(-1, 5).T
    return Side(*columns)


def order(amount: int, day: int, *, late: int | None = None, tag: int = 0, block: int = 0) -> Row:
    return (block, amount, day, day + 3 if late is None else late, tag)


def payment(amount: int, day: int, *, tag: int = 0, block: int = 0) -> Row:
    return (block, amount, day, day, tag)


def test_one_candidate_both_ways_is_unique() -> None:
    found = pair(side([order(9900, 1)]), side([payment(9900, 2)]))
    assert found.left_state.tolist() == [UNIQUE]
    assert found.right_state.tolist() == [UNIQUE]
    assert found.left_group.tolist() == found.right_group.tolist() == [0]


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([payment(9901, 2)], "another amount"),
        ([payment(9900, 5)], "after the window"),
        ([payment(9900, 0)], "before the window"),
        ([payment(9900, 2, block=1)], "another block"),
        ([payment(9900, 2, tag=1)], "a contradiction"),
    ],
)
def test_rows_that_do_not_meet_have_no_candidate(rows: list[Row], why: str) -> None:
    found = pair(side([order(9900, 1, tag=1)]), side(rows), APART)
    assert found.left_state.tolist() == [NONE], why
    assert found.left_group.tolist() == [-1]
    assert found.left_candidates.tolist() == [0]


def test_a_window_that_ends_before_it_starts_holds_no_day() -> None:
    found = pair(side([order(9900, 5, late=1)]), side([payment(9900, day) for day in (2, 3, 4)]))
    assert found.left_state.tolist() == [NONE]
    assert found.right_candidates.tolist() == [0, 0, 0]


def test_a_pair_forced_through_another_is_elimination() -> None:
    # The second order may take either payment, the first only the earlier one.
    found = pair(side([order(500, 1, late=2), order(500, 2, late=4)]), side([payment(500, 2), payment(500, 4)]))
    assert found.left_state.tolist() == [ELIMINATION, ELIMINATION]
    assert found.left_group.tolist() == found.right_group.tolist() == [0, 1]
    assert found.left_candidates.tolist() == [1, 2]


def test_two_equal_orders_and_two_equal_payments_are_a_pool() -> None:
    found = pair(side([order(19900, 1)] * 2), side([payment(19900, 1)] * 2))
    assert found.left_state.tolist() == [POOL, POOL]
    assert set(found.left_group.tolist() + found.right_group.tolist()) == {0}


def test_three_equal_orders_and_two_payments_compete() -> None:
    found = pair(side([order(19900, 1)] * 3), side([payment(19900, 1)] * 2))
    assert set(found.left_state.tolist() + found.right_state.tolist()) == {OPEN}
    assert set(found.left_group.tolist() + found.right_group.tolist()) == {0}
    assert found.left_candidates.tolist() == [2, 2, 2]
    assert found.right_candidates.tolist() == [3, 3]


def test_a_pool_closes_inside_a_component_that_does_not_balance() -> None:
    # The third order may take the payment of day 2 or one of day 9, but then an early order would go without.
    lefts = [order(700, 1, late=2), order(700, 1, late=2), order(700, 2, late=9)]
    found = pair(side(lefts), side([payment(700, 1), payment(700, 2), payment(700, 9), payment(700, 9)]))
    assert found.left_state.tolist() == [POOL, POOL, OPEN]
    assert found.right_state.tolist() == [POOL, POOL, OPEN, OPEN]


def test_amounts_too_far_apart_for_one_number_are_classed_alike() -> None:
    huge = 2**61
    lefts = [order(5, 1), order(huge, 1, block=4), order(5, 1), order(huge, 2, block=4)]
    found = classes(side(lefts))
    assert found.of_row.tolist() == [0, 1, 0, 2]
    assert found.capacity.tolist() == [2, 1, 1]
    assert pair(side(lefts), side([payment(huge, 1, block=4)])).left_state.tolist() == [NONE, UNIQUE, NONE, NONE]


def test_groups_of_every_kind_are_kept_apart() -> None:
    pairs = [(order(n, 1), payment(n, 2)) for n in range(1, 4)]
    forced = [(order(500, 1, late=2), payment(500, 2)), (order(500, 2, late=4), payment(500, 4))]
    pool = [(order(600, 1), payment(600, 1))] * 2
    rivals = [[order(amount, 1)] * 3 for amount in (700, 800)]
    lefts = [*(one for one, _ in [*pairs, *forced, *pool]), *rivals[0], *rivals[1]]
    rights = [*(other for _, other in [*pairs, *forced, *pool]), *[payment(700, 1)] * 2, *[payment(800, 1)] * 2]
    found = pair(side(lefts), side([*rights, payment(900, 1)]))
    assert found.left_state.tolist() == [UNIQUE] * 3 + [ELIMINATION] * 2 + [POOL] * 2 + [OPEN] * 6
    assert found.left_group.tolist() == [0, 1, 2, 3, 4, 5, 5, 6, 6, 6, 7, 7, 7]
    assert found.right_group.tolist() == [0, 1, 2, 3, 4, 5, 5, 6, 6, 7, 7, -1]
    assert found.groups == 8


def test_a_balanced_set_is_never_of_a_group_with_rivals_it_meets() -> None:
    # Beside two orders and two payments that balance, a third order may take what they do not need.
    lefts = [order(700, 1, late=2), order(700, 1, late=2), order(700, 2, late=9)]
    found = pair(side(lefts), side([payment(700, 1), payment(700, 2), payment(700, 9), payment(700, 9)]))
    assert found.left_group.tolist() == [0, 0, 1]
    assert found.right_group.tolist() == [0, 0, 1, 1]


def test_an_empty_side_is_no_error() -> None:
    assert pair(side([]), side([payment(1, 1)])).right_state.tolist() == [NONE]
    assert pair(side([order(1, 1)]), side([])).left_state.tolist() == [NONE]
    assert pair(side([]), side([])).groups == 0


def test_a_hundred_thousand_equal_rows_are_one_pool() -> None:
    size = 100_000
    days = np.arange(size, dtype=np.int64) % 3
    nothing = np.zeros(size, dtype=np.int64)
    left = Side(nothing, nothing + 990, days, days + 3, nothing)
    right = Side(nothing, nothing + 990, days + 1, days + 1, nothing)
    found = pair(left, right)
    assert set(found.left_state.tolist()) == {POOL}
    assert found.groups == 1


rows = st.lists(
    st.tuples(st.integers(0, 1), st.sampled_from([100, 200]), st.integers(0, 4), st.integers(0, 3), st.integers(0, 1)),
    max_size=5,
)


def brute(lefts: list[Row], rights: list[Row]) -> tuple[list[int], list[int], list[list[int]]]:
    """States of both sides and the candidates of each left row, by listing every maximum matching."""

    def meet(one: Row, other: Row) -> bool:
        return one[:2] == other[:2] and one[2] <= other[2] <= one[3] and not (one[4] and other[4])

    candidates = [[r for r, other in enumerate(rights) if meet(one, other)] for one in lefts]
    matchings = [
        choice
        for choice in product(*[[-1, *some] for some in candidates])
        if len({r for r in choice if r >= 0}) == sum(r >= 0 for r in choice)
    ]
    most = max(sum(r >= 0 for r in choice) for choice in matchings)
    best = [choice for choice in matchings if sum(r >= 0 for r in choice) == most]
    wanted = [sum(r in some for some in candidates) for r in range(len(rights))]
    partners = [{choice[n] for choice in best} for n in range(len(lefts))]
    always = [all(r in choice for choice in best) for r in range(len(rights))]
    balanced = dict[int, set[int]]()  # left -> rights, all rows of both kinds matched in every maximum matching
    left_state = []
    for n, some in enumerate(candidates):
        if not some:
            left_state.append(NONE)
        elif -1 in partners[n] or not all(always[r] for r in partners[n]):
            left_state.append(OPEN)
        elif len(partners[n]) == 1:
            sole = next(iter(partners[n]))
            left_state.append(UNIQUE if len(some) == 1 and wanted[sole] == 1 else ELIMINATION)
            balanced[n] = partners[n]
        else:
            left_state.append(POOL)
            balanced[n] = partners[n]
    state_of_right: dict[int, int] = defaultdict(lambda: OPEN)
    for n, some in balanced.items():
        for r in some:
            state_of_right[r] = left_state[n]
    right_state = [state_of_right[r] if wanted[r] else NONE for r in range(len(rights))]
    return left_state, right_state, candidates


def _open_reaches(lefts: list[int], candidates: list[list[int]], right_state: list[int]) -> bool:
    return all(right_state[r] != NONE for n, some in enumerate(candidates) for r in some if lefts[n] != NONE)


@given(rows, rows)
def test_states_are_those_of_all_maximum_matchings(one: list[Row], other: list[Row]) -> None:
    lefts = [(b, a, d, d + w, t) for b, a, d, w, t in one]
    rights = [(b, a, d, d, t) for b, a, d, _, t in other]
    found = pair(side(lefts), side(rights), APART)
    left_state, right_state, candidates = brute(lefts, rights)
    assert found.left_state.tolist() == left_state
    assert found.right_state.tolist() == right_state
    assert found.left_candidates.tolist() == [len(some) for some in candidates]
    assert _open_reaches(left_state, candidates, right_state)


def members(found: Pairing) -> set[tuple[int, tuple[int, ...], tuple[int, ...]]]:
    return {
        (
            int(found.left_state[found.left_group == g].max(initial=0)),
            tuple(np.flatnonzero(found.left_group == g).tolist()),
            tuple(np.flatnonzero(found.right_group == g).tolist()),
        )
        for g in range(found.groups)
    }


@given(rows, rows, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(one: list[Row], other: list[Row], random: Random) -> None:
    lefts = [(b, a, d, d + w, t) for b, a, d, w, t in one]
    rights = [(b, a, d, d, t) for b, a, d, _, t in other]
    shuffled = list(range(len(lefts)))
    random.shuffle(shuffled)
    straight = pair(side(lefts), side(rights), APART)
    turned = pair(side([lefts[n] for n in shuffled]), side(rights), APART)
    assert turned.left_state.tolist() == [int(straight.left_state[n]) for n in shuffled]
    assert turned.right_state.tolist() == straight.right_state.tolist()
    back = {(state, tuple(sorted(shuffled[n] for n in some)), those) for state, some, those in members(turned)}
    assert back == members(straight)


@given(rows, rows)
def test_what_is_decided_balances(one: list[Row], other: list[Row]) -> None:
    lefts = [(b, a, d, d + w, t) for b, a, d, w, t in one]
    rights = [(b, a, d, d, t) for b, a, d, _, t in other]
    for state, some, those in members(pair(side(lefts), side(rights), APART)):
        if state != OPEN:
            assert len(some) == len(those)
        if state in (UNIQUE, ELIMINATION):
            assert len(some) == 1


@given(rows, rows, st.integers(2, 4))
def test_the_number_of_pieces_changes_nothing(one: list[Row], other: list[Row], count: int) -> None:
    lefts = [(b + 2 * (n % 3), a, d, d + w, t) for n, (b, a, d, w, t) in enumerate(one)]
    rights = [(b + 2 * (n % 3), a, d, d, t) for n, (b, a, d, _, t) in enumerate(other)]
    whole = pair(side(lefts), side(rights), APART)
    parts = pair(side(lefts), side(rights), APART, count)
    for name in ("state", "group", "candidates"):
        for of in ("left", "right"):
            assert getattr(parts, f"{of}_{name}").tolist() == getattr(whole, f"{of}_{name}").tolist()
    together = np.concatenate([whole.left_component, whole.right_component])
    apart = np.concatenate([parts.left_component, parts.right_component])
    assert len(np.unique(together)) == len(np.unique(apart)) == len(np.unique(np.stack([together, apart]), axis=1).T)
