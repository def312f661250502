"""Amounts with more decimals than their currency has: each row in whole minor units, and what that leaves of a batch.

Source: field guide of gateways, 14.1 and 14.2: such reports pay out the exact sum of their rows, rounded once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from recon import money

_NUMBER = re.compile(r"-?\d{1,14}(\.\d{1,12})?|-?\.\d{1,12}")


class Parts(NamedTuple):
    """One row in whole minor units, as text in major units, and its exact net."""

    gross: str
    charge: str
    net: Decimal


def exact(text: str) -> Decimal | None:
    """Return an amount as printed, 0 where there is none; None if it is no amount."""
    text = text.strip()
    if not text:
        return Decimal(0)
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def rounded(amount: Decimal, currency: str) -> Decimal:
    """Return an amount with the decimals of its currency, half up (away from zero)."""
    return amount.quantize(_unit(currency), rounding=ROUND_HALF_UP)


def parts(gross: str, net: str, currency: str) -> Parts | None:
    """Round gross and net; the charge is what lies between them, so that the row still adds up."""
    whole, left = exact(gross), exact(net)
    if whole is None or left is None:
        return None
    shown = rounded(whole, currency)
    return Parts(f"{shown:f}", f"{rounded(left, currency) - shown:f}", left)


def rest(rows: Sequence[Parts], total: Decimal, currency: str) -> str:
    """Return what the rounded rows lack of a total, as text; empty where nothing, or more than rounding explains."""
    lacking = rounded(total, currency) - sum((rounded(row.net, currency) for row in rows), Decimal(0))
    explained = abs(lacking) * 2 <= _unit(currency) * len(rows)
    return f"{lacking:f}" if lacking and explained else ""


def _unit(currency: str) -> Decimal:
    return Decimal(1).scaleb(-(money.exponent(currency) if re.fullmatch(r"[A-Z]{3}", currency) else 2))
