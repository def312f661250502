"""Days whose count or sum lies outside the usual band of their weekday (`domain.md` 8: robust statistics only).

The band is the median of the same weekday, and as many times more or less as its scatter allows. Scatter is the median
absolute deviation from the median, in thousandths of it: of that weekday, or of all weekdays together where that is
more (twelve values alone give too small a one too often). It never is narrower than twice and half the median, nor than
chance makes it in small numbers. The factors were chosen by `tests/benchmarks/alarm_rate.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from recon.breaks.alarms.daily_sums import Daily
from recon.breaks.alarms.medians import median
from recon.breaks.alarms.scope import Scope
from recon.breaks.alarms.texts import say, title, weekday, word
from recon.breaks.alarms.unusual_days import unusual
from recon.ledger.alarm import Alarm, AlarmRate
from recon.ledger.days import as_date
from recon.money import format_amount

KIND = "day_out_of_band"
RATE = "0.1%"
#: Weeks that are looked back, and how many days of the same weekday must be among them.
WEEKS, FEWEST = 12, 8
_SCATTERS = 16
_TIMES = 2
#: In small numbers: the median and this often its root and one.
_ROOTS = 6
#: The sum is judged only where at least so many movements a day are usual; below, one large order decides it.
_FEWEST_ITEMS = 10
#: Scatter above a hundred times the median says nothing more, and keeps products inside 64 bits.
_MOST_SCATTER = 100_000


@dataclass(frozen=True)
class _Band:
    """Per stream: the median, the ends of the band, how many days it rests on."""

    middle: np.ndarray
    low: np.ndarray
    high: np.ndarray
    days: np.ndarray

    def left_by(self, values: np.ndarray) -> np.ndarray:
        """Which streams lie outside."""
        outside: np.ndarray = (values < self.low) | (values > self.high)
        return outside


def out_of_band(scope: Scope, streams: Daily) -> tuple[list[Alarm], AlarmRate]:
    """Return one alarm per stream and day of the period that lies outside, by count, else by sum."""
    if not len(streams.whole):
        return [], AlarmRate(KIND, title(KIND, scope.lang), RATE, "day", 0)
    usual = streams.whole & ~unusual(streams.first, scope.until)
    raised: list[Alarm] = []
    judged = 0
    for day in range(max(scope.since, streams.first + 7 * WEEKS), scope.until + 1):
        at = day - streams.first
        window = slice(at - 7 * WEEKS, at)
        known = usual[:, window].reshape(-1, WEEKS, 7)
        fit = usual[:, at] & (known[:, :, 0].sum(axis=1) >= FEWEST)
        if not fit.any():  # most days of a short history
            continue
        items = _band(streams.count[:, window].reshape(-1, WEEKS, 7), known, None)
        money = _band(streams.amount[:, window].reshape(-1, WEEKS, 7), known, items.middle)
        judged += int(fit.sum())
        by_items = fit & items.left_by(streams.count[:, at])
        by_money = fit & ~by_items & (items.middle >= _FEWEST_ITEMS) & money.left_by(streams.amount[:, at])
        raised += [_alarm(scope, streams, n, at, items, "items") for n in np.flatnonzero(by_items).tolist()]
        raised += [_alarm(scope, streams, n, at, money, "amount") for n in np.flatnonzero(by_money).tolist()]
    return raised, AlarmRate(KIND, title(KIND, scope.lang), RATE, "day", judged)


def _band(before: np.ndarray, known: np.ndarray, items: np.ndarray | None) -> _Band:
    """The band of one day from the weeks before it (stream x week x weekday, the day's own weekday first).

    items: median number of movements where `before` is money; None where it is the number itself.
    """
    middle = median(before, known, 1)
    deviation = np.abs(before - middle[:, None, :])
    own = np.maximum(middle[:, 0], 1)
    told = known & (middle[:, None, :] > 0)
    shares = deviation * 1000 // np.maximum(middle[:, None, :], 1)
    pooled = median(shares.reshape(len(before), -1), told.reshape(len(before), -1), 1)
    alone = median(deviation[:, :, 0], known[:, :, 0], 1) * 1000 // own
    scatter = np.where(middle[:, 0] > 0, np.minimum(np.maximum(pooled, alone), _MOST_SCATTER), 0)
    centre = middle[:, 0]
    number = centre if items is None else items
    chance = _ROOTS * (np.sqrt(number).astype(np.int64) + 1)
    if items is not None:
        chance = centre * chance // np.maximum(number, 1)
    high = np.maximum.reduce([centre + centre * _SCATTERS * scatter // 1000, centre * _TIMES, centre + chance])
    low = np.minimum.reduce([centre * 1000 // (1000 + _SCATTERS * scatter), centre // _TIMES, centre - chance])
    return _Band(centre, np.maximum(low, 0), high, known[:, :, 0].sum(axis=1))


def _alarm(scope: Scope, streams: Daily, stream: int, at: int, band: _Band, measure: str) -> Alarm:
    account, shop, currency = streams.name(scope.view, stream)
    values = streams.count if measure == "items" else streams.amount
    told = [int(v) for v in (values[stream, at], band.low[stream], band.high[stream], band.middle[stream])]
    value, low, high, middle = (format_amount(v, currency) if measure == "amount" else str(v) for v in told)
    day = streams.first + at
    text = say(
        scope.lang,
        f"band_{measure}",
        who=shop or account,
        day=as_date(day),
        weekday=weekday(day, scope.lang),
        what=word(streams.kind, scope.lang),
        value=value,
        low=low,
        high=high,
        median=middle,
        weeks=int(band.days[stream]),
        currency=currency,
    )
    return Alarm(KIND, title(KIND, scope.lang), account, shop, day, currency, text, measure, told[0], told[1], told[2])
