"""Checkout.com's settlement breakdown: rows with more decimals than the payout has; what rounding leaves is a row.

Source: checkout.com/docs, settlement reports; layout-true files. The sum of Net over a payout is what is paid.
"""

from __future__ import annotations

import csv
import io
from decimal import Decimal

from recon.channels.reports import rounding
from recon.channels.standards.records import Booked, Found

#: Columns added to those that are printed: the row in whole minor units.
AMOUNT, CHARGE = "amount", "charge"
_CURRENCY, _PAYOUT = "Holding Currency", "Payout ID"
_GROSS, _NET = "Gross In Holding Currency", "Net In Holding Currency"
_KEPT = ("Client Entity ID", "Processed On", "Available On", _CURRENCY, _PAYOUT)


def is_breakdown(start: bytes) -> bool:
    """True if the header is that of a breakdown."""
    first = start.lstrip().split(b"\n", 1)[0]
    return all(name.encode() in first for name in (_PAYOUT, _GROSS, _NET, "Deduction In Holding Currency"))


def breakdown(text: str) -> list[Found]:
    """Return the file as one statement; a row `Rounding` stands behind the last of each payout that needs it."""
    lines = csv.reader(io.StringIO(text, newline=""))
    names = tuple(cell.strip() for cell in next(lines))
    booked = Booked()
    batches: dict[tuple[str, str], list[rounding.Parts]] = {}
    last: dict[tuple[str, str], tuple[dict[str, str], int]] = {}
    before = lines.line_num
    for cells in lines:
        number, before = before + 1, lines.line_num
        if not any(cell.strip() for cell in cells):
            continue
        row = dict(zip(names, (cell.strip() for cell in cells), strict=False))
        currency = row.get(_CURRENCY, "")
        parts = rounding.parts(row.get(_GROSS, ""), row.get(_NET, ""), currency)
        batch = (row.get(_PAYOUT, ""), currency)
        if parts is not None and batch[0]:
            batches.setdefault(batch, []).append(parts)
            last[batch] = row, number
        booked.book({**row, AMOUNT: parts.gross, CHARGE: parts.charge} if parts else {**row, AMOUNT: "?"}, number)
    for (payout, currency), rows in sorted(batches.items()):
        left = rounding.rest(rows, sum((row.net for row in rows), Decimal(0)), currency)
        if left:
            row, number = last[payout, currency]
            booked.book({**{name: row.get(name, "") for name in _KEPT}, "Type": "Rounding", AMOUNT: left}, number)
    return [("checkout.breakdown", (*names, AMOUNT, CHARGE), booked)]
