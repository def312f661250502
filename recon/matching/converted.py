"""Orders in one currency whose money came in another: their amounts at the rate, in the currency of the money.

Number ties them; the amounts are then compared like any others. Without a rate nothing can be said of the difference:
the order is taken at what was received for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from recon.ledger.channel import ChannelFacts
from recon.ledger.days import NO_DAY
from recon.ledger.parts import max_by, min_by, sum_by
from recon.ledger.rates import Rates, in_minor
from recon.ledger.view import GATEWAY, KIND, ORDER, View
from recon.matching.keys import scopes
from recon.money import at_rate_all

_KEYS = ("order_ref", "payment_ref")
_PARTNERS = (("sale", "payment"), ("refund", "refund"), ("subsidy", "subsidy"))
_NONE = -1


@dataclass(frozen=True)
class Converted:
    """view: the ledger, orders that were paid in another currency at their value in it. rows: per entry, whether it is
    such an order's, or money of a buyer who paid in another currency than the gateway settled in.
    """

    view: View
    rows: np.ndarray


def converted(view: View, channels: Mapping[str, ChannelFacts], seen: np.ndarray, rates: Rates) -> Converted:
    """Bring orders into the currency of their money.

    Args:
        view: the ledger.
        channels: facts per channel.
        seen: entries that the order leg compares.
        rates: what one currency was worth in another; of the day of the money.
    """
    rows = _paid_in_another(view) & seen
    if len(view.currencies) < 2:
        return Converted(view, rows)
    scope = scopes(view, channels)
    for column in _KEYS:
        code, words = view.codes(column)
        key = np.where((code >= 0) & seen, scope * max(len(words), 1) + code, _NONE)
        moved = _bring(view, key, rates)
        rows = rows | (moved.currency != view.currency)
        view = moved
    return Converted(view, rows)


def _paid_in_another(view: View) -> np.ndarray:
    """Money of which the gateway says that the buyer paid in another currency."""
    printed = view.entries["orig_currency"].cat
    place = {name: n for n, name in enumerate(view.currencies)}
    names = [place.get(str(name), len(view.currencies)) for name in printed.categories] + [_NONE]
    stated = np.array(names, dtype=np.int64)[printed.codes.to_numpy()]
    told: np.ndarray = (view.side == GATEWAY) & (stated != _NONE) & (stated != view.currency)
    return told


def _bring(view: View, key: np.ndarray, rates: Rates) -> View:
    """Convert the orders of the keys whose order rows have one currency and whose money has one other."""
    distinct, number = np.unique(key, return_inverse=True)
    size, number = len(distinct), np.where(key == _NONE, _NONE, number)
    orders, money = (np.where(view.side == side, number, _NONE) for side in (ORDER, GATEWAY))
    sent, received = _sole_currency(view, orders, size), _sole_currency(view, money, size)
    apart = (sent >= 0) & (received >= 0) & (sent != received)
    rows = np.flatnonzero((orders != _NONE) & apart[orders])
    if not len(rows):
        return view
    amount, currency = view.amount.copy(), view.currency.copy()
    day = max_by(money, view.day, size, NO_DAY)
    unstated = _at_rates(view, rows, number, sent, received, day, rates, amount)
    _as_received(view, rows[unstated], number, money, size, amount)
    currency[rows] = received[number[rows]]
    return replace(view, amount=amount, currency=currency)


def _sole_currency(view: View, group: np.ndarray, size: int) -> np.ndarray:
    """The currency that all rows of a group have, -1 where there are none or several."""
    low, high = (by(group, view.currency, size, _NONE) for by in (min_by, max_by))
    return np.where(low == high, low, _NONE)


def _at_rates(
    view: View,
    rows: np.ndarray,
    number: np.ndarray,
    sent: np.ndarray,
    received: np.ndarray,
    day: np.ndarray,
    rates: Rates,
    amount: np.ndarray,
) -> np.ndarray:
    """Convert, in place, the rows whose rate was stated; return which of them have none."""
    case = np.stack([sent[number[rows]], received[number[rows]], day[number[rows]]])
    distinct, which = np.unique(case, axis=1, return_inverse=True)
    unstated = np.zeros(len(rows), dtype=bool)
    for n, (of, to, on) in enumerate(distinct.T.tolist()):
        mine = which == n
        names = view.currencies[of], view.currencies[to]
        rate = rates.rate(*names, on) if on != NO_DAY else None
        if rate is None:
            unstated |= mine
        else:
            amount[rows[mine]] = at_rate_all(view.amount[rows[mine]], in_minor(rate, *names))
    return unstated


def _as_received(
    view: View, rows: np.ndarray, number: np.ndarray, money: np.ndarray, size: int, amount: np.ndarray
) -> None:
    """Give order rows, in place, what was received for them; the implied rate where nothing came."""
    if not len(rows):
        return
    mine = np.full(len(view), _NONE, dtype=np.int64)
    mine[rows] = number[rows]
    sold = sum_by(np.where(view.kind == KIND["sale"], mine, _NONE), view.amount, size)
    paid = sum_by(np.where(view.kind == KIND["payment"], money, _NONE), view.amount, size)
    top, bottom = (total[number[rows]].astype(object) for total in (paid, np.where(sold == 0, 1, sold)))
    amount[rows] = (view.amount[rows].astype(object) * top // bottom).astype(np.int64)
    for kind, partner in _PARTNERS:
        total = sum_by(np.where(view.kind == KIND[partner], money, _NONE), view.amount, size)
        some = rows[(view.kind[rows] == KIND[kind]) & (total[number[rows]] != 0)]
        keys, first = np.unique(number[some], return_index=True)
        amount[some] = 0
        amount[some[first]] = total[keys]
