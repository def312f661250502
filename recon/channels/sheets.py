"""Workbooks (xlsx, xls), HTML tables and SpreadsheetML named .xls -> columns of text, one source per sheet.

A number in a cell is shown as Excel shows it, with at most 15 digits; a longer one has lost its digits and comes out
in scientific notation, so that the reader refuses it as a number of an order.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import numpy as np
import pyarrow as pa
import python_calamine
from lxml import etree, html

from recon.channels.archives import DAMAGED
from recon.channels.lines import Body, Line, Shape, footer_start
from recon.errors import Fault, InputFault

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_MOST_BYTES = 2 << 30
#: A sheet is read as one rectangle: more cells than this, most of them empty, would take all memory.
_MOST_CELLS = 60_000_000
_FOOT = 60
_FAR = re.compile(rb'\br="(?:[A-Z]{1,2}[0-9]{6,7}|[A-Z]{3}[0-9]{1,7})"')
_CELL = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_CHUNK = 1 << 20
_BROKEN = "Open it in Excel, save it as xlsx, or download it again."


@dataclass
class Sheet:
    """One sheet, or one table of an HTML page, as rows of cells."""

    file: str
    sha256: str
    lines: Sequence[Sequence[object]]
    first_row: int
    head: tuple[Line, ...]

    @classmethod
    def of(cls, lines: Sequence[Sequence[object]], file: str, sha256: str, shown: int, first_row: int = 1) -> Sheet:
        """Wrap rows of cells; `first_row` is the number of the first one in the sheet."""
        head = tuple(
            Line(first_row + number, tuple(cell_text(cell) for cell in cells))
            for number, cells in enumerate(lines[:shown])
        )
        return cls(file, sha256, lines, first_row, head)

    def numbered(self, numbers: Collection[int]) -> tuple[Line, ...]:
        """Return lines by their numbers (`tables.Source.numbered`)."""
        return tuple(Line(row, tuple(map(cell_text, self.lines[row - self.first_row]))) for row in sorted(numbers))

    def close(self) -> None:
        """Let go of the rows (`tables.Source.close`)."""
        self.lines = ()

    def read(self, header: Line, columns: Mapping[str, int], categories: Collection[str], shape: Shape) -> Body:
        """Return the rows below the header (`tables.Source.read`)."""
        start = header.row - self.first_row + 1
        stop = len(self.lines)
        footer: tuple[Line, ...] = ()
        if shape.footer:
            tail = max(start, stop - _FOOT)
            texts = [Line(0, tuple(map(cell_text, cells))).text for cells in self.lines[tail:]]
            stop = tail + footer_start(texts, shape.footer)
            footer = tuple(
                Line(self.first_row + stop + number, tuple(map(cell_text, cells)))
                for number, cells in enumerate(self.lines[stop:])
            )
        numbers = [place for place in range(start, stop) if any(cell not in {"", None} for cell in self.lines[place])]
        table: dict[str, pa.Array] = {}
        for name, place in columns.items():
            texts = [_cell(self.lines[number], place) for number in numbers]
            column = pa.array(texts, pa.string())
            table[name] = column.dictionary_encode() if name in categories else column
        rows = np.array(numbers, dtype=np.int32) + np.int32(self.first_row)
        preamble = tuple(line for line in self.head if line.row < header.row)
        return Body(table, rows, preamble, footer)


def is_workbook(data: bytes) -> bool:
    """True for xlsx and for the old binary xls."""
    if data.startswith(_OLE):
        return True
    if not data.startswith(_ZIP):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return any(name.lower() in {"xl/workbook.xml", "xl/workbook.bin"} for name in archive.namelist())
    except DAMAGED:
        return False


def from_workbook(data: bytes, name: str, digest: str, shown: int) -> Iterator[Sheet]:
    """Give the sheets that hold anything.

    Raises:
        InputFault: when the workbook is damaged, protected, or made to exhaust the memory.
    """
    if data.startswith(_ZIP):
        _measured(data, name)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    except python_calamine.PasswordError:
        problem, remedy = "is protected by a password", "Save it without the password."
        raise InputFault(Fault(name, 0, "", "", problem, remedy)) from None
    except (python_calamine.CalamineError, OSError) as error:
        raise InputFault(Fault(name, 0, "", "", f"is no readable workbook ({error})", _BROKEN)) from None
    names = list(book.sheet_names)
    sheets: list[Sheet] = []
    for title in names:
        try:
            sheet = book.get_sheet_by_name(title)
            lines = sheet.to_python(skip_empty_area=False)
        except (python_calamine.CalamineError, OSError):
            continue
        if any(cell not in {"", None} for cells in lines for cell in cells):
            label = name if len(names) == 1 else f"{name}#{title}"
            sheets.append(Sheet.of(lines, label, digest, shown))
    if not sheets:
        raise InputFault(Fault(name, 0, "", "", "the workbook is empty", "Download it again."))
    yield from sheets


def from_markup(data: bytes, name: str, digest: str, shown: int) -> Iterator[Sheet]:
    """Give the tables of an HTML page or a SpreadsheetML document that is named .xls.

    Raises:
        InputFault: when there is no table in it.
    """
    tables = _spreadsheetml(data) if b"urn:schemas-microsoft-com:office:spreadsheet" in data[:4096] else _html(data)
    found = [lines for lines in tables if lines]
    if not found:
        problem = "is a web page without a table"
        raise InputFault(Fault(name, 0, "", "", problem, "Download it again; the session may have expired."))
    for number, lines in enumerate(found, start=1):
        label = name if len(found) == 1 else f"{name}#{number}"
        yield Sheet.of(lines, label, digest, shown)


def cell_text(cell: object) -> str:
    """Return what a person sees in the cell; dates in ISO form, numbers without exponent up to 15 digits."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    number = Decimal(f"{cell:.15g}")
    return f"{number:.14E}" if abs(number) >= 10**15 else f"{number:f}"


def _cell(cells: Sequence[object], place: int) -> str:
    return cell_text(cells[place]) if place < len(cells) else ""


def _measured(data: bytes, name: str) -> None:
    """Refuse a workbook whose single far cell makes a sheet look huge: the library would end the whole program."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(info.file_size for info in archive.infolist()) > _MOST_BYTES:
            raise InputFault(Fault(name, 0, "", "", "unpacks to more than 2 GiB", "Download shorter periods, as csv."))
        for info in archive.infolist():
            if not info.filename.lower().startswith("xl/worksheets/") or not info.filename.endswith(".xml"):
                continue
            try:
                rows, columns, cells = _extent(archive, info)
            except DAMAGED:
                raise InputFault(Fault(name, 0, "", "", "the workbook is damaged", _BROKEN)) from None
            if rows * columns > _MOST_CELLS and rows * columns > 4 * cells:
                problem = f"a sheet claims {rows} rows and {columns} columns but holds {cells} cells"
                remedy = "Delete the stray cell far right or far below, save it, or download it again."
                raise InputFault(Fault(name, 0, "", "", problem, remedy))


def _extent(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> tuple[int, int, int]:
    """Rows, columns and cells of a sheet; 0 rows where no cell lies far out, so that there is nothing to fear."""
    if not any(_FAR.search(block) for block in _blocks(archive, info)):
        return 0, 0, 0
    rows = columns = cells = 0
    for block in _blocks(archive, info):
        found = _CELL.findall(block)
        cells += len(found)
        rows = max(rows, max((int(row) for _, row in found), default=0))
        columns = max(
            columns, max((_column_number(letters) for letters in {letters for letters, _ in found}), default=0)
        )
    return rows, columns, cells


def _blocks(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """The text of a member in pieces that end at the end of a tag."""
    carry = b""
    with archive.open(info) as stream:
        while chunk := stream.read(_CHUNK):
            head, mark, tail = (carry + chunk).rpartition(b">")
            yield head + mark
            carry = tail
    yield carry


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _html(data: bytes) -> Iterator[list[list[object]]]:
    # As bytes: a text that still holds a declaration of its encoding, cut or damaged, is refused.
    try:
        document = html.document_fromstring(_text(data).encode(), html.HTMLParser(encoding="utf-8"))
    except etree.LxmlError:  # nothing but a declaration, a comment or the start of a tag
        return
    for table in document.iter("table"):
        yield [
            [" ".join("".join(cell.itertext()).split()) for cell in line.iterchildren("td", "th")]
            for line in table.iter("tr")
        ]


def _text(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return re.sub(r"^\s*<\?xml[^>]*\?>", "", data.decode(encoding))
        except UnicodeDecodeError:
            continue
    return data.decode("utf-8", errors="replace")


_SS = "{urn:schemas-microsoft-com:office:spreadsheet}"


def _spreadsheetml(data: bytes) -> Iterator[list[list[object]]]:
    """One list of rows for all sheets: only the first sheet of an Alipay export has a header."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, recover=True)
    root = etree.fromstring(data.lstrip(), parser)
    if root is None:  # nothing could be saved of it
        return
    lines: list[list[object]] = []
    for row in root.iter(f"{_SS}Row"):
        cells: list[object] = []
        for cell in row.iterchildren(f"{_SS}Cell"):
            index = cell.get(f"{_SS}Index")
            cells.extend([""] * (min(int(index), 500) - 1 - len(cells)) if index and index.isdecimal() else [])
            cells.append("".join(cell.itertext()).strip())
        lines.append(cells)
    yield lines
