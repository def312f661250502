"""`recon ledger`: any statement as one clean table."""

from __future__ import annotations

from pathlib import Path

import click

from recon import intake
from recon.cli import delivery
from recon.cli.ending import tell
from recon.cli.options import config_option, debug_option
from recon.cli.progress import progress
from recon.cli.settings import settings
from recon.outputs.ledger import write_ledger


@click.command(no_args_is_help=True)
@click.argument("paths", metavar="FILE|FOLDER...", nargs=-1, required=True, type=click.Path(path_type=Path))
@config_option
@delivery.out_option
@click.option("--quiet", is_flag=True, help="Print no progress.")
@debug_option
def ledger(paths: tuple[Path, ...], *, config_path: Path | None, out: Path | None, quiet: bool) -> int:
    """Read statements and order lists, and write the ledger: one row per movement of money, one set of columns.

    Amounts are in major units, + is towards the merchant. What could not be read, and totals that do not agree with
    the rows, are told on stderr; the exit code is then 3.
    """
    delivery.check(out)
    config = settings(config_path)
    with progress(quiet=quiet) as report:
        reading = intake.read(paths, config=config, progress=report)
    for message in reading.messages:
        tell(message)
    delivery.deliver(lambda path: write_ledger(reading.entries, path, zone=config.zone, currency=config.currency), out)
    return reading.exit_code
