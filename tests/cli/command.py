"""The command line as a process, as a user or cron runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Ended:
    """How a process ended."""

    code: int
    out: str
    err: str


def recon(*arguments: str | Path, cwd: Path = PROJECT) -> Ended:
    """Run one command line in UTF-8, whatever the locale says."""
    done = subprocess.run(
        [sys.executable, "-m", "recon", *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(PROJECT), "LC_ALL": "C"},
        capture_output=True,
        check=False,
        timeout=300,
    )
    return Ended(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))
