"""What the lines around a statement say, against its rows: totals, counts, balances, the period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from recon.channels.cells import Cells
from recon.channels.generic.bank_amounts import Signed
from recon.channels.generic.header import Column
from recon.channels.generic.joined import Joined
from recon.channels.generic.labels import Labels, minor_of
from recon.channels.generic.resolved import Index
from recon.channels.generic.words import is_total
from recon.channels.lines import Line
from recon.channels.totals import Compared


def period_line(labels: Sequence[Labels]) -> tuple[Line, ...]:
    """Return the period that the lines state as one line, if all sections that state one agree."""
    stated = {days for one in labels if (days := one.days()) is not None}
    if len(stated) != 1:
        return ()
    first, last = stated.pop()
    return (Line(0, (f"period {first} {last}",)),)


def compare(cells: Cells, joined: Joined, signed: Signed) -> tuple[Compared, ...]:
    """Compare what each section prints about itself with its rows."""
    codes, currencies = cells.currencies
    found: list[Compared] = []
    for number, (part, labels) in enumerate(zip(joined.sections, joined.labels, strict=True)):
        mine = np.flatnonzero(joined.section == number)
        currency = currencies[int(codes[mine[0]])] if len(mine) else currencies[0]
        amount = signed.minor[mine]
        found += _sides(labels, amount, currency)
        found += _total_lines(part.layout.roles, [*part.above, *part.between, *part.below], amount, currency)
        if (count := labels.count("count")) is not None:
            found.append(Compared("笔数", count, len(mine), money=False))
        found += _ends(labels, joined, signed, mine, currency)
    return tuple(found)


def _sides(labels: Labels, amount: Index, currency: str) -> list[Compared]:
    found: list[Compared] = []
    for side, name, sign in (("in", "收入合计", 1), ("out", "支出合计", -1)):
        used = amount[amount * sign > 0]
        total = minor_of(labels.amount(f"{side}_total"), currency)
        if total is not None:
            found.append(Compared(name, sign * abs(total), int(used.sum()), money=True))
        counts = [labels.count(label) for label in (f"{side}_total", f"{side}_count")]
        found += [Compared(f"{name[:2]}笔数", one, len(used), money=False) for one in counts if one is not None]
    return found


def _total_lines(
    roles: Mapping[str, tuple[Column, ...]], lines: Sequence[Line], amount: Index, currency: str
) -> list[Compared]:
    """A line that begins with 合计 prints its sums under the columns."""
    found: list[Compared] = []
    sums = {
        "in": [int(amount[amount > 0].sum())],
        "out": [int(amount[amount < 0].sum())],
        "amount": [int(amount.sum()), int(np.abs(amount).sum())],
    }
    for line in lines:
        if not is_total(next((cell for cell in line.cells if cell.strip()), "")):
            continue
        for role, computed in sums.items():
            place = roles[role][0].place if role in roles else None
            printed = (
                minor_of(line.cells[place].strip(), currency) if place is not None and place < len(line.cells) else None
            )
            if printed is None:
                continue
            printed = -abs(printed) if role == "out" else printed
            found.append(
                Compared(f"合计（{role}）", printed, printed if printed in computed else computed[0], money=True)
            )
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
