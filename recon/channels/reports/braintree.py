"""Braintree's disbursements and disputes as objects of its search API: one JSON object a line, or an array of them.

Source: layout-true files and public code that reads them. `amount` is unsigned, the disbursement is signed; a dispute
is money once it is lost, or won and paid. No fee and no total stand there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from recon.channels.standards.records import Booked, Found

NAMES = (
    "kind",
    "id",
    "order",
    "payment",
    "created",
    "settled",
    "amount",
    "currency",
    "account",
    "batch",
    "status",
    "case",
)


def is_dump(start: bytes) -> bool:
    """True if it begins with JSON and the keys of a disbursement or a dispute stand in it."""
    keyed = b'"disbursementDetails"' in start or (b'"amountDisputed"' in start and b'"caseNumber"' in start)
    return keyed and start.lstrip().startswith((b"{", b"["))


def statements(text: str) -> list[Found]:
    """Return all objects as one statement; what is no such object is a row of kind `?`."""
    booked = Booked()
    for number, item in _objects(text):
        booked.book(_row(item), number)
    return [("braintree", NAMES, booked)]


def _objects(text: str) -> Iterator[tuple[int, Any]]:
    if text.lstrip().startswith("["):
        items = _parsed(text)
        yield from enumerate(items if isinstance(items, list) else [None], start=1)
        return
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield number, _parsed(line)


def _parsed(text: str) -> Any:
    try:
        return json.loads(text, parse_float=str, parse_int=str)
    except (ValueError, RecursionError):
        return None


def _row(item: Any) -> Mapping[str, str]:
    if not isinstance(item, dict):
        return {"kind": "?"}
    return _dispute(item) if "amountDisputed" in item else _transaction(item)


def _transaction(item: dict[str, Any]) -> Mapping[str, str]:
    paid, refunded = _at(item, "disbursementDetails"), _at(item, "refundedTransaction")
    amount, account = _at(paid, "amount"), _text(item, "merchantAccountId")
    settled, currency = _text(paid, "date")[:10], _text(amount, "currencyCode")
    held = _text(paid, "fundsHeld") == "True" or not settled
    return {
        "kind": "held" if held else "refund" if refunded else "payment",
        "id": _text(item, "id"),
        "order": _text(refunded, "orderId") or _text(item, "orderId"),
        "payment": _text(refunded, "id") or _text(item, "id"),
        "created": _text(item, "createdAt"),
        "settled": settled,
        "amount": _text(amount, "value"),
        "currency": currency,
        "account": account,
        "batch": f"{settled} {account} {currency}" if settled else "",
        "status": _text(item, "status"),
    }


def _dispute(item: dict[str, Any]) -> Mapping[str, str]:
    inner, status = _at(item, "transaction"), _text(item, "status")
    steps = item.get("statusHistory")
    days = (
        [_text(step, "disbursementDate")[:10] for step in steps if isinstance(step, dict)]
        if isinstance(steps, list)
        else []
    )
    settled = next((day for day in reversed(days) if day), "")
    won = status.upper() == "WON"
    amount = _at(item, "amountWon" if won else "amountDisputed")
    account, currency = _text(inner, "merchantAccountId"), _text(amount, "currencyCode")
    final = status.upper() == "LOST" or (won and settled)
    return {
        "kind": "undecided" if not final else "won" if won else "lost",
        "id": _text(item, "id"),
        "order": _text(inner, "orderId"),
        "payment": _text(inner, "id"),
        "created": _text(item, "createdAt") or _text(item, "receivedDate"),
        "settled": settled,
        "amount": _text(amount, "value"),
        "currency": currency,
        "account": account,
        "batch": f"dispute {settled} {account} {currency}" if settled else "",
        "status": status,
        "case": _text(item, "caseNumber"),
    }


def _at(item: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = item.get(name)
    return value if isinstance(value, dict) else {}


def _text(item: Mapping[str, Any], name: str) -> str:
    value = item.get(name)
    return "" if value is None or isinstance(value, (dict, list)) else str(value)
