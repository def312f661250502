"""Two tables as people compare them: the columns that the expected one has, rows in any order, each as often as it is.

`source_file` and `source_row` never decide: where a row stands in which file is no result of a reconciliation.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

PLACES = frozenset({"source_file", "source_row"})
#: Lines of one kind that are shown, and rows that are compared with each other to find what changed.
_SHOWN = 20
_COMPARED = 500

Row = tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A csv as texts."""

    header: Row
    rows: Sequence[Row]

    def cut(self, columns: Sequence[str]) -> Counter[Row]:
        """Return the rows with these columns only, and how often each stands there."""
        places = [self.header.index(column) for column in columns]
        return Counter(tuple(row[place] for place in places) for row in self.rows)


@dataclass(frozen=True)
class Comparison:
    """What differs between two tables: columns that are not there, rows that are missing, rows that are too many."""

    columns: Row
    absent: Row = ()
    missing: Sequence[Row] = ()
    surplus: Sequence[Row] = ()
    places_differ: bool = False

    @property
    def equal(self) -> bool:
        """True when nothing that counts differs."""
        return not (self.absent or self.missing or self.surplus)

    def lines(self) -> list[str]:
        """Return what differs, a line each.

        `-` is expected and missing, `+` was found and not expected; `~` is one row in which some cells differ.
        """
        told = [f"column {column} is not in the output" for column in self.absent]
        pairs, missing, surplus = _paired(self.missing, self.surplus)
        told += _cut("~", [self._changed(expected, found) for expected, found in pairs])
        told += _cut("-", [f"- {self._shown(row)}" for row in missing])
        told += _cut("+", [f"+ {self._shown(row)}" for row in surplus])
        return told

    def _shown(self, row: Row) -> str:
        return " ".join(f"{column}={cell}" for column, cell in zip(self.columns, row, strict=True) if cell)

    def _changed(self, expected: Row, found: Row) -> str:
        cells = list(zip(self.columns, expected, found, strict=True))
        same = " ".join(f"{column}={one}" for column, one, other in cells if one == other and one)
        changes = ", ".join(f"{column} {one!r} is {other!r}" for column, one, other in cells if one != other)
        return f"~ {same}: {changes}"


def _paired(missing: Sequence[Row], surplus: Sequence[Row]) -> tuple[list[tuple[Row, Row]], list[Row], list[Row]]:
    """Pair each missing row with the surplus row that shares most of its cells, if those are more than half."""
    pairs: list[tuple[Row, Row]] = []
    alone: list[Row] = []
    rest = list(surplus[:_COMPARED])
    for row in missing[:_COMPARED]:
        nearest = max(rest, key=lambda other: _shared(row, other), default=None)
        if nearest is not None and 2 * _shared(row, nearest) > len(row):
            pairs.append((row, nearest))
            rest.remove(nearest)
        else:
            alone.append(row)
    return pairs, [*alone, *missing[_COMPARED:]], [*rest, *surplus[_COMPARED:]]


def _shared(row: Row, other: Row) -> int:
    return sum(one == two for one, two in zip(row, other, strict=True))


def _cut(sign: str, lines: list[str]) -> list[str]:
    return lines if len(lines) <= _SHOWN else [*lines[:_SHOWN], f"{sign} and {len(lines) - _SHOWN} more"]


def read(path: Path) -> Table:
    """Read a csv in UTF-8.

    Raises:
        ValueError: it has no header, or a row with another number of cells.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = [tuple(line) for line in csv.reader(file)]
    if not lines:
        raise ValueError("has no header")
    header, *rows = lines
    for number, row in enumerate(rows, start=2):
        if len(row) != len(header):
            raise ValueError(f"row {number} has {len(row)} cells, the header {len(header)}")
    return Table(header, rows)


def compare(expected: Table, found: Table) -> Comparison:
    """Compare two tables by the columns of the expected one."""
    columns = tuple(column for column in expected.header if column not in PLACES)
    absent = tuple(column for column in columns if column not in found.header)
    if absent:
        return Comparison(columns, absent=absent)
    wanted, got = expected.cut(columns), found.cut(columns)
    missing = sorted((wanted - got).elements())
    surplus = sorted((got - wanted).elements())
    if missing or surplus:
        return Comparison(columns, missing=missing, surplus=surplus)
    placed = tuple(column for column in expected.header if column in found.header)
    return Comparison(columns, places_differ=expected.cut(placed) != found.cut(placed))
