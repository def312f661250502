"""Credits of an acquirer whose text names the clearing days that they pay (ChinaUMS: `0930费0元`, `0930-1007费0元`)."""

from __future__ import annotations

from recon.ledger.transfers import Tie
from recon.matching.bank.board import BankBoard, named_day, outcome

#: Family, first and last clearing day, currency.
_Span = tuple[int, int, int, int]


def by_clearing_days(board: BankBoard) -> dict[int, str]:
    """Tie credits with the feet of the days that they name; several of the same days are one sum.

    Returns:
        bank rows that pay days before the first one of the family's files, with that reason; they are open no longer.
    """
    spans: dict[_Span, list[int]] = {}
    for row in sorted(board.open_rows & board.texts.clearing.keys()):
        family, first, last = board.texts.clearing[row]
        days = named_day(board, row, first), named_day(board, row, last)
        if days[0] is not None and days[1] is not None and days[0] <= days[1]:
            spans.setdefault((family, days[0], days[1], int(board.view.currency[row])), []).append(row)
    before: dict[int, str] = {}
    for (family, first_day, last_day, currency), rows in sorted(spans.items()):
        feet = [n for n, t in enumerate(board.transfers) if (t.form, t.family, t.currency) == ("day", family, currency)]
        some = _paid(board, [n for n in feet if first_day <= board.transfers[n].day <= last_day], rows)
        if some:
            board.tie(Tie(outcome(board, some, rows), some, tuple(rows), "by-day", "structure", "proved"))
        elif feet and last_day < min(board.transfers[n].day for n in feet):
            before.update(dict.fromkeys(rows, "before the files"))
    board.open_rows -= before.keys()
    return before


def _paid(board: BankBoard, feet: list[int], rows: list[int]) -> tuple[int, ...]:
    """The open feet of one account; of several accounts the only one whose sum is that of the credits."""
    by_account: dict[int, list[int]] = {}
    for n in feet:
        if n in board.open_transfers and not board.torn([n], rows):
            by_account.setdefault(board.transfers[n].account, []).append(n)
    if len(by_account) > 1:
        came = sum(board.amount(row) for row in rows)
        sums = {a: sum(board.transfers[n].amount for n in some) for a, some in by_account.items()}
        by_account = {a: some for a, some in by_account.items() if sums[a] == came}
    return tuple(next(iter(by_account.values()))) if len(by_account) == 1 else ()
