"""Control totals that a file prints about itself, against its own rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyarrow.compute as pc

from recon import money
from recon.channels.cells import Cells, Mask, Money, folded
from recon.channels.lines import Line, fold
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
    for total in footer.totals:
        count, printed = _printed(total, cells.body.footer)
        rows, computed = _computed(total, cells, base)
        if count is not None:
            whole = rows + malformed if total.of == "rows" else rows
            found.append(
                Compared(total.name if total.of == "rows" else f"{total.name}笔数", _count(count), whole, money=False)
            )
        if printed is not None:
            minor = _minor(printed, currency)
            minor = abs(minor) if total.magnitude else minor
            found.append(Compared(total.name, minor * total.sign, computed * total.sign, money=True))
    return found


def _printed(total: Total, footer: Sequence[Line]) -> tuple[str | None, str | None]:
    """The count and the sum as printed, None where they are not."""
    if total.pattern is not None:
        for line in footer:
            match = re.search(total.pattern, folded(line.text).replace(" ", ""))
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
    if total.of in {"in", "out"}:
        if base is None:
            return 0, 0
        use &= base.minor > 0 if total.of == "in" else base.minor < 0
        size = int(np.abs(base.minor[use]).sum())
        return int(use.sum()), size
    parsed = cells.parsed(total.of)
    if parsed is None:
        return 0, 0
    minor = pc.fill_null(parsed.minor, 0).to_numpy(zero_copy_only=False)
    return int((use & (minor != 0)).sum()) if not total.where else int(use.sum()), int(minor[use].sum())


def _count(text: str) -> int:
    return int(text.split(".", maxsplit=1)[0].replace(",", "") or 0)


def _minor(text: str, currency: str) -> int:
    try:
        return money.parse_amount(text, currency)
    except ValueError:
        return 0
