"""An orchestrator's list (Gr4vy) tells what processors tell, and knows whose order it was: the processors name it by
numbers of their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from recon.ledger.channel import ChannelFacts
from recon.ledger.schema import CATEGORY
from recon.ledger.statement import Statement


def lend_numbers(statements: Sequence[Statement], channels: Mapping[str, ChannelFacts]) -> list[Statement]:
    """Give the payments of processors the order numbers that a list of another family has for them.

    Such a list is a gateway bill declared `copy`. Its rows whose payment another bill tells stay copies, the others
    count as `trade`; where no other bill tells any of them it is left as it is. A refund that names the order by the
    processor's number for it follows its payment.
    """
    found = list(statements)
    for place, lender in enumerate(statements):
        if lender.side != "gateway" or lender.book != "copy":
            continue
        family = channels[lender.channel].family
        others = [
            n
            for n, one in enumerate(found)
            if one.side == "gateway" and one.book != "copy" and channels[one.channel].family != family
        ]
        told = [pc.unique(found[n].table["payment_ref"].combine_chunks()).drop_null() for n in others]
        known = pa.concat_arrays([pa.array([], pa.string()), *told])
        again = pc.is_in(lender.table["payment_ref"].combine_chunks(), value_set=known)
        if not pc.any(again).as_py():
            continue
        found[place] = _booked(lender, again)
        payments, orders = _pairs(lender)
        for n in others:
            found[n] = _lent(found[n], payments, orders)
    return found


def _pairs(lender: Statement) -> tuple[pa.Array, pa.Array]:
    """Payment number and order number, of payments that the list gives one order."""
    table = lender.table.select(["payment_ref", "order_ref"])
    told = table.filter(pc.and_(pc.is_valid(table["payment_ref"]), pc.is_valid(table["order_ref"])))
    grouped = told.group_by("payment_ref").aggregate([("order_ref", "count_distinct"), ("order_ref", "min")])
    sure = grouped.filter(pc.equal(grouped["order_ref_count_distinct"], 1))
    return sure["payment_ref"].combine_chunks(), sure["order_ref_min"].combine_chunks()


def _lent(statement: Statement, payments: pa.Array, orders: pa.Array) -> Statement:
    payment, own = (statement.table[name].combine_chunks() for name in ("payment_ref", "order_ref"))
    lent = orders.take(pc.index_in(payment, value_set=payments))
    if lent.null_count == len(lent):
        return statement
    named = pa.table({"own": own, "lent": lent}).drop_null().group_by("own").aggregate([("lent", "min")])
    by_name = named["lent_min"].combine_chunks().take(pc.index_in(own, value_set=named["own"].combine_chunks()))
    at = statement.table.schema.get_field_index("order_ref")
    column = pc.coalesce(lent, by_name, own)
    return replace(statement, table=statement.table.set_column(at, statement.table.schema.field(at), column))


def _booked(lender: Statement, again: pa.Array) -> Statement:
    books = pc.if_else(again, pa.scalar("copy"), pa.scalar("trade")).cast(CATEGORY)
    at = lender.table.schema.get_field_index("book")
    return replace(lender, table=lender.table.set_column(at, lender.table.schema.field(at), books))
