"""Money accounts against their statements: opening balance, movements, closing balance (controls 1 and 2)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from recon.ledger.days import day_number, month_days
from recon.ledger.outcome import Outcome
from recon.ledger.view import BANK
from recon.vouchers.booking import Booked
from recon.vouchers.chart import MONEY, ROLE_CODE
from recon.vouchers.control import Control, control, movement_only
from recon.vouchers.scope import BOOK_CURRENCY, BOOKED, OTHER_BOOK


@dataclass(frozen=True, slots=True)
class Balance:
    """A printed balance: at the start of `first`, or at the end of `last`; days are day numbers."""

    account: int
    first: int
    last: int
    opening: int
    closing: int


def printed_balances(booked: Booked, outcome: Outcome) -> dict[int, tuple[Balance, ...]]:
    """Return the balances that proven statements print, per account code, by first and last day."""
    view = booked.view
    found: dict[int, set[Balance]] = {}
    files = view.entries["source_file"]
    for statement in outcome.statements:
        family = outcome.channels[statement.channel].family
        for facts in statement.accounts:
            if (
                facts.opening is None or facts.closing is None or facts.period_from is None or facts.period_to is None
                or facts.currency != BOOK_CURRENCY or not statement.proven
            ):  # fmt: skip
                continue
            key = f"{family}:{facts.account}"
            account = view.accounts.index(key) if key in view.accounts else _of_file(booked, files, statement.file)
            if account is not None:
                days = day_number(facts.period_from), day_number(facts.period_to)
                found.setdefault(account, set()).add(Balance(account, *days, facts.opening, facts.closing))
    return {code: tuple(sorted(held, key=lambda b: (b.first, b.last, b.opening))) for code, held in found.items()}


def _of_file(booked: Booked, files: pd.Series, file: str) -> int | None:
    """The one account that the rows of a file were found to belong to."""
    names = list(files.cat.categories)
    if file not in names:
        return None
    held = np.unique(booked.view.account[files.cat.codes.to_numpy() == names.index(file)])
    return int(held[0]) if len(held) == 1 else None


def unbroken(balances: tuple[Balance, ...]) -> tuple[Balance, ...]:
    """Return the statements from the first one on that carry each other's balance."""
    chain = [balances[0]]
    for one in balances[1:]:
        if one.opening != chain[-1].closing or one.first <= chain[-1].last:
            break
        chain.append(one)
    return tuple(chain)


def movement(booked: Booked, account: int, first: int, last: int) -> int:
    """Sum what was posted to a money account from day to day."""
    postings = booked.postings
    mine = (postings.role == ROLE_CODE[MONEY]) & (postings.money == account)
    mine &= (postings.day >= first) & (postings.day <= last)
    return int(postings.amount.sum(where=mine))


def unbooked(booked: Booked, account: int, first: int, last: int) -> int:
    """Sum the rows of an account that are in no voucher."""
    view, why = booked.view, booked.reasons
    rows = np.flatnonzero((why != BOOKED) & (why != OTHER_BOOK) & (view.account == account))
    day = view.day[rows]
    return int(view.amount[rows[(day >= first) & (day <= last)]].sum())


def balance_controls(booked: Booked, outcome: Outcome) -> list[Control]:
    """Return controls 1 and 2: opening balance and postings lead to the closing balance of the statement."""
    printed = printed_balances(booked, outcome)
    low, high = np.iinfo(np.int32).min, np.iinfo(np.int32).max
    found = []
    for code, account in enumerate(booked.accounts):
        if account is None:
            continue
        number = 2 if account.side == BANK else 1
        if code not in printed:
            found.append(movement_only(number, account.key, movement(booked, code, low, high)))
            continue
        chain = unbroken(printed[code])
        first, last = chain[0].first, chain[-1].last
        ledger = chain[0].opening + movement(booked, code, first, last)
        found.append(control(number, account.key, ledger, chain[-1].closing, -unbooked(booked, code, first, last)))
    return found


@dataclass(frozen=True, slots=True)
class PeriodBalance:
    """A balance that stands in the books: minor units at the start of a day (`opening`) or at the end of it."""

    code: str
    day: int
    amount: int
    opening: bool


def period_balances(booked: Booked, outcome: Outcome) -> tuple[PeriodBalance, ...]:
    """Return opening and closing balances of the period, by account code and day.

    The opening balance is the statement's, carried to the first day of the period by what was booked before it. A
    closing balance is given only where every row of the account up to it is booked and leads to it.
    """
    low, high = month_days(outcome.period)
    found = []
    for account, balances in printed_balances(booked, outcome).items():
        holder = booked.accounts[account]
        chain = unbroken(balances)
        first = chain[0].first
        if holder is None or first > high or chain[-1].last < low - 1:
            continue
        carried = chain[0].opening + movement(booked, account, first, low - 1)
        found.append(PeriodBalance(holder.code, low, carried, opening=True))
        for one in chain:
            whole = unbooked(booked, account, first, one.last) == 0
            leads = chain[0].opening + movement(booked, account, first, one.last) == one.closing
            if low <= one.last <= high and whole and leads:
                found.append(PeriodBalance(holder.code, one.last, one.closing, opening=False))
    return tuple(sorted(found, key=lambda b: (b.code, b.day, not b.opening)))
