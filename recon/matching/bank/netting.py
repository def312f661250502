"""Bank lines that cancel: a transfer that the bank sent back, a booking that it reversed."""

from __future__ import annotations

from recon.ledger.transfers import RETURNED, Tie
from recon.matching.bank.board import BankBoard
from recon.matching.words import Vocabulary, meets

#: A line that cancels another comes at most so many days after it.
DAYS = 15


def netted(board: BankBoard) -> None:
    """Tie two open lines of one account that cancel: the only such line both ways, and their words meet.

    Equal amounts alone say nothing: money in and money out of one size are everyday business.
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
    return [
        one
        for one in rows
        if board.amount(one) == -board.amount(row)
        and 0 <= board.day(row) - board.day(one) <= DAYS
        and (board.day(one), one) < (board.day(row), row)
        and meets(board.texts.words[one], board.texts.words[row], common)
    ]
