"""Matches as tables: one line per match, one per member (`outcome.MATCHES`, `outcome.MEMBERS`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
import pandas as pd
import pyarrow as pa

from recon.ledger.days import NO_DAY
from recon.ledger.outcome import MATCHES, MEMBERS
from recon.ledger.parts import sum_by
from recon.ledger.view import View

Frames = tuple[pd.DataFrame, pd.DataFrame]
_IN_FULL: Mapping[int, int] = MappingProxyType({})


def frame(
    leg: str,
    *,
    rule: np.ndarray,
    verdict: np.ndarray,
    basis: np.ndarray | str,
    residual: np.ndarray,
    reason: np.ndarray,
    tolerance: np.ndarray,
    explanation: pa.Array,
    on: np.ndarray,
    accepted: tuple[np.ndarray, np.ndarray] | None = None,
) -> pd.DataFrame:
    """Return the matches of one leg, numbered from 0; `on` is a day number, NO_DAY where unknown.

    accepted: what of the residual a rule of the company accepts, of the payments and of the refunds.
    """
    size = len(residual)
    nothing = np.zeros(size, dtype=np.int64)
    paid, returned = accepted or (nothing, nothing)
    text = pd.ArrowDtype(pa.string())
    days = pa.array(np.where(on == NO_DAY, 0, on).astype(np.int32), mask=on == NO_DAY).cast(pa.date32())
    columns = {
        "match": np.arange(size, dtype=np.int64),
        "leg": pd.Categorical([leg] * size, categories=[leg]),
        "rule": pd.Categorical(rule),
        "verdict": pd.Categorical(verdict),
        "basis": pd.Categorical(basis if isinstance(basis, np.ndarray) else [basis] * size),
        "residual": residual,
        "residual_reason": pd.Categorical([r or None for r in reason]),
        "accepted_paid": paid,
        "accepted_returned": returned,
        "tolerance": tolerance,
        "explanation": pd.Series(explanation, dtype=text),
        "on": pd.Series(days, dtype=pd.ArrowDtype(pa.date32())),
    }
    return pd.DataFrame(columns, columns=list(MATCHES))


def members(number: np.ndarray, rows: np.ndarray, weight: np.ndarray, applied: np.ndarray) -> pd.DataFrame:
    """Return the members: the number of the match, the row, its weight and what of it is applied (minor units)."""
    columns = {"match": number.astype(np.int64), "row": rows, "weight": weight.astype(np.int8), "applied": applied}
    return pd.DataFrame(columns, columns=list(MEMBERS))


def few(
    view: View,
    leg: str,
    facts: Sequence[tuple[str, str, str, int]],
    texts: Sequence[str],
    lines: Sequence[tuple[int, int, int]],
    reason: str,
    tolerance: int | None = None,
    *,
    applied: Mapping[int, int] = _IN_FULL,
) -> Frames:
    """Return a few matches: payouts, bank lines, disputes.

    Args:
        view: the ledger.
        leg: the leg of them all.
        facts: rule, basis, verdict and day number of each.
        texts: the explanation of each.
        lines: members: number of the match, row, weight.
        reason: why a residual may stay.
        tolerance: minor units, None where the residual is exact.
        applied: row -> what of it is applied, where that is not its amount (0 of what only goes along).
    """
    number = np.array([m[0] for m in lines], dtype=np.int64)
    rows = np.array([m[1] for m in lines], dtype=np.int64)
    weight = np.array([m[2] for m in lines], dtype=np.int64)
    counted = np.array([applied.get(row, int(view.amount[row])) for row in rows.tolist()], dtype=np.int64)
    unproven = np.zeros(len(facts), dtype=bool)
    if len(rows):
        unproven[number[~view.proven[rows]]] = True
    residual = -sum_by(number, weight * counted, len(facts))
    matches = frame(
        leg,
        rule=np.array([f[0] for f in facts], dtype=object),
        verdict=np.where(unproven, "unproven", np.array([f[2] for f in facts], dtype=object)),
        basis=np.array([f[1] for f in facts], dtype=object),
        residual=residual,
        reason=np.where(residual != 0, reason, "").astype(object),
        tolerance=np.where(residual != 0, np.abs(residual) if tolerance is None else tolerance, 0),
        explanation=pa.array(list(texts), type=pa.string()),
        on=np.array([f[3] for f in facts], dtype=np.int64),
    )
    return matches, members(number, rows, weight, counted)


def join(parts: Sequence[Frames]) -> Frames:
    """Number the matches of several legs through and join them."""
    matches, members = [], []
    start = 0
    for match, member in [part for part in parts if len(part[0])] or parts[:1]:
        matches.append(match.assign(match=match["match"] + start))
        members.append(member.assign(match=member["match"] + start))
        start += len(match)
    names = ("leg", "rule", "verdict", "basis", "residual_reason")
    joined = pd.concat([m.astype(dict.fromkeys(names, "object")) for m in matches], ignore_index=True)
    return joined.astype(dict.fromkeys(names, "category")), pd.concat(members, ignore_index=True)
