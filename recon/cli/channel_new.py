"""`recon channels new`: a spec for a layout that nobody has described yet, proposed from one of its files."""

from __future__ import annotations

import re
import sys
from itertools import islice
from pathlib import Path

import click

from recon import workspace
from recon.channels import tables
from recon.channels.proposing import ASKED, Proposal, Side, propose, spec_text
from recon.channels.spec import load_spec, load_specs
from recon.cli.channel_trial import try_channel
from recon.cli.ending import tell
from recon.cli.options import FOLDER, debug_option
from recon.errors import InputFault, UsageFault

_NAME = re.compile(r"[a-z][a-z0-9]*(\.[a-z0-9]+)+")
_NONE = "-"


@click.command(no_args_is_help=True)
@click.argument("file", type=FOLDER, metavar="FILE")
@click.option("--name", help="The channel's name, like `corner.till`.")
@click.option("--title", help="What people call it.")
@click.option("--side", type=click.Choice(["order", "gateway", "bank"]), help="What it lists.")
@click.option(
    "--workspace", "folder", type=FOLDER, default=Path(), metavar="FOLDER",
    help="The folder with recon.yaml (default: this one); the channel is written into its channels/.",
)  # fmt: skip
@click.option("--ask/--no-ask", default=None, help="Ask for each column (default: on a terminal).")
@debug_option
def new(file: Path, *, name: str | None, title: str | None, side: Side | None, folder: Path, ask: bool | None) -> int:
    """Propose a channel from the header and the values of FILE, and write it as YAML that you own.

    What is not sure is asked on a terminal. Then FILE is read with it, as `recon channels check` does.
    """
    places = workspace.discover(folder)
    if places.channels is None:
        raise UsageFault(f"{folder}: holds no recon.yaml; a channel of your own lies in the channels/ beside one.")
    found = propose(_table(file), load_specs(), side)
    asking = sys.stdin.isatty() if ask is None else ask
    name = name or _asked_name(found, asking=asking)
    if not _NAME.fullmatch(name):
        raise UsageFault(f"--name: {name!r} is no name of a channel. Write it like corner.till.")
    if name in load_specs():
        raise UsageFault(f"--name: {name} comes with the program. Choose another name.")
    target = places.channels / f"{name}.yaml"
    if target.exists():
        raise UsageFault(f"{target}: is there already. Change it by hand, or choose another name.")
    found = _asked_columns(found) if asking else found
    if found.missing:
        names = ", ".join(column.name for column in found.columns)
        wanted = ", ".join(found.missing)
        raise UsageFault(f"{file}: which column is the {wanted}? Ask with --ask; the columns are: {names}.")
    for role, column in found.roles.items():
        tell(f"{role}: {column}")
    target.parent.mkdir(exist_ok=True)
    target.write_text(spec_text(found, name, title or name), encoding="utf-8", newline="\n")
    click.echo((folder / target.parent.name / target.name).as_posix())
    return try_channel(load_spec(target), [file])


def _table(file: Path) -> tables.Source:
    if not file.is_file():
        raise UsageFault(f"{file}: there is no such file.")
    source = next(islice(tables.open_file(file, file.name), 1), None)
    if source is None or isinstance(source, tables.Unopened):
        if source is not None:
            raise InputFault(source.fault)
        raise UsageFault(f"{file}: holds no table.")
    return source


def _asked_name(found: Proposal, *, asking: bool) -> str:
    if not asking:
        raise UsageFault("--name is missing: how is the channel called? Write it like corner.till.")
    return str(click.prompt(f"Name of the channel (a {found.side} list), like corner.till", err=True))


def _asked_columns(found: Proposal) -> Proposal:
    """Ask for each role; Enter takes what is proposed, `-` none."""
    for role, text, needed in _questions(found):
        choices = found.candidates(role)
        if not choices:
            continue
        proposed = found.roles.get(role, _NONE)
        tell(f"{role}: {text}{'' if needed else ' (or -)'}")
        tell(f"  one of: {', '.join(choices)}")
        answer = click.prompt("  column", default=proposed, type=click.Choice([*choices, _NONE]), show_choices=False,
                              err=True)  # fmt: skip
        found = found.with_role(role, None if answer == _NONE else str(answer))
    return found


def _questions(found: Proposal) -> list[tuple[str, str, bool]]:
    both = "in" in found.roles and "out" in found.roles
    asked = [(one.role, one.en, one.needed) for one in ASKED[found.side] if not (both and one.role == "amount")]
    pair = [("in", "the amount that came in", True), ("out", "the amount that went out", True)] if both else []
    return [*asked, *pair]
