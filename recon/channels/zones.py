"""The zone that stands in a column of its own beside a time: an abbreviation, an offset, a city or words.

An abbreviation is an offset (PST in July is still eight hours behind); names and words follow the rules of their place.
Source: time zone columns of PayPal, Adyen, Square and Payoneer files as in the field guide; what the words stand for is
general knowledge.
"""

from __future__ import annotations

import re
from functools import cache
from zoneinfo import available_timezones

import numpy as np
import pyarrow as pa

from recon.channels.lines import filled
from recon.channels.moments import Times, to_instant

#: Minutes ahead of UTC.
_OFFSETS = {
    "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "BST": 60, "IST": 330, "CET": 60, "MEZ": 60, "CEST": 120, "MESZ": 120,
    "EET": 120, "EEST": 180, "MSK": 180, "SGT": 480, "HKT": 480, "AWST": 480, "JST": 540, "KST": 540, "AEST": 600,
    "AEDT": 660, "NZST": 720, "NZDT": 780, "AST": -240, "ADT": -180, "EST": -300, "EDT": -240, "CST": -360,
    "CDT": -300, "MST": -420, "MDT": -360, "PST": -480, "PDT": -420, "AKST": -540, "AKDT": -480, "HST": -600,
    "BRT": -180,
}  # fmt: skip
_PLACES = {
    "Atlantic Time (Canada)": "America/Halifax",
    "Eastern Time (US & Canada)": "America/New_York",
    "Central Time (US & Canada)": "America/Chicago",
    "Mountain Time (US & Canada)": "America/Denver",
    "Pacific Time (US & Canada)": "America/Los_Angeles",
    "Arizona": "America/Phoenix",
    "Alaska": "America/Anchorage",
    "Hawaii": "Pacific/Honolulu",
    "London": "Europe/London",
    "Dublin": "Europe/Dublin",
    "Paris": "Europe/Paris",
    "Madrid": "Europe/Madrid",
    "Tokyo": "Asia/Tokyo",
    "Sydney": "Australia/Sydney",
    "Melbourne": "Australia/Melbourne",
    "Brisbane": "Australia/Brisbane",
    "Perth": "Australia/Perth",
}
_SHIFT = re.compile(r"(?:UTC|GMT)?\s*(?P<sign>[+-])(?P<hours>\d{1,2}):?(?P<minutes>\d{2})?")


@cache
def zone_of(word: str) -> str | int | None:
    """Return what a word says: minutes ahead of UTC, or an IANA name; None if it is no known zone."""
    word = word.strip()
    if word.upper() in _OFFSETS:
        return _OFFSETS[word.upper()]
    shift = _SHIFT.fullmatch(word)
    if shift is not None:
        minutes = int(shift["hours"]) * 60 + int(shift["minutes"] or 0)
        return -minutes if shift["sign"] == "-" else minutes
    return _PLACES.get(word) or (word if word in available_timezones() else None)


def instants(local: Times, words: pa.Array, zone: str) -> Times:
    """Return local times as UTC, each in the zone that its own row names; `zone`: of rows that name none."""
    coded = words if pa.types.is_dictionary(words.type) else words.dictionary_encode()
    names = [zone_of(word) for word in coded.dictionary.to_pylist()]
    codes = filled(coded.indices, len(names))
    result = local.copy()
    for code, name in enumerate([*names, None]):
        rows = np.flatnonzero(codes == code)
        if isinstance(name, int):
            result[rows] = local[rows] - np.timedelta64(name, "m")
        elif len(rows):
            result[rows] = to_instant(local[rows], name or zone)
    return result
