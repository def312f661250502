"""The best assignment of rows to rows by evidence, and which of its pairs are the only good ones.

A pair is taken only if the best assignment without it has less evidence by a margin. Rows that print the same are one
class: which of them goes where is no question. Evidence is whole numbers, so that equal sums are equal.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy  # optimize is loaded where it is first used
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Index = NDArray[np.int64]

#: Larger components get no text pass: the work grows with the cube, and so many equal rows say nothing.
MOST_ROWS = 500


@dataclass(frozen=True, slots=True)
class Choice:
    """A pair of classes that belong together: rows of the left class, as many rows of the right one.

    margin: evidence that the next best assignment lacks. alternatives: right classes that the left one could take.
    """

    left: tuple[int, ...]
    right: tuple[int, ...]
    margin: int
    alternatives: int


def components(left: Index, right: Index) -> Index:
    """Return the component of each edge; edges that share a row on a side are in one, numbered by their first edge."""
    if not len(left):
        return np.zeros(0, dtype=np.int64)
    some, i = np.unique(left, return_inverse=True)
    others, j = np.unique(right, return_inverse=True)
    size = len(some) + len(others)
    graph = coo_array((np.ones(len(left), dtype=np.int8), (i, len(some) + j)), shape=(size, size))
    return np.asarray(connected_components(graph, directed=False)[1][i], dtype=np.int64)


def best_pairs(
    left: Index, right: Index, evidence: Index, left_class: Index, right_class: Index, margin: int
) -> list[Choice]:
    """Return the pairs of the best assignment that no other comes near, sorted by their rows.

    Args:
        left: left row of each possible pair, each pair once.
        right: its right row.
        evidence: what speaks for it, above 0; pairs of equal classes have equal evidence.
        left_class: code of what the left row prints; rows of one code are exchangeable.
        right_class: the same of the right row.
        margin: the least evidence that the best assignment must have above any without that pair.
    """
    label = components(left, right)
    found: list[Choice] = []
    for n in np.unique(label).tolist():
        inside = np.flatnonzero(label == n)
        if len(np.unique(left[inside])) <= MOST_ROWS and len(np.unique(right[inside])) <= MOST_ROWS:
            found += _of_component(
                left[inside], right[inside], evidence[inside], left_class[inside], right_class[inside], margin
            )
    return sorted(found, key=lambda choice: (choice.left, choice.right))


def _of_component(
    left: Index, right: Index, evidence: Index, left_class: Index, right_class: Index, margin: int
) -> list[Choice]:
    some, i = np.unique(left, return_inverse=True)
    others, j = np.unique(right, return_inverse=True)
    kind = np.zeros(len(some), dtype=np.int64)
    kind[i] = left_class
    sort = np.zeros(len(others), dtype=np.int64)
    sort[j] = right_class
    gain = np.zeros((len(some), len(others)), dtype=np.int64)
    gain[i, j] = evidence
    best, pairs = _solve(gain)
    chosen: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for a, b in pairs:
        chosen.setdefault((int(kind[a]), int(sort[b])), []).append((a, b))
    found = []
    for (one, other), members in sorted(chosen.items()):
        without = gain.copy()
        without[np.ix_(kind == one, sort == other)] = 0
        lost = best - _solve(without)[0]
        if lost >= margin:
            mine, theirs = [a for a, _ in members], [b for _, b in members]
            options = len(np.unique(sort[(gain[kind == one] > 0).any(axis=0)]))
            found.append(Choice(tuple(some[mine].tolist()), tuple(sorted(others[theirs].tolist())), lost, options))
    return found


def _solve(gain: Index) -> tuple[int, list[tuple[int, int]]]:
    """The most evidence, and its pairs; a row may stay without a partner."""
    rows, columns = scipy.optimize.linear_sum_assignment(gain, maximize=True)
    taken = gain[rows, columns] > 0
    pairs = list(zip(rows[taken].tolist(), columns[taken].tolist(), strict=True))
    return int(gain[rows, columns].sum()), pairs
