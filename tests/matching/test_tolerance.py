"""What is accepted of a difference: the named tolerance in an amount or in ‱, and write-offs, to the last fen."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recon.ledger.outcome import ORDER_GATEWAY, Outcome
from recon.matching.tolerance import Tolerance
from recon.money import Rounding
from recon.outputs.conservation import prove
from tests.ledger.make import (
    ALI,
    DOU,
    FLOW,
    OWN,
    TAO,
    Row,
    back,
    findings,
    matches,
    pay,
    refund,
    row,
    run,
    sale,
    statement,
    waiting,
)  # fmt: skip

MODES = {
    Rounding.HALF_UP: ROUND_HALF_UP, Rounding.HALF_EVEN: ROUND_HALF_EVEN, Rounding.DOWN: ROUND_DOWN,
    Rounding.UP: ROUND_UP,
}  # fmt: skip
AMOUNTS = st.integers(-(10**14), 10**14)
OFF = Tolerance(write_off=50)


@given(
    AMOUNTS, AMOUNTS, st.integers(0, 10**6), st.integers(0, 10_000), st.sampled_from(["order", "received"]),
    st.sampled_from(list(Rounding)),
)  # fmt: skip
def test_the_larger_of_amount_and_share(
    expected: int, received: int, amount: int, share: int, base: str, mode: Rounding
) -> None:
    found = Tolerance(amount, share, base, mode).named(
        np.array([expected]), np.array([received]), np.array([0]), ["CNY"]
    )
    exact = abs(Decimal(received if base == "received" else expected)) * share / 10_000
    assert found.tolist() == [max(amount, int(exact.quantize(Decimal(1), MODES[mode])))]
    assert found.dtype == np.int64


def test_an_amount_is_as_many_major_units_in_every_currency_and_a_write_off_only_the_companys() -> None:
    found = Tolerance(250, write_off=300)
    names, codes, money = ["CNY", "JPY", "KWD"], np.array([0, 1, 2]), np.zeros(3, dtype=np.int64)
    assert found.named(money, money, codes, names).tolist() == [250, 2, 2500]
    assert found.written_off(np.array([0, 1, 2, -1]), names).tolist() == [300, 0, 0, 0]
    assert found.written_off(codes, ["USD", "JPY", "KWD"]).tolist() == [0, 0, 0]


def reconciled(orders: str, listed: list[Row], channel: str, moved: list[Row], tolerance: Tolerance) -> Outcome:
    rest = sale("REST", 0, "10-31")
    outcome = run(
        statement(orders, [*listed, rest]), statement(channel, moved, period=("10-01", "10-31")), tolerance=tolerance
    )
    prove(outcome)
    return outcome


def ends(outcome: Outcome) -> tuple[list[str], list[tuple[str, int, int]]]:
    return [rule for rule, _, _, _ in matches(outcome, ORDER_GATEWAY)], findings(outcome)


A = sale("A", 10_000, "10-05")


@pytest.mark.parametrize(
    ("paid", "base", "mode", "accepted"),
    [
        (9_995, "order", Rounding.HALF_UP, True), (9_994, "order", Rounding.HALF_UP, False),
        # 5 ‱ of 9,995 are 4.9975: what was received is the base, and its rounding decides
        (9_995, "received", Rounding.HALF_UP, True), (9_995, "received", Rounding.DOWN, False),
        (10_005, "received", Rounding.DOWN, True), (10_006, "received", Rounding.DOWN, False),
        (10_006, "received", Rounding.UP, True),
    ],
)  # fmt: skip
def test_a_tolerance_in_ten_thousandths(paid: int, base: str, mode: Rounding, accepted: bool) -> None:
    outcome = reconciled(OWN, [A], ALI, [pay("A", paid, "10-05")], Tolerance(2, 5, base, mode))
    assert ends(outcome) == ((["within-tolerance"], []) if accepted else ([], [("amount_mismatch", 10_000, paid)]))


WRITTEN = (["write-off"], [])


@pytest.mark.parametrize(
    ("listed", "moved", "expected"),
    [
        ([A], [pay("A", 9_950, "10-05")], WRITTEN),
        ([A], [pay("A", 10_050, "10-05")], WRITTEN),
        ([A], [pay("A", 9_949, "10-05")], ([], [("amount_mismatch", 10_000, 9_949)])),
        ([A], [pay("A", 10_051, "10-05")], ([], [("amount_mismatch", 10_000, 10_051)])),
        # a part of the money that is short, in two payments
        ([A], [pay("A", 5_000, "10-05"), pay("A", 4_990, "10-06", payment="P2")], WRITTEN),
        # paid twice, the second time very little
        (
            [A], [pay("A", 10_000, "10-05"), pay("A", 9, "10-05", payment="P2")],
            ([], [("duplicate_payment", 10_000, 10_009)]),
        ),
        # nothing came
        ([sale("A", 40, "10-05")], [], ([], [("missing_payment", 40, 0)])),
        # nothing was sold
        ([sale("A", 0, "10-05", state="closed")], [pay("A", 9, "10-05")], ([], [("status_mismatch", 0, 9)])),
        # refunds: short, above the order and above the money, without a refund in the order, missing, doubled
        ([A, back("A", 400)], [pay("A", 10_000, "10-05"), refund("A", 399, "10-06")], WRITTEN),
        ([A, back("A", 10_000)], [pay("A", 10_000, "10-05"), refund("A", 10_001, "10-06")], WRITTEN),
        (
            [A], [pay("A", 10_000, "10-05"), refund("A", 30, "10-06")],
            (["by-order-number"], [("unknown_refund", 0, -30)]),
        ),
        (
            [A, back("A", 40)], [pay("A", 10_000, "10-05")],
            (["by-order-number"], [("missing_refund", -40, 0)]),
        ),
        (
            [A, back("A", 40)],
            [pay("A", 10_000, "10-05"), refund("A", 40, "10-06"), refund("A", 40, "10-07", refund="R2")],
            (["by-order-number"], [("duplicate_refund", -40, -80)]),
        ),
        # both parts differ
        ([A, back("A", 400)], [pay("A", 9_999, "10-05"), refund("A", 399, "10-06")], WRITTEN),
        # a part that differs beyond the limit stays a finding; the other one is written off
        (
            [A, back("A", 400)], [pay("A", 9_900, "10-05"), refund("A", 399, "10-06")],
            (["write-off"], [("amount_mismatch", 10_000, 9_900)]),
        ),
    ],
)  # fmt: skip
def test_small_differences_are_written_off(
    listed: list[Row], moved: list[Row], expected: tuple[list[str], list[tuple[str, int, int]]]
) -> None:
    assert ends(reconciled(OWN, listed, ALI, moved, OFF)) == expected


def line(outcome: Outcome) -> list[object]:
    names = ["residual", "residual_reason", "accepted_paid", "accepted_returned", "tolerance"]
    return outcome.matches.loc[0, names].tolist()


def test_a_write_off_says_what_and_under_which_limit() -> None:
    outcome = reconciled(OWN, [A], ALI, [pay("A", 9_990, "10-05")], Tolerance(2, write_off=50))
    assert line(outcome) == [-10, "write_off", -10, 0, 50]


def test_the_named_tolerance_comes_first() -> None:
    outcome = reconciled(OWN, [A], ALI, [pay("A", 9_990, "10-05")], Tolerance(10, write_off=50))
    assert ends(outcome) == (["within-tolerance"], [])
    assert line(outcome) == [-10, "tolerance", -10, 0, 10]


def test_what_else_leaves_a_residual_is_told_beside_the_write_off() -> None:
    moved = [pay("A", 9_000, "10-05", order_amount=10_000), refund("A", 399, "10-06")]
    outcome = reconciled(OWN, [A, back("A", 400)], ALI, moved, OFF)
    assert ends(outcome) == WRITTEN
    assert line(outcome) == [-999, "coupon;write_off", 0, 1, 999]


def test_other_currencies_are_not_written_off() -> None:
    dollars = {"currency": "USD"}
    outcome = reconciled(OWN, [A | dollars], ALI, [pay("A", 9_990, "10-05", **dollars)], OFF)
    assert ends(outcome) == ([], [("amount_mismatch", 10_000, 9_990)])


def test_what_is_released_is_what_a_shop_on_an_escrow_platform_expects() -> None:
    listed = [sale("A", 10_000, "10-03", done="10-05", released=6_000), back("A", 4_000)]
    outcome = reconciled(TAO, listed, ALI, [pay("A", 5_999, "10-05")], OFF)
    assert ends(outcome) == WRITTEN
    assert line(outcome) == [-1, "write_off", -1, 0, 50]


def test_nothing_is_written_off_while_the_list_does_not_show_the_release() -> None:
    listed = [sale("A", 10_000, "10-03", state="shipped")]
    outcome = reconciled(TAO, listed, ALI, [pay("A", 9_999, "10-05")], OFF)
    assert ends(outcome) == ([], [])
    assert {reason for _, _, reason, _ in waiting(outcome)} == {"order file older than the money"}


def test_a_sub_order_refunded_by_a_flag() -> None:
    listed = [sale("D", 10_000, "10-01", sub="1", done="10-02", after_sale="partial")]
    moved = [
        pay("D", 9_998, "10-08", sub="1"), refund("D", 3_000, "10-09", sub="1"),
        row("commission", -50, "10-08", order="D", sub="1"),
    ]  # fmt: skip
    outcome = reconciled(DOU, listed, FLOW, moved, OFF)
    assert ends(outcome) == WRITTEN
    assert line(outcome) == [-3_002, "no amount on the order side;write_off", -2, 0, 3_002]


@settings(max_examples=30)
@given(st.integers(1, 300), st.integers(1, 300), st.integers(0, 30), st.integers(0, 30))
def test_a_wider_limit_never_matches_less(expected: int, paid: int, amount: int, limit: int) -> None:
    def matched(tolerance: Tolerance) -> int:
        return len(reconciled(OWN, [sale("A", expected, "10-05")], ALI, [pay("A", paid, "10-05")], tolerance).matches)

    narrow = matched(Tolerance(amount, write_off=limit))
    assert narrow == (abs(paid - expected) <= max(amount, limit))
    assert matched(Tolerance(amount, write_off=limit + 1)) >= narrow
