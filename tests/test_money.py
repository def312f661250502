"""Amounts are exact: text to minor units and back, and rounding by name."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal
from fractions import Fraction

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recon import money
from recon.money import Rounding

MINOR = st.integers(min_value=-(10**15), max_value=10**15)
GOOD = {
    "123.45": 12345, "0": 0, "-0.01": -1, "+3": 300, "1,234.56": 123456, "1,234,567": 123456700, "¥12": 1200,
    "￥ 12.5": 1250, "-¥5.00": -500, "¥-5": -500, "５００．５": 50050, "(12.00)": -1200, "（12.00）": -1200,
    "12.00-": -1200,
    "- 5.00": -500, "12元": 1200, "CNY 7.10": 710, "7.10 CNY": 710,
    "0.32000": 32, "-0.27000": -27, "−8.00": -800,
    "5.00000000000000": 500, "  9.99\t": 999, ".50": None, "5.": 500,
}  # fmt: skip
WRONG = [
    "3.3E+18",
    "1.234",
    "0.005",
    "1,23",
    "12,34.5",
    "abc",
    "--5",
    "(-5)",
    "5--",
    "元",
    "1.2.3",
    "12 34",
    "0x10",
    "-",
]


@pytest.mark.parametrize(("text", "minor"), [(k, v) for k, v in GOOD.items() if v is not None])
def test_what_bills_print_is_read(text: str, minor: int) -> None:
    assert money.parse_amount(text) == minor


@pytest.mark.parametrize(
    ("cells", "minor", "wrong"),
    [
        (["99.00元", None, "", "-1.05元"], [9900, None, None, -105], []),
        (["99.00元", "元"], [9900, None], [1]),
        (["99.00元", "1.00元元"], [9900, None], [1]),
        (["1,200.00元", "5元"], [120_000, 500], []),
        (["3.00元", "4.00"], [300, 400], []),
    ],
)
def test_a_mark_behind_every_amount(cells: list[str | None], minor: list[int | None], wrong: list[int]) -> None:
    found = money.parse(pa.array(cells, pa.string()))
    assert found.minor.to_pylist() == minor
    assert np.flatnonzero(found.wrong).tolist() == wrong


@pytest.mark.parametrize("text", WRONG)
def test_what_is_no_amount_is_wrong_and_never_rounded(text: str) -> None:
    parsed = money.parse(pa.array(["1.00", text]))
    assert parsed.minor.to_pylist() == [100, None]
    assert parsed.wrong.tolist() == [False, True]
    with pytest.raises(ValueError, match="no amount"):
        money.parse_amount(text)


def test_empty_cells_are_no_amount_and_not_wrong() -> None:
    parsed = money.parse(pa.array(["", None, " ", "-", "/", "1.00"]), empty=("-", "/"))
    assert parsed.minor.to_pylist() == [None, None, None, None, None, 100]
    assert not parsed.wrong.any()


def test_decimals_follow_the_currency() -> None:
    assert money.parse_amount("500", "JPY") == 500
    assert money.parse_amount("500.00", "JPY") == 500
    assert money.parse_amount("1.234", "KWD") == 1234
    assert money.format_amount(1234, "KWD") == "1.234"
    assert money.format_amount(-5, "JPY") == "-5"
    with pytest.raises(ValueError, match="no amount"):
        money.parse_amount("1.5", "JPY")
    with pytest.raises(ValueError, match="ISO 4217"):
        money.exponent("yuan")


def test_a_sign_of_another_currency_is_wrong() -> None:
    assert money.parse(pa.array(["$5.00", "€5.00"])).wrong.all()


@given(st.lists(MINOR, min_size=1), st.sampled_from(["CNY", "JPY", "KWD"]))
def test_text_and_minor_units_are_the_same(minor: list[int], currency: str) -> None:
    texts = money.format_amounts(np.array(minor, dtype=np.int64), currency)
    assert texts.to_pylist() == [money.format_amount(one, currency) for one in minor]
    parsed = money.parse(texts, currency)
    assert parsed.minor.to_pylist() == [
        one if abs(one) < 10 ** (14 + money.exponent(currency)) else None for one in minor
    ]


@given(st.lists(st.one_of(MINOR.map(money.format_amount), st.sampled_from(list(GOOD)[:-2]), st.just("")), min_size=1))
def test_a_column_is_read_as_its_cells_are(texts: list[str]) -> None:
    one_by_one = [money.parse(pa.array([text])).minor[0].as_py() for text in texts]
    assert money.parse(pa.array(texts)).minor.to_pylist() == one_by_one
    assert money.parse(pa.chunked_array([texts[:1], texts[1:]], pa.string())).minor.to_pylist() == one_by_one
    assert money.parse(pa.array(["9", *texts])[1:]).minor.to_pylist() == one_by_one


NAMES = {
    Rounding.HALF_UP: ROUND_HALF_UP,
    Rounding.HALF_EVEN: ROUND_HALF_EVEN,
    Rounding.DOWN: ROUND_DOWN,
    Rounding.UP: ROUND_UP,
}


@given(st.integers(-(10**12), 10**12), st.integers(0, 10**7), st.sampled_from(list(Rounding)))
def test_rounding_is_that_of_the_decimal_standard(amount: int, parts: int, mode: Rounding) -> None:
    expected = int((Decimal(amount) * parts / 10**7).quantize(Decimal(1), rounding=NAMES[mode]))
    rate = Fraction(parts, 10**7)
    assert money.at_rate(amount, rate, mode) == expected
    assert money.at_rate_all(np.array([amount, 0]), rate, mode).tolist() == [expected, 0]


def test_ties_fall_as_named() -> None:
    rate = Fraction(6, 1000)
    halves = np.array([1250, -1250, 3750])  # 7.5, -7.5, 22.5 fen
    assert money.at_rate_all(halves, rate, Rounding.HALF_UP).tolist() == [8, -8, 23]
    assert money.at_rate_all(halves, rate, Rounding.HALF_EVEN).tolist() == [8, -8, 22]
    assert money.at_rate_all(halves, rate, Rounding.DOWN).tolist() == [7, -7, 22]
    assert money.at_rate_all(halves, rate, Rounding.UP).tolist() == [8, -8, 23]


@pytest.mark.parametrize(
    ("gross", "percent", "net", "tax"),
    [
        (17900, 13, 15841, 2059), (9990, 13, 8841, 1149), (1, 13, 1, 0), (4, 13, 4, 0), (100, 13, 88, 12),
        (3333, 13, 2950, 383), (895, 6, 844, 51), (26, 6, 25, 1), (9900, 1, 9802, 98), (-2000, 13, -1770, -230),
        (9900, 0, 9900, 0),
    ],
)  # fmt: skip
def test_tax_is_the_rest(gross: int, percent: int, net: int, tax: int) -> None:
    assert money.split_tax(gross, percent) == (net, tax)
    nets, taxes = money.split_tax_all(np.array([gross]), percent)
    assert (nets[0], taxes[0]) == (net, tax)


@given(st.integers(-(10**12), 10**12), st.lists(st.integers(0, 10**9), min_size=1).filter(any))
def test_what_is_distributed_adds_up(total: int, weights: list[int]) -> None:
    shares = money.largest_remainder(total, weights)
    assert sum(shares) == total
    exact = [Fraction(total * weight, sum(weights)) for weight in weights]
    assert all(abs(share - part) < 1 for share, part in zip(shares, exact, strict=True))


def test_the_left_over_fen_goes_to_the_largest_remainder_then_the_earlier_line() -> None:
    assert money.largest_remainder(1000, [1, 1, 1]) == [334, 333, 333]
    assert money.largest_remainder(-1000, [1, 1, 1]) == [-334, -333, -333]
    assert money.largest_remainder(10, [1, 3]) == [3, 7]
    with pytest.raises(ValueError, match="not all zero"):
        money.largest_remainder(10, [0, 0])
