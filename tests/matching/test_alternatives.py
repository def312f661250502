"""The number of ways in which a set could be paired, against listing them all."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from recon.matching.alternatives import MANY, assignments
from recon.matching.window import ELIMINATION, UNIQUE, Pairing, Side, pair

Row = tuple[int, int, int, int, int]  # block, amount, early, late, tag
APART = np.array([[True, True], [True, False]])


def side(rows: list[Row]) -> Side:
    return Side(*np.array(rows, dtype=np.int64).reshape(-1, 5).T)


def equal(size: int, width: int = 0, day: int = 1) -> Side:
    return side([(0, 19900, day, day + width, 0)] * size)


def counted(left: Side, right: Side, compatible: np.ndarray | None = None) -> tuple[Pairing, list[int]]:
    found = pair(left, right, compatible)
    return found, assignments(left, right, compatible, found).tolist()


def listed(lefts: list[Row], rights: list[Row], *, apart: bool) -> int:
    """How many of the largest matchings there are, a row after the other."""

    def meet(one: Row, other: Row) -> bool:
        return one[:2] == other[:2] and one[2] <= other[2] <= one[3] and not (apart and one[4] and other[4])

    sizes: dict[int, int] = {}

    def go(place: int, used: frozenset[int], size: int) -> None:
        if place == len(lefts):
            sizes[size] = sizes.get(size, 0) + 1
            return
        go(place + 1, used, size)
        for r, other in enumerate(rights):
            if r not in used and meet(lefts[place], other):
                go(place + 1, used | {r}, size + 1)

    go(0, frozenset(), 0)
    return sizes[max(sizes)]


ROWS = st.lists(
    st.tuples(st.integers(0, 1), st.sampled_from([100, 200]), st.integers(0, 4), st.integers(0, 3), st.integers(0, 1)),
    max_size=6,
)


@given(ROWS, ROWS, st.booleans())
def test_the_ways_of_each_group_are_those_of_listing_all(one: list[Row], other: list[Row], apart: bool) -> None:
    lefts, rights = [(b, a, d, d + w, t) for b, a, d, w, t in one], [(b, a, d, d, t) for b, a, d, _, t in other]
    found, ways = counted(side(lefts), side(rights), APART if apart else None)
    for group in range(found.groups):
        some = [lefts[n] for n in np.flatnonzero(found.left_group == group)]
        those = [rights[n] for n in np.flatnonzero(found.right_group == group)]
        assert ways[group] == listed(some, those, apart=apart)


def test_single_pairs_are_one_way() -> None:
    found, ways = counted(
        side([(0, 5, 1, 2, 0), (0, 5, 2, 4, 0), (0, 7, 1, 1, 0)]),
        side([(0, 5, 2, 2, 0), (0, 5, 4, 4, 0), (0, 7, 1, 1, 0)]),
    )
    assert set(found.left_state.tolist()) == {UNIQUE, ELIMINATION}
    assert ways == [1, 1, 1]


def test_several_sets_are_counted_each_for_itself() -> None:
    # A pair, two orders with two payments, three orders with two payments: by amount.
    listed = [(0, 5, 1, 2, 0), *[(0, 6, 1, 2, 0)] * 2, *[(0, 7, 1, 2, 0)] * 3]
    moved = [(0, 5, 1, 1, 0), *[(0, 6, 1, 1, 0)] * 2, *[(0, 7, 1, 1, 0)] * 2]
    assert counted(side(listed), side(moved))[1] == [1, 2, 6]
    assert counted(side(listed[1:]), side(moved[1:]))[1] == [2, 6]


def test_only_payments_inside_an_orders_window_are_ways() -> None:
    # The second order may take any of two payments, the first and the third only one of them each.
    listed = [(0, 5, 2, 2, 0), (0, 5, 2, 4, 0), (0, 5, 4, 4, 0)]
    assert counted(side(listed), side([(0, 5, 2, 2, 0), (0, 5, 4, 4, 0)]))[1] == [3]


def test_rows_that_go_without_on_both_sides_are_left_out_in_every_way() -> None:
    # Two orders want the payment of day 1; a third may take it too, or one of two of day 9 that nobody else wants.
    listed, moved = [(0, 5, 1, 1, 0), (0, 5, 1, 1, 0), (0, 5, 1, 9, 0)], [(0, 5, day, day, 0) for day in (1, 9, 9)]
    assert counted(side(listed), side(moved))[1] == [4]


def test_equal_rows_are_counted_up_to_a_thousand() -> None:
    assert counted(equal(6), equal(6))[1] == [720]
    assert counted(equal(10), equal(3))[1] == [720]
    assert counted(equal(7), equal(7))[1] == [MANY]
    assert counted(equal(1001), equal(1))[1] == [MANY]
    assert MANY == 1_001


def test_up_to_forty_rows_of_a_side_are_counted() -> None:
    assert counted(equal(40), equal(1))[1] == [40]
    assert counted(equal(1), equal(40))[1] == [40]
    assert counted(equal(41), equal(1))[1] == [MANY]


def test_rows_of_different_windows_are_counted_up_to_a_thousand() -> None:
    # One order that a single payment fits, and equal ones that all fit: the rest is free.
    narrow, days = (0, 19900, 1, 1, 0), [(0, 19900, day, day, 0) for day in (1, 2, 3, 4, 5, 6, 7)]
    assert counted(side([narrow, *[(0, 19900, 1, 7, 0)] * 6]), side(days))[1] == [1, 720]
    wide = [(0, 19900, 1, 7, 0)] * 6
    early = [(0, 19900, 1, 6, 0)]
    ways = counted(side([*early, *wide]), side(days))[1]
    assert ways == [MANY]  # 6 x 6!


def test_what_takes_too_many_steps_is_many() -> None:
    # 20 orders and 19 payments of which the first ten fit only the first ten: more ways than can be listed.
    lefts = [(0, 100, 1, 1 + n % 2, 0) for n in range(20)]
    rights = [(0, 100, 1 + n % 2, 1 + n % 2, 0) for n in range(19)]
    assert counted(side(lefts), side(rights))[1] == [MANY]
