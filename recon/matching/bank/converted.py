"""Payouts that the bank received in another currency: only the payout's own number ties them."""

from __future__ import annotations

from fractions import Fraction

import pyarrow as pa

from recon.ledger.days import NO_DAY
from recon.ledger.rates import Rates, convert
from recon.ledger.transfers import CONVERTED, LATE, MATCHED, Tie
from recon.ledger.view import View, arrow
from recon.matching.bank.board import BankBoard, components
from recon.matching.decided import unlinked


def by_number_converted(board: BankBoard, rates: Rates) -> None:
    """Tie payouts and credits of two currencies by number; what came is compared at the rate of the payout's day.

    The rate of rates.csv goes before one that the bank prints. Without any the pair is matched at what was received.
    """
    if len(board.view.currencies) < 2:
        return
    edges = [
        (n, row)
        for n in sorted(board.open_transfers)
        for row in sorted({r for number in board.transfers[n].numbers for r in board.texts.tokens.get(number, ())})
        if row in board.open_rows
        and int(board.view.currency[row]) != board.transfers[n].currency
        and not board.denies(row, board.transfers[n])
    ]
    for some, rows in components(unlinked(edges, board.decisions.apart)):
        sent = {board.transfers[n].currency for n in some}
        received = {int(board.view.currency[row]) for row in rows}
        if len(sent) == len(received) == 1:
            _tie(board, some, rows, rates)


def _tie(board: BankBoard, some: tuple[int, ...], rows: tuple[int, ...], rates: Rates) -> None:
    view, first = board.view, board.transfers[some[0]]
    sent, received = view.currencies[first.currency], view.currencies[view.currency[rows[0]]]
    came = sum(board.amount(row) for row in rows)
    day = max(board.transfers[n].day for n in some)
    rate = rates.rate(sent, received, day) or _printed(view, rows, sent)
    value = came if rate is None else convert(sum(board.transfers[n].amount for n in some), rate, sent, received)
    due = max(board.transfers[n].due for n in some)
    late = due != NO_DAY and max(board.day(row) for row in rows) > due
    how = CONVERTED if abs(came - value) > board.tolerance else LATE if late else MATCHED
    board.tie(Tie(how, some, rows, "by-number", "key", "proved", value=value))


def _printed(view: View, rows: tuple[int, ...], sent: str) -> Fraction | None:
    """The rate that a bank row states for this currency."""
    taken = view.entries.loc[list(rows), ["rate", "orig_currency"]]
    rates = arrow(taken["rate"]).to_pylist()
    stated = arrow(taken["orig_currency"]).cast(pa.string()).to_pylist()
    found = {Fraction(rate) for rate, currency in zip(rates, stated, strict=True) if rate and currency == sent}
    return found.pop() if len(found) == 1 else None
