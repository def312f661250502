"""Sums per key are exact whole numbers, and say which groups are empty."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from recon.ledger.parts import count_by, max_by, min_by, sum_by

pairs = st.lists(st.tuples(st.integers(-1, 4), st.integers(-(2**50), 2**50)), max_size=30)


@given(pairs)
def test_sums_counts_and_borders_per_group(drawn: list[tuple[int, int]]) -> None:
    groups = np.array([g for g, _ in drawn], dtype=np.int64)
    values = np.array([v for _, v in drawn], dtype=np.int64)
    mine = [[v for g, v in drawn if g == n] for n in range(5)]
    assert sum_by(groups, values, 5).tolist() == [sum(some) for some in mine]
    assert count_by(groups, 5).tolist() == [len(some) for some in mine]
    assert max_by(groups, values, 5, -(2**60)).tolist() == [max(some, default=-(2**60)) for some in mine]
    assert min_by(groups, values, 5, -7).tolist() == [min(some, default=-7) for some in mine]


def test_no_groups_at_all() -> None:
    nothing = np.zeros(0, dtype=np.int64)
    assert sum_by(nothing, nothing, 0).tolist() == count_by(nothing, 0).tolist() == []
