"""Trustly's funding report (Americas): records H, I, F and L without names of columns.

Source: amer.developers.trustly.com, funding report; names of I as a public parser has them. Items and fundings belong
together by the trace id, not by their order. P11KREC lists created transactions and is no money.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from decimal import Decimal

from recon.channels.reports.rounding import exact
from recon.channels.standards.records import Booked, Found

NAMES = (
    "record", "transaction_id", "created_at", "original_transaction_id", "merchant_id", "payment_type",
    "payment_provider_type", "payment_provider_id", "account_number", "merchant_reference", "transaction_type",
    "transaction_status", "updated_at", "processed_at", "currency", "amount", "trace_id", "reason", "batch_id",
    "settlement_batch_transaction_type", "original_merchant_reference", "payment_provider_transaction_id", "fee",
)  # fmt: skip
_START = re.compile(rb"(?m)^H,(P11KFUN|P11KREC),")
_SIZES = {"I": 23, "F": 8, "L": 5}


def is_report(start: bytes) -> bool:
    """True if the first record is a head of either report."""
    first = start.lstrip().split(b"\n", 2)[:2]
    return _START.match(first[0]) is not None or (
        first[0].startswith(b"record_type") and len(first) > 1 and _START.match(first[1]) is not None
    )


def statements(text: str) -> list[Found]:
    """Return the items and fundings as one statement, with the sums of L beside those of the records."""
    booked, kind = Booked(), "trustly.funding"
    added = {"I": Decimal(0), "F": Decimal(0)}
    for number, cells in enumerate(csv.reader(io.StringIO(text, newline="")), start=1):
        record = [cell.strip() for cell in cells]
        tag = record[0] if record else ""
        if tag == "H" and len(record) > 5:
            kind = "trustly.created" if record[1] == "P11KREC" else kind
            days = " ".join(day[:10] for day in record[3:5])
            booked.facts = {"account": record[5], "window": days}
        elif tag in {"I", "T"}:
            row = dict(zip(NAMES, record, strict=False))
            added["I"] += exact(row.get("amount", "")) or 0
            booked.book(row, number)
        elif tag == "F" and len(record) >= _SIZES["F"]:
            added["F"] += exact(record[5]) or 0
            row = {"record": "F", "trace_id": record[3], "currency": record[4], "amount": record[5]}
            booked.book({**row, "created_at": record[7], "transaction_id": record[3]}, number)
        elif tag == "L" and len(record) >= _SIZES["L"]:
            _close(booked, record, added)
    return [(kind, NAMES, booked)]


def _close(booked: Booked, record: Sequence[str], added: dict[str, Decimal]) -> None:
    for name, place, tag in (("items", 2, "I"), ("fundings", 4, "F")):
        printed = exact(record[place])
        if printed is not None and record[place]:
            booked.facts[name] = f"{printed:f} {added[tag]:f}"
