"""Pieces hold whole blocks, every row once; kernels run in their order."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recon.engine.local import pieces, run

blocks = st.lists(st.integers(-3, 9), max_size=20).map(lambda some: np.array(some, dtype=np.int64))


@given(blocks, blocks, st.integers(1, 5))
def test_every_row_lies_in_one_piece_with_its_whole_block(left, right, count):
    split = pieces(left, right, count)
    assert sorted(n for one, _ in split for n in one.tolist()) == list(range(len(left)))
    assert sorted(n for _, other in split for n in other.tolist()) == list(range(len(right)))
    seen = [set(left[one].tolist()) | set(right[other].tolist()) for one, other in split]
    assert sum(len(some) for some in seen) == len(set().union(*seen))
    assert all(seen)


@pytest.mark.parametrize("count", [1, 2, 7])
def test_results_come_in_the_order_of_the_pieces(count):
    left, right = np.arange(7), np.arange(7)
    tables = [(one.tolist(), other.tolist()) for one, other in pieces(left, right, count)]
    assert run(lambda one, other: sum(one) - sum(other), tables) == [0] * count
