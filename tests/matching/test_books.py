"""Which of two bills counts, kind by kind and day by day; what lies after as_of."""

import numpy as np

from recon.ledger.days import day_number
from recon.ledger.statement import Statement
from recon.ledger.view import View
from recon.matching.books import after, copies, order_leg, told_twice
from recon.timing import Coverage
from tests.ledger.make import (
    ALI,
    BANK,
    FUND,
    NUMBER,
    OWN,
    TRADE,
    back,
    credit,
    day,
    ledger,
    pay,
    payout,
    refund,
    row,
    sale,
    statement,
)

ACCOUNT = NUMBER[TRADE]


def d(text: str) -> int:
    return day_number(day(text))


def marked(view: View, mask: np.ndarray) -> list[tuple[str, str, int]]:
    entries = view.entries[mask]
    lines = zip(entries["channel"].astype(str), entries["kind"].astype(str), entries["amount"], strict=True)
    return sorted((c, k, int(a)) for c, k, a in lines)


def fund(*rows: dict[str, object]) -> Statement:
    return statement(FUND, list(rows), account=ACCOUNT)


def test_the_cash_book_is_silent_on_what_the_trade_book_tells_on_its_days() -> None:
    view = ledger(
        statement(TRADE, [pay("A", 1, "10-01"), pay("B", 2, "10-02")]),
        fund(pay("A", 1, "10-01"), pay("C", 3, "10-03"), refund("A", 4, "10-02"), payout(5, "10-02")),
    )
    none = np.zeros(len(view), dtype=bool)
    covered = {f"wx:{ACCOUNT}#trade": Coverage(d("10-01"), d("10-02"))}
    # The trade book shows no refund yet, and does not cover the third: those are taken from the cash book.
    assert marked(view, told_twice(view, covered, none)) == [(FUND, "payment", 1)]
    assert not told_twice(view, {}, none).any()
    assert not told_twice(view, covered, view.day > d("09-30")).any()


def test_a_copy_counts_only_where_its_original_is_lacking() -> None:
    original, copy = [pay("A", 1, "10-01")], [pay("B", 2, "10-01", book="copy")]
    assert marked(*_with(copies, original + copy)) == [(ALI, "payment", 2)]
    assert marked(*_with(copies, copy)) == []


def _with(function: object, rows: list[dict[str, object]]) -> tuple[View, np.ndarray]:
    view = ledger(statement(ALI, rows))
    return view, function(view)  # type: ignore[operator]


def test_the_order_leg_looks_at_orders_and_at_their_money() -> None:
    view = ledger(
        statement(OWN, [sale("A", 1, "10-01")]),
        statement(ALI, [pay("A", 1, "10-01"), row("fee", 2, "10-01"), payout(3, "10-01"), row("deposit", 4, "10-01")]),
        statement(BANK, [credit(5, "10-01")]),
    )
    assert sorted(view.amount[order_leg(view)].tolist()) == [1, 1, 2]


def test_an_undated_refund_is_as_late_as_its_order() -> None:
    view = ledger(
        statement(OWN, [sale("A", 1, "10-05"), back("A", 2), sale("B", 3, "10-06"), back("B", 4), back("C", 5)]),
        statement(ALI, [pay("B", 6, "10-06")]),
    )
    assert sorted(view.amount[after(view, d("10-05"))].tolist()) == [-4, 3, 6]
    assert not after(view, d("10-06")).any()
    assert sorted(view.amount[after(view, d("10-04"))].tolist()) == [-4, -2, 1, 3, 6]
