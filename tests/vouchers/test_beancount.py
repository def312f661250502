"""What Beancount's own loader says of the ledgers."""

from __future__ import annotations

import re

from beancount import loader
from beancount.core import data

from recon.vouchers.formats.beancount import beancount_text
from tests.vouchers.books import Book


def story() -> Book:
    book = Book()
    book.order("s", "T1", 16900, "2026-03-02", "2026-03-09", released=16900, shop='天猫"A"店')
    book.entry("p", "alipay.cash", "payment", "2026-03-09", 16900, order_ref="T1")
    book.entry("c", "alipay.cash", "commission", "2026-03-09", -895, order_ref="T1")
    book.entry("w", "alipay.cash", "payout", "2026-03-31", -10000)
    book.match("s", "p", "c")
    book.statement("alipay.cash", "2026-03-01", "2026-03-31", 5000, 5000 + 16900 - 895 - 10000)
    return book


def test_loader_accepts_the_ledger_with_its_balances() -> None:
    text = beancount_text(story().draft(assumed=True), "2026-03")
    entries, errors, _ = loader.load_string(text)
    assert not errors
    assert text.startswith("; ASSUMED")
    assert len([e for e in entries if isinstance(e, data.Transaction)]) == 4
    assert [str(e.amount) for e in entries if isinstance(e, data.Balance)] == ["110.05 CNY"]


def test_loader_refuses_a_wrong_fen() -> None:
    text = beancount_text(story().draft(), "2026-03")
    wrong = re.sub(r"110\.05 ~", "110.06 ~", text)
    assert loader.load_string(wrong)[1]


def test_account_with_rows_out_of_the_books_has_no_balance() -> None:
    book = story()
    book.entry("u", "alipay.cash", "payment", "2026-03-10", 700, currency="USD")
    text = beancount_text(book.draft(), "2026-03", "en")
    assert " balance " not in text
    assert not loader.load_string(text)[1]


def test_opening_balance_is_carried_to_the_period() -> None:
    book = story()
    book.period = "2026-04"
    book.statement("alipay.cash", "2026-04-01", "2026-04-30", 5000 + 16900 - 895 - 10000, 11005)
    text = beancount_text(book.draft(), "2026-04")
    assert "2026-05-01 balance Assets:1012-01-其他货币资金支付宝0001 110.05 ~ 0.00 CNY" in text
    assert not loader.load_string(text)[1]


def test_empty_period_is_a_ledger_too() -> None:
    assert not loader.load_string(beancount_text(Book().draft(), "2026-03"))[1]
