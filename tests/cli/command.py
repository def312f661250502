"""The command line as its users see it: one line in, an exit code and two streams out.

`recon` runs it in this process, `process` as a user or cron starts it. To start takes longer than most commands take,
so each command is started a few times, and all else that is said of it is asked here.
"""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from recon.cli import run

PROJECT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


def recon(*arguments: str | Path, cwd: Path = PROJECT) -> Ended:
    """Run one command line in this process, in a folder, and keep what it writes to its two streams."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in range(2))
    with contextlib.chdir(cwd), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run([str(argument) for argument in arguments])
    texts = []
    for stream in (out, err):
        stream.seek(0)
        texts.append(stream.read())
    return Ended(code, *texts)


def process(*arguments: str | Path, cwd: Path = PROJECT) -> Ended:
    """Start one command line, in UTF-8 whatever the locale says."""
    done = subprocess.run(
        [sys.executable, "-m", "recon", *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(PROJECT), "LC_ALL": "C"},
        capture_output=True,
        check=False,
        timeout=300,
    )
    return Ended(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))
