"""Refunds that an order was settled without, and refunds that were paid back afterwards, worked out by hand."""

from recon.ledger.outcome import Outcome
from recon.outputs.bridge import bridge
from tests.breaks.ledgers import File, run

REFUNDS = ("refunds_before", "refunds_after", "unlisted_before", "unlisted_after")


def steps(outcome: Outcome) -> dict[str, int]:
    """The refunds of all bridges, in minor units; a step without any is left out."""
    found: dict[str, int] = {}
    for line in bridge(outcome).lines.to_pylist():
        if line["step"] in REFUNDS:
            found[line["step"]] = found.get(line["step"], 0) + line["amount"]
    return found


def escrow(number: str, amount: str, refund: str, **fields: str) -> File:
    done = {"state": "completed", "confirmed_at": "2026-10-05"} | fields
    return File("taobao.orders").order(number, amount, "2026-10-01", refund=refund, shop="A", **done)


def test_what_the_wallet_never_paid_back_was_netted_before_the_settlement() -> None:
    wallet = File("alipay.cash").payment("N1", "70.00", "2026-10-05")
    assert steps(run(escrow("N1", "100.00", "-30.00"), wallet, as_of="2026-10-31")) == {"refunds_before": -3000}


def test_a_row_of_its_own_is_a_refund_after_the_settlement() -> None:
    wallet = File("alipay.cash").payment("N1", "100.00", "2026-10-05").refund("N1", "-30.00", "2026-10-09")
    assert steps(run(escrow("N1", "100.00", "-30.00"), wallet, as_of="2026-10-31")) == {"refunds_after": -3000}


def test_one_printed_sum_of_both_is_split_by_the_money() -> None:
    wallet = File("alipay.cash").payment("N1", "90.00", "2026-10-05").refund("N1", "-20.00", "2026-10-09")
    found = steps(run(escrow("N1", "100.00", "-30.00"), wallet, as_of="2026-10-31"))
    assert found == {"refunds_before": -1000, "refunds_after": -2000}


def test_a_refund_that_is_missing_is_after_if_the_order_has_settled() -> None:
    wallet = File("alipay.cash").payment("N1", "100.00", "2026-10-05").payment("N2", "5.00", "2026-10-30")
    outcome = run(escrow("N1", "100.00", "-30.00", refunded_at="2026-10-08"), wallet, as_of="2026-10-31")
    assert "missing_refund" in set(outcome.findings["code"])
    assert steps(outcome) == {"refunds_after": -3000}


def test_an_order_that_waits_for_its_money_was_refunded_before() -> None:
    orders = File("taobao.orders").order("N1", "100.00", "2026-10-01", refund="-30.00", shop="A", state="shipped")
    outcome = run(orders, File("alipay.cash").payment("N2", "5.00", "2026-10-30"), as_of="2026-10-31")
    assert steps(outcome) == {"refunds_before": -3000}


def test_a_refund_inside_the_line_that_settles_the_order_is_before_although_the_order_shows_none() -> None:
    orders = File("douyin.orders")
    flow = File("douyin.flow")
    for number, after_sale in (("N1", "partial"), ("N2", "partial")):
        orders.order(number, "100.00", "2026-10-01", state="completed", confirmed_at="2026-10-02", shop="A",
                     after_sale=after_sale, sub_ref=number)  # fmt: skip
        flow.payment(number, "100.00", "2026-10-08", sub_ref=number)
    flow.row("refund", "-30.00", "2026-10-08", order_ref="N1", sub_ref="N1", row=flow.rows[0]["source_row"])
    flow.refund("N2", "-20.00", "2026-10-09", sub_ref="N2")
    outcome = run(orders, flow, as_of="2026-10-31")
    assert not len(outcome.findings)
    assert steps(outcome) == {"unlisted_before": -3000, "unlisted_after": -2000}


def test_a_refund_that_differs_from_its_money_is_wholly_after() -> None:
    orders = File("shop.orders").order("N00000001", "50.00", "2026-10-01", refund="-20.00", refunded_at="2026-10-02")
    wallet = File("wechatpay.fundflow").payment("N00000001", "50.00", "2026-10-01")
    wallet.refund("N00000001", "-19.99", "2026-10-02")
    found = steps(run(orders, wallet, as_of="2026-10-31"))
    assert found == {"refunds_after": -2000}
