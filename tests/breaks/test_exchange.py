"""Money that changed its currency on the way: against a stated rate, or not at all."""

from __future__ import annotations

from fractions import Fraction

import pytest

from recon.ledger.days import day_number
from recon.ledger.rates import Rates
from tests.breaks.ledgers import File, brief, findings, moment, run

DAY = {"first": "2026-10-01", "last": "2026-10-31"}


def rates(**stated):
    """Rates in CNY from the first of October on."""
    first = day_number(moment("2026-10-01").date())
    return Rates("CNY", {currency: ((first, Fraction(rate)),) for currency, rate in stated.items()})


def payout(number="PO20261010A"):
    money = File("alipay.cash", currency="USD", **DAY)
    return money.row("payout", "-83.13", "2026-10-10", currency="USD", payment_ref=number)


def bank(amount="588.98", number="PO20261010A"):
    file = File("bank", **DAY)
    return file.row("receipt", amount, "2026-10-12", counterparty="PAYMENT FIRM", memo=f"INWARD {number}")


def test_50_a_payout_that_the_bank_converts_at_another_rate():
    result = run(payout(), bank(), as_of="2026-10-31", rates=rates(USD="7.1000"))
    assert brief(result) == [("fx_difference", "590.22", "588.98", None, None, "low")]
    (found,) = findings(result)
    assert (found["leg"], found["currency"], found["difference"], found["reach_rows"]) == (
        "gateway-bank",
        "CNY",
        -124,
        2,
    )
    assert "83.13 USD" in found["explanation"]


def test_without_a_rate_the_pair_is_matched_at_what_came():
    result = run(payout(), bank(), as_of="2026-10-31")
    assert findings(result) == []
    (match,) = result.matches.to_dict("records")
    assert (match["rule"], match["basis"], match["residual"]) == ("by-number", "key", 0)
    assert "83.13 → 588.98 CNY" in match["explanation"]
    assert sorted(result.members["applied"].tolist()) == [-58898, 58898]


def test_at_the_stated_rate_to_the_fen_the_pair_is_matched():
    result = run(payout(), bank("590.22"), as_of="2026-10-31", rates=rates(USD="7.1000"))
    assert findings(result) == []
    assert result.matches["rule"].tolist() == ["by-number"]


def test_without_the_number_two_currencies_are_never_paired():
    result = run(payout(), bank(number="OTHER20261010"), as_of="2026-10-31", rates=rates(USD="7.1000"))
    assert sorted(f["code"] for f in findings(result)) == ["missing_payout", "unknown_receipt"]


def test_a_later_rate_does_not_hold_for_earlier_days():
    later = Rates("CNY", {"USD": ((day_number(moment("2026-10-11").date()), Fraction("9.99")),)})
    assert findings(run(payout(), bank(), as_of="2026-10-31", rates=later)) == []


def order(amount, refund=None, currency="USD"):
    listed = File("shop.orders", currency=currency)
    for number, day in (("EDGE1", "2026-10-01"), ("EDGE2", "2026-10-31")):
        listed.order(number, "0.00", day, state="closed", shop="S", currency=currency)
    return listed.order("A", amount, "2026-10-10", shop="S", currency=currency, refund=refund)


def paid(amount, refund=None, **fields):
    money = File("wechatpay.trade", **DAY).payment("A", amount, "2026-10-10 12:00:05", **fields)
    return money.refund("A", refund, "2026-10-11", refund_ref="R1") if refund else money


def test_an_order_in_dollars_that_was_paid_in_yuan():
    at = rates(USD="7.1000")
    assert findings(run(order("100.00"), paid("710.00"), as_of="2026-10-31", rates=at)) == []
    result = run(order("100.00"), paid("708.50"), as_of="2026-10-31", rates=at)
    assert brief(result) == [("fx_difference", "710.00", "708.50", None, None, "low")]
    assert findings(result)[0]["order_ref"] == "A"


def test_an_order_in_dollars_without_a_rate_is_taken_at_what_came():
    result = run(order("100.00", "-30.00"), paid("708.50", "-212.60"), as_of="2026-10-31")
    assert findings(result) == []
    (match,) = result.matches.to_dict("records")
    assert match["residual"] == 0
    lacking = run(order("100.00", "-30.00"), paid("708.50"), as_of="2026-10-31")
    assert [(f["code"], f["expected"]) for f in findings(lacking)] == [("missing_refund", -21255)]


@pytest.mark.parametrize(
    ("buyer", "code"), [("EUR", "fx_difference"), ("CNY", "amount_mismatch"), (None, "amount_mismatch")]
)
def test_a_buyer_who_paid_in_another_currency(buyer, code):
    money = paid("99.20", orig_currency=buyer, orig_amount=9000)
    result = run(order("100.00", currency="CNY"), money, as_of="2026-10-31")
    assert [(f["code"], f["expected"], f["actual"]) for f in findings(result)] == [(code, 10000, 9920)]
