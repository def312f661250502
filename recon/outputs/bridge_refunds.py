"""Refunds before an order settled, netted with its money, and after it, paid back by a row of their own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from recon.ledger.outcome import BREAK, MATCHED
from recon.ledger.parts import count_by, sum_by
from recon.ledger.view import GATEWAY, KIND, ORDER, View
from recon.outputs.bridge_owners import Placed

#: Why a match does not come to nothing although its refund is right: the order list shows no amount of it.
UNLISTED, BEFORE_RECEIPT = "no amount on the order side", "refunded before receipt"
_NOBODY = -1


@dataclass(frozen=True)
class Refunds:
    """Arrays per entry.

    separate: a refund of a gateway on a row of its own, not inside the line that settles the order.
    unlisted: a matched refund of a gateway whose amount no order shows.
    after: what of an order's refund was, or is still to be, paid back after it settled, in minor units, 0 elsewhere.
    """

    separate: np.ndarray
    unlisted: np.ndarray
    after: np.ndarray


def refunds(view: View, leg: Placed, residual: np.ndarray, unlisted: np.ndarray) -> Refunds:
    """Tell refunds before the settlement from those after it.

    An order list prints one sum and no day that would tell them apart, so the money does: what the wallet paid back
    by rows of its own came after; what is left of a refund in a match that comes to nothing was never paid out to the
    shop. A refund without money is after if the money of its order had come.

    Args:
        view: the ledger.
        leg: the order leg.
        residual: of each match by its number, in minor units.
        unlisted: per match, whether its reason is `UNLISTED`.
    """
    refund = view.kind == KIND["refund"]
    ours, money = view.side == ORDER, view.side == GATEWAY
    separate = money & refund & ~_beside_payment(view)
    group = np.where(leg.group == MATCHED, 2 * leg.index, np.where(leg.group == BREAK, 2 * leg.index + 1, _NOBODY))
    size = int(group.max(initial=_NOBODY)) + 1
    returned = sum_by(np.where(separate, group, _NOBODY), -view.amount, size)
    shown = count_by(np.where(ours & refund, group, _NOBODY), size) > 0
    matched = leg.group == MATCHED
    alone = np.zeros(len(view), dtype=bool)
    alone[matched] = unlisted[leg.index[matched]] & ~shown[group[matched]]
    exact = np.zeros(len(view), dtype=bool)
    exact[matched] = residual[leg.index[matched]] == 0

    row = np.flatnonzero(ours & refund)
    back = np.where(group[row] >= 0, np.append(returned, 0)[group[row]], 0)
    shared = exact[row] & (back > 0)
    whole = ~shared & ((back > 0) | (~matched[row] & _settled(view, group, size, row)))
    after = np.zeros(len(view), dtype=np.int64)
    after[row[whole]] = view.amount[row[whole]]
    after[row[shared]] = _from_the_last(view, row[shared], group[row[shared]], back[shared])
    return Refunds(separate, alone & money & refund, after)


def _beside_payment(view: View) -> np.ndarray:
    """Per entry, whether its line holds a payment too: the settlement of an order with what was refunded before."""
    paid = np.flatnonzero((view.side == GATEWAY) & (view.kind == KIND["payment"]) & (view.amount != 0))
    back = np.flatnonzero((view.side == GATEWAY) & (view.kind == KIND["refund"]))
    file, number = view.entries["source_file"].cat.codes.to_numpy(), view.entries["source_row"].to_numpy()
    lines = (file[rows].astype(np.int64) << 32 | number[rows].astype(np.int64) for rows in (paid, back))
    beside = np.zeros(len(view), dtype=bool)
    beside[back] = np.isin(*reversed(tuple(lines)))
    return beside


def _settled(view: View, group: np.ndarray, size: int, row: np.ndarray) -> np.ndarray:
    """Per row of an order list, whether the money of that order has come."""
    number, numbers = view.codes("order_ref")
    order = np.where(number >= 0, view.account * max(len(numbers), 1) + number, _NOBODY)
    sold = (view.side == ORDER) & (view.kind == KIND["sale"]) & np.isin(order, order[row])
    paid = (view.side == GATEWAY) & (view.kind == KIND["payment"]) & (view.amount != 0)
    came = np.append(count_by(np.where(paid, group, _NOBODY), size) > 0, False)
    settled: np.ndarray = (order[row] >= 0) & np.isin(order[row], order[sold & came[group]])
    return settled


def _from_the_last(view: View, row: np.ndarray, group: np.ndarray, back: np.ndarray) -> np.ndarray:
    """Share what was paid back among the refunds of a match, the last first; in minor units with the ledger's sign."""
    order = np.lexsort((-row, -view.day[row], group))
    asked = -view.amount[row[order]]
    total = np.cumsum(asked)
    first = np.flatnonzero(np.diff(group[order], prepend=_NOBODY))
    base = np.repeat((total - asked)[first], np.diff(first, append=len(row)))
    share = np.zeros(len(row), dtype=np.int64)
    share[order] = -np.clip(back[order] - (total - asked - base), 0, np.maximum(asked, 0))
    return share
