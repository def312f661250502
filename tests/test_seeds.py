"""Generated cases of every kind: the planted breaks are found, none is missed, none is false. `make fuzz` runs more."""

from __future__ import annotations

from pathlib import Path

import pytest

from recon.cli import run
from recon.samples import CASES, write_case


@pytest.mark.parametrize("seed", [101, 102])
@pytest.mark.parametrize("case", CASES)
def test_every_planted_break_is_found_and_no_other(
    case: str, seed: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_case(case, seed, 500, tmp_path / case)
    assert run(["check", str(tmp_path)]) == 0, capsys.readouterr().out
