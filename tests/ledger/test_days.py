"""Days as numbers: there and back, and the borders of a month."""

from datetime import date

import pytest

from recon.ledger.days import NO_DAY, as_date, date_of, day_number, month_days


@pytest.mark.parametrize("day", [date(1969, 12, 31), date(1970, 1, 1), date(2026, 10, 31)])
def test_there_and_back(day: date) -> None:
    assert as_date(day_number(day)) == day
    assert date_of(day_number(day)) == day
    assert date_of(NO_DAY) is None


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("2026-10", date(2026, 10, 1), date(2026, 10, 31)),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31)),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29)),
    ],
)
def test_a_month_from_its_first_day_to_its_last(period: str, first: date, last: date) -> None:
    assert month_days(period) == (day_number(first), day_number(last))
