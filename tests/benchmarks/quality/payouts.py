"""An account that pays out about once a day and prints neither batch numbers nor settlement days: rows, payouts, truth.

Made for the batch pass, before it. Money is whole fen; the only floats are times and the shape of the prices.
What is hard about it: the moment of a cut is known only inside a window of 1.2 days (about 60 rows either way), many
rows are equal (800 prices), and a late row is missed by the payout of its time and paid with the next one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

ROWS = 100_000
PAYOUTS = 1_000
LATE_PER_100_000 = (0, 50, 100, 200, 500)
"""The late rates that are reported: 0, 0.05, 0.1, 0.2 and 0.5 %."""

DAY = 86_400
PRICES = 800
MEDIAN_YUAN, SIGMA = 99, 0.6
ENDINGS = (0, 90, 99)
FEE_PER_10_000 = 60
"""0.6 %, half up, per row; it comes back with a refund."""
REFUNDS_PER_1_000 = 30
REFUND_REACH = 500
"""A refund gives back one of the last 500 rows."""
DISPUTES_PER_10_000 = 10
DISPUTE_FEE = 1_500
DAY_SPREAD = 0.3
"""Sigma of the days' turnover."""
CUT_JITTER = DAY // 20
CUT_WINDOW = DAY * 6 // 5


@dataclass(frozen=True)
class World:
    """Rows in order of time and payouts in order of time; amounts in fen, moments in seconds.

    gross, fee, net: per row, net = gross - fee (both negative on a refund). moment: when it was booked. settled: the
    settlement day as a bill would print it, one per payout. truth: the payout it was paid with, -1 when not paid yet.
    amount, paid_at: per payout; its cut lies within [paid_at - CUT_WINDOW, paid_at]. touched: payouts that a late row
    left or entered.
    """

    gross: np.ndarray
    fee: np.ndarray
    net: np.ndarray
    moment: np.ndarray
    settled: np.ndarray
    truth: np.ndarray
    amount: np.ndarray
    paid_at: np.ndarray
    touched: np.ndarray


def make(
    seed: int, late_per_100_000: int = 0, *, rows: int = ROWS, payouts: int = PAYOUTS, payout_fee: int = 0
) -> World:
    """Make one account.

    Args:
        seed: of the generator; equal arguments give equal worlds.
        late_per_100_000: late rows per 100,000.
        rows: how many rows.
        payouts: how many payouts.
        payout_fee: fen that the channel keeps of each payout.
    """
    rng = np.random.default_rng(seed)
    moment, cut = _times(rng, rows, payouts)
    gross, fee = _money(rng, rows)
    on_time = np.searchsorted(cut, moment, side="right")
    truth, touched = _late(rng, on_time, payouts, rows * late_per_100_000 // 100_000)
    net = gross - fee
    amount = np.zeros(payouts + 1, dtype=np.int64)
    np.add.at(amount, truth, net)
    settled = ((np.append(cut, cut[-1] + DAY) + DAY // 2) // DAY)[truth]
    return World(
        gross=gross,
        fee=fee,
        net=net,
        moment=moment,
        settled=settled,
        truth=np.where(truth < payouts, truth, -1),
        amount=amount[:payouts] - payout_fee,
        paid_at=_paid(rng, cut),
        touched=touched,
    )


def _times(rng: np.random.Generator, rows: int, payouts: int) -> tuple[np.ndarray, np.ndarray]:
    """Moments of the rows, busy and quiet days among them, and the moments of the cuts: half a day after each day."""
    weight = rng.lognormal(0.0, DAY_SPREAD, payouts + 1)
    weight[-1] /= 2  # the last day is only half over
    day = np.sort(rng.choice(payouts + 1, size=rows, p=weight / weight.sum()))
    moment = np.sort(day * DAY + rng.integers(0, DAY, rows))
    cut = np.arange(1, payouts + 1) * DAY + rng.integers(-CUT_JITTER, CUT_JITTER, payouts)
    return moment, cut


def _money(rng: np.random.Generator, rows: int) -> tuple[np.ndarray, np.ndarray]:
    """Gross and fee: payments at shop prices, refunds of earlier rows, disputes with a fee of their own."""
    yuan = np.maximum(rng.lognormal(np.log(MEDIAN_YUAN), SIGMA, PRICES).astype(np.int64), 1)
    price = yuan * 100 + rng.choice(np.array(ENDINGS), PRICES)
    gross = price[rng.integers(0, PRICES, rows)]
    fee = (gross * FEE_PER_10_000 * 2 + 10_000) // 20_000
    earlier = np.maximum(np.arange(rows) - rng.integers(1, REFUND_REACH, rows), 0)
    refund = rng.integers(0, 1_000, rows) < REFUNDS_PER_1_000
    dispute = ~refund & (rng.integers(0, 10_000, rows) < DISPUTES_PER_10_000)
    back = refund | dispute
    signed = np.where(back, -gross[earlier], gross)
    charged = np.where(refund, -fee[earlier], np.where(dispute, DISPUTE_FEE, fee))
    return signed, charged


def _late(rng: np.random.Generator, on_time: np.ndarray, payouts: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Move `count` rows to the payout after theirs; the last payout loses none."""
    able = np.flatnonzero(on_time < payouts - 1)
    late = rng.choice(able, size=count, replace=False)
    truth = on_time.copy()
    truth[late] += 1
    touched = np.zeros(payouts, dtype=bool)
    touched[on_time[late]] = True
    touched[on_time[late] + 1] = True
    return truth, touched


def _paid(rng: np.random.Generator, cut: np.ndarray) -> np.ndarray:
    """When each payout left: up to 1.2 days after its cut, always after the payout before it."""
    number = np.arange(len(cut))
    return np.maximum.accumulate(cut + rng.integers(0, CUT_WINDOW - len(cut), len(cut)) - number) + number
