"""Which cause an order finding gets: each tag where its evidence stands, and none where it does not."""

from __future__ import annotations

import pytest

from tests.breaks.ledgers import File, breaks, brief, findings, run

OCTOBER = {"first": "2026-10-01", "last": "2026-10-31"}
AS_OF = "2026-10-31"


def shop(channel="shop.orders"):
    """An order list that covers October."""
    file = File(channel)
    for number, day in (("EDGE1", "2026-10-01"), ("EDGE2", "2026-10-31")):
        file.order(number, "0.00", f"{day} 00:00:01", state="closed", paid_at=None, shop="S")
    return file


def wechat(account=None):
    return File("wechatpay.trade", account, **OCTOBER)


def causes(*files, **told):
    return {(f["code"], f["order_ref"]): f["cause"] for f in breaks(run(*files, as_of=AS_OF, **told), "order-gateway")}


def many(listed, money, count=20, *, prefix="N", **fields):
    """Orders that agree, so that a habit can be told."""
    for n in range(count):
        number = f"{prefix}{n:05}"
        listed.order(number, "10.00", "2026-10-20 09:00:00", shop="S", **{k: f(n) for k, f in fields.items()})
        money.payment(number, "10.00", "2026-10-20 09:00:01")


@pytest.mark.parametrize(
    ("other", "gap", "cause"),
    [("wechatpay.trade", 60, "retry"), ("wechatpay.trade", 61, None), ("alipay.cash", 1, "two_gateways")],
)
def test_paid_twice(other, gap, cause):
    first, second = wechat(), File(other, **OCTOBER)
    first.payment("A", "5.00", "2026-10-20 10:00:00")
    target = first if other == "wechatpay.trade" else second
    target.payment("A", "5.00", f"2026-10-20 {10 + gap // 60}:{gap % 60:02}:00", payment_ref="X")
    found = causes(shop().order("A", "5.00", "2026-10-20 10:00:00", shop="S"), first, second)
    assert found == {("duplicate_payment", "A"): cause}


def test_doubled_payment_given_back_is_one_finding():
    money = wechat().payment("A", "5.00", "2026-10-20").payment("A", "5.00", "2026-10-20 15:00:00", payment_ref="X")
    money.refund("A", "-5.00", "2026-10-21", refund_ref="R1")
    result = run(shop().order("A", "5.00", "2026-10-20", shop="S"), money, as_of=AS_OF)
    assert brief(result, "order-gateway") == [("duplicate_payment", "5.00", "10.00", None, "unknown_refund", "high")]
    assert int(result.finding_rows["owned"][result.finding_rows["leg"] == "order-gateway"].sum()) == 4


@pytest.mark.parametrize(
    ("state", "closed", "paid", "cause"),
    [
        ("closed", "2026-10-20 10:00:00", "2026-10-20 10:00:00", "paid_after_close"),
        ("closed", "2026-10-20 10:00:00", "2026-10-20 09:59:59", None),
        ("closed", None, "2026-10-20 10:00:00", None),
        ("unpaid", None, "2026-10-20 10:00:00", "lost_callback"),
    ],
)
def test_money_of_a_dead_order(state, closed, paid, cause):
    listed = shop().order("A", "0.00", "2026-10-20 09:00:00", shop="S", state=state, paid_at=None, confirmed_at=closed)
    assert causes(listed, wechat().payment("A", "5.00", paid)) == {("status_mismatch", "A"): cause}


@pytest.mark.parametrize(
    ("number", "cause"),
    [("A00010", "lost_callback"), ("A00099", None), ("B00010", "other_shop"), ("Z1", None)],
)
def test_payment_without_order(number, cause):
    listed, ours, theirs = shop(), wechat(), wechat("1900000222")
    for letter, money in (("A", ours), ("B", theirs)):
        for n in range(20):
            listed.order(f"{letter}{n:05}", "5.00", "2026-10-20", shop=letter)
            money.payment(f"{letter}{n:05}", "5.00", "2026-10-20")
    listed.rows = [r for r in listed.rows if r["order_ref"] not in ("A00010", "B00010")]
    theirs.rows = [r for r in theirs.rows if r["order_ref"] != "B00010"]
    ours.rows = [r for r in ours.rows if r["order_ref"] != "A00010"]
    listed.order("A00020", "5.00", "2026-10-20", shop="A").order("B00020", "5.00", "2026-10-20", shop="B")
    ours.payment("A00020", "5.00", "2026-10-20").payment(number, "7.00", "2026-10-20")
    theirs.payment("B00020", "5.00", "2026-10-20")
    assert causes(listed, ours, theirs) == {("unknown_payment", number): cause}


def test_payment_by_transfer_or_for_a_test():
    money = wechat().payment(None, "5.00", "2026-10-20", memo="转账", payment_ref="P1")
    money.payment("X", "0.01", "2026-10-20")
    assert causes(shop(), money) == {
        ("unknown_payment", None): "direct_transfer",
        ("unknown_payment", "X"): "test_order",
    }


@pytest.mark.parametrize(
    ("day", "severity", "cause"), [("10-01", "medium", "before_first_file"), ("10-03", "high", None)]
)
def test_payment_that_may_precede_the_order_file(day, severity, cause):
    money = wechat().payment("random-number", "5.00", f"2026-{day}")
    found = [f for f in findings(run(shop(), money, as_of="2026-10-20")) if f["code"] == "unknown_payment"]
    assert [(f["severity"], f["cause"]) for f in found] == [(severity, cause)]


def test_missing_payment_of_another_wallet():
    listed = (
        shop().order("A", "5.00", "2026-10-20", shop="S", memo="支付宝").order("B", "5.00", "2026-10-20", memo="微信")
    )
    found = causes(listed, wechat())
    assert found == {("missing_payment", "A"): "other_wallet", ("missing_payment", "B"): None}


@pytest.mark.parametrize(("usual", "cause"), [(20, "set_by_hand"), (19, None)])
def test_missing_payment_set_by_hand(usual, cause):
    listed, money = shop(), wechat()
    many(listed, money, 20, payment_ref=lambda n: f"PN{n:05}" if n < usual else None)
    listed.order("A", "5.00", "2026-10-20", shop="S").order("B", "5.00", "2026-10-20", shop="S", payment_ref="PB")
    found = causes(listed, money)
    assert (found["missing_payment", "A"], found["missing_payment", "B"]) == (cause if usual == 20 else None, None)


def test_orders_paid_in_cash_do_not_tell_whether_numbers_are_usual():
    listed, money = shop(), wechat()
    many(listed, money, 20, payment_ref=lambda n: f"PN{n:05}")
    for n in range(5):
        listed.order(f"CASH{n}", "5.00", "2026-10-20", shop="S", detail="other tender")
    listed.order("A", "5.00", "2026-10-20", shop="S")
    assert causes(listed, money)["missing_payment", "A"] == "set_by_hand"


@pytest.mark.parametrize(
    ("paid", "more", "cause"),
    [
        ("80.00", {"order_amount": "80.00"}, "price_change"),
        ("40.00", {"order_amount": "80.00"}, "coupon_split"),  # the coupon of 20.00 was taken twice
        ("50.00", {"order_amount": "80.00"}, None),
        ("60.01", {}, "rounding"),
        ("60.02", {}, None),
    ],
)
def test_another_amount(paid, more, cause):
    listed = shop().order("A", "60.00", "2026-10-20", shop="S", **more)
    assert causes(listed, wechat().payment("A", paid, "2026-10-20")) == {("amount_mismatch", "A"): cause}


@pytest.mark.parametrize(("wrong", "cause"), [(20, "wrong_column"), (19, "wrong_column"), (18, "price_change")])
def test_a_file_compared_by_the_wrong_column(wrong, cause):
    """Nearly all orders of the file differ and agree by the other column; else it is the price of single orders."""
    listed, money = shop(), wechat()
    for n in range(20):
        paid = "80.00" if n < wrong else "60.00"
        listed.order(f"N{n:05}", "60.00", "2026-10-20", shop="S", order_amount="80.00")
        money.payment(f"N{n:05}", paid, "2026-10-20")
    assert causes(listed, money) == {("amount_mismatch", f"N{n:05}"): cause for n in range(wrong)}


def test_a_method_that_one_shop_hardly_uses_is_known_from_the_others():
    listed, money = shop(), wechat()
    for n in range(40):
        told = {"memo": "微信支付", "payment_ref": f"PN{n:05}"}
        listed.order(f"N{n:05}", "5.00", "2026-10-20", shop="S", **told)
        money.payment(f"N{n:05}", "5.00", "2026-10-20")
    for number, shop_name, ref in (("T1", "T", "PT1"), ("U1", "U", None)):
        listed.order(number, "5.00", "2026-10-20", shop=shop_name, memo="银行卡", payment_ref=ref)
        money.payment(number, "5.00", "2026-10-20")
    listed.order("A", "5.00", "2026-10-20", shop="T", memo="微信支付")
    listed.order("B", "5.00", "2026-10-20", shop="U", memo="微信支付")  # whose list prints no numbers at all
    found = causes(listed, money)
    assert (found["missing_payment", "A"], found["missing_payment", "B"]) == ("set_by_hand", None)


@pytest.mark.parametrize(("number", "cause"), [("9", "by_hand"), ("R00099", None)])
def test_refund_with_an_odd_number(number, cause):
    listed, money = shop(), wechat()
    for n in range(20):
        listed.order(f"N{n:05}", "10.00", "2026-10-20", shop="S", refund="-1.00")
        money.payment(f"N{n:05}", "10.00", "2026-10-20").refund(
            f"N{n:05}", "-1.00", "2026-10-21", refund_ref=f"R{n:05}"
        )
    listed.order("A", "10.00", "2026-10-20", shop="S")
    money.payment("A", "10.00", "2026-10-20").refund("A", "-4.00", "2026-10-21", refund_ref=number)
    assert causes(listed, money) == {("unknown_refund", "A"): cause}


@pytest.mark.parametrize(
    ("refund", "memo", "code", "cause"),
    [
        ("-3.00", "小额打款", "unknown_refund", "compensation"),
        ("-3.00", "价保退款", "unknown_refund", "price_protection"),
        ("-3.00", "", "unknown_refund", None),
        ("-13.00", "", "excess_refund", None),
    ],
)
def test_refund_nobody_asked_for(refund, memo, code, cause):
    money = wechat().payment("A", "10.00", "2026-10-20").refund("A", refund, "2026-10-21", refund_ref="R", memo=memo)
    assert causes(shop().order("A", "10.00", "2026-10-20", shop="S"), money) == {(code, "A"): cause}


@pytest.mark.parametrize(("away", "home_later", "cause"), [(3, 0, "merchant_number"), (2, 0, None), (3, 1, None)])
def test_money_in_the_wrong_account(away, home_later, cause):
    listed, ours, theirs = shop(), wechat(), wechat("1900000222")
    for n in range(20):
        listed.order(f"A{n:05}", "5.00", "2026-10-20", shop="A").order(f"B{n:05}", "5.00", "2026-10-20", shop="B")
        ours.payment(f"A{n:05}", "5.00", "2026-10-20")
        theirs.payment(f"B{n:05}", "5.00", "2026-10-20")
    for n in range(away + home_later):
        listed.order(f"A9{n}", "5.00", f"2026-10-2{2 + n}", shop="A")
        (theirs if n < away else ours).payment(f"A9{n}", "5.00", f"2026-10-2{2 + n}")
    assert causes(listed, ours, theirs) == {("wrong_account", f"A9{n}"): cause for n in range(away)}


def coupons(*orders):
    """Douyin orders: number, day, coupons promised, coupons settled."""
    listed, money = shop("douyin.orders"), File("douyin.flow", **OCTOBER)
    for number, day, promised, settled in orders:
        fields = {"sub_ref": number, "shop": "S", "state": "completed", "confirmed_at": "2026-10-10"}
        listed.order(number, "50.00", day, **fields)
        for detail, amount in promised:
            listed.row(
                "subsidy", amount, day, order_ref=number, detail=detail, row=listed.rows[-1]["source_row"], **fields
            )
        money.payment(number, "50.00", "2026-10-20", sub_ref=number)
        for detail, amount in settled:
            row = money.rows[-1]["source_row"]
            money.row("subsidy", amount, "2026-10-20", order_ref=number, sub_ref=number, detail=detail, row=row)
    return causes(listed, money)


PLATFORM, TRADE_IN = ("平台补贴", "10.00"), ("以旧换新抵扣", "10.00")


@pytest.mark.parametrize(
    ("promised", "settled", "cause"),
    [
        ([PLATFORM], [("平台补贴", "8.00")], "subsidy_short"),
        ([PLATFORM], [], "shop_funded"),
        ([PLATFORM, ("达人补贴", "3.00")], [PLATFORM], "coupon_split"),
    ],
)
def test_subsidy_that_differs(promised, settled, cause):
    assert coupons(("A", "2026-10-05", promised, settled)) == {("subsidy_mismatch", "A"): cause}


def test_campaign_whose_quota_is_used_up():
    paid = [(f"A{n}", "2026-10-05", [PLATFORM], [PLATFORM]) for n in range(3)]
    unpaid = [(f"B{n}", "2026-10-06", [PLATFORM], []) for n in range(3)]
    assert set(coupons(*paid, *unpaid).values()) == {"campaign_quota"}
    assert set(coupons(*paid, *unpaid, ("C", "2026-10-07", [PLATFORM], [PLATFORM])).values()) == {"shop_funded"}
    assert set(coupons(*paid, *unpaid[:2]).values()) == {"shop_funded"}
