"""What a person said about a break: the decision, who made it and the note, beside the finding that it is about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import pandas as pd
import pyarrow as pa

from recon.breaks.finding import Findings
from recon.ledger.decisions import Placed

_TEXT = pd.ArrowDtype(pa.string())


def signed(findings: Findings, placed: Sequence[Placed]) -> Findings:
    """Fill decision, owner and note of the findings that own an entry which a decision names.

    The finding stays open: a decision says what belongs together, it does not make a difference go away.
    """
    said: dict[int, list[Placed]] = {}
    for one in placed:
        for row in one.rows:
            said.setdefault(row, []).append(one)
    owned = findings.rows[
        findings.rows["owned"].to_numpy(dtype=bool) & findings.rows["row"].isin(list(said)).to_numpy()
    ]
    about: dict[int, set[Placed]] = {}
    for number, row in zip(owned["finding"].tolist(), owned["row"].tolist(), strict=True):
        about.setdefault(number, set()).update(said[row])
    if not about:
        return findings
    told = [about.get(number, set()) for number in findings.table["finding"].tolist()]
    columns = {
        "decision": [_joined(one.word for one in those) for those in told],
        "owner": [_joined(one.decision.owner for one in those) for those in told],
        "note": [_joined(one.decision.note for one in those) for those in told],
    }
    filled = {name: pd.Series(pa.array(texts, pa.string()), dtype=_TEXT) for name, texts in columns.items()}
    return replace(findings, table=findings.table.assign(**filled))


def _joined(texts: Iterable[str]) -> str | None:
    return ";".join(sorted({text for text in texts if text})) or None
