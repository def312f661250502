"""Money that a gateway keeps back for a while (预留资金, reserve): what is held, since when, and what came back.

A hold and its release are rows of their batches and match there; this only follows what is still out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from recon.ledger.days import NO_DAY
from recon.ledger.view import GATEWAY, KIND, View

_WORDS = re.compile(r"冻结|解冻|保留金|预留|reserve|\bhold\b|\bheld\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Held:
    """What is left of one hold: position of its row, account and currency codes, day, amount above zero."""

    row: int
    account: int
    currency: int
    day: int
    amount: int


def reserve_names(entries: pd.DataFrame) -> list[str]:
    """Return the details of a ledger that say that money is held back or released."""
    return [str(name) for name in entries["detail"].cat.categories if _WORDS.search(str(name))]


def is_reserve(view: View) -> np.ndarray:
    """Mark the adjustments of gateways whose own name says that money is held back or released."""
    worded = view.detailed(*reserve_names(view.entries))
    mine: np.ndarray = worded & (view.side == GATEWAY) & (view.kind == KIND["adjustment"])
    return mine


def held_reserves(view: View, counts: np.ndarray, until: int) -> list[Held]:
    """Return the holds that are not released yet, by account, currency and day.

    A release frees the earliest hold of its amount, else the earliest holds; one without a hold was held before the
    files.

    Args:
        view: the ledger.
        counts: entries that count (copies and second books do not).
        until: day number of as_of.
    """
    rows = np.flatnonzero(counts & is_reserve(view) & (view.day != NO_DAY) & (view.day <= until))
    rows = rows[np.lexsort((rows, view.amount[rows], view.day[rows], view.currency[rows], view.account[rows]))]
    held: list[Held] = []
    for row in rows.tolist():
        amount, place = int(view.amount[row]), (int(view.account[row]), int(view.currency[row]))
        if amount < 0:
            held.append(Held(row, *place, int(view.day[row]), -amount))
        else:
            held = _released(held, place, amount)
    return held


def _released(held: list[Held], place: tuple[int, int], amount: int) -> list[Held]:
    mine = [one for one in held if (one.account, one.currency) == place]
    equal = next((one for one in mine if one.amount == amount), None)
    left = list(held)
    for one in [equal] if equal is not None else mine:
        taken = min(one.amount, amount)
        amount -= taken
        rest = replace(one, amount=one.amount - taken)
        left[left.index(one)] = rest
    return [one for one in left if one.amount]
