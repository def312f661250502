"""In how many ways a set of rows could be paired: counted exactly up to 1,000 (the general count is #P-hard)."""

from __future__ import annotations

import math

import numpy as np

from recon.matching.window import OPEN, POOL, Pairing, Side

#: Stands for "more than 1,000".
MANY = 1_001
#: Sets with more rows on a side are not counted: more than 1,000 is said of them.
_LARGEST = 40
_STEPS = 20_000


def assignments(left: Side, right: Side, compatible: np.ndarray | None, pairing: Pairing) -> np.ndarray:
    """Return per group of a pairing the number of its maximum matchings, 1 where it is decided.

    Args:
        left: the rows that were paired.
        right: those of the other side.
        compatible: as for `window.pair`.
        pairing: what `window.pair` gave.
    """
    count = np.ones(pairing.groups, dtype=np.int64)
    rows_left = _by_group(pairing.left_group, pairing.left_state)
    rows_right = _by_group(pairing.right_group, pairing.right_state)
    for group, some in rows_left.items():
        count[group] = _count(left.take(some), right.take(rows_right[group]), compatible)
    return count


def _by_group(group: np.ndarray, state: np.ndarray) -> dict[int, np.ndarray]:
    """Group -> its rows, of the groups that are not single pairs."""
    rows = np.flatnonzero(np.isin(state, (OPEN, POOL)))
    rows = rows[np.argsort(group[rows], kind="stable")]
    starts = np.flatnonzero(np.diff(group[rows], prepend=-1))
    return {int(group[block[0]]): block for block in np.split(rows, starts[1:]) if len(block)}


def _count(left: Side, right: Side, compatible: np.ndarray | None) -> int:
    many, few = max(len(left), len(right)), min(len(left), len(right))
    meets = (left.early[:, None] <= right.early) & (right.early <= left.late[:, None]) if many <= _LARGEST else None
    if meets is None:
        return MANY
    meets &= (left.amount[:, None] == right.amount) & (left.block[:, None] == right.block)
    if compatible is not None:
        meets &= compatible[left.tag[:, None], right.tag]
    if meets.all():
        return min(math.perm(many, few), MANY)
    table = meets if len(left) <= len(right) else meets.T
    masks = [sum(1 << int(n) for n in np.flatnonzero(row)) for row in table]
    return _Counter(masks).run()


class _Counter:
    """Counts the maximum matchings of a few rows, the most constrained row first; stops at `MANY`."""

    def __init__(self, masks: list[int]) -> None:
        self.masks = masks
        self.steps = 0

    def run(self) -> int:
        """Return the count; of sets that cannot be listed in the steps allowed, `MANY`."""
        for spared in range(len(self.masks) + 1):  # rows that must go without, as few as possible
            found = self._from(frozenset(range(len(self.masks))), 0, spared)
            if found or self.steps > _STEPS:
                return MANY if self.steps > _STEPS else min(found, MANY)
        return 1

    def _from(self, rest: frozenset[int], used: int, spared: int) -> int:
        self.steps += 1
        if not rest:
            return int(spared == 0)
        if self.steps > _STEPS:
            return 0
        row = min(rest, key=lambda n: ((self.masks[n] & ~used).bit_count(), n))
        free, found = self.masks[row] & ~used, 0
        others = rest - {row}
        while free and found < MANY:
            bit = free & -free
            free ^= bit
            found += self._from(others, used | bit, spared)
        if spared and found < MANY:
            found += self._from(others, used, spared - 1)
        return found
