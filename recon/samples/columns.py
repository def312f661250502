"""Columns of numbers to the text of a file, a million rows at a time."""

from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, Final, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from recon.samples.dice import Ints

Times: TypeAlias = NDArray[Any]
"""Times of numpy, to the second or to the day (its type hints do not carry the unit through sums)."""
Cells: TypeAlias = "pa.Array | str"
"""One cell per row, or one text that stands on every row."""

_CHUNK: Final = 100_000
NEVER: Final = np.datetime64("NaT", "s")


def number(values: Ints, width: int = 0) -> pa.Array:
    """Whole numbers as text, with leading zeros up to `width`."""
    text = pc.cast(pa.array(values), pa.string())
    return pc.utf8_lpad(text, width, "0") if width else text


def money(fen: Ints) -> pa.Array:
    """Minor units as text with two decimals: -1205 is -12.05."""
    size = np.abs(fen)
    sign = pc.if_else(pa.array(fen < 0), "-", "")
    return pc.binary_join_element_wise(sign, number(size // 100), ".", number(size % 100, 2), "")


def yuan(fen: int) -> str:
    """One amount as `money` writes it."""
    text: str = money(np.array([fen], dtype=np.int64))[0].as_py()
    return text


def clock(times: Times) -> pa.Array:
    """Times as `2026-10-01 08:30:00`; never is empty."""
    return pc.fill_null(pc.cast(pa.array(times.astype("datetime64[s]")), pa.string()), "")


def day(times: Times, layout: str = "-") -> pa.Array:
    """Days as `2026-10-01`, or with another separator; never is empty."""
    text = pc.cast(pa.array(times.astype("datetime64[D]")), pa.string())
    return pc.fill_null(text if layout == "-" else pc.replace_substring(text, "-", layout), "")


def choice(texts: Sequence[str], picks: Ints) -> pa.Array:
    """The text of each pick."""
    return pa.array(texts, pa.string()).take(pa.array(picks))


def join(*parts: Cells) -> pa.Array:
    """Texts and columns side by side, without a separator; at least one is a column."""
    return pc.binary_join_element_wise(*parts, "")


def where(mask: NDArray[np.bool_], yes: Cells, no: Cells) -> pa.Array:
    """The first where the mask holds, else the second."""
    return pc.if_else(pa.array(mask), yes, no)


def row_texts(cells: Sequence[Cells], start: int, count: int) -> list[str]:
    """`count` rows from `start` as text, cells between commas; at least one cell is a column."""
    part = [cell if isinstance(cell, str) else cell.slice(start, count) for cell in cells]
    texts: list[str] = pc.binary_join_element_wise(*part, ",").to_pylist()
    return texts


def write_rows(stream: IO[bytes], cells: Sequence[Cells], count: int, *, encoding: str, end: str) -> None:
    """Write `count` lines of cells between commas, each closed by `end`."""
    for start in range(0, count, _CHUNK):
        lines = row_texts(cells, start, min(_CHUNK, count - start))
        stream.write((end.join(lines) + end).encode(encoding))


def write_table(path: Path, head: str, cells: Sequence[Cells], count: int, *, encoding: str, end: str) -> None:
    """Write a header line and `count` rows; the encoding `utf-8-sig` puts its mark in front once."""
    with path.open("wb") as stream:
        stream.write((head + end).encode(encoding))
        write_rows(stream, cells, count, encoding=encoding.removesuffix("-sig"), end=end)
