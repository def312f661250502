"""Fee, tax, refund and net of a gateway list: which sign a cost has, and whether tax lies inside the fee.

In ledger signs amount + fee + tax + refund = net. Readings of the whole file are tried where a net is printed; the one
that holds on most rows is taken, and it must hold on 19 of 20, else the columns mean something else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np

from recon import money
from recon.channels.cells import Cells
from recon.channels.generic.gateway_signs import FEE, PAYMENT, PAYOUT, REFUND, TRANSFER, Movements
from recon.channels.generic.header import Layout
from recon.channels.generic.resolved import NAME_IT, Asked, Mask, Minor, parsed_of
from recon.channels.rules import Rows
from recon.ledger.statement import Note

_READINGS = (
    Note("税费在手续费之外", "tax on top of the fee"),
    Note("税费含在手续费内", "tax inside the fee"),
    Note("手续费另行收取，不在净额内", "fee kept apart: the net is without it"),
)


@dataclass(frozen=True)
class Costs:
    """The parts of each row beside its amount, in ledger signs; net: printed, where `has_net`."""

    fee: Minor
    tax: Minor
    refund: Minor
    other: Minor
    net: Minor
    has_net: Mask
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class _Reading:
    number: int
    fee: Minor
    tax: Minor
    net: Minor
    holds: Mask


def read(asked: Asked, cells: Cells, rows: Rows, layout: Layout, moves: Movements) -> Costs:
    """Return fee, tax, refund and net of each row.

    Raises:
        InputFault: when no reading makes the nets add up, or costs are printed with both signs and no net tells.
    """
    fee, _ = parsed_of(cells, rows, "fee")
    tax, _ = parsed_of(cells, rows, "tax")
    refund = _refund(cells, rows, moves)
    net, has_net = parsed_of(cells, rows, "net") if cells.has("amount") or cells.has("in") else _nothing(cells)
    fee = np.where((moves.kind == FEE) & (np.abs(fee) == np.abs(moves.minor)), 0, fee)
    use = has_net & (rows.state == 0) & ~np.isin(moves.kind, (PAYOUT, TRANSFER)) & moves.present
    if not use.any():
        fee_sign = _sign_by_payments(asked, layout, "fee", fee, moves)
        tax_sign = _sign_by_payments(asked, layout, "tax", tax, moves)
        zeros = np.zeros(cells.count, np.int64)
        return Costs(fee * fee_sign, tax * tax_sign, refund, zeros, net, has_net & use, ())
    best = max(_tried(moves, fee, tax, refund, net, use), key=lambda one: int(one.holds[use].sum()))
    held, count = int(best.holds[use].sum()), int(use.sum())
    if 20 * held < 19 * count:
        raise _contradicted(asked, cells, layout, moves, refund, best, use)
    other, note = _reserve(cells, rows, moves, refund, best, use)
    notes = [_READINGS[best.number]] if best.number or fee.any() else []
    notes += [note] if note is not None else []
    return Costs(best.fee, best.tax, refund, other, best.net, use, tuple(notes))


def _nothing(cells: Cells) -> tuple[Minor, Mask]:
    return np.zeros(cells.count, np.int64), np.zeros(cells.count, bool)


def _refund(cells: Cells, rows: Rows, moves: Movements) -> Minor:
    """What a refund column gives back beside the payment; not again where the row itself is the refund."""
    printed, _ = parsed_of(cells, rows, "refund")
    refund = -np.abs(printed)
    itself = (moves.minor == refund) | (moves.kind == REFUND)
    return np.where(itself & (moves.minor != 0), 0, refund)


def _sign_by_payments(asked: Asked, layout: Layout, role: str, cost: Minor, moves: Movements) -> int:
    """-1 where payment rows print the cost as positive, +1 where as negative."""
    used = cost[(moves.kind == PAYMENT) & ~moves.back]
    used = used if used.any() else cost
    if (used > 0).any() and (used < 0).any():
        problem = "payments print it with both signs, and no net tells which one is a cost"
        raise asked.refused(layout.printed(role), "", problem, NAME_IT)
    return 1 if (used < 0).any() else -1


def _tried(moves: Movements, fee: Minor, tax: Minor, refund: Minor, net: Minor, use: Mask) -> Iterator[_Reading]:
    """The readings, the likely ones first: a cost printed as positive, tax on top, net as printed."""
    payments = (moves.kind == PAYMENT) & ~moves.back
    fee_signs = (1, -1) if (fee[payments] < 0).any() and not (fee[payments] > 0).any() else (-1, 1)
    tax_signs = (1, -1) if (tax[payments] < 0).any() and not (tax[payments] > 0).any() else (-1, 1)
    nets = [net]
    if moves.unsigned and not (net[use] < 0).any():
        nets.append(np.abs(net) * np.where(moves.minor + refund < 0, -1, 1))
    zeros = np.zeros(len(fee), np.int64)
    for number, printed in product(range(3), nets):
        for fee_sign, tax_sign in product(fee_signs, tax_signs):
            own_fee = zeros if number == 2 else fee * fee_sign
            own_tax = tax * tax_sign if number == 0 else zeros
            holds = moves.minor + own_fee + own_tax + refund == printed
            yield _Reading(number, own_fee, own_tax, printed, holds)


def _reserve(
    cells: Cells, rows: Rows, moves: Movements, refund: Minor, best: _Reading, use: Mask
) -> tuple[Minor, Note | None]:
    """A reserve or discount enters the sum as printed, if then every row holds."""
    zeros = np.zeros(cells.count, np.int64)
    if not cells.has("reserve"):
        return zeros, None
    parsed, _ = parsed_of(cells, rows, "reserve")
    base = moves.minor + best.fee + best.tax + refund
    for sign in (1, -1):
        if (base + sign * parsed == best.net)[use].all() and not best.holds[use].all():
            return sign * parsed, Note("预留或优惠一列计入净额", "the reserve or discount column enters the net")
    return zeros, Note("预留或优惠一列未计入", "the reserve or discount column is left out of the sum")


def _contradicted(
    asked: Asked, cells: Cells, layout: Layout, moves: Movements, refund: Minor, best: _Reading, use: Mask
) -> Exception:
    row = int(np.flatnonzero(use & ~best.holds)[0])
    codes, currencies = cells.currencies
    currency = currencies[int(codes[row])]
    shown = [
        money.format_amount(int(part[row]), currency) for part in (moves.minor, best.fee, best.tax, refund, best.net)
    ]
    equation = f"amount {shown[0]} + fee {shown[1]} + tax {shown[2]} + refund {shown[3]} = net {shown[4]}"
    problem = f"does not add up on {int((use & ~best.holds).sum())} rows of {int(use.sum())}; first in row"
    problem += f" {int(cells.body.rows[row])}: {equation}"
    return asked.refused(layout.printed("net"), cells.value("net", row), problem, NAME_IT)
