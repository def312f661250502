"""Whether a channel rounds its fee on each row or on the total of a batch: the batches show it.

Between the two lie at most half a minor unit per row, so a few batches tell them apart (812 rows: 345.44 or 346.85).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from recon.fees.contract import Rule, charge
from recon.money import Minor

Level = Literal["row", "batch"]


@dataclass(frozen=True, slots=True)
class Rounded:
    """Which level explains the batches: None where neither explains more than the other; hits per level."""

    level: Level | None
    by_row: int
    by_batch: int
    batches: int


def row_fees(gross: Minor, rule: Rule) -> Minor:
    """Return what the rule takes of each row, as a cost; of a refund (negative gross) it comes back or is kept."""
    back = charge(np.maximum(-gross, 0), rule) if rule.on_refund == "returned" else np.zeros_like(gross)
    return charge(np.maximum(gross, 0), rule) - back


def batch_fees(gross: Minor, batch: np.ndarray, count: int, rule: Rule) -> Minor:
    """Return what the rule takes of each batch when it is rounded once, on the batch's total.

    Args:
        gross: minor units per row, refunds negative.
        batch: number of each row's batch, 0..count-1.
        count: how many batches.
        rule: with `on_refund` kept the total is that of the payments, else payments less refunds.
    """
    base = np.maximum(gross, 0) if rule.on_refund == "kept" else gross
    total = np.zeros(count, dtype=np.int64)
    np.add.at(total, batch, base)
    return row_fees(total, rule)


def rounded(gross: Minor, batch: np.ndarray, paid: Minor, rule: Rule) -> Rounded:
    """Find the level at which the fee is rounded, from batches whose payout is known.

    Args:
        gross: minor units per row, refunds negative.
        batch: number of each row's batch, 0..len(paid)-1.
        paid: what each batch paid out.
        rule: what the channel charges.
    """
    total, of_rows = np.zeros(len(paid), dtype=np.int64), np.zeros(len(paid), dtype=np.int64)
    np.add.at(total, batch, gross)
    np.add.at(of_rows, batch, row_fees(gross, rule))
    by_row = int(np.count_nonzero(total - of_rows == paid))
    by_batch = int(np.count_nonzero(total - batch_fees(gross, batch, len(paid), rule) == paid))
    level: Level | None = None if by_row == by_batch else "row" if by_row > by_batch else "batch"
    return Rounded(level, by_row, by_batch, len(paid))
