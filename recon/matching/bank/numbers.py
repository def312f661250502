"""Payouts and bank rows whose texts carry a part of the payout's number: cut off by the bank, or damaged by a slip."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np

from recon.ledger.transfers import CANDIDATE, SUGGESTED, Tie
from recon.matching.bank.board import BankBoard, Closed, all_closed, components, outcome
from recon.matching.candidates import codes
from recon.matching.decided import unlinked
from recon.matching.near_key import Numbers, near_keys

#: A bank's cut is known when so many of its rows end at the same length.
CUT_ROWS = 2


def by_cut_number(board: BankBoard) -> None:
    """The bank cuts every number at one length: the beginning and an equal amount name the payout, if only one.

    The length is known where several rows of the account carry the beginning of a payout's number, all of that length,
    and no text of the account has a longer one.
    """
    edges = [
        (n, row)
        for n, row in _cut(board)
        if board.transfers[n].amount == board.amount(row) and not board.contradicts(row, board.transfers[n])
    ]
    for some, rows in components(unlinked(edges, board.decisions.apart)):
        if len(some) == len(rows) == 1:
            board.tie(Tie(outcome(board, some, rows), some, rows, "by-cut-number", "key", "proved"))


def _cut(board: BankBoard) -> list[tuple[int, int]]:
    """Open transfers and rows that carry the beginning of their number, cut at a known length."""
    account = board.view.account
    longest: dict[int, int] = {}
    for token, rows in board.texts.tokens.items():
        for row in rows:
            longest[int(account[row])] = max(longest.get(int(account[row]), 0), len(token))
    begun = {
        (n, row)
        for n, transfer in enumerate(board.transfers)
        for number in transfer.numbers
        for length in set(longest.values())
        if length < len(number)
        for row in board.texts.tokens.get(number[:length], ())
        if longest[int(account[row])] == length
    }
    cut_rows = Counter(int(account[row]) for row in {row for _, row in begun})
    return sorted(
        (n, row)
        for n, row in begun
        if n in board.open_transfers and row in board.open_rows and cut_rows[int(account[row])] >= CUT_ROWS
    )


def by_near_number(board: BankBoard, homes: Mapping[int, frozenset[int]], closed: Closed) -> None:
    """A number one slip from the payout's, equal amount, one candidate both ways: suggested once the window is over."""
    left = [(number, n) for n in sorted(board.open_transfers) for number in board.transfers[n].numbers]
    right = [
        (token, row) for token, rows in sorted(board.texts.tokens.items()) for row in rows if row in board.open_rows
    ]
    held = {number for transfer in board.transfers for number in transfer.numbers}
    some, rows = (np.array([row for _, row in side], dtype=np.int64) for side in (left, right))
    sent = [[t.amount, t.currency] for t in (board.transfers[n] for n in some.tolist())]
    amount, currency = np.array(sent, dtype=np.int64).reshape(-1, 2).T
    group, other = codes([amount, currency], [board.view.amount[rows], board.view.currency[rows].astype(np.int64)])
    known = np.array([number in board.texts.tokens for number, _ in left], dtype=bool)
    whole = np.array([token in held for token, _ in right], dtype=bool)
    numbers = [number for number, _ in left], [token for token, _ in right]
    i, j = near_keys(Numbers(numbers[0], some, group, known), Numbers(numbers[1], rows, other, whole))
    for n, row in zip(i.tolist(), j.tolist(), strict=True):
        if not board.contradicts(row, board.transfers[n]):
            how = SUGGESTED if all_closed(board, [n], homes, closed) else CANDIDATE
            board.tie(Tie(how, (n,), (row,), "by-near-number", "near_key", "open"))
