"""Seeded numbers that stay the same from one version of numpy to the next.

numpy promises a stable stream for its bit generators only, not for the distributions drawn from them;
so these few draws are made from the raw stream.
"""

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Dice:
    """Whole numbers from one seed."""

    def __init__(self, seed: int) -> None:
        self._bits = np.random.PCG64(seed)

    def between(self, low: int, high: int, count: int) -> Ints:
        """`count` whole numbers from low to high, both included."""
        raw = np.asarray(self._bits.random_raw(count), dtype=np.uint64)
        return (raw % np.uint64(high - low + 1)).astype(np.int64) + low

    def one(self, low: int, high: int) -> int:
        """One whole number from low to high, both included."""
        return int(self.between(low, high, 1)[0])

    def order(self, count: int) -> Ints:
        """The numbers 0 to count − 1 in a random order."""
        return np.argsort(np.asarray(self._bits.random_raw(count), dtype=np.uint64), kind="stable")
