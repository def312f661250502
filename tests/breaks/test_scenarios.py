"""Scenarios that a good system must get right, as small ledgers with the figures computed by hand."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from recon.fees import Rule
from tests.breaks.ledgers import File, breaks, brief, excluded, findings, run, waiting

WECHAT = {"wechatpay:1900000109": [Rule("手续费", Fraction("0.006"), on_refund="returned")]}
TMALL = {"alipay:2088000000000001": [Rule("基础软件服务费", Fraction("0.006"), "commission", on_refund="kept")]}
ALIPAY, TENPAY = "支付宝（中国）网络技术有限公司", "财付通支付科技有限公司"
OCTOBER = {"first": "2026-10-01", "last": "2026-10-31"}
AUTUMN = {"first": "2026-10-01", "last": "2026-12-31"}


def orders(*rows, channel="shop.orders", first="2026-10-01", last="2026-11-30", **fields):
    """An order list that covers first..last by two orders nobody looks at."""
    file = File(channel, name=f"{channel}.csv")
    for number, day in (("EDGE1", first), ("EDGE2", last)):
        file.order(number, "0.00", day, state="closed", shop="S")
    for row in rows:
        file.order(*row, shop="S", **fields)
    return file


def test_01_paid_two_seconds_before_midnight():
    listed = orders(("A", "128.00", "2026-10-31 23:59:58"), last="2026-11-02")
    money = File("wechatpay.trade", first="2026-10-01", last="2026-11-01")
    money.payment("A", "128.00", "2026-11-01 00:00:03", fee="-0.77")
    before = run(listed, money, as_of="2026-10-31")
    assert findings(before) == []
    assert waiting(before, "order-gateway") == [("sale", "128.00", "inside the window", "cleared on 2026-11-01")]
    after = run(listed, money, as_of="2026-11-01")
    assert brief(after) == [("cutoff", "128.00", "128.00", "day_cut", None, "info")]
    assert "2026-10" in findings(after)[0]["explanation"]


def test_02_created_before_the_year_ends_paid_after():
    listed = orders(("B", "59.00", "2027-01-01 00:10:00"), first="2026-12-01", last="2027-01-05")
    money = File("wechatpay.trade", first="2026-12-01", last="2027-01-05").payment("B", "59.00", "2027-01-01 00:10:02")
    assert findings(run(listed, money, as_of="2027-01-01")) == []


def test_03_clearing_day_ends_at_23():
    money = File("wechatpay.trade", **OCTOBER)
    money.payment(None, "200.00", "2026-10-14 22:59:59", fee="-1.20", payment_ref="T0000001")
    money.payment(None, "300.00", "2026-10-14 23:00:00", fee="-1.80", payment_ref="T0000002")
    for row in money.rows[2:]:
        row["value_date"] = row["value_date"].replace(day=15)  # the bill prints the clearing day
    bank = File("bank", **OCTOBER)
    bank.row("receipt", "198.80", "2026-10-15 09:00:00", counterparty=TENPAY, memo="货款")
    bank.row("receipt", "298.20", "2026-10-16 09:00:00", counterparty=TENPAY, memo="货款")
    result = run(money, bank, as_of="2026-10-31")
    assert breaks(result, "gateway-bank") == []
    assert sorted(result.matches["verdict"][result.matches["leg"] == "gateway-bank"]) == ["proved", "proved"]


def test_07_payments_before_their_order_file():
    money = File("wechatpay.trade", first="2026-11-01", last="2026-11-05").payment("C2", "66.00", "2026-11-03 10:00:00")
    early = orders(("C1", "0.00", "2026-11-01 10:00:00"), first="2026-10-30", last="2026-11-02", state="closed")
    for as_of in ("2026-11-03", "2026-11-04", "2026-11-05"):
        result = run(early, money, as_of=as_of)
        assert breaks(result) == []
        reason = "inside the window" if as_of == "2026-11-03" else "beyond the files"
        assert waiting(result, "order-gateway") == [("payment", "66.00", reason, "0–1 days after payment")]
    later = orders(("C2", "66.00", "2026-11-03 09:59:00"), first="2026-11-03", last="2026-11-05")
    later.name = "later.csv"
    assert breaks(run(early, later, money, as_of="2026-11-05")) == []


def test_08_two_refunds_give_their_fees_back():
    listed = orders(("D", "259.00", "2026-10-05"), refund="-159.00", state="completed")
    money = File("wechatpay.trade", **AUTUMN).payment("D", "259.00", "2026-10-05 12:00:01", fee="-1.55")
    money.refund("D", "-59.00", "2026-10-06", fee="0.35", refund_ref="R1")
    money.refund("D", "-100.00", "2026-10-07", fee="0.60", refund_ref="R2")
    result = run(listed, money, as_of="2026-11-20", contracts=WECHAT)
    assert findings(result) == []
    assert excluded(result, "order-gateway") == [("sale", "0.00", "after as_of"), ("sale", "0.00", "unpaid")]


def test_09_coupon_money_is_not_the_buyers():
    listed = orders(("E", "99.00", "2026-10-05"), refund="-66.33", state="completed")
    money = File("wechatpay.trade", **AUTUMN)
    money.payment("E", "90.00", "2026-10-05 12:00:01", order_amount="99.00")
    money.refund("E", "-30.00", "2026-10-06", order_amount="-33.00", refund_ref="R1")
    money.refund("E", "-30.30", "2026-10-06 13:00:00", order_amount="-33.33", refund_ref="R2")
    result = run(listed, money, as_of="2026-11-20")
    assert findings(result) == []
    assert set(result.matches["rule"][result.matches["leg"] == "order-gateway"]) == {"before-coupons"}


def test_10_refund_in_process_counts_on_its_day():
    listed = orders(("F", "20.00", "2026-11-08"), refund="-20.00", state="completed", refunded_at="2026-11-09")
    money = File("wechatpay.trade", **AUTUMN).payment("F", "20.00", "2026-11-08 12:00:01")
    money.refund("F", "-20.00", "2026-11-09 09:00:00", status="PROCESSING", refund_ref="R1")
    assert findings(run(listed, money, as_of="2026-11-20")) == []


@pytest.mark.parametrize("returned", [("0.07", "0.06", "0.07"), ("0.07", "0.07", "0.06")])
def test_11_thirds_of_a_fee(returned):
    listed = orders(("G", "33.33", "2026-10-05"), refund="-33.33", state="completed")
    money = File("wechatpay.trade", **AUTUMN).payment("G", "33.33", "2026-10-05 12:00:01", fee="-0.20")
    for number, fee in enumerate(returned):
        money.refund("G", "-11.11", f"2026-10-06 1{number}:00:00", fee=fee, refund_ref=f"R{number}")
    assert findings(run(listed, money, as_of="2026-11-20", contracts=WECHAT)) == []


def test_12_fee_kept_is_right_on_tmall_and_wrong_on_wechat():
    tmall = orders(channel="taobao.orders")
    tmall.order("4026900000000000299", "299.00", "2026-10-05", confirmed_at="2026-10-08", state="completed", shop="S",
                released="299.00", refund="-299.00", after_sale="full")  # fmt: skip
    alipay = File("alipay.cash", **AUTUMN)
    alipay.payment("4026900000000000299", "299.00", "2026-10-08", fee="-1.79", fee_kind="commission",
                   fee_detail="基础软件服务费")  # fmt: skip
    alipay.refund("4026900000000000299", "-299.00", "2026-10-09")
    assert findings(run(tmall, alipay, as_of="2026-11-20", contracts=TMALL)) == []
    own = orders(("H", "299.00", "2026-10-05"), refund="-299.00", state="completed")
    wechat = File("wechatpay.trade", **AUTUMN).payment("H", "299.00", "2026-10-05 12:00:01", fee="-1.79")
    wechat.refund("H", "-299.00", "2026-10-06", refund_ref="R1")
    result = run(own, wechat, as_of="2026-10-30", contracts=WECHAT)
    assert brief(result) == [("fee_mismatch", "0.00", "-1.79", "fee_kept", None, "medium")]


def test_13_refunded_before_receipt():
    tmall = orders(channel="taobao.orders")
    tmall.order("4026900000000000189", "189.00", "2026-10-05", state="closed", shop="S", released="0.00",
                refund="-189.00", after_sale="full")  # fmt: skip
    wallet = File("alipay.cash", **AUTUMN).row("payout", "-1.00", "2026-10-09", payment_ref="W20261009")
    result = run(tmall, wallet, as_of="2026-11-20")
    assert breaks(result) == []
    assert "refunded_before_receipt" in set(result.matches["rule"])


def test_16_refunded_twice_is_one_finding():
    listed = orders(("J", "80.00", "2026-10-25"), refund="-80.00", state="completed")
    money = File("wechatpay.trade", **OCTOBER).payment("J", "80.00", "2026-10-25 12:00:01")
    money.refund("J", "-80.00", "2026-10-26", refund_ref="R1").refund("J", "-80.00", "2026-10-27", refund_ref="R2")
    result = run(listed, money, as_of="2026-10-31")
    assert brief(result) == [("duplicate_refund", "-80.00", "-160.00", None, "excess_refund", "high")]
    found = findings(result)[0]
    assert (found["refund_ref"], found["order_ref"]) == ("R1;R2", "J")
    assert found["reach_amount"] == 8000 + 16000  # the payment is shown, the refunds are owned


def test_17_goodwill_on_top_of_a_refund():
    listed = orders(("K", "50.00", "2026-10-25"), refund="-50.00", state="completed")
    money = File("wechatpay.trade", **OCTOBER).payment("K", "50.00", "2026-10-25 12:00:01")
    money.refund("K", "-50.00", "2026-10-26", refund_ref="R1").refund("K", "-5.00", "2026-10-27", refund_ref="R2")
    result = run(listed, money, as_of="2026-10-31")
    assert brief(result) == [("excess_refund", "-50.00", "-55.00", "compensation", None, "high")]


def test_18_refund_of_an_order_before_the_files():
    listed = orders(("L20261010", "10.00", "2026-10-10"), ("L20261020", "10.00", "2026-10-20"), state="closed")
    for row in listed.rows:
        row["amount"] = 0
    money = File("wechatpay.trade", **OCTOBER).refund("L20260912", "-120.00", "2026-10-20", refund_ref="R1")
    result = run(listed, money, as_of="2026-10-31")
    assert brief(result) == [("unknown_refund", "0.00", "-120.00", "before_first_file", None, "low")]
    assert findings(result)[0]["explanation"].endswith("; the order files start on 2026-10-01")


def test_19_affiliate_fee_posted_weeks_later():
    tmall = orders(channel="taobao.orders")
    tmall.order("4026900000000000019", "300.00", "2026-10-01", confirmed_at="2026-10-05", state="completed", shop="S",
                released="300.00")  # fmt: skip
    money = File("alipay.cash", **AUTUMN).payment("4026900000000000019", "300.00", "2026-10-05 12:00:09")
    money.row("commission", "-18.00", "2026-10-31", order_ref="4026900000000000019", detail="淘宝客佣金")
    for as_of in ("2026-10-20", "2026-10-31"):
        assert findings(run(tmall, money, as_of=as_of)) == []


def test_20_rate_that_moves_is_one_finding():
    listed, money = orders(last="2026-12-31"), File("wechatpay.trade", **AUTUMN)
    for day in range(1, 31):
        for hour in (9, 17):
            number, rate = f"M{day:02}{hour:02}", "-0.36" if day < 16 else "-0.32"
            listed.order(number, "60.00", f"2026-11-{day:02} {hour:02}:00:00", shop="S")
            money.payment(number, "60.00", f"2026-11-{day:02} {hour:02}:00:01", fee=rate)
    dated = [
        Rule("手续费", Fraction("0.006"), until=date(2026, 11, 15)),
        Rule("手续费", Fraction("0.0054"), since=date(2026, 11, 16)),
    ]
    assert breaks(run(listed, money, as_of="2026-12-05", contracts={"wechatpay:1900000109": dated})) == []
    result = run(listed, money, as_of="2026-12-05")
    assert brief(result) == [("fee_mismatch", "-10.80", "-9.60", "rate_moved", None, "medium")]
    assert "2026-11-16" in findings(result)[0]["explanation"]


def test_21_half_a_fen_goes_up():
    listed = orders(("N", "12.50", "2026-10-05"))
    money = File("wechatpay.trade", **AUTUMN).payment("N", "12.50", "2026-10-05 12:00:01", fee="-0.08")
    assert findings(run(listed, money, as_of="2026-11-20", contracts=WECHAT)) == []
    money = File("wechatpay.trade", **AUTUMN).payment("N", "12.50", "2026-10-05 12:00:01", fee="-0.07")
    result = run(listed, money, as_of="2026-10-20", contracts=WECHAT)
    assert brief(result) == [("fee_mismatch", "-0.08", "-0.07", None, None, "medium")]
    assert findings(result)[0]["difference"] == 1  # a fee lower than agreed is positive


def test_24_deposit_and_rest_are_one_order():
    listed = orders(("O", "299.00", "2026-10-31"))
    money = File("wechatpay.trade", **AUTUMN)
    money.payment("O", "50.00", "2026-10-24", payment_ref="P1").payment("O", "249.00", "2026-10-31", payment_ref="P2")
    assert findings(run(listed, money, as_of="2026-11-20")) == []


def test_24_only_the_deposit_came():
    listed = orders(("O", "299.00", "2026-10-31"), last="2026-11-10")
    money = File("wechatpay.trade", **AUTUMN).payment("O", "50.00", "2026-10-24", memo="定金")
    early = run(listed, money, as_of="2026-10-31")
    assert waiting(early, "order-gateway") == [
        ("payment", "50.00", "part paid", "0–1 days after payment"),
        ("sale", "299.00", "part paid", "0–1 days after payment"),
    ]  # fmt: skip
    late = run(listed, money, as_of="2026-11-01")
    assert brief(late) == [("amount_mismatch", "299.00", "50.00", "presale_two_payments", None, "medium")]


@pytest.mark.parametrize(("received", "codes"), [(2, []), (1, ["ambiguous"])])
def test_31_and_32_equal_payouts(received, codes):
    wallet = File("alipay.cash", **AUTUMN)
    for hour in range(10, 12):
        wallet.row("payout", "-199.00", f"2026-10-15 {hour}:00:00", payment_ref=f"2026101500000{hour}")
    bank = File("bank", **AUTUMN)
    for hour in range(received):
        bank.row("receipt", "199.00", f"2026-10-16 1{hour}:00:00", counterparty=ALIPAY, memo="提现")
    result = run(wallet, bank, as_of="2026-11-20")
    assert [f["code"] for f in breaks(result)] == codes
    if received == 2:
        assert set(result.matches["verdict"]) == {"pool"}


def test_32_one_of_three_is_unpaid_and_nobody_knows_which():
    wallet, bank = File("alipay.cash", **OCTOBER), File("bank", **OCTOBER)
    for hour in range(3):
        wallet.row("payout", "-199.00", f"2026-10-19 1{hour}:00:00", payment_ref=f"20261019000001{hour}")
    for hour in range(2):
        bank.row("receipt", "199.00", f"2026-10-20 1{hour}:00:00", counterparty=ALIPAY, memo="提现")
    result = run(wallet, bank, as_of="2026-10-31")
    assert brief(result) == [("ambiguous", "597.00", "398.00", "equal_amounts", None, "medium")]
    assert findings(result)[0]["reach_rows"] == 5


def test_33_overlapping_files_keep_equal_rows():
    both = [(f"Z{n:04}", f"{n + 1}.00", "2026-11-09 10:00:00") for n in range(370)]
    twins = [(None, "9.90", "2026-11-08 08:00:00")] * 2
    first = File("wechatpay.trade", name="a.csv", first="2026-11-01", last="2026-11-10")
    second = File("wechatpay.trade", name="b.csv", first="2026-11-08", last="2026-11-15")
    for row in [*((f"A{n:04}", "7.00", "2026-11-02 10:00:00") for n in range(868)), *both, *twins]:
        first.payment(*row)
    for row in [*both, *twins, *((f"B{n:04}", "8.00", "2026-11-12 10:00:00") for n in range(538))]:
        second.payment(*row)
    assert (len(first.rows), len(second.rows)) == (1240, 910)
    result = run(first, second, as_of="2026-11-15")
    assert len(result.entries) == 1778
    assert int((result.entries["amount"] == 990).sum()) == 2
    assert {s.file: (s.booked_rows, s.repeated) for s in result.statements} == {"a.csv": (1240, 0), "b.csv": (538, 372)}


def test_36_the_same_number_at_two_platforms():
    taobao = orders(channel="taobao.orders")
    taobao.order("1008600000", "10.00", "2026-10-05", confirmed_at="2026-10-08", state="completed", shop="S",
                 released="10.00")  # fmt: skip
    douyin = orders(channel="douyin.orders")
    douyin.order("1008600000", "20.00", "2026-10-05", sub_ref="1008600000", confirmed_at="2026-10-08", shop="D",
                 state="completed")  # fmt: skip
    alipay = File("alipay.cash", **AUTUMN).payment("1008600000", "10.00", "2026-10-08")
    wallet = File("douyin.flow", **AUTUMN).payment("1008600000", "20.00", "2026-10-14", sub_ref="1008600000")
    result = run(taobao, douyin, alipay, wallet, as_of="2026-11-25")
    assert breaks(result) == []
    assert len(result.matches) == 2


def test_38_paid_at_two_gateways():
    listed = orders(("Q", "88.00", "2026-10-25"), last="2026-10-30")
    wechat = File("wechatpay.trade", **OCTOBER).payment("Q", "88.00", "2026-10-25 12:00:01", fee="-0.53")
    alipay = File("alipay.cash", **OCTOBER).payment("Q", "88.00", "2026-10-25 12:00:09", fee="-0.53", payment_ref="X")
    result = run(listed, wechat, alipay, as_of="2026-10-30")
    assert brief(result) == [("duplicate_payment", "88.00", "176.00", "two_gateways", None, "high")]
    found = findings(result)[0]
    assert (found["payment_ref"], found["reach_amount"], found["channel"]) == ("PQ;X", 17600, "alipay.cash")


def test_39_paid_after_it_was_closed():
    listed = orders(last="2026-10-30")
    listed.order("T", "0.00", "2026-10-25 09:30:00", state="closed", order_amount="75.00", paid_at=None, shop="S",
                 confirmed_at="2026-10-25 10:00:00")  # fmt: skip
    money = File("wechatpay.trade", **OCTOBER).payment("T", "75.00", "2026-10-25 10:00:20")
    result = run(listed, money, as_of="2026-10-30")
    assert brief(result) == [("status_mismatch", "0.00", "75.00", "paid_after_close", None, "high")]


def test_39_closed_and_paid_twice():
    listed = orders(last="2026-10-30")
    listed.order("T", "0.00", "2026-10-25 09:30:00", state="closed", order_amount="75.00", paid_at=None, shop="S")
    money = File("wechatpay.trade", **OCTOBER).payment("T", "75.00", "2026-10-25 10:00:20", fee="-0.45")
    money.payment("T", "75.00", "2026-10-25 13:00:20", fee="-0.45", payment_ref="P2")
    result = run(listed, money, as_of="2026-10-30")
    assert brief(result) == [
        ("duplicate_payment", "75.00", "150.00", None, None, "high"),
        ("status_mismatch", "0.00", "75.00", None, None, "high"),
    ]
    assert sum(f["difference"] for f in findings(result)) == 15000
    owned = result.finding_rows[result.finding_rows["owned"]]
    assert sorted(owned.groupby("finding")["row"].count()) == [2, 3]


def test_40_shipped_and_never_paid():
    listed = orders(("U", "460.00", "2026-10-25"), state="shipped", shipped_at="2026-10-26", last="2026-10-30")
    money = File("wechatpay.trade", **OCTOBER).payment("EDGE", "1.00", "2026-10-30")
    result = run(listed, money, as_of="2026-10-27")
    assert brief(result) == [("missing_payment", "460.00", "0.00", None, None, "high")]
    early = run(listed, money, as_of="2026-10-25")
    assert waiting(early, "order-gateway") == [("sale", "460.00", "inside the window", "0–1 days after payment")]


def test_41_the_money_of_another_shop():
    listed, ours = orders(last="2026-10-30"), File("wechatpay.trade", "1900000109", **OCTOBER)
    theirs = File("wechatpay.trade", "1900000222", **OCTOBER)
    for n in range(20):
        listed.order(f"A{n}", "10.00", "2026-10-20", shop="A").order(f"B{n}", "10.00", "2026-10-20", shop="B")
        ours.payment(f"A{n}", "10.00", "2026-10-20")
        theirs.payment(f"B{n}", "10.00", "2026-10-20")
    listed.order("A99", "320.00", "2026-10-20", shop="A")
    theirs.payment("A99", "320.00", "2026-10-20")
    result = run(listed, ours, theirs, as_of="2026-10-30")
    expected = ("wrong_account", "320.00", "0.00", None, "unknown_payment;missing_payment", "high")
    assert [b for b in brief(result) if b[0] != "missing_payout"] == [expected]


def test_42_a_withdrawal_that_comes_back():
    wallet = File("alipay.cash", first="2026-11-01", last="2026-11-30")
    wallet.row("payout", "-20000.00", "2026-11-05 10:00:00", payment_ref="W20261105")
    wallet.row("payout", "20000.00", "2026-11-12 10:00:00", payment_ref="W20261105")
    wallet.row("payout", "-20000.00", "2026-11-13 10:00:00", payment_ref="W20261113")
    bank = File("bank", first="2026-11-01", last="2026-11-30")
    bank.row("receipt", "20000.00", "2026-11-16 10:00:00", counterparty=ALIPAY, memo="提现")
    missing = [("missing_payout", "20000.00", "0.00", None, None, "medium")]
    by_day = {"2026-11-09": [], "2026-11-10": missing, "2026-11-11": missing, "2026-11-12": [], "2026-11-20": []}
    for as_of, expected in by_day.items():
        result = run(wallet, bank, as_of=as_of)
        assert [b for b in brief(result) if b[-1] != "info"] == expected, as_of
    assert set(run(wallet, bank, as_of="2026-11-20").matches["rule"]) == {"returned_payout", "by-payer-and-amount"}


def test_43_a_day_below_zero_is_carried_on():
    money = File("wechatpay.trade", **OCTOBER).payment(None, "120.00", "2026-10-14", fee="-0.72", payment_ref="P1")
    money.refund(None, "-500.00", "2026-10-14", fee="3.00", payment_ref="P0", refund_ref="R0")
    money.payment(None, "1000.00", "2026-10-15", fee="-6.00", payment_ref="P2")
    bank = File("bank", **OCTOBER)
    bank.row("receipt", "616.28", "2026-10-16 09:00:00", counterparty=TENPAY, memo="1016_1900000109")
    result = run(money, bank, as_of="2026-10-31")
    assert breaks(result, "gateway-bank") == []
    day_1 = run(money, bank, as_of="2026-10-14")
    assert {reason for _, _, reason, _ in waiting(day_1, "gateway-bank")} == {"not due"}


def test_46_platform_coupon_settled_short():
    listed = orders(channel="douyin.orders")
    listed.order("7000000000000001", "90.00", "2026-10-01", sub_ref="7000000000000001", confirmed_at="2026-10-05",
                 state="completed", shop="S")  # fmt: skip
    fields = {"order_ref": "7000000000000001", "sub_ref": "7000000000000001", "shop": "S", "state": "completed"}
    listed.row("subsidy", "10.00", "2026-10-01", detail="平台补贴", row=listed.rows[-1]["source_row"], **fields)
    money = File("douyin.flow", **OCTOBER)
    money.payment("7000000000000001", "90.00", "2026-10-12", sub_ref="7000000000000001")
    money.row("subsidy", "8.00", "2026-10-12", order_ref="7000000000000001", sub_ref="7000000000000001",
              row=money.rows[-1]["source_row"])  # fmt: skip
    result = run(listed, money, as_of="2026-10-31")
    assert brief(result) == [("subsidy_mismatch", "10.00", "8.00", "subsidy_short", None, "medium")]


def test_47_freight_insurance_without_numbers():
    money = File("alipay.cash", **OCTOBER)
    for _ in range(214):
        money.row("commission", "-0.58", "2026-10-15", detail="运费险")
    result = run(orders(channel="taobao.orders"), money, as_of="2026-10-31")
    assert breaks(result) == []
    told = excluded(result, "order-gateway")
    assert told.count(("commission", "-0.58", "no reference")) == 214


def test_51_a_footer_that_does_not_agree():
    listed = orders(("V", "68.90", "2026-10-10"), last="2026-10-30")
    money = File("wechatpay.trade", **OCTOBER).payment("W", "1.00", "2026-10-10")
    money.problem("control_total", "38114.50", "38045.60", "file_cut")
    result = run(listed, money, as_of="2026-10-30")
    assert brief(result, "file") == [("control_total", "38114.50", "38045.60", "file_cut", "missing_payment", "high")]
    found = findings(result)[0]
    assert (found["difference"], found["leg"]) == (-6890, "file")
    assert (found["reach_rows"], found["reach_amount"]) == (1, 6890)
    assert [f["code"] for f in breaks(result, "order-gateway")] == ["unknown_payment"]  # its order file is proved
    assert {r for _, _, r, _ in waiting(result, "order-gateway")} == {"file unproven"}


def test_52_a_balance_that_jumps():
    bank = File("bank", **OCTOBER).row("receipt", "500.00", "2026-10-10", balance_after="10500.00")
    bank.row("disbursement", "-200.00", "2026-10-11", balance_after="10100.00")
    bank.problem("balance_break", "10300.00", "10100.00", "rows_missing", on="2026-10-11")
    found = [f for f in findings(run(bank, as_of="2026-10-31")) if f["code"] == "balance_break"]
    assert [(f["difference"], f["severity"], f["cause"]) for f in found] == [(-20000, "high", "rows_missing")]


def test_54_a_day_without_a_file_and_a_day_with_an_empty_one():
    listed = orders(("Y", "30.00", "2026-10-11"), last="2026-10-30")
    one = File("wechatpay.trade", name="1.csv", first="2026-10-01", last="2026-10-10")
    one.payment("1", "1.00", "2026-10-10")
    three = File("wechatpay.trade", name="3.csv", first="2026-10-12", last="2026-10-31")
    empty = File("wechatpay.trade", name="2.csv", first="2026-10-11", last="2026-10-11")
    hole = run(listed, one, three, as_of="2026-10-30")
    missing = [f for f in findings(hole) if f["code"] == "missing_file"]
    assert brief(hole, "file") == [("missing_file", "0.00", "0.00", None, "missing_payment", "high")]
    assert missing[0]["channel"] == "wechatpay.trade"
    assert "2026-10-11" in missing[0]["explanation"]
    assert (missing[0]["reach_rows"], missing[0]["reach_amount"]) == (1, 3000)
    filled = run(listed, one, empty, three, as_of="2026-10-30")
    assert [f["code"] for f in findings(filled) if f["code"] != "unknown_payment"] == ["missing_payment"]
