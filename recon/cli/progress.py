"""How far a run is: bars on a terminal, one line per stage elsewhere, all of it on stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from recon.cli.ending import tell

#: Called as report(stage, done, total); a stage is over when done reaches total.
Report = Callable[[str, int, int], None]


@contextmanager
def progress(*, quiet: bool) -> Iterator[Report]:
    """Yield what a pipeline reports to."""
    if quiet:
        yield lambda _stage, _done, _total: None
    elif sys.stderr.isatty():
        yield from _bars()
    else:
        yield _line


def _bars() -> Iterator[Report]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    tasks: dict[str, TaskID] = {}
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:

        def report(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield report


def _line(stage: str, done: int, total: int) -> None:
    if done >= total:
        tell(f"{stage}: {total}" if total > 1 else stage)
