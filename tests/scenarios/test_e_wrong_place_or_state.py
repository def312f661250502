"""Scenarios E, money in the wrong place or state."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios.folder import Folder
from tests.scenarios.layouts import (
    TENPAY,
    Cells,
    alipay_cash,
    alipay_sold,
    alipay_trade,
    bank,
    bank_row,
    douyin,
    douyin_flow,
    douyin_orders,
    douyin_settled,
    icbc,
    listed,
    order,
    taobao,
    taobao_orders,
    taobao_paid,
    wechat_fund,
    wechat_paid,
    wechat_refunded,
    wechat_trade,
    wechat_withdrawn,
)


def test_38_paid_at_two_gateways(tmp_path: Path) -> None:
    result = (
        Folder(tmp_path)
        .put(
            orders=listed(
                order("H3801", "88.00", "2026-10-12 10:00:00"), order("H3802", "15.00", "2026-10-13 10:00:00")
            ),
            wechat=wechat_trade(
                wechat_paid("H3801", "88.00", "2026-10-12 10:00:02", "0.53"),
                wechat_paid("H3802", "15.00", "2026-10-13 10:00:02", "0.09"),
            ),
            alipay=alipay_trade(
                alipay_sold("H3801", "88.00", "2026-10-12 10:04:31", "-0.53"), first="2026-10-01", until="2026-11-01"
            ),
        )
        .match("2026-10-14")
    )
    assert result.found() == [("duplicate_payment", "88.00", "176.00", "88.00", "two_gateways", "", "high")]
    found = result.one("duplicate_payment")
    assert len(found["payment_ref"].split(";")) == 2
    owned = result.owned(found["break_id"])
    assert [line[1:3] for line in owned if line[1] == "payment"] == [("payment", "88.00"), ("payment", "88.00")]
    assert [line[0] for line in result.booked("duplicate_payment")] == ["wallet", "ref_pay"]


def test_39_paid_after_it_was_closed(tmp_path: Path) -> None:
    times = {"下单时间": "2026-10-09 09:45:00", "完成时间": "2026-10-09 10:00:00", "订单金额": "75.00"}
    result = (
        Folder(tmp_path)
        .put(
            orders=listed(
                order("A3901", "0.00", "", "已关闭", **times),
                order("A3902", "5.00", "2026-10-12 10:00:00", 下单时间="2026-10-12 09:58:00", 订单金额="5.00"),
            ),
            bill=wechat_trade(
                wechat_paid("A3901", "75.00", "2026-10-09 10:00:20", "0.45"),
                wechat_paid("A3902", "5.00", "2026-10-12 10:00:02", "0.03"),
            ),
        )
        .match("2026-10-12")
    )
    assert result.found() == [("status_mismatch", "0.00", "75.00", "75.00", "paid_after_close", "", "high")]
    assert [match[3] for match in result.matched()] == [["sale 5.00", "payment 5.00", "fee -0.03"]]
    assert [line[0] for line in result.booked("payment_to_return")] == ["wallet", "ref_pay"]


def test_40_shipped_and_never_paid(tmp_path: Path) -> None:
    folder = Folder(tmp_path).put(
        orders=listed(
            order("B4001", "460.00", "2026-10-12 10:00:00", "已发货", 发货时间="2026-10-12 18:00:00"),
            order("B4002", "20.00", "2026-10-12 11:00:00", "已发货", 发货时间="2026-10-13 09:00:00"),
            order("B4003", "25.00", "2026-10-14 10:00:00", "待发货"),
        ),
        bill=wechat_trade(
            wechat_paid("B4002", "20.00", "2026-10-12 11:00:02", "0.12"),
            wechat_paid("B4003", "25.00", "2026-10-14 10:00:02", "0.15"),
        ),
    )
    early = folder.match("2026-10-12", out="early")
    assert early.found() == []
    assert [(line[:4]) for line in early.waiting()] == [("sale", "460.00", "inside the window", "2026-10-13")]
    late = folder.match("2026-10-14")
    assert late.found() == [("missing_payment", "460.00", "0.00", "-460.00", "", "", "high")]
    assert late.waiting() == []


def test_41_the_money_of_another_shop(tmp_path: Path) -> None:
    shops = 'shops:\n  甲店: {accounts: ["wechatpay:1900000109"]}\n  乙店: {accounts: ["wechatpay:1900000222"]}\n'
    theirs = {"商户号": "1900000222"}
    result = (
        Folder(tmp_path, shops)
        .put(
            orders=listed(
                order("A4101", "320.00", "2026-10-12 10:00:00", 店铺="甲店"),
                order("A4102", "20.00", "2026-10-14 10:00:00", 店铺="甲店"),
                order("B4101", "30.00", "2026-10-14 10:00:00", 店铺="乙店"),
            ),
            ours=wechat_trade(wechat_paid("A4102", "20.00", "2026-10-14 10:00:02", "0.12")),
            theirs=wechat_trade(
                wechat_paid("A4101", "320.00", "2026-10-12 10:00:02", "1.92", **theirs),
                wechat_paid("B4101", "30.00", "2026-10-14 10:00:02", "0.18", **theirs),
            ),
        )
        .match("2026-10-14")
    )
    symptoms = "unknown_payment;missing_payment"
    assert result.found() == [("wrong_account", "320.00", "0.00", "-320.00", "", symptoms, "high")]


def test_42_a_withdrawal_that_comes_back_several_nights(tmp_path: Path) -> None:
    moves = [
        wechat_withdrawn("20000.00", "2026-11-05 10:00:00", "10100000012026110500000001"),
        wechat_withdrawn("-20000.00", "2026-11-12 09:00:00", "10100000012026110500000001"),
        wechat_withdrawn("20000.00", "2026-11-13 10:00:00", "10100000012026111300000002"),
    ]
    lines = [
        bank_row("-1.00", "2026-11-04 16:40:00", memo="账户管理费", purpose="手续费"),
        bank_row("-1.00", "2026-11-10 16:40:00", memo="账户管理费", purpose="手续费"),
        bank_row("-1.00", "2026-11-11 16:40:00", memo="账户管理费", purpose="手续费"),
        bank_row("20000.00", "2026-11-16 10:20:00", TENPAY, "提现", "微信支付提现"),
    ]
    balances = ["99999.00", "99998.00", "99997.00", "119997.00"]
    missing = [("missing_payout", "20000.00", "0.00", "-20000.00", "", "", "medium")]
    expected = {"2026-11-09": [], "2026-11-10": missing, "2026-11-11": missing, "2026-11-12": [], "2026-11-16": []}
    folder = Folder(tmp_path)
    for night, found in expected.items():
        known = [row for row in moves if row["记账时间"][:10] <= night]
        count = sum(row["交易日期"] <= night for row in lines)
        folder.put(
            fund=wechat_fund(*known, opening="25000.00"), historydetail=icbc(*lines[:count], balances=balances[:count])
        )
        result = folder.match(night)
        assert result.found() == found, night
    assert result.matched("gateway-bank") == [
        ("proved", "key", "returned_payout", ["payout -20000.00", "payout 20000.00"]),
        ("proved", "unique", "by-payer-and-amount", ["payout -20000.00", "receipt 20000.00"]),
    ]
    single = Folder(tmp_path / "single", files=folder.files).match("2026-11-16")
    for name in ("breaks", "matches", "in_transit", "excluded", "vouchers"):
        assert single.table(name) == result.table(name), name


def test_43_a_day_below_zero_is_carried_on(tmp_path: Path) -> None:
    folder = Folder(tmp_path).put(
        bill=wechat_trade(
            wechat_paid("D4301", "120.00", "2026-10-14 10:00:02", "0.72"),
            wechat_refunded("D4300", "500.00", "2026-10-14 11:00:00", "3.00", "R1", "2026-10-01 10:00:00"),
            wechat_paid("D4302", "1000.00", "2026-10-15 10:00:02", "6.00"),
        ),
        bank=bank(
            bank_row("616.28", "2026-10-16 07:10:00", TENPAY, "1016_1900000109", "汇兑"),
            edges=("2026-10-13", "2026-10-20"),
        ),
    )
    day_2 = folder.match("2026-10-15", out="early")
    assert day_2.found(leg="gateway-bank") == []  # day 1 has no payout, and needs none
    result = folder.match("2026-10-20")
    assert result.found(leg="gateway-bank") == []
    ((verdict, basis, rule, members),) = result.matched("gateway-bank")
    assert (verdict, basis, rule) == ("proved", "structure", "by-day")
    assert "receipt 616.28" in members
    assert "refund -500.00" in members


def test_44_a_settlement_below_zero_is_charged_to_the_card_generic_list(tmp_path: Path) -> None:
    """Amazon, read as a generic list: its own layout comes with the channel."""
    cad = {"Currency": "CAD", "Settlement ID": "12345678901"}
    later = {"Currency": "CAD", "Settlement ID": "12345678902"}
    lines = [bank_row("-62.31", "2026-10-14 10:00:00", "AMAZON", "12345678901")]
    result = (
        Folder(tmp_path)
        .put(
            amazon=listed(
                move("fee", "", "-62.31", "2026-10-10 10:00:00", **cad),
                move("Successful charge", "", "62.31", "2026-10-14 10:00:00", **later),
            ),
            bank=listed(*(r | {"币种": "CAD", "账户余额": "1000.00"} for r in lines)),
        )
        .match("2026-10-31")
    )
    assert result.found() == []
    members = [m for match in result.matched("gateway-bank") for m in match[3]]
    assert "disbursement -62.31" in members


def test_46_platform_coupon_settled_short(tmp_path: Path) -> None:
    number = "6945000000000004601"
    parts = {"订单实付应结": "89.00", "实际平台补贴": "8.00", "平台服务费": "-4.85"}
    result = (
        Folder(tmp_path)
        .put(
            orders=douyin_orders(
                douyin(number, "89.00", "2026-10-01 10:00:00", "2026-10-05 12:00:00", 平台实际承担优惠金额="10.00")
            ),
            moves=douyin_flow(douyin_settled(number, "2026-10-10 11:00:00", **parts)),
        )
        .match("2026-10-15")
    )
    assert result.found() == [("subsidy_mismatch", "10.00", "8.00", "-2.00", "subsidy_short", "", "medium")]


def test_47_freight_insurance_without_numbers(tmp_path: Path) -> None:
    number = "4026900000000004701"
    numberless = {"商户订单号": "", "业务基础订单号": ""}
    insured = [
        taobao_paid(number, "-0.58", f"2026-10-15 {8 + n // 60:02}:{n % 60:02}:00", "0050005|运费险", **numberless)
        for n in range(214)
    ]
    result = (
        Folder(tmp_path, "postings: {details: {运费险: fins}}\n")
        .put(
            orders=taobao_orders(taobao(number, "88.00", "2026-10-03 11:00:00", "2026-10-08 09:30:00")),
            cash=alipay_cash(
                taobao_paid(number, "88.00", "2026-10-08 09:30:20"), *insured, first="2026-10-01", until="2026-11-01"
            ),
        )
        .match("2026-10-31")
    )
    assert result.found() == []
    assert result.excluded().count(("commission", "-0.58", "no reference")) == 214
    booked = [(r["date"], r["debit"]) for r in result.table("vouchers") if r["role"] == "fins"]
    assert booked == [("2026-10-15", "124.12")]


def move(kind: str, number: str, amount: str, at: str, fee: str = "", **more: str) -> Cells:
    """A row of a gateway's list without a layout of its own; `more` by header."""
    told = {"Time": at, "Type": kind, "Order": number, "Transaction ID": f"P{number}{kind[:2]}", "Amount": amount}
    return told | {"Fee": fee} | more


def test_40_the_finding_says_that_it_was_shipped(tmp_path: Path) -> None:
    result = (
        Folder(tmp_path)
        .put(
            orders=listed(
                order("B4001", "460.00", "2026-10-12 10:00:00", "已发货", 发货时间="2026-10-12 18:00:00"),
                order("B4003", "25.00", "2026-10-14 10:00:00", "待发货"),
            ),
            bill=wechat_trade(
                wechat_paid("B4000", "1.00", "2026-10-12 09:00:00", "0.01"),
                wechat_paid("B4003", "25.00", "2026-10-14 10:00:02", "0.15"),
            ),
        )
        .match("2026-10-14")
    )
    assert "shipped" in result.one("missing_payment")["explanation"]


def test_48_a_brushing_order_is_no_revenue(tmp_path: Path) -> None:
    """The order is tagged: its cash is proved, its revenue is left out and shown."""
    result = (
        Folder(tmp_path, "postings: {revenue_date: paid}\n")
        .put(
            orders=listed(order("X4801", "199.00", "2026-10-05 10:00:00", 标签="刷单")),
            bill=wechat_trade(wechat_paid("X4801", "199.00", "2026-10-05 10:00:02", "1.19")),
        )
        .match("2026-10-05")
    )
    assert result.found() == []
    assert [match[0] for match in result.matched()] == ["proved"]
    lines = result.table("vouchers")
    assert [r for r in lines if r["role"] == "rev"] == []
    assert [r["credit"] for r in lines if r["role"] == "fake"] == ["199.00"]


@pytest.mark.parametrize("won", [False, True])
def test_49_a_chargeback_open_and_won_generic_list(tmp_path: Path, won: bool) -> None:
    rows = [
        move("charge", "C4901", "120.00", "2026-10-01 10:00:00", "3.78", Currency="USD"),
        move("chargeback", "C4901", "-120.00", "2026-10-20 10:00:00", "15.00", Currency="USD"),
    ]
    if won:
        rows.append(move("chargeback reversal", "C4901", "120.00", "2026-11-10 10:00:00", Currency="USD"))
    result = (
        Folder(tmp_path)
        .put(
            orders=listed(order("C4901", "120.00", "2026-10-01 09:59:00", "shipped", Currency="USD")),
            gateway=listed(*rows),
        )
        .match("2026-11-15")
    )
    if won:
        assert result.found() == []
        return
    ((code, expected, actual, difference, *_, severity),) = result.found()
    assert (code, expected, actual, difference) == ("chargeback", "0.00", "-135.00", "-135.00")
    assert severity == "medium"
    found = result.one("chargeback")
    assert ("gateway", "payment", "120.00", "C4901") in result.linked(found["break_id"])
    assert ("gateway", "fee", "-3.78", "C4901") not in result.owned(found["break_id"])


def test_50_the_bank_converts_at_another_rate_generic_list(tmp_path: Path) -> None:
    (tmp_path / "rates.csv").write_text("date,currency,rate,source\n2026-10-10,USD,7.1000,book\n", encoding="utf-8")
    told = {"Currency": "USD", "批次号": "PO20261010"}
    result = (
        Folder(tmp_path)
        .put(
            gateway=listed(
                move("charge", "D5001", "85.00", "2026-10-09 10:00:00", "1.87", **told),
                move("payout", "", "-83.13", "2026-10-10 10:00:00", **told),
            ),
            bank=bank(
                bank_row("588.98", "2026-10-12 10:00:00", "PAYCO", "PO20261010"), edges=("2026-10-01", "2026-10-20")
            ),
        )
        .match("2026-10-20")
    )
    found = [f for f in result.found(leg="gateway-bank") if f[-1] != "info"]
    assert [(f[0], f[1], f[2], f[3], f[-1]) for f in found] == [("fx_difference", "590.22", "588.98", "-1.24", "low")]


def test_45_a_reserve_is_held_and_released_generic_list(tmp_path: Path) -> None:
    """1,000.00 settled, 100.00 held for 30 days: no gap; the held money is shown with its age until it comes."""
    told = {"Currency": "CNY"}
    rows = [
        move("payment", "R4501", "1000.00", "2026-10-01 10:00:00", 批次号="B20261001", **told),
        move("reserve", "", "-100.00", "2026-10-01 11:00:00", 批次号="B20261001", **told),
        move("payout", "", "-900.00", "2026-10-01 12:00:00", 批次号="B20261001", **told),
        move("reserve", "", "100.00", "2026-10-31 11:00:00", 批次号="B20261031", **told),
        move("payout", "", "-100.00", "2026-10-31 12:00:00", 批次号="B20261031", **told),
    ]
    folder = Folder(tmp_path).put(gateway=listed(*rows))
    early = folder.match("2026-10-20", out="held")
    assert early.found("settlement_gap") == []
    assert [match[0] for match in early.matched("payout")] == ["proved"]
    (held,) = early.summary["held"]
    assert (held["amount"], held["since"], held["age_days"]) == ("100.00", "2026-10-01", 19)
    assert early.booked("reserve") == [("reserve", "100.00", ""), ("wallet", "", "100.00")]
    released = folder.match("2026-10-31")
    assert released.found("settlement_gap") == []
    assert released.summary["held"] == []
    assert sum(cents(debit or "0") - cents(credit or "0") for _, debit, credit in released.booked("reserve")) == 0


def cents(amount: str) -> int:
    """An amount of two decimals in minor units."""
    return int(amount.replace(".", ""))
