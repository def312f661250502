"""What is still open in the leg gateway-bank while its passes run, and what speaks for or against a pair."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from recon.ledger.days import NO_DAY, date_of
from recon.ledger.transfers import LATE, MATCHED, MISMATCH, Tie, Transfer
from recon.ledger.view import View
from recon.matching.bank.texts import BankTexts
from recon.matching.decided import BankDecisions

#: Given transfers and a bank row's account, says whether all windows are closed and covered at as_of.
Closed = Callable[[Transfer, frozenset[int]], bool]


class BankBoard:
    """What is still open while the passes run; ties are collected in the order of the passes."""

    def __init__(
        self,
        view: View,
        transfers: Sequence[Transfer],
        texts: BankTexts,
        rows: Iterable[int],
        tolerance: int,
        decisions: BankDecisions,
    ) -> None:
        """Start with all transfers and some bank rows open; tolerance in minor units, for what a number ties."""
        self.view = view
        self.transfers = transfers
        self.texts = texts
        self.tolerance = tolerance
        self.decisions = decisions
        self._declined = {(transfers[n].rows, row) for n, row in decisions.apart}
        self.open_transfers = set(range(len(transfers)))
        self.open_rows = set(rows)
        self.ties: list[Tie] = []
        self.doubled: set[int] = set()  # rows that repeat a credit whose number is spent

    def tie(self, tie: Tie) -> None:
        """Record a tie; its transfers and credits are open no longer."""
        self.ties.append(tie)
        self.open_transfers -= set(tie.transfers)
        self.open_rows -= set(tie.credits)

    def amount(self, row: int) -> int:
        """The amount of a bank row, minor units."""
        return int(self.view.amount[row])

    def day(self, row: int) -> int:
        """The day number of a bank row."""
        return int(self.view.day[row])

    def print(self, row: int) -> tuple[int, int, int, int, str]:
        """All that tells a bank row from another one."""
        view = self.view
        account, currency = int(view.account[row]), int(view.currency[row])
        return account, currency, self.amount(row), self.day(row), self.texts.words[row]

    def torn(self, some: Iterable[int], rows: Sequence[int]) -> bool:
        """Whether a set of transfers and rows holds a pair that a person declined."""
        return any((n, row) in self.decisions.apart for n in some for row in rows)

    def names(self, row: int, transfer: Transfer) -> bool:
        """The text names a payer of the transfer's family."""
        return transfer.family in self.texts.named.get(row, frozenset())

    def nameless(self, row: int) -> bool:
        """The text names nobody, neither a payer nor an account and day."""
        return not self.texts.named.get(row) and row not in self.texts.day_keys

    def contradicts(self, row: int, transfer: Transfer) -> bool:
        """The text names another wallet, or another account or day of a foot; the currency differs; it is spent; a
        person declined it.
        """
        return int(self.view.currency[row]) != transfer.currency or self.denies(row, transfer)

    def denies(self, row: int, transfer: Transfer) -> bool:
        """What speaks against a pair whatever its currencies."""
        if row in self.doubled:
            return True
        if (transfer.rows, row) in self._declined:
            return True
        if transfer.account not in self.texts.wallets.get(row, frozenset({transfer.account})):
            return True
        key = self.texts.day_keys.get(row)
        if key is None:
            return False
        other_day = transfer.form == "day" and self.traded(row) != transfer.day
        return other_day or key[0] != self.view.accounts[transfer.account].split(":", 1)[1]

    def traded(self, row: int) -> int | None:
        """The day whose foot a bank row pays: the day before the bank day in its text (None: no such day)."""
        bank_day = named_day(self, row, self.texts.day_keys[row][1])
        return None if bank_day is None else bank_day - 1


def all_closed(board: BankBoard, some: Iterable[int], homes: Mapping[int, frozenset[int]], closed: Closed) -> bool:
    """The windows of all these transfers are over and covered."""
    return all(closed(board.transfers[n], homes.get(board.transfers[n].account, frozenset())) for n in some)


def outcome(board: BankBoard, some: Sequence[int], rows: Sequence[int]) -> str:
    """What a text that settles the pairing leaves open: is the sum right, and did it come by its due date?"""
    gap = sum(board.amount(r) for r in rows) - sum(board.transfers[n].amount for n in some)
    if abs(gap) > board.tolerance:
        return MISMATCH
    due = max(board.transfers[n].due for n in some)
    return LATE if due != NO_DAY and max(board.day(r) for r in rows) > due else MATCHED


def same_days(board: BankBoard, some: Sequence[int], rows: Sequence[int]) -> bool:
    """All transfers are of one account and day, all rows too."""
    accounts = {board.transfers[n].account for n in some}
    days = {board.transfers[n].day for n in some}
    return len(accounts) == 1 and len(days) == 1 and len({(board.day(r), board.view.account[r]) for r in rows}) == 1


def named_day(board: BankBoard, row: int, mmdd: str) -> int | None:
    """The day number of MMDD in the year that is nearest to the row's own day."""
    booked = date_of(board.day(row))
    if booked is None:
        return None
    days = []
    for year in (booked.year - 1, booked.year, booked.year + 1):
        try:
            candidate = booked.replace(year=year, month=int(mmdd[:2]), day=int(mmdd[2:]))
        except ValueError:
            continue
        days.append(board.day(row) + (candidate - booked).days)
    return min(days, key=lambda d: abs(d - board.day(row))) if days else None


def components(edges: Sequence[tuple[int, int]]) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Split a set of edges into connected sets of transfers and rows."""
    if not edges:
        return []
    left = sorted({n for n, _ in edges})
    right = sorted({r for _, r in edges})
    place = {n: i for i, n in enumerate(left)}, {r: len(left) + i for i, r in enumerate(right)}
    size = len(left) + len(right)
    ends = [place[0][n] for n, _ in edges], [place[1][r] for _, r in edges]
    graph = coo_array((np.ones(len(edges), dtype=np.int8), ends), shape=(size, size))
    count, label = connected_components(graph, directed=False)
    parts: list[tuple[list[int], list[int]]] = [([], []) for _ in range(count)]
    for member, number in zip(left, label[: len(left)].tolist(), strict=True):
        parts[number][0].append(member)
    for member, number in zip(right, label[len(left) :].tolist(), strict=True):
        parts[number][1].append(member)
    return [(tuple(some), tuple(rows)) for some, rows in parts]
