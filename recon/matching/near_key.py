"""Numbers that a slip has damaged: two digits swapped, one dropped or changed, or the end cut off.

Found by leaving out one character at every place: two numbers one slip apart share what is left. That takes time in
proportion to the numbers, not to their pairs; every pair found is then verified by its true distance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

Index = NDArray[np.int64]
Hashes = NDArray[np.uint64]

#: A number shorter than this is one slip from too many others.
SHORTEST = 3
#: Of a number cut off by more than its last character at least this much must be left.
LEAST_LEFT = 6
_BASE = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Numbers:
    """Numbers that rows carry, one place per row and number.

    text: the numbers. row: the row of each. group: code of what must be equal (amount, currency, account).
    held: somebody on the other side carries the number exactly, whatever the amount: then it is not damaged.
    """

    text: Sequence[str]
    row: Index
    group: Index
    held: NDArray[np.bool_]


def near_keys(left: Numbers, right: Numbers) -> tuple[Index, Index]:
    """Return the pairs of rows with numbers one slip apart that nobody holds, one candidate both ways, sorted."""
    some, others = _lone(left), _lone(right)
    i, j = one_slip_apart(
        [left.text[n] for n in some.tolist()],
        [right.text[n] for n in others.tolist()],
        left.group[some],
        right.group[others],
    )
    size = int(right.row.max()) + 1 if len(right.row) else 1
    both = np.unique(left.row[some[i]] * size + right.row[others[j]])
    i, j = both // size, both % size
    sole = (_count(i)[i] == 1) & (_count(j)[j] == 1)
    return i[sole], j[sole]


def _count(rows: Index) -> Index:
    return np.bincount(rows) if len(rows) else rows


def _lone(side: Numbers) -> Index:
    long = np.array([len(text) >= SHORTEST for text in side.text], dtype=bool)
    return np.flatnonzero(long & ~side.held)


def one_slip_apart(
    left: Sequence[str], right: Sequence[str], left_group: Index, right_group: Index
) -> tuple[Index, Index]:
    """Return the pairs of places whose numbers are one slip apart, sorted; equal ones are no pair.

    Args:
        left: numbers as text.
        right: those of the other side.
        left_group: only numbers of one group are compared (amount, currency, account).
        right_group: the same codes for the other side.
    """
    found = [_sharing(*sides) for sides in _variants(left, right, left_group, right_group)]
    i = np.concatenate([f[0] for f in found])
    j = np.concatenate([f[1] for f in found])
    size = max(len(right), 1)
    both = np.unique(i * size + j)
    i, j = both // size, both % size
    good = (left_group[i] == right_group[j]) & _slipped([left[n] for n in i.tolist()], [right[n] for n in j.tolist()])
    return i[good], j[good]


def _slipped(left: list[str], right: list[str]) -> NDArray[np.bool_]:
    """One slip by the true distance, or cut off; never equal and never neighbours."""
    if not left:
        return np.zeros(0, dtype=bool)
    near = cpdist(left, right, scorer=OSA.distance, score_cutoff=1) == 1
    cut = np.array([_cut(a, b) for a, b in zip(left, right, strict=True)], dtype=bool)
    beside = np.array([_neighbours(a, b) for a, b in zip(left, right, strict=True)], dtype=bool)
    return np.asarray((near | cut) & ~beside, dtype=bool)


def _cut(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return len(short) >= LEAST_LEFT and len(short) < len(long) and long.startswith(short)


def _neighbours(one: str, other: str) -> bool:
    """Numbers that differ in their last digit only stand side by side in any book: two numbers, not one damaged."""
    return len(one) == len(other) and one[:-1] == other[:-1] and one[-1].isdigit() and other[-1].isdigit()


def _variants(
    left: Sequence[str], right: Sequence[str], left_group: Index, right_group: Index
) -> list[tuple[Hashes, Index, Hashes, Index]]:
    """Per way to slip: what is left of the numbers of both sides, hashed with their group, and their places."""
    a, b = _Numbers(left, left_group), _Numbers(right, right_group)
    thin_a, at_a = a.without_one()
    thin_b, at_b = b.without_one()
    head_a, from_a = a.beginnings(b.lengths())
    head_b, from_b = b.beginnings(a.lengths())
    return [
        (thin_a, at_a, thin_b, at_b),  # swapped, or one changed
        (a.whole, a.places, thin_b, at_b),  # dropped on the left
        (thin_a, at_a, b.whole, b.places),  # dropped on the right
        (a.whole, a.places, head_b, from_b),  # cut off
        (head_a, from_a, b.whole, b.places),
    ]


class _Numbers:
    """Numbers of one side by their lengths, as matrices of characters, so that hashes of their parts are cheap."""

    def __init__(self, numbers: Sequence[str], group: Index) -> None:
        length = np.array([len(n) for n in numbers], dtype=np.int64)
        self.places = np.arange(len(numbers), dtype=np.int64)
        self.group = group.astype(np.uint64) * np.uint64(0xD1B54A32D192ED03)
        self.blocks: dict[int, tuple[Index, Hashes]] = {}
        self.whole = np.zeros(len(numbers), dtype=np.uint64)
        text = np.array(list(numbers), dtype=str)
        for size in np.unique(length[length > 0]).tolist():
            rows = np.flatnonzero(length == size)
            block = text[rows].astype(f"<U{size}").view(np.uint32).reshape(len(rows), size).astype(np.uint64)
            self.blocks[size] = (rows, block)
            self.whole[rows] = _hash(block) ^ self.group[rows]

    def lengths(self) -> list[int]:
        return sorted(self.blocks)

    def without_one(self) -> tuple[Hashes, Index]:
        """Every number with each character left out once."""
        hashes, places = [np.zeros(0, dtype=np.uint64)], [np.zeros(0, dtype=np.int64)]
        for size, (rows, block) in self.blocks.items():
            for n in range(size):
                hashes.append(_hash(np.delete(block, n, axis=1)) ^ self.group[rows])
                places.append(rows)
        return np.concatenate(hashes), np.concatenate(places)

    def beginnings(self, lengths: Sequence[int]) -> tuple[Hashes, Index]:
        """The beginnings of the numbers, as long as some number of the other side."""
        hashes, places = [np.zeros(0, dtype=np.uint64)], [np.zeros(0, dtype=np.int64)]
        for size, (rows, block) in self.blocks.items():
            for short in lengths:
                if LEAST_LEFT <= short < size:
                    hashes.append(_hash(block[:, :short]) ^ self.group[rows])
                    places.append(rows)
        return np.concatenate(hashes), np.concatenate(places)


def _hash(block: Hashes) -> Hashes:
    """A number per row of characters; rows of other characters rarely share one, and every hit is verified."""
    total = np.full(len(block), block.shape[1], dtype=np.uint64)
    for column in block.T:
        total = (total ^ column) * _BASE
        total ^= total >> np.uint64(29)
    return total


def _sharing(one: Hashes, at_one: Index, other: Hashes, at_other: Index) -> tuple[Index, Index]:
    """Places of both sides that share a hash."""
    order = np.argsort(other, kind="stable")
    sorted_other = other[order]
    low, high = np.searchsorted(sorted_other, one, "left"), np.searchsorted(sorted_other, one, "right")
    count = high - low
    i = np.repeat(np.arange(len(one)), count)
    start = np.repeat(low - np.concatenate(([0], np.cumsum(count)[:-1])), count) if len(count) else count
    j = start + np.arange(len(i))
    return at_one[i], at_other[order[j]]
