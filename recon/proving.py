"""The blindfold test on what lies in a folder: how right pairs by amount and day are on the user's own rows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from recon import workspace
from recon.breaks.coverage import coverage
from recon.config import Config
from recon.intake import Progress, gather, last_day
from recon.ledger.days import day_number
from recon.ledger.measured import Bound
from recon.ledger.view import view
from recon.matching.blindfold import Blindfold
from recon.matching.loose import blind_test
from recon.matching.reference import compare
from recon.matching.scope import scope_of


@dataclass(frozen=True)
class Proven:
    """What the blindfold test found.

    tests: per window rule its name, the test, and what the measured bound lets post, per basis; none where nothing
    lacks a number. lists: the order lists that the classes of a test mean.
    """

    tests: tuple[tuple[str, Blindfold, tuple[Bound, ...]], ...]
    lists: tuple[str, ...]
    lang: str
    exit_code: int
    messages: list[str]


def prove(folder: Path, *, config: Config, lang: str | None, progress: Progress) -> Proven:
    """Run the test on what lies in a folder; nothing is written.

    Args:
        folder: a workspace, or any folder of exports.
        config: recon.yaml.
        lang: zh or en, None for the configured one.
        progress: is told of each file.

    Raises:
        UsageFault: no folder, or no file in it.
    """
    read, rules = gather(
        folder, workspace.discover(folder, None), config, (None, None, lang), progress, workspace.Lists()
    )
    progress("prove", 0, 1)
    ledger = view(read.entries, rules.channels)
    until = day_number(rules.as_of or last_day(read.statements))
    scope = scope_of(ledger, rules.channels, coverage(ledger, read.statements, rules.channels, rules.zone).books, until)
    parts = compare(
        ledger,
        rules.channels,
        scope.seen,
        scope.later,
        homes=rules.homes,
        zone=rules.zone,
        tolerance=rules.tolerance,
        keys=rules.orders.keys,
    )
    tests = blind_test(ledger, rules.channels, parts, scope.seen, rules.orders)
    progress("prove", 1, 1)
    return Proven(tuple(tests), ledger.channels, rules.lang, read.exit_code, read.messages)
