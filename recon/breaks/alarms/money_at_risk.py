"""Money at risk: customers' money held, paid twice, goods without money (`domain.md` 7.3), against the limit."""

from __future__ import annotations

import numpy as np
import pandas as pd

from recon.breaks.alarms.scope import Scope
from recon.breaks.alarms.texts import say, title
from recon.ledger.alarm import Alarm
from recon.ledger.view import STATE
from recon.money import exponent, format_amount

KIND = "money_at_risk"
#: Held: money of customers without an order, of closed orders, or that should have gone back.
_HELD = ("unknown_payment", "status_mismatch", "missing_refund")
_TWICE = ("duplicate_payment", "duplicate_refund")
_GOODS = "missing_payment"
_SENT = (STATE["shipped"], STATE["completed"])


def money_at_risk(scope: Scope, findings: pd.DataFrame, finding_rows: pd.DataFrame) -> list[Alarm]:
    """Return one alarm per currency whose findings put more at risk than the limit; none without a limit."""
    if scope.money_at_risk is None:
        return []
    rows = finding_rows["row"].to_numpy()
    sent = np.isin(scope.view.state[rows.astype(np.int64)], _SENT)
    shipped = set(finding_rows["finding"].to_numpy()[sent].tolist())
    sums: dict[str, dict[str, int]] = {}
    names = ("finding", "code", "currency", "difference")
    for number, code, currency, difference in zip(*(findings[name].to_list() for name in names), strict=True):
        part = _part(code, shipped=number in shipped)
        if part:
            of = sums.setdefault(str(currency), {"held": 0, "twice": 0, "unpaid": 0})
            of[part] += abs(int(difference))
    return [alarm for currency, parts in sorted(sums.items()) for alarm in _alarm(scope, currency, parts)]


def _part(code: str, *, shipped: bool) -> str:
    if code in _HELD:
        return "held"
    if code in _TWICE:
        return "twice"
    return "unpaid" if code == _GOODS and shipped else ""


def _alarm(scope: Scope, currency: str, parts: dict[str, int]) -> list[Alarm]:
    limit = (scope.money_at_risk or 0) // 10 ** (4 - exponent(currency))
    total = sum(parts.values())
    if total <= limit:
        return []
    shown = {name: format_amount(value, currency) for name, value in parts.items()}
    text = say(
        scope.lang,
        KIND,
        amount=format_amount(total, currency),
        currency=currency,
        limit=format_amount(limit, currency),
        **shown,
    )
    return [Alarm(KIND, title(KIND, scope.lang), "", "", scope.as_of, currency, text, "amount", total, 0, limit)]
