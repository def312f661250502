"""Two bills of one account tell the same money: the fuller one counts, the other is a copy where both cover."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from recon.ledger.copies import mark_copies
from recon.ledger.schema import CATEGORY
from recon.ledger.statement import Statement
from tests.ledger.make import ALI, CHANNELS, FUND, NUMBER, OWN, TRADE, findings, pay, payout, run, sale, statement

ACCOUNT = "2088000000000001"
CHANNELS_OF_ONE = CHANNELS | {"ali.flow": CHANNELS[ALI].__class__("ali.flow", "gateway", "ali", "", "")}


def books(statements: list[Statement]) -> list[list[str]]:
    return [s.table["book"].to_pylist() for s in mark_copies(statements, CHANNELS_OF_ONE)]


def bill(channel: str, *days: str) -> Statement:
    one = statement(ALI, [pay(f"A{day}", 100, day) for day in days], account=ACCOUNT)
    return Statement(**{**{f: getattr(one, f) for f in one.__dataclass_fields__}, "channel": channel})


def as_trade(one: Statement) -> Statement:
    at = one.table.schema.get_field_index("book")
    books = pa.array(["trade"] * one.table.num_rows).cast(CATEGORY)
    return replace(one, book="trade", table=one.table.set_column(at, one.table.schema.field(at), books))


def test_the_bill_with_fewer_rows_is_the_copy_on_the_days_of_the_other() -> None:
    full, part = bill(ALI, "10-01", "10-02", "10-03"), bill("ali.flow", "10-02", "10-05")
    assert books([full, part]) == [["cash"] * 3, ["copy", "cash"]]
    assert books([part, full]) == [["copy", "cash"], ["cash"] * 3]


def test_of_equal_bills_the_first_by_name_counts() -> None:
    assert books([bill("ali.flow", "10-02"), bill(ALI, "10-02")]) == [["copy"], ["cash"]]


def test_trade_bills_are_copies_only_as_layouts_of_one_bill() -> None:
    full, part = bill(ALI, "10-01", "10-02"), bill("ali.flow", "10-02")
    both = [as_trade(full), as_trade(part)]
    assert [s.table["book"].to_pylist() for s in mark_copies(both, CHANNELS_OF_ONE)] == [["trade"] * 2, ["trade"]]
    one_bill = {name: replace(facts, layout_of="settlement") for name, facts in CHANNELS_OF_ONE.items()}
    assert [s.table["book"].to_pylist() for s in mark_copies(both, one_bill)] == [["trade"] * 2, ["copy"]]


def test_one_bill_alone_is_never_a_copy() -> None:
    assert books([bill(ALI, "10-01"), bill(ALI, "10-02")]) == [["cash"], ["cash"]]


def test_the_payouts_of_a_trade_bill_are_copies_on_the_days_of_the_cash_bill() -> None:
    rows = [pay("A", 100, "10-02"), payout(100, "10-02"), payout(50, "10-04")]
    sold = statement(TRADE, rows)
    assert books([sold, statement(FUND, rows[:2], account=NUMBER[TRADE])])[0] == ["trade", "copy", "trade"]
    assert books([sold, statement(FUND, rows[:2], account="another")])[0] == ["trade"] * 3


def test_money_told_twice_is_no_second_payment() -> None:
    orders = statement(OWN, [sale("A", 100, "10-01"), sale("B", 50, "10-03")])
    rows = [pay("A", 100, "10-01"), pay("B", 50, "10-03"), payout(90, "10-03")]
    one = statement(FUND, rows, account="1900000109")
    other = statement(FUND, rows[:2], account="1900000109", file="again.csv")
    other = Statement(**{**{f: getattr(other, f) for f in other.__dataclass_fields__}, "channel": "wx.again"})
    channels = CHANNELS | {"wx.again": CHANNELS[FUND]}
    outcome = run(*mark_copies([orders, one, other], channels), channels=channels, as_of="2026-10-03")
    assert findings(outcome) == []
