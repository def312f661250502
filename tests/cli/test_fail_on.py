"""The grammar of `--fail-on`, and when a condition holds."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from recon.cli.fail_on import Tally, failed, parse
from recon.errors import UsageFault, WorkspaceFault
from recon.outputs.explain.folder import Result
from recon.outputs.tables import BREAKS

CODES = ("missing_payment", "cutoff")
_WRITTEN = ("code", "severity", "difference", "currency", "status", "occurred_at")
ROWS = [
    ("missing_payment", "high", "-600.00", "CNY", "open", "2026-10-01T00:00:00+08:00"),
    ("missing_payment", "medium", "400.00", "CNY", "assigned", "2026-09-01T00:00:00+08:00"),
    ("missing_payment", "low", "1000.01", "USD", "open", ""),
    *[
        ("missing_payment", "high", "99999.00", "CNY", status, "")
        for status in ("explained", "written_off", "resolved")
    ],
    *[("cutoff", "info", "77.00", "CNY", "open", "")] * 40,
]


def _result(folder: Path, rows: list[tuple[str, ...]], columns: tuple[str, ...] = _WRITTEN) -> Result:
    with (folder / "breaks.csv").open("w", encoding="utf-8", newline="") as file:
        lines = csv.DictWriter(file, BREAKS.names if columns == _WRITTEN else columns, restval="", lineterminator="\n")
        lines.writeheader()
        lines.writerows(dict(zip(columns, row, strict=False)) for row in rows)
    return Result(folder, {"currency": "CNY"})


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("breaks > 2", True),
        ("breaks > 3", False),
        ("high>0", True),
        ("high > 1", False),
        ("missing_payment > 2", True),
        ("missing_payment > 3", False),
        ("cutoff > 39", True),
        ("open_amount > 1000.00", True),
        ("open_amount > 1000.01", False),
        (" high > 1 ,breaks>0", True),
        ("high > 1, breaks > 3", False),
    ],
)
def test_conditions(tmp_path: Path, text: str, *, holds: bool) -> None:
    """Open and assigned findings count, of whatever period; information under its own code alone."""
    result = _result(tmp_path, ROWS)
    assert any(condition.holds(Tally.of(result)) for condition in parse(text, CODES)) is holds
    assert failed(parse(text, CODES), result) == int(holds)


def test_nothing_open_fails_nothing(tmp_path: Path) -> None:
    result = _result(tmp_path, [])
    assert failed(parse("breaks > 0, high > 0, open_amount > 0, cutoff > 0", CODES), result) == 0


def test_a_table_of_another_version(tmp_path: Path) -> None:
    result = _result(tmp_path, [("cutoff", "info")], ("code", "severity"))
    with pytest.raises(WorkspaceFault, match=r"breaks.csv: has no column difference. Run recon match again."):
        failed(parse("high > 0", CODES), result)
    assert failed((), result) == 0


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "'' is not a condition. Write `NAME > number`, like `high > 0`."),
        ("high", "'high' is not a condition. Write `NAME > number`, like `high > 0`."),
        ("high >= 1", "'high >= 1' is not a condition. Write `NAME > number`, like `high > 0`."),
        ("high > -1", "'high > -1' is not a condition. Write `NAME > number`, like `high > 0`."),
        ("high > 0,", "'' is not a condition. Write `NAME > number`, like `high > 0`."),
        ("missing_paymnt > 0", "'missing_paymnt' is unknown. Did you mean 'missing_payment'?"),
        ("zzz > 0", "'zzz' is unknown. Known: breaks, high, open_amount, missing_payment, cutoff."),
        ("high > 0.5", "high counts findings. Write a whole number, like `high > 0`."),
    ],
)
def test_what_is_no_condition(text: str, problem: str) -> None:
    with pytest.raises(UsageFault) as caught:
        parse(text, CODES)
    assert str(caught.value) == f"--fail-on: {problem}"
