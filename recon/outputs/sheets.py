"""A detail sheet: a frame made by openpyxl (title, totals, headings, filter, print) and rows made column by column.

A sheet of 20,000 breaks has 460,000 cells. openpyxl takes ten seconds for them; joined as columns they take a
fraction of one. `package.finish` puts the rows into the saved file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from recon.money import exponent, format_amount
from recon.outputs.delimited import amounts, local_moments
from recon.outputs.package import SheetFill

Mask = npt.NDArray[np.bool_]

FONT = "Microsoft YaHei"
INK, RED, GREY = "1F2933", "C00000", "7B8794"
HEAD_FILL = PatternFill("solid", fgColor="1F3A5F")
TOTAL_FILL = PatternFill("solid", fgColor="EEF2F7")
THIN = Border(bottom=Side(style="thin", color="D5DCE5"))
TEXT, AMOUNT, WHOLE, MOMENT, DAY = "text", "amount", "whole", "moment", "day"
#: Excel's limit of characters in a cell.
LONGEST = 32_767
_TITLE_ROW, _TOTAL_ROW, HEAD_ROW = 1, 2, 3
#: Wider than this a sheet is printed on two pages side by side: on one nobody could read it.
_PAGE_WIDTH = 320
_LINE_HEIGHT, _MOST_LINES = 14, 8

# What XML cannot hold, and what a screen cannot show. A line break inside a text stays.
_CONTROLS = "[\\x{00}-\\x{09}\\x{0b}-\\x{1f}\\x{7f}-\\x{9f}\\x{fffe}\\x{ffff}]"
# Excel reads _x0041_ inside a text as the letter A, unless its underscore is itself written so.
_ESCAPED = "_(x[0-9A-Fa-f]{4}_)"


@dataclass(frozen=True)
class Column:
    """One column of a detail sheet.

    key: its name among the columns. kind: TEXT, AMOUNT (minor units), WHOLE, MOMENT or DAY. total: the sum of what
    the filter leaves stands above the head.
    wrap: long text goes on several lines.
    """

    key: str
    head: str
    width: float
    kind: str
    values: pa.Array
    total: bool = False
    wrap: bool = False


@dataclass(frozen=True)
class Cut:
    """What a sheet does not show of one currency: how many rows, and their sums by key of the column."""

    text: str
    sums: Mapping[str, int]
    currency: str


def number_format(decimals: int) -> str:
    """Return the format of money: thousands, the decimals of the currency, red and a sign below zero."""
    digits = "." + "0" * decimals if decimals else ""
    return f"#,##0{digits};[Red]-#,##0{digits}"


def clean(texts: pa.Array) -> pa.Array:
    """Return text that a cell can hold: controls become U+FFFD, too long a text ends with an ellipsis."""
    texts = pc.replace_substring_regex(texts, _CONTROLS, "\ufffd")
    too_long = pc.greater(pc.utf8_length(texts), LONGEST)
    if not pc.any(too_long).as_py():
        return texts
    cut = pc.binary_join_element_wise(pc.utf8_slice_codeunits(texts, 0, LONGEST - 1), "…", "")
    return pc.if_else(too_long, cut, texts)


def clean_text(text: str) -> str:
    """Return one text as `clean` would."""
    if text.isprintable() and len(text) <= LONGEST:
        return text
    return str(clean(pa.array([text], pa.string()))[0].as_py())


@cache
def font(size: float = 10, color: str = INK, *, bold: bool = False) -> Font:
    """Return a font: equal ones are one object, for openpyxl compares two objects attribute by attribute."""
    return Font(name=FONT, size=size, bold=bold, color=color)


@cache
def aligned(vertical: str, horizontal: str | None, indent: int = 0, *, wrap: bool = False) -> Alignment:
    """Return an alignment: equal ones are one object, as with `font`."""
    return Alignment(vertical=vertical, horizontal=horizontal, indent=indent, wrap_text=wrap)


def detail_sheet(
    sheet: Worksheet, title: str, columns: Sequence[Column], currencies: pa.Array, cuts: Sequence[Cut], *, zone: str
) -> SheetFill:
    """Lay out a sheet and return the rows that belong into it.

    Args:
        sheet: an empty sheet of the workbook.
        title: stands above the table.
        columns: from left to right, all of one length.
        currencies: the currency of each row, for the decimals of its amounts.
        cuts: lines that say what is not shown; they stand below the rows, inside the totals.
        zone: IANA name of the zone in which moments are shown.
    """
    count, last = len(currencies), HEAD_ROW + len(currencies) + len(cuts)
    right = get_column_letter(len(columns))
    _frame(sheet, title, columns, last)
    fill = _totals(sheet, columns, currencies, cuts, last)
    rows = _rows(sheet, columns, currencies, zone) if count else b""
    rows += b"".join(_cut_row(sheet, columns, cut, HEAD_ROW + count + n + 1) for n, cut in enumerate(cuts))
    return SheetFill(fill, frozenset(fill), rows, f"A1:{right}{max(last, HEAD_ROW)}")


def style(
    sheet: Worksheet, *, number: str = "General", text: bool = False, wrap: bool = False, bold: bool = False
) -> int:
    """Register a style of body cells in the workbook and return its number."""
    cell = WriteOnlyCell(sheet)
    cell.font = font(bold=bold)
    cell.number_format = number
    cell.alignment = aligned("top", "left" if text else None, int(text), wrap=wrap)
    cell.border = THIN
    return int(cell.style_id)


def _frame(sheet: Worksheet, title: str, columns: Sequence[Column], last: int) -> None:
    sheet.cell(_TITLE_ROW, 1, title).font = font(14, bold=True)
    for at, column in enumerate(columns, start=1):
        head = sheet.cell(HEAD_ROW, at, column.head)
        head.font = font(color="FFFFFF", bold=True)
        head.fill = HEAD_FILL
        right = column.kind in {AMOUNT, WHOLE}
        head.alignment = head_alignment(right=right)
        sheet.column_dimensions[get_column_letter(at)].width = column.width
    sheet.row_dimensions[_TITLE_ROW].height = 24
    sheet.row_dimensions[HEAD_ROW].height = 32
    sheet.freeze_panes = sheet.cell(HEAD_ROW + 1, 2)
    sheet.auto_filter.ref = f"A{HEAD_ROW}:{get_column_letter(len(columns))}{max(last, HEAD_ROW)}"
    sheet.sheet_view.showGridLines = False
    wide = sum(column.width for column in columns) > _PAGE_WIDTH
    print_setup(sheet, heads=f"{HEAD_ROW}:{HEAD_ROW}", pages=2 if wide else 1)


def head_alignment(*, right: bool) -> Alignment:
    """Headings stand over their column: numbers to the right, text to the left."""
    return aligned("center", "right" if right else "left", int(not right), wrap=True)


def print_setup(sheet: Worksheet, heads: str | None = None, pages: int = 1) -> None:
    """Landscape on A4, as wide as the page (or pages), headings on every page, page numbers below."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = pages, 0
    sheet.print_title_cols = "A:B" if pages > 1 else None
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = heads
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top = sheet.page_margins.bottom = 0.7
    sheet.page_margins.header = sheet.page_margins.footer = 0.3
    sheet.oddFooter.left.text = "&A"
    sheet.oddFooter.right.text = "&P / &N"


def _totals(
    sheet: Worksheet, columns: Sequence[Column], currencies: pa.Array, cuts: Sequence[Cut], last: int
) -> dict[str, str]:
    """Write the sums of what the filter leaves above the headings; money only if all rows are of one currency.

    Returns:
        The engine's value of each formula.
    """
    codes = sorted({*pc.unique(currencies).drop_null().to_pylist(), *(cut.currency for cut in cuts)})
    values: dict[str, str] = {}
    for at, column in enumerate(columns, start=1):
        if not column.total or (column.kind == AMOUNT and len(codes) != 1):
            continue
        letter = get_column_letter(at)
        cell = sheet.cell(_TOTAL_ROW, at, f"=SUBTOTAL(109,{letter}{HEAD_ROW + 1}:{letter}{max(last, HEAD_ROW + 1)})")
        cell.font = font(bold=True)
        cell.fill = TOTAL_FILL
        cell.number_format = number_format(exponent(codes[0])) if column.kind == AMOUNT else "#,##0"
        total = (pc.sum(column.values).as_py() or 0) + sum(cut.sums.get(column.key, 0) for cut in cuts)
        values[cell.coordinate] = format_amount(total, codes[0]) if column.kind == AMOUNT else str(total)
    return values


def _rows(sheet: Worksheet, columns: Sequence[Column], currencies: pa.Array, zone: str) -> bytes:
    """Join the cells of all rows to XML, column by column."""
    numbers = pa.array(np.arange(HEAD_ROW + 1, HEAD_ROW + 1 + len(currencies))).cast(pa.string())
    parts: list[pa.Array | str] = ['<row r="', numbers, '" ht="', _heights(columns), '" customHeight="1">']
    for at, column in enumerate(columns, start=1):
        parts += _cells(sheet, column, get_column_letter(at), numbers, currencies, zone)
    rows = pc.binary_join_element_wise(*parts, "</row>", "")
    _, offsets, data = rows.buffers()
    ends = np.frombuffer(offsets, dtype=np.int32)
    return bytes(memoryview(data)[ends[rows.offset] : ends[rows.offset + len(rows)]])


def _heights(columns: Sequence[Column]) -> pa.Array:
    """The height of each row that shows its wrapped text, in points: not every program works it out on opening."""
    lines = np.ones(len(columns[0].values), dtype=np.int64)
    for column in columns:
        if column.wrap:
            # A Chinese character is three bytes and two columns wide, a Latin one is one byte and one column.
            width = pc.add(pc.utf8_length(column.values), pc.binary_length(column.values)).fill_null(0).to_numpy() / 2
            lines = np.maximum(lines, np.ceil(width / (0.9 * column.width)).astype(np.int64))
    return pa.array(np.minimum(lines, _MOST_LINES) * _LINE_HEIGHT + 2).cast(pa.string())


def _cells(
    sheet: Worksheet, column: Column, letter: str, numbers: pa.Array, currencies: pa.Array, zone: str
) -> list[pa.Array | str]:
    start = f'<c r="{letter}'
    if column.kind == TEXT:
        number = style(sheet, text=True, wrap=column.wrap)
        text = pc.binary_join_element_wise(
            f'" s="{number}" t="inlineStr"><is><t xml:space="preserve">', _escaped(column.values), "</t></is></c>", ""
        )
        return [start, numbers, pc.fill_null(text, f'" s="{number}"/>')]
    if column.kind == AMOUNT:
        styles = _amount_styles(sheet, currencies)
        value = amounts(column.values, currencies, "CNY")
    else:
        formats = {WHOLE: "0", MOMENT: "yyyy-mm-dd hh:mm:ss", DAY: "yyyy-mm-dd"}
        styles = pa.repeat(
            pa.scalar(str(style(sheet, number=formats[column.kind], text=column.kind != WHOLE))), len(numbers)
        )
        value = _plain_numbers(column, zone)
    full = pc.binary_join_element_wise('" s="', styles, '"><v>', value, "</v></c>", "")
    empty = pc.binary_join_element_wise('" s="', styles, '"/>', "")
    return [start, numbers, pc.coalesce(full, empty)]


def _plain_numbers(column: Column, zone: str) -> pa.Array:
    """Whole numbers as they are; days and moments as days since 1899-12-30, as sheets count them."""
    if column.kind == WHOLE:
        return column.values.cast(pa.string())
    if column.kind == DAY:
        return pc.add(column.values.cast(pa.int32()), 25_569).cast(pa.string())
    moments = local_moments(column.values, zone)
    seconds = moments.astype("M8[s]").astype(np.int64)
    day, second = np.divmod(seconds, 86_400)
    # Ten digits of a day are a hundredth of a millisecond; integers, so that no rounding depends on the machine.
    fraction = pc.utf8_lpad(pa.array((second * 10**10 + 43_200) // 86_400).cast(pa.string()), 10, "0")
    text = pc.binary_join_element_wise(pa.array(day + 25_569).cast(pa.string()), fraction, ".")
    return pc.if_else(column.values.is_valid(), text, pa.scalar(None, pa.string()))


def _amount_styles(sheet: Worksheet, currencies: pa.Array) -> pa.Array:
    """The style of each row's amounts, by the decimals of its currency."""
    encoded = currencies.dictionary_encode()
    names = [code or "CNY" for code in encoded.dictionary.to_pylist()]
    styles = [str(style(sheet, number=number_format(exponent(code)))) for code in names]
    known = pa.array(styles, pa.string()).take(encoded.indices)
    return pc.fill_null(known, str(style(sheet, number=number_format(2))))


def _escaped(texts: pa.Array) -> pa.Array:
    """Text as XML holds it, read as text and as nothing else."""
    for sign, name in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        texts = pc.replace_substring(texts, sign, name)
    return pc.replace_substring_regex(texts, _ESCAPED, r"_x005F_\1")


def _cut_row(sheet: Worksheet, columns: Sequence[Column], cut: Cut, row: int) -> bytes:
    text = _escaped(pa.array([cut.text]))[0].as_py()
    cells = [f'<c r="A{row}" s="{style(sheet, text=True, bold=True)}" t="inlineStr"><is><t>{text}</t></is></c>']
    for at, column in enumerate(columns, start=1):
        if column.key not in cut.sums:
            continue
        money = column.kind == AMOUNT
        value = cut.sums[column.key]
        number = style(sheet, number=number_format(exponent(cut.currency)) if money else "#,##0", bold=True)
        shown = format_amount(value, cut.currency) if money else str(value)
        cells.append(f'<c r="{get_column_letter(at)}{row}" s="{number}"><v>{shown}</v></c>')
    return f'<row r="{row}">{"".join(cells)}</row>'.encode()
