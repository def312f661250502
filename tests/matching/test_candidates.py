"""Pairs equal in a group and near in a value, against comparing all with all."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from recon.matching.candidates import Nearness, codes, near, uncrowded

ROWS = st.lists(st.tuples(st.integers(0, 2), st.integers(-5, 5)), max_size=10)


def columns(rows: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    table = np.array(rows, dtype=np.int64).reshape(-1, 2)
    return table[:, 0], table[:, 1]


@given(ROWS, ROWS, st.integers(-4, 4), st.integers(0, 4))
def test_all_near_pairs(left: list[tuple[int, int]], right: list[tuple[int, int]], low: int, width: int) -> None:
    i, j = near(columns(left), columns(right), Nearness(low, low + width))
    expected = [
        (a, b)
        for a, (group, value) in enumerate(left)
        for b, (other, there) in enumerate(right)
        if group == other and low <= there - value <= low + width
    ]
    assert sorted(zip(i.tolist(), j.tolist(), strict=True)) == expected


@given(ROWS, ROWS)
def test_codes_are_equal_exactly_where_the_rows_are(left: list[tuple[int, int]], right: list[tuple[int, int]]) -> None:
    ours, theirs = codes(list(columns(left)), list(columns(right)))
    for a, one in enumerate(left):
        for b, other in enumerate(right):
            assert bool(ours[a] == theirs[b]) is (one == other)


def test_a_crowded_group_is_left_out_on_both_sides() -> None:
    left, right = uncrowded(np.array([0, 0, 0, 1]), np.array([0, 1, 2]), 2)
    assert left.tolist() == [False, False, False, True]
    assert right.tolist() == [False, True, True]
