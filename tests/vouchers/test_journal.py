"""The journal: what a posting is, which stand first, and the order that VAT is split in."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from recon.ledger.days import day_number
from recon.vouchers.chart import CREDIT, DEBIT
from recon.vouchers.events import EVENT_CODE
from recon.vouchers.journal import Journal, one_of
from recon.vouchers.tax import sorted_by
from tests.vouchers.books import Book

FEBRUARY, MARCH, APRIL = (day_number(np.datetime64(f"2026-{month:02}-15").item()) for month in (2, 3, 4))


def test_postings_of_the_period_stand_first_and_nothing_is_posted_for_nothing() -> None:
    journal = Journal("2026-03")
    rows = np.arange(4)
    days = np.array([FEBRUARY, MARCH, MARCH, APRIL])
    journal.post("fee", rows, days, "fee", DEBIT, np.array([1, 2, 0, -4]))
    journal.post("sale", rows, days, "rev", CREDIT, np.array([0, 20, 30, 0]), single=np.array([7, 8, 9, 10]))
    postings, inside = journal.close()
    assert inside == 3
    assert postings.row.tolist() == [1, 1, 2, 0, 3]
    assert postings.amount.tolist() == [2, 20, 30, 1, -4]
    assert postings.single.tolist() == [-1, 8, 9, -1, -1]
    assert postings.signed(one_of(postings.event, [EVENT_CODE["sale"]])).tolist() == [-20, -30]
    assert [len(postings.take(slice(0, n))) for n in (0, inside)] == [0, 3]


def test_an_empty_journal_closes() -> None:
    postings, inside = Journal("2026-03").close()
    assert (len(postings), inside) == (0, 0)


KEYS = st.lists(st.tuples(st.integers(-5, 5), st.integers(20_000, 20_003), st.integers(0, 9)), max_size=30)


@given(KEYS, st.booleans())
def test_one_number_sorts_like_three(keys: list[tuple[int, int, int]], far: bool) -> None:
    if far:  # too wide for one number
        keys = [*keys, (-(2**40), 0, 0), (2**40, 2**30, 2**30)]
    key, day, row = (np.array([part[at] for part in keys], dtype=np.int64) for at in range(3))
    assert sorted_by(key, day, row).tolist() == np.lexsort((row, day, key)).tolist()


def test_no_column_of_the_lines_holds_floats() -> None:
    book = Book()
    book.order("s", "T1", 16900, "2026-03-02", "2026-03-09", released=16900)
    book.entry("p", "alipay.cash", "payment", "2026-03-09", 16900, order_ref="T1")
    book.match("s", "p")
    lines = book.draft().lines
    assert len(lines)
    assert not [name for name, kind in lines.dtypes.items() if str(kind).startswith("float")]
    assert str(lines["foreign_amount"].dtype) == "Int64"
