"""The order leg: what waits and why, which code wins, what it owns; one cause is one finding."""

from __future__ import annotations

from fractions import Fraction

import pytest

from recon.fees import Rule
from tests.breaks.ledgers import File, breaks, brief, excluded, findings, run, waiting

OCTOBER = {"first": "2026-10-01", "last": "2026-10-31"}
AS_OF = "2026-10-31"


def shop(*orders, channel="shop.orders", first="2026-10-01", last="2026-10-31"):
    """An order list; orders as (number, amount, day, fields)."""
    file = File(channel)
    for number, day in (("EDGE1", first), ("EDGE2", last)):
        file.order(number, "0.00", f"{day} 00:00:01", state="closed", paid_at=None, shop="S")
    for number, amount, day, fields in orders:
        file.order(number, amount, day, **{"shop": "S"} | fields)
    return file


def wechat(*rows, channel="wechatpay.trade", **period):
    """A bill; rows as (order, amount, day), refunds negative."""
    file = File(channel, **(period or OCTOBER))
    for n, (number, amount, day) in enumerate(rows):
        if amount.startswith("-"):
            file.refund(number, amount, day, refund_ref=f"R{n}")
        else:
            file.payment(number, amount, day, payment_ref=f"P{n}")
    return file


def leg(result):
    return [(f["code"], f["order_ref"], f["difference"], f["symptoms"]) for f in breaks(result, "order-gateway")]


def reasons(result):
    return sorted({(kind, reason) for kind, _, reason, _ in waiting(result, "order-gateway")})


A = ("A", "10.00", "2026-10-20", {})


@pytest.mark.parametrize(
    ("bill", "as_of", "reason"),
    [
        (wechat(), "2026-10-20", "inside the window"),
        (wechat(first="2026-10-01", last="2026-10-20"), "2026-10-25", "beyond the files"),
        (wechat(("Z", "1.00", "2026-10-20")).problem("control_total", "2.00", "1.00"), "2026-10-25", "file unproven"),
        (File("douyin.flow", **OCTOBER), "2026-10-25", "no file of the other side"),
    ],
)
def test_order_waits(bill, as_of, reason):
    result = run(shop(A), bill, as_of=as_of)
    assert ("sale", reason) in reasons(result)
    assert [code for code, order, *_ in leg(result) if order == "A"] == []


def test_order_without_a_trigger_is_never_missing():
    tmall = shop(channel="taobao.orders")
    tmall.order("4026900000000000001", "10.00", "2026-10-02", state="shipped", shop="S")
    result = run(tmall, File("alipay.cash", **OCTOBER).row("interest", "0.01", "2026-10-05"), as_of=AS_OF)
    assert reasons(result) == [("sale", "not due")]


def test_order_list_older_than_the_money():
    tmall = shop(channel="taobao.orders")
    tmall.order("4026900000000000001", "10.00", "2026-10-02", state="shipped", shop="S")
    money = File("alipay.cash", **OCTOBER).payment("4026900000000000001", "9.00", "2026-10-12")
    result = run(tmall, money, as_of=AS_OF)
    assert reasons(result) == [
        ("payment", "order file older than the money"),
        ("sale", "order file older than the money"),
    ]


@pytest.mark.parametrize(
    ("after_sale", "expected"), [("open", []), ("partial", ["amount_mismatch"]), ("none", ["unknown_refund"])]
)
def test_open_case_is_not_due(after_sale, expected):
    listed = shop(("A", "10.00", "2026-10-20", {"after_sale": after_sale}))
    result = run(listed, wechat(("A", "10.00", "2026-10-20"), ("A", "-4.00", "2026-10-21")), as_of=AS_OF)
    assert [code for code, *_ in leg(result)] == expected
    assert (("refund", "not due") in reasons(result)) == (after_sale == "open")


def test_part_paid_beyond_the_files_says_so():
    result = run(
        shop(A), wechat(("A", "4.00", "2026-10-20"), first="2026-10-01", last="2026-10-20"), as_of="2026-10-25"
    )
    assert reasons(result) == [("payment", "beyond the files"), ("sale", "beyond the files")]


@pytest.mark.parametrize(
    ("state", "step", "as_of"),
    [("paid", "medium", "2026-10-25"), ("shipped", "high", "2026-10-25"), ("completed", "high", "2026-10-25"),
     ("paid", "medium", "2026-11-20"), ("paid", "high", "2026-11-21")],
)  # fmt: skip
def test_severity_of_a_missing_payment(state, step, as_of):
    listed = shop(("A", "10.00", "2026-10-20", {"state": state}), last="2026-11-30")
    result = run(listed, wechat(first="2026-10-01", last="2026-11-30"), as_of=as_of)
    assert [(f["code"], f["severity"]) for f in breaks(result)] == [("missing_payment", step)]


@pytest.mark.parametrize(("limit", "severity"), [(1000, "medium"), (999, "high"), (None, "medium")])
def test_materiality_makes_it_high(limit, severity):
    result = run(shop(A), wechat(), as_of="2026-10-25", materiality=limit)
    assert [f["severity"] for f in breaks(result)] == [severity]


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([("A", "10.00"), ("A", "10.00")], [("duplicate_payment", "A", 1000, None)]),
        ([("A", "5.00"), ("A", "5.00")], []),
        ([("A", "12.00")], [("amount_mismatch", "A", 200, None)]),
        ([("A", "4.00"), ("A", "4.00")], [("amount_mismatch", "A", -200, None)]),
        ([("A", "10.00"), ("A", "-3.00")], [("unknown_refund", "A", -300, None)]),
        ([("A", "10.00"), ("A", "-13.00")], [("excess_refund", "A", -1300, None)]),
        ([("A", "12.00"), ("A", "-2.00")], [("amount_mismatch", "A", 200, "unknown_refund")]),
        ([("A", "10.00"), ("A", "10.00"), ("A", "-7.00")],
         [("duplicate_payment", "A", 1000, None), ("unknown_refund", "A", -700, None)]),
    ],
)  # fmt: skip
def test_which_code(rows, found):
    money = wechat(*((number, amount, "2026-10-20") for number, amount in rows))
    assert leg(run(shop(A), money, as_of=AS_OF)) == found


@pytest.mark.parametrize(
    ("refunds", "found"),
    [
        ([], [("missing_refund", "A", 400, None)]),
        (["-4.00"], []),
        (["-2.00", "-2.00"], []),
        (["-3.00"], [("amount_mismatch", "A", 100, None)]),
        (["-5.00"], [("amount_mismatch", "A", -100, None)]),
        (["-4.00", "-4.00"], [("duplicate_refund", "A", -400, None)]),
        (["-4.00", "-1.00"], [("amount_mismatch", "A", -100, None)]),
        (["-4.00", "-4.00", "-4.00"], [("duplicate_refund", "A", -800, "excess_refund")]),
        (["-4.00", "-7.00"], [("excess_refund", "A", -700, None)]),
    ],
)
def test_which_refund_code(refunds, found):
    listed = shop(("A", "10.00", "2026-10-20", {"refund": "-4.00"}))
    money = wechat(("A", "10.00", "2026-10-20"), *(("A", amount, "2026-10-22") for amount in refunds))
    assert leg(run(listed, money, as_of=AS_OF)) == found


def test_refund_of_a_payment_before_the_bill_is_not_excess():
    listed = shop(("A", "10.00", "2026-10-02", {"refund": "-4.00"}))
    money = wechat(("A", "-5.00", "2026-10-22"), first="2026-10-05", last="2026-10-31")
    assert leg(run(listed, money, as_of=AS_OF)) == [("amount_mismatch", "A", -100, None)]


def test_missing_payment_takes_refund_and_subsidy_along():
    listed = shop(channel="douyin.orders")
    fields = {"sub_ref": "A", "shop": "S", "state": "completed", "confirmed_at": "2026-10-05"}
    listed.order("A", "10.00", "2026-10-01", **fields)
    listed.row("subsidy", "2.00", "2026-10-01", order_ref="A", row=listed.rows[-1]["source_row"], **fields)
    result = run(listed, File("douyin.flow", **OCTOBER).row("interest", "0.01", "2026-10-05"), as_of=AS_OF)
    assert leg(result) == [("missing_payment", "A", -1000, "subsidy_mismatch")]
    assert findings(result)[0]["reach_rows"] == 2
    own = shop(("A", "10.00", "2026-10-20", {"refund": "-4.00"}))
    assert leg(run(own, wechat(), as_of=AS_OF)) == [("missing_payment", "A", -1000, "missing_refund")]


def test_money_without_order_takes_its_refund_along():
    result = run(shop(), wechat(("X", "9.00", "2026-10-20"), ("X", "-2.00", "2026-10-21")), as_of=AS_OF)
    assert leg(result) == [("unknown_payment", "X", 700, "unknown_refund")]


def test_flagged_refund_that_was_not_paid_owns_nothing():
    listed = shop(channel="douyin.orders")
    listed.order("A", "10.00", "2026-10-01", sub_ref="A", shop="S", state="completed", confirmed_at="2026-10-05",
                 after_sale="full")  # fmt: skip
    result = run(listed, File("douyin.flow", **OCTOBER).payment("A", "10.00", "2026-10-12", sub_ref="A"), as_of=AS_OF)
    assert brief(result, "order-gateway") == [("missing_refund", "-10.00", "0.00", None, None, "high")]
    rows = result.finding_rows[result.finding_rows["leg"] == "order-gateway"]
    assert (len(rows), rows["owned"].any()) == (2, False)


def test_a_case_refunded_twice_without_an_amount_on_the_order_side():
    listed = shop(channel="douyin.orders")
    listed.order("A", "10.00", "2026-10-01", sub_ref="A", shop="S", state="completed", confirmed_at="2026-10-05",
                 after_sale="partial")  # fmt: skip
    money = File("douyin.flow", **OCTOBER).payment("A", "10.00", "2026-10-12", sub_ref="A")
    for hour in (10, 14):
        money.refund("A", "-3.00", f"2026-10-13 {hour}:00:00", sub_ref="A", refund_ref="CASE", payment_ref=f"P{hour}")
    result = run(listed, money, as_of=AS_OF)
    assert brief(result, "order-gateway") == [("duplicate_refund", "-3.00", "-6.00", None, None, "high")]


def test_a_fee_with_a_finding_of_its_own_is_not_owned_twice():
    money = File("wechatpay.trade", **OCTOBER).payment("X", "100.00", "2026-10-20", fee="-0.70")
    rate = {"wechatpay:1900000109": [Rule("手续费", Fraction("0.006"))]}
    result = run(shop(), money, as_of=AS_OF, contracts=rate)
    assert [(f["code"], f["difference"]) for f in breaks(result, "order-gateway")] == [
        ("fee_mismatch", -10), ("unknown_payment", 10000)
    ]  # fmt: skip
    owned = result.finding_rows[result.finding_rows["owned"] & (result.finding_rows["leg"] == "order-gateway")]
    assert sorted(owned.groupby("finding")["row"].count()) == [1, 1]


def test_a_number_only_the_cash_book_has_is_one_finding():
    cash = wechat(("A", "10.00", "2026-10-20"), ("B", "2.00", "2026-10-20"), channel="wechatpay.fundflow")
    trade = wechat(("B", "2.00", "2026-10-20"))
    trade.rows[0]["payment_ref"] = "P1"
    result = run(shop(A, ("B", "2.00", "2026-10-20", {})), trade, cash, as_of=AS_OF)
    assert [(f["code"], f["difference"], f["symptoms"]) for f in breaks(result)] == [
        ("missing_payment", -1000, "settlement_gap")
    ]  # fmt: skip


def test_a_row_that_does_not_add_up_where_the_order_differs_by_the_same():
    listed = shop(("A", "10.00", "2026-10-20", {}))
    money = wechat(("A", "8.00", "2026-10-20"))
    money.problem("settlement_gap", "8.00", "10.00", linked=(0,))
    assert leg(run(listed, money, as_of=AS_OF)) == [("amount_mismatch", "A", -200, "settlement_gap")]


def test_unpaid_and_free_orders_are_left_out():
    listed = shop(("A", "0.00", "2026-10-20", {"state": "unpaid"}), ("B", "0.00", "2026-10-20", {"state": "completed"}))
    told = excluded(run(listed, wechat(), as_of=AS_OF), "order-gateway")
    assert told == [("sale", "0.00", "unpaid")] * 3 + [("sale", "0.00", "zero amount")]


def test_money_of_a_closed_order_given_back_is_netted():
    listed = shop(("A", "0.00", "2026-10-20", {"state": "closed", "paid_at": None}))
    result = run(listed, wechat(("A", "5.00", "2026-10-20"), ("A", "-5.00", "2026-10-21")), as_of=AS_OF)
    assert leg(result) == []
    half = run(listed, wechat(("A", "5.00", "2026-10-20"), ("A", "-2.00", "2026-10-21")), as_of=AS_OF)
    assert leg(half) == [("status_mismatch", "A", 300, None)]
