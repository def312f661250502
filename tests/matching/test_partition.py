"""Rows beside a cut that are equal in amount and moment: nothing but chance put one of them behind the cut."""

import numpy as np
import pytest

from recon.matching.payouts.partition import _equal, _ground
from recon.matching.payouts.stream import CUTS


def test_a_row_equals_the_one_before_it_by_amount_and_moment() -> None:
    net, moment = np.array([5, 5, 5, 6, 6]), np.array([1, 1, 2, 2, 2])
    bounds = (np.array([2]), np.array([3]), None)
    ground = _ground(CUTS, np.arange(5), net, moment, np.array([10, 11, 12, 13, 14]), bounds)
    assert ground.same.tolist() == [False, True, False, False, True]
    assert ground.sums.tolist() == [0, 5, 10, 15, 21, 27]
    assert ground.order.tolist() == [10, 11, 12, 13, 14]


@pytest.mark.parametrize(
    ("cut", "rows"),
    [(0, []), (1, [0, 1, 2, 3]), (2, [0, 1, 2, 3]), (3, [0, 1, 2, 3]), (4, []), (6, [5, 6]), (7, [])],
)
def test_a_cut_leaves_open_all_equal_rows_that_it_divides(cut: int, rows: list[int]) -> None:
    same = np.array([False, True, True, True, False, False, True])
    assert _equal(same, cut).tolist() == rows
