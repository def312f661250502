"""A sheet that is written downwards by openpyxl, row after row, and remembers the values of its formulas."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from openpyxl.cell import Cell
from openpyxl.styles import Border, Side
from openpyxl.worksheet.worksheet import Worksheet

from recon.money import exponent
from recon.outputs.sheets import HEAD_FILL, INK, RED, THIN, aligned, clean_text, font, head_alignment, number_format

_SECTION = Border(bottom=Side(style="medium", color="1F3A5F"))


class Page:
    """Writes downwards, one row after another."""

    def __init__(self, sheet: Worksheet, width: int) -> None:
        self.sheet = sheet
        self.width = width
        self.row = 1
        self.values: dict[str, str] = {}
        self.numbers: set[str] = set()

    def put(self, at: int, value: object, *, number: str | None = None, bold: bool = False, red: bool = False) -> Cell:
        """Put a value into a column of this row; text stays text, whatever it looks like."""
        cell: Cell = self.sheet.cell(self.row, at)
        if isinstance(value, str):
            cell.value = clean_text(value)
            cell.data_type = "s"  # never a formula, whatever stands in it
        else:
            cell.value = value
        cell.font = font(color=RED if red else INK, bold=bold)
        text = isinstance(value, str)
        cell.alignment = aligned("center", "left" if text else "right", int(text))
        if number:
            cell.number_format = number
        return cell

    def money(self, at: int, text: str | None, currency: str, *, bold: bool = False) -> Cell:
        """Put an amount, given as decimal text, as an exact number."""
        value = None if text is None else Decimal(text)
        return self.put(at, value, number=number_format(exponent(currency)), bold=bold)

    def formula(self, at: int, formula: str, value: str, *, number: str | None = None, bold: bool = False) -> Cell:
        """Put a formula; `number` is its format, None if it gives text."""
        cell = self.put(at, None, number=number, bold=bold)
        cell.value = formula
        self.values[cell.coordinate] = value
        if number:
            self.numbers.add(cell.coordinate)
        else:
            cell.alignment = aligned("center", "center")
        return cell

    def section(self, title: str) -> None:
        """Begin a part: an empty row, its title, a line across the sheet."""
        self.row += 1
        self.sheet.row_dimensions[self.row].height = 22
        cell = self.put(1, title, bold=True)
        cell.font = font(12, "1F3A5F", bold=True)
        for at in range(1, self.width + 1):
            self.sheet.cell(self.row, at).border = _SECTION
        self.row += 1

    def heads(self, heads: Sequence[str], right: frozenset[int] = frozenset()) -> None:
        """Put the headings of a table; `right`: columns whose heading stands over numbers."""
        for at, head in enumerate(heads, start=1):
            cell = self.put(at, head, bold=True)
            cell.font = font(color="FFFFFF", bold=True)
            cell.fill = HEAD_FILL
            cell.alignment = head_alignment(right=at in right)
        for at in range(len(heads) + 1, self.width + 1):
            self.sheet.cell(self.row, at).fill = HEAD_FILL
        self.sheet.row_dimensions[self.row].height = 32
        self.row += 1

    def end_row(self) -> None:
        """Draw the line below a row of a table and go to the next one."""
        self.sheet.row_dimensions[self.row].height = 16
        for at in range(1, self.width + 1):
            self.sheet.cell(self.row, at).border = THIN
        self.row += 1
