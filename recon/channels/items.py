"""Orders with a row for each item: do the rows print amounts of their own, or repeat the order's total?"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from recon.channels import identity
from recon.channels.cells import Cells
from recon.channels.rules import Rows
from recon.ledger.statement import Note

Index = npt.NDArray[np.int64]


def totals_once(cells: Cells, rows: Rows, key: identity.Hashes) -> Note | None:
    """Set all rows but one of each order aside as repeated, where they repeat its total; say so.

    That is decided over the whole file: every order of several rows has the same amounts on all of them. The row that
    stays is the one with the smallest key, so that the order of the rows does not matter.

    Args:
        cells: the rows.
        rows: what has become of them; open ones may be set aside.
        key: identity of each row.
    """
    items = cells.spec.items
    column = cells.plain(items.order) if items is not None else None
    if items is None or column is None or not len(rows.open):
        return None
    use = rows.open[pc.is_valid(column).to_numpy(zero_copy_only=False)[rows.open]]
    use = use[np.lexsort((key[use], identity.of_column(column)[use]))]
    number = identity.of_column(column)[use]
    begins = np.flatnonzero(np.r_[True, number[1:] != number[:-1]]) if len(use) else np.empty(0, np.int64)
    of = np.repeat(np.arange(len(begins)), np.diff(np.r_[begins, len(use)]))
    if len(begins) == len(use) or not all(_alike(cells, name, use, begins[of]) for name in items.amounts):
        return None
    later = np.ones(len(use), dtype=bool)
    later[begins] = False
    rows.state[use[later]] = 3
    orders = int((np.diff(np.r_[begins, len(use)]) > 1).sum())
    return Note(
        f"{orders} 个订单有多行商品，各行金额相同：按订单总额计一次",
        f"{orders} orders have several rows of items with one amount on all of them: taken once, as the total",
    )


def _alike(cells: Cells, name: str, use: Index, first: Index) -> bool:
    """True if a column says the same on each row as on the first row of its order; a column that is not there does."""
    parsed = cells.parsed(name)
    if parsed is None:
        return True
    minor = parsed.minor.take(pa.array(use)).fill_null(0).to_numpy(zero_copy_only=False)
    return bool((minor == minor[first]).all())
