"""The samples as tables of text: what is done to a table before it is read again is done here."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from openpyxl import Workbook

from recon.channels import tables
from recon.channels.delimited import Delimited
from recon.channels.detect import Found, detect
from recon.channels.lines import fold
from recon.channels.sheets import Sheet, cell_text
from recon.channels.spec import Spec, load_specs

SAMPLES = Path(__file__).parents[2] / "samples" / "channels"
SPECS: Mapping[str, Spec] = load_specs()
FILES = sorted(path for path in SAMPLES.rglob("*") if path.is_file() and not path.name.endswith(".ledger.csv"))

Rows = list[list[str]]


@dataclass(frozen=True)
class Table:
    """One table of a sample: its lines, which of them is the header, and its channel."""

    sample: str
    channel: str
    rows: Rows
    header: int

    @property
    def spec(self) -> Spec:
        return SPECS[self.channel]

    def kept(self, places: Sequence[int]) -> Rows:
        """Header and rows with these columns, in this order; the lines above stay."""
        changed = [[row[place] for place in places if place < len(row)] for row in self.rows[self.header :]]
        return [*self.rows[: self.header], *changed]


def tables_of(path: Path) -> list[Table]:
    """Return the tables of a sample that are text or sheets and are told by names of columns."""
    found: list[Table] = []
    for source in tables.open_file(path, path.name):
        if not isinstance(source, (Delimited, Sheet)):
            continue
        told = detect(source, SPECS)
        assert isinstance(told, Found), told
        rows = _rows(source)
        header = next(row for row in range(len(rows)) if row + _first(source) == told.header.row)
        found.append(Table(path.relative_to(SAMPLES).as_posix(), told.spec.channel, rows, header))
    return found


def needed(table: Table) -> list[int]:
    """Places of the columns without which the table is not told; empty for the generic channels."""
    names = [fold(cell) for cell in table.rows[table.header]]
    wanted = [next(fold(name) for name in each if fold(name) in names) for each in table.spec.recognise.header]
    return [place for place, name in enumerate(names) if name in wanted]


def as_csv(rows: Rows, encoding: str = "utf-8") -> bytes | None:
    """Return the rows as csv, None where the encoding has no such characters."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    try:
        return text.getvalue().encode(encoding)
    except UnicodeEncodeError:
        return None


def as_xlsx(rows: Rows) -> bytes:
    book, data = Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet("Sheet1")
    for row in rows:
        sheet.append(row)
    book.save(data)
    return data.getvalue()


def in_zip(content: bytes, name: str = "账单明细.csv") -> bytes:
    """Return an archive whose member's name is in GBK, without the flag that says so."""
    stand_in = "x" * len(name.encode("gbk"))
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(stand_in, content)
    return data.getvalue().replace(stand_in.encode(), name.encode("gbk"))


def _first(source: Delimited | Sheet) -> int:
    return source.first_row if isinstance(source, Sheet) else 1


def _rows(source: Delimited | Sheet) -> Rows:
    if isinstance(source, Sheet):
        return [[cell_text(cell) for cell in cells] for cells in source.lines]
    lines = source.data.decode(source.encoding).replace("\r\n", "\n").split("\n")
    return [next(csv.reader([line], delimiter=source.delimiter), []) for line in lines]
