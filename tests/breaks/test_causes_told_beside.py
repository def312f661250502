"""Causes whose evidence lies beside the finding's own rows: the other files, recon.yaml, the wallet, the clock."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from recon.ledger.accounts import resolve
from recon.ledger.merge import merge
from recon.ledger.statement import Refusal
from recon.matching.scope import OTHER_TENDER
from recon.pipeline import reconcile
from tests.breaks.ledgers import FACTS, File, breaks, excluded, findings, rules, run

OCTOBER = {"first": "2026-10-01", "last": "2026-10-31"}
AS_OF = "2026-10-31"


def shop():
    file = File("shop.orders")
    for number, day in (("EDGE1", "2026-10-01"), ("EDGE2", "2026-10-31")):
        file.order(number, "0.00", f"{day} 00:00:01", state="closed", paid_at=None, shop="S")
    return file


def causes(*files, **told):
    return {(f["code"], f["order_ref"]): f["cause"] for f in breaks(run(*files, as_of=AS_OF, **told), "order-gateway")}


@pytest.mark.parametrize("cause", ["refund_failed", "refund_pending"])
def test_a_refund_that_the_gateway_lists_and_did_not_pay(cause):
    listed = shop().order("A", "5.00", "2026-10-10", shop="S", refund="-5.00", refunded_at="2026-10-12")
    money = File("wechatpay.trade", **OCTOBER).payment("A", "5.00", "2026-10-10")
    told = replace(money.statement(), refused=(Refusal(cause, "A", ""),))
    entries, statements = merge(resolve([listed.statement(), told], FACTS))
    found = findings(reconcile(entries, statements, (), rules(AS_OF)))
    assert [(f["code"], f["cause"]) for f in found] == [("missing_refund", cause)]


def on_delivery(listed, paid, unpaid):
    courier = File("alipay.cash", "SF-7550001", **OCTOBER)
    for n in range(paid + unpaid):
        number = f"D{n:05}"
        listed.order(number, "9.00", "2026-10-10", shop="S", detail=OTHER_TENDER, memo="货到付款")
        if n < paid:
            courier.payment(number, "9.00", "2026-10-10")
    return listed, courier


def test_cash_on_delivery_is_missed_where_the_couriers_list_covers_it():
    assert causes(*on_delivery(shop(), 4, 1)) == {("missing_payment", "D00004"): "cod"}


def test_cash_on_delivery_without_a_couriers_list_is_another_tender():
    result = run(*on_delivery(shop(), 2, 3), as_of=AS_OF)
    assert breaks(result) == []
    assert [row[2] for row in excluded(result, "order-gateway")].count("other tender") == 3


@pytest.mark.parametrize(("there", "cause"), [("Sister Ltd", "other_company"), ("Ours Ltd", None), (None, None)])
def test_money_in_the_account_of_another_company(there, cause):
    listed = shop().order("A", "5.00", "2026-10-10", shop="S")
    listed.order("B", "6.00", "2026-10-10", shop="S")
    home = File("wechatpay.trade", **OCTOBER).payment("B", "6.00", "2026-10-10")
    away = File("wechatpay.trade", "1900000222", **OCTOBER).payment("A", "5.00", "2026-10-10")
    companies = {"wechatpay:1900000109": "Ours Ltd"} | ({"wechatpay:1900000222": there} if there else {})
    found = causes(listed, home, away, homes={"S": frozenset({"wechatpay:1900000109"})}, companies=companies)
    assert found == {("wrong_account", "A"): cause}


def payouts(*memos, frozen=False):
    wallet, bank = File("alipay.cash", **OCTOBER), File("bank", **OCTOBER)
    bank.row("fee", "-1.00", "2026-10-02", detail="bank fee")
    for n, memo in enumerate(memos):
        wallet.row("payout", f"-{100 + n}.00", f"2026-10-{12 + n}", payment_ref=f"PO2026{n:04}", memo=memo)
    if frozen:
        wallet.row("adjustment", "-1.00", "2026-10-13", detail="资金冻结")
    return wallet, bank


@pytest.mark.parametrize(
    ("files", "cause"),
    [
        (payouts("提现"), None),
        (payouts("提现", frozen=True), "frozen"),
        (payouts("提现到银行卡 尾号9999"), "wrong_bank_account"),
        (payouts("提现到银行卡 尾号0001"), None),
    ],
)
def test_why_a_payout_did_not_arrive(files, cause):
    (found,) = findings(run(*files, as_of=AS_OF))
    assert (found["code"], found["cause"]) == ("missing_payout", cause)


def test_payouts_that_fail_one_after_the_other_are_frozen():
    found = findings(run(*payouts("提现", "提现", "提现"), as_of=AS_OF))
    assert [f["cause"] for f in sorted(found, key=lambda f: f["expected"])] == ["frozen", None, None]


def test_06_one_moment_in_two_zones_is_no_late_money():
    """A charge of 2026-10-31T16:30Z lies in October in a UTC account, in November in the shop."""
    listed = File("shop.orders")
    for number, day in (("EDGE1", "2026-10-01"), ("EDGE2", "2026-11-30")):
        listed.order(number, "0.00", f"{day} 00:00:01", state="closed", paid_at=None, shop="S")
    listed.order("A", "64.00", "2026-11-01 00:30:00", shop="S")
    money = File("wechatpay.trade", first="2026-10-01", last="2026-11-30")
    money.payment("A", "64.00", "2026-11-01 00:30:00")
    money.rows[-1]["value_date"] = money.rows[-1]["value_date"].replace(month=10, day=31)
    result = run(listed, money, as_of="2026-11-30")
    assert [(f["code"], f["cause"], f["actual"]) for f in findings(result)] == [("cutoff", "time_zone", 6400)]


def test_an_evening_abroad_is_the_day_that_the_list_prints():
    """Paid and settled on 2026-10-31 in California, where the workspace has 2026-11-01 already: no crossing."""
    listed = File("shop.orders")
    for number, day in (("EDGE1", "2026-10-01"), ("EDGE2", "2026-11-30")):
        listed.order(number, "0.00", f"{day} 00:00:01", state="closed", paid_at=None, shop="S")
    listed.order("A", "64.00", "2026-11-01 10:30:00", shop="S")
    money = File("wechatpay.trade", first="2026-10-01", last="2026-11-30")
    money.payment("A", "64.00", "2026-11-01 10:30:00")
    for file in (listed, money):
        file.rows[-1]["value_date"] = file.rows[-1]["value_date"].replace(month=10, day=31)
    assert findings(run(listed, money, as_of="2026-11-30")) == []


def test_interest_on_money_that_came_late():
    listed = shop().order("A", "1000.00", "2026-10-10", shop="S")
    money = File("wechatpay.trade", **OCTOBER).payment("A", "1000.00", "2026-10-14")
    (plain,) = findings(run(listed, money, as_of=AS_OF))
    (found,) = findings(run(listed, money, as_of=AS_OF, late_interest=Fraction(5, 10_000)))
    assert (found["code"], found["break_id"]) == ("late_settlement", plain["break_id"])
    assert found["explanation"] == plain["explanation"] + "; interest at 0.05% a day: 1.50"


@pytest.mark.parametrize(("rate", "cause"), [("7.0850", "conversion"), ("7.2000", None), (None, None)])
def test_an_exchange_difference_that_the_printed_rate_explains(rate, cause):
    listed = shop().order("A", "710.00", "2026-10-10", shop="S")
    money = File("wechatpay.trade", **OCTOBER)
    fields = {"orig_amount": 10000, "orig_currency": "USD", "rate": Decimal(rate) if rate else None}
    money.payment("A", "708.50", "2026-10-10", **fields)
    (found,) = findings(run(listed, money, as_of=AS_OF))
    assert (found["code"], found["cause"]) == ("fx_difference", cause)
