"""Two lists of the same orders: item lines and refund lists tell again what the order list tells, in other detail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from recon.ledger.channel import ChannelFacts
from recon.ledger.schema import CATEGORY
from recon.ledger.statement import Statement


def mark_order_copies(statements: Sequence[Statement], channels: Mapping[str, ChannelFacts]) -> list[Statement]:
    """Keep as `copy` the rows of such a list whose order and kind another list of the family has; the others count.

    Kind by kind: of an order list without refunds the refund list still tells them.
    """
    told: dict[str, list[pa.Array]] = {}
    for statement in statements:
        if statement.side == "order" and statement.book != "copy":
            told.setdefault(channels[statement.channel].family, []).append(_names(statement))
    return [
        _marked(s, told.get(channels[s.channel].family, ())) if s.side == "order" and s.book == "copy" else s
        for s in statements
    ]


def _names(statement: Statement) -> pa.Array:
    """Order number and kind of each row, null where it prints no number."""
    kind, order = (statement.table[name].cast(pa.string()) for name in ("kind", "order_ref"))
    return pc.binary_join_element_wise(kind, order, " ").combine_chunks()


def _marked(statement: Statement, told: Sequence[pa.Array]) -> Statement:
    known = pa.concat_arrays([pa.array([], pa.string()), *told]).drop_null()
    again = pc.is_in(_names(statement), value_set=known)
    books = pc.if_else(again, pa.scalar("copy"), pa.scalar(None, pa.string())).cast(CATEGORY)
    at = statement.table.schema.get_field_index("book")
    return replace(statement, table=statement.table.set_column(at, statement.table.schema.field(at), books))
