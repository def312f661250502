"""Which rule each row falls under, and what it makes; rows that cannot be read, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from recon.channels.cells import Cells, Index, Mask, Minor, Money
from recon.channels.cleaning import holds
from recon.channels.columns import references
from recon.channels.lines import bools
from recon.channels.parts import Make, Rule
from recon.channels.spec import Spec
from recon.errors import Fault

_NUMBER_WORDS = ("号", "编号", "id", "ID", "Id")
_LOST = "\ufffd"
_EXCEL = r"^[+-]?[0-9](\.[0-9]+)?[eE]\+?[0-9]+$"


@dataclass
class Rows:
    """What has become of the rows of a table while it is read.

    state: 0 open, 1 skipped, 2 quarantined, 3 repeated. faults and reasons: by position of the row.
    """

    file: str
    numbers: npt.NDArray[np.int32]
    state: npt.NDArray[np.int8]
    faults: dict[int, Fault] = field(default_factory=dict)
    reasons: dict[int, str] = field(default_factory=dict)

    @property
    def open(self) -> Index:
        """Positions of the rows that still make entries."""
        return np.flatnonzero(self.state == 0)

    def skip(self, rows: Index, reason: str) -> None:
        """Set rows aside that are no movement."""
        self.state[rows] = 1
        self.reasons.update(dict.fromkeys(rows.tolist(), reason))

    def fault(self, rows: Index, column: str, values: Sequence[str], problem: str, remedy: str) -> None:
        """Quarantine rows; a row keeps its first fault."""
        for row, value in zip(rows.tolist(), values, strict=True):
            if self.state[row] == 0:
                self.state[row] = 2
                self.faults[row] = Fault(self.file, int(self.numbers[row]), column, value, problem, remedy)


@dataclass(frozen=True)
class Made:
    """Entries of one kind: rows (positions), amounts, and what they were made by."""

    make: Make
    rule: Rule
    rows: Index
    minor: Minor

    def kept(self, mask: Mask) -> Made:
        """Return the entries of the rows that are marked."""
        return self if mask.all() else Made(self.make, self.rule, self.rows[mask], self.minor[mask])


CORRECT = "Correct the cell, or export the file again."
NOT_EXCEL = "Export the file again and do not open it in Excel: it cuts long numbers."


def check_numbers(cells: Cells, rows: Rows) -> None:
    """Quarantine rows with a number that Excel has destroyed (`3.30E+18`): the digits are gone."""
    links = [link for refs in references(cells.spec) for chain in refs.chains.values() for link in chain]
    names = {link.column for link in links if link.pattern is None}
    names |= {name for name in cells.spec.key.columns if name.endswith(_NUMBER_WORDS)}
    for name in sorted(names):
        column = cells.plain(name)
        if column is None or not holds(column, b"E", b"e"):
            continue
        odd = np.flatnonzero(bools(pc.fill_null(pc.match_substring_regex(column, _EXCEL), fill_value=False)))
        rows.fault(odd, name, [cells.value(name, int(row)) for row in odd], "the number has lost its digits", NOT_EXCEL)


def check_texts(cells: Cells, rows: Rows) -> None:
    """Quarantine rows whose bytes are not in the encoding of the file (memos apart: there it does no harm)."""
    if not cells.body.lossy:
        return
    for name in sorted(set(cells.names) - set(cells.spec.memo)):
        column = cells.plain(name)
        if column is not None and holds(column, _LOST.encode()):
            odd = np.flatnonzero(bools(pc.fill_null(pc.match_substring(column, _LOST), fill_value=False)))
            values = [cells.value(name, int(row)) for row in odd]
            rows.fault(odd, name, values, "holds bytes that are no text in the file's encoding", CORRECT)


def assign(cells: Cells, rows: Rows, base: Money | None) -> list[tuple[Rule, Index]]:
    """Give each open row to the first rule that fits; rows that none fits are quarantined."""
    rest = rows.open
    given: list[tuple[Rule, Index]] = []
    for rule in cells.spec.rows:
        if not len(rest):
            break
        fit = cells.fits(rule.when, rest)
        if rule.direction is not None and base is not None:
            fit &= _goes(rule.direction, base)[rest]
        if rule.returns is not None and base is not None:
            fit &= _returned(cells, rule, rest, base)
        taken, rest = rest[fit], rest[~fit]
        if not len(taken):
            continue
        if rule.skip is not None:
            rows.skip(taken, rule.skip)
        elif rule.wrong is not None:
            name = next(iter(rule.when), "")
            values = [cells.value(name, int(row)) for row in taken]
            rows.fault(taken, name, values, rule.wrong, "Tell us what such a row means, or correct it.")
        else:
            given.append((rule, taken))
    for column, wrong, problem in base.wrong if base is not None else ():
        odd = rest[wrong[rest]]
        rows.fault(odd, column, [cells.value(column, int(row)) for row in odd], problem, CORRECT)
    rows.fault(rest, "", [""] * len(rest), "is a kind of row that this channel does not know", CORRECT)
    return given


def _goes(direction: str, base: Money) -> Mask:
    """Which rows bring money in, take it out, or (`none`) have an amount that is 0."""
    sign = {"in": 1, "out": -1, "none": 0}[direction]
    fits = np.asarray(np.sign(base.minor) == sign)
    return fits if sign else fits & base.present & ~_any(base.wrong, len(base.minor))


def _returned(cells: Cells, rule: Rule, rows: Index, base: Money) -> Mask:
    """Which rows carry the number of a row of the other direction."""
    numbers = cells.plain(rule.returns or "")
    if numbers is None:
        return np.zeros(len(rows), bool)
    everything = np.arange(cells.count)
    other = everything[
        cells.fits(rule.when, everything) & (base.minor > 0 if rule.direction == "out" else base.minor < 0)
    ]
    gone = numbers.take(pa.array(other)).drop_null()
    return bools(pc.is_in(numbers.take(pa.array(rows)), value_set=gone))


def made_by(cells: Cells, rows: Rows, given: Sequence[tuple[Rule, Index]], base: Money | None) -> list[Made]:
    """Return the entries of all rows; a row with a wrong amount makes none."""
    found: list[tuple[Rule, Index, list[tuple[Make, Money]]]] = []
    for rule, positions in given:
        sums = [(make, cells.amount(make.amount) if make.amount is not None else base) for make in rule.made]
        found.append((rule, positions, [(make, money) for make, money in sums if money is not None]))
        for make, money in found[-1][2]:
            _check_amounts(cells, rows, make, money, positions)
    made: list[Made] = []
    for rule, positions, of_rule in found:
        sound = np.zeros(cells.count, bool)
        sound[positions] = True
        sound &= rows.state == 0
        for make, money in of_rule:
            use = np.flatnonzero(sound if make.zero else sound & (money.minor != 0))
            if len(use):
                made.append(Made(make, rule, use, money.minor[use]))
    return made


def _check_amounts(cells: Cells, rows: Rows, make: Make, money: Money, positions: Index) -> None:
    """Quarantine the rows of a rule whose amount is none, or missing where it is required."""
    for column, wrong, problem in money.wrong:
        odd = positions[wrong[positions]]
        rows.fault(odd, column, [cells.value(column, int(row)) for row in odd], problem, CORRECT)
    if make.required:
        column = _first_column(make, cells.spec)
        odd = positions[~money.present[positions] & ~_any(money.wrong, len(money.minor))[positions]]
        rows.fault(odd, column, [""] * len(odd), "the amount is missing", CORRECT)


def _first_column(make: Make, spec: Spec) -> str:
    amount = make.amount or spec.amount
    return amount.columns[0] if amount is not None and amount.columns else ""


def _any(wrong: Sequence[tuple[str, Mask, str]], count: int) -> Mask:
    return np.any([mask for _, mask, _ in wrong], axis=0) if wrong else np.zeros(count, bool)
