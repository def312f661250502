"""Holds and releases of reserves: what is still out, and since when."""

from __future__ import annotations

from datetime import date

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from recon.ledger.days import date_of, day_number
from recon.ledger.reserves import held_reserves, is_reserve
from recon.ledger.view import View, view
from tests.vouchers.books import CHANNELS, Book


def ledger(moves: list[tuple[int, int]], detail: str = "冻结保留金") -> View:
    """Adjustments of one wallet by day of March and fen."""
    book = Book()
    for n, (day, fen) in enumerate(moves):
        book.entry(f"r{n:03}", "alipay.cash", "adjustment", f"2026-03-{day:02}", fen, detail=detail)
    return view(book.outcome().entries, CHANNELS)


def held(table: View, until: str = "2026-03-31") -> list[tuple[str, int]]:
    found = held_reserves(table, np.ones(len(table), dtype=bool), day_number(date.fromisoformat(until)))
    return [(date_of(one.day).isoformat(), one.amount) for one in found]


def test_a_release_frees_its_own_hold() -> None:
    moves = [(1, -100), (2, -300), (9, 300)]
    assert held(ledger(moves)) == [("2026-03-01", 100)]
    assert held(ledger(moves), until="2026-03-08") == [("2026-03-01", 100), ("2026-03-02", 300)]


def test_a_release_of_another_amount_frees_the_earliest() -> None:
    assert held(ledger([(1, -100), (2, -300), (9, 250)])) == [("2026-03-02", 150)]


def test_what_was_held_before_the_files_is_no_hold() -> None:
    assert held(ledger([(1, 500), (2, -300)])) == [("2026-03-02", 300)]


def test_only_what_is_called_so_is_a_reserve() -> None:
    assert not is_reserve(ledger([(1, -100)], detail="公益宝贝")).any()
    assert is_reserve(ledger([(1, -100)], detail="Reserve")).all()


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(1, 28), st.integers(-400, 400).filter(bool)), max_size=12))
def test_what_is_out_is_what_was_held_less_what_came(moves: list[tuple[int, int]]) -> None:
    """Nothing comes back before it was held, so the sum still out follows from the running sum alone."""
    out = 0
    for _, fen in sorted(moves):
        out = max(out - fen, 0) if fen > 0 else out - fen
    found = held(ledger(moves)) if moves else []
    assert sum(amount for _, amount in found) == out
    assert found == sorted(found, key=lambda one: one[0])
