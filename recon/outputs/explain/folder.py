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
#: A million matches are a gigabyte: they go by in pieces.
_PIECE = 1 << 22
#: One line of breaks.csv may be large (a cut-off names all its orders), and a memo may hold line ends.
_WHOLE = (1 << 31) - 1
_FREE = pacsv.ParseOptions(newlines_in_values=True)
_FAULTS = (pa.ArrowInvalid, pa.ArrowKeyError)


@dataclass(frozen=True)
class Result:
    """What a run left. summary: the object of its summary.json."""

    path: Path
    summary: Mapping[str, Any]

    @property
    def currency(self) -> str:
        """Of the books."""
        return str(self.summary["currency"])

    def table(self, name: str, needed: Sequence[str] = ()) -> pa.Table:
        """Return a whole table, `breaks` for breaks.csv.

        Args:
            name: of the table.
            needed: columns that it must have.

        Raises:
            WorkspaceFault: it is missing, damaged, or another version wrote it without a column that is needed.
        """
        file = self._file(name)
        if lacking := [column for column in needed if column not in _head(file)]:
            raise WorkspaceFault(f"{file}: has no column {lacking[0]}. Run recon match again.")
        size = min(max(file.stat().st_size, 1), _WHOLE)
        try:
            return _unguarded(pacsv.read_csv(file, pacsv.ReadOptions(block_size=size), _FREE, _as_text(_head(file))))
        except _FAULTS as error:
            raise _damaged(file) from error

    def pieces(self, name: str, columns: Sequence[str], holding: Sequence[str] = ()) -> Iterator[pa.Table]:
        """Yield some columns of a table, piece by piece, in the order of its lines.

        Args:
            name: of the table; one without free text, so that every line of the file is a row.
            columns: to read.
            holding: where given, pieces in which none of these texts stands anywhere are passed over unread.
        """
        file = self._file(name)
        names = _head(file)
        if not set(columns) <= set(names):
            raise _damaged(file)
        signs = [text.replace('"', '""').encode() for text in holding]
        for lines in _pieces(file):
            if not signs or any(sign in lines for sign in signs):
                try:
                    yield _read(lines, names, columns)
                except _FAULTS as error:
                    raise _damaged(file) from error

    def matches(self, ids: Iterable[str]) -> dict[str, pa.Table]:
        """Return match_id -> its members.

        The members of a match are lines one after another that begin with its id (`tables.matches`), so the file is
        searched, not read; ids in the order of the table are found in one go.
        """
        file = self._file("matches")
        names = _head(file)
        found: dict[str, pa.Table] = {}
        place = 0
        with file.open("rb") as handle, mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ) as text:
            for match_id in ids:
                start, place = _led_by(text, match_id, place)
                found[match_id] = _unguarded(_read(text[start:place], names))
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
    with file.open(encoding="utf-8", errors="replace") as lines:
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


def _pieces(file: Path) -> Iterator[bytes]:
    """Yield whole lines of a file behind its first, some megabytes at a time."""
    with file.open("rb") as handle:
        handle.readline()
        rest = b""
        while block := handle.read(_PIECE):
            block = rest + block
            cut = block.rfind(b"\n") + 1
            rest = block[cut:]
            if cut:
                yield block[:cut]
        if rest:
            yield rest


def _read(lines: bytes, names: Sequence[str], columns: Sequence[str] = ()) -> pa.Table:
    options = pacsv.ReadOptions(column_names=list(names), block_size=max(len(lines), 1))
    return pacsv.read_csv(BytesIO(lines), options, None, _as_text(names, columns))


def _led_by(text: mmap.mmap, first: str, place: int) -> tuple[int, int]:
    """Return where the lines begin and end that have this first cell; they stand together, most likely behind place."""
    head = f"\n{first},".encode()
    start = text.find(head, place)
    start = start if start >= 0 else text.find(head)
    if start < 0:
        return 0, 0
    end = start
    while text[end : end + len(head)] == head:
        following = text.find(b"\n", end + 1)
        end = following if following >= 0 else len(text)
    return start + 1, end


def _damaged(file: Path) -> WorkspaceFault:
    return WorkspaceFault(f"{file}: is no table as recon wrote it. Run recon match again.")
