"""A waterfall falls from what should come to what came, to the fen."""

from __future__ import annotations

import pyarrow as pa

from recon.outputs.explain.waterfall import Step, Waterfall, of_break, of_match
from tests.outputs.explain.rows import members, owned


def steps(fall: Waterfall) -> list[tuple[str, str, int, int]]:
    return [(step.what, step.kind, step.amount, step.running) for step in fall.steps]


def test_an_order_with_a_refund_and_fees() -> None:
    fall = of_match(
        members(
            "order-gateway",
            ("order", "sale", "280.00", "280.00", 1),
            ("order", "refund", "-30.00", "-30.00", 1),
            ("gateway", "payment", "280.00", "280.00", -1),
            ("gateway", "refund", "-30.00", "-30.00", -1),
            ("gateway", "fee", "-1.20", "0.00", -1),
        ),
        "CNY",
    )
    assert steps(fall) == [
        ("term", "sale", 28000, 28000),
        ("term", "refund", -3000, 25000),
        ("gap", "", 0, 25000),
        ("received", "", 25000, 25000),
        ("part", "refund", -3000, 25000),
        ("part", "payment", 28000, 25000),
        ("charge", "fee", -120, 24880),
        ("net", "", 24880, 24880),
    ]


def test_a_residual_stands_between_order_and_money() -> None:
    fall = of_match(
        members(
            "order-gateway",
            ("order", "sale", "100.00", "100.00", 1),
            ("gateway", "payment", "99.99", "99.99", -1),
            residual="-0.01",
        ),
        "CNY",
    )
    assert steps(fall) == [("term", "sale", 10000, 10000), ("gap", "", -1, 9999), ("received", "", 9999, 9999)]


def test_what_leaves_the_wallet_arrives_at_the_bank() -> None:
    fall = of_match(
        members(
            "gateway-bank",
            ("gateway", "payout", "-50.00", "-50.00", 1),
            ("gateway", "payout", "-20.00", "-20.00", 1),
            ("bank", "receipt", "69.50", "69.50", 1),
            residual="0.50",
        ),
        "CNY",
    )
    assert fall.steps[0] == Step("term", "gateway", "payout", 2, 7000, 7000)
    assert steps(fall)[1:] == [("gap", "", -50, 6950), ("received", "", 6950, 6950)]


def test_the_lines_of_a_day_are_the_payout() -> None:
    fall = of_match(
        members(
            "gateway-bank",
            ("gateway", "payment", "70.00", "70.00", -1),
            ("gateway", "fee", "-0.42", "-0.42", -1),
            ("bank", "receipt", "69.58", "69.58", 1),
        ),
        "CNY",
    )
    assert steps(fall) == [
        ("term", "payment", 7000, 7000),
        ("term", "fee", -42, 6958),
        ("gap", "", 0, 6958),
        ("received", "", 6958, 6958),
    ]


def test_a_batch_foots_to_its_payout() -> None:
    fall = of_match(
        members(
            "payout",
            ("gateway", "payment", "10.00", "10.00", 1),
            ("gateway", "payout", "-10.00", "-10.00", 1),
        ),
        "CNY",
    )
    assert steps(fall) == [("term", "payment", 1000, 1000), ("gap", "", 0, 1000), ("received", "", 1000, 1000)]


def test_a_withdrawal_that_came_back_gives_nothing() -> None:
    fall = of_match(
        members(
            "gateway-bank",
            ("gateway", "payout", "-50.00", "-50.00", 1),
            ("gateway", "payout", "50.00", "50.00", 1),
        ),
        "CNY",
    )
    assert steps(fall) == [("term", "payout", 0, 0), ("gap", "", 0, 0), ("received", "", 0, 0)]


def test_a_double_payment_with_its_fees() -> None:
    rows = owned(
        ("order", "sale", "88.00"), ("gateway", "payment", "88.00"), ("gateway", "payment", "88.00"),
        ("gateway", "fee", "-0.53"), ("gateway", "fee", "-0.53"),
    )  # fmt: skip
    assert steps(of_break("order-gateway", 8800, 17600, rows, "CNY")) == [
        ("term", "sale", 8800, 8800),
        ("gap", "", 8800, 17600),
        ("received", "", 17600, 17600),
        ("charge", "fee", -106, 17494),
        ("net", "", 17494, 17494),
    ]


def test_a_part_is_read_apart_from_the_rest() -> None:
    rows = owned(("order", "sale", "90.00"), ("order", "subsidy", "10.00"), ("gateway", "subsidy", "8.00"))
    assert steps(of_break("order-gateway", 1000, 800, rows, "CNY")) == [
        ("term", "subsidy", 1000, 1000),
        ("gap", "", -200, 800),
        ("received", "", 800, 800),
    ]


def test_what_no_row_shows_is_one_step() -> None:
    rows = owned(("gateway", "fee", "-8.35"))
    assert steps(of_break("order-gateway", -800, -835, rows, "CNY")) == [
        ("term", "expected", -800, -800),
        ("gap", "", -35, -835),
        ("received", "", -835, -835),
    ]
    assert steps(of_break("file", 32900, 23000, owned(), "CNY")) == [
        ("term", "expected", 32900, 32900),
        ("gap", "", -9900, 23000),
        ("received", "", 23000, 23000),
    ]


def test_a_payout_that_arrived_short_and_one_that_did_not() -> None:
    rows = owned(("gateway", "payout", "-50.00"), ("bank", "receipt", "45.00"))
    assert steps(of_break("gateway-bank", 5000, 4500, rows, "CNY")) == [
        ("term", "payout", 5000, 5000),
        ("gap", "", -500, 4500),
        ("received", "", 4500, 4500),
    ]
    lost = of_break("gateway-bank", 5000, 0, owned(("gateway", "payout", "-50.00")), "CNY")
    assert steps(lost)[-1] == ("received", "", 0, 0)


def test_yen_have_no_decimals() -> None:
    rows = owned(("order", "sale", "1200"))
    rows = rows.set_column(rows.schema.get_field_index("currency"), "currency", pa.array(["JPY"]))
    fall = of_break("order-gateway", 1200, 0, rows, "JPY")
    assert (fall.currency, fall.steps[0].amount) == ("JPY", 1200)
