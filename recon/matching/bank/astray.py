"""Payouts that reached another bank account than the wallet's (串户).

Where a payout prints the last digits of its bank account, that is its home; else the bank account that received most
of the wallet's payouts is, at least 20 of them and nearly all.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from recon.ledger.naming import printed_tails
from recon.ledger.transfers import ASTRAY, LATE, MATCHED, Tie
from recon.matching.bank.board import BankBoard
from recon.matching.homes import ENOUGH

_NEARLY_ALL = 95  # percent


def astray(board: BankBoard) -> None:
    """Mark, in place, the matched ties whose credits lie in an account that is not the payouts' home."""
    received: dict[int, Counter[int]] = {}
    matched = [tie for tie in board.ties if tie.how in (MATCHED, LATE) and tie.transfers and tie.credits]
    for tie in matched:
        for n in tie.transfers:
            banks = {int(board.view.account[row]) for row in tie.credits}
            received.setdefault(board.transfers[n].account, Counter()).update(banks)
    usual = {wallet: bank for wallet, banks in received.items() if (bank := _usual(banks)) is not None}
    lost = {id(tie) for tie in matched if _is_astray(board, tie, usual)}
    board.ties = [replace(tie, how=ASTRAY) if id(tie) in lost else tie for tie in board.ties]


def _usual(banks: Counter[int]) -> int | None:
    most, count = max(banks.items(), key=lambda item: (item[1], -item[0]))
    return most if count >= ENOUGH and count * 100 >= banks.total() * _NEARLY_ALL else None


def _is_astray(board: BankBoard, tie: Tie, usual: dict[int, int]) -> bool:
    """No credit lies at home, and home is known for every payout of the tie."""
    view = board.view
    there = {int(view.account[row]) for row in tie.credits}
    own = {view.accounts[a][-4:]: a for a in {int(view.account[row]) for row in board.texts.rows.tolist()}}
    homes = set()
    for n in tie.transfers:
        printed = {own[tail] for tail in printed_tails(view, board.transfers[n].rows) if tail in own}
        wallet = board.transfers[n].account
        homes |= printed or {usual.get(wallet, -1)} - {-1} or there
    return not homes & there
