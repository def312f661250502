"""Where a command's one table goes: a csv on stdout, or a file that the user names."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from recon.errors import UsageFault, WorkspaceFault

_SUFFIXES = (".csv", ".parquet")

out_option = click.option(
    "--out", type=click.Path(path_type=Path), metavar="FILE", help="A .csv or .parquet [default: csv on stdout]"
)


def check(out: Path | None) -> None:
    """See to it that a table can be written of that kind, before anything is read.

    Raises:
        UsageFault: when not.
    """
    if out is not None and out.suffix not in _SUFFIXES:
        raise UsageFault(f"{out}: is no kind of table. Name a file that ends with {' or '.join(_SUFFIXES)}.")


def deliver(write: Callable[[Path], None], out: Path | None) -> None:
    """Let a table be written whole, then bring it where it belongs.

    Raises:
        WorkspaceFault: when the file cannot be written.
    """
    with TemporaryDirectory(prefix="recon-table-") as scratch:
        written = Path(scratch) / f"table{out.suffix if out else '.csv'}"
        write(written)
        if out is None:
            with written.open("rb") as file:
                shutil.copyfileobj(file, sys.stdout.buffer)
            return
        try:
            out.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(written, out)
        except OSError as error:
            raise WorkspaceFault(f"{out}: cannot be written: {error.strerror}.") from error
