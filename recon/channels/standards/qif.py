"""QIF: registers of a home finance program. No currency, no number of an account, no ids; the order of day and month is
that in which every date of the file fits, and if more than one does the file is refused.

Source: field guide of banks, 2.5.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from recon.channels.standards.camt import NoStatementError
from recon.channels.standards.records import Booked

NAMES = ("date", "amount", "number", "payee", "memo", "category", "cleared", "role")
_ACCOUNTS = frozenset({"bank", "ccard", "cash", "oth a", "oth l"})
_FIELDS = {"D": "date", "T": "amount", "N": "number", "P": "payee", "M": "memo", "L": "category", "C": "cleared"}
_ORDERS = {"month, day, year": (2, 0, 1), "day, month, year": (2, 1, 0), "year, month, day": (0, 1, 2)}


def is_qif(start: bytes) -> bool:
    """True if a line begins with `!Type:`."""
    return re.search(rb"(?m)^!Type:", start) is not None


def statements(text: str) -> list[Booked]:
    """Return the registers of a file.

    Raises:
        NoStatementError: when no order of day and month, or more than one, fits all dates.
    """
    found: list[Booked] = []
    account, section = "", ""
    record: list[tuple[str, str]] = []
    first = 0
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
        if line.startswith("!"):
            section, record = line[1:].strip().lower(), []
            if section.startswith("type:") and section.removeprefix("type:") in _ACCOUNTS:
                found.append(Booked({"account": account}))
        elif line.startswith("^"):
            values = dict(record)
            if section == "account":
                account = values.get("N", "")
            elif section.removeprefix("type:") in _ACCOUNTS and record and found:
                found[-1].book(_row(record, found[-1]), first)
            record = []
        elif line.strip():
            first = number if not record else first
            record.append((line[0], line[1:].strip()))
    _date_all([row for one in found for row in one.rows if isinstance(row, dict)])
    return found


def _row(record: list[tuple[str, str]], booked: Booked) -> dict[str, str]:
    row = dict.fromkeys(NAMES, "")
    for mark, value in record:
        name = _FIELDS.get(mark)
        if name is not None and not row[name]:
            row[name] = value
    splits = [value for mark, value in record if mark == "$"]
    try:
        if splits and sum(map(_number, splits)) != _number(row["amount"]):
            row["role"] = "split"
    except InvalidOperation:
        row["role"] = "split"
    if row["payee"] == "Opening Balance" and re.fullmatch(r"\[.*\]", row["category"]):
        row["role"] = "opening"
        booked.facts["account"] = booked.facts["account"] or row["category"].strip("[]")
        booked.facts["opening"] = row["amount"]
    return row


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def _date_all(rows: list[dict[str, str]]) -> None:
    """Bring the dates into year-month-day, in the one order that fits all of them."""
    parts = [[part for part in re.split(r"[/'.\-\s]+", row["date"]) if part] for row in rows]
    fits = {name: days for name, order in _ORDERS.items() if None not in (days := [_day(one, order) for one in parts])}
    if len({tuple(days) for days in fits.values()}) > 1:
        raise NoStatementError(f"every date fits more than one order: {'; '.join(sorted(fits))}")
    if rows and not fits:
        raise NoStatementError("no order of day, month and year fits all dates")
    for row, one in zip(rows, next(iter(fits.values()), ()), strict=True):
        row["date"] = one.isoformat() if one is not None else ""


def _day(parts: list[str], order: tuple[int, int, int]) -> date | None:
    if len(parts) != 3 or not all(part.isdecimal() for part in parts):
        return None
    year, month, day = (parts[place] for place in order)
    if len(year) not in {2, 4} or len(month) > 2 or len(day) > 2:
        return None
    try:
        return date(int(year) + (0 if len(year) == 4 else 2000 if int(year) < 70 else 1900), int(month), int(day))
    except ValueError:
        return None
