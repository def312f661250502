"""Bank lines that cancel: a transfer that the bank sent back, a booking that it reversed."""

from __future__ import annotations

import re

from recon.ledger.transfers import RETURNED, Tie
from recon.matching.bank.board import BankBoard
from recon.matching.words import Vocabulary, meets

#: A line that cancels another comes at most so many days after it.
DAYS = 15
#: What banks print on the line that cancels another: in statements of Chinese banks, then in English ones.
_BACK = re.compile(r"冲正|冲账|冲帐|冲销|抹账|抹帐|退汇|(?i:\brevers(?:al|ed)\b|\breturned\b)")


def netted(board: BankBoard) -> None:
    """Tie two open lines of one account that cancel: the only such line both ways, and their words say so.

    Their words meet, or the later line calls itself a reversal; that word alone chooses only where no words meet. Equal
    amounts alone say nothing: money in and money out of one size are everyday business.
    """
    by_size: dict[tuple[int, int, int], list[int]] = {}
    for row in sorted(board.open_rows - board.doubled):
        account, currency = int(board.view.account[row]), int(board.view.currency[row])
        by_size.setdefault((account, currency, abs(board.amount(row))), []).append(row)
    common = Vocabulary.of(board.texts.words[row] for row in sorted(board.texts.words)).common
    for rows in by_size.values():
        backs = {row: _cancelled(board, row, rows, common) for row in rows}
        wanted = [one for some in backs.values() for one in some]
        for row, some in backs.items():
            if len(some) == 1 and wanted.count(some[0]) == 1 and not backs[some[0]]:
                board.tie(Tie(RETURNED, (), (some[0], row), "netted", "text", "proved"))


def _cancelled(board: BankBoard, row: int, rows: list[int], common: frozenset[str]) -> list[int]:
    """The earlier lines that a line may cancel."""
    earlier = [
        one
        for one in rows
        if board.amount(one) == -board.amount(row)
        and 0 <= board.day(row) - board.day(one) <= DAYS
        and _place(board, one) < _place(board, row)
    ]
    words = board.texts.words[row]
    met = [one for one in earlier if meets(board.texts.words[one], words, common)]
    return met or (earlier if _BACK.search(words) else [])


def _place(board: BankBoard, row: int) -> tuple[int, bool, int]:
    """Where a line stands in time; on one day a reversal comes after what it reverses, however they are listed."""
    return board.day(row), bool(_BACK.search(board.texts.words[row])), row
