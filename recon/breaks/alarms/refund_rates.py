"""Refund rates that doubled: the last seven days of an account or shop against the weeks before (`domain.md` 8)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from recon.breaks.alarms.daily_sums import Daily
from recon.breaks.alarms.medians import median
from recon.breaks.alarms.scope import Scope
from recon.breaks.alarms.texts import say, title
from recon.breaks.alarms.unusual_days import after_promotions
from recon.ledger.alarm import Alarm, AlarmRate

KIND = "refund_rate_doubled"
RATE = "0.1%"
#: Weeks that are looked back, and how many of them must be usable.
WEEKS, FEWEST = 12, 6
_DAYS = 7 * (WEEKS + 1)
#: A week with fewer payments tells no rate, and fewer refunds are no alarm.
_FEWEST_PAYMENTS, _FEWEST_REFUNDS = 20, 10
#: Beyond double, this often the median absolute deviation of the weekly rates and the root of what was to be expected.
_SCATTERS, _ROOTS = 6, 4


def doubled(scope: Scope, streams: Daily) -> tuple[list[Alarm], AlarmRate]:
    """Return the streams whose rate of refunds to payments (both counted in the week) is more than twice the usual one.

    A week with a promotion, or within the fortnight in which its refunds follow, is neither judged nor compared with.
    """
    rate = AlarmRate(KIND, title(KIND, scope.lang), RATE, "run", 0)
    if not len(streams.whole):
        return [], rate
    calm = streams.whole & ~after_promotions(streams.first, scope.until)
    last = streams.whole.shape[1] - 1 - np.argmax(streams.whole[:, ::-1], axis=1)
    reported = streams.whole.any(axis=1) & (last >= max(scope.since - streams.first, _DAYS - 1))
    sold, back, whole = (_weeks(days, last) for days in (streams.count, streams.refunds, calm))
    payments, refunds = sold.sum(axis=2), back.sum(axis=2)
    fit = whole.all(axis=2) & (payments >= _FEWEST_PAYMENTS)
    rates = refunds * 10_000 // np.maximum(payments, 1)
    before, known = rates[:, :-1], fit[:, :-1]
    usual = median(before, known, 1)
    scatter = median(np.abs(before - usual[:, None]), known, 1)
    judged = reported & fit[:, -1] & (known.sum(axis=1) >= FEWEST)
    highest = np.maximum(2 * usual, usual + _SCATTERS * scatter)
    expected = highest * payments[:, -1] // 10_000 + 1
    above = refunds[:, -1] > expected + _ROOTS * (np.sqrt(expected).astype(np.int64) + 1)
    raised = judged & above & (refunds[:, -1] >= _FEWEST_REFUNDS)
    alarms = [
        _alarm(scope, streams, n, last[n], (refunds[n, -1], payments[n, -1]), (usual[n], highest[n], known[n].sum()))
        for n in np.flatnonzero(raised).tolist()
    ]
    return alarms, replace(rate, judged=int(judged.sum()))


def _weeks(days: np.ndarray, last: np.ndarray) -> np.ndarray:
    """Stream x week x day; the last week of a stream ends with its last whole day."""
    columns = np.maximum(last[:, None] - np.arange(_DAYS)[::-1], 0)
    return np.take_along_axis(days, columns, axis=1).reshape(len(days), WEEKS + 1, 7)


def _alarm(
    scope: Scope, streams: Daily, stream: int, last: int, week: tuple[int, int], usual: tuple[int, int, int]
) -> Alarm:
    account, shop, currency = streams.name(scope.view, stream)
    refunds, payments = (int(n) for n in week)
    rate = refunds * 10_000 // payments
    text = say(
        scope.lang,
        "refund_rate",
        who=shop or account,
        refunds=refunds,
        payments=payments,
        rate=_percent(rate),
        median=_percent(int(usual[0])),
        weeks=int(usual[2]),
    )
    day, high = streams.first + int(last), int(usual[1])
    return Alarm(KIND, title(KIND, scope.lang), account, shop, day, currency, text, "per_ten_thousand", rate, 0, high)


def _percent(per_ten_thousand: int) -> str:
    return f"{per_ten_thousand // 100}.{per_ten_thousand % 100:02d}%"
