"""Money: exact text to whole minor units and back, rounding by a named mode, the split of tax.

An amount is an int64 count of the currency's minor units (fen, cent, yen, fils). No float comes near it: text goes
through Arrow decimals, rates are fractions, and every rounding of the program happens here under its name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Minor = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

#: ISO 4217 currencies whose minor unit is not a hundredth.
_EXPONENTS = {
    **dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
    **dict.fromkeys("CLF UYW".split(), 4),
}
#: What may stand beside a number of that currency, besides its code.
_MARKS = {
    "CNY": ("CN¥", "¥", "元", "RMB"),
    "JPY": ("¥", "円"),
    "USD": ("US$", "$"),
    "HKD": ("HK$", "$"),
    "EUR": ("€",),
    "GBP": ("£",),
    "KRW": ("₩",),
}
#: More decimals than this are never looked at: no bill prints them.
_DECIMALS = 12
_INT64 = 2**63 - 1


class Parsed(NamedTuple):
    """Amounts of a column: minor units (null where the cell is empty or wrong) and which cells are wrong."""

    minor: pa.Int64Array
    wrong: Mask


def exponent(currency: str) -> int:
    """Return the decimals of a currency: 2 for CNY, 0 for JPY, 3 for KWD.

    Raises:
        ValueError: when `currency` is no three-letter code.
    """
    if not re.fullmatch(r"[A-Z]{3}", currency):
        raise ValueError(f"{currency!r} is no ISO 4217 currency code")
    return _EXPONENTS.get(currency, 2)


def parse(column: pa.Array | pa.ChunkedArray, currency: str = "CNY", empty: Sequence[str] = ()) -> Parsed:
    """Read a column of text as amounts of one currency.

    Read beside `123.45`: `.45`, thousands commas, the currency's sign, `元` or code, full-width digits, leading `+`,
    a trailing `-`, `(12.00)` as negative, a blank between sign and number. More decimals than the currency has are
    wrong unless they are zeros; nothing is rounded. `3.3E+18` is wrong. `empty`: texts that stand for no amount.
    """
    text = _flat(column)
    digits = exponent(currency)
    quick = _quick(text, digits)
    if quick is None:
        marked = _without_mark(text, currency)
        quick = None if marked is None else _quick(marked, digits)
    if quick is not None:
        return Parsed(quick, np.zeros(len(text), dtype=bool))
    text = pc.utf8_trim_whitespace(text)
    absent = pc.or_(pc.is_null(text), pc.is_in(text, value_set=pa.array(["", *empty], pa.string())))
    text = pc.if_else(absent, pa.scalar(None, pa.string()), text)
    plain = pc.fill_null(pc.match_substring_regex(text, _PLAIN), fill_value=False)
    odd = np.flatnonzero(~_bools(plain) & ~_bools(absent))
    if len(odd):
        mended = _undecorated(text.take(pa.array(odd)), currency)
        good = pc.match_substring_regex(mended, _PLAIN)
        mended = pc.if_else(good, mended, pa.scalar(None, pa.string()))
        mask = np.zeros(len(text), dtype=bool)
        mask[odd] = True
        text = pc.replace_with_mask(text, pa.array(mask), mended)
    exact = _rtrimmed(text).cast(pa.decimal128(38, _DECIMALS))
    whole = pc.round(exact, ndigits=digits, round_mode="towards_zero")
    fits = pc.fill_null(pc.equal(exact, whole), fill_value=False)
    whole = pc.if_else(fits, whole, pa.scalar(None, whole.type))
    minor = _unscaled(whole.cast(pa.decimal128(38, digits)))
    return Parsed(minor, _bools(pc.is_null(minor)) & ~_bools(absent))


#: 14 digits before the point: far above any account, and safe in int64 with four decimals.
_PLAIN = rf"^[+-]?([0-9]{{1,14}}(\.[0-9]{{0,{_DECIMALS}}}0*)?|\.[0-9]{{1,{_DECIMALS}}}0*)$"


def parse_amount(text: str, currency: str = "CNY") -> int:
    """Return one amount in minor units.

    Raises:
        ValueError: when the text is no amount of that currency.
    """
    minor = parse(pa.array([text], pa.string()), currency).minor[0].as_py()
    if minor is None:
        raise ValueError(f"{text!r} is no amount in {currency}")
    return int(minor)


def format_amount(minor: int, currency: str = "CNY") -> str:
    """Return an amount in major units: 1234 is "12.34" in CNY, "1234" in JPY."""
    digits = exponent(currency)
    if not digits:
        return str(minor)
    sign = "-" if minor < 0 else ""
    whole, part = divmod(abs(minor), 10**digits)
    return f"{sign}{whole}.{part:0{digits}d}"


def format_amounts(minor: Minor | pa.Array, currency: str = "CNY") -> pa.StringArray:
    """Return amounts in major units as text, nulls kept; through decimals, never through a float."""
    column = pa.array(minor, pa.int64()) if isinstance(minor, np.ndarray) else minor
    return to_decimal(column, currency).cast(pa.string())


def to_decimal(minor: pa.Array, currency: str = "CNY") -> pa.Array:
    """Return minor units as decimal128(38, decimals of the currency), the same amounts in major units."""
    values = pc.fill_null(minor, 0).to_numpy()
    halves = np.empty((len(values), 2), dtype="<i8")
    halves[:, 0] = values
    halves[:, 1] = values >> 63
    kind = pa.decimal128(38, exponent(currency))
    exact = pa.Array.from_buffers(kind, len(values), [None, pa.py_buffer(halves)])
    return pc.if_else(pc.is_valid(minor), exact, pa.scalar(None, kind)) if minor.null_count else exact


class Rounding(StrEnum):
    """How a product that is no whole minor unit is rounded; all modes are symmetric around zero."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    DOWN = "down"
    UP = "up"


def divide(numerator: int, denominator: int, mode: Rounding = Rounding.HALF_UP) -> int:
    """Return numerator / denominator as a whole number; the denominator is positive."""
    whole, rest = divmod(abs(numerator), denominator)
    if mode is Rounding.HALF_UP:
        whole += 2 * rest >= denominator
    elif mode is Rounding.HALF_EVEN:
        whole += 2 * rest > denominator or (2 * rest == denominator and whole % 2)
    elif mode is Rounding.UP:
        whole += rest > 0
    return -whole if numerator < 0 else whole


def divide_all(numerators: Minor, denominator: int, mode: Rounding = Rounding.HALF_UP) -> Minor:
    """Return `divide` of each numerator, as int64; numerators may be an object array of big integers."""
    size = np.abs(numerators)
    whole, rest = size // denominator, size % denominator
    if mode is Rounding.HALF_UP:
        whole = whole + (rest >= denominator - rest)
    elif mode is Rounding.HALF_EVEN:
        whole = whole + ((rest > denominator - rest) | ((rest == denominator - rest) & (whole % 2 == 1)))
    elif mode is Rounding.UP:
        whole = whole + (rest > 0)
    return np.where(numerators < 0, -whole, whole).astype(np.int64)


def at_rate(amount: int, rate: Fraction, mode: Rounding = Rounding.HALF_UP) -> int:
    """Return amount × rate in minor units: a fee, a tax, a conversion."""
    return divide(amount * rate.numerator, rate.denominator, mode)


def at_rate_all(amounts: Minor, rate: Fraction, mode: Rounding = Rounding.HALF_UP) -> Minor:
    """Return `at_rate` of each amount; products beyond int64 are computed in big integers."""
    return divide_all(_times(amounts, rate.numerator), rate.denominator, mode)


def split_tax(gross: int, percent: int | Fraction) -> tuple[int, int]:
    """Return (net, tax) of an amount that includes tax at `percent`; tax is the rest, so the two always add up."""
    rate = Fraction(percent)
    net = divide(gross * 100 * rate.denominator, 100 * rate.denominator + rate.numerator)
    return net, gross - net


def split_tax_all(gross: Minor, percent: int | Fraction) -> tuple[Minor, Minor]:
    """Return `split_tax` of each amount as two arrays."""
    rate = Fraction(percent)
    net = divide_all(_times(gross, 100 * rate.denominator), 100 * rate.denominator + rate.numerator)
    return net, gross - net


def largest_remainder(total: int, weights: Sequence[int]) -> list[int]:
    """Distribute a total over weights ≥ 0: floors first, the rest to the largest remainders, ties to the earlier.

    Raises:
        ValueError: when no weight is above zero.
    """
    base = sum(weights)
    if base <= 0 or min(weights) < 0:
        raise ValueError("weights must be zero or more, and not all zero")
    size = abs(total)
    shares = [size * weight // base for weight in weights]
    order = sorted(range(len(weights)), key=lambda line: (-(size * weights[line] % base), line))
    for line in order[: size - sum(shares)]:
        shares[line] += 1
    return [-share for share in shares] if total < 0 else shares


def _times(amounts: Minor, factor: int) -> Minor:
    largest = int(np.abs(amounts).max()) if len(amounts) else 0
    if largest * abs(factor) <= _INT64:
        return amounts * np.int64(factor)
    return amounts.astype(object) * factor


def _flat(column: pa.Array | pa.ChunkedArray) -> pa.StringArray:
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    return column.cast(pa.string()) if column.type != pa.string() else column


def _quick(text: pa.StringArray, digits: int) -> pa.Int64Array | None:
    """Read a column whose cells are all empty or `123.45`. None: there are others."""
    filled = _bools(pc.greater(pc.fill_null(pc.binary_length(text), 0), 0))
    if filled.all():
        return _plain(text, digits)
    if not filled.any():
        return pa.nulls(len(text), pa.int64())
    some = _plain(text.filter(pa.array(filled)), digits)
    if some is None:
        return None
    minor = np.zeros(len(text), dtype=np.int64)
    minor[filled] = some.to_numpy()
    return pa.array(minor, mask=~filled)


def _without_mark(text: pa.StringArray, currency: str) -> pa.StringArray | None:
    """Take a mark off the end of all cells that are not empty (`99.00元`). None: they do not all end with one."""
    sizes = pc.fill_null(pc.binary_length(text), 0)
    empty = pc.equal(sizes, 0)
    for mark in _MARKS.get(currency, ()):
        long = pc.greater(sizes, len(mark.encode()))
        ends = pc.fill_null(pc.ends_with(text, mark), fill_value=False)
        if pc.all(pc.or_(empty, pc.and_(long, ends))).as_py():
            return pc.utf8_slice_codeunits(text, start=0, stop=-len(mark))
    return None


def _plain(text: pa.StringArray, digits: int) -> pa.Int64Array | None:
    """The usual column, `123.45` on every row: take the point out and read whole numbers. None: not such a column."""
    if not digits or not len(text) or text.null_count:
        return None
    if text.offset:
        text = pa.concat_arrays([text])
    _, offsets, data = text.buffers()
    if data is None:
        return None
    ends = np.frombuffer(offsets, dtype=np.int32)[1 : len(text) + 1]
    starts = np.frombuffer(offsets, dtype=np.int32)[: len(text)]
    raw = np.frombuffer(data, dtype=np.uint8)[: ends[-1]]
    lengths = ends - starts
    if lengths.min() < digits + 2 or lengths.max() > 17 or not (raw[ends - digits - 1] == ord(".")).all():
        return None
    if not ((raw >= ord("-")) & (raw <= ord("9")) & (raw != ord("/"))).all():
        return None
    kept = raw[raw != ord(".")]
    if len(raw) - len(kept) != len(text):
        return None
    places = np.frombuffer(offsets, dtype=np.int32)[: len(text) + 1] - np.arange(len(text) + 1, dtype=np.int32)
    try:
        return pa.StringArray.from_buffers(len(text), pa.py_buffer(places), pa.py_buffer(kept)).cast(pa.int64())
    except pa.ArrowInvalid:
        return None


def _undecorated(text: pa.StringArray, currency: str) -> pa.StringArray:
    """Take signs, units, commas and brackets off the cells that have them."""
    text = pc.utf8_normalize(text, form="NFKC")
    text = pc.replace_substring(text, "\u2212", "-")
    for mark in (*_MARKS.get(currency, ()), currency):
        for sign in (rf"^([+-]?)\s*{re.escape(mark)}", rf"{re.escape(mark)}(-?)$"):
            text = pc.replace_substring_regex(text, sign, r"\1")
    text = pc.utf8_trim_whitespace(text)
    text = pc.replace_substring_regex(text, r"^\(([0-9][0-9.,]*)\)$", r"-\1")
    text = pc.replace_substring_regex(text, r"^([0-9][0-9.,]*)\s*-$", r"-\1")
    text = pc.replace_substring_regex(text, r"^([+-])\s+", r"\1")
    grouped = pc.match_substring_regex(text, r"^[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?$")
    return pc.if_else(grouped, pc.replace_substring(text, ",", ""), text)


def _rtrimmed(text: pa.StringArray) -> pa.StringArray:
    """Zeros beyond the last decimal that is looked at would not fit the decimal type."""
    long = pc.match_substring_regex(text, rf"\.[0-9]{{{_DECIMALS + 1},}}$")
    return pc.if_else(long, pc.utf8_rtrim(text, "0"), text) if pc.any(long).as_py() else text


def _unscaled(exact: pa.Array) -> pa.Int64Array:
    """The integer inside a decimal128: its lower eight bytes, as all amounts are below 2^63."""
    if exact.offset:
        exact = pa.concat_arrays([exact])
    valid, data = exact.buffers()
    low = np.ascontiguousarray(np.frombuffer(data, dtype="<i8")[: 2 * len(exact) : 2])
    return pa.Array.from_buffers(pa.int64(), len(exact), [valid, pa.py_buffer(low)])


def _bools(column: pa.Array) -> Mask:
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=bool)
