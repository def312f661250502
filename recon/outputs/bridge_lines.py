"""Rows of bridges -> lines and totals, with the check that every bridge foots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from recon.errors import ConservationError
from recon.ledger.outcome import Outcome
from recon.ledger.view import View
from recon.outputs.bridge_legs import Rows
from recon.outputs.bridge_steps import NUMBER, STEPS

LINES = pa.schema(
    [
        ("line", pa.int64()), ("bridge", pa.int64()), ("shop", pa.string()), ("account", pa.string()),
        ("currency", pa.string()), ("period", pa.string()), ("number", pa.int64()), ("step", pa.string()),
        ("detail", pa.string()), ("total", pa.bool_()), ("amount", pa.int64()), ("rows", pa.int64()),
    ]
)  # fmt: skip
#: Totals that are also added up from rows of their own.
CHECKED = ("received", "paid_out", "bank")

Name = tuple[str | None, str | None, str]
Line = dict[str, int | str | None]


@dataclass(frozen=True)
class Bridge:
    """lines: as `LINES`, amounts in minor units. rows: line, entry_id, amount, currency: what each line is made of.

    The totals sold and available, and the change of a wallet's balance, list no rows: theirs are those of the lines
    above, and all rows of the wallet in the period.
    """

    lines: pa.Table
    rows: pa.Table


def lay_out(
    outcome: Outcome, ledger: View, parts: Sequence[Rows], owner: np.ndarray, names: Sequence[Name], texts: list[str]
) -> Bridge:
    """Return the bridges that the rows make.

    Args:
        outcome: the run.
        ledger: its entries.
        parts: rows of steps; those of a total in `CHECKED` are its own.
        owner: per entry the bridge, a place in `names`.
        names: shop, account and currency of each bridge.
        texts: of the codes of details.

    Raises:
        ConservationError: when the steps of a bridge do not come to the sum of the rows of one of its totals.
    """
    parts = [part for part in parts if len(part.row)]
    row = _joined([part.row for part in parts])
    value = _joined([part.value for part in parts])
    accounts = len(ledger.accounts) + 1
    place = _joined(
        [np.where(part.by_account, ledger.account[part.row] + 1, np.zeros(len(part.row), np.int64)) for part in parts]
    )
    step = _joined([np.full(len(part.row), part.step) for part in parts])
    detail = _joined([part.detail for part in parts])
    key = ((owner[row] * (len(STEPS) + 1) + step) * accounts + place) * len(texts) + detail
    distinct, line_of = np.unique(key, return_inverse=True)
    count = np.bincount(line_of, minlength=len(distinct))
    amount = np.zeros(len(distinct), dtype=np.int64)
    np.add.at(amount, line_of, value)
    lines: dict[int, list[tuple[int, str, str, int]]] = {}
    sizes = (len(STEPS) + 1, accounts, len(texts))
    codes, said = np.divmod(distinct, sizes[2])
    codes, account_of = np.divmod(codes, sizes[1])
    bridges, numbers = np.divmod(codes, sizes[0])
    fields = zip(*(array.tolist() for array in (bridges, numbers, account_of, said)), strict=True)
    for at, (bridge, number, account, word) in enumerate(fields):
        number_of = ledger.accounts[account - 1].split(":", 1)[1] if account else ""
        lines.setdefault(bridge, []).append((number, number_of, texts[word], at))
    table: list[Line] = []
    line_number = np.zeros(len(distinct), dtype=np.int64)
    ordered = sorted(lines, key=lambda code: (names[code][0] is None, *(part or "" for part in names[code])))
    for bridge, code in enumerate(ordered, start=1):
        _one(table, bridge, names[code], sorted(lines[code]), (amount, count), line_number, outcome.period)
    cited = np.repeat([part.cited for part in parts], [len(part.row) for part in parts]).astype(bool)
    rows = _cited(outcome, ledger, line_number[line_of][cited], row[cited], value[cited])
    return Bridge(pa.Table.from_pylist(table, schema=LINES), rows)


def _cited(outcome: Outcome, ledger: View, line: np.ndarray, row: np.ndarray, value: np.ndarray) -> pa.Table:
    """The entries that lines cite, by line and row."""
    order = np.lexsort((row, line))
    row = row[order]
    currency = pa.DictionaryArray.from_arrays(
        pa.array(ledger.currency[row].astype(np.int32)), pa.array(ledger.currencies, pa.string())
    )
    ids = pa.array(outcome.entries["entry_id"]).take(pa.array(row))
    return pa.table({"line": line[order], "entry_id": ids, "amount": value[order], "currency": currency})


def _joined(arrays: Sequence[np.ndarray]) -> np.ndarray:
    return np.concatenate(arrays).astype(np.int64) if arrays else np.zeros(0, dtype=np.int64)


def _one(
    table: list[Line],
    bridge: int,
    name: Name,
    lines: Sequence[tuple[int, str, str, int]],
    sums: tuple[np.ndarray, np.ndarray],
    line_number: np.ndarray,
    period: str,
) -> None:
    """Append the lines and totals of one bridge."""
    shop, account, currency = name
    amount, count = sums
    running = counted = 0
    for number, step in enumerate(STEPS, start=1):
        mine = [line for line in lines if line[0] == number]
        head = {
            "bridge": bridge, "shop": shop, "currency": currency, "period": period, "number": number,
            "step": step.name, "total": step.total,
        }  # fmt: skip
        if step.total:
            own = sum(int(amount[at]) for *_, at in mine)
            if step.name in CHECKED and own != running:
                raise ConservationError(
                    f"bridge of {shop or account} {currency}: {step.name} is off by {running - own}"
                )
            for *_, at in mine:
                line_number[at] = len(table) + 1
            # The proof is what the last total lacks: nothing, or the check above would have raised.
            proof = number == NUMBER["difference"]
            rows = sum(int(count[at]) for *_, at in mine) if step.name in CHECKED else counted
            figures = {"amount": 0 if proof else running, "rows": 0 if proof else rows}
            table.append(head | figures | {"line": len(table) + 1, "account": account})
            continue
        for _, of, said, at in mine:
            line_number[at] = len(table) + 1
            running, counted = running + int(amount[at]), counted + int(count[at])
            figures = {"amount": int(amount[at]), "rows": int(count[at])}
            table.append(head | figures | {"line": len(table) + 1, "account": of or account, "detail": said or None})
