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

from recon.ledger.days import month_days
from recon.vouchers.chart import CREDIT, DEBIT, MONEY, ROLE_CODE
from recon.vouchers.events import EVENT_CODE


@dataclass(frozen=True)
class Postings:
    """Columns of equal length; `row` is a position in the ledger.

    money: account code of a posting to a money account, else -1. single: -1, or the number that keeps a voucher of
    its own: a finding's number, or the number of findings + the entry's row where no finding holds it. In a voucher
    that is summed it may be the row of the order that a part of a merged payment is for.
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


class _Pieces:
    """Postings in pieces: per column an array, or one value for all of the piece."""

    def __init__(self) -> None:
        self.columns: tuple[list[np.ndarray], ...] = tuple([] for _ in _TYPES)
        self.sizes: list[int] = []

    def add(self, values: tuple[np.ndarray, ...], chosen: np.ndarray) -> None:
        size = int(np.count_nonzero(chosen))
        if not size:
            return
        self.sizes.append(size)
        for column, value, kind in zip(self.columns, values, _TYPES, strict=True):
            some = value[chosen] if value.ndim and size < len(chosen) else value
            column.append(some.astype(kind, copy=False))


class Journal:
    """Collects postings. Those of the period stand before all others, so that both are read without a copy."""

    def __init__(self, period: str) -> None:
        """Keep apart the postings of a month (2026-10)."""
        self._first, self._last = month_days(period)
        self._inside, self._outside = _Pieces(), _Pieces()

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
        columns = tuple(np.asarray(value) for value in values)
        something = amount != 0
        inside = (day >= self._first) & (day <= self._last)
        self._inside.add(columns, something & inside)
        self._outside.add(columns, something & ~inside)

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

    def close(self) -> tuple[Postings, int]:
        """Return all postings, those of the period first, and how many these are. The journal is empty then."""
        count = sum(self._inside.sizes)
        ends = np.cumsum([0, *self._inside.sizes, *self._outside.sizes]).tolist()
        columns = []
        for inside, outside, kind in zip(self._inside.columns, self._outside.columns, _TYPES, strict=True):
            whole = np.empty(ends[-1], dtype=kind)
            for start, end, piece in zip(ends, ends[1:], [*inside, *outside], strict=False):
                whole[start:end] = piece
            inside.clear()
            outside.clear()
            columns.append(whole)
        self._inside, self._outside = _Pieces(), _Pieces()
        return Postings(*columns), count
