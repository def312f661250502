"""The best assignment against all assignments: what is taken is the only good one, by the margin."""

from itertools import permutations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from recon.matching.lines.assignment import MOST_ROWS, Choice, best_pairs, components

GAINS = st.integers(1, 4).flatmap(
    lambda rows: st.integers(1, 4).flatmap(
        lambda columns: st.lists(
            st.lists(st.sampled_from([0, 0, 1, 2, 3, 5]), min_size=columns, max_size=columns),
            min_size=rows,
            max_size=rows,
        )
    )
)
Gain = list[list[int]]


def edges(gain: Gain) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    table = np.array(gain, dtype=np.int64)
    i, j = np.nonzero(table)
    return i, j, table[i, j]


def best(gain: Gain, margin: int) -> list[Choice]:
    i, j, evidence = edges(gain)
    return best_pairs(i, j, evidence, i, j, margin)


def most(gain: Gain) -> int:
    """The most evidence of any assignment, by trying them all."""
    rows, columns = len(gain), len(gain[0])
    wide = [[*row, *[0] * rows] for row in gain]  # a row may stay alone
    return max(sum(wide[n][at] for n, at in enumerate(some)) for some in permutations(range(columns + rows), rows))


def without(gain: Gain, i: int, j: int) -> Gain:
    return [[0 if (a, b) == (i, j) else value for b, value in enumerate(row)] for a, row in enumerate(gain)]


@given(GAINS, st.integers(1, 3))
def test_exactly_the_pairs_without_which_the_margin_is_lost(gain: Gain, margin: int) -> None:
    whole = most(gain)
    expected = [
        (i, j, lost)
        for i, row in enumerate(gain)
        for j, value in enumerate(row)
        if value and (lost := whole - most(without(gain, i, j))) >= margin
    ]
    assert [(c.left[0], c.right[0], c.margin) for c in best(gain, margin)] == expected


@given(GAINS)
def test_the_order_of_the_rows_decides_nothing(gain: Gain) -> None:
    turned = [list(reversed(row)) for row in reversed(gain)]
    rows, columns = len(gain), len(gain[0])
    here = {(c.left[0], c.right[0]) for c in best(gain, 1)}
    assert {(rows - 1 - c.left[0], columns - 1 - c.right[0]) for c in best(turned, 1)} == here


def test_equal_rows_are_one_class() -> None:
    """Two lines to two that print the same: taken together. Three of them: two are taken, whichever."""
    i, j = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
    evidence = np.array([4, 4, 4, 4])
    assert best(np.full((2, 2), 4).tolist(), 1) == []
    assert best_pairs(i, j, evidence, np.zeros(4, int), np.zeros(4, int), 1) == [Choice((0, 1), (0, 1), 8, 1)]
    three = best_pairs(np.zeros(3, int), np.arange(3), np.full(3, 4), np.zeros(3, int), np.zeros(3, int), 1)
    assert [(c.left, len(c.right), c.margin) for c in three] == [((0,), 1, 4)]


def test_a_component_of_too_many_rows_says_nothing() -> None:
    size = MOST_ROWS + 1
    i = np.arange(size)
    assert best_pairs(i, np.zeros(size, int), np.ones(size, int), i, np.zeros(size, int), 0) == []


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=12))
def test_components_join_what_shares_a_row(pairs: list[tuple[int, int]]) -> None:
    i, j = (np.array([p[n] for p in pairs], dtype=np.int64) for n in (0, 1))
    label = components(i, j).tolist()
    sets: list[set[tuple[int, int]]] = []
    for a, b in pairs:
        ends = {(0, a), (1, b)}
        joined = [s for s in sets if s & ends]
        sets = [s for s in sets if not s & ends] + [ends.union(*joined)]
    for n, one in enumerate(pairs):
        for m, other in enumerate(pairs):
            together = any({(0, one[0]), (0, other[0])} <= s for s in sets)
            assert (label[n] == label[m]) is together
