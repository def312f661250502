"""Rows of the tables as text, as `folder` reads them; what is not named is null."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from recon.outputs.explain.nearest import OPEN
from recon.outputs.tables import BREAK_ROWS, MATCHES


def table(names: tuple[str, ...], rows: list[dict[str, Any]]) -> pa.Table:
    """Return rows with all columns, every cell as text."""
    columns = {
        name: pa.array([None if row.get(name) is None else str(row[name]) for row in rows], pa.string())
        for name in names
    }
    return pa.table(columns)


def members(leg: str, *rows: tuple[str, str, str, str, int], residual: str = "0.00") -> pa.Table:
    """Return lines of one match: (side, kind, amount, applied, weight)."""
    return table(
        MATCHES,
        [
            {"match_id": "m", "leg": leg, "side": side, "kind": kind, "amount": amount, "applied": applied,
             "weight": weight, "residual": residual, "currency": "CNY"}
            for side, kind, amount, applied, weight in rows
        ],
    )  # fmt: skip


def owned(*rows: tuple[str, str, str]) -> pa.Table:
    """Return rows of one break: (side, kind, amount)."""
    return table(
        BREAK_ROWS,
        [{"break_id": "b", "owned": "true", "side": s, "kind": k, "amount": a, "currency": "CNY"} for s, k, a in rows],
    )


def open_row(side: str, kind: str, amount: str, day: str, **more: Any) -> dict[str, str | None]:
    """Return one open row of the order leg unless another leg is named."""
    row: dict[str, Any] = dict.fromkeys(OPEN)
    row |= {"leg": "order-gateway", "side": side, "kind": kind, "amount": amount, "value_date": day, "currency": "CNY"}
    return row | more
