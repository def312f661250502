"""What the planted orders of the Taobao case must lead to."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa

from recon.samples.alipay import trade_number
from recon.samples.columns import NEVER, number
from recon.samples.dice import Ints
from recon.samples.taobao_orders import PAID, SHIPPED
from recon.samples.taobao_trade import DAY, LAST, SURPLUS, Role, Trade
from recon.samples.truth import ORDERS, Finding, Truth, Waiting

AGAIN: Final = 7
"""Added to the serial of a trade that is settled a second time."""
GOODWILL: Final = 500
OVERCHARGE: Final = 35


@dataclass(frozen=True)
class Case:
    """One planted order: its sums in minor units and its numbers."""

    paid: int
    received: int
    refund: int
    returned: int
    fee: int
    order: tuple[str]
    trade: tuple[str]
    again: tuple[str]


def cases(trade: Trade, role: Role) -> Iterator[Case]:
    """The planted orders of one role."""
    rows = trade.chosen(role)
    order, again = number(trade.order[rows]), trade_number(trade.paid_at[rows], trade.trade[rows] + AGAIN)
    columns = (
        trade.paid[rows], trade.received_amount[rows], trade.refund[rows], trade.refund_amount[rows],
        (trade.paid[rows] * 6 + 500) // 1000,
    )  # fmt: skip
    numbers = trade_number(trade.paid_at[rows], trade.trade[rows])
    sums = zip(*(column.tolist() for column in columns), strict=True)
    refs = zip(texts(order), texts(numbers), texts(again), strict=True)
    for (paid, received, refund, returned, fee), (one, two, three) in zip(sums, refs, strict=True):
        yield Case(paid, received, refund, returned, fee, (one,), (two,), (three,))


def texts(column: pa.Array) -> list[str]:
    """A column of text as a list."""
    values: list[str] = column.to_pylist()
    return values


def judge_payments(trade: Trade, truth: Truth) -> None:
    """Findings of payment parts."""
    for c in cases(trade, Role.MISSING):
        truth.finds(Finding("missing_payment", ORDERS, "high", c.paid, 0, c.order))
    for role in (Role.LESS, Role.MORE):
        for c in cases(trade, role):
            truth.finds(Finding("amount_mismatch", ORDERS, "medium", c.paid, c.received, c.order, c.trade))
    for role, cause in ((Role.TWICE, ""), (Role.RETRIED, "retry")):
        for c in cases(trade, role):
            both = c.trade + c.again
            found = Finding("duplicate_payment", ORDERS, "high", c.paid, 2 * c.paid, c.order, both, cause=cause)
            truth.finds(found)
    for role, cause in ((Role.CLOSED_PAID, ""), (Role.UNPAID_PAID, "lost_callback")):
        for c in cases(trade, role):
            truth.finds(Finding("status_mismatch", ORDERS, "high", 0, c.paid, c.order, c.trade, cause=cause))


def judge_settlement(trade: Trade, truth: Truth) -> None:
    """Findings about where and when the money came, and what was charged."""
    for c in cases(trade, Role.ELSEWHERE):
        both_codes = "unknown_payment;missing_payment"
        truth.finds(Finding("wrong_account", ORDERS, "high", c.paid, 0, c.order, c.trade, symptoms=both_codes))
    for c in cases(trade, Role.FEE_WRONG):
        truth.finds(Finding("fee_mismatch", ORDERS, "medium", -c.fee, -c.fee - OVERCHARGE, c.order, c.trade))
    for c in cases(trade, Role.LATE):
        truth.finds(Finding("late_settlement", ORDERS, "info", c.paid, c.paid, c.order, c.trade))
    over = list(cases(trade, Role.CUTOFF))
    total, orders = sum(c.paid for c in over), [c.order[0] for c in over]
    trades = [c.trade[0] for c in over]
    truth.finds(Finding("cutoff", ORDERS, "info", total, total, orders, trades, cause="day_cut"))


def judge_refunds(trade: Trade, truth: Truth) -> None:
    """Findings of refund parts."""
    for c in cases(trade, Role.REFUND_TWICE):
        truth.finds(Finding("duplicate_refund", ORDERS, "high", -c.refund, -2 * c.refund, c.order, c.trade))
    for c in cases(trade, Role.REFUND_RETRIED):
        code, twice, also = "duplicate_refund", -2 * c.refund, "excess_refund"
        truth.finds(Finding(code, ORDERS, "high", -c.refund, twice, c.order, c.trade, cause="retry", symptoms=also))
    for c in cases(trade, Role.REFUND_OVER):
        truth.finds(Finding("excess_refund", ORDERS, "high", -c.refund, -c.refund - SURPLUS, c.order, c.trade))
    for c in cases(trade, Role.GOODWILL):
        total = -c.refund - GOODWILL
        found = Finding("excess_refund", ORDERS, "high", -c.refund, total, c.order, c.trade, cause="compensation")
        truth.finds(found)
    for c in cases(trade, Role.REFUND_UNASKED):
        truth.finds(Finding("unknown_refund", ORDERS, "low", 0, -c.returned, c.order, c.trade))
    for c in cases(trade, Role.REFUND_MISSING):
        truth.finds(Finding("missing_refund", ORDERS, "high", -c.refund, 0, c.order))


def wait(trade: Trade, truth: Truth) -> None:
    """Orders and money whose partner is not due, or cannot be judged from these files."""
    older = trade.role == Role.OLDER
    early = trade.role == Role.EARLY_EXPORT
    open_ones = np.isin(trade.state, (SHIPPED, PAID)) & ~older & ~early
    _waits(trade, truth, "not due", "sale", np.flatnonzero(open_ones), trade.paid)
    _waits(trade, truth, "inside the window", "sale", trade.chosen(Role.DUE_TOMORROW), trade.paid, 1)
    rows = trade.chosen(Role.REFUND_WAITING)
    _waits(trade, truth, "inside the window", "refund", rows, -trade.refund, 2)
    _waits(trade, truth, "part paid", "sale", trade.chosen(Role.PART_PAID), trade.paid, 1)
    _waits(trade, truth, "part paid", "payment", trade.chosen(Role.PART_PAID), trade.received_amount, 1)
    _waits(trade, truth, "order file older than the money", "sale", np.flatnonzero(older), trade.paid)
    _waits(trade, truth, "order file older than the money", "payment", np.flatnonzero(older), trade.received_amount, -2)


def _waits(
    trade: Trade, truth: Truth, reason: str, kind: str, rows: Ints, amount: Ints, after: int | None = None
) -> None:
    """Entries in transit; `after` is the due day, counted from the last day of the files."""
    side = "gateway" if kind == "payment" else "order"
    due = np.full(len(rows), NEVER) if after is None else np.full(len(rows), LAST + after * DAY)
    payment = trade_number(trade.paid_at[rows], trade.trade[rows]) if side == "gateway" else ""
    truth.waits(Waiting(ORDERS, reason, side, kind, amount[rows], number(trade.order[rows]), payment, due))
