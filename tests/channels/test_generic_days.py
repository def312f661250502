"""Dates whose shape the column tells."""

from __future__ import annotations

import pyarrow as pa
import pytest

from recon.channels.generic.days import UndecidedError, year_first


def dates(*cells: str | None) -> list[str | None]:
    return list(year_first(pa.array(cells, pa.string())).column.to_pylist())


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["13/10/2026", "1/10/2026 3:05 PM"], ["2026-10-13", "2026-10-01 15:05"]),
        (["10/13/26", "10/1/26"], ["2026-10-13", "2026-10-01"]),
        (["30.09.2026", "1.9.2026"], ["2026-09-30", "2026-09-01"]),
        (["5/5/2026", None], ["2026-05-05", None]),
        (["Oct 1, 2026", "1 Oct 2026 10:00", "02-Nov-26"], ["2026-10-01", "2026-10-01 10:00", "2026-11-02"]),
        (["46296", "46296.5", "46296.75"], ["2026-10-01 00:00:00", "2026-10-01 12:00:00", "2026-10-01 18:00:00"]),
        (["2026/10/1 12:05:01 am", "2026/10/1 12:05 p.m."], ["2026/10/1 00:05:01", "2026/10/1 12:05"]),
        (["20261001", "20261001175717", "2026年10月1日"], ["20261001", "20261001175717", "2026年10月1日"]),
        (
            ["2026-10-01 10:00:00 -0700", "2026-10-01 10:00:00 +08:00"],
            ["2026-10-01 10:00:00-0700", "2026-10-01 10:00:00+08:00"],
        ),
        (["2026-10-01", "soon"], ["2026-10-01", "soon"]),
        ([None, None], [None, None]),
    ],
)
def test_shapes(cells: list[str | None], expected: list[str | None]) -> None:
    assert dates(*cells) == expected


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (["1/2/2026", "3/4/2026"], "every date fits"),
        (["13/2/2026", "3/14/2026"], "some dates fit only"),
    ],
)
def test_undecided(cells: list[str], said: str) -> None:
    with pytest.raises(UndecidedError, match=said):
        dates(*cells)


def test_utc_behind_every_cell() -> None:
    found = year_first(pa.array(["2026-10-01 10:00:00 UTC", "2026-10-01 11:00:00 (GMT)"]))
    assert found.utc
    assert found.column.to_pylist() == ["2026-10-01 10:00:00", "2026-10-01 11:00:00"]


def test_the_order_is_told() -> None:
    assert year_first(pa.array(["13/10/2026"])).order == "d/m"
    assert year_first(pa.array(["10/13/2026"])).order == "m/d"
    assert year_first(pa.array(["2026-10-01"])).order == ""
