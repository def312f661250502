"""Disputes that are open or lost: `chargeback`, with the reason that the gateway prints."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from recon.breaks.finding import Finding
from recon.breaks.phrases import say
from recon.ledger.days import date_of
from recon.ledger.disputes import Dispute
from recon.ledger.outcome import ORDER_GATEWAY
from recon.ledger.view import View
from recon.money import format_amount

_REASONS = (
    ("dispute_fraud", re.compile(r"欺诈|盗刷|盗用|未经授权|非本人|(?i:fraud|unauthori[sz]ed|not authori[sz]ed)")),
    ("not_received", re.compile(r"未收到|没收到|(?i:not[ _]received|non[- ]?receipt|undelivered)")),
)


def dispute_findings(view: View, disputes: Sequence[Dispute], lang: str) -> list[Finding]:
    """Return one finding per case that took money; it owns the dispute and its own fee, and shows the payment.

    Args:
        view: the ledger.
        disputes: the cases. One that was won, or only came back, is no finding.
        lang: zh or en.
    """
    return [_finding(view, one, lang) for one in disputes if one.amount < 0]


def _finding(view: View, one: Dispute, lang: str) -> Finding:
    owned = (*one.rows, *one.fees)
    currency = view.currencies[view.currency[one.rows[0]]]
    fee = int(view.amount[list(one.fees)].sum())
    actual = one.amount + fee
    shown = np.array((*one.payments, *one.rows), dtype=np.int64)
    numbers = [n for name in ("order_ref", "payment_ref", "refund_ref") for n in view.texts(name, shown) if n]
    return Finding(
        code="chargeback",
        leg=ORDER_GATEWAY,
        owned=tuple(sorted(owned)),
        linked=tuple(sorted(one.payments)),
        expected=0,
        actual=actual,
        currency=currency,
        explanation=say(
            lang,
            "chargeback",
            ref=next(iter(numbers), "-"),
            day=date_of(int(view.day[list(one.rows)].min())),
            taken=format_amount(one.amount, currency),
            fee=format_amount(fee, currency),
            actual=format_amount(actual, currency),
        ),
        cause=_reason(view, owned),
    )


def _reason(view: View, rows: Sequence[int]) -> str:
    mine = np.array(rows, dtype=np.int64)
    words = " ".join(text for name in ("detail", "memo", "status") for text in view.texts(name, mine))
    return next((tag for tag, pattern in _REASONS if pattern.search(words)), "")
