"""What people decided about entries, by entry id: which belong together, and which never do.

A decision names entries, never files, rows or orders, so that it holds whatever files a later run is given.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from recon.errors import Fault, UsageFault
from recon.ledger.view import View, arrow

MATCH, DECLINE = "match", "decline"


@dataclass(frozen=True, slots=True)
class Decision:
    """One line of the file. line: as a person counts, from 1. entries: sorted ids. owner, note: empty where absent."""

    line: int
    entries: tuple[str, ...]
    owner: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Decisions:
    """The decisions of a file.

    matches: no entry stands in two of them. declines: what one names on one side never meets what it names on the
    other. file: what messages call it.
    """

    matches: tuple[Decision, ...] = ()
    declines: tuple[Decision, ...] = ()
    file: str = "decisions.csv"


@dataclass(frozen=True, slots=True)
class Placed:
    """A decision in the ledger of this run. word: match or decline. rows: positions of its entries that are there."""

    word: str
    decision: Decision
    rows: tuple[int, ...]

    @property
    def missing(self) -> int:
        """How many of its entries are not in this ledger."""
        return len(self.decision.entries) - len(self.rows)


def place(view: View, decisions: Decisions) -> tuple[Placed, ...]:
    """Find the entries of all decisions in a ledger.

    Raises:
        UsageFault: a line declines a pair that another matches.
    """
    wanted = sorted({entry for one in (*decisions.matches, *decisions.declines) for entry in one.entries})
    if not wanted:
        return ()
    found = pc.index_in(arrow(view.entries["entry_id"]), value_set=pa.array(wanted, pa.string()))
    number = pc.fill_null(found, -1).to_numpy()
    rows = np.flatnonzero(number >= 0)
    at = {wanted[n]: int(row) for row, n in zip(rows.tolist(), number[rows].tolist(), strict=True)}
    named = [(MATCH, one) for one in decisions.matches] + [(DECLINE, one) for one in decisions.declines]
    placed = tuple(Placed(word, one, tuple(sorted(at[e] for e in one.entries if e in at))) for word, one in named)
    faults = list(_contradictions(view, placed, decisions.file))
    if faults:
        raise UsageFault("\n".join(map(str, faults)))
    return placed


def _contradictions(view: View, placed: Sequence[Placed], file: str) -> Iterable[Fault]:
    """Declines whose entries of two sides one match holds; entries of one side are kept apart from nothing."""
    match_of = {row: one.decision for one in placed if one.word == MATCH for row in one.rows}
    for one in placed:
        if one.word != DECLINE:
            continue
        sides: dict[int, tuple[Decision, set[int]]] = {}
        for row in one.rows:
            if row in match_of:
                sides.setdefault(match_of[row].line, (match_of[row], set()))[1].add(int(view.side[row]))
        for line, (match, those) in sorted(sides.items()):
            if len(those) > 1:
                both = ";".join(sorted(set(match.entries) & set(one.decision.entries)))
                problem = f"declines a pair that line {line} matches"
                yield Fault(file, one.decision.line, "entry_ids", both, problem, "Remove one of the two lines.")
