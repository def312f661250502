"""Small differences that a rule of the company accepts -> postings (E26): out of the receivable, into their account.

They are written off when the sale is recognised: before, there is no receivable, and the advance keeps what came.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from recon.ledger.days import NO_DAY
from recon.ledger.outcome import MATCHED
from recon.ledger.view import GATEWAY, KIND, View
from recon.vouchers.chart import DEBIT
from recon.vouchers.journal import Journal, one_of
from recon.vouchers.links import FAR, Links
from recon.vouchers.tax import sorted_by
from recon.vouchers.wallet import Movements


@dataclass(frozen=True)
class WriteOffs:
    """One line per order: the last row of its money, the day, and the difference (+ a gain, - a loss).

    held: the part of it that the advance holds, since the money came before the sale; the receivable holds the rest.
    """

    row: np.ndarray
    day: np.ndarray
    amount: np.ndarray
    held: np.ndarray


def write_offs(view: View, links: Links, moves: Movements, drawn: np.ndarray) -> WriteOffs:
    """Return what is written off.

    Args:
        view: the ledger.
        links: pools with what is accepted of each.
        moves: the money.
        drawn: per pool, what its sales took of the advance.
    """
    accepted = (links.accepted_paid != 0) | (links.accepted_returned != 0)
    due = accepted & (links.pool_day != FAR) & (links.pool_day != NO_DAY)
    money = links.member & (links.group == MATCHED) & (view.side == GATEWAY)
    rows = np.flatnonzero(money & one_of(view.kind, (KIND["payment"], KIND["refund"])) & (links.pool >= 0))
    rows = rows[due[links.pool[rows]]]
    order = sorted_by(links.pool[rows], view.day[rows], rows)
    row = rows[order[np.flatnonzero(np.diff(links.pool[rows[order]], append=-1))]]
    pool = links.pool[row]
    return WriteOffs(
        row=row,
        day=np.maximum(view.day[row], links.pool_day[pool]),
        amount=(links.accepted_paid + links.accepted_returned)[pool],
        # Of a sale that a finding holds the rest stays open, wherever it stands.
        held=np.where(links.matched_pool[pool], moves.advance[pool] - drawn[pool], 0),
    )


def post_write_offs(journal: Journal, off: WriteOffs, single: np.ndarray) -> None:
    """Post losses and gains against the receivable; the part that the advance holds is posted with the advances."""
    journal.by_sign("write_off", off.row, off.day, "ar", off.held - off.amount, single=single)
    journal.post("write_off", off.row, off.day, "rounding", DEBIT, -off.amount, single=single)
