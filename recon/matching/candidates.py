"""Pairs of rows that are equal in one thing and near in another: the only pairs that a pass looks at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Index = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Nearness:
    """How far the right value may lie from the left one: from `low` to `high`, both included."""

    low: int
    high: int


def codes(left: list[Index], right: list[Index]) -> tuple[Index, Index]:
    """Return one code per row such that two rows have the same code exactly if all their columns are equal.

    Args:
        left: columns of the left side, int64.
        right: the same columns of the right side.
    """
    table = np.column_stack([np.concatenate(pair) for pair in zip(left, right, strict=True)])
    code = np.unique(table, axis=0, return_inverse=True)[1].reshape(-1).astype(np.int64)
    return code[: len(left[0])], code[len(left[0]) :]


def uncrowded(left: Index, right: Index, most: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which rows are in a group that at most so many rows of either side share."""
    size = max((int(group.max()) + 1 for group in (left, right) if len(group)), default=0)
    fits = np.maximum(np.bincount(left, minlength=size), np.bincount(right, minlength=size)) <= most
    return fits[left], fits[right]


def near(left: tuple[Index, Index], right: tuple[Index, Index], nearness: Nearness) -> tuple[Index, Index]:
    """Return the pairs of places with equal group and near value, sorted by the left one.

    Args:
        left: group codes (0 or more) and values per row.
        right: the same for the other side.
        nearness: where the right value may lie, seen from the left one.
    """
    (group, value), (other_group, other_value) = left, right
    if not len(group) or not len(other_group):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    reach = max(abs(nearness.low), abs(nearness.high)) + 1
    base = min(int(value.min()), int(other_value.min())) - reach
    span = max(int(value.max()), int(other_value.max())) + reach - base + 1
    key, other = group * span + (value - base), other_group * span + (other_value - base)
    order = np.argsort(other, kind="stable")
    low = np.searchsorted(other[order], key + nearness.low, "left")
    high = np.searchsorted(other[order], key + nearness.high, "right")
    i = np.repeat(np.arange(len(key), dtype=np.int64), high - low)
    first = np.concatenate(([0], np.cumsum(high - low)[:-1]))
    j = order[np.arange(len(i)) - np.repeat(first, high - low) + np.repeat(low, high - low)]
    return i, j.astype(np.int64)
