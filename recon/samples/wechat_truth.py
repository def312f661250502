"""What the planted orders of the WeChat case must lead to."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from recon.samples.dice import Ints
from recon.samples.truth import BOOKS, ORDERS, Finding, Truth, Waiting
from recon.samples.wechat_trade import DAY, LAST, Role, Trade

SURPLUS: Final = 660
"""Minor units that a payment or a refund has too much."""
SHORTFALL: Final = 1234
GOODWILL: Final = 500
OVERCHARGE: Final = 35
BOOK_GAP: Final = 100
"""Minor units by which the fund bill's payment is smaller."""
BOOK_FEE: Final = 6
"""Minor units by which the fund bill's fee is larger."""


def fee(amount: Ints) -> Ints:
    """0.6 %, half up."""
    return (amount * 6 + 500) // 1000


@dataclass(frozen=True)
class Case:
    """One planted order: its sums in minor units and its numbers; `second` ones are those of the doubled row."""

    paid: int
    refund: int
    fee: int
    order: tuple[str]
    payment: tuple[str]
    second_payment: tuple[str]
    case: tuple[str]
    second_case: tuple[str]


def cases(trade: Trade, *roles: Role) -> Iterator[Case]:
    """The planted orders of these roles."""
    rows = trade.chosen(*roles)
    sums = zip(trade.paid[rows].tolist(), trade.refund[rows].tolist(), fee(trade.paid[rows]).tolist(), strict=True)
    columns = (
        trade.order_numbers(rows), trade.payment_numbers(rows), trade.payment_numbers(rows, 1),
        trade.refund_numbers(rows), trade.refund_numbers(rows, 1),
    )  # fmt: skip
    numbers = zip(*(column.to_pylist() for column in columns), strict=True)
    for (paid, refund, charged), (order, one, two, first, second) in zip(sums, numbers, strict=True):
        yield Case(paid, refund, charged, (order,), (one,), (two,), (first,), (second,))


def judge_payments(trade: Trade, truth: Truth) -> None:
    """Findings of payment parts."""
    missing = ((Role.MISSING, "high"), (Role.MISSING_UNSHIPPED, "medium"))
    for role, severity in missing:
        for c in cases(trade, role):
            truth.finds(Finding("missing_payment", ORDERS, severity, c.paid, 0, c.order, c.payment))
    for c in cases(trade, Role.SET_BY_HAND):
        truth.finds(Finding("missing_payment", ORDERS, "high", c.paid, 0, c.order, cause="set_by_hand"))
    for role, change in ((Role.LESS, -SHORTFALL), (Role.MORE, SURPLUS)):
        for c in cases(trade, role):
            truth.finds(Finding("amount_mismatch", ORDERS, "medium", c.paid, c.paid + change, c.order, c.payment))
    for role, cause in ((Role.TWICE, ""), (Role.RETRIED, "retry")):
        for c in cases(trade, role):
            both = c.payment + c.second_payment
            found = Finding("duplicate_payment", ORDERS, "high", c.paid, 2 * c.paid, c.order, both, cause=cause)
            truth.finds(found)
    judge_odd_payments(trade, truth)


def judge_odd_payments(trade: Trade, truth: Truth) -> None:
    """Findings about payments in the wrong state, place or time, and about what was charged."""
    code, why = "status_mismatch", "lost_callback"
    for c in cases(trade, Role.CLOSED_PAID):
        truth.finds(Finding(code, ORDERS, "high", 0, c.paid, c.order, c.payment))
    for c in cases(trade, Role.UNPAID_PAID):
        truth.finds(Finding(code, ORDERS, "high", 0, c.paid, c.order, c.payment, cause=why))
    for c in cases(trade, Role.UNLISTED_PAID):
        truth.finds(Finding("unknown_payment", ORDERS, "high", 0, c.paid, c.order, c.payment, cause=why))
    for c in cases(trade, Role.ELSEWHERE):
        both_codes = "unknown_payment;missing_payment"
        truth.finds(Finding("wrong_account", ORDERS, "high", c.paid, 0, c.order, c.payment, symptoms=both_codes))
    for c in cases(trade, Role.FEE_WRONG):
        truth.finds(Finding("fee_mismatch", ORDERS, "medium", -c.fee, -c.fee - OVERCHARGE, c.order, c.payment))
    for c in cases(trade, Role.LATE):
        truth.finds(Finding("late_settlement", ORDERS, "info", c.paid, c.paid, c.order, c.payment))
    over = list(cases(trade, Role.CUTOFF))
    total, orders = sum(c.paid for c in over), [c.order[0] for c in over]
    truth.finds(Finding("cutoff", ORDERS, "info", total, total, orders, [c.payment[0] for c in over], cause="day_cut"))


def judge_refunds(trade: Trade, truth: Truth) -> None:
    """Findings of refund parts."""
    twice = ((Role.REFUND_TWICE, "", ""), (Role.REFUND_RETRIED, "retry", "excess_refund"))
    for role, cause, also in twice:
        for c in cases(trade, role):
            found = _refund("duplicate_refund", c, -c.refund, -2 * c.refund, c.second_case, cause=cause, symptoms=also)
            truth.finds(found)
    for c in cases(trade, Role.REFUND_OVER):
        truth.finds(_refund("excess_refund", c, -c.refund, -c.refund - SURPLUS))
    for c in cases(trade, Role.GOODWILL):
        total = -c.refund - GOODWILL
        truth.finds(_refund("excess_refund", c, -c.refund, total, c.second_case, cause="compensation"))
    for c in cases(trade, Role.REFUND_UNASKED, Role.UNLISTED_REFUND):
        truth.finds(_refund("unknown_refund", c, 0, -(c.paid * 2 // 5), severity="low"))
    for c in cases(trade, Role.REFUND_MISSING):
        truth.finds(Finding("missing_refund", ORDERS, "high", -c.refund, 0, c.order, c.payment))


def _refund(
    code: str,
    c: Case,
    expected: int,
    actual: int,
    second: tuple[str, ...] = (),
    *,
    severity: str = "high",
    cause: str = "",
    symptoms: str = "",
) -> Finding:
    refs = (c.order, c.payment, c.case + second)
    return Finding(code, ORDERS, severity, expected, actual, *refs, cause=cause, symptoms=symptoms)


def judge_books(trade: Trade, truth: Truth) -> None:
    """Findings between the trade bill and the fund bill."""
    for c in cases(trade, Role.BOOK_MISSING):
        code, also = "settlement_gap", "fee_mismatch"
        truth.finds(Finding(code, BOOKS, "medium", c.paid, 0, c.order, c.payment, symptoms=also))
    for c in cases(trade, Role.BOOK_DIFFERS):
        truth.finds(Finding("amount_mismatch", BOOKS, "medium", c.paid, c.paid - BOOK_GAP, c.order, c.payment))
    for c in cases(trade, Role.BOOK_FEE):
        truth.finds(Finding("fee_mismatch", BOOKS, "medium", -c.fee, -c.fee - BOOK_FEE, c.order, c.payment))


def wait(trade: Trade, truth: Truth) -> None:
    """Orders whose partner is not due."""
    for role, kind, days in ((Role.DUE_TOMORROW, "sale", 1), (Role.REFUND_WAITING, "refund", 1)):
        rows = trade.chosen(role)
        amount = trade.paid[rows] if kind == "sale" else -trade.refund[rows]
        due = np.full(len(rows), LAST + days * DAY)
        numbers = (trade.order_numbers(rows), trade.payment_numbers(rows))
        truth.waits(Waiting(ORDERS, "inside the window", "order", kind, amount, *numbers, due))
