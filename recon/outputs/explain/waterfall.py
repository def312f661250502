"""The waterfall of a match or a break: from what one side should give to what the other received, and what is left.

    order 280.00, refund -30.00, residual 0.00 = received 250.00, fee -1.20 = net 248.80

Of a break the gap is its difference. Kinds of rows are summed, so a payout of ten thousand lines has few steps.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from recon.ledger.outcome import GATEWAY_BANK, ORDER_GATEWAY, PAYOUT
from recon.ledger.schema import KINDS, SIDES
from recon.outputs.explain.folder import minor

Minor = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Words = npt.NDArray[np.object_]

TERM, GAP, RECEIVED, PART, CHARGE, NET = "term", "gap", "received", "part", "charge", "net"
EXPECTED = "expected"
#: Kinds that the order leg compares; the others go along.
_MOVED = ("sale", "payment", "refund", "subsidy")
#: What a break of the order leg may be about, the widest first: all that moved, one part, every row.
_READINGS = (_MOVED, ("sale", "payment"), ("refund",), ("subsidy",), ("sale", "payment", "refund"), KINDS)


@dataclass(frozen=True, slots=True)
class Step:
    """One line. what: one of the words above; side and kind of its rows and how many they are (0 where no row shows
    it); amount: signed, minor units; running: the total behind it (of a part of the received: the received).
    """

    what: str
    side: str
    kind: str
    count: int
    amount: int
    running: int


@dataclass(frozen=True)
class Waterfall:
    """Steps in order, amounts in minor units of `currency`."""

    currency: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class _Rows:
    """Rows as a leg compares them. value: minor units, seen from the receiver."""

    side: Words
    kind: Words
    value: Minor


def of_match(members: pa.Table, currency: str) -> Waterfall:
    """Return the waterfall of a match from its lines in matches.csv.

    Args:
        members: at least one line, columns as text.
        currency: of the books.
    """
    leg = members.column("leg")[0].as_py()
    amount, told = minor(members, "amount", currency), _as_received(members)
    applied = minor(told, "applied", currency)
    weight = np.array([int(text) for text in members.column("weight").to_pylist()], dtype=np.int64)
    sign = -1 if leg == GATEWAY_BANK else 1
    side, kind = _column(members, "side"), _column(members, "kind")
    first = _gives(leg, side, kind)
    compared = (applied != 0) | (amount == 0)
    rows = _Rows(side, kind, np.where(first, sign, -sign) * weight * applied)
    residual = sign * int(minor(told.slice(0, 1), "residual", currency)[0])
    charges = ~compared & ~first & (leg == ORDER_GATEWAY)
    return _falling(told, currency, rows, compared & first, compared & ~first, residual, charges, amount)


def _as_received(members: pa.Table) -> pa.Table:
    """The lines of a match with the currency in which they are compared: of two that of what was received."""
    sides = members.column("side").to_pylist()
    currencies = members.column("currency").to_pylist()
    received = max(zip(sides, currencies, strict=True), key=lambda one: SIDES.index(one[0]))[1]
    place = members.schema.get_field_index("currency")
    return members.set_column(place, "currency", pa.repeat(pa.scalar(received), len(members)))


def of_break(leg: str, expected: int, actual: int, owned: pa.Table, currency: str) -> Waterfall:
    """Return the waterfall of a break.

    Rows show a side if, read in one of the ways that its code can mean, they add up to what the break says; else that
    side is one step without rows (a fee by its rule, a printed total).

    Args:
        leg: of the break.
        expected: minor units.
        actual: minor units.
        owned: the rows that it owns, columns as in break_rows.csv, as text.
        currency: of the break.
    """
    amount = minor(owned, "amount", currency)
    side, kind = _column(owned, "side"), _column(owned, "kind")
    first = _gives(leg, side, kind)
    turned = _turned(leg, side, kind, first)
    rows = _Rows(side, kind, np.where(turned, -amount, amount))
    gives, takes = _reading(rows, first, expected), _reading(rows, ~first, actual)
    charges = np.zeros(len(amount), dtype=bool)
    if leg == ORDER_GATEWAY and takes.any():
        charges = ~first & ~takes & ~np.isin(kind, _MOVED)
    return _falling(
        owned, currency, rows, gives, takes, actual - expected, charges, amount, expected=expected, actual=actual
    )


def _column(table: pa.Table, name: str) -> Words:
    words: Words = np.array(table.column(name).to_pylist(), dtype=object)
    return words


def _gives(leg: str, side: Words, kind: Words) -> Mask:
    """Which rows stand on the side that should give: orders, lines of a payout, what left the wallet."""
    if leg == PAYOUT:
        return np.asarray(kind != "payout", dtype=bool)
    return np.asarray(side != "bank" if leg == GATEWAY_BANK else side == "order", dtype=bool)


def _turned(leg: str, side: Words, kind: Words, first: Mask) -> Mask:
    """Which rows count with their sign turned: money that leaves a wallet arrives elsewhere."""
    if leg == PAYOUT:
        return ~first
    sent = leg == GATEWAY_BANK and bool((kind[first] == "payout").any())
    return first if sent else np.zeros(len(side), dtype=bool)


def _reading(rows: _Rows, mine: Mask, total: int) -> Mask:
    """Return the rows of one side that add up to a total, in the first reading that does; none if none does."""
    for kinds in _READINGS:
        chosen = mine & np.isin(rows.kind, kinds)
        if chosen.any() and int(rows.value[chosen].sum()) == total:
            return chosen
    return np.zeros(len(mine), dtype=bool)


def _falling(
    table: pa.Table,
    currency: str,
    rows: _Rows,
    gives: Mask,
    takes: Mask,
    gap: int,
    charges: Mask,
    amount: Minor,
    *,
    expected: int = 0,
    actual: int = 0,
) -> Waterfall:
    """Lay out the steps; a side without rows is one step of its stated amount."""
    steps: list[Step] = []
    running = 0
    for side, kind, count, value in _summed(rows, gives, rows.value) or [("", EXPECTED, 0, expected)]:
        running += value
        steps.append(Step(TERM, side, kind, count, value, running))
    running += gap
    steps.append(Step(GAP, "", "", 0, gap, running))
    parts = _summed(rows, takes, rows.value)
    steps.append(Step(RECEIVED, "", "", int(takes.sum()), sum(p[3] for p in parts) if parts else actual, running))
    if len(parts) > 1:
        steps += [Step(PART, side, kind, count, value, running) for side, kind, count, value in parts]
    along = _summed(rows, charges, amount)
    for side, kind, count, value in along:
        running += value
        steps.append(Step(CHARGE, side, kind, count, value, running))
    if along:
        steps.append(Step(NET, "", "", 0, running, running))
    named = [code for code in table.column("currency").unique().to_pylist() if code]
    return Waterfall(named[0] if named else currency, tuple(steps))


def _summed(rows: _Rows, mine: Mask, value: Minor) -> list[tuple[str, str, int, int]]:
    """Return (side, kind, rows, sum), by side and kind as the ledger orders them."""
    pairs = set(zip(rows.side[mine].tolist(), rows.kind[mine].tolist(), strict=True))
    found = []
    for side, kind in sorted(pairs, key=lambda pair: (SIDES.index(pair[0]), KINDS.index(pair[1]))):
        same = mine & (rows.side == side) & (rows.kind == kind)
        found.append((side, kind, int(same.sum()), int(value[same].sum())))
    return found
