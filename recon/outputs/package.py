"""The last pass over a saved workbook: rows of the big sheets, values of the formulas, no clock.

openpyxl writes a formula without its value, so that a phone or a script that reads the file sees nothing; it writes
big sheets cell by cell, which takes seconds; and it stamps the time. So the file it saves is a frame: this pass puts
in what the engine knows. The same workbook gives the same bytes.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape

from recon.errors import ConservationError

#: No moment of the run may enter the file.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_STAMP = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")
_FORMULA = re.compile(r'<c r="([A-Z]+[0-9]+)"([^>]*)><f>(.*?)</f><v ?/?>(?:</v>)?</c>')
_DIMENSION = re.compile(r'<dimension ref="[^"]*" ?/>')


@dataclass(frozen=True)
class SheetFill:
    """What goes into one sheet of the saved file.

    values: cell -> value of its formula; decimal text of a number if `numbers` holds the cell, else text.
    rows: ready `<row>` elements that follow the rows openpyxl wrote. extent: the range of all cells, `A1:W200`.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    numbers: frozenset[str] = frozenset()
    rows: bytes = b""
    extent: str | None = None


def finish(draft: Path, path: Path, fills: Mapping[int, SheetFill]) -> None:
    """Copy a saved workbook, filling its sheets.

    Args:
        draft: the file as openpyxl saved it.
        path: the file to write.
        fills: number of a sheet in the workbook (from 1) -> what goes into it.

    Raises:
        ConservationError: when a formula has no value of the engine beside it.
    """
    with zipfile.ZipFile(draft) as source, zipfile.ZipFile(path, "w") as target:
        for name in sorted(source.namelist()):
            content = source.read(name)
            sheet = re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", name)
            if sheet:
                content = _filled(content, fills.get(int(sheet[1]), SheetFill()), name)
            elif name == "docProps/core.xml":
                content = _STAMP.sub(rb"\g<1>1980-01-01T00:00:00Z\3", content)
            entry = zipfile.ZipInfo(name, date_time=_EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            entry.external_attr = 0
            target.writestr(entry, content, compresslevel=6)


def _filled(content: bytes, fill: SheetFill, name: str) -> bytes:
    text = content.decode()

    def value(cell: re.Match[str]) -> str:
        place, attributes, formula = cell.groups()
        if place not in fill.values:
            raise ConservationError(f"{name}: formula {place} has no value")
        kind = "" if place in fill.numbers else ' t="str"'
        return f'<c r="{place}"{attributes}{kind}><f>{formula}</f><v>{escape(fill.values[place])}</v></c>'

    text = _FORMULA.sub(value, text)
    if fill.extent:
        text = _DIMENSION.sub(f'<dimension ref="{fill.extent}"/>', text)
    encoded = text.encode()
    if fill.rows:
        encoded = encoded.replace(b"<sheetData/>", b"<sheetData></sheetData>").replace(
            b"<sheetData />", b"<sheetData></sheetData>"
        )
        encoded = encoded.replace(b"</sheetData>", fill.rows + b"</sheetData>", 1)
    return encoded
