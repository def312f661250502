"""Does a payout, or a bank row, still wait? Due days and coverage of the other side."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from recon.breaks.order_cover import Cover
from recon.breaks.words import BEYOND, INSIDE, NO_FILE, UNPROVEN
from recon.ledger.channel import ChannelFacts
from recon.ledger.transfers import Transfer
from recon.ledger.view import View
from recon.timing import Coverage, covered_by_all, window

#: How far back a payout is looked for that reaches the bank in time: the longest run of holidays and a window.
_FARTHEST = 40


def sent_from(channels: Mapping[str, ChannelFacts], families: Collection[str], day: int) -> int:
    """Return the first day on which a payout of these families may leave to be at the bank in time on `day`."""
    days = np.arange(day - _FARTHEST, day + 1)
    first = day
    for facts in channels.values():
        if facts.family in families and facts.side == "gateway":
            early, due = window(facts.arrival, days)
            first = min(first, *days[(early <= day) & (day <= due)].tolist(), day)
    return first


@dataclass(frozen=True)
class BankClock:
    """Answers for one run: facts per channel, `cover` of all accounts, `senders` (the days on which a wallet's files
    tell its payouts), `as_of` a day number.
    """

    view: View
    channels: Mapping[str, ChannelFacts]
    cover: Cover
    senders: Mapping[str, Coverage]
    as_of: int

    def waits(self, transfer: Transfer, homes: frozenset[int]) -> str:
        """Return why a transfer still waits, "" when it is due and covered.

        Args:
            transfer: the payout.
            homes: bank accounts that received earlier payouts of this wallet; all bank accounts when empty.
        """
        names = sorted(self.view.accounts[b] for b in homes)
        at_home = {name: self.cover.banks[name] for name in names if name in self.cover.banks}
        accounts = at_home or self.cover.banks
        if transfer.due > self.as_of:
            return INSIDE
        if not accounts:
            return NO_FILE
        return self._reason(accounts, transfer.early, transfer.due)

    def unproven(self, transfer: Transfer) -> bool:
        """Say whether what a transfer should bring is the foot of lines of a file that does not foot itself."""
        if transfer.form == "payout":
            return False
        spans = self.cover.unproven.get(self.view.accounts[transfer.account], ())
        days = self.view.day[list(transfer.rows)]
        return any(bool(((days >= first) & (days <= last)).any()) for first, last in spans)

    def row_waits(self, row: int, families: frozenset[int]) -> str:
        """Return why a bank row that names these families still waits for their payouts."""
        names = [self.view.families[f] for f in families if f >= 0]
        accounts = {a: c for a, c in self.senders.items() if a.split(":", 1)[0] in names}
        if not accounts:
            return NO_FILE
        day = int(self.view.day[row])
        return self._reason(accounts, sent_from(self.channels, names, day), day)

    def _reason(self, accounts: Mapping[str, Coverage], first: int, last: int) -> str:
        spans = [span for name in accounts for span in self.cover.unproven.get(name, ())]
        if any(start <= last and first <= end for start, end in spans):
            return UNPROVEN
        return "" if covered_by_all(accounts, np.array([first]), np.array([last]))[0] else BEYOND
