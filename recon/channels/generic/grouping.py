"""Item rows -> orders: several rows of one order are one entry, summed, or its total taken once.

Whether the rows print their own amounts or repeat the order's total is decided per column over the whole list: where
every order of several rows has the same amount on all of them, it is the total.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from recon.channels import identity
from recon.channels.cells import Cells
from recon.channels.generic.resolved import text_of
from recon.channels.lines import filled
from recon.channels.rules import Rows
from recon.ledger.schema import STATES
from recon.ledger.statement import Note

Index = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

#: State of a row that another one stands for; what becomes of it is what becomes of that one.
JOINED = 4
_CLOSED = STATES.index("closed")
_TIMES = ("paid_time", "ordered", "shipped", "completed", "refund_time")
_TEXTS = ("payment", "refund_number", "shop", "currency", "tender", "tag", "status", "after")
_BEST_FIRST = np.array([0, 1, 2, 3, 3])


@dataclass(frozen=True)
class Grouped:
    """The orders of several rows.

    lead: row -> the row that stands for it. leads: those that stand for several. amounts: role -> minor units and
    presence per lead. taken: role -> the row whose text is the order's, per lead. states: per lead.
    """

    lead: Index
    leads: Index
    amounts: dict[str, tuple[Index, Mask]]
    taken: dict[str, Index]
    states: Index
    note: Note


def group(cells: Cells, rows: Rows, states: Index, amounts: Sequence[str]) -> Grouped | None:
    """Join the rows of each order; None if every order has one row. Sets the state of the joined rows.

    An order of which one row cannot be read is left out as a whole: the rest of it is no order.
    """
    number = identity.of_column(text_of(cells, "order"))
    _refuse_two_currencies(cells, rows, number)
    broken = np.isin(number, np.unique(number[rows.state == 2])) & (rows.state == 0) & (number != 0)
    odd = np.flatnonzero(broken)
    if len(odd):
        values = [cells.value("order", int(row)) for row in odd]
        remedy = "Correct the other row of this order first."
        rows.fault(odd, "order", values, "another row of this order cannot be read", remedy)
    use = rows.open
    _, first, of, counts = np.unique(number[use], return_index=True, return_inverse=True, return_counts=True)
    if not len(use) or counts.max() == 1:
        return None
    several = np.flatnonzero(counts > 1)
    several = several[np.argsort(first[several])]
    rank = np.full(len(counts), -1)
    rank[several] = np.arange(len(several))
    member = use[rank[of] >= 0]
    group_of = rank[of][rank[of] >= 0]
    leads = use[first[several]]
    lead = np.arange(cells.count)
    lead[member] = leads[group_of]
    rows.state[member[lead[member] != member]] = JOINED
    found: dict[str, tuple[Index, Mask]] = {}
    once = True
    for role in amounts:
        parsed = cells.parsed(role)
        if parsed is not None:
            minor = filled(parsed.minor, 0)[member]
            present = pc.is_valid(parsed.minor).to_numpy(zero_copy_only=False)[member]
            total, there, same = _amount(minor, present, group_of, len(several))
            found[role] = (total, there)
            once = same if role == "amount" else once
    taken = _taken(cells, member, group_of)
    joined = _states(states[member], group_of, len(several), _latest(cells, member), once=once)
    return Grouped(lead, leads, found, taken, joined, _note(len(several), len(member), once=once))


def _refuse_two_currencies(cells: Cells, rows: Rows, number: identity.Hashes) -> None:
    """Amounts of two currencies are never added up."""
    codes, currencies = cells.currencies
    use = rows.open
    if len(currencies) == 1 or not len(use):
        return
    _, of = np.unique(number[use], return_inverse=True)
    low, high = np.full(of.max() + 1, len(currencies)), np.full(of.max() + 1, -1)
    np.minimum.at(low, of, codes[use])
    np.maximum.at(high, of, codes[use])
    odd = use[(low != high)[of]]
    values = [cells.value("currency", int(row)) for row in odd]
    rows.fault(odd, "currency", values, "the rows of the order are in two currencies", "Give each currency an order.")


def follow(rows: Rows, lead: Index) -> None:
    """Give the joined rows what has become of the row that stands for them."""
    for row in np.flatnonzero(rows.state == JOINED).tolist():
        first = int(lead[row])
        state = int(rows.state[first])
        rows.state[row] = state
        if state == 1:
            rows.reasons[row] = rows.reasons[first]
        elif state == 2:
            rows.faults[row] = replace(rows.faults[first], row=int(rows.numbers[row]))


def _amount(minor: Index, present: Mask, of: Index, count: int) -> tuple[Index, Mask, bool]:
    """Per order the amount, whether there is one, and whether it was printed on every row alike."""
    low, high = np.full(count, np.iinfo(np.int64).max), np.full(count, np.iinfo(np.int64).min)
    np.minimum.at(low, of, minor)
    np.maximum.at(high, of, minor)
    there = np.zeros(count, np.int64)
    np.add.at(there, of, present)
    size = np.bincount(of, minlength=count)
    if bool(((low == high) & ((there == size) | (there == 0))).all()):
        return low, there > 0, True
    total = np.zeros(count, np.int64)
    np.add.at(total, of, minor)
    return total, there > 0, False


def _taken(cells: Cells, member: Index, of: Index) -> dict[str, Index]:
    """Per role the row of each order whose cell speaks for it: the latest time, else the text by its hash."""
    taken: dict[str, Index] = {}
    for role in (*_TIMES, *_TEXTS):
        column = cells.plain(role)
        if column is None:
            continue
        part = column.take(pa.array(member))
        filled = pc.is_valid(part).to_numpy(zero_copy_only=False)
        weight = identity.of_column(part).astype(np.uint64)
        moment = cells.moment(role) if role in _TIMES else None
        if moment is not None:
            local = moment.local[member].astype(np.int64)
            filled = ~np.isnat(moment.local[member])
            weight = np.where(filled, local - np.iinfo(np.int64).min, 0).astype(np.uint64)
        order = np.lexsort((weight, filled, of))
        last = np.r_[of[order][1:] != of[order][:-1], True]
        taken[role] = member[order[last]]
    return taken


def _latest(cells: Cells, member: Index) -> Index:
    latest = np.full(len(member), np.iinfo(np.int64).min)
    for role in _TIMES:
        moment = cells.moment(role)
        if moment is not None:
            latest = np.maximum(latest, moment.local[member].astype(np.int64))
    return latest


def _states(states: Index, of: Index, count: int, latest: Index, *, once: bool) -> Index:
    """The state of an order: of rows that repeat it the latest one; of item rows the one that is least far."""
    if once:
        order = np.lexsort((states, _BEST_FIRST[states], latest, of))
        last = np.r_[of[order][1:] != of[order][:-1], True]
        return states[order[last]]
    least = np.full(count, _CLOSED)
    np.minimum.at(least, of, states)
    return least


def _note(orders: int, rows: int, *, once: bool) -> Note:
    if once:
        return Note(
            f"{orders} 个订单共占 {rows} 行，各行金额相同：按订单总额计一次",
            f"{rows} rows make {orders} orders, each with one amount on all its rows: taken once, as the total",
        )
    return Note(
        f"{orders} 个订单共占 {rows} 行：各行金额相加",
        f"{rows} rows make {orders} orders: the amounts are added up",
    )
