"""Reads the tables of an output folder: as text, cell by cell what stands there, null where a cell is empty."""

from __future__ import annotations

import mmap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from recon.errors import WorkspaceFault
from recon.money import parse
from recon.outputs.delimited import FREE_TEXT, unguarded

Minor = npt.NDArray[np.int64]
_TEXT = pa.string()
#: A million matches are a gigabyte: they go by in pieces. One line (a cut-off that names every order) may be large.
_PIECE = 1 << 25
_WHOLE = (1 << 31) - 1


@dataclass(frozen=True)
class Result:
    """What a run left. summary: the object of its summary.json."""

    path: Path
    summary: Mapping[str, Any]

    @property
    def currency(self) -> str:
        """Of the books."""
        return str(self.summary["currency"])

    def table(self, name: str) -> pa.Table:
        """Return a whole table, `breaks` for breaks.csv.

        Raises:
            WorkspaceFault: it is missing or damaged.
        """
        file = self._file(name)
        size = min(max(file.stat().st_size, 1), _WHOLE)
        try:
            return _unguarded(pacsv.read_csv(file, pacsv.ReadOptions(block_size=size), None, _as_text(_head(file))))
        except pa.ArrowInvalid as error:
            raise _damaged(file) from error

    def pieces(self, name: str, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """Yield some columns of a table, piece by piece, in the order of its lines."""
        file = self._file(name)
        try:
            options = _as_text(_head(file), columns)
            with pacsv.open_csv(file, pacsv.ReadOptions(block_size=_PIECE), None, options) as reader:
                yield from reader
        except pa.ArrowInvalid as error:
            raise _damaged(file) from error

    def matches(self, ids: Iterable[str]) -> dict[str, pa.Table]:
        """Return match_id -> its members.

        The members of a match are lines one after another that begin with its id (`tables.matches`), so the file is
        searched, not read.
        """
        file = self._file("matches")
        names = _head(file)
        found: dict[str, pa.Table] = {}
        with file.open("rb") as handle, mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ) as text:
            for match_id in ids:
                lines = _led_by(text, match_id)
                options = pacsv.ReadOptions(column_names=names, block_size=max(len(lines), 1))
                found[match_id] = _unguarded(pacsv.read_csv(BytesIO(lines), options, None, _as_text(names)))
        return found

    def _file(self, name: str) -> Path:
        file = self.path / f"{name}.csv"
        if not file.is_file():
            raise WorkspaceFault(f"{file}: is missing. Run recon match again.")
        return file


def minor(table: pa.Table, name: str, currency: str) -> Minor:
    """Return a column of money in minor units, each in its row's currency (`currency` where none is); empty is 0."""
    texts = table.column(name).combine_chunks()
    named = pc.fill_null(table.column("currency").combine_chunks(), currency)
    amounts = np.zeros(len(table), dtype=np.int64)
    for code in pc.unique(named).to_pylist():
        mine = pc.equal(named, code)
        amounts[mine.to_numpy(zero_copy_only=False)] = pc.fill_null(parse(texts.filter(mine), code).minor, 0).to_numpy()
    return amounts


def _head(file: Path) -> list[str]:
    with file.open(encoding="utf-8") as lines:
        return lines.readline().rstrip("\n").split(",")


def _as_text(names: Sequence[str], columns: Sequence[str] = ()) -> pacsv.ConvertOptions:
    return pacsv.ConvertOptions(
        column_types=dict.fromkeys(names, _TEXT),
        include_columns=list(columns),
        null_values=[""],
        strings_can_be_null=True,
        quoted_strings_can_be_null=True,
    )


def _unguarded(table: pa.Table) -> pa.Table:
    for name in FREE_TEXT & set(table.column_names):
        place = table.schema.get_field_index(name)
        table = table.set_column(place, name, unguarded(table.column(name).combine_chunks()))
    return table


def _led_by(text: mmap.mmap, first: str) -> bytes:
    """Return the lines that begin with a cell; they stand together."""
    head = f"\n{first},".encode()
    start = text.find(head)
    if start < 0:
        return b""
    end = start
    while text[end : end + len(head)] == head:
        following = text.find(b"\n", end + 1)
        end = following if following >= 0 else len(text)
    return text[start + 1 : end]


def _damaged(file: Path) -> WorkspaceFault:
    return WorkspaceFault(f"{file}: is no table as recon wrote it. Run recon match again.")
