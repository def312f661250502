"""A merchant number that WeChat pays out day by day: the bank's rows, and what is wrong with some of them."""

from typing import Final

import numpy as np

from recon.samples.payouts import Amounts, Payer
from recon.samples.statement import BankRow
from recon.samples.truth import PAYOUTS, Finding, Truth, Waiting
from recon.samples.wechat_files import Bill

_MISSING: Final = "2026-10-12"
_SHORT: Final = "2026-10-14"
_LAST_DAY_OF_MONTH: Final = "2026-09-30"
_BEYOND: Final = "2026-10-22"
_INSIDE: Final = "2026-10-23"
_BEFORE: Final = 123_456
"""What the days before the first bill came to: their credit is no finding, it lies before the files."""


def pay_out_days(bill: Bill, merchant: str, payer: Payer, truth: Truth, free: Amounts) -> list[BankRow]:
    """Pay each day's foot out on the next calendar day; the bank statement ends the day before the last ones arrive."""
    days = bill.at.astype("datetime64[D]")
    rows = [_credit(np.datetime64("2026-09-20", "D"), _BEFORE, merchant, payer)]
    for day in np.unique(days):
        lines = bill.take(days == day)
        foot = int((lines.amount - lines.fee).sum())
        free.taken.add(foot)
        name = str(day)
        if name == _MISSING:
            truth.finds(_finding("missing_payout", lines, foot, 0))
        elif name == _SHORT:
            gap = _gap(lines)
            truth.finds(_finding("payout_mismatch", lines, foot, foot - gap))
            rows.append(_credit(day, foot - gap, merchant, payer))
        elif name in {_BEYOND, _INSIDE}:
            _wait(lines, "beyond the files" if name == _BEYOND else "inside the window", day, truth)
        else:
            rows.append(_credit(day, foot, merchant, payer))
        if name == _LAST_DAY_OF_MONTH:
            truth.finds(_finding("cutoff", lines, foot, foot))
    return rows


def _credit(day: np.datetime64, amount: int, merchant: str, payer: Payer) -> BankRow:
    next_day = str(day + 1)
    text = f"{next_day[5:7]}{next_day[8:10]}_{merchant}"
    return BankRow(f"{next_day} 07:{int(next_day[8:10]):02d}:00", amount, "汇兑", text, payer.name, payer.account)


def _gap(lines: Bill) -> int:
    """An amount that no line of the day has, so that none can be named as the one that is lacking."""
    sizes = set(np.abs(np.concatenate([lines.amount, lines.fee, lines.amount - lines.fee])).tolist())
    return next(gap for gap in range(100, 10_000, 100) if gap not in sizes)


def _finding(code: str, lines: Bill, expected: int, actual: int) -> Finding:
    severity, cause = ("info", "settlement_delay") if code == "cutoff" else ("medium", "")
    refund = lines.take(lines.amount < 0).refund.to_pylist()
    refs = (lines.order.to_pylist(), lines.payment.to_pylist(), refund)
    return Finding(code, PAYOUTS, severity, expected, actual, *refs, cause=cause)


def _wait(lines: Bill, reason: str, day: np.datetime64, truth: Truth) -> None:
    """The lines of a day whose credit is not due, or lies after the bank's last day."""
    for kind, mask in (("payment", lines.amount > 0), ("refund", lines.amount < 0)):
        part = lines.take(mask)
        due = np.full(len(part.at), day + 1)
        truth.waits(Waiting(PAYOUTS, reason, "gateway", kind, part.amount, part.order, part.payment, due))
        truth.waits(Waiting(PAYOUTS, reason, "gateway", "fee", -part.fee, part.order, part.payment, due))
