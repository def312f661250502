"""The control trade-cash, and what is information only: across a month end, and late."""

from __future__ import annotations

import pytest

from tests.breaks.ledgers import File, breaks, brief, findings, run

OCTOBER = {"first": "2026-10-01", "last": "2026-10-31"}
FEE = {"detail": "手续费"}


def bills(trade, cash, day="2026-10-15"):
    """Two bills of one account: rows as (kind, number, amount)."""
    files = []
    for channel, rows in (("wechatpay.trade", trade), ("wechatpay.fundflow", cash)):
        file = File(channel, **OCTOBER).row("payment", "1.00", "2026-10-02", order_ref="Z", payment_ref="PZ")
        file.row("refund", "-1.00", "2026-10-02", order_ref="Z", payment_ref="PZ", refund_ref="RZ")
        file.row("fee", "-0.01", "2026-10-02", order_ref="Z", payment_ref="PZ", **FEE)
        for kind, number, amount in rows:
            file.row(
                kind,
                amount,
                day,
                order_ref=number,
                payment_ref=f"P{number}",
                detail="手续费" if kind == "fee" else None,
            )
        files.append(file)
    return files


def control(trade, cash, day="2026-10-15", lang="en"):
    return brief(run(*bills(trade, cash, day), as_of="2026-10-31", lang=lang), "trade-cash")


SALE = [("payment", "A", "10.00"), ("fee", "A", "-0.06")]


@pytest.mark.parametrize(
    ("trade", "cash", "found"),
    [
        (SALE, SALE, []),
        (SALE, [], [("settlement_gap", "10.00", "0.00", None, "fee_mismatch", "medium")]),
        ([], SALE, [("settlement_gap", "0.00", "10.00", None, "fee_mismatch", "medium")]),
        (SALE, [("payment", "A", "9.00"), SALE[1]], [("amount_mismatch", "10.00", "9.00", None, None, "medium")]),
        (SALE, [SALE[0], ("fee", "A", "-0.07")], [("fee_mismatch", "-0.06", "-0.07", None, None, "medium")]),
        (SALE[:1], [SALE[0], ("fee", "A", "0.00")], []),
        (
            [*SALE, ("refund", "A", "-4.00")],
            [*SALE, ("refund", "A", "-5.00")],
            [("amount_mismatch", "-4.00", "-5.00", None, None, "medium")],
        ),
        ([*SALE, ("deposit", "D", "7.00")], SALE, []),  # a kind that one book never shows
    ],
)
def test_two_bills_of_one_account(trade, cash, found):
    assert control(trade, cash) == found


def batches(lines, *moved):
    """A settlement list and its wallet: lines as (kind, batch, amount), and what the wallet shows of each batch."""
    trade = File("wechatpay.trade", **OCTOBER)
    for number, (kind, batch, amount) in enumerate(lines):
        trade.row(kind, amount, "2026-10-15", order_ref=f"O{number}", batch_ref=batch)
    cash = File("wechatpay.fundflow", **OCTOBER)
    for kind, batch, amount in moved:
        cash.row(kind, amount, "2026-10-15", batch_ref=batch)
    return brief(run(trade, cash, as_of="2026-10-31", lang="en"), "trade-cash")


LINES = [("payment", "B1", "10.00"), ("commission", "B1", "-1.00"), ("payment", "B2", "5.00")]


@pytest.mark.parametrize(
    ("moved", "found"),
    [
        ([("transfer", "B1", "9.00"), ("transfer", "B2", "5.00")], []),
        ([("transfer", "B1", "10.00"), ("transfer", "B1", "-1.00"), ("transfer", "B2", "5.00")], []),
        ([("transfer", "B1", "8.00"), ("transfer", "B2", "5.00")], [("9.00", "8.00")]),
        ([("transfer", "B1", "9.00")], [("5.00", "0.00")]),
        ([("transfer", "B1", "9.00"), ("transfer", "B2", "5.00"), ("transfer", "B3", "2.00")], [("0.00", "2.00")]),
        ([("payout", "B1", "-9.00")], []),  # the wallet shows no batches
    ],
)
def test_lines_add_up_to_what_the_wallet_shows_of_their_batch(moved, found):
    told = batches(LINES, *moved)
    assert [(code, expected, actual) for code, expected, actual, *_ in told] == [("settlement_gap", *f) for f in found]


def test_control_owns_nothing_and_shows_all_rows_of_the_number():
    result = run(*bills(SALE, [("payment", "A", "9.00"), SALE[1]]), as_of="2026-10-31")
    number = result.findings["finding"][result.findings["leg"] == "trade-cash"].item()
    rows = result.finding_rows[result.finding_rows["finding"] == number]
    assert (len(rows), rows["owned"].any()) == (4, False)


@pytest.mark.parametrize("day", ["2026-10-31"])
def test_the_last_day_may_stand_in_the_next_bill(day):
    assert control(SALE, [], day) == []


def orders(*rows, channel="shop.orders"):
    file = File(channel)
    for number, day in (("EDGE1", "2026-09-01"), ("EDGE2", "2026-11-15")):
        file.order(number, "0.00", day, state="closed", shop="S")
    for number, amount, day, fields in rows:
        file.order(number, amount, day, shop="S", **fields)
    return file


def information(*files):
    result = run(*files, as_of="2026-11-10")
    assert breaks(result, "order-gateway") == []
    return [(f["code"], f["expected"], f["actual"], f["cause"], f["order_ref"]) for f in findings(result)
            if f["leg"] == "order-gateway"]  # fmt: skip


AUTUMN = {"first": "2026-09-01", "last": "2026-11-30"}


def test_cutoff_is_one_per_month_end():
    listed = orders(("A", "5.00", "2026-10-31", {}), ("B", "6.00", "2026-10-31", {}), ("C", "7.00", "2026-09-30", {}))
    money = File("wechatpay.trade", **AUTUMN)
    for number, amount, day in (("A", "5.00", "2026-11-01"), ("B", "6.00", "2026-11-01"), ("C", "7.00", "2026-10-01")):
        money.payment(number, amount, day)
    assert information(listed, money) == [
        ("cutoff", 1100, 1100, "day_cut", "A;B"),
        ("cutoff", 700, 700, "day_cut", "C"),
    ]


def test_cutoff_by_the_settlement_of_the_channel():
    listed = orders(channel="douyin.orders")
    listed.order("A", "5.00", "2026-10-20", sub_ref="A", state="completed", confirmed_at="2026-10-25", shop="S")
    money = File("douyin.flow", **AUTUMN).payment("A", "5.00", "2026-11-01", sub_ref="A")
    assert information(listed, money) == [("cutoff", 500, 500, "settlement_delay", "A")]


def test_late_is_one_per_match_and_needs_a_date_of_the_order_side():
    refunded = {"refund": "-2.00", "refunded_at": "2026-10-10"}
    listed = orders(("A", "5.00", "2026-10-05", {}), ("B", "6.00", "2026-10-05", refunded))
    money = File("wechatpay.trade", **AUTUMN)
    money.payment("A", "2.00", "2026-10-07").payment("A", "3.00", "2026-10-09", payment_ref="X")
    money.payment("B", "6.00", "2026-10-05").refund("B", "-2.00", "2026-10-14", refund_ref="R")
    result = run(listed, money, as_of="2026-11-10")
    late = [f for f in findings(result) if f["leg"] == "order-gateway"]
    assert [(f["order_ref"], f["expected"]) for f in late] == [("A", 500), ("B", -200)]
    assert late[0]["explanation"] == "due by 2026-10-06, received on 2026-10-09, 3 days late"
    assert {f["severity"] for f in late} == {"info"}  # age never moves it


def test_a_bound_is_never_late():
    listed = orders(("A", "5.00", "2026-10-05", {"refund": "-2.00"}))
    money = File("wechatpay.trade", **AUTUMN).payment("A", "5.00", "2026-10-05")
    money.refund("A", "-2.00", "2026-10-25", refund_ref="R")
    assert information(listed, money) == []
