"""Delimited text (csv, tsv, txt) -> columns of text, split on the raw bytes.

No trail byte of GBK or GB18030 is a comma, a TAB, a quote or a line end, so the bytes are split before they are
decoded, and only what is not ASCII is decoded at all; texts that repeat are decoded once, through their dictionary.
The quick way is taken where every line has the cells of the header; else the exact way, which names the odd rows.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from recon.channels.lines import Body, Line, Rows, Shape, footer_start, in_one
from recon.errors import Fault, InputFault
from recon.ledger.abreast import abreast

_BLOCK = 1 << 21
_TAIL = 1 << 16
_HEAD = 1 << 18
#: First bytes that tell which columns repeat their words, and up to how many words those have.
_SAMPLE, _FEW = 1 << 18, 32
_ASCII = 0x80
_DELIMITERS = (",", "\t", ";", "|")
_DECORATION = re.compile(r'(?:^|(?<=[,;])"?|(?<=[,;]"))\t+|\t+(?="?[,;])')
_REPEATED = pa.dictionary(pa.int32(), pa.binary())
csv.field_size_limit(1 << 24)


@dataclass
class Delimited:
    """A text file. `data` is its bytes in UTF-8 or GB18030, perhaps behind a byte order mark; none once it is closed.

    Large bytes are never copied to take something off them: that costs more than splitting them.
    """

    file: str
    sha256: str
    data: bytes
    encoding: str
    delimiter: str
    head: tuple[Line, ...]

    @classmethod
    def of(cls, data: bytes, file: str, sha256: str, lines: int) -> Delimited:
        """Open the bytes of a text file; `lines` is how many first lines are shown.

        Raises:
            InputFault: when the bytes are no text.
        """
        text, encoding = _normalised(data, file)
        start = text[:_HEAD].removeprefix(codecs.BOM_UTF8).split(b"\n")[:lines]
        decoded = [line.decode(encoding, errors="replace").rstrip("\r") for line in start]
        delimiter = max(_DELIMITERS, key=lambda mark: max(_marks(line, mark) for line in decoded))
        if delimiter == "|" and encoding == "gb18030":  # the bar is a trail byte there
            text, encoding = text.decode(encoding, errors="replace").encode(), "utf-8"
        rows = (_cells_of(line, delimiter) for line in decoded)
        head = tuple(Line(number, tuple(cells)) for number, cells in enumerate(rows, start=1))
        return cls(file, sha256, text, encoding, delimiter, head)

    def read(self, header: Line, columns: Mapping[str, int], categories: Collection[str], shape: Shape) -> Body:
        """Return the rows below the header (`tables.Source.read`)."""
        start = self._offset(header.row)
        end, below = self._footer(start, shape)
        ends = _line_ends(self.data, start, end)
        width = len(header.cells) - (not header.cells[-1].strip())  # a mark at the end of the header opens no column
        wanted = _Wanted(start, end, header.row, ends, width, columns, categories, shape.split)
        quick = self._quick(wanted)
        table, rows, malformed = quick or self._exact(wanted)
        preamble = tuple(line for line in self.head if line.row < header.row)
        footer = tuple(Line(header.row + ends + line.row, line.cells) for line in below)
        return Body(table, rows, preamble, footer, malformed, lossy=quick is None)

    def numbered(self, numbers: Collection[int]) -> tuple[Line, ...]:
        """Return lines by their numbers (`tables.Source.numbered`)."""
        text = self.data.decode(self.encoding, errors="replace").removeprefix("\ufeff")
        return tuple(Line(row, tuple(cells)) for row, cells in _exact_rows(text, self.delimiter, "") if row in numbers)

    def close(self) -> None:
        """Let go of the bytes (`tables.Source.close`)."""
        self.data = b""

    def _offset(self, row: int) -> int:
        """Byte behind the end of a line."""
        place = 0
        for _ in range(row):
            found = self.data.find(b"\n", place)
            if found < 0:
                return len(self.data)
            place = found + 1
        return place

    def _footer(self, start: int, shape: Shape) -> tuple[int, tuple[Line, ...]]:
        """Where the rows end, and the lines below them, numbered from 1."""
        if not shape.footer:
            return len(self.data), ()
        tail = max(start, len(self.data) - _TAIL)
        if tail > start:
            tail = self.data.find(b"\n", tail) + 1
        lines = self.data[tail:].split(b"\n")
        texts = [line.decode(self.encoding, errors="replace").rstrip("\r") for line in lines]
        first = footer_start(texts, shape.footer)
        while first and not texts[first - 1].strip("\t ,;|"):
            first -= 1  # an empty line above the footer is no row
        end = min(len(self.data), tail + sum(len(line) + 1 for line in lines[:first]))
        below = enumerate(texts[first:], start=1)
        split = self.delimiter if not shape.split else shape.split[0]
        return end, tuple(Line(number, tuple(text.split(split))) for number, text in below if text.strip())

    def _quick(self, wanted: _Wanted) -> _Table | None:
        """The rows by Arrow's splitter; None where a line has another number of cells or a number cannot be told."""
        if wanted.start >= wanted.end:
            return {name: pa.nulls(0, pa.string()) for name in wanted.columns}, np.empty(0, np.int32), ()
        raw = memoryview(self.data)[wanted.start : wanted.end]
        marked = wanted.split.encode()
        marked = marked if raw[:1] == marked[-1:] else b""
        delimiter = marked[-1:] or self.delimiter.encode()
        quoted = not marked and self.data.find(b'"', wanted.start, wanted.end) >= 0
        names = [f"c{place}" for place in range(wanted.width)]
        if marked:
            names.insert(0, "before")  # each cell begins with the mark, the first too
        if _cells_of_first(raw, delimiter, quoted=quoted) == len(names) + 1:
            names.append("beyond")
        lines = wanted.ends + (self.data[wanted.end - 1] != ord("\n"))
        cut = _Cut(names, delimiter.decode(), quoted)
        wanted = replace(wanted, categories={*wanted.categories, *_of_few_words(raw, cut, wanted)})
        # Two halves side by side: Arrow's own threads cost half as much processor time again and twice the memory.
        halves = abreast(lambda half: _split(half, cut, wanted, spanning=False), self._halves(wanted), lines)
        table = pa.concat_tables(halves) if all(half is not None for half in halves) else None
        if quoted and (table is None or table.num_rows != lines):
            table = _split(raw, cut, wanted, spanning=True)
        if table is None or ("beyond" in names and pc.max(pc.binary_length(table["beyond"])).as_py()):
            return None
        rows = self._row_numbers(wanted, table.num_rows, lines, quoted=quoted)
        if rows is None:
            return None
        found = {name: table[f"c{place}"] for name, place in wanted.columns.items()}
        del raw, table

        def decoded(name: str) -> pa.Array | pa.ChunkedArray | None:
            column = _decoded(found.pop(name), self.encoding)
            last = wanted.columns[name] == wanted.width - 1
            return column if column is None or last or not marked else _without(column, marked[:-1].decode())

        texts = dict(zip(wanted.columns, abreast(decoded, wanted.columns, len(rows)), strict=True))
        return None if any(column is None for column in texts.values()) else (texts, rows, ())

    def _halves(self, wanted: _Wanted) -> list[memoryview]:
        """The bytes of the rows, cut at the first line end behind their middle."""
        middle = self.data.find(b"\n", (wanted.start + wanted.end) // 2, wanted.end) + 1 or wanted.end
        view = memoryview(self.data)
        return [view[start:end] for start, end in ((wanted.start, middle), (middle, wanted.end)) if start < end]

    def _row_numbers(self, wanted: _Wanted, found: int, lines: int, *, quoted: bool) -> Rows | None:
        """Number of each row; one with a line end inside quotes counts by its first line. None: it cannot be told."""
        if found == lines:
            return np.arange(wanted.above + 1, wanted.above + 1 + found, dtype=np.int32)
        view = np.frombuffer(self.data, dtype=np.uint8)[wanted.start : wanted.end]
        stops, before = _ends_of_rows(view, quoted=quoted)
        starts = np.concatenate([[0], stops[:-1] + 1])
        numbers = np.concatenate([[0], before]) + wanted.above + 1
        size = stops - starts
        filled = (size > 1) | ((size == 1) & (view[np.minimum(starts, len(view) - 1)] != ord("\r")))
        return numbers[filled].astype(np.int32) if np.count_nonzero(filled) == found else None

    def _exact(self, wanted: _Wanted) -> _Table:
        """The rows one by one, so that each odd one is known by its number."""
        text = self.data[wanted.start : wanted.end].decode(self.encoding, errors="replace")
        cells: list[list[str]] = [[] for _ in wanted.columns]
        places = list(wanted.columns.values())
        numbers: list[int] = []
        malformed: list[tuple[int, int]] = []
        for number, row in _exact_rows(text, self.delimiter, wanted.split):
            if not any(cell.strip() for cell in row):
                continue
            if len(row) < wanted.width or any(cell.strip() for cell in row[wanted.width :]):
                malformed.append((wanted.above + number, len(row)))
                continue
            numbers.append(wanted.above + number)
            for column, place in zip(cells, places, strict=True):
                column.append(row[place])
        table: dict[str, pa.Array] = {}
        for name, texts in zip(wanted.columns, cells, strict=True):
            column = pa.array(texts, pa.string())
            table[name] = column.dictionary_encode() if name in wanted.categories else column
        return table, np.array(numbers, dtype=np.int32), tuple(malformed)


@dataclass(frozen=True)
class _Wanted:
    """Which bytes are rows, the number of the line above them, their line ends, and what is asked of them."""

    start: int
    end: int
    above: int
    ends: int
    width: int
    columns: Mapping[str, int]
    categories: Collection[str]
    split: str


_Table = tuple[dict[str, pa.Array], Rows, tuple[tuple[int, int], ...]]


@dataclass(frozen=True)
class _Cut:
    """How Arrow's splitter is to cut: the names of all cells of a line, the mark between them, quotes or none."""

    names: list[str]
    delimiter: str
    quoted: bool


def _of_few_words(raw: memoryview, cut: _Cut, wanted: _Wanted) -> list[str]:
    """The columns whose first lines repeat few words: each word of a dictionary is decoded, cleaned and read once.

    A column that becomes richer further down is still right, only slower.
    """
    first = bytes(raw[:_SAMPLE])
    first = first[: first.rfind(b"\n") + 1] or first
    table = _split(first, cut, replace(wanted, categories=wanted.columns), spanning=False)
    if table is None:
        return []
    words = {name: table[f"c{place}"] for name, place in wanted.columns.items()}
    return [name for name, column in words.items() if len(column.unify_dictionaries().chunk(0).dictionary) <= _FEW]


def _split(raw: bytes | memoryview, cut: _Cut, wanted: _Wanted, *, spanning: bool) -> pa.Table | None:
    """The cells as bytes, in one thread; `spanning`: line ends may stand inside quotes, which is slower to tell."""
    kinds = {
        f"c{place}": _REPEATED if name in wanted.categories else pa.binary() for name, place in wanted.columns.items()
    } or {cut.names[0]: pa.binary()}  # none at all would mean every column
    try:
        return arrow_csv.read_csv(
            pa.BufferReader(pa.py_buffer(raw)),
            read_options=arrow_csv.ReadOptions(column_names=cut.names, block_size=_BLOCK, use_threads=False),
            parse_options=arrow_csv.ParseOptions(
                delimiter=cut.delimiter, quote_char='"' if cut.quoted else False, newlines_in_values=spanning
            ),
            convert_options=arrow_csv.ConvertOptions(
                include_columns=sorted(kinds) + [name for name in cut.names if name == "beyond"],
                column_types={**kinds, "beyond": pa.binary()},
                check_utf8=False,
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid:
        return None


def _marks(line: str, mark: str) -> int:
    """How often a delimiter stands in a line; TABs that only begin or end a cell are decoration."""
    return (_DECORATION.sub("", line) if mark == "\t" else line).count(mark)


def _line_ends(data: bytes, start: int, end: int) -> int:
    view = np.frombuffer(data, dtype=np.uint8)[start:end]
    return sum(int(np.count_nonzero(view[at : at + _BLOCK] == ord("\n"))) for at in range(0, len(view), _BLOCK))


def _ends_of_rows(view: npt.NDArray[np.uint8], *, quoted: bool) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Where each row ends (a line end that is not inside quotes), and how many lines stand before the next one."""
    stops: list[npt.NDArray[np.int64]] = []
    before: list[npt.NDArray[np.int64]] = []
    odd, seen = 0, 0
    for place in range(0, len(view), _BLOCK):
        block = view[place : place + _BLOCK]
        lines = np.flatnonzero(block == ord("\n"))
        quotes = np.flatnonzero(block == ord('"')) if quoted else np.empty(0, np.int64)
        closing = np.flatnonzero((np.searchsorted(quotes, lines) + odd) % 2 == 0)
        stops.append(lines[closing] + place)
        before.append(closing + seen + 1)
        odd, seen = (odd + len(quotes)) % 2, seen + len(lines)
    return np.concatenate([*stops, [len(view)]]), np.concatenate(before)


def _normalised(data: bytes, file: str) -> tuple[bytes, str]:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return data.decode("utf-16").encode(), "utf-8"
        except UnicodeDecodeError:
            raise _no_text(file) from None
    head = data[:_HEAD].removeprefix(codecs.BOM_UTF8)
    if b"\x00" in head:
        raise _no_text(file)
    if b"\n" not in head and b"\r" in head:
        data = data.replace(b"\r", b"\n")
        head = data[:_HEAD].removeprefix(codecs.BOM_UTF8)
    head = head[: head.rfind(b"\n") + 1] or head
    if head.isascii() and not data.isascii():
        head = data
    for encoding in ("utf-8", "gb18030"):
        try:
            head.decode(encoding)
        except UnicodeDecodeError:
            continue
        return data, encoding
    raise _no_text(file)


def _no_text(file: str) -> InputFault:
    problem = "is no text in UTF-8, UTF-16 or GB18030"
    return InputFault(Fault(file, 0, "", "", problem, "Download the file again from the platform."))


def _cells_of(line: str, delimiter: str) -> list[str]:
    """The cells of a line; a stray carriage return in it ends it."""
    return next(csv.reader(io.StringIO(line, newline=""), delimiter=delimiter), [])


def _cells_of_first(raw: bytes | memoryview, delimiter: bytes, *, quoted: bool) -> int:
    line = bytes(raw[:_TAIL]).split(b"\n", 1)[0].rstrip(b"\r")
    if not quoted:
        return line.count(delimiter) + 1
    return len(_cells_of(line.decode("latin-1"), delimiter.decode()))


def _decoded(column: pa.ChunkedArray, encoding: str) -> pa.Array | pa.ChunkedArray | None:
    """Bytes -> text; None where they are not in the encoding."""
    if pa.types.is_dictionary(column.type):
        coded = in_one(column.unify_dictionaries())
        words = _decoded_plain(coded.dictionary, encoding)
        return None if words is None else pa.DictionaryArray.from_arrays(coded.indices, words)
    texts: list[pa.StringArray] = []
    for chunk in column.chunks:
        text = _decoded_plain(chunk, encoding)
        if text is None:
            return None
        texts.append(text)
    return pa.chunked_array(texts, pa.string())


def _without(column: pa.Array | pa.ChunkedArray, mark: str) -> pa.Array | pa.ChunkedArray | None:
    """Take off the mark that every cell ends with; None where one does not."""
    if pa.types.is_dictionary(column.type):
        words = _without(column.dictionary, mark)
        return None if words is None else pa.DictionaryArray.from_arrays(column.indices, words)
    if not pc.all(pc.ends_with(column, mark)).as_py():
        return None
    return pc.utf8_slice_codeunits(column, start=0, stop=-len(mark))


def _decoded_plain(column: pa.BinaryArray, encoding: str) -> pa.StringArray | None:
    data = column.buffers()[2]
    if encoding == "utf-8" or not data or np.frombuffer(data, dtype=np.uint8).max() < _ASCII:
        try:
            return column.cast(pa.string())
        except pa.ArrowInvalid:
            return None
    joined = pc.binary_join(pa.ListArray.from_arrays([0, len(column)], column), b"\x00")[0].as_py()
    try:
        text = joined.decode(encoding)
    except UnicodeDecodeError:
        return None
    cells = pc.split_pattern(pa.array([text]), "\x00").flatten()
    return cells if len(cells) == len(column) else None


def _exact_rows(text: str, delimiter: str, split: str) -> Sequence[tuple[int, list[str]]]:
    if split and text.startswith(split[-1]):
        lines = text.split("\n")
        return [
            (number, line.rstrip("\r").removeprefix(split[-1]).split(split))
            for number, line in enumerate(lines, start=1)
        ]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[tuple[int, list[str]]] = []
    before = 0
    for row in reader:
        rows.append((before + 1, row))
        before = reader.line_num
    return rows
