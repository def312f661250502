"""What the lines around a statement say, against its rows: totals, counts, balances, the period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from recon.channels.cells import Cells
from recon.channels.generic.bank_amounts import Signed
from recon.channels.generic.header import Column
from recon.channels.generic.joined import Joined
from recon.channels.generic.labels import Labels, minor_of
from recon.channels.generic.resolved import Index, Minor
from recon.channels.generic.words import is_total
from recon.channels.lines import Line, filled
from recon.channels.totals import Compared


def period_line(labels: Sequence[Labels]) -> tuple[Line, ...]:
    """Return the period that the lines state as one line, if all sections that state one agree."""
    stated = {days for one in labels if (days := one.days()) is not None}
    if len(stated) != 1:
        return ()
    first, last = stated.pop()
    return (Line(0, (f"period {first} {last}",)),)


Figures = dict[str, list[tuple[int, int]]]


def compare(cells: Cells, joined: Joined, signed: Signed) -> tuple[Compared, ...]:
    """Compare what each section prints about itself with its rows."""
    codes, currencies = cells.currencies
    found: list[Compared] = []
    for number, (part, labels) in enumerate(zip(joined.sections, joined.labels, strict=True)):
        mine = np.flatnonzero(joined.section == number)
        currency = currencies[int(codes[mine[0]])] if len(mine) else currencies[0]
        figures = _figures(cells, signed.minor, mine)
        found += _sides(labels, figures, currency)
        found += _total_lines(part.layout.roles, [*part.above, *part.between, *part.below], figures, currency)
        if (count := labels.count("count")) is not None:
            found.append(Compared("笔数", count, len(mine), money=False))
        found += _ends(labels, joined, signed, mine, currency)
    return tuple(found)


def _figures(cells: Cells, minor: Minor, mine: Index) -> Figures:
    """Per side the sums and counts that a bank may print: of the movements, or of the column with its reversals."""
    amount = minor[mine]
    figures: Figures = {"amount": [(int(amount.sum()), len(mine)), (int(np.abs(amount).sum()), len(mine))]}
    for side, used in (("in", amount[amount > 0]), ("out", amount[amount < 0])):
        figures[side] = [(abs(int(used.sum())), len(used))]
        parsed = cells.parsed(side)
        if parsed is not None:
            column = filled(parsed.minor, 0)[mine]
            figures[side].append((abs(int(column.sum())), int((column != 0).sum())))
    return figures


def _sides(labels: Labels, figures: Figures, currency: str) -> list[Compared]:
    found: list[Compared] = []
    for side, name, sign in (("in", "收入合计", 1), ("out", "支出合计", -1)):
        total = minor_of(labels.amount(f"{side}_total"), currency)
        if total is not None:
            computed = _nearest(abs(total), [figure for figure, _ in figures[side]])
            found.append(Compared(name, sign * abs(total), sign * computed, money=True))
        counts = [one for label in ("total", "count") if (one := labels.count(f"{side}_{label}")) is not None]
        rows = [count for _, count in figures[side]]
        found += [Compared(f"{name[:2]}笔数", one, _nearest(one, rows), money=False) for one in counts]
    return found


def _nearest(printed: int, computed: Sequence[int]) -> int:
    """The figure that agrees with the printed one, else the first."""
    return printed if printed in computed else computed[0]


def _total_lines(
    roles: Mapping[str, tuple[Column, ...]], lines: Sequence[Line], figures: Figures, currency: str
) -> list[Compared]:
    """A line that begins with 合计 prints its sums under the columns."""
    found: list[Compared] = []
    for line in lines:
        if not is_total(next((cell for cell in line.cells if cell.strip()), "")):
            continue
        for role, name, sign in (("in", "收入合计", 1), ("out", "支出合计", -1), ("amount", "合计", 1)):
            place = roles[role][0].place if role in roles else len(line.cells)
            printed = minor_of(line.cells[place].strip(), currency) if place < len(line.cells) else None
            if printed is not None:
                printed = printed if role == "amount" else abs(printed)
                computed = _nearest(printed, [figure for figure, _ in figures[role]])
                found.append(Compared(name, sign * printed, sign * computed, money=True))
    return found


def _ends(labels: Labels, joined: Joined, signed: Signed, mine: Index, currency: str) -> list[Compared]:
    """Printed balances: against the chain where there is one, else against each other and the sum of the rows."""
    opening = minor_of(labels.amount("opening"), currency)
    closing = minor_of(labels.amount("closing"), currency)
    chain = (
        next(
            (one for one in signed.chains if len(one.rows) and joined.section[one.rows[0]] == joined.section[mine[0]]),
            None,
        )
        if len(mine)
        else None
    )
    whole = chain is not None and len(np.unique(joined.section[chain.rows])) == 1
    if chain is not None and whole and bool(signed.chained[chain.rows].all()):
        before = chain.balance - signed.minor[chain.rows]
        newest = max(chain.directions, key=lambda way: int(chain.links(signed.minor, newest_first=way).sum()))
        first, last = (int(before[-1]), int(chain.balance[0])) if newest else (int(before[0]), int(chain.balance[-1]))
        printed = (("期初余额", opening, first), ("期末余额", closing, last))
        return [Compared(name, value, computed, money=True) for name, value, computed in printed if value is not None]
    if opening is not None and closing is not None and (chain is None or whole):
        return [Compared("期末余额", closing, opening + int(signed.minor[mine].sum()), money=True)]
    return []
