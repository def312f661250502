"""Text -> instants: the shapes of dates and times that bills print, and nothing else.

A moment is parsed as local time first (the day of a movement is the day in the channel's own zone), then turned into
an instant by the zone's rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from recon.channels.lines import bools

Times = npt.NDArray[np.datetime64]
Mask = npt.NDArray[np.bool_]

_SHAPE = (
    r"^(?P<y>\d{4})(?:[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})|年(?P<m2>\d{1,2})月(?P<d2>\d{1,2})日|(?P<m3>\d{2})(?P<d3>\d{2}))"
    r"(?:(?:[ T]*|-)(?P<H>\d{1,2}):?(?P<M>\d{2})(?::?(?P<S>\d{2}))?(?:\.\d{1,9})?)?(?: ?(?P<z>Z|[+-]\d{2}:?\d{2}))?$"
)
_PARTS = ("y", "m", "m2", "m3", "d", "d2", "d3", "H", "M", "S")
_MONTH_DAYS = np.array([31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
_MICRO = 1_000_000


@dataclass(frozen=True)
class Moments:
    """A column of times.

    local: datetime64[us] as printed (NaT where empty or wrong). instant: datetime64[us] in UTC. wrong: cells that are
    neither empty nor a time. timed: cells that print a time of day.
    """

    local: Times
    instant: Times
    wrong: Mask


def parse(column: pa.Array, zone: str) -> Moments:
    """Read a column of text (null: no time). `zone`: IANA name, for cells that print no offset."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(pa.string())
    local = _iso(column, _empty(column))
    if local is not None:
        return Moments(local, to_instant(local, zone), np.zeros(len(column), dtype=bool))
    text = pc.utf8_trim_whitespace(column)
    empty = _empty(text)
    local, shift, shifted = _by_shape(text)
    instant = to_instant(local, zone)
    instant[shifted] = (local - shift)[shifted]
    return Moments(local, instant, np.isnat(local) & ~empty)


_LAST_YEAR = r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})"
_SHORT_YEAR = r"^(\d{1,2}[-/.]\d{1,2}[-/.])(\d{2})(\D|$)"
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_HALF_DAY = r"(?P<before>^|.* )(?P<H>0?\d|1[0-2])(?P<M>:\d{2}(?::\d{2})?) ?(?P<half>[AaPp])\.?[Mm]\.?(?P<after> .*)?$"
_ZONES = {
    "UTC": 0, "GMT": 0, "PST": -8, "PDT": -7, "MST": -7, "MDT": -6, "CST": -6, "CDT": -5, "EST": -5, "EDT": -4,
    "BST": 1, "CET": 1, "MEZ": 1, "CEST": 2, "MESZ": 2, "JST": 9, "AEST": 10, "AEDT": 11,
}  # fmt: skip
_EPOCH = np.datetime64("1899-12-30")


def year_first(column: pa.Array, form: str) -> pa.StringArray:
    """Return days that stand in another order with the year first, hours of half a day and zones as numbers.

    Args:
        column: text.
        form: `day_first` (31/12/2026, 31 Dec 2026), `month_first` (12/31/2026, 12/31/26) or `serial` (Excel's 46387;
            46387.5 is noon). A month in words is read wherever it stands (Dec 31, 2026 5:43:55 PM PST).
    """
    text = pc.utf8_trim_whitespace(column.cast(pa.string()))
    if form == "serial":
        return _from_serial(text)
    letters = pc.match_substring_regex(text, r"[A-Za-z]{2}")
    if pc.any(letters).as_py():
        text = _in_numbers(text)
    text = pc.replace_substring_regex(text, _SHORT_YEAR, r"\120\2\3")
    order = r"\3-\2-\1" if form == "day_first" else r"\3-\1-\2"
    return pc.replace_substring_regex(text, _LAST_YEAR, order)


def _in_numbers(text: pa.StringArray) -> pa.StringArray:
    """Months, halves of the day and zones in words -> numbers."""
    for number, month in enumerate(_MONTHS, start=1):
        day_first, month_first = rf"^(\d{{1,2}}) (?i:{month})[a-z]* ", rf"^(?i:{month})[a-z]*\.? (\d{{1,2}}),? "
        for start in (day_first, month_first):
            text = pc.replace_substring_regex(text, start + r"(\d{4}),?", rf"\2-{number}-\1")
    for name, hours in _ZONES.items():
        text = pc.replace_substring_regex(text, rf" {name}$", f" {hours:+03d}:00")
    parts = pc.extract_regex(text, _HALF_DAY)
    there = pc.is_valid(parts)
    if not pc.any(there).as_py():
        return text
    before, hour, minutes, half, after = (
        pc.fill_null(pc.struct_field(parts, name), "") for name in ("before", "H", "M", "half", "after")
    )
    late = np.where(bools(pc.is_in(half, value_set=pa.array(["P", "p"]))), 12, 0)
    hours = pa.array(_number(hour) % 12 + late).cast(pa.string())
    return pc.if_else(there, pc.binary_join_element_wise(before, hours, minutes, after, ""), text)


def _from_serial(text: pa.StringArray) -> pa.StringArray:
    """Excel's numbers of days as dates, those with a fraction as times to the second; other texts stay."""
    parts = pc.extract_regex(text, r"^(?P<days>[2-7]\d{4})(?P<rest>\.\d+)?$")
    number = pc.is_valid(parts)
    days = pc.fill_null(pc.struct_field(parts, "days"), "0").cast(pa.int64()).to_numpy()
    digits = pc.utf8_slice_codeunits(pc.fill_null(pc.struct_field(parts, "rest"), ""), start=1, stop=11)
    share = pc.utf8_rpad(digits, 10, "0").cast(pa.int64()).to_numpy()
    seconds = (share * 86_400 + 5 * 10**9) // 10**10
    moments = (_EPOCH + days.astype("timedelta64[D]")).astype("datetime64[s]") + seconds.astype("timedelta64[s]")
    shown = pa.array(moments).cast(pa.string())
    shown = pc.if_else(pc.equal(digits, ""), pc.utf8_slice_codeunits(shown, start=0, stop=10), shown)
    return pc.if_else(number, shown, text)


def with_clock(days: pa.Array, clock: pa.Array) -> pa.StringArray:
    """Return days with the time of day that stands in another column (`17:57:17`, `175717`, `93807`, or empty).

    Where that column prints the day too, it stands alone.
    """
    day = pc.replace_substring_regex(days.cast(pa.string()), r"[ T]00:00:00$", "")
    time = pc.fill_null(pc.utf8_trim_whitespace(clock.cast(pa.string())), "")
    digits = pc.match_substring_regex(time, r"^\d{1,5}$")
    time = pc.if_else(digits, pc.utf8_lpad(time, 6, "0"), time)
    joined = pc.utf8_trim_whitespace(pc.binary_join_element_wise(day, time, " "))
    return pc.if_else(pc.match_substring_regex(time, r"^\d{4}[-/.年]"), time, joined)


def to_instant(local: Times, zone: str) -> Times:
    """Return local times as UTC; of a time that the clock shows twice the first is meant."""
    known = local[~np.isnat(local)]
    if not len(known):
        return local.copy()
    years = (
        int(known.min().astype("datetime64[Y]").astype(int)) + 1970,
        int(known.max().astype("datetime64[Y]").astype(int)) + 1970,
    )
    fixed = _fixed_offset(zone, *years)
    if fixed is not None:
        return local - np.timedelta64(fixed, "s")
    index = pd.DatetimeIndex(local).tz_localize(
        ZoneInfo(zone), ambiguous=np.ones(len(local), bool), nonexistent="shift_forward"
    )
    return np.asarray(index.tz_convert("UTC").tz_localize(None).to_numpy()).astype("datetime64[us]")


@lru_cache(maxsize=64)
def _fixed_offset(zone: str, first: int, last: int) -> int | None:
    """The zone's offset in seconds, if it never changes in these years."""
    info = ZoneInfo(zone)
    days = [
        datetime(year, month, 15, tzinfo=info)
        for year in range(first, min(last, first + 60) + 1)
        for month in range(1, 13)
    ]
    offsets = {day.utcoffset() for day in days}
    only = offsets.pop() if len(offsets) == 1 else None
    return int(only.total_seconds()) if only is not None else None


def _empty(text: pa.StringArray) -> Mask:
    return bools(pc.fill_null(pc.equal(pc.binary_length(text), 0), fill_value=True))


def _iso(text: pa.StringArray, empty: Mask) -> Times | None:
    """The usual column, `2026-10-01 12:00:00` or `2026-10-01` on every row."""
    sizes = pc.binary_length(text)
    shape = bools(pc.fill_null(pc.or_(pc.equal(sizes, 19), pc.equal(sizes, 10)), fill_value=False))
    if not (shape | empty).all():
        return None
    if empty.any():
        text = pc.if_else(pa.array(empty), pa.scalar(None, pa.string()), text)
    try:
        return np.asarray(text.cast(pa.timestamp("us")).to_numpy(zero_copy_only=False)).astype("datetime64[us]")
    except pa.ArrowInvalid:
        return None


def _by_shape(text: pa.StringArray) -> tuple[Times, npt.NDArray[np.timedelta64], Mask]:
    fields = pc.extract_regex(text, _SHAPE)
    found = bools(pc.is_valid(fields))
    part = {name: _number(pc.struct_field(fields, name)) for name in _PARTS}
    year, hour, minute, second = (part[name] for name in ("y", "H", "M", "S"))
    month, day = part["m"] + part["m2"] + part["m3"], part["d"] + part["d2"] + part["d3"]
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    days = _MONTH_DAYS[np.clip(month, 1, 12) - 1] - ((month == 2) & ~leap)
    sound = found & (year > 1970) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= days)
    sound &= (hour < 24) & (minute < 60) & (second < 60)
    months = np.where(sound, (year - 1970) * 12 + month - 1, 0).astype("datetime64[M]")
    seconds = (day - 1) * 86400 + hour * 3600 + minute * 60 + second
    local = months.astype("datetime64[us]") + (np.where(sound, seconds, 0) * _MICRO).astype("timedelta64[us]")
    local[~sound] = np.datetime64("NaT")
    offset = pc.struct_field(fields, "z")
    printed = sound & bools(pc.fill_null(pc.not_equal(offset, ""), fill_value=False))
    return local, _offsets(offset, len(text)), printed


def _offsets(text: pa.StringArray, count: int) -> npt.NDArray[np.timedelta64]:
    digits = pc.replace_substring(pc.fill_null(text, ""), ":", "")
    plain = pc.if_else(pc.match_substring_regex(digits, r"^[+-]\d{4}$"), digits, pa.scalar("0000"))
    number = pc.replace_substring(plain, "+", "").cast(pa.int64()).to_numpy()
    if len(number) != count:
        return np.zeros(count, "timedelta64[us]")
    size = np.abs(number)
    minutes = np.sign(number) * (size // 100 * 60 + size % 100)
    return np.asarray((minutes * 60 * _MICRO).astype("timedelta64[us]"))


def _number(text: pa.StringArray) -> npt.NDArray[np.int64]:
    filled = pc.if_else(pc.fill_null(pc.equal(text, ""), fill_value=True), pa.scalar("0"), text)
    return np.asarray(filled.cast(pa.int64()).to_numpy())
