"""summary.json: the run in figures, and what to look at first. The terminal and the workbook show the same object."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from recon import __version__
from recon.ledger.measured import Measured
from recon.ledger.outcome import BREAK, EXCLUDED, IN_TRANSIT, MATCHED, Outcome
from recon.money import exponent, format_amount
from recon.outputs.alarm_section import alarms_told, rates_told
from recon.outputs.conservation import LegLine, Proof, Total
from recon.outputs.elsewhere import booked_elsewhere
from recon.outputs.held import held
from recon.outputs.provenance import files
from recon.outputs.residuals import residuals

GROUP_NAMES = {MATCHED: "matched", IN_TRANSIT: "in_transit", BREAK: "breaks", EXCLUDED: "excluded"}
SEVERITIES = ("high", "medium", "low", "info")
WORKBOOK = "reconciliation.xlsx"
_FIRST = 3


@dataclass(frozen=True)
class Control:
    """One equation between vouchers and reconciliation; amounts in minor units of the books, None: not computable.

    subject: the account or shop, empty for the whole. explained: the part of the difference that listed items explain.
    state: `ok`, `explained`, `open`, `movement only` or `not computable`. needs: the facts that are missing, in words.
    """

    no: int
    title: str
    subject: str
    ledger: int | None
    statement: int | None
    difference: int | None
    explained: int | None
    state: str
    needs: str = ""


@dataclass(frozen=True)
class Books:
    """What the summary must know of the drafts: how many, on which assumptions, and whether their controls hold.

    channel_only: bank accounts from which only channel money is booked, as `family:number`.
    """

    vouchers: int = 0
    lines: int = 0
    assumed: bool = True
    controls: tuple[Control, ...] = ()
    notes: tuple[str, ...] = field(default=())
    channel_only: frozenset[str] = frozenset()


def summarise(
    outcome: Outcome,
    proof: Proof,
    books: Books,
    *,
    titles: Mapping[str, str],
    steps: Mapping[str, str] = MappingProxyType({}),
    currency: str,
) -> dict[str, Any]:
    """Return what summary.json holds: texts, whole numbers, and amounts as decimal text in major units.

    Args:
        outcome: the result of the run.
        proof: what `conservation.prove` said of it.
        books: the drafts in figures.
        titles: code of a break -> title in the run's language, in order of precedence.
        steps: code of a break -> what usually is done next.
        currency: of the books.
    """
    ranked = for_people(outcome.findings, list(titles))
    serious = ranked[ranked["severity"] != "info"]
    return {
        "version": __version__,
        "as_of": outcome.as_of.isoformat(),
        "period": outcome.period,
        "lang": outcome.lang,
        "currency": currency,
        "assumed": books.assumed,
        "files": _files(outcome),
        "legs": [_leg(line) for line in proof.legs],
        "conservation": _conservation(proof),
        "breaks": _breaks(ranked, titles, steps),
        "severity": {name: int((ranked["severity"] == name).sum()) for name in SEVERITIES},
        "open_amount": _sums(serious, "difference"),
        "first": [_pointer(row, titles) for row in _rows(serious.head(_FIRST))],
        "oldest": next((_pointer(row, titles) for row in _rows(_oldest(serious))), None),
        "booked_elsewhere": booked_elsewhere(outcome, books.channel_only),
        "in_transit": _in_transit(outcome),
        "held": held(outcome),
        "vouchers": {"count": books.vouchers, "lines": books.lines},
        "controls": [_control(control, currency) for control in books.controls],
        "alarms": alarms_told(outcome.alarms),
        "alarm_rate": rates_told(outcome.alarms),
        "measured": [_measured(one) for one in outcome.measured],
        "residuals": residuals(outcome),
        "notes": [*outcome.notes, *books.notes],
        "workbook": WORKBOOK,
    }


def write_summary(summary: Mapping[str, Any], path: Path) -> None:
    """Write summary.json: keys sorted, one value a line, so that two runs can be compared line by line."""
    text = json.dumps(summary, sort_keys=True, ensure_ascii=False, indent=1) + "\n"
    path.write_bytes(text.encode())


def for_people(findings: pd.DataFrame, precedence: Sequence[str]) -> pd.DataFrame:
    """Sort findings as a person works through them: severity, size, precedence of the code, date, break_id."""
    severity = findings["severity"].map({name: place for place, name in enumerate(SEVERITIES)})
    rank = findings["code"].map({code: place for place, code in enumerate(precedence)}).fillna(len(precedence))
    # Sizes of several currencies are compared in ten-thousandths, the finest minor unit there is.
    scale = findings["currency"].map(lambda code: 10 ** (4 - exponent(code)))
    size = -(findings["difference"].astype("int64").abs() * scale.astype("int64"))
    keys = pd.DataFrame({"severity": severity, "size": size, "rank": rank.astype("int64")}, index=findings.index)
    keys["date"] = pd.to_datetime(findings["occurred_at"], utc=True)
    keys["break_id"] = findings["break_id"]
    return findings.loc[keys.sort_values(list(keys.columns), na_position="last", kind="stable").index]


def _files(outcome: Outcome) -> list[dict[str, Any]]:
    rows = files(outcome).to_pylist()
    return [
        {name: value.isoformat() if name.startswith("period_") and value else value for name, value in row.items()}
        for row in rows
    ]


def _leg(line: LegLine) -> dict[str, Any]:
    def shown(total: Total) -> dict[str, Any]:
        return {"count": total.count, "amount": format_amount(total.amount, line.currency)}

    return {
        "leg": line.leg,
        "side": line.side,
        "account": line.account,
        "channels": list(line.channels),
        "currency": line.currency,
        "owned": shown(line.owned),
        **{name: shown(line.groups[code]) for code, name in GROUP_NAMES.items()},
        "difference": format_amount(line.difference, line.currency),
        "in_period": {name: shown(line.period[code]) for code, name in GROUP_NAMES.items()},
        "match_rate": _match_rate(line),
    }


def _match_rate(line: LegLine) -> dict[str, str | None]:
    """Matched out of what is matched or a break, in the period, in percent cut to two decimals; 100 only if all is."""
    matched, broken = line.period[MATCHED], line.period[BREAK]
    return {
        "count": percent(matched.count, matched.count + broken.count),
        "value": percent(matched.size, matched.size + broken.size),
    }


def percent(part: int, whole: int) -> str | None:
    """Return a share in percent, cut to two decimals: 100 only if it is all; None of nothing."""
    if not whole:
        return None
    points = part * 10_000 // whole
    return f"{points // 100}.{points % 100:02d}"


def _conservation(proof: Proof) -> dict[str, Any]:
    rows = {name: value for name, value in asdict(proof).items() if name != "legs"}
    rows["difference"] = proof.read - proof.booked - proof.repeated - proof.skipped - proof.quarantined
    legs: dict[str, dict[str, int]] = {}
    for line in proof.legs:
        leg = legs.setdefault(line.leg, {"entries": 0, "placed": 0, "difference": 0})
        leg["entries"] += line.owned.count
        leg["placed"] += sum(total.count for total in line.groups.values())
        leg["difference"] = leg["entries"] - leg["placed"]
    return {"rows": rows, "legs": legs}


def _breaks(ranked: pd.DataFrame, titles: Mapping[str, str], steps: Mapping[str, str]) -> list[dict[str, Any]]:
    """One line per code and currency, in order of precedence."""
    place = {code: number for number, code in enumerate(titles)}
    lines = []
    for key, group in ranked.groupby(["code", "currency"], sort=True):
        code, currency = (str(part) for part in key)
        size = int(group["difference"].astype("int64").abs().sum())
        counts = {name: int((group["severity"] == name).sum()) for name in SEVERITIES}
        line = {"code": code, "title": titles.get(code, code), "currency": currency, "count": len(group)}
        line["next_step"] = steps.get(code)
        lines.append(line | {"amount": format_amount(size, currency)} | counts)
    return sorted(lines, key=lambda line: (place.get(line["code"], len(place)), line["code"], line["currency"]))


def _rows(findings: pd.DataFrame) -> list[dict[str, Any]]:
    plain = findings.astype(object).where(findings.notna(), None)
    return [{str(name): value for name, value in row.items()} for row in plain.to_dict("records")]


def _oldest(findings: pd.DataFrame) -> pd.DataFrame:
    aged = findings[findings["age_days"].notna()]
    return aged.sort_values("age_days", key=lambda days: -days.astype("int64"), kind="stable").head(1)


def _pointer(row: Mapping[str, Any], titles: Mapping[str, str]) -> dict[str, Any]:
    """Enough of one finding to find it again and to know what it is about."""
    return {
        "break_id": row["break_id"],
        "code": row["code"],
        "title": titles.get(row["code"], row["code"]),
        "severity": row["severity"],
        "account": row["account"],
        "difference": format_amount(int(row["difference"]), row["currency"]),
        "currency": row["currency"],
        "age_days": None if row["age_days"] is None else int(row["age_days"]),
        **{name: row[name] for name in ("order_ref", "payment_ref", "refund_ref", "batch_ref")},
        "explanation": row["explanation"],
    }


def _sums(findings: pd.DataFrame, column: str) -> dict[str, str]:
    sizes = findings[column].astype("int64").abs().groupby(findings["currency"].astype(object)).sum()
    return {str(code): format_amount(int(size), str(code)) for code, size in sizes.items()}


def _in_transit(outcome: Outcome) -> dict[str, Any]:
    """Items and Σ of their sizes per currency; `overdue` is the part whose due day lies before as_of."""
    lines = outcome.in_transit
    rows = lines["row"].to_numpy(dtype=np.int64)
    items = pd.DataFrame(
        {
            "amount": outcome.entries["amount"].to_numpy()[rows],
            "currency": outcome.entries["currency"].iloc[rows].astype(object).to_numpy(),
            "late": (pd.to_datetime(lines["due_date"]) < pd.Timestamp(outcome.as_of)).to_numpy(dtype=bool),
        }
    )
    late = items[items["late"]]
    return {
        "count": len(items),
        "amount": _sums(items, "amount"),
        "overdue": {"count": len(late), "amount": _sums(late, "amount")},
    }


def _measured(measured: Measured) -> dict[str, Any]:
    """How often the pairs of a rule may be wrong."""
    bounds = []
    for bound in measured.bounds:
        line = asdict(bound)
        line["money"] = [
            {"currency": m.currency} | {n: format_amount(getattr(m, n), m.currency) for n in ("posted", "wrong")}
            for m in bound.money
        ]
        bounds.append(line)
    return asdict(measured) | {"bounds": bounds}


def _control(control: Control, currency: str) -> dict[str, Any]:
    amounts = {
        name: None if value is None else format_amount(value, currency)
        for name, value in asdict(control).items()
        if name in {"ledger", "statement", "difference", "explained"}
    }
    return asdict(control) | amounts
