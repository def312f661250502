"""The reference pass: what agrees, by which rule, and what one fen or one day more makes of it."""

from dataclasses import replace
from typing import Any

import pytest

from recon.ledger.outcome import ORDER_GATEWAY, Outcome
from recon.matching.tolerance import Tolerance
from recon.outputs.conservation import prove
from tests.ledger.make import (
    ALI,
    CHANNELS,
    DOU,
    FLOW,
    OWN,
    TAO,
    TRADE,
    Row,
    back,
    excluded,
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

MONTH = ("10-01", "10-31")
BY_ORDER = ["by-order-number"]
SHORT = ("subsidy_mismatch", 10, 8)
Ends = tuple[list[str], list[tuple[str, int, int]], list[str]]


def reconciled(orders: str, listed: list[Row], channel: str, moved: list[Row], **more: Any) -> Outcome:
    # An order far from the others lets the list cover the month.
    rest = sale("REST", 0, "10-31")
    outcome = run(statement(orders, [*listed, rest]), statement(channel, moved, period=MONTH), **more)
    prove(outcome)
    return outcome


def ends(outcome: Outcome) -> Ends:
    """Rules of matches, findings, reasons to wait or to be left out, of the order leg."""
    left = [f"{kind} {reason}" for kind, _, reason, _ in waiting(outcome, ORDER_GATEWAY)]
    out = [f"{kind} {reason}" for kind, _, reason, _ in excluded(outcome, ORDER_GATEWAY) if reason != "zero amount"]
    return [rule for rule, _, _, _ in matches(outcome, ORDER_GATEWAY)], findings(outcome), sorted(left + out)


def plain(listed: list[Row], moved: list[Row], **more: Any) -> Ends:
    return ends(reconciled(OWN, listed, ALI, moved, **more))


A = sale("A", 100, "10-05")


@pytest.mark.parametrize(
    ("listed", "moved", "expected"),
    [
        ([A], [pay("A", 100, "10-05")], (BY_ORDER, [], [])),
        ([A], [pay("A", 101, "10-05")], ([], [("amount_mismatch", 100, 101)], [])),
        ([A], [pay("A", 99, "10-05")], ([], [("amount_mismatch", 100, 99)], [])),
        # partial payments add up; two above the amount are doubled, of one number they are one payment
        ([A], [pay("A", 50, "10-05"), pay("A", 50, "10-06", payment="P2")], (BY_ORDER, [], [])),
        ([A], [pay("A", 99, "10-05"), pay("A", 2, "10-05", payment="2")], ([], [("duplicate_payment", 100, 101)], [])),
        ([A], [pay("A", 100, "10-05"), pay("A", 1, "10-05")], ([], [("amount_mismatch", 100, 101)], [])),
        # the payment number ties what carries another order number, or none
        ([A | {"payment_ref": "P9"}], [pay("Z", 100, "10-05", payment="P9")], (["by-payment-number"], [], [])),
        ([A | {"payment_ref": "P9"}], [pay(None, 100, "10-05", payment="P9")], (["by-payment-number"], [], [])),
        # a refund inherits the order of its payment
        (
            [A, back("A", 40)],
            [pay("A", 100, "10-05"), refund(None, 40, "10-06", payment="PA", refund="R1")],
            (BY_ORDER, [], []),
        ),
        # a payment without any number is a movement of its own
        ([A], [pay("A", 100, "10-05"), row("payment", 7, "10-05")], (BY_ORDER, [("unknown_payment", 0, 7)], [])),
        # fees go along uncompared; without a number they are left out
        ([A], [pay("A", 100, "10-05"), row("fee", -1, "10-05", order="A")], (BY_ORDER, [], [])),
        ([A], [pay("A", 100, "10-05"), row("fee", -1, "10-05")], (BY_ORDER, [], ["fee no reference"])),
        # unpaid and closed orders without money are left out, with money they are not
        ([sale("A", 0, "10-05", state="unpaid")], [], ([], [], ["sale unpaid"])),
        ([sale("A", 0, "10-05", state="closed")], [pay("A", 9, "10-05")], ([], [("status_mismatch", 0, 9)], [])),
        (
            [sale("A", 0, "10-05", state="closed")],
            [pay("A", 9, "10-05"), refund("A", 9, "10-05")],
            (["returned_in_full"], [], []),
        ),
        (
            [sale("A", 0, "10-05", state="closed")],
            [pay("A", 9, "10-05"), refund("A", 8, "10-05")],
            ([], [("status_mismatch", 0, 1)], []),
        ),
        # the part that agrees is matched though the other is a break
        ([A, back("A", 40)], [pay("A", 100, "10-05")], (BY_ORDER, [("missing_refund", -40, 0)], [])),
        (
            [A, back("A", 40)],
            [pay("A", 90, "10-05"), refund("A", 40, "10-06")],
            (BY_ORDER, [("amount_mismatch", 100, 90)], []),
        ),
    ],
)  # fmt: skip
def test_plain_orders(listed: list[Row], moved: list[Row], expected: Ends) -> None:
    assert plain(listed, moved) == expected


@pytest.mark.parametrize(
    ("paid_on", "as_of", "expected"),
    [
        ("10-05", "10-06", ([], [("missing_payment", 100, 0)], [])),
        ("10-06", "10-06", ([], [], ["sale inside the window"])),
    ],
)  # fmt: skip
def test_the_due_day_itself_counts_as_due(paid_on: str, as_of: str, expected: Ends) -> None:
    outcome = run(statement(OWN, [sale("A", 100, paid_on)]), statement(ALI, [], period=MONTH), as_of=as_of)
    assert ends(outcome) == expected


def test_an_order_of_the_last_covered_day_waits_beyond_the_files() -> None:
    files = [statement(OWN, [sale("A", 100, "10-30"), sale("B", 100, "10-31")]), statement(ALI, [], period=MONTH)]
    assert ends(run(*files, as_of="11-05")) == ([], [("missing_payment", 100, 0)], ["sale beyond the files"])


def test_no_trigger_day_is_never_missing() -> None:
    listed = [sale("A", 100, "10-05", paid=None)]
    assert plain(listed, []) == ([], [], ["sale not due"])


@pytest.mark.parametrize(("paid", "rule"), [(100, "by-order-number"), (90, "before-coupons")])
def test_the_amount_before_coupons_is_accepted_and_named(paid: int, rule: str) -> None:
    outcome = reconciled(OWN, [A], ALI, [pay("A", paid, "10-05", order_amount=100)])
    assert ends(outcome) == ([rule], [], [])
    assert outcome.matches["residual"].tolist() == [paid - 100]
    assert outcome.matches["residual_reason"].dropna().tolist() == (["coupon"] if paid == 90 else [])


def test_the_refund_before_coupons_too() -> None:
    moved = [pay("A", 100, "10-05"), refund("A", 45, "10-06", order_amount=-50)]
    outcome = reconciled(OWN, [A, back("A", 50)], ALI, moved)
    assert ends(outcome) == (["before-coupons"], [], [])
    assert outcome.matches["residual_reason"].tolist() == ["coupon"]


@pytest.mark.parametrize(
    ("paid", "expected"),
    [
        (102, (["within-tolerance"], [], [])), (98, (["within-tolerance"], [], [])),
        (103, ([], [("amount_mismatch", 100, 103)], [])), (97, ([], [("amount_mismatch", 100, 97)], [])),
    ],
)  # fmt: skip
def test_a_tolerance_holds_to_its_last_fen(paid: int, expected: Ends) -> None:
    assert plain([A], [pay("A", paid, "10-05")], tolerance=Tolerance(2)) == expected


def test_a_residual_within_tolerance_is_stated() -> None:
    outcome = reconciled(OWN, [A], ALI, [pay("A", 102, "10-05")], tolerance=Tolerance(2))
    line = outcome.matches.iloc[0]
    assert (line["residual"], line["tolerance"], line["residual_reason"]) == (2, 2, "tolerance")


def released(amount: int, money: int | None, **more: Any) -> Row:
    return sale("A", amount, "10-03", **{"done": "10-05", "released": money} | more)


@pytest.mark.parametrize(
    ("listed", "moved", "expected"),
    [
        ([released(100, 100)], [pay("A", 100, "10-05")], (BY_ORDER, [], [])),
        # refunded before receipt: the release is what is left, no refund line is expected
        ([released(100, 60), back("A", 40)], [pay("A", 60, "10-05")], (BY_ORDER, [], [])),
        # refunded after receipt: all was released, the refund comes from the wallet
        ([released(100, 100), back("A", 40)], [pay("A", 100, "10-05"), refund("A", 40, "10-06")], (BY_ORDER, [], [])),
        # equal sums are enough
        ([released(100, 60), back("A", 40)], [pay("A", 100, "10-05"), refund("A", 40, "10-06")], (BY_ORDER, [], [])),
        ([released(100, 60), back("A", 40)], [pay("A", 61, "10-05")], (BY_ORDER, [("amount_mismatch", 60, 61)], [])),
        # closed and fully refunded without money
        ([released(100, 0, state="closed", done=None), back("A", 100)], [], (["refunded_before_receipt"], [], [])),
        # not received yet: nothing is due
        ([released(100, None, state="shipped", done=None)], [], ([], [], ["sale not due"])),
        # an older export: equal to sale and refund is proved, else it waits for a newer list
        ([released(100, None)], [pay("A", 100, "10-05")], (BY_ORDER, [], [])),
        (
            [released(100, None, state="shipped", done=None)], [pay("A", 90, "10-05")],
            ([], [], ["payment order file older than the money", "sale order file older than the money"]),
        ),
        # subsidies of the platform are not in the list and go along
        ([released(100, 100)], [pay("A", 100, "10-05"), row("subsidy", 5, "10-05", order="A")], (BY_ORDER, [], [])),
    ],
)  # fmt: skip
def test_escrow(listed: list[Row], moved: list[Row], expected: Ends) -> None:
    assert ends(reconciled(TAO, listed, ALI, moved)) == expected


def test_a_release_less_than_the_sale_says_why_a_residual_stays() -> None:
    listed = [released(100, 90), back("A", 30)]
    outcome = reconciled(TAO, listed, ALI, [pay("A", 90, "10-05")])
    assert ends(outcome) == (BY_ORDER, [("missing_refund", -20, 0)], [])
    assert outcome.matches[["residual", "residual_reason"]].to_numpy().tolist() == [[-10, "refunded before receipt"]]


def settled(amount: int, on: str = "10-12", **more: Any) -> Row:
    return row("payment", amount, on, order="M", sub="A", **more)


def borne(amount: int, on: str) -> Row:
    return row("subsidy", amount, on, order="M", sub="A")


def sub(amount: int, after_sale: str = "none", **more: Any) -> Row:
    return sale("M", amount, "10-03", sub="A", **{"done": "10-05", "after_sale": after_sale} | more)


def case_of(amount: int, number: str = "C1") -> Row:
    return row("refund", -amount, "10-13", order="M", sub="A", refund=number)


@pytest.mark.parametrize(
    ("listed", "moved", "expected"),
    [
        ([sub(90), borne(10, "10-03")], [settled(90), borne(10, "10-12")], (BY_ORDER, [], [])),
        # the sum decides, whoever of platform and buyer bears it; also where the list prints no subsidy at all
        ([sub(90), borne(10, "10-03")], [settled(100)], (BY_ORDER, [], [])),
        ([sub(100)], [settled(90), borne(10, "10-12")], (BY_ORDER, [], [])),
        # wholly in what others bear, or in the buyer's money
        ([sub(90), borne(10, "10-03")], [settled(90), borne(8, "10-12")], (BY_ORDER, [SHORT], [])),
        ([sub(100)], [settled(100), borne(1, "10-12")], (BY_ORDER, [("subsidy_mismatch", 0, 1)], [])),
        ([sub(90)], [settled(89)], ([], [("amount_mismatch", 90, 89)], [])),
        # refunds: the flag is enough, up to what was settled
        ([sub(90, "partial")], [settled(90), case_of(90)], (["after_sale_flag"], [], [])),
        ([sub(90, "partial")], [settled(90), case_of(91)], (BY_ORDER, [("excess_refund", -90, -91)], [])),
        ([sub(90, "none")], [settled(90), case_of(5)], (BY_ORDER, [("unknown_refund", 0, -5)], [])),
        ([sub(90, "full")], [settled(90)], (BY_ORDER, [("missing_refund", -90, 0)], [])),
        ([sub(90, "full", state="closed")], [], (["refunded_before_receipt"], [], [])),
        # what was granted is taken back with the refund, in whole or in part, never more
        ([sub(90, "full"), borne(10, "10-03")], [settled(90), borne(10, "10-12"), case_of(90), borne(-10, "10-13")],
         (["after_sale_flag"], [], [])),
        ([sub(90, "partial"), borne(10, "10-03")], [settled(90), borne(10, "10-12"), case_of(9), borne(-1, "10-13")],
         (["after_sale_flag"], [], [])),
        ([sub(90, "partial"), borne(10, "10-03")], [settled(90), borne(8, "10-12"), case_of(9), borne(-1, "10-13")],
         (["after_sale_flag"], [("subsidy_mismatch", 10, 7)], [])),
        ([sub(90, "full"), borne(10, "10-03")], [settled(90), borne(10, "10-12"), case_of(90), borne(-11, "10-13")],
         (["after_sale_flag"], [("subsidy_mismatch", 10, -1)], [])),
        ([sub(90), borne(10, "10-03")], [settled(90), borne(10, "10-12"), borne(-10, "10-13")],
         (BY_ORDER, [("subsidy_mismatch", 10, 0)], [])),
        # an open case is not due
        ([sub(90, "open")], [], ([], [], ["sale not due"])),
    ],
)  # fmt: skip
def test_suborders(listed: list[Row], moved: list[Row], expected: Ends) -> None:
    assert ends(reconciled(DOU, listed, FLOW, moved, as_of="10-31")) == expected


DOCUMENTED = CHANNELS | {OWN: replace(CHANNELS[OWN], comparison="documented")}


@pytest.mark.parametrize(
    ("moved", "expected"),
    [
        ([pay("A", 100, "10-05"), refund("A", 30, "10-06")], (["after_sale_document"], [], [])),
        ([pay("A", 100, "10-05"), refund("A", 100, "10-06")], (["after_sale_document"], [], [])),
        ([pay("A", 100, "10-05")], (BY_ORDER, [], [])),
        ([pay("A", 100, "10-05"), refund("A", 101, "10-06")], (BY_ORDER, [("excess_refund", -100, -101)], [])),
        ([pay("A", 100, "10-05"), refund("A", 60, "10-06"), refund("A", 60, "10-07", refund="R2")],
         (BY_ORDER, [("duplicate_refund", -100, -120)], [])),
        ([pay("A", 100, "10-05"), refund("A", 30, "10-06", refund=None)], (BY_ORDER, [("unknown_refund", 0, -30)], [])),
    ],
)  # fmt: skip
def test_a_refund_that_names_its_document_proves_itself(moved: list[Row], expected: Ends) -> None:
    assert plain([A], moved, channels=DOCUMENTED) == expected


def test_a_document_proves_no_refund_that_the_list_tells_otherwise() -> None:
    moved = [pay("A", 100, "10-05"), refund("A", 30, "10-06")]
    assert plain([A, back("A", 20)], moved, channels=DOCUMENTED)[1] != []


def refunded(amount: int) -> list[Row]:
    return [row("payment", 90, "10-06", order="A"), row("refund", -amount, "10-14", order="A")]


@pytest.mark.parametrize(
    ("moved", "expected"),
    [
        ([row("payment", 90, "10-06", order="A")], (BY_ORDER, [], [])),
        # the list never shows a refund: the platform's is accepted up to what it paid
        (refunded(20), (["refund_at_platform"], [], [])),
        (refunded(90), (["refund_at_platform"], [], [])),
        (refunded(91), (BY_ORDER, [("excess_refund", -90, -91)], [])),
        (refunded(20)[1:], ([], [("excess_refund", 0, -20), ("missing_payment", 90, 0)], [])),
    ],
)
def test_refunds_that_only_the_platform_shows(moved: list[Row], expected: Ends) -> None:
    listed = [sale("A", 90, "10-05")]
    told = {**CHANNELS, OWN: replace(CHANNELS[OWN], comparison="platform")}
    assert ends(reconciled(OWN, listed, ALI, moved, channels=told)) == expected


@pytest.mark.parametrize(("as_of", "missing"), [("10-14", False), ("10-15", True)])
def test_the_tenth_day_after_completion_is_due(as_of: str, missing: bool) -> None:
    found = findings(reconciled(DOU, [sub(90)], FLOW, [], as_of=as_of))
    assert found == ([("missing_payment", 90, 0)] if missing else [])


def test_a_refund_that_names_the_main_order_alone_reaches_its_sub_orders() -> None:
    listed = [sub(90, "partial"), sub(50) | {"sub_ref": "B"}]
    moved = [settled(90), settled(50) | {"sub_ref": "B"}, row("refund", -5, "10-13", order="M", refund="C9")]
    assert ends(reconciled(DOU, listed, FLOW, moved))[1] == []


def test_what_is_matched_from_an_unproven_file_is_unproven_and_missing_beside_it_waits() -> None:
    outcome = run(
        statement(OWN, [A, sale("B", 70, "10-06"), sale("REST", 0, "10-31")]),
        statement(ALI, [pay("A", 100, "10-05")], period=MONTH, control_total="failed"),
    )
    prove(outcome)
    assert matches(outcome) == [("by-order-number", "unproven", "key", 2)]
    assert ends(outcome)[1:] == ([], ["sale file unproven"])


@pytest.mark.parametrize(("currency", "amount"), [("JPY", "100"), ("USD", "1.00")])
def test_a_key_pairs_two_currencies_at_what_was_received(currency: str, amount: str) -> None:
    listed = [sale("A", 100, "10-05", currency="JPY"), sale("REST", 0, "10-31", currency="JPY")]
    outcome = run(statement(OWN, listed), statement(TRADE, [pay("A", 100, "10-05", currency=currency)], period=MONTH))
    prove(outcome)
    assert [r for r, _, _, _ in matches(outcome, ORDER_GATEWAY)] == ["by-order-number"]
    assert outcome.matches["explanation"].tolist() == [f"order {amount} = received {amount}"]


def test_what_comes_after_as_of_is_left_out_and_says_when_it_clears() -> None:
    listed = [sale("A", 100, "10-05"), sale("B", 70, "10-08"), back("B", 70), sale("C", 30, "10-07")]
    moved = [pay("A", 100, "10-06"), pay("B", 70, "10-08"), refund("B", 70, "10-09"), pay("C", 30, "10-05")]
    outcome = run(statement(OWN, listed), statement(ALI, moved, period=MONTH), as_of="10-05")
    prove(outcome)
    assert findings(outcome) == []
    assert waiting(outcome, ORDER_GATEWAY) == [
        ("payment", 30, "inside the window", "cleared on 2026-10-07"),
        ("sale", 100, "inside the window", "cleared on 2026-10-06"),
    ]
    # The refund of B has no day of its own and is as late as its order.
    assert {reason for _, _, reason, _ in excluded(outcome)} == {"after as_of"}
    assert len(excluded(outcome)) == 6


def test_one_match_holds_the_parts_of_a_key_that_agree() -> None:
    listed, moved = [sub(90, "none"), borne(10, "10-03")], [settled(100), case_of(5)]
    outcome = reconciled(DOU, listed, FLOW, moved)
    assert matches(outcome) == [("by-order-number", "proved", "key", 3)]
    assert outcome.matches["residual"].tolist() == [0]
