"""What a file that holds only totals says of the bill beside it."""

from __future__ import annotations

import numpy as np

from recon.channels.cells import Cells
from recon.channels.statement import stated
from recon.ledger.statement import Summary, SumTotal


def summary_of(cells: Cells, account: str) -> Summary | None:
    """Return the totals of `spec.sums`; None where the spec names none, or not exactly one row holds them."""
    sums = cells.spec.sums
    if sums is None:
        return None
    rows = np.flatnonzero(cells.fits(sums.where, np.arange(cells.count)))
    if len(rows) != 1:
        return None
    printed = [(one, cells.amount(one.amount)) for one in sums.totals]
    totals = tuple(
        SumTotal(one.name, int(money.minor[rows[0]]), one.direction) for one, money in printed if money.present[rows[0]]
    )
    return Summary(sums.of, account, cells.currencies[1][0], stated(cells), totals)
