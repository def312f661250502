"""Disputes: open, won, partly won, beyond the files; what they own and what they leave alone."""

from __future__ import annotations

from fractions import Fraction

import pytest

from recon.fees import Rule
from tests.breaks.ledgers import File, brief, excluded, findings, run, waiting

DOLLARS = {"first": "2026-10-01", "last": "2026-12-31", "currency": "USD"}


def sold(amount="120.00"):
    listed = File("shop.orders", currency="USD")
    for number, day in (("EDGE1", "2026-10-01"), ("EDGE2", "2026-12-31")):
        listed.order(number, "0.00", day, state="closed", shop="S", currency="USD")
    return listed.order("A", amount, "2026-10-10", shop="S", currency="USD")


def gateway(*disputes):
    """The payment of order A and its disputes: (day, amount, fee or None, fields)."""
    money = File("wechatpay.trade", **DOLLARS)
    money.payment("A", "120.00", "2026-10-10", fee="-3.78", currency="USD", payment_ref="PA")
    for day, amount, fee, fields in disputes:
        money.row("chargeback", amount, day, currency="USD", payment_ref="PA", **fields)
        if fee is not None:
            row = money.rows[-1]["source_row"]
            money.row("fee", fee, day, currency="USD", payment_ref="PA", row=row, detail="chargeback fee")
    return money


def test_an_open_dispute_is_one_finding_with_its_own_fee():
    result = run(sold(), gateway(("2026-10-20", "-120.00", "-15.00", {"memo": "fraudulent"})), as_of="2026-11-30")
    assert brief(result) == [("chargeback", "0.00", "-135.00", "dispute_fraud", None, "high")]
    (found,) = findings(result)
    assert (found["leg"], found["reach_rows"], found["age_days"]) == ("order-gateway", 3, 41)
    assert "-120.00" in found["explanation"]
    assert "-15.00" in found["explanation"]
    payment = result.matches[result.matches["leg"] == "order-gateway"]
    assert payment["rule"].tolist() == ["by-order-number"]


def test_a_young_dispute_is_medium_and_its_printed_reason_is_the_cause():
    result = run(
        sold(), gateway(("2026-10-20", "-120.00", None, {"status": "product_not_received"})), as_of="2026-10-25"
    )
    assert brief(result) == [("chargeback", "0.00", "-120.00", "not_received", None, "medium")]


def test_a_dispute_that_was_won_nets_and_its_fee_stays_a_cost():
    money = gateway(("2026-10-20", "-120.00", "-15.00", {}), ("2026-11-20", "120.00", None, {}))
    result = run(sold(), money, as_of="2026-11-30")
    assert findings(result) == []
    won = result.matches[result.matches["rule"] == "dispute_won"]
    assert (won["verdict"].tolist(), won["residual"].tolist()) == (["proved"], [0])
    members = result.members[result.members["match"].isin(won["match"])]
    assert sorted(members["applied"].tolist()) == [-12000, 0, 12000]
    before = run(sold(), money, as_of="2026-11-19")
    assert [f[:3] for f in brief(before)] == [("chargeback", "0.00", "-135.00")]
    assert ("chargeback", "120.00", "after as_of") in excluded(before, "order-gateway")


def test_a_dispute_that_was_partly_won_keeps_the_rest():
    money = gateway(("2026-10-20", "-120.00", "-15.00", {}), ("2026-11-20", "80.00", None, {}))
    assert [f[:3] for f in brief(run(sold(), money, as_of="2026-11-30"))] == [("chargeback", "0.00", "-55.00")]


def test_money_back_of_a_dispute_before_the_files_waits():
    result = run(sold(), gateway(("2026-10-20", "120.00", None, {})), as_of="2026-11-30")
    assert findings(result) == []
    assert waiting(result, "order-gateway") == [("chargeback", "120.00", "beyond the files", None)]


def test_two_cases_of_one_payment_are_told_by_their_numbers():
    money = gateway(
        ("2026-10-20", "-70.00", "-15.00", {"refund_ref": "CASE1"}),
        ("2026-10-22", "-50.00", "-15.00", {"refund_ref": "CASE2"}),
        ("2026-11-20", "50.00", None, {"refund_ref": "CASE2"}),
    )
    result = run(sold(), money, as_of="2026-11-30")
    assert [f[:3] for f in brief(result)] == [("chargeback", "0.00", "-85.00")]
    assert findings(result)[0]["refund_ref"] == "CASE1"


@pytest.mark.parametrize("fee", ["-15.00", None])
def test_the_fee_of_a_dispute_breaks_no_fee_rule(fee):
    contract = {"wechatpay:1900000109": [Rule("手续费", Fraction("0.0315"), on_refund="kept")]}
    money = gateway(("2026-10-20", "-120.00", fee, {}))
    found = run(sold(), money, as_of="2026-10-25", contracts=contract)
    assert [f["code"] for f in findings(found)] == ["chargeback"]
