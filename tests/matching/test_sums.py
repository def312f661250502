"""Sums of a few: the only one, none, or more than one, against trying all sets."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recon.matching.sums import MOST_MEMBERS, MOST_SUMS, Sum, only_sum

AMOUNTS = st.lists(st.integers(1, 12), max_size=7)


@given(AMOUNTS, st.integers(1, 40), st.integers(0, 7), st.sets(st.integers(0, 6), max_size=2))
def test_exactly_the_only_set(amounts: list[int], total: int, cut: int, named: set[int]) -> None:
    by_row = dict(enumerate(amounts))
    groups = [group for group in (list(range(len(amounts)))[:cut], list(range(len(amounts)))[cut:]) if group]
    held = frozenset(named & by_row.keys())
    sets = [
        some
        for group in groups
        for size in range(2, MOST_MEMBERS + 1)
        for some in combinations(group, size)
        if sum(by_row[row] for row in some) == total and held <= set(some)
    ]
    found = only_sum(total, by_row, groups, held)
    assert (found.members if found else None) == (sets[0] if len(sets) == 1 else None)


def test_the_expected_accidents_are_the_sums_over_the_total() -> None:
    assert only_sum(30_000, {0: 10_000, 1: 20_000, 2: 777}, [[0, 1, 2]], frozenset()) == Sum(
        (0, 1), 4_000_000 // 30_000
    )


def test_among_too_many_no_sum_is_looked_for() -> None:
    rows = {n: 1000 + n for n in range(60)}
    assert only_sum(2001, rows, [list(rows)], frozenset()) is None
    assert only_sum(2001, rows, [[0, 1], list(range(2, 12))], frozenset()) is not None
    assert MOST_SUMS < 60 * 59 * 58 // 6 * 57 // 4


@pytest.mark.parametrize(
    ("total", "amounts", "groups", "held", "members"),
    [
        (12, [5, 7, 9], [[0, 1, 2]], {0}, (0, 1)),
        (16, [5, 11, 9, 11], [[1, 2], [0, 3]], {0}, (0, 3)),  # a day without the named line has no say
        (12, [5, 7], [[0, 1]], {0, 1}, (0, 1)),  # the named ones alone
        (12, [5, 7, 6, 6], [[0, 1, 2, 3]], set(), None),  # two ways
        (31, [1, 2, 4, 8, 16], [[0, 1, 2, 3, 4]], set(), (0, 1, 2, 3, 4)),
        (63, [1, 2, 4, 8, 16, 32], [[0, 1, 2, 3, 4, 5]], set(), None),  # six members
        (63, [1, 2, 4, 8, 16, 32], [[0, 1, 2, 3, 4, 5]], {0}, None),
        (-12, [-5, -7], [[0, 1]], set(), (0, 1)),
    ],
)
def test_named_lines_are_members_and_five_are_the_most(
    total: int, amounts: list[int], groups: list[list[int]], held: set[int], members: tuple[int, ...] | None
) -> None:
    found = only_sum(total, dict(enumerate(amounts)), groups, frozenset(held))
    assert (found.members if found else None) == members
