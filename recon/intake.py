"""From files to one ledger: which files there are, read two at a time, told apart, merged."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow as pa

from recon import workspace
from recon.channels.reader import read_file
from recon.channels.spec import Spec, load_specs
from recon.config import Config
from recon.config.rates import read_rates
from recon.config.rules import Rules, rules_of
from recon.errors import EXIT_DONE, EXIT_INPUT, UsageFault
from recon.ledger.accounts import resolve
from recon.ledger.carried import carry
from recon.ledger.channel import ChannelFacts
from recon.ledger.copies import mark_copies
from recon.ledger.lent_numbers import lend_numbers
from recon.ledger.merge import drained, merge
from recon.ledger.statement import Statement, Unread
from recon.ledger.summaries import against_summaries
from recon.money import format_amount

Progress = Callable[[str, int, int], None]
#: Files that are read at once.
_READERS = 2


@dataclass(frozen=True)
class Reading:
    """What the files gave: the ledger, the statements, the files that could not be read, messages, exit code 0 or 3."""

    entries: pd.DataFrame
    statements: tuple[Statement, ...]
    unread: tuple[Unread, ...]
    messages: list[str]
    exit_code: int


def read(paths: Sequence[Path], *, config: Config, progress: Progress, book: bool = False) -> Reading:
    """Read files and folders into one ledger.

    Args:
        paths: files and folders.
        config: recon.yaml.
        progress: is told of each file.
        book: a table of unknown layout is the company's own journal, where debit is money in.

    Raises:
        UsageFault: a path does not exist.
    """
    named: list[tuple[Path, str]] = []
    for path in paths:
        if path.is_dir():
            named += [(p, p.relative_to(path).as_posix()) for p in workspace.walk(path)]
        elif path.is_file():
            named.append((path, path.name))
        else:
            raise UsageFault(f"{path}: there is no such file or folder.")
    specs = load_specs()
    statements, unread = _read_all(named, specs, config, progress, book=book)
    return _merged(statements, unread, _facts(specs))


def gather(
    folder: Path,
    places: workspace.Workspace,
    config: Config,
    told: tuple[str | None, date | None, str | None],
    progress: Progress,
    lists: workspace.Lists,
) -> tuple[Reading, Rules]:
    """Read what lies in a folder into one ledger.

    Args:
        folder: as the user named it.
        places: where its files lie, and its own channels.
        config: recon.yaml.
        told: period, as_of and language of the command line.
        progress: is told of each file.
        lists: what people keep beside recon.yaml: where it lies among the files it is none of them.

    Raises:
        UsageFault: the folder holds no file, or rates.csv cannot be used.
    """
    paths = [path for path in workspace.walk(places.inbox) if not lists.hold(path)]
    if not paths:
        raise UsageFault(f"{folder}: holds no file. Put the exports there as they were downloaded.")
    named = [(p, p.relative_to(places.inbox).as_posix()) for p in paths]
    specs = load_specs(places.channels)
    statements, unread = _read_all(named, specs, config, progress)
    rules = rules_of(config, _facts(specs), *told, read_rates(lists.rates, config.currency))
    return _merged(statements, unread, rules.channels), rules


def _merged(statements: list[Statement], unread: Sequence[Unread], channels: Mapping[str, ChannelFacts]) -> Reading:
    """One ledger of all files; the statements are drained into it."""
    known = carry(against_summaries(mark_copies(lend_numbers(resolve(statements, channels), channels), channels)))
    statements.clear()
    entries, files = merge(drained(known))
    pa.default_memory_pool().release_unused()  # what reading held beside the ledger
    messages = _messages(files, unread)
    return Reading(entries, files, tuple(unread), messages, EXIT_INPUT if messages else EXIT_DONE)


def _read_all(
    named: Sequence[tuple[Path, str]],
    specs: Mapping[str, Spec],
    config: Config,
    progress: Progress,
    *,
    book: bool = False,
) -> tuple[list[Statement], list[Unread]]:
    results: list[list[Statement | Unread]] = [[] for _ in named]

    def read_one(place: int) -> None:
        path, name = named[place]
        results[place] = read_file(
            path, name, specs, sources=config.sources, zone=config.zone, currency=config.currency, book=book
        )

    progress("read", 0, len(named))
    # The largest files first, two at a time: splitting, decoding and unpacking run outside the interpreter's lock.
    largest_first = sorted(range(len(named)), key=lambda n: (-named[n][0].stat().st_size, n))
    with ThreadPoolExecutor(max_workers=_READERS) as pool:
        for done, _ in enumerate(pool.map(read_one, largest_first), start=1):
            progress("read", done, len(named))
    found = [result for of_file in results for result in of_file]
    return [r for r in found if isinstance(r, Statement)], [r for r in found if isinstance(r, Unread)]


def _facts(specs: Mapping[str, Spec]) -> dict[str, ChannelFacts]:
    return {name: spec.facts() for name, spec in specs.items()}


def _messages(statements: Sequence[Statement], unread: Sequence[Unread]) -> list[str]:
    """One line per fault, for stderr: files first, then their rows, then totals that do not agree."""
    lines = [str(u.fault) for u in unread]
    for s in statements:
        lines += [str(fault) for fault in s.quarantined]
        lines += [_set_aside(s)] if s.quarantined else []
    for s in statements:
        lines += [f"{s.file}: {p.en}" for p in s.problems if p.code in ("control_total", "balance_break")]
    return lines


def _set_aside(statement: Statement) -> str:
    """How many rows of a file are quarantined, and what they add up to where their amounts can be read."""
    count = len({fault.row for fault in statement.quarantined})
    sums = ", ".join(f"{format_amount(amount, code)} {code}" for code, amount in statement.set_aside)
    rows = f"{count} row{'s' if count > 1 else ''} quarantined"
    return f"{statement.file}: {rows}{f', {sums} in all' if sums else ''}. They take no part."


def last_day(files: Sequence[Statement]) -> date:
    """The last day that the files cover; of files without any day the first day there is."""
    days = [a.period_to for s in files for a in s.accounts if a.period_to is not None]
    return max(days, default=date(1970, 1, 1))
