"""A raw finding, and how raw findings become the table that a person works through."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
import pandas as pd
import pyarrow as pa

from recon.breaks.codes import CATALOGUE, SEVERITIES
from recon.ledger.days import NO_DAY, date_of
from recon.ledger.outcome import FILE, FINDING_ROWS, FINDINGS, GATEWAY_BANK, ORDER_GATEWAY, PAYOUT, TRADE_CASH
from recon.ledger.schema import MOMENT
from recon.ledger.view import BANK, GATEWAY, KIND, Citations, View

#: What goes along with a movement and is compared only by a finding of its own.
_CHARGES = tuple(KIND[k] for k in ("fee", "commission", "shipping", "tax", "adjustment"))
_IS_CHARGE = np.isin(np.arange(len(KIND)), _CHARGES)
_REFS = ("order_ref", "sub_ref", "payment_ref", "refund_ref", "batch_ref")


@dataclass(frozen=True, slots=True)
class Finding:
    """One cause, before it is dressed.

    owned, linked, waiting: positions of entries. expected, actual: minor units of `currency` (its name). step: moves
    the severity of the code (before the first file -1, shipped +1 ...); severity: replaces it. due: day number of the
    latest row that waits. scope: what names the finding when it has no entry (channel, account, days).
    """

    code: str
    leg: str
    owned: tuple[int, ...]
    linked: tuple[int, ...]
    expected: int
    actual: int
    currency: str
    explanation: str
    cause: str = ""
    symptoms: tuple[str, ...] = ()
    severity: str | None = None
    step: int = 0
    due: int = NO_DAY
    waiting: tuple[int, ...] = ()
    account: tuple[str, str] | None = None  # channel, account where no entry tells
    scope: str = ""
    reach: int | None = None  # minor units, where entries do not tell


@dataclass(frozen=True)
class Findings:
    """The table of findings and their rows (`outcome.FINDINGS`, `outcome.FINDING_ROWS`)."""

    table: pd.DataFrame
    rows: pd.DataFrame = field(default_factory=pd.DataFrame)


def dress(view: View, raw: Sequence[Finding], as_of: int, materiality: int | None) -> Findings:
    """Give each finding its id, severity, age, references and reach; sort them by id.

    Args:
        view: the ledger.
        raw: findings in any order.
        as_of: day number.
        materiality: |difference| above this is high, minor units; None for no limit.
    """
    cited = Citations(view, np.array([r for f in raw for r in (*f.owned, *f.linked)], dtype=np.int64))
    ids = [_break_id(cited, f) for f in raw]
    order = sorted(range(len(raw)), key=lambda n: (ids[n], raw[n].code))
    records = [_record(view, cited, raw[n], ids[n], number, as_of, materiality) for number, n in enumerate(order)]
    owned = [(number, raw[n].leg, row, True) for number, n in enumerate(order) for row in raw[n].owned]
    shown = [(number, raw[n].leg, row, False) for number, n in enumerate(order) for row in sorted(set(raw[n].linked))]
    rows = pd.DataFrame(owned + shown, columns=list(FINDING_ROWS))
    rows = rows.astype({"finding": "int64", "row": "int64", "owned": "bool"})
    return Findings(_table(records), rows)


def file_break_id(code: str, scope: str) -> str:
    """Return the id of a finding of files that no row shows: of its code and what it is about."""
    return _id_of(code, FILE, [scope])


def _break_id(cited: Citations, finding: Finding) -> str:
    parts = cited.texts("entry_id", list(finding.owned or finding.linked)) or [finding.scope]
    return _id_of(finding.code, finding.leg, parts)


def _id_of(code: str, leg: str, parts: Sequence[str]) -> str:
    text = "|".join([code, leg, *sorted(parts)])
    return "B" + hashlib.blake2b(text.encode(), digest_size=6).hexdigest().upper()


def _record(
    view: View,
    cited: Citations,
    finding: Finding,
    break_id: str,
    number: int,
    as_of: int,
    materiality: int | None,
) -> dict[str, object]:
    rows = np.array(sorted(finding.owned or finding.linked), dtype=np.int64)
    shown = _representative(view, cited, rows)
    occurred = int(view.day[shown]) if shown is not None else NO_DAY
    since = finding.due if finding.due != NO_DAY else occurred
    age = as_of - since if since != NO_DAY else None
    difference = finding.actual - finding.expected
    record: dict[str, object] = {
        "finding": number,
        "break_id": break_id,
        "leg": finding.leg,
        "code": finding.code,
        "severity": _severity(finding, age, difference, materiality),
        "due_date": date_of(finding.due),
        "age_days": age,
        "expected": finding.expected,
        "actual": finding.actual,
        "difference": difference,
        "currency": finding.currency,
        "cause": finding.cause or None,
        "symptoms": ";".join(sorted(set(finding.symptoms), key=_rank)) or None,
        "reach_rows": len(finding.owned) + len(set(finding.linked)) + len(finding.waiting),
        "reach_amount": _reach(view, finding),
        "status": "open",
        "explanation": finding.explanation,
    }
    for name in _REFS:
        record[name] = ";".join(sorted({t for t in cited.texts(name, rows) if t})) or None
    origin = _origin(cited, shown, finding)
    shops = sorted({t for t in cited.texts("shop", [*finding.owned, *finding.linked]) if t})
    return record | origin | {"shop": origin.get("shop") or ";".join(shops) or None}


def _origin(cited: Citations, shown: int | None, finding: Finding) -> dict[str, object]:
    if shown is None:
        channel, account = finding.account or ("", "")
        return {"channel": channel or None, "account": account or None}
    names = ("side", "channel", "account", "shop", "occurred_at", "value_date", "source_file", "source_row")
    return {name: cited.values(name, [shown])[0] for name in names}


def _representative(view: View, cited: Citations, rows: np.ndarray) -> int | None:
    """The latest gateway entry, ties by entry_id (positions follow entry ids); else the latest entry."""
    if not len(rows):
        return None
    money = rows[view.side[rows] == GATEWAY]
    pool = money if len(money) else rows
    moments = [m.timestamp() if isinstance(m, datetime) else 0.0 for m in cited.values("occurred_at", pool)]
    return int(pool[moments.index(max(moments))])


def _severity(finding: Finding, age: int | None, difference: int, materiality: int | None) -> str:
    severity = finding.severity or CATALOGUE[finding.code].severity
    if severity == "info":
        return severity
    step = finding.step + (1 if age is not None and age > 30 else 0)
    place = min(max(SEVERITIES.index(severity) + step, SEVERITIES.index("low")), SEVERITIES.index("high"))
    if materiality is not None and abs(difference) > materiality:
        return "high"
    return SEVERITIES[place]


def _reach(view: View, finding: Finding) -> int:
    """Σ |amount| of the compared entries on the received side, else on the side that sends."""
    if finding.reach is not None:
        return finding.reach
    cited = {*finding.owned, *finding.linked, *finding.waiting}
    rows = np.fromiter(cited, dtype=np.int64, count=len(cited))
    rows = rows[_compared(view, finding, rows)]
    received = view.side[rows] >= (BANK if finding.leg == GATEWAY_BANK else GATEWAY)
    if finding.leg == PAYOUT:
        received &= view.kind[rows] == KIND["payout"]
    return int(np.abs(view.amount[rows[received] if received.any() else rows]).sum())


def _compared(view: View, finding: Finding, rows: np.ndarray) -> np.ndarray:
    """Charges are compared where the finding is about a charge; in the order legs they only go along otherwise."""
    charge = _IS_CHARGE[view.kind[rows]]
    if finding.leg not in (ORDER_GATEWAY, TRADE_CASH) or charge.all():
        return np.ones(len(rows), dtype=bool)
    chosen: np.ndarray = charge if finding.code == "fee_mismatch" else ~charge
    return chosen


def _rank(code: str) -> int:
    return CATALOGUE[code].rank


def _table(records: Iterable[dict[str, object]]) -> pd.DataFrame:
    listed = list(records)
    columns: dict[str, pd.Series] = {}
    for name in FINDINGS:
        values = pa.array([r.get(name) for r in listed], type=_TYPES.get(name, pa.string()))
        arrow_backed = pd.ArrowDtype(values.type)
        columns[name] = pd.Series(values.to_numpy()) if name == "finding" else pd.Series(values, dtype=arrow_backed)
    return pd.DataFrame(columns)


_TYPES: dict[str, pa.DataType] = {
    "finding": pa.int64(),
    "occurred_at": MOMENT,
    "value_date": pa.date32(),
    "due_date": pa.date32(),
    "age_days": pa.int64(),
    "expected": pa.int64(),
    "actual": pa.int64(),
    "difference": pa.int64(),
    "reach_rows": pa.int64(),
    "reach_amount": pa.int64(),
    "source_row": pa.int64(),
}
