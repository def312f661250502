"""N:M by shared keys: payments that name several items, items that several payments name (invoices, orders).

A remittance line says "so much of this payment is for that item". Lines that share a payment or an item hang together;
such a component is never solved as a whole. The finest key, the item, is footed first: what all lines say of one item
is compared with that item alone, so that +10.00 on one and -10.00 on another never cancel. What an item has too much or
too little stays on it, or on the payment, as a residual; nothing is moved to another item of the component.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from recon.ledger.parts import count_by, sum_by

#: Verdict of a line.
OPEN, SUGGESTED, PROVED = 0, 1, 2


@dataclass(frozen=True)
class Remittance:
    """Lines of remittance: three arrays of one length.

    payment: position of the payment. item: position of the item that the line names, -1 if nobody knows it. stated:
    minor units of the payment that are meant for the item, in the payment's sign (below zero: a credit memo used).
    """

    payment: np.ndarray
    item: np.ndarray
    stated: np.ndarray


@dataclass(frozen=True)
class Applied:
    """What the lines prove.

    Per line: `verdict`; `applied`, minor units, 0 where open (of a suggested line: what it would apply); `component`,
    which lines hang together, -1 for a line whose item nobody knows. Per payment and item: what no proved line has
    applied, `payment_rest` and `item_rest`. Per component: `paid` and `owed`, the sums of its payments and items.
    """

    verdict: np.ndarray
    applied: np.ndarray
    component: np.ndarray
    payment_rest: np.ndarray
    item_rest: np.ndarray
    paid: np.ndarray
    owed: np.ndarray


def apply_by_key(payments: np.ndarray, items: np.ndarray, lines: Remittance, contradicted: np.ndarray) -> Applied:
    """Apply payments to the items that their lines name.

    A line is open if its item is unknown, if the lines of its payment do not add up to it, if it has the other sign
    than its item, or if several lines together exceed the item: which of them is the doubled one cannot be told.
    Otherwise it is proved: in full where the lines of its item stay within the item (a rest is a part payment, a
    discount or a deduction), and up to the item where one line alone exceeds it (the rest is an overpayment).
    A line that something contradicts (another payer's name) is proved only where all lines of the item foot to it.
    Otherwise the others are judged without it, and it is suggested where it would fit beside them.

    Args:
        payments: amount of each payment, minor units.
        items: amount of each item, minor units; a credit memo is below zero.
        lines: who says what of whom.
        contradicted: per line, whether names, accounts or currencies speak against it.
    """
    size, item = len(items), lines.item
    component, count = _components(lines, len(payments), size)
    foots = sum_by(lines.payment, lines.stated, len(payments)) == payments
    named = np.append(items, 0)[item]  # the amount of the item that each line names, 0 without
    usable = foots[lines.payment] & (np.sign(lines.stated) == np.sign(named)) & (named != 0)
    odd = count_by(np.where(usable, -1, item), size) > 0
    exact = np.append(~odd & (sum_by(item, lines.stated, size) == items), False)[item]
    clear = ~contradicted
    fits = usable & np.append(~odd, False)[item] & (exact | _within(items, item, lines.stated, clear))
    beside = usable & np.append(~odd, False)[item] & _within(items, item, lines.stated, np.ones(len(item), dtype=bool))
    verdict = np.where(fits & (clear | exact), PROVED, np.where(beside & ~clear, SUGGESTED, OPEN)).astype(np.int8)
    most = np.where(np.abs(lines.stated) > np.abs(named), named, lines.stated)
    applied = np.where(verdict == OPEN, 0, most)
    proved = np.where(verdict == PROVED, applied, 0)
    return Applied(
        verdict=verdict,
        applied=applied,
        component=component,
        payment_rest=payments - sum_by(lines.payment, proved, len(payments)),
        item_rest=items - sum_by(item, proved, size),
        paid=_of_components(component, lines.payment, payments, count),
        owed=_of_components(component, item, items, count),
    )


def _within(items: np.ndarray, item: np.ndarray, stated: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """Lines whose item is not exceeded by the chosen lines together, or has one of them only."""
    mine = np.where(chosen, item, -1)
    total = np.abs(sum_by(mine, stated, len(items)))
    fine: np.ndarray = np.append((total <= np.abs(items)) | (count_by(mine, len(items)) == 1), False)[item]
    return fine


def _components(lines: Remittance, payments: int, items: int) -> tuple[np.ndarray, int]:
    """Number what hangs together through payments and items, in the order of the first line of each."""
    known = lines.item >= 0
    ends = (lines.payment[known], payments + lines.item[known])
    size = payments + items
    graph = coo_array((np.ones(len(ends[0]), dtype=np.int8), ends), shape=(size, size))
    found = connected_components(graph, directed=False)[1][ends[0]]
    _, first, number = np.unique(found, return_index=True, return_inverse=True)
    rank = np.argsort(np.argsort(first))
    label = np.full(len(known), -1, dtype=np.int64)
    label[known] = rank[number]
    return label, len(first)


def _of_components(component: np.ndarray, node: np.ndarray, amount: np.ndarray, count: int) -> np.ndarray:
    """Sum the amounts of the nodes of each component, each node once."""
    inside = component >= 0
    number, distinct = np.unique(np.stack([component[inside], node[inside]]), axis=1)
    return sum_by(number, amount[distinct], count)
