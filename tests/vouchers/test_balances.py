"""Statements that carry each other's balance, and those that do not."""

from __future__ import annotations

from dataclasses import replace

from recon.vouchers.control import OK
from recon.vouchers.drafts import draft
from recon.vouchers.profile import Profile
from tests.vouchers.books import Book


def week() -> Book:
    book = Book()
    for n in range(1, 5):
        book.entry(f"i{n}", "alipay.cash", "interest", f"2026-03-0{n}", 100)
    book.statement("alipay.cash", "2026-03-01", "2026-03-02", 1000, 1200)
    book.statement("alipay.cash", "2026-03-03", "2026-03-04", 1200, 1400)
    return book


def test_statements_carry_on() -> None:
    drafts = week().draft()
    wallet = next(c for c in drafts.controls if c.number == 1)
    assert (wallet.ledger, wallet.statement, wallet.state) == (1400, 1400, OK)
    assert [(b.amount, b.opening) for b in drafts.balances] == [(1000, True), (1200, False), (1400, False)]


def test_what_follows_a_break_is_not_asserted() -> None:
    book = week()
    book.statements.pop()
    book.statement("alipay.cash", "2026-03-03", "2026-03-04", 1300, 1500)
    drafts = book.draft()
    assert [b.amount for b in drafts.balances] == [1000, 1200]


def test_statement_of_another_month_gives_no_balance() -> None:
    drafts = week().draft(period="2026-05")
    assert drafts.balances == ()


def test_balances_of_the_month_before_open_the_period() -> None:
    book = week()
    book.entry("i5", "alipay.cash", "interest", "2026-04-01", 50)
    book.statement("alipay.cash", "2026-03-05", "2026-04-30", 1400, 1450)
    drafts = book.draft(period="2026-04")
    assert [(b.amount, b.opening) for b in drafts.balances] == [(1400, True), (1450, False)]


def test_file_that_prints_no_account_belongs_to_the_account_of_its_rows() -> None:
    book = Book()
    book.entry("c", "wechatpay.fundflow", "interest", "2026-03-02", 200)
    book.statement("wechatpay.fundflow", "2026-03-01", "2026-03-03", 0, 200)
    nameless = replace(book.statements[0].accounts[0], account="wechatpay.fundflow:default")
    book.statements[0] = replace(book.statements[0], accounts=(nameless,))
    assert next(c for c in book.draft().controls if c.number == 1).state == OK


def test_balances_in_foreign_currency_and_of_unproven_files_do_not_count() -> None:
    book = week()
    one, other = book.statements
    dollars = replace(one.accounts[0], currency="USD")
    book.statements = [replace(one, accounts=(dollars,)), replace(other, balance_chain="broken")]
    assert draft(book.outcome(), Profile()).balances == ()
