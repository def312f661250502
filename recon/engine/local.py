"""Run kernels in this process.

A kernel is a pure function of two tables that share a block key: rows of different blocks never meet, so that it may be
run on any number of pieces, each holding whole blocks, and gives the same result.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np

_Left = TypeVar("_Left")
_Right = TypeVar("_Right")
_Result = TypeVar("_Result")


def pieces(left: np.ndarray, right: np.ndarray, count: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Split the rows of two sides into pieces that hold whole blocks, about equally many blocks in each.

    Args:
        left: block of each row of the left (int64).
        right: block of each row of the right.
        count: how many pieces, 1 or more.

    Returns:
        Positions of the left and of the right per piece, ascending; pieces without a row are left out.
    """
    blocks = np.unique(np.concatenate([left, right]))
    at_left, at_right = (np.searchsorted(blocks, side) % count for side in (left, right))
    split = [(np.flatnonzero(at_left == n), np.flatnonzero(at_right == n)) for n in range(count)]
    return [(one, other) for one, other in split if len(one) or len(other)]


def run(kernel: Callable[[_Left, _Right], _Result], tables: Sequence[tuple[_Left, _Right]]) -> list[_Result]:
    """Run a kernel on each pair of tables, in their order."""
    return [kernel(left, right) for left, right in tables]
