"""Running balances as a law: rows that form a chain are found to, in whatever order they stand."""

from __future__ import annotations

from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from recon.channels import chain

ROWS = st.lists(st.tuples(st.integers(-3, 3).filter(bool), st.booleans()), min_size=1, max_size=25)


def parts(rows: list[tuple[int, bool]]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Amount, balance, second (a new one where the flag is set) and tie of rows in booking order."""
    amount = np.array([amount for amount, _ in rows], dtype=np.int64)
    second = np.cumsum([new for _, new in rows]).astype("datetime64[s]").astype("datetime64[us]")
    tie = (np.arange(len(rows), dtype=np.uint64) * np.uint64(2654435761)) % np.uint64(4294967291)
    return amount, 100 + np.cumsum(amount), second, tie


@settings(max_examples=500)
@given(ROWS, st.randoms(use_true_random=False))
def test_a_chain_is_found_in_any_order(rows: list[tuple[int, bool]], random: Random) -> None:
    amount, balance, second, tie = parts(rows)
    found = chain.follow(amount, balance, second, tie)
    assert found.breaks == ()
    assert found.closing - found.opening == amount.sum()
    mixed = np.arange(len(rows))
    random.shuffle(mixed)
    again = chain.follow(amount[mixed], balance[mixed], second[mixed], tie[mixed])
    assert again.breaks == ()
    assert mixed[again.order].tolist() == found.order.tolist()


@given(ROWS.filter(lambda rows: len(rows) > 3))
def test_a_row_taken_out_breaks_the_chain(rows: list[tuple[int, bool]]) -> None:
    amount, balance, _, tie = parts(rows)
    time = np.arange(len(rows)).astype("datetime64[s]").astype("datetime64[us]")
    rest = np.delete(np.arange(len(rows)), 1)
    (one,) = chain.follow(amount[rest], balance[rest], time[rest], tie[rest]).breaks
    assert (one.last, one.first, one.cause) == (0, 1, "rows_missing")
    assert one.printed - one.computed == amount[1]


def test_a_single_row_is_a_chain() -> None:
    found = chain.follow(*(part[:1] for part in parts([(5, True)])))
    assert (found.opening, found.closing, found.breaks) == (100, 105, ())
