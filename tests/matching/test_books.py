"""Which of two bills counts, kind by kind and day by day; what lies after as_of."""

from dataclasses import replace

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from recon.ledger.days import day_number
from recon.ledger.money_book import copies
from recon.ledger.statement import Statement
from recon.ledger.view import View
from recon.matching.books import after, order_leg, told_twice
from recon.timing import Coverage
from tests.ledger.make import (
    ALI,
    BANK,
    CHANNELS,
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
        # An account that has no trade book stands before it.
        statement(ALI, [pay("D", 6, "10-01")]),
    )
    none = np.zeros(len(view), dtype=bool)
    covered = {f"wx:{ACCOUNT}#trade": Coverage(d("10-01"), d("10-02"))}
    # The trade book shows no refund yet, and does not cover the third: those are taken from the cash book.
    assert marked(view, told_twice(view, CHANNELS, covered, none)) == [(FUND, "payment", 1)]
    assert not told_twice(view, CHANNELS, {}, none).any()
    assert not told_twice(view, CHANNELS, covered, view.day > d("09-30")).any()


def test_what_the_trade_book_never_tells_is_taken_from_the_cash_book_though_it_has_the_kind() -> None:
    after_settlement = refund("A", 4, "10-02", detail="later")
    view = ledger(
        statement(TRADE, [pay("A", 1, "10-01"), refund("B", 2, "10-01")]),
        fund(pay("A", 1, "10-01"), after_settlement, refund("B", 2, "10-01")),
    )
    channels = {**CHANNELS, FUND: replace(CHANNELS[FUND], apart=("later",))}
    covered = {f"wx:{ACCOUNT}#trade": Coverage(d("10-01"), d("10-02"))}
    twice = told_twice(view, channels, covered, np.zeros(len(view), dtype=bool))
    assert marked(view, twice) == [(FUND, "payment", 1), (FUND, "refund", -2)]


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


ROWS = st.lists(
    st.tuples(
        st.sampled_from("xy"), st.sampled_from("AB"), st.sampled_from([None, "1"]), st.sampled_from([None, 4, 6])
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=40)
@given(ROWS)
@example([("x", "A", None, None), ("x", "A", None, 4), ("x", "A", None, 6)])
@example([("x", "A", None, None), ("x", "A", None, 6)])
@example([("x", "A", None, None), ("x", "A", None, 4), ("y", "A", None, 6), ("x", "B", None, 6), ("x", "A", "1", 6)])
def test_an_undated_row_is_late_where_all_that_has_a_day_is_late(
    rows: list[tuple[str, str, str | None, int | None]],
) -> None:
    """Of one account, order and sub-order; what a gateway books late says nothing of an order."""
    lists: dict[str, list[dict[str, object]]] = {"x": [], "y": []}
    for n, (account, order, sub, on) in enumerate(rows):
        some = back(order, n + 1, sub=sub) if on is None else sale(order, n + 1, f"10-{on:02}", sub=sub)
        lists[account].append(some | {"key": f"{n}"})
    files = [statement(OWN, some, account=account, file=f"{account}.csv") for account, some in lists.items() if some]
    view = ledger(*files, statement(TRADE, [pay("A", 99, "10-06")]))
    days: dict[tuple[str, str, str | None], set[int]] = {}
    for account, order, sub, on in rows:
        days.setdefault((account, order, sub), set()).update([on] if on else [])
    expected = [99]
    for n, (account, order, sub, on) in enumerate(rows):
        late = days[account, order, sub] == {6} if on is None else on == 6
        expected += [-n - 1 if on is None else n + 1] if late else []
    assert sorted(view.amount[after(view, d("10-05"))].tolist()) == sorted(expected)
