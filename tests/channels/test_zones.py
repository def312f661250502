"""Zones that stand in a column beside the time."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from recon.channels.zones import instants, zone_of


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("PST", -480),
        ("pdt", -420),
        ("UTC+02:00", 120),
        ("GMT-0330", -210),
        ("+8", 480),
        ("Europe/Paris", "Europe/Paris"),
        ("Eastern Time (US & Canada)", "America/New_York"),
        ("here", None),
    ],
)
def test_a_word_names_an_offset_or_a_place(word: str, found: str | int | None) -> None:
    assert zone_of(word) == found


def test_each_row_is_in_its_own_zone() -> None:
    local = np.array(["2026-07-01T12:00"] * 4, dtype="datetime64[us]")
    words = pa.array(["PST", "America/Los_Angeles", None, "here"])
    hours = [f"2026-07-01T{hour}:00" for hour in ("20", "19", "04", "04")]
    assert instants(local, words, "Asia/Shanghai").tolist() == np.array(hours, dtype="datetime64[us]").tolist()
