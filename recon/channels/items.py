"""Orders with a row for each item: do the rows print amounts of their own, or repeat the order's total?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from recon.channels import identity
from recon.channels.cells import Cells, Index
from recon.channels.lines import filled
from recon.channels.rules import Made, Rows
from recon.ledger.statement import Note


def totals_once(
    cells: Cells, rows: Rows, key: identity.Hashes, made: Sequence[Made]
) -> tuple[list[Made], tuple[Note, ...]]:
    """Keep one entry per order of those that tell its total, where the item rows repeat it; and say so.

    That is decided over the whole file: every order of several rows has the same amounts on all of them. The entry
    that stays is that of the row with the smallest key, so that the order of the rows does not matter. Entries of
    other columns (what was refunded of an item) stay on each row.

    Args:
        cells: the rows.
        rows: what has become of them.
        key: identity of each row.
        made: what they make.
    """
    items = cells.spec.items
    column = cells.plain(items.order) if items is not None else None
    if items is None or column is None:
        return [*made], ()
    number = identity.of_column(column)
    use = rows.open[number[rows.open] != 0]
    use = use[np.lexsort((key[use], number[use]))]
    begins = np.flatnonzero(np.diff(number[use], prepend=np.uint64(0)) != 0)
    sizes = np.diff(begins, append=len(use))
    first = np.repeat(begins, sizes)
    if len(begins) == len(use):
        return [*made], ()
    total = all(_alike(cells, name, use, first) for name in items.amounts)
    once = {name for name in items.apart if _alike(cells, name, use, first)} | set(items.amounts if total else ())
    later = np.zeros(cells.count, dtype=bool)
    later[use[first != np.arange(len(use))]] = True
    kept = [one.kept(~later[one.rows]) if _is_total(one, once) else one for one in made]
    orders = int((sizes > 1).sum())
    note = Note(
        f"{orders} 个订单有多行商品，各行金额相同：按订单总额计一次",
        f"{orders} orders have several rows of items with one amount on all of them: taken once, as the total",
    )
    return [one for one in kept if len(one.rows)], (note,) if total else ()


def _alike(cells: Cells, name: str, use: Index, first: Index) -> bool:
    """True if a column says the same on each row as on the first row of its order; a column that is not there does."""
    parsed = cells.parsed(name)
    if parsed is None:
        return True
    minor = filled(parsed.minor.take(pa.array(use)), 0)
    return bool((minor == minor[first]).all())


def _is_total(one: Made, totals: set[str]) -> bool:
    return one.make.amount is not None and set(one.make.amount.columns) <= totals
