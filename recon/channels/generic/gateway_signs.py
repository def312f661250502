"""Signs and kinds of a gateway list, decided once for the whole file: + is towards the merchant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from recon.channels import identity
from recon.channels.cells import Cells
from recon.channels.generic.header import Layout
from recon.channels.generic.resolved import NAME_IT, Asked, Index, Mask, Minor, parsed_of, still_open, text_of
from recon.channels.generic.words import longest, meaning
from recon.channels.lines import filled
from recon.channels.rules import Rows
from recon.ledger.statement import Note

KINDS = ("payment", "refund", "fee", "payout", "chargeback", "transfer", "adjustment")
PAYMENT, REFUND, FEE, PAYOUT, CHARGEBACK, TRANSFER, ADJUSTMENT = range(7)
#: The sign of a movement whose amount is printed without one; 0: nobody can tell.
_USUAL = np.array([1, -1, -1, -1, -1, 0, 0])
_CORRECT = "Correct the cell, or export the file again."


@dataclass(frozen=True)
class Movements:
    """Rows as movements: signed amounts, where there is one, kind (index into KINDS), detail, and what was decided.

    unsigned: amounts are printed without a sign, so a net may be too.
    """

    minor: Minor
    present: Mask
    kind: Index
    back: Mask
    detail: pa.StringArray
    unsigned: bool
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class _Types:
    """Kind of each row by its type (-1: the type says nothing), whether it goes back, and the type as detail.

    refunded: the status of the row says that money was given back.
    """

    kind: Index
    back: Mask
    refunded: Mask
    detail: pa.StringArray
    notes: tuple[Note, ...]


def read(asked: Asked, cells: Cells, rows: Rows, layout: Layout) -> Movements:
    """Return the movements of a list.

    Raises:
        InputFault: when the printed signs contradict the types on more than single rows.
    """
    types = _types(cells, rows, asked.spec.words)
    if cells.has("in") or cells.has("out"):
        came, has_in = parsed_of(cells, rows, "in")
        went, has_out = parsed_of(cells, rows, "out")
        minor, present = np.abs(came) - np.abs(went), has_in | has_out
        both = still_open(rows, (came != 0) & (went != 0))
        rows.fault(both, "out", [cells.value("out", int(row)) for row in both], "both amounts are filled", _CORRECT)
        note = Note("收入、支出各一列", "one column for money in, one for money out")
        return _named(cells, types, minor, present, note, unsigned=False)
    printed, present = parsed_of(cells, rows, "amount")
    facing = _facing(cells, rows, asked.spec.words, printed)
    if facing is not None:
        minor, note = _directed(np.abs(printed) * facing, types)
        return _named(cells, types, minor, present, note, unsigned=True)
    if (printed < 0).any():
        name = layout.printed("amount")
        return _as_printed(asked, cells, rows, types, printed, present, name)
    if (types.kind >= 0).any():
        return _by_kind(cells, rows, types, printed, present)
    note = Note(
        "没有类型和方向：按单号判断支付与退款", "neither type nor direction: payments and refunds by their numbers"
    )
    found = _named(cells, types, printed, present, note, unsigned=True)
    minor = np.where(found.kind == REFUND, -printed, printed)
    return Movements(minor, present, found.kind, found.back, found.detail, unsigned=True, notes=found.notes)


def _types(cells: Cells, rows: Rows, words: Mapping[str, Sequence[str]]) -> _Types:
    column = cells.plain("type")
    refunded = _said_refunded(cells, words)
    if column is None:
        nothing = np.full(cells.count, -1)
        return _Types(nothing, np.zeros(cells.count, bool), refunded, pa.nulls(cells.count, pa.string()), ())
    coded = column.dictionary_encode()
    known = [*coded.dictionary.to_pylist(), None]
    codes = filled(coded.indices, len(known) - 1)
    kinds: list[int] = []
    back: list[bool] = []
    notes: list[Note] = []
    counts = Counter(codes[rows.state == 0].tolist())
    for code, word in enumerate(known):
        name = longest(word, words, "kind.") if word else None
        kinds.append(KINDS.index(name) if name is not None else ADJUSTMENT if word else -1)
        back.append(bool(word) and longest(word or "", words, "back") is not None)
        if word and name is None:
            zh = f"不认识类型“{word}”（{counts[code]} 行）：记为调整"
            notes.append(Note(zh, f"type {word!r} ({counts[code]} rows) is unknown: adjustment"))
    return _Types(np.array(kinds)[codes], np.array(back)[codes], refunded, column, tuple(notes))


def _said_refunded(cells: Cells, words: Mapping[str, Sequence[str]]) -> Mask:
    column = cells.plain("status")
    if column is None:
        return np.zeros(cells.count, bool)
    coded = column.dictionary_encode()
    said = [meaning(word, words, "refunded") is not None for word in coded.dictionary.to_pylist()]
    found: Mask = np.array([*said, False])[filled(coded.indices, len(said))]
    return found


def _facing(
    cells: Cells, rows: Rows, words: Mapping[str, Sequence[str]], printed: Minor
) -> npt.NDArray[np.int64] | None:
    """+1 or -1 of each row by the column of the direction; None if no word of it is known."""
    column = cells.plain("direction")
    if column is None:
        return None
    coded = column.dictionary_encode()
    sides = [meaning(word, words, "direction.") for word in coded.dictionary.to_pylist()]
    if not any(sides):
        return None
    sign = np.array([*({"in": 1, "out": -1}.get(side or "", 0) for side in sides), 0])
    facing = sign[filled(coded.indices, -1)]
    odd = still_open(rows, (facing == 0) & (printed != 0))
    values = [cells.value("direction", int(row)) for row in odd]
    rows.fault(odd, "direction", values, "direction not stated", _CORRECT)
    return np.asarray(facing, dtype=np.int64)


def _directed(minor: Minor, types: _Types) -> tuple[Minor, Note]:
    payments = minor[(types.kind == PAYMENT) & ~types.back & (minor != 0)]
    if 2 * int((payments < 0).sum()) > len(payments):
        return -minor, Note("流水以支付机构为主体：收支全部翻转", "kept from the gateway's side: all signs turned")
    return minor, Note("金额加方向", "an amount and its direction")


def _as_printed(
    asked: Asked, cells: Cells, rows: Rows, types: _Types, printed: Minor, present: Mask, name: str
) -> Movements:
    """Signs as printed: payments come in, refunds go out, reversals apart. A payout goes out however printed."""
    against = (types.kind == PAYMENT) & ~types.back & (printed < 0)
    against |= (types.kind == REFUND) & ~types.back & (printed > 0)
    odd = still_open(rows, against)
    if len(odd) > max(2, len(rows.open) // 100):
        problem = f"{len(odd)} rows print a payment as negative or a refund as positive"
        raise asked.refused(name, cells.value("amount", int(odd[0])), problem, NAME_IT)
    values = [cells.value("amount", int(row)) for row in odd]
    rows.fault(odd, "amount", values, "the sign contradicts the type of the row", _CORRECT)
    payout = (types.kind == PAYOUT) & ~types.back
    minor = np.where(payout, -np.abs(printed), printed)
    return _named(cells, types, minor, present, Note(f"“{name}”带正负号", f"{name} is signed"), unsigned=False)


def _by_kind(cells: Cells, rows: Rows, types: _Types, printed: Minor, present: Mask) -> Movements:
    sign = _USUAL[types.kind] * np.where(types.back, -1, 1)
    sign = np.where(types.kind < 0, 0, sign)
    odd = still_open(rows, (sign == 0) & (printed != 0))
    values = [cells.value("type", int(row)) for row in odd]
    rows.fault(odd, "type", values, "direction not stated", "Add a column for the direction, or sign the amounts.")
    note = Note("金额没有正负号：由类型定方向", "amounts without a sign: the type tells the direction")
    return _named(cells, types, printed * sign, present, note, unsigned=True)


def _named(cells: Cells, types: _Types, minor: Minor, present: Mask, note: Note, *, unsigned: bool) -> Movements:
    """Kinds of rows whose type says nothing: money in is a payment, money out a refund of one, else an adjustment."""
    kind = types.kind.copy()
    silent = kind < 0
    notes = [note, *types.notes]
    if silent.any():
        refunds = _refunds_by_number(cells, minor) | (types.refunded & (minor < 0))
        kind = np.where(silent, np.where(refunds, REFUND, np.where(minor >= 0, PAYMENT, ADJUSTMENT)), kind)
        count = int((silent & (kind == ADJUSTMENT)).sum())
        if count:
            zh = f"{count} 行没有类型，也找不到所退的支付：记为调整"
            notes.append(Note(zh, f"kind not stated on {count} rows: adjustment"))
    lost = silent & (kind == ADJUSTMENT)
    detail = pc.if_else(pa.array(lost), pa.scalar("kind not stated"), types.detail)
    return Movements(minor, present, kind, types.back, detail, unsigned, tuple(notes))


def _refunds_by_number(cells: Cells, minor: Minor) -> Mask:
    """Rows with a refund number, or with the order or payment number of an earlier payment."""
    numbered = np.asarray(pc.is_valid(text_of(cells, "refund_number")).to_numpy(zero_copy_only=False))
    signed = bool((minor < 0).any())
    local, _ = cells.when(["time"])
    for role in ("order", "payment"):
        if not cells.has(role):
            continue
        number = identity.of_column(text_of(cells, role))
        order = np.lexsort((local, number))
        first = np.zeros(cells.count, bool)
        first[order] = np.r_[True, number[order][1:] != number[order][:-1]]
        paid = np.unique(number[first & (minor > 0) & (number != 0)])
        if signed:
            numbered |= (minor < 0) & np.isin(number, paid)
    return numbered & ((minor < 0) | (not signed))
