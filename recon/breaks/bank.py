"""The legs payout and gateway-bank after matching: what waits, what is left out, what is a break."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from recon.breaks.finding import Finding
from recon.breaks.phrases import say
from recon.breaks.words import BEYOND, INSIDE, NOT_DUE
from recon.ledger.outcome import GATEWAY_BANK, PAYOUT
from recon.ledger.transfers import (
    AMBIGUOUS,
    CANDIDATE,
    LATE,
    MATCHED,
    MISMATCH,
    SUGGESTED,
    BankLeg,
    Batch,
    Tie,
    Transfer,
)
from recon.ledger.view import NO_DAY, View, date_of
from recon.money import format_amount

#: Why a transfer still waits: "" when it is due and its window is covered.
Waits = Callable[[Transfer], str]
#: Why a bank row that names families still waits for their payouts.
RowWaits = Callable[[int, frozenset[int]], str]


@dataclass(frozen=True)
class Left:
    """Findings, and rows that wait or are left out: (row, reason, due day, rule)."""

    findings: list[Finding]
    in_transit: list[tuple[int, str, int, str]]
    excluded: list[tuple[int, str, int, str]]


def bank_findings(view: View, leg: BankLeg, waits: Waits, row_waits: RowWaits, lang: str) -> Left:
    """Classify the leg gateway-bank.

    Args:
        view: the ledger.
        leg: what matching found.
        waits: why an open transfer waits.
        row_waits: why an open bank row waits.
        lang: zh or en.
    """
    left = Left([], [], [])
    for tie in leg.ties:
        if tie.how == CANDIDATE:
            _candidates(view, leg, tie, left, waits)
        elif tie.how in (MISMATCH, AMBIGUOUS, SUGGESTED):
            left.findings.append(_tie_finding(view, leg, tie, lang))
    for n in leg.open_transfers:
        _open_transfer(view, leg, n, waits, left, lang)
    for row in leg.open_rows:
        _open_row(view, leg, row, row_waits, left, lang)
    for row, reason in sorted((leg.known | leg.before).items()):
        left.excluded.append((row, reason, NO_DAY, ""))
    left.in_transit.extend((row, NOT_DUE, NO_DAY, "carried on") for row in leg.carried)
    return left


def _candidates(view: View, leg: BankLeg, tie: Tie, left: Left, waits: Waits) -> None:
    named = "; ".join(
        f"{date_of(int(view.day[r]))} {format_amount(int(view.amount[r]), view.currencies[view.currency[r]])}"
        for r in tie.credits
    )
    due = max(leg.transfers[n].due for n in tie.transfers)
    reason = next((r for n in tie.transfers if (r := waits(leg.transfers[n]))), INSIDE)
    for n in tie.transfers:
        left.in_transit.extend((row, reason, leg.transfers[n].due, named) for row in leg.transfers[n].rows)
    left.in_transit.extend((row, reason, due, "candidate") for row in tie.credits)


def _tie_finding(view: View, leg: BankLeg, tie: Tie, lang: str) -> Finding:
    sent = [leg.transfers[n] for n in tie.transfers]
    currency = view.currencies[sent[0].currency]
    expected, actual = sum(t.amount for t in sent), int(view.amount[list(tie.credits)].sum())
    code = {MISMATCH: "payout_mismatch", AMBIGUOUS: "ambiguous", SUGGESTED: "suggested"}[tie.how]
    phrase = "suggested_set" if tie.how == SUGGESTED and len(sent) > 1 else code
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
        ),
        cause="equal_amounts" if tie.how != MISMATCH else "",
        due=max(t.due for t in sent),
        reach=abs(actual) if tie.how != MISMATCH else None,
    )


def _open_transfer(view: View, leg: BankLeg, n: int, waits: Waits, left: Left, lang: str) -> None:
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
            due=transfer.due,
        )
    )


def _open_row(view: View, leg: BankLeg, row: int, row_waits: RowWaits, left: Left, lang: str) -> None:
    named = leg.named.get(row, frozenset())
    reason = row_waits(row, named) if named else ""
    amount = int(view.amount[row])
    if reason:
        left.in_transit.append((row, reason, int(view.day[row]), ""))
        return
    code = "unknown_receipt" if amount >= 0 else "unknown_debit"
    currency = view.currencies[view.currency[row]]
    severity = {"unknown_receipt": "medium", "unknown_debit": "high"}[code] if named else "low"
    where = np.array([row])
    text = " ".join(t for t in (view.texts("counterparty", where)[0], view.texts("memo", where)[0]) if t) or "-"
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
            cause=_bank_cause(view, leg, row, text),
            severity=severity,
            due=int(view.day[row]),
        )
    )


def _bank_cause(view: View, leg: BankLeg, row: int, text: str) -> str:
    for tie in leg.ties:
        for other in tie.credits if tie.how in (MATCHED, LATE) else ():
            same = (view.amount[other], view.day[other]) == (view.amount[row], view.day[row])
            if same and view.texts("memo", np.array([other, row]))[0] == view.texts("memo", np.array([row]))[0]:
                return "duplicate"
    if any(word in text for word in ("贷款", "借款", "还款", "LOAN")):
        return "loan"
    if view.amount[row] > 0 and "转账" in text and not leg.named.get(row):
        return "direct_transfer"
    return ""


def batch_findings(view: View, batches: Sequence[Batch], as_of: int, lang: str) -> Left:
    """Classify the leg payout: batches whose lines do not foot to their payout row."""
    left = Left([], [], [])
    for batch in batches:
        if batch.payouts and batch.paid_out == batch.footed:
            continue
        if not batch.payouts and batch.due > as_of:
            left.in_transit.extend((row, INSIDE, batch.due, "") for row in batch.lines)
            continue
        currency = view.currencies[batch.currency]
        left.findings.append(
            Finding(
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
                ),
                cause=_gap_cause(view, batch),
                due=batch.due,
            )
        )
    return left


def _gap_cause(view: View, batch: Batch) -> str:
    """`lines_missing` when the gap equals a line of the batch; how many could be it is counted, none is chosen."""
    gap = batch.paid_out - batch.footed
    return "lines_missing" if any(abs(int(view.amount[r])) == abs(gap) for r in batch.lines) else ""


def _number(view: View, account: int) -> str:
    return view.accounts[account].split(":", 1)[1]
