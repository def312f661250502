"""What matches leave as residuals, counted and summed by reason and currency: an auditor asks for the total."""

from __future__ import annotations

from typing import Any

import numpy as np

from recon.ledger.outcome import TOLERANCE, WRITE_OFF, Outcome
from recon.ledger.parts import min_by
from recon.money import format_amount


def residuals(outcome: Outcome) -> list[dict[str, Any]]:
    """Return one line per reason and currency, sorted by them.

    reason: as in matches.csv; where two stand there, each has its own part. count: matches. amount: Σ received less
    expected, gains and losses netted. size: Σ of it without its sign. Amounts are decimal text in major units.
    """
    heads, members = outcome.matches, outcome.members
    residual, paid, returned = (
        heads[name].to_numpy(dtype=np.int64) for name in ("residual", "accepted_paid", "accepted_returned")
    )
    some = np.flatnonzero((residual != 0) | (paid != 0) | (returned != 0))
    reasons = heads["residual_reason"].iloc[some].astype(object).to_numpy()
    names = outcome.entries["currency"].cat.categories
    size = int(heads["match"].max()) + 1 if len(heads) else 0
    row = min_by(members["match"].to_numpy(), members["row"].to_numpy(), size, 0)
    number = heads["match"].to_numpy(dtype=np.int64)[some]
    currency = outcome.entries["currency"].cat.codes.to_numpy()[row[number]]
    found: dict[tuple[str, str], np.ndarray] = {}
    for reason in sorted({str(reason) for reason in reasons}):
        for code, name in enumerate(names):
            mine = some[(reasons == reason) & (currency == code)]
            for part, amount, total in _parts(reason, residual[mine], paid[mine], returned[mine]):
                line = found.setdefault((part, str(name)), np.zeros(3, dtype=np.int64))
                line += (len(mine), int(amount.sum()), int(total.sum()))
    return [
        {
            "reason": reason, "currency": name, "count": int(count), "amount": format_amount(int(amount), name),
            "size": format_amount(int(total), name),
        }
        for (reason, name), (count, amount, total) in sorted(found.items())
        if count
    ]  # fmt: skip


def _parts(
    reason: str, residual: np.ndarray, paid: np.ndarray, returned: np.ndarray
) -> list[tuple[str, np.ndarray, np.ndarray]]:
    """Reason, amounts and sizes of the parts of residuals: what a rule of the company accepts, and the rest.

    Only the order leg tells payments from refunds; elsewhere a residual has one reason.
    """
    other, _, last = reason.rpartition(";")
    if last not in (TOLERANCE, WRITE_OFF) or not (paid.any() or returned.any()):
        return [(reason, residual, np.abs(residual))]
    parts = [(last, paid + returned, np.abs(paid) + np.abs(returned))]
    rest = residual - paid - returned
    return [*parts, (other, rest, np.abs(rest))] if other else parts
