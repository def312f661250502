"""Every entry that is booked, posted: over all days that the files cover, before a period is cut out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from recon.ledger.outcome import Outcome
from recon.ledger.view import View
from recon.vouchers.bank import post_banks
from recon.vouchers.journal import Journal, Postings
from recon.vouchers.links import Links, link
from recon.vouchers.profile import Profile
from recon.vouchers.sales import SalesBook
from recon.vouchers.scope import Ledgered, money_accounts, reasons
from recon.vouchers.wallet import Movements, post_wallets


@dataclass(frozen=True)
class Booked:
    """What was decided on the way.

    reasons: per entry scope.BOOKED, or why it is in no voucher. postings: those of the period first, `inside` of them.
    """

    view: View
    links: Links
    reasons: np.ndarray
    accounts: tuple[Ledgered | None, ...]
    moves: Movements
    postings: Postings
    inside: int


def book(outcome: Outcome, profile: Profile, ledger: View) -> Booked:
    """Post every entry that is booked, over all days of the files."""
    why = reasons(ledger, outcome)
    accounts = money_accounts(ledger, profile, outcome.lang)
    links = link(ledger, outcome, profile, why)
    journal = Journal(outcome.period)
    singles = int(outcome.findings["finding"].max()) + 1 if len(outcome.findings) else 0
    post_banks(journal, ledger, outcome, accounts, why, singles)
    moves = post_wallets(journal, ledger, outcome, links, profile, why, singles)
    SalesBook(journal, ledger, outcome, links, profile, moves).post(why, singles)
    postings, inside = journal.close()
    return Booked(ledger, links, why, accounts, moves, postings, inside)
