"""Trade per day: how many payments and refunds, and how much, for each gateway account and each shop."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from recon.breaks.alarms.scope import Scope
from recon.ledger.days import NO_DAY
from recon.ledger.parts import count_by, sum_by
from recon.ledger.view import GATEWAY, KIND, ORDER, View


@dataclass(frozen=True)
class Daily:
    """Streams of trade: a gateway account, or a shop of an order list, in one currency; one row each, a column a day.

    first: day number of the first column. account, shop (-1 for none), currency: codes of the view. kind: what the
    stream sells, `payment` or `sale`. count, amount: of it per day; refunds: how many per day. whole: days that the
    files tell in full and that lie behind the stream's first sale.
    """

    first: int
    account: np.ndarray
    shop: np.ndarray
    currency: np.ndarray
    kind: str
    count: np.ndarray
    amount: np.ndarray
    refunds: np.ndarray
    whole: np.ndarray

    def name(self, view: View, stream: int) -> tuple[str, str, str]:
        """Return account, shop and currency of a stream as texts."""
        shop = int(self.shop[stream])
        names = view.shops[shop] if shop >= 0 else ""
        return view.accounts[self.account[stream]], names, view.currencies[self.currency[stream]]


def daily(scope: Scope, first: int) -> tuple[Daily, Daily]:
    """Add up the days from `first` to the last judged one: of the gateways, and of the order lists.

    An order counts on the day on which it was paid, else on its own; nothing of 0.00 counts.
    """
    view = scope.view
    moved = scope.counted & (view.amount != 0)
    gateways = np.flatnonzero(moved & (view.side == GATEWAY))
    orders = np.flatnonzero(moved & (view.side == ORDER))
    paid = view.days("paid_at", scope.zone)[orders]
    day = np.where((paid != NO_DAY) & (view.kind[orders] == KIND["sale"]), paid, view.day[orders])
    alone = np.full(len(gateways), -1, dtype=np.int64)
    return (
        _summed(scope, gateways, view.day[gateways], alone, "payment", first),
        _summed(scope, orders, day, view.shop[orders], "sale", first),
    )


def _summed(scope: Scope, rows: np.ndarray, day: np.ndarray, shop: np.ndarray, kind: str, first: int) -> Daily:
    view, width = scope.view, max(scope.until - first + 1, 0)
    sold, refunded = view.kind[rows] == KIND[kind], view.kind[rows] == KIND["refund"]
    inside = (sold | refunded) & (day >= first) & (day <= scope.until)
    rows, day, shop, sold = rows[inside], day[inside] - first, shop[inside], sold[inside]
    key = (view.account[rows] * (len(view.shops) + 1) + shop + 1) * len(view.currencies) + view.currency[rows]
    stream, distinct = pd.factorize(key, sort=True)
    cell, size = stream * width + day, len(distinct) * width
    shape = (len(distinct), width)
    count = count_by(cell[sold], size).reshape(shape)
    amount = sum_by(cell[sold], np.abs(view.amount[rows[sold]]), size).reshape(shape)
    refunds = count_by(cell[~sold], size).reshape(shape)
    pair, currency = np.divmod(distinct, max(len(view.currencies), 1))
    account, of_shop = np.divmod(pair, len(view.shops) + 1)
    whole = np.array(
        [scope.whole_days(view.accounts[a], first, scope.until) for a in account.tolist()], dtype=bool
    ).reshape(shape)
    if width:
        whole &= np.cumsum(count, axis=1) > 0
    return Daily(first, account, of_shop - 1, currency, kind, count, amount, refunds, whole)
