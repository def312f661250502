"""Pairs whose words contradict them: both sides say something, and what they say does not meet."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from recon.matching.words import Vocabulary, meets

#: The words of sets with more rows on a side are not compared.
MOST_ROWS = 500


def strangers(left: Sequence[str], right: Sequence[str], one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return per pair whether its words contradict it.

    Args:
        left: texts of the left rows, "" where a row says nothing.
        right: texts of the right rows.
        one: place in `left` of each pair.
        other: place in `right` of each pair.
    """
    apart = np.zeros(len(one), dtype=bool)
    told = np.array([bool(text) for text in left], dtype=bool), np.array([bool(text) for text in right], dtype=bool)
    both = np.flatnonzero(told[0][one] & told[1][other])
    if not len(both):
        return apart
    common = Vocabulary.of(left).common | Vocabulary.of(right).common
    apart[both] = [
        meets(left[i], right[j], common) is False for i, j in zip(one[both].tolist(), other[both].tolist(), strict=True)
    ]
    return apart
