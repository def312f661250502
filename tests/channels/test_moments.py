"""Dates and times as bills print them; what is none is wrong, never moved to a day that exists."""

from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recon.channels import moments

SHAPES = {
    "2026-10-01 09:05:07": "2026-10-01T09:05:07",
    "2026-10-01T09:05:07": "2026-10-01T09:05:07",
    "2026/10/1 9:05": "2026-10-01T09:05:00",
    "2026.10.01": "2026-10-01T00:00:00",
    "2026-10-01": "2026-10-01T00:00:00",
    "20261001": "2026-10-01T00:00:00",
    "20261001 09:05:07": "2026-10-01T09:05:07",
    "20261001090507": "2026-10-01T09:05:07",
    "2026年10月01日 09:05:07": "2026-10-01T09:05:07",
    "2025/12/03  14:06:51": "2025-12-03T14:06:51",
    "2025-01-0100:01:52": "2025-01-01T00:01:52",
    "2026-10-01 09:05:07.123": "2026-10-01T09:05:07",
    "2024-02-29": "2024-02-29T00:00:00",
}
WRONG = [
    "2026-02-30",
    "2026-13-01",
    "2026-10-01 24:00:00",
    "2026-10-01 09:60",
    "10/01/2026",
    "2026-1",
    "2026112",
    "abc",
    "46296",
]


@pytest.mark.parametrize(("text", "local"), SHAPES.items())
def test_shapes(text: str, local: str) -> None:
    found = moments.parse(pa.array([text, "", None]), "Asia/Shanghai")
    assert [str(one)[:19] for one in found.local] == [local, "NaT", "NaT"]
    assert not found.wrong.any()


@pytest.mark.parametrize("text", WRONG)
def test_what_is_no_time(text: str) -> None:
    found = moments.parse(pa.array([text, "2026-10-01"]), "Asia/Shanghai")
    assert found.wrong.tolist() == [True, False]


def test_an_offset_in_the_cell_beats_the_zone() -> None:
    found = moments.parse(
        pa.array(["2026-10-01T00:00:00Z", "2026-10-01 00:00:00+09:00", "2026-10-01 00:00:00"]), "Asia/Shanghai"
    )
    assert [str(one)[:16] for one in found.instant] == ["2026-10-01T00:00", "2026-09-30T15:00", "2026-09-30T16:00"]


def test_a_zone_with_summer_time() -> None:
    texts = ["2026-07-01 00:00:00", "2026-01-01 00:00:00", "2026-11-01 01:30:00", "2026-03-08 02:30:00", ""]
    found = moments.parse(pa.array(texts), "America/New_York")
    hours = [str(one)[11:16] for one in found.instant]
    assert hours == ["04:00", "05:00", "05:30", "07:00", ""]


SECONDS = st.integers(694_224_000, 3_786_912_000)  # 1992 to 2090


@given(st.lists(SECONDS.map(lambda second: datetime.fromtimestamp(second, tz=UTC)), min_size=1))
def test_the_quick_way_and_the_long_way_agree(times: list[datetime]) -> None:
    quick = moments.parse(pa.array([f"{at:%Y-%m-%d %H:%M:%S}" for at in times]), "Asia/Shanghai")
    long = moments.parse(
        pa.array([f"{at.year}/{at.month}/{at.day} {at.hour}:{at:%M:%S}" for at in times]), "Asia/Shanghai"
    )
    assert quick.instant.tolist() == long.instant.tolist()


@pytest.mark.parametrize(
    ("form", "printed", "local", "instant"),
    [
        ("month_first", "Jun 1, 2026 5:43:55 AM PDT", "2026-06-01T05:43:55", "2026-06-01T12:43:55"),
        ("month_first", "Dec 31, 2026 12:43:55 PM PST", "2026-12-31T12:43:55", "2026-12-31T20:43:55"),
        ("month_first", "10/05/2026 12:00:01 am", "2026-10-05T00:00:01", "2026-10-05T00:00:01"),
        ("month_first", "September 24, 2026", "2026-09-24T00:00:00", "2026-09-24T00:00:00"),
        ("month_first", "03/04/21", "2021-03-04T00:00:00", "2021-03-04T00:00:00"),
        ("day_first", "01.10.2026 22:07:18 UTC", "2026-10-01T22:07:18", "2026-10-01T22:07:18"),
        ("day_first", "2026-10-01 22:07:18 -0400", "2026-10-01T22:07:18", "2026-10-02T02:07:18"),
        ("day_first", "11 May 2016", "2016-05-11T00:00:00", "2016-05-11T00:00:00"),
    ],
)
def test_months_halves_of_the_day_and_zones_in_words(form: str, printed: str, local: str, instant: str) -> None:
    found = moments.parse(moments.year_first(pa.array([printed]), form), "UTC")
    assert not found.wrong.any()
    assert str(found.local.astype("datetime64[s]")[0]) == local
    assert str(found.instant.astype("datetime64[s]")[0]) == instant


@pytest.mark.parametrize("printed", ["Jun 31, 2026", "Jun 1, 2026 13:00:00 PM", "Jun 1, 2026 5:00 AM XYZ", "1/2/3"])
def test_words_that_are_no_moment_are_wrong(printed: str) -> None:
    assert moments.parse(moments.year_first(pa.array([printed]), "month_first"), "UTC").wrong.all()
