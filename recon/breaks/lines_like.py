"""How many lines of a settlement are, net, as large as what it lacks: counted, none chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from recon.breaks.phrases import say
from recon.ledger.parts import sum_by
from recon.ledger.view import KIND, View
from recon.money import format_amount

_CHARGES = tuple(KIND[k] for k in ("fee", "commission", "tax"))


@dataclass(frozen=True, slots=True)
class Like:
    """How many lines equal the gap; gross and charge (minor units, unsigned) where all have the same, else 0."""

    count: int
    gross: int = 0
    charge: int = 0

    def told(self, currency: str, lang: str) -> str:
        """The hint in words, empty where no line is like the gap."""
        if not self.count:
            return ""
        if not self.charge:
            return say(lang, "lines_missing", n=self.count)
        amounts = {"gross": format_amount(self.gross, currency), "charge": format_amount(self.charge, currency)}
        return say(lang, "lines_missing_net", n=self.count, **amounts)


def lines_like(view: View, rows: Sequence[int], gap: int) -> Like:
    """Count the lines whose net is the gap, of either sign.

    A line is a payment or refund with the charges that carry its number; where none is like the gap, one source row
    with what it makes.
    """
    if not gap or not len(rows):
        return Like(0)
    places = np.array(rows, dtype=np.int64)
    by_number = _among(view, places, _by_number(view, places), gap)
    return by_number if by_number.count else _among(view, places, _by_row(view, places), gap)


def _by_number(view: View, places: np.ndarray) -> np.ndarray:
    payment, refund = view.codes("payment_ref")[0][places], view.codes("refund_ref")[0][places]
    size = max(int(payment.max(initial=-1)), int(refund.max(initial=-1))) + 1
    key = np.where(refund >= 0, refund + size, payment)
    return np.where(key >= 0, key, 2 * size + np.arange(len(places)))


def _by_row(view: View, places: np.ndarray) -> np.ndarray:
    file = view.entries["source_file"].cat.codes.to_numpy()[places].astype(np.int64)
    key: np.ndarray = file << 32 | view.entries["source_row"].to_numpy()[places].astype(np.int64)
    return key


def _among(view: View, places: np.ndarray, key: np.ndarray, gap: int) -> Like:
    distinct, number = np.unique(key, return_inverse=True)
    amount, size = view.amount[places], len(distinct)
    net = sum_by(number, amount, size)
    charge = sum_by(np.where(np.isin(view.kind[places], _CHARGES), number, -1), amount, size)
    mine = np.flatnonzero(np.abs(net) == abs(gap))
    if not len(mine):
        return Like(0)
    shapes = np.unique(np.stack([np.abs(net - charge)[mine], np.abs(charge)[mine]]), axis=1)
    return Like(len(mine), *(int(part) for part in shapes[:, 0])) if shapes.shape[1] == 1 else Like(len(mine))
