"""The way from an outcome to draft vouchers: scope, links, postings, sums, checks.

entries ─ scope ─ links ─┬─ wallet, charges ─┐
├─ bank ────────────┼─ journal ─ postings ─ vouchers
└─ sales ───────────┘
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import pyarrow as pa

from recon.ledger.outcome import Outcome
from recon.ledger.view import View, view
from recon.vouchers.balances import PeriodBalance, period_balances
from recon.vouchers.booking import book
from recon.vouchers.checks import check
from recon.vouchers.control import Control
from recon.vouchers.controls import controls
from recon.vouchers.formats.table import lines_table
from recon.vouchers.notes import notes
from recon.vouchers.postings import sum_up
from recon.vouchers.profile import Profile
from recon.vouchers.scope import Ledgered


@dataclass(frozen=True)
class Drafts:
    """Draft vouchers of one period.

    lines: columns of vouchers.csv; debit, credit and foreign_amount are minor units, null on the empty side.
    entries: what each line is made of: voucher (position of the voucher by number, from 0), line, row (position in
    `outcome.entries`), match and finding (numbers of the outcome, null without), amount in minor units.
    controls: totals of the vouchers against what they must equal. notes: what a reader must know, one line each.
    assumed: accounts and rates are defaults that nobody confirmed. accounts: the money accounts of the run.
    balances: opening and closing balances of the period that the statements print.
    """

    lines: pd.DataFrame
    entries: pa.Table
    controls: tuple[Control, ...]
    notes: tuple[str, ...]
    assumed: bool
    accounts: tuple[Ledgered, ...]
    balances: tuple[PeriodBalance, ...]


def draft(outcome: Outcome, profile: Profile, ledger: View | None = None) -> Drafts:
    """Draft the vouchers of `outcome.period`.

    Args:
        outcome: the result of a run; matching has seen every entry, whatever its period.
        profile: how the company keeps its books.
        ledger: the view of `outcome.entries`, where it has been made already.

    Raises:
        ConservationError: when a voucher does not balance or an entry is booked twice or in part.
    """
    booked = book(outcome, profile, view(outcome.entries, outcome.channels) if ledger is None else ledger)
    closed = outcome.period in profile.closed_periods
    chosen = booked.postings.take(slice(0, 0 if closed else booked.inside))
    summed = sum_up(chosen, booked.view, outcome, booked.links, profile)
    lines = lines_table(summed, booked.view, booked.accounts, outcome, profile)
    check(summed, lines, chosen, booked.view, outcome, profile)
    return Drafts(
        lines=lines,
        entries=summed.entries,
        controls=controls(booked, chosen, summed, outcome, profile),
        notes=notes(booked, chosen, outcome, profile),
        assumed=profile.assumed,
        accounts=tuple(account for account in booked.accounts if account is not None),
        balances=() if closed else period_balances(booked, outcome),
    )
