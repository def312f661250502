"""Two bills of one account tell the same money twice (支付宝账务明细 and 资金流水, two lists of JD): one is a copy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from recon.ledger.bank_copies import mark_bank_copies
from recon.ledger.channel import ChannelFacts
from recon.ledger.order_copies import mark_order_copies
from recon.ledger.schema import CATEGORY
from recon.ledger.statement import Statement

Span = tuple[date, date]
_CASH = "cash"
_Bill = tuple[str, str, str]  # family, account, which bill of it


def mark_copies(statements: Sequence[Statement], channels: Mapping[str, ChannelFacts]) -> list[Statement]:
    """Mark the rows of a second bill of an account as `copy` on the days that the first one covers.

    Two cash bills tell the same; two trade bills do where their channels are layouts of one bill (`layout_of`). The
    bill with the most rows of an account counts; of equal ones that whose channel comes first by name. Days that only
    the other one covers stay. So are the payouts of a trade bill (PayPal's TRR) copies on the days of a cash bill.
    Files of bank accounts are told apart by `bank_copies`, lists of orders by `order_copies`.
    """
    rows: dict[_Bill, dict[str, int]] = {}
    spans: dict[tuple[_Bill, str], list[Span]] = {}
    for statement in statements:
        bill = _bill(statement, channels)
        if bill is None:
            continue
        for facts in statement.accounts:
            of = (channels[statement.channel].family, facts.account, bill)
            counts = rows.setdefault(of, {})
            counts[statement.channel] = counts.get(statement.channel, 0) + statement.booked_rows
            if facts.period_from is not None and facts.period_to is not None:
                spans.setdefault((of, statement.channel), []).append((facts.period_from, facts.period_to))
    found = [_marked(s, channels[s.channel].family, _bill(s, channels), rows, spans) for s in statements]
    return mark_order_copies(mark_bank_copies(found, channels), channels)


def _bill(statement: Statement, channels: Mapping[str, ChannelFacts]) -> str | None:
    """Which bill of its account it is, None where no second one could tell the same."""
    if statement.book == "cash" and statement.side != "bank":
        return _CASH
    return channels[statement.channel].layout_of if statement.book == "trade" else None


def _marked(
    statement: Statement,
    family: str,
    bill: str | None,
    rows: Mapping[_Bill, Mapping[str, int]],
    spans: Mapping[tuple[_Bill, str], Sequence[Span]],
) -> Statement:
    trade = statement.book == "trade" and statement.side == "gateway"
    if not trade and bill is None:
        return statement
    again = np.zeros(statement.table.num_rows, dtype=bool)
    account = statement.table["account"].cast(pa.string())
    payout = pc.equal(statement.table["kind"].cast(pa.string()), "payout").to_numpy()
    for name in sorted({facts.account for facts in statement.accounts}):
        mine = pc.equal(account, name).to_numpy()
        if bill is not None:
            of = (family, name, bill)
            counts = rows[of]
            first = min(counts, key=lambda channel: (-counts[channel], channel))
            if first != statement.channel:
                again |= mine & _inside(statement, spans.get((of, first), ()))
        if trade:
            cash = (family, name, _CASH)
            told = [span for channel in sorted(rows.get(cash, {})) for span in spans.get((cash, channel), ())]
            again |= mine & payout & _inside(statement, told)
    if not again.any():
        return statement
    at = statement.table.schema.get_field_index("book")
    books = pc.if_else(pa.array(again), "copy", statement.table["book"].cast(pa.string())).cast(CATEGORY)
    return replace(statement, table=statement.table.set_column(at, statement.table.schema.field(at), books))


def _inside(statement: Statement, spans: Sequence[Span]) -> np.ndarray:
    """The rows whose value day lies in one of the spans."""
    day = statement.table["value_date"]
    found = np.zeros(len(day), dtype=bool)
    for start, end in spans:
        inside = pc.and_(pc.greater_equal(day, pa.scalar(start)), pc.less_equal(day, pa.scalar(end)))
        found |= inside.fill_null(fill_value=False).to_numpy()
    return found
