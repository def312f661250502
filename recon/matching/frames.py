"""Matches as tables: one line per match, one per member (`outcome.MATCHES`, `outcome.MEMBERS`)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa

from recon.ledger.days import NO_DAY
from recon.ledger.outcome import MATCHES, MEMBERS

Frames = tuple[pd.DataFrame, pd.DataFrame]


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


def join(parts: Sequence[Frames]) -> Frames:
    """Number the matches of several legs through and join them."""
    matches, members = [], []
    start = 0
    for match, member in parts:
        matches.append(match.assign(match=match["match"] + start))
        members.append(member.assign(match=member["match"] + start))
        start += len(match)
    names = ("leg", "rule", "verdict", "basis", "residual_reason")
    joined = pd.concat([m.astype(dict.fromkeys(names, "object")) for m in matches], ignore_index=True)
    return joined.astype(dict.fromkeys(names, "category")), pd.concat(members, ignore_index=True)
