"""Medians of whole numbers, some of which do not count, without leaving whole numbers."""

from __future__ import annotations

import numpy as np

_LAST = np.iinfo(np.int64).max


def median(values: np.ndarray, counts: np.ndarray, axis: int) -> np.ndarray:
    """Return the medians along an axis, of an even number the mean of the two in the middle rounded down, 0 of none.

    Args:
        values: int64, none of them the largest there is.
        counts: mask of the same shape; what is false is left out.
        axis: along which.
    """
    ordered = np.sort(np.where(counts, values, _LAST), axis=axis)
    size = counts.sum(axis=axis, keepdims=True)
    low = np.take_along_axis(ordered, np.maximum(size - 1, 0) // 2, axis=axis)
    high = np.take_along_axis(ordered, np.minimum(size // 2, values.shape[axis] - 1), axis=axis)
    middle = np.where(size > 0, low + (np.where(size > 0, high, low) - low) // 2, 0)
    found: np.ndarray = np.squeeze(middle, axis=axis)
    return found
