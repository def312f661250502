"""Payouts of an account that pays out everything, whose lines cannot be told or do not add up."""

from __future__ import annotations

from recon.breaks.finding import Finding
from recon.breaks.lines_like import lines_like
from recon.breaks.phrases import say
from recon.ledger.days import date_of
from recon.ledger.outcome import PAYOUT
from recon.ledger.transfers import GAP, OPEN, Batch
from recon.ledger.view import View
from recon.money import format_amount

#: Sets of lines are counted exactly up to here.
_COUNTED = 1_000


def sweep_finding(view: View, batch: Batch, lang: str) -> Finding:
    """Return the finding of payouts without a match.

    suggested: one set of lines adds up, but nothing else supports it. ambiguous: several do; their number is said, the
    payout alone is owned and the candidates wait. settlement_gap: a stretch of lines between two proved cuts that does
    not add up to its payouts.

    Args:
        view: the ledger.
        batch: a batch whose verdict is suggested, OPEN or GAP.
        lang: zh or en.
    """
    code = {OPEN: "ambiguous", GAP: "settlement_gap"}.get(batch.verdict, "suggested")
    phrase = {OPEN: "undecidable", GAP: "settlement_gap"}.get(batch.verdict, "suggested_lines")
    currency = view.currencies[batch.currency]
    expected = batch.footed - batch.fee if batch.verdict == GAP else batch.paid_out
    gap = batch.paid_out - expected
    like = lines_like(view, batch.lines, gap)
    account = view.accounts[batch.account].split(":", 1)[1]
    return Finding(
        code=code,
        leg=PAYOUT,
        owned=batch.payouts if batch.verdict == OPEN else tuple(sorted(batch.payouts + batch.lines)),
        linked=batch.lines if batch.verdict == OPEN else (),
        expected=expected,
        actual=batch.paid_out,
        currency=currency,
        explanation=say(
            lang,
            phrase,
            ref=f"{account} {date_of(batch.day)}",
            account=account,
            day=date_of(batch.day),
            n=len(batch.lines),
            ways=f"> {_COUNTED:,}" if batch.ways > _COUNTED else str(batch.ways),
            expected=format_amount(expected, currency),
            actual=format_amount(batch.paid_out, currency),
            difference=format_amount(gap, currency),
        )
        + like.told(currency, lang),
        cause="lines_missing" if like.count else "equal_amounts" if batch.verdict == OPEN else "",
        due=batch.due,
    )
