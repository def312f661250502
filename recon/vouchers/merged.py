"""Payments that pay several orders, divided over these: under grain `order` each order has its part of money and fee.

Sums over orders are the same either way, so that nothing is divided where vouchers are summed by day or period. Merged
payments are few beside entries, so a plain loop over them keeps this readable.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from recon.ledger.outcome import MATCHED
from recon.ledger.parts import count_by
from recon.ledger.view import GATEWAY, KIND, ORDER, View
from recon.money import largest_remainder
from recon.vouchers.journal import one_of
from recon.vouchers.links import Links
from recon.vouchers.profile import Profile

_TAKEN = tuple(KIND[kind] for kind in ("payment", "fee", "commission", "tax"))


@dataclass(frozen=True)
class Parts:
    """Rows and what of each is booked; order: the row of the order that a part is for, -1 where it is the row's own."""

    row: np.ndarray
    amount: np.ndarray
    order: np.ndarray


def undivided(view: View, rows: np.ndarray) -> Parts:
    """Return rows as they are: each whole, for its own order."""
    return Parts(rows, view.amount[rows], np.full(len(rows), -1, dtype=np.int64))


class MergedPayments:
    """Knows the sales behind each merged payment."""

    def __init__(self, view: View, links: Links, profile: Profile) -> None:
        """Find the payments that alone pay several orders of their match; none unless vouchers are per order."""
        self._view, self._links = view, links
        self._sales = self._sales_of() if profile.grain == "order" else {}
        self._numbers = {pool: set(view.codes("order_ref")[0][rows].tolist()) for pool, rows in self._sales.items()}

    def _sales_of(self) -> dict[int, np.ndarray]:
        """Pool -> the first sale row of each of its orders, only where there are several; amounts above zero."""
        view, links = self._view, self._links
        sale = (view.side == ORDER) & (view.kind == KIND["sale"]) & (links.group == MATCHED) & (view.amount > 0)
        rows = np.flatnonzero(sale & (links.pool >= 0) & (links.unit >= 0))
        rows = rows[np.unique(links.unit[rows], return_index=True)[1]]
        rows = rows[np.lexsort((rows, links.pool[rows]))]
        pools, first, count = np.unique(links.pool[rows], return_index=True, return_counts=True)
        payment = (view.side == GATEWAY) & (view.kind == KIND["payment"]) & (view.amount > 0) & links.member
        several = (count > 1) & (count_by(links.pool[payment], links.pools)[pools] == 1)
        return {
            pool: rows[start : start + size]
            for pool, start, size in zip(*(a[several].tolist() for a in (pools, first, count)), strict=True)
        }

    def divide(self, rows: np.ndarray) -> Parts:
        """Divide what was paid for several orders, and the charges on it, by the orders' amounts.

        By largest remainder, so that the orders add up to what was paid and charged. Rows that carry the number of one
        of the orders are that order's; what goes back is not divided.
        """
        view, links = self._view, self._links
        kept = undivided(view, rows)
        if not self._sales:
            return kept
        number = view.codes("order_ref")[0]
        taken = one_of(view.kind[rows], _TAKEN) & ((view.amount[rows] > 0) == (view.kind[rows] == KIND["payment"]))
        may = taken & (view.side[rows] == GATEWAY) & (links.group[rows] == MATCHED)
        may &= np.isin(links.pool[rows], list(self._sales))
        apart = [n for n in np.flatnonzero(may).tolist() if self._is_merged(int(rows[n]), number)]
        parts = [self._divided(int(rows[n])) for n in apart]
        stays = np.ones(len(rows), dtype=bool)
        stays[apart] = False
        return Parts(*(
            np.concatenate([whole[stays], *(part[n] for part in parts)])
            for n, whole in enumerate((kept.row, kept.amount, kept.order))
        ))  # fmt: skip

    def _is_merged(self, row: int, number: np.ndarray) -> bool:
        return int(number[row]) not in self._numbers[int(self._links.pool[row])]

    def _divided(self, row: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        orders = self._sales[int(self._links.pool[row])]
        shares = largest_remainder(int(self._view.amount[row]), self._view.amount[orders].tolist())
        return np.full(len(orders), row, dtype=np.int64), np.array(shares, dtype=np.int64), orders
