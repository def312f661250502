"""Which generic channel is this table? Asked only where no layout of its own fits: gateway, then orders, then bank.

A gateway list needs a time, an amount and a number, and something that an order list lacks: a fee, a net, a batch, a
settlement day, a direction, or a type of movement. A state of an order (shipped, completed) makes it an order list; a
balance and no number but a serial makes it a bank statement. The firm's own books look like a statement with the sides
turned: they are refused, but where a book is asked for, which is then the only reading.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from recon.channels.generic.header import Layout, column_of, lay_out
from recon.channels.generic.words import meaning
from recon.channels.lines import Line
from recon.channels.spec import Spec

JOURNAL = "generic.journal"
_ORDER = ("generic.gateway", "generic.orders", "generic.bank", JOURNAL)
#: Names of the firm's own ledger, never of a bank.
_BOOKS = frozenset(
    "科目 科目名称 科目编码 科目代码 会计科目 凭证字号 凭证字 会计期间 voucher voucherno accountcode journal".split()
)
#: A bank calls its serial so; alone they are no number of a gateway's payment.
_SERIALS = frozenset("交易流水号 交易号 参考号 id transactionid reference txnid 流水号".split())
#: Columns that only an order list has.
_ORDER_COLUMNS = frozenset(
    "订单状态 发货时间 完成时间 订单完成时间 确认收货时间 orderstatus shippedat completedat deliveredat".split()
)
TRAIT = "a fee, net, batch, settlement day, direction or type"
_NAMES = {
    "time": "a time", "amount": "an amount", "number": "a payment, order, refund or batch number",
    "trait": TRAIT, "order": "an order number", "date": "a date",
    "text": "a balance, counterparty, memo or serial",
}  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """How well one generic channel fits a table, on the line that fits best."""

    spec: Spec
    header: Line
    fits: bool
    present: tuple[str, ...]
    missing: tuple[str, ...]


def readings(head: Iterable[Line], specs: Mapping[str, Spec]) -> list[Reading]:
    """Return the readings of the generic channels in the order in which they are tried."""
    lines = list(head)
    found: list[Reading] = []
    for name in _ORDER:
        spec = next((one for one in specs.values() if one.resolve == name), None)
        if spec is None or not lines:
            continue
        tried = [_tried(spec, line, lines) for line in lines]
        found.append(max(tried, key=lambda one: (one.fits, len(one.present), -one.header.row)))
    return found


def books(head: Iterable[Line]) -> Line | None:
    """Return the header line of the firm's own books, None if the table is something else."""
    for line in head:
        names = {column_of(0, cell).name for cell in line.cells}
        sides = {"方向", "借方", "贷方"} <= {column_of(0, cell).base for cell in line.cells} | names
        amounts = any(name.startswith(("借方", "贷方", "debit", "credit", "余额", "balance")) for name in names)
        if sides or (names & _BOOKS and amounts):
            return line
    return None


def layout_of(spec: Spec, header: Line) -> Layout:
    """Return the columns of a header by the roles of a generic channel."""
    sides = {
        word: name.removeprefix("side.")
        for name, words in spec.words.items()
        if name.startswith("side.")
        for word in words
    }
    return lay_out(header, spec.roles, several=spec.several, bracketed=spec.bracketed, sides=sides)


def is_header(spec: Spec, line: Line, first: Line) -> bool:
    """True if a line is a header again: it has what the channel needs, or the roles of the first header."""
    layout = layout_of(spec, line)
    missing, barred = _NEEDS[spec.resolve or ""](spec, layout, [])
    return (not missing and not barred) or set(layout.roles) == set(layout_of(spec, first).roles)


def _tried(spec: Spec, line: Line, lines: list[Line]) -> Reading:
    layout = layout_of(spec, line)
    present = tuple(column.printed for found in layout.roles.values() for column in found)
    missing, barred = _NEEDS[spec.resolve or ""](spec, layout, [one for one in lines if one.row > line.row])
    return Reading(spec, line, not missing and not barred, present, tuple(_NAMES[name] for name in missing) + barred)


def _orders(spec: Spec, layout: Layout, below: list[Line]) -> tuple[list[str], tuple[str, ...]]:
    del spec, below
    needs = {"order": layout.has("order"), "amount": layout.has("paid", "order_amount")}
    refunds_only = layout.has("refund_number", "refund_time") and not layout.has(
        "refund", "paid", "paid_time", "ordered", "status"
    )
    barred = ("a sale (it lists refunds alone)",) if refunds_only else ()
    return [name for name, there in needs.items() if not there], barred


def _gateway(spec: Spec, layout: Layout, below: list[Line]) -> tuple[list[str], tuple[str, ...]]:
    trait = layout.has("fee", "net", "batch", "settled", "direction") or _speaks(spec, layout, below, "type", "kind.")
    needs = {
        "time": layout.has("time", "day") or (layout.has("settled") and layout.has("payment", "order")),
        "amount": layout.has("amount", "in", "out", "net"),
        "number": layout.has("payment", "order", "refund_number", "batch"),
        "trait": trait,
    }
    barred: tuple[str, ...] = ()
    orders = any(column.name in _ORDER_COLUMNS for column in layout.columns)
    if (orders or _speaks(spec, layout, below, "status", "orders")) and not layout.has("type", "fee", "net", "batch"):
        barred = ("no state of an order",)
    payment = layout.first("payment")
    serial_only = payment is None or payment.name in _SERIALS
    if serial_only and not layout.has("order", "refund_number", "batch") and layout.has("balance"):
        barred += ("a number other than a serial beside the balance",)
    return [name for name, there in needs.items() if not there], barred


def _bank(spec: Spec, layout: Layout, below: list[Line]) -> tuple[list[str], tuple[str, ...]]:
    del spec, below
    needs = {
        "date": layout.has("date", "booking"),
        "amount": layout.has("amount", "in", "out"),
        "text": layout.has("balance", "available", "counterparty", "payer", "memo", "serial"),
    }
    orders = {"订单号", "商户订单号", "orderid"}
    barred = ("no order number",) if any(column.name in orders for column in layout.columns) else ()
    return [name for name, there in needs.items() if not there], barred


def _journal(spec: Spec, layout: Layout, below: list[Line]) -> tuple[list[str], tuple[str, ...]]:
    return _bank(spec, layout, below)[0], ()


def _speaks(spec: Spec, layout: Layout, below: list[Line], role: str, words: str) -> bool:
    """True if a column's cells, as far as the first lines show them, are words of the channel's list."""
    column = layout.first(role)
    if column is None:
        return False
    cells = [line.cells[column.place].strip() for line in below if column.place < len(line.cells)]
    return any(cell and meaning(cell, spec.words, words) is not None for cell in cells)


_NEEDS = {"generic.orders": _orders, "generic.gateway": _gateway, "generic.bank": _bank, JOURNAL: _journal}
