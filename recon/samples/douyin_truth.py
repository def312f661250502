"""What the planted sub-orders of the Douyin case must lead to."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from recon.samples.columns import NEVER, Times, number
from recon.samples.dice import Ints
from recon.samples.douyin_files import serial_text
from recon.samples.douyin_trade import (
    COMPLETED,
    DAY,
    MONTH_END,
    OVERCHARGE,
    PAID,
    SHIPPED,
    SHORTFALL,
    SURPLUS,
    Role,
    Trade,
)
from recon.samples.truth import FILE, ORDERS, Finding, Truth, Waiting

SHORT_SUBSIDY: Final = 200
"""Minor units of a platform's coupon of 10.00 that are not settled."""
ROW_GAP: Final = 111
"""Minor units that a row's printed net lacks of its parts."""


def fee(amount: Ints) -> Ints:
    """5 %, half up."""
    return (amount * 5 + 50) // 100


def serials(rows: Ints) -> Ints:
    """Numbers of the settlement rows."""
    return 202_600_000_000_000_000 + rows * 10


def again(rows: Ints) -> Ints:
    """Numbers of the rows that settle a sub-order a second time."""
    return serials(rows) + 1


def case_numbers(rows: Ints) -> Ints:
    """After-sale numbers."""
    return 145_000_000_000_000_000 + rows * 7


@dataclass(frozen=True)
class Case:
    """One planted sub-order: its sums in minor units and its numbers."""

    paid: int
    fee: int
    order: tuple[str]
    payment: tuple[str]
    second: tuple[str]
    refunds: tuple[str, str]
    case: tuple[str]


def cases(trade: Trade, *roles: Role) -> Iterator[Case]:
    """The planted sub-orders of these roles."""
    rows = trade.chosen(*roles)
    texts = [serial_text(serials(rows) + step).to_pylist() for step in (0, 1, 3, 4)]
    sums = (trade.paid[rows].tolist(), fee(trade.paid[rows]).tolist())
    names = (number(trade.main[rows]).to_pylist(), number(case_numbers(rows)).to_pylist())
    for paid, charged, order, case, one, two, three, four in zip(*sums, *names, *texts, strict=True):
        yield Case(paid, charged, (order,), (one,), (two,), (three, four), (case,))


def judge(trade: Trade, truth: Truth) -> None:
    """Note the findings of the planted sub-orders."""
    judge_payments(trade, truth)
    judge_rows(trade, truth)
    judge_refunds(trade, truth)
    over = np.isin(trade.role, _CROSSING) & (trade.done_at.astype("datetime64[D]") <= MONTH_END)
    rows = np.flatnonzero(over & (trade.settled_at.astype("datetime64[D]") > MONTH_END))
    total = int(trade.paid[rows].sum())
    refs = (number(trade.main[rows]).to_pylist(), serial_text(serials(rows)).to_pylist())
    if len(rows):
        truth.finds(Finding("cutoff", ORDERS, "info", total, total, *refs, cause="settlement_delay"))


_CROSSING: Final = (Role.PLAIN, Role.FIRST_DAY)


def judge_payments(trade: Trade, truth: Truth) -> None:
    """Findings of payment parts."""
    for c in cases(trade, Role.MISSING):
        truth.finds(Finding("missing_payment", ORDERS, "high", c.paid, 0, c.order))
    for role, change in ((Role.LESS, -SHORTFALL), (Role.MORE, SURPLUS)):
        for c in cases(trade, role):
            truth.finds(Finding("amount_mismatch", ORDERS, "medium", c.paid, c.paid + change, c.order, c.payment))
    for role, cause in ((Role.TWICE, ""), (Role.RETRIED, "retry")):
        for c in cases(trade, role):
            both = c.payment + c.second
            found = Finding("duplicate_payment", ORDERS, "high", c.paid, 2 * c.paid, c.order, both, cause=cause)
            truth.finds(found)
    for c in cases(trade, Role.CLOSED_PAID):
        truth.finds(Finding("status_mismatch", ORDERS, "high", 0, c.paid, c.order, c.payment))
    for c in cases(trade, Role.UNLISTED_PAID):
        why = "lost_callback"
        truth.finds(Finding("unknown_payment", ORDERS, "high", 0, c.paid, c.order, c.payment, cause=why))


def judge_rows(trade: Trade, truth: Truth) -> None:
    """Findings about subsidies, charges, a row's own sum, and time."""
    for c in cases(trade, Role.SUBSIDY_SHORT):
        borne = (1000, 1000 - SHORT_SUBSIDY)
        truth.finds(Finding("subsidy_mismatch", ORDERS, "medium", *borne, c.order, c.payment, cause="subsidy_short"))
    for c in cases(trade, Role.FEE_WRONG):
        truth.finds(Finding("fee_mismatch", ORDERS, "medium", -c.fee, -c.fee - OVERCHARGE, c.order, c.payment))
    for c in cases(trade, Role.ROW_GAP):
        net = c.paid - c.fee
        truth.finds(Finding("settlement_gap", FILE, "medium", net, net - ROW_GAP, c.order, c.payment))
    for c in cases(trade, Role.LATE):
        truth.finds(Finding("late_settlement", ORDERS, "info", c.paid, c.paid, c.order, c.payment))


def judge_refunds(trade: Trade, truth: Truth) -> None:
    """Findings of refund parts; the order file prints no amount of a refund."""
    for c in cases(trade, Role.REFUND_TWICE):
        part = c.paid * 2 // 5
        truth.finds(Finding("duplicate_refund", ORDERS, "high", -part, -2 * part, c.order, c.refunds, c.case))
    for c in cases(trade, Role.REFUND_OVER):
        refs = (c.order, c.refunds[:1], c.case)
        truth.finds(Finding("excess_refund", ORDERS, "high", -c.paid, -c.paid - SURPLUS, *refs))
    for c in cases(trade, Role.REFUND_UNASKED, Role.UNLISTED_REFUND):
        refs = (c.order, c.refunds[:1], c.case)
        truth.finds(Finding("unknown_refund", ORDERS, "low", 0, -(c.paid * 2 // 5), *refs))
    for c in cases(trade, Role.REFUND_MISSING):
        truth.finds(Finding("missing_refund", ORDERS, "high", -c.paid, 0, c.order, c.payment))


def wait(trade: Trade, truth: Truth) -> None:
    """Sub-orders not completed, or completed less than ten days ago and not settled."""
    open_ones = np.flatnonzero(np.isin(trade.state, (SHIPPED, PAID)))
    _waits(trade, truth, "not due", open_ones, np.full(len(open_ones), NEVER))
    unsettled = (trade.state == COMPLETED) & np.isnat(trade.settled_at) & ~trade.any(Role.MISSING)
    rows = np.flatnonzero(unsettled & trade.listed)
    due: Times = trade.done_at[rows].astype("datetime64[D]") + 10 * DAY
    _waits(trade, truth, "inside the window", rows, due)


def _waits(trade: Trade, truth: Truth, reason: str, rows: Ints, due: Times) -> None:
    order = number(trade.main[rows])
    truth.waits(Waiting(ORDERS, reason, "order", "sale", trade.paid[rows], order, "", due))
