"""What each charge came to in a month or a year: a platform may give it back in one sum, without order numbers."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from recon.ledger.days import NO_DAY, month_of
from recon.ledger.view import GATEWAY, KIND, View

#: A day after all others: of an amount that no charge came to.
NEVER = int(np.iinfo(np.int64).max)
#: Fewer charges than this are a fee that is returned, not a lump.
_LEAST = 2
_CHARGE = ["currency", "account", "kind", "detail"]


def lumps(view: View) -> Mapping[tuple[int, int], int]:
    """Return the sums of each charge of each account over calendar months and years.

    Returns:
        (code of the currency, minor units, positive) -> the last day on which any of it was taken.
    """
    taken = np.isin(view.kind, [KIND["fee"], KIND["commission"]]) & (view.side == GATEWAY) & view.proven
    rows = np.flatnonzero(taken & (view.day != NO_DAY))
    month = month_of(view.day[rows])
    charges = pd.DataFrame(
        {
            "currency": view.currency[rows],
            "account": view.account[rows],
            "kind": view.kind[rows],
            "detail": view.entries["detail"].cat.codes.to_numpy()[rows],
            "month": month,
            "year": month // 12,
            "amount": -view.amount[rows],
            "day": view.day[rows],
        }
    )
    found: dict[tuple[int, int], int] = {}
    for period in ("month", "year"):
        sums = charges.groupby([*_CHARGE, period]).agg(
            amount=("amount", "sum"), day=("day", "max"), count=("day", "size")
        )
        sums = sums[sums["count"] >= _LEAST].reset_index()
        for currency, amount, day in zip(sums["currency"], sums["amount"], sums["day"], strict=True):
            key = int(currency), int(amount)
            found[key] = min(int(day), found.get(key, NEVER))
    return found
