"""Real files, where `RECON_REAL_FILES` names a folder that holds some: nothing crashes, every row is accounted for."""

from __future__ import annotations

import os
import sys
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import pytest

from recon.channels.reader import read_file
from recon.channels.spec import Spec
from recon.ledger.statement import Statement, Unread

FOLDER = os.environ.get("RECON_REAL_FILES")


def real_files() -> list[Path]:
    folder = Path(FOLDER) if FOLDER else None
    return sorted(path for path in folder.rglob("*") if path.is_file()) if folder is not None else []


def test_real_files_are_read_or_say_why_not(specs: Mapping[str, Spec], capsys: pytest.CaptureFixture[str]) -> None:
    files: dict[str, int] = defaultdict(int)
    rows: dict[str, int] = defaultdict(int)
    for path in real_files():
        for one in read_file(path, path.name, specs):
            if isinstance(one, Unread):
                assert one.fault.problem
                assert one.fault.remedy
                continue
            assert isinstance(one, Statement)
            assert one.rows == one.booked_rows + one.repeated + len(one.skipped) + len(one.quarantined)
            files[one.channel] += 1
            rows[one.channel] += one.rows
    with capsys.disabled():
        for channel in specs:
            held = f"{files[channel]} files, {rows[channel]} rows" if files[channel] else "no real file"
            sys.stdout.write(f"\n  {channel}: {held}")
        sys.stdout.write("\n")
