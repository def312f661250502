"""What a person read in a real file, and what the reader makes of it; shared by the lists of answers per family."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from recon.channels.reader import read_file
from recon.channels.spec import Spec
from recon.ledger.statement import Statement

FOLDER = os.environ.get("RECON_REAL_FILES")


class Read(NamedTuple):
    """One statement: counts of rows, its control total and balance chain, the sum of its entries in minor units."""

    channel: str
    rows: int
    booked: int
    skipped: int
    quarantined: int
    control_total: str
    balance_chain: str
    total: int


class Refused(NamedTuple):
    """A file that is no statement, and why."""

    problem: str


def files_below(folder: str) -> dict[str, Path]:
    """Return the files below folders of that name, by their path in it; none where there is no such folder."""
    roots = [path for path in Path(FOLDER).rglob(folder) if path.is_dir()] if FOLDER else []
    return {path.relative_to(root).as_posix(): path for root in roots for path in root.rglob("*") if path.is_file()}


def answer_of(path: Path, specs: Mapping[str, Spec]) -> list[Read | Refused]:
    """Return what the reader makes of a file."""
    return [
        Read(
            one.channel,
            one.rows,
            one.booked_rows,
            len(one.skipped),
            len(one.quarantined),
            one.control_total,
            one.balance_chain,
            sum(one.table["amount"].to_pylist()),
        )
        if isinstance(one, Statement)
        else Refused(one.fault.problem)
        for one in read_file(path, path.name, specs)
    ]
