"""Stdout as a person or a log reads it: styled and wrapped by words on a terminal, else plain lines that are whole."""

from __future__ import annotations

import io
import sys

import click
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

STYLES = {"high": "bold red", "medium": "yellow", "low": "", "info": "dim"}
#: Elsewhere than on a terminal nobody has told the width: no line that is ever written is longer.
_UNWRAPPED = 1 << 16


class Screen:
    """Where the lines of a command go."""

    def __init__(self) -> None:
        self._terminal = Console(file=sys.stdout, highlight=False) if sys.stdout.isatty() else None

    def show(self, what: RenderableType) -> None:
        """Print a table or text; a terminal wraps it by words."""
        if self._terminal is not None:
            self._terminal.print(what)
            return
        lines = io.StringIO()
        Console(file=lines, highlight=False, width=_UNWRAPPED, color_system=None).print(what)
        for line in lines.getvalue().splitlines():
            click.echo(line.rstrip())

    def line(self, text: str, style: str = "") -> None:
        """Print one line of text."""
        self.show(Text(text, style=style))

    def whole(self, text: str) -> None:
        """Print one line without wrapping it, so that it can be copied: a path, a command."""
        if self._terminal is not None:
            self._terminal.print(Text(text), soft_wrap=True)
        else:
            click.echo(text)


def aligned(*kinds: str, heads: tuple[str, ...] = ()) -> Table:
    """Return an empty table without lines: per column `right`, `left`, or `text` for the one that may be wrapped."""
    table = Table(box=None, pad_edge=False, show_header=bool(heads), header_style="bold", padding=(0, 2, 0, 0))
    for at, kind in enumerate(kinds):
        table.add_column(
            heads[at] if heads else "",
            justify="right" if kind == "right" else "left",
            no_wrap=kind != "text",
            overflow="fold",
        )
    return table
