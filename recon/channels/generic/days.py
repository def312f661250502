"""Dates whose shape the column itself must tell: the order of day and month, month names, Excel's day numbers.

One column has one shape. Where every cell fits both day/month and month/day, nobody can tell, and the table is refused.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from recon.channels.lines import bools

_YEAR_FIRST = r"^\d{4}(?:\D|\d{4}(?:\D|\d{6}|$))"
_EITHER = r"^(?P<a>\d{1,2})[/.\-](?P<b>\d{1,2})[/.\-](?P<y>\d{4}|\d{2})(?P<rest>(?:[ T,].*)?)$"
_NAMED = (
    r"^(?P<a>\d{1,2})[ \-/](?P<m>[A-Za-z]{3})[a-z]*\.?[ \-/,]+(?P<y>\d{4}|\d{2})(?P<rest>(?:[ T,].*)?)$",
    r"^(?P<m>[A-Za-z]{3})[a-z]*\.? (?P<a>\d{1,2}),? +(?P<y>\d{4})(?P<rest>(?:[ T,].*)?)$",
)
_SERIAL = r"^(?P<day>[2-7]\d{4})(?:\.(?P<part>\d+))?$"
_HALVES = r"^(?P<day>[^ ]+)[ ,T]+(?P<h>\d{1,2}):(?P<rest>\d{2}(?::\d{2})?) ?(?P<half>[AaPp])\.?[Mm]\.?$"
_OFFSET = r"(:\d{2}) +([+-]\d{2}:?\d{2})$"
_ZONE = r"(?i) ?\(?(?:UTC|GMT)\)?$"
_MONTHS = {
    name: f"{number:02d}"
    for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)
}
_EPOCH = np.datetime64("1899-12-30")


class UndecidedError(ValueError):
    """Day and month cannot be told apart; the message shows a cell."""


@dataclass(frozen=True)
class Dated:
    """A column of dates in year-month-day; what was no date is as it stood. order: `d/m`, `m/d` or empty."""

    column: pa.StringArray
    order: str = ""
    utc: bool = False


def year_first(column: pa.Array) -> Dated:
    """Return a column of dates with the year first.

    Raises:
        UndecidedError: when the cells fit day/month and month/day alike, or some only the one and some the other.
    """
    text = column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column
    text = pc.utf8_trim_whitespace(text)
    used = text.drop_null()
    if not len(used):
        return Dated(text)
    lettered = _has_letters(used)
    utc = lettered and bool(pc.all(pc.match_substring_regex(used, _ZONE)).as_py())
    if utc:
        text = pc.replace_substring_regex(text, _ZONE, "")
    order = ""
    if not pc.all(pc.match_substring_regex(text.drop_null(), _YEAR_FIRST)).as_py():
        text, order = _ordered(text)
        for shape in _NAMED if lettered else ():
            text = _month_named(text, shape)
        if pc.all(pc.match_substring_regex(text.drop_null(), _SERIAL)).as_py():
            text = _from_serials(text)
    text = pc.replace_substring_regex(text, _OFFSET, r"\1\2")
    return Dated(_without_halves(text) if lettered else text, order, utc)


def _has_letters(text: pa.StringArray) -> bool:
    """True if a Latin letter stands anywhere: only then a month is named, a zone, or half a day."""
    data = pa.concat_arrays([text]).buffers()[2]
    if data is None:
        return False
    lower = np.frombuffer(data, dtype=np.uint8) | 0x20
    return bool(((lower >= ord("a")) & (lower <= ord("z"))).any())


def _ordered(text: pa.StringArray) -> tuple[pa.StringArray, str]:
    fields = pc.extract_regex(text, _EITHER)
    place = np.flatnonzero(bools(pc.is_valid(fields)))
    if not len(place):
        return text, ""
    fields = fields.take(pa.array(place))
    first, second = (pc.struct_field(fields, name).cast(pa.int64()).to_numpy() for name in "ab")
    days_first, months_first = bool((first > 12).any()), bool((second > 12).any())
    if days_first == months_first and not (first == second).all():
        shown = text[int(place[0])].as_py()
        if days_first:
            raise UndecidedError(f"{shown}: some dates fit only day/month, some only month/day")
        raise UndecidedError(f"{shown}: every date fits day/month and month/day")
    day, month = (second, first) if months_first else (first, second)
    mended = _joined(fields, _two(month), _two(day))
    order = "" if (first == second).all() else "m/d" if months_first else "d/m"
    return _put(text, place, mended), order


def _month_named(text: pa.StringArray, shape: str) -> pa.StringArray:
    fields = pc.extract_regex(text, shape)
    place = np.flatnonzero(bools(pc.is_valid(fields)))
    if not len(place):
        return text
    fields = fields.take(pa.array(place))
    names = pc.utf8_lower(pc.struct_field(fields, "m")).dictionary_encode()
    numbers = pa.array([_MONTHS.get(name, "00") for name in names.dictionary.to_pylist()], pa.string())
    mended = _joined(fields, numbers.take(names.indices), pc.utf8_lpad(pc.struct_field(fields, "a"), 2, "0"))
    return _put(text, place, mended)


def _joined(fields: pa.StructArray, month: pa.StringArray, day: pa.StringArray) -> pa.StringArray:
    year = pc.struct_field(fields, "y")
    year = pc.if_else(pc.equal(pc.utf8_length(year), 2), pc.binary_join_element_wise("20", year, ""), year)
    rest = pc.replace_substring_regex(pc.struct_field(fields, "rest"), r"^[ ,T]+", " ")
    return pc.binary_join_element_wise(pc.binary_join_element_wise(year, month, day, "-"), rest, "")


def _two(number: npt.NDArray[np.int64]) -> pa.StringArray:
    return pc.utf8_lpad(pa.array(number).cast(pa.string()), 2, "0")


def _from_serials(text: pa.StringArray) -> pa.StringArray:
    """Excel's days since 1899-12-30; the fraction is the time, to the second."""
    fields = pc.extract_regex(text, _SERIAL)
    known = bools(pc.is_valid(fields))
    whole = pc.fill_null(pc.struct_field(fields, "day"), "0").cast(pa.int64()).to_numpy()
    part = pc.utf8_slice_codeunits(pc.utf8_rpad(pc.fill_null(pc.struct_field(fields, "part"), ""), 9, "0"), 0, 9)
    seconds = (part.cast(pa.int64()).to_numpy() * 86_400 + 500_000_000) // 1_000_000_000
    moments = _EPOCH.astype("datetime64[s]") + (whole * 86_400 + seconds).astype("timedelta64[s]")
    shown = pa.array(moments.astype("datetime64[us]")).cast(pa.timestamp("s")).cast(pa.string())
    return pc.if_else(pa.array(known), shown, text)


def _without_halves(text: pa.StringArray) -> pa.StringArray:
    """`2026-10-01 3:05 PM` as 15:05."""
    fields = pc.extract_regex(text, _HALVES)
    place = np.flatnonzero(bools(pc.is_valid(fields)))
    if not len(place):
        return text
    fields = fields.take(pa.array(place))
    hour = pc.struct_field(fields, "h").cast(pa.int64()).to_numpy()
    late = bools(pc.equal(pc.utf8_lower(pc.struct_field(fields, "half")), "p"))
    hour = np.where(hour <= 12, hour % 12 + 12 * late, 99)
    clock = pc.binary_join_element_wise(_two(hour), pc.struct_field(fields, "rest"), ":")
    return _put(text, place, pc.binary_join_element_wise(pc.struct_field(fields, "day"), clock, " "))


def _put(text: pa.StringArray, place: npt.NDArray[np.int64], mended: pa.StringArray) -> pa.StringArray:
    mask = np.zeros(len(text), dtype=bool)
    mask[place] = True
    return pc.replace_with_mask(text, pa.array(mask), mended)
