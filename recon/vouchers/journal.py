"""The journal: every posting of every entry, before postings are summed into vouchers.

A posting is one amount of one entry on one side of one role. Postings of an event, day, shop, account and single key
make a voucher. Amounts are minor units; a negative amount is a red figure on its side. Postings to a money account
stand on the debit side with their sign and are netted per voucher and account: a statement moves once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

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

    @cached_property
    def signed(self) -> np.ndarray:
        """Amounts with debits positive."""
        return np.where(self.side == CREDIT, -self.amount, self.amount)

    def take(self, chosen: np.ndarray) -> Postings:
        """Return some postings, by mask or position."""
        return Postings(
            self.row[chosen], self.event[chosen], self.day[chosen], self.role[chosen], self.side[chosen],
            self.amount[chosen], self.money[chosen], self.single[chosen],
        )  # fmt: skip


_TYPES = (np.int32, np.int8, np.int32, np.int8, np.int8, np.int64, np.int32, np.int64)


class Journal:
    """Collects postings in pieces of arrays."""

    def __init__(self) -> None:
        self._pieces: list[tuple[np.ndarray, ...]] = []

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
        size = len(rows)
        if size:
            self._pieces.append(tuple(np.broadcast_to(v, size).astype(t) for v, t in zip(values, _TYPES, strict=True)))

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
        if not self._pieces:
            return Postings(*(np.array([], dtype=t) for t in _TYPES))
        columns = [np.concatenate(column) for column in zip(*self._pieces, strict=True)]
        self._pieces.clear()
        return Postings(*columns)
