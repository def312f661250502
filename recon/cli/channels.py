"""`recon channels`: which files are read, and which channel a file is."""

from __future__ import annotations

import sys
from difflib import get_close_matches
from itertools import groupby
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from recon.channels.detect import Candidate, detect_file
from recon.channels.not_supported import not_supported
from recon.channels.spec import load_spec, load_specs
from recon.cli.channel_new import new
from recon.cli.channel_text import described
from recon.cli.channel_trial import try_channel
from recon.cli.ending import tell
from recon.cli.options import FOLDER, debug_option
from recon.errors import EXIT_DONE, EXIT_INPUT, UsageFault

_PLAIN_WIDTH = 160


@click.group(invoke_without_command=True)
@click.pass_context
@debug_option
def channels(context: click.Context) -> int:
    """List the channels that are read, or say which one a file is."""
    return _listed() if context.invoked_subcommand is None else EXIT_DONE


@channels.command("list")
@debug_option
def list_channels() -> int:
    """List the channels that are read.

    The column `source` says what a layout rests on: OFF official documentation, SAMPLE a real file, CODE public code
    that reads it, 2ND a description, MEM general knowledge, OURS names that we chose.
    """
    return _listed()


@channels.command(no_args_is_help=True)
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@debug_option
def detect(files: tuple[Path, ...]) -> int:
    """Say which channel each FILE is, why, and which ones come near.

    The channel that is taken comes first, with a `*`. Exits with 3 when a file, or a table in it, has none.
    """
    specs = load_specs()
    code = EXIT_DONE
    for path in files:
        if not path.is_file():
            raise UsageFault(f"{path}: there is no such file.")
        for table, found in groupby(detect_file(path, specs, path.as_posix()), key=lambda one: one.file):
            click.echo(table)
            for one in found:
                if isinstance(one, Candidate):
                    mark = "*" if one.chosen else " "
                    click.echo(f"  {mark} {one.channel} {one.title_zh} {one.title_en}: {one.reason}")
                else:
                    tell(str(one))
                    code = EXIT_INPUT
    return code


@channels.command(no_args_is_help=True)
@click.argument("spec", type=FOLDER, metavar="SPEC.yaml")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=FOLDER)
@debug_option
def check(spec: Path, files: tuple[Path, ...]) -> int:
    """Read each FILE with the channel of SPEC.yaml: first entries, totals, what was left out and why.

    Exits with 3 when a file is not read, a row is quarantined, or a total or balance does not agree.
    """
    for path in (spec, *files):
        if not path.is_file():
            raise UsageFault(f"{path}: there is no such file.")
    return try_channel(load_spec(spec), files)


@channels.command()
@click.argument("name")
@debug_option
def show(name: str) -> int:
    """Show what the channel NAME reads, and what is known of it: columns, windows, charges, payouts."""
    specs = load_specs()
    if name not in specs:
        near = get_close_matches(name, specs, n=1)
        raise UsageFault(f"{name}: is no channel.{f' Did you mean {near[0]}?' if near else ''} See recon channels.")
    for line in described(specs[name]):
        click.echo(line)
    return EXIT_DONE


@channels.command()
@debug_option
def unsupported() -> int:
    """List the layouts that are known to exist and are not read, and why."""
    for one in not_supported():
        click.echo(f"{one.title.zh} {one.title.en}: {one.reason.zh}; {one.reason.en}")
    return EXIT_DONE


channels.add_command(new)


def _listed() -> int:
    plain = not sys.stdout.isatty()
    console = Console(file=sys.stdout, highlight=False, width=_PLAIN_WIDTH if plain else None)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("channel", "side", "family", "source", "title"):
        table.add_column(name, no_wrap=True)
    for spec in load_specs().values():
        table.add_row(
            Text(spec.channel), spec.side, spec.family, spec.confidence or "-", Text(f"{spec.title.zh} {spec.title.en}")
        )
    console.print(table)
    return EXIT_DONE
