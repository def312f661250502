"""Does a payout, or a bank row, still wait? Due days and coverage of the other side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from recon.breaks.order_cover import Cover
from recon.breaks.words import BEYOND, INSIDE, NO_FILE, UNPROVEN
from recon.ledger.transfers import Transfer
from recon.ledger.view import BANK, View
from recon.timing import Coverage, covered_by_all

#: A credit may stand for a payout of up to three working days before, so of a long weekend before.
_LOOK_BACK = 5


@dataclass(frozen=True)
class BankClock:
    """Answers for one run: `cover` of all accounts, `as_of` a day number."""

    view: View
    cover: Cover
    as_of: int

    def waits(self, transfer: Transfer, homes: frozenset[int]) -> str:
        """Return why a transfer still waits, "" when it is due and covered.

        Args:
            transfer: the payout.
            homes: bank accounts that received earlier payouts of this wallet; all bank accounts when empty.
        """
        banks = {int(code) for code in np.unique(self.view.account[self.view.side == BANK])}
        accounts = self._coverage({self.view.accounts[b] for b in (homes or banks)}) or self._banks()
        if transfer.due > self.as_of:
            return INSIDE
        if not accounts:
            return NO_FILE
        return self._reason(accounts, transfer.early, transfer.due)

    def row_waits(self, row: int, families: frozenset[int]) -> str:
        """Return why a bank row that names these families still waits for their payouts."""
        names = [self.view.families[f] for f in families if f >= 0]
        accounts = {a: c for a, c in self.cover.gateways.items() if a.split(":", 1)[0] in names}
        if not accounts:
            return NO_FILE
        day = int(self.view.day[row])
        return self._reason(accounts, day - _LOOK_BACK, day)

    def _banks(self) -> dict[str, Coverage]:
        names = {self.view.accounts[int(a)] for a in np.unique(self.view.account[self.view.side == BANK])}
        return self._coverage(names)

    def _coverage(self, names: set[str]) -> dict[str, Coverage]:
        return {name: self.cover.banks[name] for name in sorted(names) if name in self.cover.banks}

    def _reason(self, accounts: dict[str, Coverage], first: int, last: int) -> str:
        low, high = np.array([first]), np.array([last])
        if not covered_by_all(accounts, low, high)[0]:
            return BEYOND
        spans = [span for name in accounts for span in self.cover.unproven.get(name, ())]
        return UNPROVEN if any(start <= last and first <= end for start, end in spans) else ""
