"""Norma 43 (Cuaderno 43, Spain): records of 80 fixed columns.

Source: field guide of banks, 2.7. Amounts have 14 digits, the last two decimals; sign 1 is money out, 2 money in.
"""

from __future__ import annotations

import re

from recon.channels.standards.records import Booked, day

NAMES = ("date", "value_date", "concept", "sign", "amount", "document", "reference_1", "reference_2", "text")
_CODES = frozenset({b"11", b"22", b"23", b"24", b"33", b"88"})
_CURRENCIES = {"978": "EUR", "840": "USD", "826": "GBP", "756": "CHF"}


def is_norma43(start: bytes) -> bool:
    """True if the first record is an account head and all lines begin with a record's code."""
    lines = [line for line in start.replace(b"\r", b"").strip(b"\x1a\n ").split(b"\n") if line.strip()][:20]
    headed = bool(lines) and re.match(rb"11\d{30}", lines[0]) is not None
    return headed and {line[:2] for line in lines} <= _CODES


def statements(text: str) -> list[Booked]:
    """Return one statement per account head."""
    found: list[Booked] = []
    row: dict[str, str] = {}
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        record = line.ljust(80)
        code = record[:2]
        if code == "11":
            found.append(_head(record))
        elif not found:
            continue
        elif code == "22":
            row = _movement(record)
            found[-1].book(row, number)
        elif code == "23" and row:
            row["text"] = " ".join(f"{row['text']} {record[4:42]} {record[42:80]}".split())
        elif code == "33":
            _end(record, found[-1])
            row = {}
    return found


def _head(record: str) -> Booked:
    return Booked(
        {
            "account": record[2:20].strip(),
            "currency": _CURRENCIES.get(record[47:50], ""),
            "period": f"{day(record[20:26])} {day(record[26:32])}",
            "opening": ("-" if record[32] == "1" else "") + _amount(record[33:47]),
        }
    )


def _movement(record: str) -> dict[str, str]:
    references = {"document": record[42:52], "reference_1": record[52:64], "reference_2": record[64:80]}
    return {
        "date": day(record[10:16]),
        "value_date": day(record[16:22]),
        "concept": record[22:24],
        "sign": record[27],
        "amount": _amount(record[28:42]),
        **{name: "" if set(value.strip()) <= {"0"} else value.strip() for name, value in references.items()},
        "text": "",
    }


def _end(record: str, booked: Booked) -> None:
    """Counts and sums, and the closing balance; a balance of 0 with which nothing foots was not filled in."""
    facts = booked.facts
    facts["out_count"], facts["out_sum"] = _count(record[20:25]), _amount(record[25:39])
    facts["in_count"], facts["in_sum"] = _count(record[39:44]), _amount(record[44:58])
    facts["closing"] = ("-" if record[58] == "1" else "") + _amount(record[59:73])
    cents = {name: _cents(facts[name]) for name in ("opening", "closing")}
    moved = sum(_cents(row["amount"]) * (1 if row["sign"] == "2" else -1) for row in booked.rows)
    if cents["opening"] + moved != cents["closing"] and 0 in cents.values():
        del facts["opening"], facts["closing"]


def _amount(digits: str) -> str:
    return f"{int(digits[:-2])}.{digits[-2:]}" if digits.isdecimal() else digits.strip()


def _count(digits: str) -> str:
    return str(int(digits)) if digits.isdecimal() else ""


def _cents(amount: str) -> int:
    plain = amount.replace(".", "")
    return int(plain) if re.fullmatch(r"-?\d+", plain) else 0
