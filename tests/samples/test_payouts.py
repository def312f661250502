"""Withdrawals: amounts from the balance, no two alike but where that is planted."""

import numpy as np
import pytest

from recon.samples.dice import Dice
from recon.samples.payouts import Amounts, Payer, Plan, arrivals, cutoff, draw, judge
from recon.samples.truth import Truth

PLANS = (
    Plan("2026-09-30", "2026-10-08"),
    Plan("2026-10-14", "", "first"),
    Plan("2026-10-15", "2026-10-16", "twin"),
    Plan("2026-10-20", "2026-10-21", "stranger"),
)
TIMES = np.array(["2026-09-01T10:00:00"], dtype="datetime64[s]")


def made(opening: int = 1_000_000, plans: tuple[Plan, ...] = PLANS) -> list:
    return draw(plans, TIMES, np.array([50_000]), opening, prefix="22001", free=Amounts(), dice=Dice(1))


def test_amounts_follow_from_the_balance_and_only_twins_are_equal() -> None:
    payouts = made()
    amounts = [payout.amount for payout in payouts]
    assert amounts[1] == amounts[2]
    assert len(set(amounts)) == 3
    assert 0.18 * 1_050_000 <= amounts[0] <= 0.25 * 1_050_000
    assert all(len(payout.number) == 28 for payout in payouts)


def test_an_empty_wallet_cannot_be_withdrawn_from() -> None:
    with pytest.raises(ValueError, match="a withdrawal of 0 on 2026-09-30 from a balance of 0"):
        made(-50_000)


def test_taken_amounts_are_not_drawn_again() -> None:
    free = Amounts({100, 99})
    assert free.free(100) == 98
    assert free.free(98) == 97


def test_what_the_bank_shows_and_what_must_be_found() -> None:
    payouts, truth = made(), Truth()
    rows = arrivals(payouts, Payer("支付宝（中国）网络技术有限公司", "代付"), "上海沐辰商贸有限公司")
    assert [row.at[:10] for row in rows] == ["2026-10-08", "2026-10-16", "2026-10-21"]
    assert [row.counterparty for row in rows][2] == "上海沐辰商贸有限公司"
    judge(payouts, truth, "batch_ref")
    cutoff(payouts, truth, "2026-09", "batch_ref")
    assert [(f.code, f.expected - f.actual) for f in truth.findings] == [
        ("ambiguous", payouts[1].amount),
        ("suggested", 0),
        ("cutoff", 0),
    ]
