"""What passes between the readers of file kinds and the reader of channels: lines, bodies, folded header names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Rows = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file: its number as a person counts it, from 1, and its cells as text."""

    row: int
    cells: tuple[str, ...]

    @property
    def text(self) -> str:
        """The cells as one text."""
        return ",".join(self.cells).rstrip(",")


@dataclass(frozen=True, slots=True)
class Shape:
    """How a channel's lines are cut.

    split: token between cells where it is not the delimiter (WeChat Pay: comma and back-tick).
    footer: how lines below the rows begin; the first such line near the end ends the rows.
    encodings: in the order in which they are tried; empty: all that are known.
    """

    split: str = ""
    footer: tuple[str, ...] = ()
    encodings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Body:
    """The rows of a table.

    columns: name -> text, as `string` (it may be in the pieces in which it was read, uncopied: `whole`) or, for
    categories, `dictionary<int32, string>`; null where the cell is missing.
    rows: the row numbers, as a person counts. malformed: rows of another number of cells, with that number; they are
    in no column. lossy: the cells may hold U+FFFD in place of bytes that are no text in the file's encoding.
    """

    columns: dict[str, pa.Array | pa.ChunkedArray]
    rows: Rows
    preamble: tuple[Line, ...]
    footer: tuple[Line, ...]
    malformed: tuple[tuple[int, int], ...] = ()
    lossy: bool = False

    def whole(self) -> Body:
        """Return it with each column in one array."""
        return replace(self, columns={name: in_one(column) for name, column in self.columns.items()})


def in_one(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Return a column as one array; nothing is copied that is one already."""
    if not isinstance(column, pa.ChunkedArray):
        return column
    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)


def bools(column: pa.Array) -> npt.NDArray[np.bool_]:
    """Return a column of true and false, without nulls, as a mask."""
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=bool)


def filled(column: pa.Array, missing: int) -> npt.NDArray[Any]:
    """Return a column of whole numbers with a number in place of nulls; nothing is copied where there is none."""
    whole = pc.fill_null(column, missing) if column.null_count else column
    return np.asarray(whole.to_numpy(zero_copy_only=False))


_TRANSLATED = re.compile(r"(?<=[\u4e00-\u9fff])\s*\[[^\[\]]*\]\s*$")
_GLUE = re.compile(r"[\s\"'`#\ufeff]+")


@lru_cache(maxsize=1 << 14)
def fold(cell: str) -> str:
    """Return a header cell as names are compared: NFKC, without blanks, quotes, back-ticks and #, 帐 as 账.

    The English words in brackets behind a Chinese name (`交易日期[ Transaction Date ]`) are left out.
    """
    name = _TRANSLATED.sub("", unicodedata.normalize("NFKC", cell))
    return _GLUE.sub("", name).replace("帐", "账")


def footer_start(texts: Sequence[str], prefixes: tuple[str, ...]) -> int:
    """Return the index of the first text that begins with a prefix, or the number of texts."""
    for index, text in enumerate(texts):
        if text.lstrip("\ufeff\t \"'`").startswith(prefixes):
            return index
    return len(texts)
