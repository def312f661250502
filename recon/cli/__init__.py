"""The command line: reads options, calls the pipeline, tells the result. It decides nothing about money."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence

import click

from recon import __version__
from recon.cli.breaks import breaks
from recon.cli.channels import channels
from recon.cli.check import check
from recon.cli.ending import Ending
from recon.cli.explain import explain
from recon.cli.ledger import ledger
from recon.cli.match import match
from recon.cli.pair import pair
from recon.cli.prove import prove

_SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(context_settings=_SETTINGS)
@click.version_option(__version__, prog_name="recon", message="%(prog)s %(version)s")
def cli() -> None:
    r"""Reconcile e-commerce money, order by order, from the files as they were downloaded.

    \b
    Exit codes:
      0    done; breaks are everyday business
      1    --fail-on: a threshold is reached; check: different
      2    wrong usage or configuration
      3    done, but some input was unknown, quarantined or failed its totals
      4    the output folder cannot be used
      70   internal error, or money not conserved; nothing was written
      130  interrupted
    """


for _command in (match, breaks, explain, pair, check, prove, ledger, channels):
    cli.add_command(_command)


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code; whatever went wrong has been told on stderr."""
    with Ending(trace="--debug" in arguments) as ending:
        ending.code = int(cli.main(args=list(arguments), prog_name="recon", standalone_mode=False) or 0)
    return ending.code


def main() -> None:
    """Entry point of the console script."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a Windows console may still speak a code page
            stream.reconfigure(encoding="utf-8", errors="replace")
    sys.exit(run(sys.argv[1:]))
