"""What gateways hold back and have not released, with its age: a reserve is no gap, but somebody must wait for it."""

from __future__ import annotations

from typing import Any

import numpy as np

from recon.ledger.days import as_date, day_number
from recon.ledger.money_book import money_rows
from recon.ledger.outcome import Outcome
from recon.ledger.reserves import held_reserves, reserve_names
from recon.ledger.view import view
from recon.money import format_amount


def held(outcome: Outcome) -> list[dict[str, Any]]:
    """Return one line per hold that is still out, by account, currency and day.

    Returns:
        account, currency, since (day), age_days at as_of, amount (what is left of it, decimal text in major units),
        batch_ref (None where the row prints none), entry_id.
    """
    if not reserve_names(outcome.entries):
        return []
    ledger = outcome.view or view(outcome.entries, outcome.channels)
    until = day_number(outcome.as_of)
    found = held_reserves(ledger, money_rows(ledger, outcome), until)
    rows = np.array([one.row for one in found], dtype=np.int64)
    numbers, entries = ledger.texts("batch_ref", rows), ledger.texts("entry_id", rows)
    return [
        {
            "account": ledger.accounts[one.account],
            "currency": ledger.currencies[one.currency],
            "since": as_date(one.day).isoformat(),
            "age_days": until - one.day,
            "amount": format_amount(one.amount, ledger.currencies[one.currency]),
            "batch_ref": number or None,
            "entry_id": entry,
        }
        for one, number, entry in zip(found, numbers, entries, strict=True)
    ]
