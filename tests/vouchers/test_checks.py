"""Every check stops a voucher that is wrong: each is shown one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from recon.errors import ConservationError
from recon.ledger.view import view
from recon.vouchers.booking import book
from recon.vouchers.checks import check
from recon.vouchers.formats.table import lines_table
from recon.vouchers.postings import sum_up
from recon.vouchers.profile import Profile
from tests.vouchers.books import Book


class Checked:
    """A correct draft, taken apart so that a test can spoil one piece."""

    def __init__(self) -> None:
        story = Book()
        story.order("s", "T1", 16900, "2026-03-02", "2026-03-09", released=16900)
        story.entry("p", "alipay.cash", "payment", "2026-03-09", 16900, order_ref="T1")
        story.match("s", "p")
        self.outcome = story.outcome()
        self.profile = Profile()
        self.view = view(self.outcome.entries, self.outcome.channels)
        booked = book(self.outcome, self.profile, self.view)
        self.postings = booked.postings.take(slice(0, booked.inside))
        self.summed = sum_up(self.postings, self.view, self.outcome, booked.links, self.profile)
        self.links = booked.links
        self.lines = lines_table(self.summed, self.view, booked.accounts, self.outcome, self.profile)

    def run(self, **changed: Any) -> None:
        parts = {name: changed.get(name, getattr(self, name)) for name in ("summed", "lines", "postings", "view")}
        check(*parts.values(), self.outcome, self.profile)


@pytest.fixture
def good() -> Checked:
    return Checked()


def spoiled(lines: pd.DataFrame, column: str, value: object) -> pd.DataFrame:
    lines = lines.copy()
    lines.loc[0, column] = value
    return lines


def test_correct_vouchers_pass(good: Checked) -> None:
    good.run()


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("credit", 1, "two sides or none"),
        ("debit", pd.NA, "two sides or none"),
        ("account_code", "", "no account for ar"),
        ("customer", None, "lacks the customer"),
        ("period", "2026-04", "outside 2026-03"),
    ],
)
def test_a_spoiled_line_is_refused(good: Checked, column: str, value: object, message: str) -> None:
    with pytest.raises(ConservationError, match=message):
        good.run(lines=spoiled(good.lines, column, value))


def test_a_gap_in_the_numbers_is_refused(good: Checked) -> None:
    heads = good.summed.heads.assign(number=lambda h: h["number"] * 2)
    with pytest.raises(ConservationError, match="numbers have gaps"):
        good.run(summed=replace(good.summed, heads=heads))


def test_two_vouchers_of_one_id_are_refused(good: Checked) -> None:
    heads = good.summed.heads.assign(voucher_id="same")
    with pytest.raises(ConservationError, match="two vouchers carry one id"):
        good.run(summed=replace(good.summed, heads=heads))


def test_an_entry_booked_twice_is_refused(good: Checked) -> None:
    doubled = replace(good.postings, amount=good.postings.amount * 2)
    with pytest.raises(ConservationError, match="another amount than its own"):
        good.run(postings=doubled)


def test_a_line_without_its_entries_is_refused(good: Checked) -> None:
    with pytest.raises(ConservationError, match="do not add up"):
        good.run(summed=replace(good.summed, entries=good.summed.entries.slice(1)))
    fewer = good.summed.lines.iloc[1:].reset_index(drop=True)
    with pytest.raises(ConservationError, match="a line that is not there"):
        good.run(summed=replace(good.summed, lines=fewer))


def test_a_voucher_that_does_not_balance_is_refused(good: Checked) -> None:
    amount = good.postings.amount.copy()
    amount[0] += 1
    with pytest.raises(ConservationError, match="does not balance"):
        sum_up(replace(good.postings, amount=amount), good.view, good.outcome, good.links, good.profile)
