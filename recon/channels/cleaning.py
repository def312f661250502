"""Cells without the decoration that exports and spreadsheets put around them.

Columns are worked through in pieces: what lies between the steps stays in the processor's cache.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from recon.channels.lines import in_one

_ROWS = 1 << 15
#: Blanks are bytes up to this one, or not ASCII.
_BLANK, _ASCII = 0x20, 0x80


def pieces(column: pa.Array | pa.ChunkedArray) -> Iterator[pa.Array]:
    """Give a column piece by piece; of an empty one an empty piece."""
    for start in range(0, max(len(column), 1), _ROWS):
        yield in_one(column.slice(start, _ROWS))


def holds(column: pa.StringArray, *marks: bytes) -> bool:
    """True if any of these bytes stand anywhere in the column."""
    return any(mark in raw for raw in map(_bytes, pieces(column)) for mark in marks)


def cleaned(column: pa.Array | pa.ChunkedArray, empty: Sequence[str]) -> pa.Array:
    """Take off blanks, TABs, `="…"`, leading ' and back-tick; empty texts, and those of `empty`, become null."""
    if pa.types.is_dictionary(column.type):
        words = cleaned(column.dictionary, empty)
        indices = column.indices
        if words.null_count:
            gone = pc.is_null(words).take(pc.fill_null(indices, 0))
            indices = pc.if_else(gone, pa.scalar(None, pa.int32()), indices)
        return pa.DictionaryArray.from_arrays(indices, pc.fill_null(words, ""))
    void = pa.array(["", *empty], pa.string())
    longest = max(len(text.encode()) for text in void.to_pylist())
    return pa.concat_arrays([_cleaned(piece, void, longest) for piece in pieces(column)])


def carried(column: pa.Array, key: pa.Array) -> pa.Array:
    """Fill empty cells with what another row of the same key says, of several texts the smallest; in any order of rows.

    Args:
        column: text or dictionary.
        key: as long; rows without a key stay as they are.
    """
    text = column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column
    told = pa.table({"key": key.cast(pa.string()), "text": text}).drop_null()
    words = told.group_by("key").aggregate([("text", "min")])
    place = pc.index_in(key.cast(pa.string()), value_set=in_one(words["key"]), skip_nulls=True)
    filled = pc.coalesce(text, in_one(words["text_min"]).take(place))
    return filled.dictionary_encode() if pa.types.is_dictionary(column.type) else filled


def _cleaned(column: pa.StringArray, void: pa.StringArray, longest: int) -> pa.StringArray:
    raw = _bytes(column)
    values = np.frombuffer(raw, dtype=np.uint8)
    if len(values) and (values.min() <= _BLANK or values.max() >= _ASCII):
        column = pc.utf8_trim_whitespace(column)
    if b'="' in raw:
        wrapped = pc.match_substring_regex(column, r'^="[^"]*"$')
        column = pc.if_else(wrapped, pc.utf8_slice_codeunits(column, start=2, stop=-1), column)
        column = pc.utf8_trim_whitespace(column)
    if b"'" in raw or b"`" in raw:
        column = pc.utf8_ltrim(column, "'`")
    shortest = pc.min(pc.binary_length(column)).as_py()
    if shortest is None or shortest > longest:
        return column
    gone = pc.is_in(column, value_set=void)
    return pc.if_else(gone, pa.scalar(None, pa.string()), column) if pc.any(gone).as_py() else column


def _bytes(column: pa.StringArray) -> bytes:
    """The bytes of all texts, one behind the other."""
    _, places, data = column.buffers()
    if data is None or not len(column):
        return b""
    ends = np.frombuffer(places, dtype=np.int32)[[column.offset, column.offset + len(column)]]
    return bytes(memoryview(data)[ends[0] : ends[1]])
