"""dLocal's settlement reports: cross-border (two headers, totals above) and the older list with semicolons.

Source: layout-true files and public code that reads them. Cross-border: the rows have six decimals, what is paid is
their sum rounded once; HEADER is the payout. Older: payments count in US dollars, all else in the local currency.
"""

from __future__ import annotations

import csv
import io
import re
from decimal import Decimal

from recon.channels.reports import rounding
from recon.channels.standards.records import Booked, Found

AMOUNT, CHARGE, CURRENCY, PAYOUT, PAID_ON = "amount", "charge", "currency", "payout", "paid on"
#: Of the older list: the currency in which the amount counts.
COUNTED = "amount currency"
_HEADER = re.compile(rb'"?ROW_TYPE"?,"?SETTLEMENT_CURRENCY"?,')
_OLDER = re.compile(rb'"?Type"?;"?Creation date"?;"?Settlement date"?;')
_TOTALS = ("GROSS_TOTAL_AMOUNT", "FEE_TOTAL_AMOUNT", "NET_TOTAL_AMOUNT")
_PARTS = ("GROSS_AMOUNT", "FEE_AMOUNT", "NET_AMOUNT")


def is_cross_border(start: bytes) -> bool:
    """True if the first of the two headers is there."""
    return _HEADER.match(start.lstrip()) is not None


def is_older(start: bytes) -> bool:
    """True if the header is that of the older list."""
    return _OLDER.match(start.lstrip()) is not None


def cross_border(text: str) -> list[Found]:
    """Return the rows, the payout, and what rounding leaves, in the settlement currency."""
    lines = list(enumerate(csv.reader(io.StringIO(text, newline="")), start=1))
    totals = dict(zip(*([cell.strip() for cell in cells] for _, cells in lines[:2]), strict=False)) if lines[1:] else {}
    currency, transfer = totals.get("SETTLEMENT_CURRENCY", ""), totals.get("TRANSFER_ID", "")
    names = tuple(cell.strip() for cell in lines[2][1]) if lines[2:] else ()
    common = {CURRENCY: currency, PAYOUT: transfer, PAID_ON: totals.get("TRANSFER_DATE", "")}
    booked = Booked({"currency": currency})
    rows: list[rounding.Parts] = []
    printed: dict[str, Decimal] = dict.fromkeys(_PARTS, Decimal(0))
    for number, cells in lines[3:]:
        row = dict(zip(names, (cell.strip() for cell in cells), strict=False))
        if not any(row.values()):
            continue
        found = rounding.parts(row.get("GROSS_AMOUNT", ""), row.get("NET_AMOUNT", ""), currency)
        if found is not None:
            rows.append(found)
            for name in _PARTS:
                printed[name] += rounding.exact(row.get(name, "")) or 0
        amounts = {AMOUNT: found.gross, CHARGE: found.charge} if found else {AMOUNT: "?"}
        booked.book({**row, **common, **amounts}, number)
    _totalled(booked, totals, printed, len(rows))
    net = rounding.exact(totals.get("NET_TOTAL_AMOUNT", ""))
    if net is not None and transfer:
        owner = {"MID": str(booked.rows[0].get("MID", ""))} if booked.rows else {}
        paid = {"ROW_TYPE": "PAYOUT", AMOUNT: f"{-rounding.rounded(net, currency):f}", **owner, **common}
        left = rounding.rest(rows, net, currency)
        if left:
            booked.book({"ROW_TYPE": "ROUNDING", AMOUNT: left, **owner, **common}, 2)
        booked.book(paid, 2)
    return [("dlocal.settlement", (*names, AMOUNT, CHARGE, CURRENCY, PAYOUT, PAID_ON), booked)]


def _totalled(booked: Booked, totals: dict[str, str], added: dict[str, Decimal], count: int) -> None:
    """Write each printed total beside that of the rows; a difference that rounding explains is none."""
    for name, part in zip(_TOTALS, _PARTS, strict=True):
        printed = rounding.exact(totals.get(name, ""))
        if printed is None or not totals.get(name, ""):
            continue
        shown = rounding.rounded(printed, booked.facts["currency"])
        same = abs(printed - added[part]) * 200 <= max(count, 1)
        total = shown if same else rounding.rounded(added[part], booked.facts["currency"])
        booked.facts[name.lower()] = f"{shown:f} {total:f}"


def older(text: str) -> list[Found]:
    """Return the rows with the amount and currency in which each of them counts."""
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    names = tuple(cell.strip() for cell in next(lines))
    booked = Booked()
    before = lines.line_num
    for cells in lines:
        number, before = before + 1, lines.line_num
        row = dict(zip(names, (cell.strip() for cell in cells), strict=False))
        if not any(row.values()):
            continue
        if row.get("Amount (USD)", ""):
            own = {AMOUNT: row["Amount (USD)"], CHARGE: row.get("Fee", ""), COUNTED: "USD"}
        else:
            own = {AMOUNT: row.get("Net Amount (local)", ""), CHARGE: "", COUNTED: row.get("currency", "")}
        booked.book({**row, **own}, number)
    return [("dlocal.older", (*names, AMOUNT, CHARGE, COUNTED), booked)]
