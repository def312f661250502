"""Payments and refunds that one finding divides: up to what the order shows, and what goes beyond it.

Findings are few beside entries, so plain loops keep this readable. Rows are taken by day, then by place in the ledger.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from recon.ledger.outcome import Outcome
from recon.ledger.view import View
from recon.vouchers.links import Links


@dataclass(frozen=True)
class Shares:
    """Per row (a position in the ledger) the part within the order and the part beyond it; both carry its sign."""

    row: np.ndarray
    usual: np.ndarray
    excess: np.ndarray


def split_shares(view: View, outcome: Outcome, links: Links, rows: np.ndarray) -> Shares:
    """Divide the rows of doubled payments, doubled refunds and excess refunds.

    The part beyond the order is the finding's difference; earlier rows are within the order first.
    """
    order = _in_order(view, links, rows)
    difference = _by_finding(outcome, "difference")
    left: dict[int, int] = {}
    for row in order.tolist():
        finding = int(links.index[row])
        left[finding] = left.get(finding, -difference[finding]) + int(view.amount[row])
    usual = []
    for row in order.tolist():
        finding, amount = int(links.index[row]), int(view.amount[row])
        within = min(max(left[finding], 0), amount) if amount >= 0 else max(min(left[finding], 0), amount)
        left[finding] -= within
        usual.append(within)
    part = np.array(usual, dtype=np.int64)
    return Shares(order, part, view.amount[order] - part)


def as_agreed(view: View, outcome: Outcome, links: Links, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return rows of refunds that differ from the order, and what of each the order shows; the last takes the rest.

    Revenue is taken back as the order shows it; what was refunded above or below stays on the receivable.
    """
    order = _in_order(view, links, rows)
    expected = _by_finding(outcome, "expected")
    last = {int(links.index[row]): row for row in order.tolist()}
    left = {finding: min(expected[finding], 0) for finding in last}
    shown = []
    for row in order.tolist():
        finding = int(links.index[row])
        share = left[finding] if last[finding] == row else max(left[finding], int(view.amount[row]))
        left[finding] -= share
        shown.append(share)
    return order, np.array(shown, dtype=np.int64)


def _in_order(view: View, links: Links, rows: np.ndarray) -> np.ndarray:
    ordered: np.ndarray = rows[np.lexsort((rows, view.day[rows], links.index[rows]))]
    return ordered


def _by_finding(outcome: Outcome, column: str) -> dict[int, int]:
    numbers, values = (
        outcome.findings[name].fillna(0).to_numpy(dtype=np.int64).tolist() for name in ("finding", column)
    )
    return dict(zip(numbers, values, strict=True))
