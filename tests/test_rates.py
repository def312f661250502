"""rates.csv: what is read, what is refused and how it is told; amounts at a rate."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from recon.config.rates import read_rates
from recon.errors import UsageFault
from recon.ledger.days import day_number
from recon.ledger.rates import Rates, convert

GOOD = "date,currency,rate,source\n2026-10-01,USD,7.1000,bank\n2026-10-15,USD,7.2000,bank\n2026-10-01,HKD,0.9,\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "rates.csv"
    path.write_text(text, encoding="utf-8")
    return path


def day(text: str) -> int:
    return day_number(date.fromisoformat(text))


def test_a_rate_holds_until_the_next_one(tmp_path: Path) -> None:
    rates = read_rates(written(tmp_path, GOOD), "CNY")
    asked = {
        when: rates.rate("USD", "CNY", day(when)) for when in ("2026-09-30", "2026-10-14", "2026-10-15", "2027-01-01")
    }
    assert list(asked.values()) == [None, Fraction("7.1"), Fraction("7.2"), Fraction("7.2")]
    assert rates.rate("USD", "HKD", day("2026-10-01")) == Fraction("7.1") / Fraction("0.9")
    assert rates.rate("CNY", "CNY", day("2026-01-01")) == 1
    assert rates.rate("EUR", "CNY", day("2026-10-01")) is None


def test_without_a_file_there_are_none() -> None:
    assert read_rates(None, "USD") == Rates("USD")


def test_amounts_are_rounded_half_up_and_know_their_decimals() -> None:
    assert convert(8313, Fraction("7.1"), "USD", "CNY") == 59022
    assert convert(-8313, Fraction("7.1"), "USD", "CNY") == -59022
    assert convert(1000, Fraction("0.0478"), "JPY", "CNY") == 4780
    assert convert(4780, 1 / Fraction("0.0478"), "CNY", "JPY") == 1000


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "rates.csv: is empty. Write a header with date, currency and rate."),
        ("date,rate\n", "rates.csv:1: the column currency is missing. Write date, currency and rate into the header."),
        (
            "date,currency,rate\n2026-13-01,USD,7\n",
            "rates.csv:2: date = '2026-13-01': is no day. Write it as 2026-11-01.",
        ),
        (
            "date,currency,rate\n2026-10-01,US,7\n",
            "rates.csv:2: currency = 'US': is no currency. Write a code such as USD.",
        ),
        (
            "date,currency,rate\n2026-10-01,CNY,7\n",
            "rates.csv:2: currency = 'CNY': is the company's own currency. Write a code such as USD.",
        ),
        (
            "date,currency,rate\n2026-10-01,USD,0\n",
            "rates.csv:2: rate = '0': is no rate. Write a number above zero, like 7.1000.",
        ),
        (
            "date,currency,rate\n2026-10-01,USD,nan\n",
            "rates.csv:2: rate = 'nan': is no rate. Write a number above zero, like 7.1000.",
        ),
        (
            "date,currency,rate\n2026-10-01,USD,7.1\n2026-10-01,USD,7.2\n",
            "rates.csv:3: rate = '7.2': is another rate for USD on that day than in a line above. Keep one of them.",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(UsageFault) as caught:
        read_rates(written(tmp_path, text), "CNY")
    assert str(caught.value) == told
