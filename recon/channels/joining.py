"""Texts of several columns as one text per row."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from recon.channels.lines import filled

#: Up to as many combinations of words are joined once each.
_FEW_PAIRS = 1 << 20


def joined(columns: Sequence[pa.Array]) -> pa.StringArray:
    """Return the texts of each row joined by a blank, null where all are empty; one column or more."""
    if all(pa.types.is_dictionary(column.type) for column in columns):
        sizes = [len(column.dictionary) + 1 for column in columns]
        if math.prod(sizes) <= _FEW_PAIRS:
            return _joined_words(columns, sizes)
    return _joined([column.cast(pa.string()) for column in columns])


def _joined(columns: Sequence[pa.StringArray]) -> pa.StringArray:
    if len(columns) == 1:
        return columns[0]
    # Not "skip": Arrow then drops the rows where all are null.
    text = pc.binary_join_element_wise(*columns, " ", null_handling="replace", null_replacement="")
    text = pc.utf8_trim_whitespace(text)
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)


def _joined_words(columns: Sequence[pa.DictionaryArray], sizes: Sequence[int]) -> pa.StringArray:
    """Join each combination of words once."""
    codes = np.zeros(len(columns[0]), dtype=np.int64)
    for column, size in zip(columns, sizes, strict=True):
        codes = codes * size + filled(column.indices, size - 1)
    used = np.flatnonzero(np.bincount(codes, minlength=1))
    words: list[pa.StringArray] = []
    rest = used
    for column, size in zip(reversed(columns), reversed(sizes), strict=True):
        rest, own = np.divmod(rest, size)
        words.insert(0, column.dictionary.take(pa.array(own, mask=own == size - 1)))
    place = np.zeros(int(used[-1]) + 1 if len(used) else 1, dtype=np.int64)
    place[used] = np.arange(len(used))
    return _joined(words).take(pa.array(place[codes]))
