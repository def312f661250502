"""What must hold before a voucher is written (会计基础工作规范 art. 51; 财会〔2024〕12号 art. 21).

What a user can mend (a period that is closed, a maker that is missing) is a note; what only the program can have
done wrong is a ConservationError.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from recon.errors import ConservationError
from recon.ledger.outcome import Outcome
from recon.ledger.parts import sum_by
from recon.ledger.view import View
from recon.vouchers.chart import ROLES
from recon.vouchers.journal import Postings
from recon.vouchers.postings import Summed, own_money
from recon.vouchers.profile import Profile


def check(
    summed: Summed, lines: pd.DataFrame, postings: Postings, view: View, outcome: Outcome, profile: Profile
) -> None:
    """Check drafted vouchers.

    Args:
        summed: vouchers as numbers.
        lines: the same as the rows of vouchers.csv.
        postings: what was summed.
        view: the ledger.
        outcome: the run.
        profile: its chart.

    Raises:
        ConservationError: a line has two sides or none; an account is missing, or its required customer; a date lies
            outside the period; numbers have gaps; a voucher id occurs twice; an entry moves a money account by
            another amount than its own, or twice; lines and entries differ.
    """
    _one_side(lines)
    _accounts(lines, profile)
    _period(lines, outcome)
    _numbers(summed.heads, profile)
    _entry_amounts(postings, view)
    _evidence(summed)


def _fail(what: str) -> None:
    raise ConservationError(f"vouchers: {what}")


def _one_side(lines: pd.DataFrame) -> None:
    if (lines["debit"].isna() == lines["credit"].isna()).any():
        _fail("a line has two sides or none")


def _accounts(lines: pd.DataFrame, profile: Profile) -> None:
    if (lines["account_code"] == "").any():
        role = lines.loc[lines["account_code"] == "", "role"].iloc[0]
        _fail(f"no account for {role} under {profile.standard}")
    owing = [name for name, role in ROLES.items() if "K" in role.dims]
    if lines.loc[lines["role"].isin(owing), "customer"].isna().any():
        _fail("a line lacks the customer that its account requires")


def _period(lines: pd.DataFrame, outcome: Outcome) -> None:
    if len(lines) and set(lines["period"]) != {outcome.period}:
        _fail(f"a date lies outside {outcome.period}")


def _numbers(heads: pd.DataFrame, profile: Profile) -> None:
    wanted = profile.number_from + np.arange(len(heads))
    if not np.array_equal(heads["number"].to_numpy(dtype=np.int64), wanted):
        _fail("numbers have gaps")
    if heads["voucher_id"].duplicated().any():
        _fail("two vouchers carry one id")


def _entry_amounts(postings: Postings, view: View) -> None:
    """A booked row of a statement moves its own account once, by its own amount."""
    own = np.flatnonzero(own_money(postings, view))
    rows = postings.row[own].astype(np.int64)
    moved = sum_by(rows, postings.amount[own], len(view))
    if not np.array_equal(moved[rows], view.amount[rows]):
        _fail("an entry moves its account by another amount than its own")


def _evidence(summed: Summed) -> None:
    entries, lines = summed.entries, summed.lines
    width = int(lines["line"].max()) + 1 if len(lines) else 1
    key = entries.column("voucher").to_numpy().astype(np.int64) * width + entries.column("line").to_numpy()
    place = np.full(max(len(summed.heads) * width, int(key.max(initial=-1)) + 1), -1, dtype=np.int64)
    place[lines["voucher"].to_numpy(dtype=np.int64) * width + lines["line"].to_numpy(dtype=np.int64)] = np.arange(
        len(lines)
    )
    at = place[key]
    if (at < 0).any():
        _fail("an entry names a line that is not there")
    total = np.abs(sum_by(at, entries.column("amount").to_numpy(), len(lines)))
    if not np.array_equal(total, lines["amount"].abs().to_numpy(dtype=np.int64)):
        _fail("the entries of a line do not add up to it")
