"""One credit for several payouts: those of one day together, or the only few whose sum it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import numpy as np

from recon.ledger.days import NO_DAY
from recon.ledger.transfers import CANDIDATE, MATCHED, SUGGESTED, Tie
from recon.matching.bank.board import BankBoard, Closed, all_closed, components
from recon.matching.sums import only_sum

#: A sum with more accidents expected (in millionths) is not suggested: the guide's bound on postings from searches.
ACCIDENTS = 50_000


def by_day_sum(board: BankBoard) -> None:
    """All open payouts of an account and day arrive as one credit of their payer: the days fit, so it is proved."""
    by_amount: dict[int, list[int]] = {}
    for row in sorted(board.open_rows):
        by_amount.setdefault(board.amount(row), []).append(row)
    edges = [
        (some[0], row)
        for some in _of_one_day(board)
        for row in by_amount.get(sum(board.transfers[n].amount for n in some), [])
        if _fits(board, some, row, named=True)
    ]
    together = {some[0]: some for some in _of_one_day(board)}
    for firsts, rows in components(edges):
        if len(firsts) == len(rows) == 1:
            board.tie(Tie(MATCHED, together[firsts[0]], rows, "by-payer-and-day", "structure", "proved"))


def _of_one_day(board: BankBoard) -> list[tuple[int, ...]]:
    days: dict[tuple[int, int, int], list[int]] = {}
    for n in sorted(board.open_transfers):
        transfer = board.transfers[n]
        if transfer.amount > 0 and transfer.due != NO_DAY:
            days.setdefault((transfer.account, transfer.currency, transfer.day), []).append(n)
    return [tuple(some) for _, some in sorted(days.items()) if len(some) > 1]


def _fits(board: BankBoard, some: Iterable[int], row: int, *, named: bool) -> bool:
    """The row lies in the windows of all, contradicts none, and names their payer (or, if not `named`, nobody)."""
    for n in some:
        transfer = board.transfers[n]
        heard = board.names(row, transfer) or (not named and board.nameless(row))
        if not heard or not transfer.early <= board.day(row) <= transfer.due or board.contradicts(row, transfer):
            return False
    return True


def in_sums(board: BankBoard, homes: Mapping[int, frozenset[int]], closed: Closed) -> None:
    """A credit that is the sum of one set of two to five payouts of an account, and of no other: suggested."""
    hits = []
    for row, accounts in _parts(board):
        amounts = {n: board.transfers[n].amount for some in accounts for n in some}
        hit = only_sum(board.amount(row), amounts, accounts, frozenset())
        if hit is not None and hit.accidents <= ACCIDENTS:
            hits.append((hit.members, row))
    times = Counter(n for some, _ in hits for n in some)
    for some, row in hits:
        if max(times[n] for n in some) == 1:
            how = SUGGESTED if all_closed(board, some, homes, closed) else CANDIDATE
            board.tie(Tie(how, some, (row,), "by-sum", "structure", "open"))


def _parts(board: BankBoard) -> list[tuple[int, list[list[int]]]]:
    """Open rows and, by account, the open payouts that each may be a sum of; none of them has an equal partner."""
    open_transfers = np.array(sorted(board.open_transfers), dtype=np.int64)
    facts = [(t.amount, t.early, t.due) for t in (board.transfers[n] for n in open_transfers.tolist())]
    amount, early, due = np.array(facts, dtype=np.int64).reshape(-1, 3).T
    equal: set[int] = set()
    found = []
    for row in sorted(board.open_rows):
        inside = (amount > 0) & (due != NO_DAY) & (early <= board.day(row)) & (board.day(row) <= due)
        near = open_transfers[inside & (amount <= board.amount(row))].tolist()
        fitting = [n for n in near if _fits(board, [n], row, named=False)]
        same = {n for n in fitting if board.transfers[n].amount == board.amount(row)}
        equal |= same
        if len(fitting) > 1 and not same:
            found.append((row, fitting))
    return [(row, _by_account(board, [n for n in some if n not in equal])) for row, some in found]


def _by_account(board: BankBoard, some: Iterable[int]) -> list[list[int]]:
    accounts: dict[int, list[int]] = {}
    for n in some:
        accounts.setdefault(board.transfers[n].account, []).append(n)
    return list(accounts.values())
