"""How rows are posted with their own day, account and amount."""

from __future__ import annotations

import numpy as np

from recon.ledger.view import View
from recon.vouchers.journal import Journal
from recon.vouchers.links import Links


class Poster:
    """Shorthand for rows posted with their own day, account and amount."""

    def __init__(self, journal: Journal, view: View, links: Links, singles: int) -> None:
        self.journal = journal
        self.view = view
        self.links = links
        self.singles = singles

    def single(self, rows: np.ndarray) -> np.ndarray:
        """The number that keeps a voucher single: the finding, else the entry itself."""
        return np.where(self.links.code[rows] >= 0, self.links.index[rows], self.singles + rows)

    def contra(self, event: str | np.ndarray, chosen: np.ndarray, role: str, *, single: bool = False) -> None:
        """Post the chosen rows whole: their account, and the contra role on the other side."""
        rows = np.flatnonzero(chosen)
        codes = event if isinstance(event, str) else event[rows]
        self.part(codes, rows, self.view.amount[rows], role, self.single(rows) if single else -1)

    def part(
        self, event: str | np.ndarray, rows: np.ndarray, amount: np.ndarray, role: str, single: np.ndarray | int = -1
    ) -> None:
        """Post an amount of each row: its account, and the contra role on the other side."""
        day, account = self.view.day[rows], self.view.account[rows]
        self.journal.money(event, rows, day, account, amount, single=single)
        self.journal.by_sign(event, rows, day, role, amount, single=single)
