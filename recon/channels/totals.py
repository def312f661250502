"""Control totals that a file prints about itself, against its own rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from recon import money
from recon.channels.cells import Cells, Mask, Money, folded
from recon.channels.lines import Line, filled, fold
from recon.channels.parts import Total


@dataclass(frozen=True)
class Compared:
    """One printed figure beside the same figure of the rows; `money` false: a count. Ledger signs, minor units."""

    name: str
    printed: int
    computed: int
    money: bool

    @property
    def agrees(self) -> bool:
        """True if the two are equal."""
        return self.printed == self.computed

    def shown(self, figure: int, currency: str) -> str:
        """One of the two as a person reads it."""
        return money.format_amount(figure, currency) if self.money else str(figure)


def compare(cells: Cells, base: Money | None, malformed: int) -> list[Compared]:
    """Return every printed total that was found, compared. Wrong figures in the footer compare as 0."""
    footer = cells.spec.footer
    if footer is None:
        return []
    _, currencies = cells.currencies
    currency = currencies[0]
    found: list[Compared] = []
    lines = (*cells.body.preamble, *cells.body.footer)
    for total in footer.totals:
        if total.in_rows is not None:
            found += _in_rows(total, total.in_rows, cells, base)
            continue
        count, printed = _printed(total, lines if total.pattern else cells.body.footer)
        if total.of == "added":
            found += _added(total, lines, currency)
            continue
        rows, computed = _computed(total, cells, base)
        if count is not None:
            whole = rows + malformed if total.of == "rows" else rows
            if total.zeros:
                whole = min(max(_count(count), rows), rows + _zeros(base))
            found.append(
                Compared(total.name if total.of == "rows" else f"{total.name}笔数", _count(count), whole, money=False)
            )
        if printed is not None:
            minor = _minor(printed, currency)
            minor = abs(minor) if total.magnitude else minor
            found.append(Compared(total.name, minor * total.sign, computed * total.sign, money=True))
    return found


def _in_rows(total: Total, column: str, cells: Cells, base: Money | None) -> list[Compared]:
    """A sum that stands in a row of the table itself."""
    parsed = cells.parsed(column)
    if parsed is None or parsed.minor.null_count == cells.count:
        return []
    printed = int(pc.sum(parsed.minor).as_py())
    return [Compared(total.name, printed, _computed(total, cells, base)[1], money=True)]


def _added(total: Total, lines: Sequence[Line], currency: str) -> list[Compared]:
    """A figure that the reader of a standard has added up itself and shows beside the printed one."""
    for line in lines:
        match = re.search(total.pattern or "$^", line.text)
        if match:
            found = match.groupdict()
            if "count" in found:
                return [Compared(total.name, _count(found["count"]), _count(found["computed"]), money=False)]
            return [
                Compared(total.name, _minor(found["sum"], currency), _minor(found["computed"], currency), money=True)
            ]
    return []


def ends(cells: Cells, booked: int, chain: tuple[int, int] | None) -> tuple[int | None, int | None, list[Compared]]:
    """Return the opening and closing balance that the file prints, and what they are compared with.

    Args:
        cells: a table of one account and currency.
        booked: sum of its rows, minor units.
        chain: opening and closing as the running balance gives them, if there is one.
    """
    if cells.spec.ends is not None:
        opening, closing = (_in_cell(name, cells) for name in (cells.spec.ends.opening, cells.spec.ends.closing))
    else:
        above = cells.spec.preamble
        opening, closing = (_balance(pattern, cells) for pattern in (above.opening, above.closing))
    if chain is not None:
        pairs = (("期初余额", opening, chain[0]), ("期末余额", closing, chain[1]))
        compared = [Compared(name, printed, found, money=True) for name, printed, found in pairs if printed is not None]
    elif opening is not None and closing is not None:
        compared = [Compared("期末余额", closing, opening + booked, money=True)]
    else:
        compared = []
    return opening, closing, compared


def _in_cell(column: str, cells: Cells) -> int | None:
    """The only amount of a column; None where it holds none, or several."""
    parsed = cells.parsed(column)
    found = parsed.minor.drop_null().to_pylist() if parsed is not None else []
    return int(found[0]) if len(found) == 1 else None


def _balance(pattern: str | None, cells: Cells) -> int | None:
    _, currencies = cells.currencies
    for line in (*cells.body.preamble, *cells.body.footer) if pattern else ():
        match = re.search(pattern or "", re.sub(r"\s", "", folded(line.text)))
        if match:
            parsed = money.parse(pa.array([match.group("sum")], pa.string()), currencies[0])
            value = parsed.minor[0].as_py()
            return None if value is None else int(value)
    return None


def _printed(total: Total, footer: Sequence[Line]) -> tuple[str | None, str | None]:
    """The count and the sum as printed, None where they are not."""
    if total.pattern is not None:
        for line in footer:
            match = re.search(total.pattern, re.sub(r"\s", "", folded(line.text)))
            if match:
                groups = match.groupdict()
                return groups.get("count"), groups.get("sum")
        return None, None
    value = _below(total.label, footer)
    return (value, None) if total.of == "rows" else (_below(total.count_label, footer), value)


def _below(labels: Sequence[str], footer: Sequence[Line]) -> str | None:
    """The value under a name of the summary header."""
    names = {fold(name) for name in labels}
    for line, below in pairwise(footer):
        for place, cell in enumerate(line.cells):
            if fold(cell) in names and place < len(below.cells):
                return fold(below.cells[place])
    return None


def _computed(total: Total, cells: Cells, base: Money | None) -> tuple[int, int]:
    """Count and sum of the rows that the total is about."""
    everything = np.arange(cells.count)
    use: Mask = cells.fits(total.where, everything) if total.where else np.ones(cells.count, bool)
    if total.of == "rows":
        return int(use.sum()), 0
    if total.of in {"in", "out", "net"}:
        if base is None:
            return 0, 0
        if total.of == "net":
            return int(use.sum()), int(base.minor[use].sum())
        use &= base.minor > 0 if total.of == "in" else base.minor < 0
        size = int(np.abs(base.minor[use]).sum())
        return int(use.sum()), size
    parsed = cells.parsed(total.of)
    if parsed is None:
        return 0, 0
    minor = filled(parsed.minor, 0)
    return int((use & (minor != 0)).sum()) if not total.where else int(use.sum()), int(minor[use].sum())


def _zeros(base: Money | None) -> int:
    """How many rows print an amount that is 0."""
    return 0 if base is None else int((base.present & (base.minor == 0)).sum())


def _count(text: str) -> int:
    whole = text.split(".", maxsplit=1)[0].replace(",", "")
    return int(whole) if whole.isdecimal() else 0


def _minor(text: str, currency: str) -> int:
    try:
        return money.parse_amount(text, currency)
    except ValueError:
        return 0
