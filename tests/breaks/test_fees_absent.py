"""A charge that never came, and what a platform does not take of the first sales of a month."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.breaks.test_fees import AFFILIATE, FEE, FIRST, Book, run


def promoted(orders: int, without: int, since: int = 0) -> Book:
    """So many payments of 300.00, a day apart; all bear 10 % for the affiliate 20 days later, but the first ones."""
    book = Book("alipay.cash", "2088")
    for n in range(orders):
        day = FIRST + timedelta(days=since + n % 20)
        book.row(("payment", 30_000), day=day, order=f"T{n:03}")
        if n >= without:
            book.row(("commission", -3_000, AFFILIATE), day=day + timedelta(days=20), order=f"T{n:03}")
    return book


def test_an_affiliates_charge_that_never_came_is_one_finding_per_order() -> None:
    _, result = run(promoted(80, 2), as_of=date(2026, 12, 31))
    assert [(f.cause, f.expected, f.actual, f.owned, len(f.linked)) for f in result.findings] == [
        ("affiliate_late", -3_000, 0, (), 1)
    ] * 2
    assert "absent after 26 days" in result.findings[0].explanation
    _, zh = run(promoted(80, 2), as_of=date(2026, 12, 31), lang="zh")
    assert "26 天仍未扣" in zh.findings[0].explanation


def test_before_the_longest_delay_is_over_nothing_is_late() -> None:
    """The first two were paid on the 1st and the 2nd of October; the file ends on the 9th of November."""
    for as_of, late in ((date(2026, 10, 27), 0), (date(2026, 10, 28), 0), (date(2026, 12, 31), 2)):
        _, result = run(promoted(80, 2), as_of=as_of)
        assert len(result.findings) == late, as_of


def test_orders_without_a_promoter_are_no_findings() -> None:
    _, result = run(promoted(60, 20), as_of=date(2026, 12, 31))
    assert result.findings == ()


def test_a_charge_whose_delay_nobody_gives_is_not_missed() -> None:
    book = Book()
    for n in range(60):
        entries = [("payment", 10_000), *([("fee", -60, FEE)] if n > 1 else [])]
        book.row(*entries, day=FIRST + timedelta(days=n % 20), order=f"W{n:03}")
    assert run(book)[1].findings == ()


@pytest.mark.parametrize("free", [0, 3])
def test_the_free_share_of_a_month(free: int) -> None:
    """Nothing is taken of the first three payments of November, and of the fourth only a part."""
    book = Book()
    for n in range(60):
        day = date(2026, 10 + n // 30, 1 + n % 30)
        fee = 0 if 30 <= n < 30 + free else 20 if n == 33 else 60
        book.row(("payment", 10_000), *([("fee", -fee, FEE)] if fee else []), day=day, order=f"X{n:03}")
    _, result = run(book)
    (found,) = result.findings
    assert (found.expected, found.actual, found.cause) == (-60, -20, "threshold" if free else "")
    assert ("free share of the month" in found.explanation) == bool(free)
