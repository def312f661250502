"""Refunds that a gateway lists and did not pay: no movement, but the reason why one is missing."""

from __future__ import annotations

import re

import numpy as np

from recon.channels.cells import Cells
from recon.channels.rules import Rows
from recon.ledger.statement import Refusal

_NUMBERS = ("order_ref", "payment_ref")


def refusals(cells: Cells, rows: Rows) -> tuple[Refusal, ...]:
    """Return the refunds among the rows that were set aside, as the spec tells them by kind and reason."""
    patterns = [(cause, re.compile(pattern)) for cause, pattern in cells.spec.refused.items()]
    told: dict[int, str] = {}
    for row, reason in rows.reasons.items() if patterns else ():
        words = f"{cells.value('kind', row)} {reason}"
        cause = next((cause for cause, pattern in patterns if pattern.search(words)), None)
        if cause is not None:
            told[row] = cause
    if not told:
        return ()
    places = np.array(sorted(told), dtype=np.int64)
    numbers = [cells.reference(getattr(cells.spec.refs, name), places).to_pylist() for name in _NUMBERS]
    return tuple(
        Refusal(told[row], order or "", payment or "")
        for row, order, payment in zip(places.tolist(), *numbers, strict=True)
        if order or payment
    )
