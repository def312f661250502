"""The legs payout and gateway-bank after matching: what waits, what is left out, what is a break."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from recon.breaks.bank_causes import BankCauses, of_batch
from recon.breaks.finding import Finding
from recon.breaks.lines_like import Like
from recon.breaks.phrases import say
from recon.breaks.residual_texts import Residuals
from recon.breaks.sweep import sweep_finding
from recon.breaks.words import BEYOND, INSIDE, NOT_DUE, UNPROVEN
from recon.ledger.days import NO_DAY, date_of
from recon.ledger.outcome import GATEWAY_BANK, PAYOUT
from recon.ledger.transfers import (
    AMBIGUOUS,
    ASTRAY,
    CANDIDATE,
    CONVERTED,
    GAP,
    MISMATCH,
    OPEN,
    SUGGESTED,
    BankLeg,
    Batch,
    Tie,
    Transfer,
)
from recon.ledger.view import View
from recon.money import format_amount
from recon.timing import Coverage

#: Why a transfer still waits: "" when it is due and its window is covered.
Waits = Callable[[Transfer], str]
#: Why a bank row that names families still waits for their payouts.
RowWaits = Callable[[int, frozenset[int]], str]
#: Whether a transfer is the foot of lines of an unproven file.
Unproven = Callable[[Transfer], bool]


#: How a suggestion is worded, by its basis.
_SUGGESTED = {"near_key": "suggested_number", "structure": "suggested_sum"}


@dataclass(frozen=True)
class Left:
    """Findings, and rows that wait or are left out: (row, reason, due day, rule)."""

    findings: list[Finding]
    in_transit: list[tuple[int, str, int, str]]
    excluded: list[tuple[int, str, int, str]]


def bank_findings(view: View, leg: BankLeg, waits: Waits, row_waits: RowWaits, unproven: Unproven, lang: str) -> Left:
    """Classify the leg gateway-bank.

    Args:
        view: the ledger.
        leg: what matching found.
        waits: why an open transfer waits.
        row_waits: why an open bank row waits.
        unproven: whether a transfer is the foot of lines of an unproven file; that another amount came says nothing.
        lang: zh or en.
    """
    left = Left([], [], [])
    causes = BankCauses(view, leg)
    for tie in leg.ties:
        if tie.how == CANDIDATE:
            _candidates(view, leg, tie, left, waits)
        elif tie.how == MISMATCH and any(unproven(leg.transfers[n]) for n in tie.transfers):
            _of_unproven_files(leg, tie, left)
        elif tie.how == ASTRAY:
            left.findings.append(_astray(view, leg, tie, lang))
        elif tie.how == CONVERTED:
            left.findings.append(_converted(view, leg, tie, causes, lang))
        elif tie.how in (MISMATCH, AMBIGUOUS, SUGGESTED):
            left.findings.append(_tie_finding(view, leg, tie, causes, lang))
    for n in leg.open_transfers:
        _open_transfer(view, leg, n, waits, causes, left, lang)
    for row in leg.open_rows:
        _open_row(view, leg, row, row_waits, causes, left, lang)
    for row, reason in sorted((leg.known | leg.before).items()):
        left.excluded.append((row, reason, NO_DAY, ""))
    left.in_transit.extend((row, NOT_DUE, NO_DAY, "carried on") for row in leg.carried)
    return left


def _candidates(view: View, leg: BankLeg, tie: Tie, left: Left, waits: Waits) -> None:
    """Transfers and credits that may belong together wait; each names what may be its partner."""
    sent = [leg.transfers[n] for n in tie.transfers]
    received = [(int(view.day[r]), int(view.amount[r]), int(view.currency[r])) for r in tie.credits]
    credited = _listed(view, received)
    paid_out = _listed(view, [(t.day, t.amount, t.currency) for t in sent])
    due = max(t.due for t in sent)
    reason = next((r for t in sent if (r := waits(t))), INSIDE)
    for transfer in sent:
        left.in_transit.extend((row, reason, transfer.due, credited) for row in transfer.rows)
    left.in_transit.extend((row, reason, due, paid_out) for row in tie.credits)


def _of_unproven_files(leg: BankLeg, tie: Tie, left: Left) -> None:
    """What the file lacks, the foot of its lines lacks: both sides wait for the whole file."""
    sent = [leg.transfers[n] for n in tie.transfers]
    due = max(t.due for t in sent)
    left.in_transit.extend((row, UNPROVEN, t.due, "") for t in sent for row in t.rows)
    left.in_transit.extend((row, UNPROVEN, due, "") for row in tie.credits)


def _listed(view: View, some: Sequence[tuple[int, int, int]]) -> str:
    """Days and amounts in words, the earliest first."""
    return "; ".join(f"{date_of(day)} {format_amount(amount, view.currencies[c])}" for day, amount, c in sorted(some))


def _tie_finding(view: View, leg: BankLeg, tie: Tie, causes: BankCauses, lang: str) -> Finding:
    sent = [leg.transfers[n] for n in tie.transfers]
    currency = view.currencies[sent[0].currency]
    expected, actual = sum(t.amount for t in sent), int(view.amount[list(tie.credits)].sum())
    code = {MISMATCH: "payout_mismatch", AMBIGUOUS: "ambiguous", SUGGESTED: "suggested"}[tie.how]
    phrase = _SUGGESTED.get(tie.basis, "suggested_set" if len(sent) > 1 else code) if code == "suggested" else code
    by_number = tie.basis == "near_key"
    cause, like = causes.of_mismatch(tie) if tie.how == MISMATCH else ("" if by_number else "equal_amounts", Like(0))
    return Finding(
        code=code,
        leg=GATEWAY_BANK,
        owned=tuple(sorted({r for t in sent for r in t.rows} | set(tie.credits))),
        linked=(),
        expected=expected,
        actual=actual,
        currency=currency,
        explanation=say(
            lang,
            phrase,
            account=_number(view, sent[0].account),
            day=date_of(sent[0].day),
            expected=format_amount(expected, currency),
            actual=format_amount(actual, currency),
            difference=format_amount(actual - expected, currency),
            sent=len(sent),
            received=len(tie.credits),
            amount=format_amount(sent[0].amount, currency),
        )
        + like.told(currency, lang),
        cause=cause,
        due=max(t.due for t in sent),
    )


def _converted(view: View, leg: BankLeg, tie: Tie, causes: BankCauses, lang: str) -> Finding:
    """What the bank gave for a payout in another currency, against the stated rate."""
    sent = [leg.transfers[n] for n in tie.transfers]
    credited = list(tie.credits)
    paid, currency = view.currencies[sent[0].currency], view.currencies[view.currency[credited[0]]]
    expected, actual = tie.value or 0, int(view.amount[credited].sum())
    return Finding(
        code="fx_difference",
        leg=GATEWAY_BANK,
        owned=tuple(sorted({r for t in sent for r in t.rows} | set(credited))),
        linked=(),
        expected=expected,
        actual=actual,
        currency=currency,
        explanation=say(
            lang,
            "fx_payout",
            account=_number(view, sent[0].account),
            day=date_of(sent[0].day),
            sent=f"{format_amount(sum(t.amount for t in sent), paid)} {paid}",
            expected=format_amount(expected, currency),
            actual=format_amount(actual, currency),
            difference=format_amount(actual - expected, currency),
        ),
        cause=causes.of_converted(tie),
        due=max(t.due for t in sent),
    )


def _astray(view: View, leg: BankLeg, tie: Tie, lang: str) -> Finding:
    """A payout that came, but into another bank account than the wallet's."""
    sent = [leg.transfers[n] for n in tie.transfers]
    currency = view.currencies[sent[0].currency]
    amount = sum(t.amount for t in sent)
    return Finding(
        code="wrong_account",
        leg=GATEWAY_BANK,
        owned=tuple(sorted({r for t in sent for r in t.rows} | set(tie.credits))),
        linked=(),
        expected=amount,
        actual=0,
        currency=currency,
        explanation=say(
            lang,
            "astray_payout",
            account=_number(view, sent[0].account),
            day=date_of(sent[0].day),
            expected=format_amount(amount, currency),
            bank=_number(view, int(view.account[tie.credits[0]])),
        ),
        symptoms=("missing_payout", "unknown_receipt"),
        due=max(t.due for t in sent),
    )


def _open_transfer(view: View, leg: BankLeg, n: int, waits: Waits, causes: BankCauses, left: Left, lang: str) -> None:
    transfer = leg.transfers[n]
    reason = waits(transfer)
    if transfer.amount <= 0:
        reason = reason or BEYOND  # a return whose withdrawal lies before the files
    if reason:
        rule = f"cleared on {date_of(leg.cleared[n])}" if n in leg.cleared else ""
        left.in_transit.extend((row, reason, transfer.due, rule) for row in transfer.rows)
        return
    currency = view.currencies[transfer.currency]
    left.findings.append(
        Finding(
            code="missing_payout",
            leg=GATEWAY_BANK,
            owned=transfer.rows,
            linked=(),
            expected=transfer.amount,
            actual=0,
            currency=currency,
            explanation=say(
                lang,
                "missing_payout",
                account=_number(view, transfer.account),
                day=date_of(transfer.day),
                expected=format_amount(transfer.amount, currency),
                due=date_of(transfer.due),
            ),
            cause=causes.of_missing(n),
            due=transfer.due,
        )
    )


def _open_row(
    view: View, leg: BankLeg, row: int, row_waits: RowWaits, causes: BankCauses, left: Left, lang: str
) -> None:
    named = leg.named.get(row, frozenset())
    reason = row_waits(row, named) if named and row not in leg.doubled else ""
    amount = int(view.amount[row])
    if reason:
        left.in_transit.append((row, reason, int(view.day[row]), ""))
        return
    code = "unknown_receipt" if amount >= 0 else "unknown_debit"
    currency = view.currencies[view.currency[row]]
    severity = {"unknown_receipt": "medium", "unknown_debit": "high"}[code] if named else "low"
    text = causes.text(row) or "-"
    left.findings.append(
        Finding(
            code=code,
            leg=GATEWAY_BANK,
            owned=(row,),
            linked=(),
            expected=0,
            actual=amount,
            currency=currency,
            explanation=say(
                lang, code, actual=format_amount(amount, currency), day=date_of(int(view.day[row])), text=text
            ),
            cause=causes.of_row(row),
            severity=severity,
            due=int(view.day[row]),
        )
    )


def batch_findings(view: View, batches: Sequence[Batch], cover: Mapping[str, Coverage], as_of: int, lang: str) -> Left:
    """Classify the leg payout: what of the batches and sweeps is no match.

    Args:
        view: the ledger.
        batches: lines and payout rows by printed key.
        cover: coverage per gateway account.
        as_of: day number.
        lang: zh or en.
    """
    left = Left([], [], [])
    spans = _spans(view, batches)
    residuals = Residuals(view, batches)
    for batch in batches:
        if batch.agreed:
            continue
        if batch.verdict in (SUGGESTED, OPEN, GAP):
            left.findings.append(sweep_finding(view, batch, lang))
            continue
        if not batch.key:
            left.in_transit.extend((row, BEYOND, batch.due, "") for row in batch.payouts)
            left.in_transit.extend((row, NOT_DUE, NO_DAY, "") for row in batch.lines)
            continue
        reason = _batch_waits(batch, cover.get(view.accounts[batch.account]), spans[batch.account], as_of)
        if reason:
            left.in_transit.extend((row, reason, batch.due, "") for row in batch.lines + batch.payouts)
            continue
        left.findings.append(_settlement_gap(view, batch, batches, residuals, lang))
    return left


def _settlement_gap(view: View, batch: Batch, batches: Sequence[Batch], residuals: Residuals, lang: str) -> Finding:
    """A batch whose lines do not foot to its payout."""
    currency = view.currencies[batch.currency]
    cause, like = of_batch(view, batch, batches)
    return Finding(
        code="settlement_gap",
        leg=PAYOUT,
        owned=tuple(sorted(batch.payouts + batch.lines)),
        linked=(),
        expected=batch.footed,
        actual=batch.paid_out,
        currency=currency,
        explanation=say(
            lang,
            "settlement_gap",
            ref=batch.key,
            expected=format_amount(batch.footed, currency),
            actual=format_amount(batch.paid_out, currency),
            difference=format_amount(batch.paid_out - batch.footed, currency),
        )
        + like.told(currency, lang)
        + residuals.text(batch, lang),
        cause=cause or residuals.cause(batch),
        due=batch.due,
    )


def _spans(view: View, batches: Sequence[Batch]) -> dict[int, int]:
    """Per account the longest time, in days, from the first line of a batch that foots to its payout."""
    spans = {batch.account: 0 for batch in batches}
    for batch in batches:
        if batch.payouts and batch.lines and batch.paid_out == batch.footed:
            days = batch.day - int(view.day[list(batch.lines)].min())
            spans[batch.account] = max(spans[batch.account], days)
    return spans


def _batch_waits(batch: Batch, cover: Coverage | None, span: int, as_of: int) -> str:
    """A payout row that comes later, or lines that may lie before the files."""
    if not batch.payouts and batch.due > as_of:
        return INSIDE
    if cover is None:
        return BEYOND
    first, last = (batch.day - span, batch.day) if batch.payouts else (batch.day, batch.due)
    return "" if cover.covers(np.array([first]), np.array([last]))[0] else BEYOND


def _number(view: View, account: int) -> str:
    return view.accounts[account].split(":", 1)[1]
