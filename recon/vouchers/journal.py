"""The journal: every posting of every entry, before postings are summed into vouchers.

A posting is one amount of one entry on one side of one role. Postings of an event, day, shop, account and single key
make a voucher. Amounts are minor units; a negative amount is a red figure on its side. Postings to a money account
stand on the debit side with their sign and are netted per voucher and account: a statement moves once. A posting of
nothing is none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from recon.vouchers.chart import CREDIT, DEBIT, MONEY, ROLE_CODE
from recon.vouchers.events import EVENT_CODE


@dataclass(frozen=True)
class Postings:
    """Columns of equal length; `row` is a position in the ledger.

    money: account code of a posting to a money account, else -1. single: -1, or the number that keeps a voucher of
    its own: a finding's number, or the number of findings + the entry's row where no finding holds it.
    """

    row: np.ndarray
    event: np.ndarray
    day: np.ndarray
    role: np.ndarray
    side: np.ndarray
    amount: np.ndarray
    money: np.ndarray
    single: np.ndarray

    def __len__(self) -> int:
        return len(self.row)

    def signed(self, chosen: np.ndarray) -> np.ndarray:
        """Amounts of some postings (by mask or position), debits positive."""
        amount: np.ndarray = self.amount[chosen]
        return np.where(self.side[chosen] == CREDIT, -amount, amount)

    def take(self, chosen: np.ndarray | slice) -> Postings:
        """Return some postings, by mask, position or slice (which copies nothing)."""
        return Postings(
            self.row[chosen], self.event[chosen], self.day[chosen], self.role[chosen], self.side[chosen],
            self.amount[chosen], self.money[chosen], self.single[chosen],
        )  # fmt: skip


_TYPES = (np.int32, np.int8, np.int32, np.int8, np.int8, np.int64, np.int32, np.int32)


def one_of(codes: np.ndarray, wanted: Iterable[int]) -> np.ndarray:
    """Mark the codes (int8) that are one of a few; comparing is quicker than looking them up."""
    found: np.ndarray = np.zeros(len(codes), dtype=bool)
    for code in wanted:
        found |= codes == code
    return found


class Journal:
    """Collects postings in pieces: per column an array, or one value for all of the piece."""

    def __init__(self) -> None:
        self._columns: tuple[list[np.ndarray], ...] = tuple([] for _ in _TYPES)
        self._sizes: list[int] = []

    def post(
        self,
        event: str | np.ndarray,
        rows: np.ndarray,
        day: np.ndarray,
        role: str | np.ndarray,
        side: int | np.ndarray,
        amount: np.ndarray,
        *,
        money: np.ndarray | int = -1,
        single: np.ndarray | int = -1,
    ) -> None:
        """Add one posting per row; event and role are names, or arrays of their codes."""
        values = (
            rows,
            EVENT_CODE[event] if isinstance(event, str) else event,
            day,
            ROLE_CODE[role] if isinstance(role, str) else role,
            side,
            amount,
            money,
            single,
        )
        something = amount != 0
        size = int(np.count_nonzero(something))
        if not size:
            return
        self._sizes.append(size)
        for column, value, kind in zip(self._columns, values, _TYPES, strict=True):
            given = np.asarray(value)
            some = given[something] if given.ndim and size < len(rows) else given
            column.append(some.astype(kind, copy=False))

    def by_sign(
        self,
        event: str | np.ndarray,
        rows: np.ndarray,
        day: np.ndarray,
        role: str | np.ndarray,
        incoming: np.ndarray,
        *,
        single: np.ndarray | int = -1,
    ) -> None:
        """Post the contra of money received (credit) or paid (debit): a real movement changes side, never colour."""
        side = np.where(incoming >= 0, CREDIT, DEBIT)
        self.post(event, rows, day, role, side, np.abs(incoming), single=single)

    def money(
        self,
        event: str | np.ndarray,
        rows: np.ndarray,
        day: np.ndarray,
        account: np.ndarray,
        amount: np.ndarray,
        *,
        single: np.ndarray | int = -1,
    ) -> None:
        """Post what a money account received (+) or paid (-)."""
        self.post(event, rows, day, MONEY, DEBIT, amount, money=account, single=single)

    def close(self) -> Postings:
        """Return all postings."""
        ends = np.cumsum([0, *self._sizes]).tolist()
        columns = []
        for pieces, kind in zip(self._columns, _TYPES, strict=True):
            whole = np.empty(ends[-1], dtype=kind)
            for start, end, piece in zip(ends, ends[1:], pieces, strict=False):
                whole[start:end] = piece
            pieces.clear()
            columns.append(whole)
        self._sizes.clear()
        return Postings(*columns)
