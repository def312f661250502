"""The baseline of the benchmark is honest only while it finds what recon must find."""

import subprocess
import sys
from pathlib import Path

import pytest

from recon.samples import write_case

BASELINE = Path(__file__).with_name("baseline_pandas.py")


@pytest.mark.parametrize(("seed", "orders"), [(11, 100), (12, 2000)])
def test_the_baseline_finds_the_planted_breaks(tmp_path: Path, seed: int, orders: int) -> None:
    write_case("taobao-alipay-bank", seed, orders, tmp_path)
    expected = tmp_path / "expected"
    command = [sys.executable, str(BASELINE), str(tmp_path / "inbox"), str(tmp_path / "out")]
    ended = subprocess.run(
        [*command, "--as-of", "2026-10-31", "--verify", str(expected)], capture_output=True, check=False
    )
    assert (ended.returncode, ended.stderr.decode()) == (0, "")
