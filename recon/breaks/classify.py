"""What is left over becomes findings, one per cause; what waits or is left out gets its reason. Order of precedence:
files first, then the verdicts, then the rank of the codes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

import numpy as np
import pandas as pd
import pyarrow as pa

from recon.breaks.bank import Left, batch_findings
from recon.breaks.control import trade_cash
from recon.breaks.coverage import Covered
from recon.breaks.disputes import dispute_findings
from recon.breaks.expected import arrival_rules, order_rules
from recon.breaks.fees import FeeCheck
from recon.breaks.files import currencies_of, file_findings, missing_files, waiting
from recon.breaks.finding import Finding, Findings, dress
from recon.breaks.information import bank_information, order_information
from recon.breaks.loose_findings import candidates
from recon.breaks.order_findings import Told, order_findings, refused_refunds
from recon.breaks.orders import Decisions, rows_in
from recon.breaks.precedence import one_per_cause
from recon.breaks.words import BEYOND, IN_TRANSIT, LEFT_OUT, WORDS
from recon.breaks.wrong_key import WrongKey, wrong_key_findings
from recon.ledger.channel import ChannelFacts
from recon.ledger.days import NO_DAY, date_of
from recon.ledger.disputes import Dispute
from recon.ledger.outcome import GATEWAY_BANK, ORDER_GATEWAY, PAYOUT, WAITING
from recon.ledger.parts import Parts
from recon.ledger.statement import Statement
from recon.ledger.transfers import BankLeg, Batch
from recon.ledger.view import View

_TEXT = pd.ArrowDtype(pa.string())
_REASONS = np.array([word[2:] for word in WORDS], dtype=object)


@dataclass(frozen=True)
class Legs:
    """What matching found on the three legs."""

    parts: Parts
    decisions: Decisions
    batches: Sequence[Batch]
    bank: BankLeg
    disputes: Sequence[Dispute] = ()
    numberings: Sequence[WrongKey] = ()


@dataclass(frozen=True)
class Terms:
    """What a run asks of the classification.

    as_of: day number. zone: the workspace's. materiality: |difference| above it is high, minor units, None for no
    limit. late_interest: share a day on money that came late, None for none. companies: account -> the company that
    it belongs to, where one is told. lang: zh or en.
    """

    as_of: int
    zone: str
    lang: str
    materiality: int | None = None
    late_interest: Fraction | None = None
    companies: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Classified:
    """findings with their rows; in_transit and excluded (`outcome.WAITING`)."""

    findings: Findings
    in_transit: pd.DataFrame
    excluded: pd.DataFrame


def held_entries(view: View, parts: Parts, decisions: Decisions, fees: FeeCheck) -> np.ndarray:
    """Entries of the order leg that no match may hold: left out by their decision, or owned by a fee finding."""
    held = _owned(view, fees.findings)
    held[rows_in(view, decisions, parts, LEFT_OUT)[0]] = True
    return held


def classify(
    view: View,
    statements: Sequence[Statement],
    channels: Mapping[str, ChannelFacts],
    legs: Legs,
    covered: Covered,
    fees: FeeCheck,
    matched: np.ndarray,
    bank_left: Left,
    *,
    outside: Sequence[tuple[str, np.ndarray, str]],
    terms: Terms,
) -> Classified:
    """Return findings, in transit and excluded of all legs.

    Args:
        view: the ledger.
        statements: the files.
        channels: facts per channel.
        legs: what matching found.
        covered: coverage and holes.
        fees: the fee check.
        matched: per entry, member of a match of the order leg.
        bank_left: the leg gateway-bank, classified.
        outside: (leg, rows, reason) of entries that no leg looks at.
        terms: day, limits and language of the run.
    """
    lang = terms.lang
    charged = _charged(fees.findings, legs.parts)
    held = _owned(view, charged)
    told = _told(statements, channels, covered, terms)
    orders = order_findings(view, channels, legs.parts, legs.decisions, told, held, lang)
    batch_left = batch_findings(view, legs.batches, covered.cover.gateways, terms.as_of, lang)
    in_transit = _in_transit(view, channels, legs, (batch_left, bank_left), held, lang)
    excluded = _excluded(view, legs, bank_left, outside, held)
    cash = trade_cash(view, covered.books, covered.cover.unproven, _usable(view, excluded), lang)
    waits = waiting(view, channels, legs.parts, legs.bank, in_transit)
    by_file = file_findings(statements, channels, _places(view, statements), waits, lang)
    raw = [
        *(f for f in by_file if f.code != "settlement_gap"),
        *missing_files(covered, currencies_of(view), waits, lang),
        *wrong_key_findings(view, channels, legs.parts, legs.numberings, statements, lang),
        *one_per_cause(view, [*orders, *charged], [*(f for f in by_file if f.code == "settlement_gap"), *cash]),
        *dispute_findings(view, legs.disputes, lang),
        *batch_left.findings,
        *bank_left.findings,
        *order_information(view, legs.parts, matched, terms.zone, terms.late_interest, lang),
        *bank_information(view, legs.bank, terms.late_interest, lang),
    ]
    return Classified(dress(view, raw, terms.as_of, terms.materiality), in_transit, excluded)


def _owned(view: View, findings: Sequence[Finding]) -> np.ndarray:
    """Per entry, whether one of the findings owns it."""
    owned = np.zeros(len(view), dtype=bool)
    owned[[row for finding in findings for row in finding.owned]] = True
    return owned


def _told(
    statements: Sequence[Statement], channels: Mapping[str, ChannelFacts], covered: Covered, terms: Terms
) -> Told:
    """What the files and the run tell of orders beside their rows."""
    return Told(
        first_order_day=_first_order_days(channels, covered),
        gateways={account.split(":", 1)[0] for account in covered.cover.gateways},
        companies=terms.companies,
        refused=refused_refunds(statements),
    )


def _in_transit(
    view: View,
    channels: Mapping[str, ChannelFacts],
    legs: Legs,
    left: tuple[Left, Left],
    held: np.ndarray,
    lang: str,
) -> pd.DataFrame:
    """What waits on all legs; `left` of the legs payout and gateway-bank, `held` by findings of fees."""
    batch_left, bank_left = left
    orders = _order_waiting(view, channels, legs, lang)
    orders = orders[~held[orders["row"].to_numpy()]]
    bank = _bank_waiting(view, channels, bank_left, lang)
    return _join([orders, _returned(legs.disputes), bank, _waiting(PAYOUT, batch_left.in_transit)])


def _excluded(
    view: View,
    legs: Legs,
    bank_left: Left,
    outside: Sequence[tuple[str, np.ndarray, str]],
    held: np.ndarray,
) -> pd.DataFrame:
    """What is left out on all legs, and what no leg looks at; without what findings of fees hold."""
    orders = _order_left_out(view, legs)
    orders = orders[~held[orders["row"].to_numpy()]]
    apart = [_frame(leg, rows, reason) for leg, rows, reason in outside if len(rows)]
    return _join([orders, _waiting(GATEWAY_BANK, bank_left.excluded), *apart])


def _usable(view: View, excluded: pd.DataFrame) -> np.ndarray:
    """Per entry, whether its file is proven and it came up to as_of."""
    usable: np.ndarray = view.proven.copy()
    usable[excluded["row"][excluded["reason"] == "after as_of"].to_numpy()] = False
    return usable


def _first_order_days(channels: Mapping[str, ChannelFacts], covered: Covered) -> dict[str, int]:
    """Family of the money side -> first day that its order lists cover."""
    first: dict[str, int] = {}
    for facts in channels.values():
        if facts.side != "order":
            continue
        starts = [c.first for a, c in covered.cover.orders.items() if a.split(":", 1)[0] == facts.family]
        for family in facts.settles_via:
            first[family] = min([*starts, first.get(family, NO_DAY)], key=lambda d: (d == NO_DAY, d))
    return {family: day for family, day in first.items() if day != NO_DAY}


def _charged(raw: Sequence[Finding], parts: Parts) -> list[Finding]:
    """Fee findings own the fee rows that the order leg looks at; the others are shown."""
    found = []
    for finding in raw:
        mine = tuple(r for r in finding.owned if parts.group[r] >= 0)
        shown = sorted(set(finding.linked) | (set(finding.owned) - set(mine)))
        found.append(replace(finding, owned=mine, linked=tuple(shown)))
    return found


def _returned(disputes: Sequence[Dispute]) -> pd.DataFrame:
    """What came back of a dispute that lies before the files."""
    rows = [row for one in disputes if one.amount > 0 for row in (*one.rows, *one.fees)]
    return _waiting(ORDER_GATEWAY, [(row, BEYOND, NO_DAY, "") for row in sorted(rows)])


def _order_waiting(view: View, channels: Mapping[str, ChannelFacts], legs: Legs, lang: str) -> pd.DataFrame:
    """What waits in the order leg; its rule: when it will be cleared, what may be its partner, or its window."""
    rows, decided, due = rows_in(view, legs.decisions, legs.parts, IN_TRANSIT)
    rule = order_rules(view, channels, legs.parts, rows, lang)
    names = candidates(view, legs.parts)
    named = np.flatnonzero(np.isin(legs.parts.group[rows], list(names)))
    rule[named] = [names[key] for key in legs.parts.group[rows[named]].tolist()]
    later = legs.parts.times.later_day[legs.parts.group[rows]]
    for day in np.unique(later[later != NO_DAY]).tolist():
        rule[later == day] = f"cleared on {date_of(day)}"
    return _build(ORDER_GATEWAY, rows, _REASONS[decided], due, rule)


def _order_left_out(view: View, legs: Legs) -> pd.DataFrame:
    rows, decided, due = rows_in(view, legs.decisions, legs.parts, LEFT_OUT)
    return _build(ORDER_GATEWAY, rows, _REASONS[decided], due, np.full(len(rows), "", dtype=object))


def _bank_waiting(view: View, channels: Mapping[str, ChannelFacts], left: Left, lang: str) -> pd.DataFrame:
    table = _waiting(GATEWAY_BANK, left.in_transit)
    windows = arrival_rules(view, channels, table["row"].to_numpy(), lang)
    return table.assign(rule=table["rule"].fillna(pd.Series([w or None for w in windows], dtype=_TEXT)))


def _waiting(leg: str, rows: Sequence[tuple[int, str, int, str]]) -> pd.DataFrame:
    return _build(
        leg,
        np.array([r[0] for r in rows], dtype=np.int64),
        np.array([r[1] for r in rows], dtype=object),
        np.array([r[2] for r in rows], dtype=np.int64),
        np.array([r[3] for r in rows], dtype=object),
    )


def _frame(leg: str, rows: np.ndarray, reason: str) -> pd.DataFrame:
    size = len(rows)
    texts = np.full(size, reason, dtype=object)
    return _build(leg, rows, texts, np.full(size, NO_DAY, dtype=np.int64), np.full(size, "", dtype=object))


def _build(leg: str, rows: np.ndarray, reason: np.ndarray, due: np.ndarray, rule: np.ndarray) -> pd.DataFrame:
    days = pa.array(np.where(due == NO_DAY, 0, due).astype(np.int32), mask=due == NO_DAY).cast(pa.date32())
    columns = {
        "leg": pd.Series([leg] * len(rows), dtype=_TEXT),
        "row": rows.astype(np.int64),
        "reason": pd.Series(pa.array(reason, type=pa.string()), dtype=_TEXT),
        "due_date": pd.Series(days, dtype=pd.ArrowDtype(pa.date32())),
        "rule": pd.Series(pa.array([r or None for r in rule], type=pa.string()), dtype=_TEXT),
    }
    return pd.DataFrame(columns, columns=list(WAITING))


def _join(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(frames, ignore_index=True)


def _places(view: View, statements: Sequence[Statement]) -> dict[str, int]:
    """Positions of the entries that the files' own problems cite."""
    cited = sorted({i for s in statements for p in s.problems for i in p.linked})
    if not cited:
        return {}
    ids = pa.array(view.entries["entry_id"])
    flat = ids.combine_chunks() if isinstance(ids, pa.ChunkedArray) else ids
    found = pa.compute.index_in(pa.array(cited, type=pa.string()), value_set=flat).to_pylist()
    return {entry: place for entry, place in zip(cited, found, strict=True) if place is not None}
