"""Scenarios C, one to many: merged, split and summed money."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios.folder import Folder
from tests.scenarios.layouts import (
    ALIPAY_PAYER,
    TENPAY,
    Cells,
    alipay_cash,
    alipay_moved,
    bank,
    bank_row,
    listed,
    order,
    wechat_number,
    wechat_paid,
    wechat_refunded,
    wechat_trade,
)

KINDS_OF_812 = [(400, "39.90", "0.24"), (250, "89.00", "0.53"), (120, "159.00", "0.95"), (42, "12.34", "0.07")]


def test_22_one_payment_for_three_orders(tmp_path: Path) -> None:
    at = "2026-10-05 10:00:02"
    number = wechat_number("M2200", at)
    rows = [order(f"M220{n}", "21.00", "2026-10-05 10:00:00", 支付流水号=number) for n in (1, 2, 3)]
    result = (
        Folder(tmp_path)
        .put(
            orders=listed(*rows, order("M2210", "5.00", "2026-10-07 10:00:00")),
            bill=wechat_trade(
                wechat_paid("M2200", "63.00", at, "0.38"), wechat_paid("M2210", "5.00", "2026-10-07 10:00:02", "0.03")
            ),
        )
        .match("2026-10-07")
    )
    assert result.found() == []
    (merged,) = [match for match in result.matched() if "payment 63.00" in match[3]]
    assert merged[:2] == ("proved", "key")
    assert sorted(merged[3]) == ["fee -0.38", "payment 63.00", "sale 21.00", "sale 21.00", "sale 21.00"]


def test_22_the_fee_of_a_merged_payment_is_split(tmp_path: Path) -> None:
    """0.38 over three equal orders: 0.13 + 0.13 + 0.12, so that the orders add up to what was charged."""
    at = "2026-10-05 10:00:02"
    rows = [order(f"M220{n}", "21.00", "2026-10-05 10:00:00", 支付流水号=wechat_number("M2200", at)) for n in (1, 2, 3)]
    folder = Folder(tmp_path, "postings: {grain: order}\n")
    folder.put(orders=listed(*rows), bill=wechat_trade(wechat_paid("M2200", "63.00", at, "0.38")))
    lines = folder.match("2026-10-05").table("vouchers")
    assert sorted(r["debit"] for r in lines if r["role"] == "fee") == ["0.12", "0.13", "0.13"]
    assert sum(cents(r["debit"]) for r in lines if r["role"] == "wallet") == 6262


def test_23_coupons_and_store_balance_are_no_missing_money(tmp_path: Path) -> None:
    told = {"订单金额": "300.00", "店铺优惠": "20.00", "平台优惠": "30.00", "储值支付": "50.00"}
    result = (
        Folder(tmp_path)
        .put(
            orders=listed(
                order("P2301", "200.00", "2026-10-05 10:00:00", **told),
                order("P2302", "5.00", "2026-10-07 10:00:00", 订单金额="5.00"),
            ),
            bill=wechat_trade(
                wechat_paid("P2301", "200.00", "2026-10-05 10:00:02", "1.20"),
                wechat_paid("P2302", "5.00", "2026-10-07 10:00:02", "0.03"),
            ),
        )
        .match("2026-10-07")
    )
    assert result.found() == []
    assert ("proved", "key", "by-order-number", ["sale 200.00", "payment 200.00", "fee -1.20"]) in result.matched()


def test_24_deposit_and_rest_are_one_order(tmp_path: Path) -> None:
    rows = [wechat_paid("O2401", "50.00", "2026-10-24 20:00:02", "0.30")]
    rows += [wechat_paid("O2401", "249.00", "2026-10-31 10:00:02", "1.49")]
    result = (
        Folder(tmp_path)
        .put(
            orders=listed(
                order("O2400", "1.00", "2026-10-23 08:00:00"),
                order("O2401", "299.00", "2026-10-31 10:00:00"),
                order("O2402", "1.00", "2026-11-02 08:00:00"),
            ),
            bill=wechat_trade(
                wechat_paid("O2400", "1.00", "2026-10-23 08:00:02", "0.01"),
                *rows,
                wechat_paid("O2402", "1.00", "2026-11-02 08:00:02", "0.01"),
            ),
        )
        .match("2026-11-02")
    )
    assert result.found() == []
    (whole,) = [match for match in result.matched() if "sale 299.00" in match[3]]
    assert whole[0] == "proved"
    assert sorted(whole[3]) == ["fee -0.30", "fee -1.49", "payment 249.00", "payment 50.00", "sale 299.00"]


def test_25_an_order_on_three_item_rows_counts_once(tmp_path: Path) -> None:
    """The list repeats the amount of the order on each of its items."""
    items = [
        {"订单号": "Q2501", "商品": name, "付款时间": "2026-10-05 10:00:00", "订单状态": "已完成", "实付金额": "300.00"}
        for name in ("茶壶", "茶杯", "茶盘")
    ]
    result = (
        Folder(tmp_path)
        .put(
            orders=listed(*items, order("Q2502", "5.00", "2026-10-07 10:00:00")),
            bill=wechat_trade(
                wechat_paid("Q2501", "300.00", "2026-10-05 10:00:02", "1.80"),
                wechat_paid("Q2502", "5.00", "2026-10-07 10:00:02", "0.03"),
            ),
        )
        .match("2026-10-07")
    )
    assert result.found() == []
    assert ("proved", "key", "by-order-number", ["sale 300.00", "payment 300.00", "fee -1.80"]) in result.matched()


@pytest.mark.parametrize(
    ("returned", "found"),
    [("6.66", []), ("6.67", [("amount_mismatch", "-6.66", "-6.67", "-0.01", "rounding", "", "medium")])],
)
def test_26_the_last_item_takes_the_rest_of_a_discount(tmp_path: Path, returned: str, found: list[object]) -> None:
    at = "2026-10-05 10:00:02"
    items = [
        order("R2601", paid, "2026-10-05 10:00:00", 子订单号=f"R2601-{n}", 退款金额=back)
        for n, (paid, back) in enumerate([("6.67", "0.00"), ("6.67", "0.00"), ("6.66", "6.66")], start=1)
    ]
    result = (
        Folder(tmp_path)
        .put(
            orders=listed(*items, order("R2602", "5.00", "2026-10-12 10:00:00", 子订单号="R2602-1")),
            bill=wechat_trade(
                wechat_paid("R2601", "20.00", at, "0.12"),
                wechat_refunded("R2601", returned, "2026-10-06 10:00:00", "0.04", "R1", at),
                wechat_paid("R2602", "5.00", "2026-10-12 10:00:02", "0.03"),
            ),
        )
        .match("2026-10-12")
    )
    assert result.found() == found


def test_27_payout_of_812_payments(tmp_path: Path) -> None:
    rows = [
        wechat_paid(f"S{kind}{n:04}", amount, f"2026-10-14 {8 + n // 60:02}:{n % 60:02}:00", fee)
        for kind, (count, amount, fee) in enumerate(KINDS_OF_812)
        for n in range(count)
    ]
    orders = [order(r["商户订单号"], r["应结订单金额"], r["交易时间"]) for r in rows]
    result = (
        Folder(tmp_path)
        .put(
            orders=listed(*orders),
            bill=wechat_trade(*rows),
            bank=bank(
                bank_row("57462.84", "2026-10-15 07:10:00", TENPAY, "1015_1900000109"),
                edges=("2026-10-13", "2026-10-20"),
            ),
        )
        .match("2026-10-15")
    )
    assert result.found() == []
    members = [r for r in result.table("matches") if r["leg"] == "gateway-bank"]
    assert {(r["verdict"], r["basis"], r["rule"], r["residual"]) for r in members} == {
        ("proved", "structure", "by-day", "0.00")
    }
    sums = {kind: sum(cents(r["amount"]) for r in members if r["kind"] == kind) for kind in ("payment", "fee")}
    assert sums == {"payment": 5780828, "fee": -34544}
    assert len(members) == 812 * 2 + 1


def of_812(paid_out: str) -> bytes:
    """The same payments in a list with batch numbers and a payout row."""
    rows = [
        moved("支付", f"S{kind}{n:04}", amount, f"2026-10-14 {8 + n // 60:02}:{n % 60:02}:00", fee)
        for kind, (count, amount, fee) in enumerate(KINDS_OF_812)
        for n in range(count)
    ]
    return listed(*rows, moved("提现", "", paid_out, "2026-10-15 02:00:00"))


def moved(kind: str, number: str, amount: str, at: str, fee: str = "", batch: str = "B20261015") -> Cells:
    return {
        "交易时间": at, "交易类型": kind, "订单号": number, "交易流水号": f"P{number or batch}", "金额": amount,
        "手续费": fee, "结算批次号": batch,
    }  # fmt: skip


def test_28_payout_that_lacks_one_of_400_payments_generic_list(tmp_path: Path) -> None:
    """A gateway with numbered batches and payout rows, read as a generic list."""
    result = (
        Folder(tmp_path)
        .put(
            gateway=of_812("57423.18"),
            bank=bank(
                bank_row("57423.18", "2026-10-15 09:00:00", "某支付有限公司", "B20261015"),
                edges=("2026-10-13", "2026-10-20"),
            ),
        )
        .match("2026-10-20")
    )
    told = ("settlement_gap", "57462.84", "57423.18", "-39.66", "lines_missing", "", "medium")
    assert result.found("settlement_gap") == [told]
    assert result.found(leg="gateway-bank") == []  # the bank got what was paid out
    explanation = result.one("settlement_gap")["explanation"]
    assert "the gap equals one line of 39.90 less its fee 0.24: 400 could be it, none is chosen" in explanation


def test_28_a_foot_that_lacks_one_of_400_payments(tmp_path: Path) -> None:
    """Without payout rows the foot of the day is the payout, so the gap is one to the bank."""
    rows = [
        wechat_paid(f"S{kind}{n:04}", amount, f"2026-10-14 {8 + n // 60:02}:{n % 60:02}:00", fee)
        for kind, (count, amount, fee) in enumerate(KINDS_OF_812)
        for n in range(count)
    ]
    result = (
        Folder(tmp_path)
        .put(
            bill=wechat_trade(*rows),
            bank=bank(
                bank_row("57423.18", "2026-10-15 07:10:00", TENPAY, "1015_1900000109"),
                edges=("2026-10-13", "2026-10-20"),
            ),
        )
        .match("2026-10-20")
    )
    told = ("payout_mismatch", "57462.84", "57423.18", "-39.66", "lines_missing", "", "medium")
    assert result.found(leg="gateway-bank") == [told]


@pytest.mark.parametrize("method", [{}, {"支付方式": "货到付款"}], ids=["unnamed", "no other tender"])
def test_29_cash_on_delivery_generic_list(method: dict[str, str], tmp_path: Path) -> None:
    """A courier's list with the 1 % that he keeps on each row, read as a generic list: its layout comes later."""
    rows = [
        moved("支付", f"T29{n:02}", "201.00", f"2026-10-{n:02} 16:00:00", "2.01", "COD20261018") for n in range(1, 18)
    ]
    orders = [order(r["订单号"], "201.00", r["交易时间"], **method) for r in rows]
    result = (
        Folder(tmp_path)
        .put(
            orders=listed(*orders),
            courier=listed(*rows),
            bank=bank(
                bank_row("3382.83", "2026-10-18 09:00:00", "某速运有限公司", "COD20261018"),
                edges=("2026-10-01", "2026-10-20"),
            ),
        )
        .match("2026-10-20")
    )
    assert result.found() == []
    ((verdict, basis, rule, members),) = result.matched("gateway-bank")
    assert (verdict, basis, rule) == ("proved", "key", "by-number")
    assert members.count("payment 201.00") == 17
    assert members.count("fee -2.01") == 17
    assert len(result.matched()) == 17


WITHDRAWN = ("2026101500000001", "2026101500000002")


@pytest.mark.parametrize("numbered", [True, False])
def test_30_two_payouts_in_one_credit(tmp_path: Path, numbered: bool) -> None:
    memo = " ".join(WITHDRAWN) if numbered else "提现"
    result = (
        Folder(tmp_path)
        .put(
            cash=alipay_cash(
                alipay_moved("-6000.00", "2026-10-14 10:00:00", "提现", WITHDRAWN[0]),
                alipay_moved("-4000.00", "2026-10-15 10:00:00", "提现", WITHDRAWN[1]),
                first="2026-10-01",
                until="2026-11-01",
                opening="20000.00",
            ),
            bank=bank(
                bank_row("10000.00", "2026-10-16 10:00:00", ALIPAY_PAYER, memo), edges=("2026-10-01", "2026-10-30")
            ),
        )
        .match("2026-10-30")
    )
    if numbered:
        assert result.found() == []
        assert result.matched("gateway-bank") == [
            ("proved", "key", "by-number", ["payout -4000.00", "payout -6000.00", "receipt 10000.00"])
        ]
    else:
        assert [(f[0], *f[1:4], f[-1]) for f in result.found()] == [
            ("suggested", "10000.00", "10000.00", "0.00", "low")
        ]
        assert result.matched("gateway-bank") == []


def test_23_the_receivable_holds_what_others_bear(tmp_path: Path) -> None:
    """Receivable 280.00 = 200.00 of the buyer + 30.00 of the platform + 50.00 of the store balance."""
    told = {"订单金额": "300.00", "店铺优惠": "20.00", "平台优惠": "30.00", "储值支付": "50.00"}
    result = (
        Folder(tmp_path, "postings: {revenue_date: paid}\n")
        .put(
            orders=listed(order("P2301", "200.00", "2026-10-05 10:00:00", **told)),
            bill=wechat_trade(wechat_paid("P2301", "200.00", "2026-10-05 10:00:02", "1.20")),
        )
        .match("2026-10-05")
    )
    booked = result.booked("sale")
    assert sum(cents(debit) for _, debit, _ in booked if debit) == 28000


def test_28_the_hint_names_the_line_generic_list(tmp_path: Path) -> None:
    """The gap equals one payment of 39.90 net of its fee 0.24, or one such refund; 400 are counted, none chosen."""
    result = Folder(tmp_path).put(gateway=of_812("57423.18")).match("2026-10-20")
    explanation = result.one("settlement_gap")["explanation"]
    for word in ("400", "39.90", "0.24"):
        assert word in explanation


def cents(amount: str) -> int:
    """An amount of two decimals in minor units."""
    return int(amount.replace(".", ""))


def move(kind: str, number: str, amount: str, at: str, fee: str = "", **more: str) -> Cells:
    """A row of a gateway's list without a layout of its own; `more` by header."""
    told = {"Time": at, "Type": kind, "Order": number, "Transaction ID": f"P{number}{kind[:2]}", "Amount": amount}
    return told | {"Fee": fee} | more


@pytest.mark.parametrize(("taken", "received"), [("-34.17", "3382.83"), ("-34.00", "3383.00")])
def test_29_the_courier_takes_his_share_of_the_batch_generic_list(tmp_path: Path, taken: str, received: str) -> None:
    """34.17 for the whole batch, by a contract of 1 % that is told as one of the batch, by the name the list prints."""
    fees = 'fees: {"generic:3001000000001": [{detail: fee, rate: "1%", level: batch}]}\n'
    told = {"Merchant ID": "3001000000001", "批次号": "COD20261018", "Currency": "CNY"}
    rows = [move("payment", f"T29{n:02}", "201.00", f"2026-10-{n:02} 16:00:00", **told) for n in range(1, 18)]
    rows.append(move("fee", "", taken, "2026-10-17 20:00:00", **told))
    result = (
        Folder(tmp_path, fees)
        .put(
            orders=listed(*(order(r["Order"], "201.00", r["Time"], 支付方式="货到付款") for r in rows[:-1])),
            courier=listed(*rows),
            bank=bank(
                bank_row(received, "2026-10-18 09:00:00", "某速运有限公司", "COD20261018"),
                edges=("2026-10-01", "2026-10-20"),
            ),
        )
        .match("2026-10-20")
    )
    assert not any("no row shows that charge" in note for note in result.summary["notes"])
    found = [("fee_mismatch", "-34.17", "-34.00", "0.17", "", "", "medium")] if taken == "-34.00" else []
    assert result.found() == found
    assert len(result.matched()) == 17  # collected by the courier whose list is there: no other tender
    ((verdict, _, _, members),) = result.matched("gateway-bank")
    assert (verdict, members.count(f"fee {taken}")) == ("proved", 1)
