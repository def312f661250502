"""One shop's trade on which nothing is wrong: payments, refunds and payouts over half a year, in many shapes.

Made for the alarms, before them: whatever an alarm says about these worlds is false. Money is whole fen; floats are
only times, chances and the shape of the prices. What is hard about them: days scatter more than chance alone, busy days
follow busy days, shops grow, shrink, close at the weekend, live from one live stream a day, sell five things a week, or
take one large order among small ones; promotions bring eight times the orders and a fortnight later their refunds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import holidays
import numpy as np

DAYS = 182
DAY = 86_400
#: Months and days on which the platforms sell, and the day before, when buyers hold back or the sale begins.
SALES = ((3, 8), (6, 18), (8, 8), (9, 9), (11, 11), (12, 12))
FIRST_START, LAST_START = date(2024, 7, 1), date(2026, 6, 30)


@dataclass(frozen=True)
class Shape:
    """How a shop sells. All factors multiply the orders of a day.

    orders: a day, on average. weekend: factor of Saturday and Sunday. scatter: sigma of the day's own factor; memory:
    how much of yesterday's factor stays. growth: in the 182 days, 1 for none. month_end: factor of the last two days of
    a month. prices: number of prices, 0 for amounts that are as good as unique. median, sigma: of the amounts, in yuan.
    sale: factor of a promotion day. holiday: factor of a public holiday. stream: share of the orders that fall into one
    hour of the evening, at one price of that day. refunded: share of the orders; refund_days: their mean delay.
    again: share of the orders that the buyer places once more within minutes.
    """

    name: str
    orders: float
    weekend: float = 1.2
    scatter: float = 0.1
    memory: float = 0.0
    growth: float = 1.0
    month_end: float = 1.0
    prices: int = 0
    median: float = 99.0
    sigma: float = 0.6
    sale: float = 1.0
    holiday: float = 1.0
    stream: float = 0.0
    refunded: float = 0.05
    refund_days: float = 4.0
    again: float = 0.0


SHAPES = (
    Shape("poisson", 300, scatter=0.0),
    Shape("weekly pattern", 300, weekend=2.0),
    Shape("closed at the weekend", 120, weekend=0.02),
    Shape("scattered", 300, scatter=0.35),
    Shape("busy weeks", 300, scatter=0.25, memory=0.7),
    Shape("grows threefold", 200, growth=3.0),
    Shape("shrinks to a third", 300, growth=1 / 3),
    Shape("month-end", 300, month_end=1.6),
    Shape("heavy amounts", 80, sigma=1.3, median=300.0),
    Shape("price list", 400, prices=30),
    Shape("one price", 250, prices=1),
    Shape("promotions", 200, sale=8.0, prices=60),
    Shape("holidays", 200, holiday=0.4),
    Shape("live stream", 250, stream=0.6, prices=40),
    Shape("bought again", 200, again=0.03, prices=80),
    Shape("many refunds", 60, refunded=0.3, refund_days=7.0),
    Shape("half an order a day", 0.5, scatter=0.3),
    Shape("two orders a day", 2.0, scatter=0.3),
    Shape("five orders a day", 5.0, scatter=0.3, sigma=1.0),
    Shape("fifteen orders a day", 15.0, scatter=0.3, sigma=1.0),
    Shape("large", 3_000, prices=200, scatter=0.15, memory=0.3),
)
PAYOUTS = ("working days", "every day", "weekly", "by hand")


@dataclass(frozen=True)
class Trade:
    """One world.

    first: day number of its first day; DAYS days follow. moment: seconds since 1970-01-01 in the shop's zone, amount:
    fen, refunds negative; buyer: number of the buyer, unique where nobody comes again. refund: mask. payouts: day
    numbers of withdrawals.
    """

    first: int
    moment: np.ndarray
    amount: np.ndarray
    buyer: np.ndarray
    refund: np.ndarray
    payouts: np.ndarray


def trade(shape: Shape, seed: int) -> Trade:
    """Make one world; the same shape and seed give the same one."""
    dice = np.random.default_rng([seed, *shape.name.encode()])
    start = int((LAST_START - FIRST_START).days * dice.random()) + (FIRST_START - date(1970, 1, 1)).days
    days = start + np.arange(DAYS)
    counts = dice.poisson(_expected(shape, days, dice))
    day = np.repeat(days, counts)
    moment = day * DAY + _clock(len(day), dice)
    amount = _amounts(shape, len(day), dice)
    moment, amount = _streamed(shape, day, moment, amount, dice)
    buyer = np.arange(len(day))
    again = np.flatnonzero(dice.random(len(day)) < shape.again)
    moment = np.r_[moment, moment[again] + dice.integers(20, 900, len(again))]
    amount, buyer = np.r_[amount, amount[again]], np.r_[buyer, buyer[again]]
    chosen = np.flatnonzero(dice.random(len(moment)) < shape.refunded)
    later = moment[chosen] + (dice.exponential(shape.refund_days * DAY, len(chosen))).astype(np.int64) + 600
    whole = dice.random(len(chosen)) < 0.7
    back = np.where(whole, amount[chosen], np.maximum(amount[chosen] * dice.integers(1, 10, len(chosen)) // 10, 1))
    refund = np.r_[np.zeros(len(moment), dtype=bool), np.ones(len(chosen), dtype=bool)]
    moment, amount, buyer = np.r_[moment, later], np.r_[amount, -back], np.r_[buyer, buyer[chosen]]
    inside = moment < (start + DAYS) * DAY
    return Trade(start, moment[inside], amount[inside], buyer[inside], refund[inside], _payouts(days, seed, dice))


def _expected(shape: Shape, days: np.ndarray, dice: np.random.Generator) -> np.ndarray:
    """Orders that each day may expect."""
    dates = [date.fromordinal(date(1970, 1, 1).toordinal() + int(n)) for n in days]
    own = np.zeros(len(days))
    for n, step in enumerate(dice.normal(0.0, 1.0, len(days))):
        before = own[n - 1] if n else 0.0
        own[n] = shape.memory * before + np.sqrt(1 - shape.memory**2) * step
    factor = np.exp(shape.scatter * own) * shape.growth ** (np.arange(len(days)) / DAYS)
    factor *= np.array([shape.weekend if d.weekday() >= 5 else 1.0 for d in dates])
    following = [date.fromordinal(d.toordinal() + 2) for d in dates]
    factor *= np.array([shape.month_end if d.month != f.month else 1.0 for d, f in zip(dates, following, strict=True)])
    if shape.holiday != 1.0:
        free = holidays.country_holidays("CN", years=range(2024, 2028))
        factor *= np.array([shape.holiday if d in free else 1.0 for d in dates])
    if shape.sale != 1.0:
        morrow = [date.fromordinal(d.toordinal() + 1) for d in dates]
        factor *= np.array([shape.sale if (d.month, d.day) in SALES else 1.0 for d in dates])
        factor *= np.array([shape.sale / 4 if (d.month, d.day) in SALES else 1.0 for d in morrow])
    return np.asarray(shape.orders * factor)


def _clock(count: int, dice: np.random.Generator) -> np.ndarray:
    """Seconds of the day: few at night, most between ten in the morning and eleven at night."""
    hours = np.array([2, 1, 1, 1, 1, 1, 2, 4, 6, 8, 10, 10, 9, 9, 9, 9, 9, 8, 8, 10, 12, 13, 10, 5], dtype=float)
    hour = dice.choice(24, count, p=hours / hours.sum())
    return np.asarray(hour * 3600 + dice.integers(0, 3600, count))


def _amounts(shape: Shape, count: int, dice: np.random.Generator) -> np.ndarray:
    if not shape.prices:
        return np.maximum(np.round(100 * shape.median * np.exp(dice.normal(0, shape.sigma, count))), 1).astype(np.int64)
    yuan = np.maximum(np.round(shape.median * np.exp(dice.normal(0, shape.sigma, shape.prices))), 1)
    fen = (yuan * 100 - dice.choice([0, 10, 100], shape.prices)).astype(np.int64)
    popular = 1 / np.arange(1, shape.prices + 1)
    return np.maximum(fen[dice.choice(shape.prices, count, p=popular / popular.sum())], 1)


def _streamed(
    shape: Shape, day: np.ndarray, moment: np.ndarray, amount: np.ndarray, dice: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Move a share of the orders into one hour of the evening, at one new price of that day."""
    mine = dice.random(len(day)) < shape.stream
    price = 100 * dice.integers(9, 99, DAYS) - 10
    evening = day * DAY + 20 * 3600 + dice.integers(0, 3600, len(day))
    of_day = price[day - int(day.min())] if len(day) else price[:0]
    return np.where(mine, evening, moment), np.where(mine, of_day, amount)


def _payouts(days: np.ndarray, seed: int, dice: np.random.Generator) -> np.ndarray:
    """Days of withdrawals; the habit goes with the seed."""
    habit = PAYOUTS[seed % len(PAYOUTS)]
    if habit == "every day":
        return days
    if habit == "weekly":
        return np.asarray(days[(days + 3) % 7 == 0])
    if habit == "by hand":
        steps = np.cumsum(1 + dice.exponential(3.0, len(days)).astype(np.int64))
        return np.asarray(days[steps[steps < len(days)]])
    calendar = holidays.country_holidays("CN", years=range(2024, 2028))
    worked = [calendar.is_working_day(date.fromordinal(date(1970, 1, 1).toordinal() + int(n))) for n in days]
    return np.asarray(days[np.array(worked)])
