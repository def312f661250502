"""`recon ledger`: any statement as one clean table."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from recon import intake
from recon.cli.ending import tell
from recon.cli.options import config_option, debug_option
from recon.cli.progress import progress
from recon.cli.settings import settings
from recon.errors import UsageFault, WorkspaceFault
from recon.outputs.ledger import write_ledger

_SUFFIXES = (".csv", ".parquet")


@click.command(no_args_is_help=True)
@click.argument("paths", metavar="FILE|FOLDER...", nargs=-1, required=True, type=click.Path(path_type=Path))
@config_option
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="FILE", help="A .csv or .parquet [default: csv on stdout]"
)
@click.option("--quiet", is_flag=True, help="Print no progress.")
@debug_option
def ledger(paths: tuple[Path, ...], *, config_path: Path | None, out: Path | None, quiet: bool) -> int:
    """Read statements and order lists, and write the ledger: one row per movement of money, one set of columns.

    Amounts are in major units, + is towards the merchant. What could not be read, and totals that do not agree with
    the rows, are told on stderr; the exit code is then 3.
    """
    if out is not None and out.suffix not in _SUFFIXES:
        raise UsageFault(f"{out}: is no kind of table. Name a file that ends with {' or '.join(_SUFFIXES)}.")
    config = settings(config_path)
    with progress(quiet=quiet) as report:
        reading = intake.read(paths, config=config, progress=report)
    for message in reading.messages:
        tell(message)
    with TemporaryDirectory(prefix="recon-ledger-") as scratch:
        written = Path(scratch) / f"ledger{out.suffix if out else '.csv'}"
        write_ledger(reading.entries, written, zone=config.zone, currency=config.currency)
        _deliver(written, out)
    return reading.exit_code


def _deliver(written: Path, out: Path | None) -> None:
    if out is None:
        with written.open("rb") as file:
            shutil.copyfileobj(file, sys.stdout.buffer)
        return
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(written, out)
    except OSError as error:
        raise WorkspaceFault(f"{out}: cannot be written: {error.strerror}.") from error
