"""Windows, working days and coverage at their borders, one day over them, and as laws."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recon.ledger.channel import Window
from recon.ledger.days import NO_DAY, as_date, day_number
from recon.timing import Coverage, FilePeriod, add_working_days, cover, covered_by_all, window


def d(text: str) -> int:
    return day_number(date.fromisoformat(text if len(text) > 5 else f"2026-{text}"))


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2026-10-08", 0, "2026-10-08"),
        ("2026-10-03", 0, "2026-10-03"),  # the day itself, holiday or not
        ("2026-10-08", 1, "2026-10-09"),
        ("2026-10-08", 2, "2026-10-10"),  # a Saturday that makes up for the holiday
        ("2026-10-08", 3, "2026-10-12"),
        ("2026-09-30", 1, "2026-10-08"),  # National Day, 1 to 7 October
        ("2026-09-30", 3, "2026-10-10"),
        ("2026-09-18", 1, "2026-09-20"),  # a Sunday that is worked
        ("2026-10-16", 1, "2026-10-19"),  # an ordinary weekend
        ("2025-12-31", 1, "2026-01-04"),  # New Year, and a Sunday that is worked
    ],
)
def test_working_days_of_china(start: str, count: int, end: str) -> None:
    assert as_date(int(add_working_days(np.array([d(start)]), count)[0])).isoformat() == end


def test_working_days_of_another_country() -> None:
    assert as_date(int(add_working_days(np.array([d("07-02")]), 1, "US")[0])) == date(2026, 7, 6)


def test_no_days_have_no_working_days() -> None:
    assert len(add_working_days(np.zeros(0, dtype=np.int64), 3)) == 0


@given(st.lists(st.integers(d("2024-01-01"), d("2026-12-31")), min_size=1, max_size=20), st.integers(0, 20))
def test_working_days_grow_with_the_day_and_the_count(days: list[int], count: int) -> None:
    start = np.sort(np.array(days, dtype=np.int64))
    one, two = add_working_days(start, count), add_working_days(start, count + 1)
    assert (one >= start).all()
    assert (two > one).all()
    assert (np.diff(one) >= 0).all()
    assert [int(add_working_days(np.array([n]), count)[0]) for n in start] == one.tolist()


def test_a_window_counts_its_latest_day_and_needs_a_trigger() -> None:
    early, due = window([Window("paid_at", 0, 1)], np.array([d("10-31"), NO_DAY]))
    assert early.tolist() == [d("10-31"), NO_DAY]
    assert due.tolist() == [d("11-01"), NO_DAY]


def test_the_earliest_day_is_a_calendar_day_and_only_the_latest_is_worked() -> None:
    early, due = window([Window("occurred_at", 1, 3, "working")], np.array([d("09-30")]))
    assert (early[0], due[0]) == (d("10-01"), d("10-10"))


def test_dated_windows_hold_on_their_days_alone() -> None:
    rules = [
        Window("paid_at", 0, 1, since=date(2026, 10, 1), until=date(2026, 10, 31)),
        Window("paid_at", 2, 5, since=date(2026, 11, 1)),
    ]
    _, due = window(rules, np.array([d("09-30"), d("10-01"), d("10-31"), d("11-01")]))
    assert due.tolist() == [NO_DAY, d("10-02"), d("11-01"), d("11-06")]


def test_the_first_window_that_holds_counts() -> None:
    _, due = window([Window("paid_at", 0, 2), Window("paid_at", 0, 9)], np.array([d("10-01")]))
    assert due[0] == d("10-03")


def stated(first: str, last: str, opening: int | None = None, closing: int | None = None) -> FilePeriod:
    return FilePeriod(d(first), d(last), stated=True, opening=opening, closing=closing)


def seen(first: str, last: str, opening: int | None = None, closing: int | None = None) -> FilePeriod:
    return FilePeriod(d(first), d(last), stated=False, opening=opening, closing=closing)


def paid_out(first: str, last: str, until: str) -> FilePeriod:
    """A file of what was paid out: it covers its payments, its rows reach to the payout."""
    return FilePeriod(d(first), d(last), stated=False, opening=None, closing=None, until=d(until))


def holes(files: list[FilePeriod], days: list[str]) -> list[tuple[str, str]]:
    found = cover("a", files, np.array(sorted(d(t) for t in days), dtype=np.int64))
    assert found is not None
    return [(f"{as_date(h.first):%m-%d}", f"{as_date(h.last):%m-%d}") for h in found[1]]


WEEK = ["10-01", "10-02", "10-03", "10-04", "10-05"]


@pytest.mark.parametrize(
    ("files", "days", "expected"),
    [
        # between stated periods every uncovered day is a hole; periods that touch have none
        ([stated("10-01", "10-05"), stated("10-07", "10-09")], WEEK, [("10-06", "10-06")]),
        ([stated("10-01", "10-05"), stated("10-06", "10-09")], WEEK, []),
        # unless the balance carries on
        ([stated("10-01", "10-05", 0, 70), stated("10-08", "10-09", 70, 80)], WEEK, []),
        ([stated("10-01", "10-05", 0, 70), stated("10-08", "10-09", 71, 80)], WEEK, [("10-06", "10-07")]),
        # periods that are only first to last row: the longest quiet run inside the files is no hole, a day more is
        ([seen("10-01", "10-04"), seen("10-07", "10-09")], ["10-01", "10-04", "10-07", "10-08", "10-09"], []),
        ([seen("10-01", "10-04"), seen("10-08", "10-09")], ["10-01", "10-04", "10-08", "10-09"], [("10-05", "10-07")]),
        # a balance that jumps makes a hole of the shortest gap, one that follows makes none of the longest
        ([seen("10-01", "10-05", 0, 5), seen("10-07", "10-09", 6, 9)], WEEK, [("10-06", "10-06")]),
        ([seen("10-01", "10-05", 0, 5), seen("10-29", "10-30", 5, 9)], WEEK, []),
        # a file inside another one, and an empty one that states its days
        ([stated("10-01", "10-09"), stated("10-03", "10-04"), stated("10-10", "10-12")], WEEK, []),
        ([stated("10-01", "10-05"), stated("10-06", "10-06"), stated("10-07", "10-09")], WEEK, []),
        ([stated("10-01", "10-05"), seen("10-08", "10-09")], WEEK, [("10-06", "10-07")]),
        # of a file of what was paid out the days until its payout are told; the run before the payout is quiet
        ([paid_out("10-01", "10-01", "10-04"), seen("10-07", "10-08")], ["10-01", "10-04", "10-07", "10-08"], []),
        (
            [paid_out("10-01", "10-01", "10-04"), seen("10-08", "10-09")],
            ["10-01", "10-04", "10-08", "10-09"],
            [("10-05", "10-07")],
        ),
    ],
)
def test_the_simple_rule_for_holes(files: list[FilePeriod], days: list[str], expected: list[tuple[str, str]]) -> None:
    assert holes(files, days) == expected
    assert holes(files[::-1], days) == expected


def test_a_hole_shows_the_balances_beside_it() -> None:
    found = cover("a", [stated("10-01", "10-05", 0, 70), stated("10-08", "10-09", 71, 80)], np.zeros(0, dtype=np.int64))
    assert found is not None
    assert (found[1][0].before, found[1][0].after) == (70, 71)


def test_no_file_covers_nothing() -> None:
    assert cover("a", [], np.zeros(0, dtype=np.int64)) is None


@pytest.mark.parametrize(
    ("low", "high", "covered"),
    [
        ("10-01", "10-09", False), ("10-01", "10-04", True), ("10-04", "10-05", False), ("10-07", "10-09", True),
        ("10-06", "10-07", False), ("09-30", "10-01", False), ("10-09", "10-10", False),
    ],
)  # fmt: skip
def test_every_day_of_a_window_must_be_covered(low: str, high: str, covered: bool) -> None:
    known = Coverage(d("10-01"), d("10-09"), ((d("10-05"), d("10-06")),))
    assert bool(known.covers(np.array([d(low)]), np.array([d(high)]))[0]) is covered


def test_an_unknown_day_is_covered_by_no_file() -> None:
    assert not Coverage(d("10-01"), d("10-09")).covers(np.array([NO_DAY]), np.array([NO_DAY]))[0]


def test_all_accounts_must_cover_and_none_covers_nothing() -> None:
    low, high = np.array([d("10-02")]), np.array([d("10-03")])
    both = {"a": Coverage(d("10-01"), d("10-09")), "b": Coverage(d("10-03"), d("10-09"))}
    assert not covered_by_all(both, low, high)[0]
    assert covered_by_all({"a": both["a"]}, low, high)[0]
    assert not covered_by_all({}, low, high)[0]


periods = st.builds(
    lambda first, length, known: FilePeriod(first, first + length, stated=known, opening=None, closing=None),
    st.integers(0, 60), st.integers(0, 10), st.booleans(),
)  # fmt: skip


@given(st.lists(periods, min_size=1, max_size=6), periods, st.data())
def test_a_further_file_never_uncovers_a_day(files: list[FilePeriod], more: FilePeriod, data: st.DataObject) -> None:
    days = sorted({data.draw(st.integers(f.first, f.last)) for f in [*files, more]})
    rows = np.array(days, dtype=np.int64)
    asked = np.arange(0, 75)
    before, after = cover("a", files, rows), cover("a", [*files, more], rows)
    assert before is not None
    assert after is not None
    # What a file says itself stays said; only a gap of files without stated periods may be read anew.
    own = np.zeros(len(asked), dtype=bool)
    for file in [*files, more]:
        own |= (asked >= file.first) & (asked <= file.last)
    assert after[0].covers(asked, asked)[own].all()
    assert (after[0].first, after[0].last) == (min(before[0].first, more.first), max(before[0].last, more.last))


@given(st.lists(periods, min_size=1, max_size=6), st.randoms())
def test_coverage_does_not_know_the_order_of_files(files: list[FilePeriod], random: object) -> None:
    turned = list(files)
    random.shuffle(turned)  # type: ignore[attr-defined]
    rows = np.array(sorted({f.first for f in files}), dtype=np.int64)
    assert cover("a", files, rows) == cover("a", turned, rows)


def test_a_window_of_some_orders_only_leaves_the_others_to_the_next() -> None:
    rules = [Window("paid_at", 1, 60, detail="business order"), Window("paid_at", 1, 30)]
    days, mine = np.array([d("10-01"), d("10-01"), NO_DAY]), np.array([True, False, True])
    _, due = window(rules, days, {"business order": mine})
    assert due.tolist() == [d("11-30"), d("10-31"), NO_DAY]
    assert window(rules, days)[1].tolist() == [d("10-31"), d("10-31"), NO_DAY]
