"""A list of bookings without a header (TD Canada): told by the shape of every line and by the balance that chains.

Source: field guide of banks, 3.1: date, description, withdrawal, deposit, balance.
"""

from __future__ import annotations

import csv
import io
import re
from itertools import pairwise

from recon.channels.standards.records import Booked

NAMES = ("Date", "Description", "Withdrawals", "Deposits", "Balance")
_START = re.compile(rb'"?\d{2}/\d{2}/\d{4}"?,')
_NUMBER = re.compile(r"-?\d{1,12}(?:\.\d{1,2})?")
#: Share of links between neighbours that must hold, of at least three.
_MOST = (2, 3)


def may_be_list(start: bytes) -> bool:
    """True if the first line begins with a date, so that the whole is worth trying."""
    return _START.match(start.lstrip()) is not None


def statements(text: str) -> list[Booked]:
    """Return the list as one statement, or nothing if a line has another shape or the balance does not chain."""
    booked = Booked()
    changes: list[tuple[int, int]] = []
    for number, cells in enumerate(csv.reader(io.StringIO(text, newline="")), start=1):
        if not any(cell.strip() for cell in cells):
            continue
        row = [cell.strip().replace(",", "") if place > 1 else cell.strip() for place, cell in enumerate(cells)]
        sound = len(row) == 5 and re.fullmatch(r"\d{2}/\d{2}/\d{4}", row[0]) and bool(row[2]) != bool(row[3])
        if not sound or not all(_NUMBER.fullmatch(cell) for cell in (row[2] or row[3], row[4])):
            return []
        changes.append((_cents(row[3]) - _cents(row[2]), _cents(row[4])))
        booked.book(dict(zip(NAMES, row, strict=True)), number)
    links = list(pairwise(changes))
    newest = sum(after[1] + before[0] == before[1] for before, after in links)
    oldest = sum(before[1] + after[0] == after[1] for before, after in links)
    held, of = _MOST
    return [booked] if len(links) >= 3 and max(newest, oldest) * of >= len(links) * held else []


def _cents(text: str) -> int:
    sign = -1 if text.startswith("-") else 1
    whole, _, part = text.removeprefix("-").partition(".")
    return sign * (int(whole or 0) * 100 + int(part.ljust(2, "0") or 0))
