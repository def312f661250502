"""Residuals of payouts: named after three proofs, the rest is not in the file."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recon.breaks.phrases import say
from recon.breaks.residual_habits import LOAN, RESERVE, SUBSCRIPTION
from recon.breaks.residuals import named_residuals
from tests.benchmarks.payout_residuals import FALSE, account, named, score, shares
from tests.breaks.ledgers import File, breaks, run

FIRST = (date(2026, 1, 1) - date(1970, 1, 1)).days
FEET = [100_000 + 7_919 * n % 50_021 for n in range(40)]
EVERY_THIRD = [FIRST + 3 * n for n in range(40)]


def brief(residuals, days=EVERY_THIRD):
    padded = [*residuals, *[0] * (len(days) - len(residuals))]
    found = named_residuals(days, FEET[: len(days)], padded)
    return [[(part.name, part.amount) for part in parts] for parts in found][: len(residuals)]


def test_three_equal_amounts_in_a_row_are_a_loan_and_two_are_not():
    assert brief([0, -5000, -5000, -5000]) == [[], *[[(LOAN, -5000)]] * 3]
    assert brief([0, -5000, -5000, 0, -5000]) == [[]] * 5
    assert brief([-1, -1, -1, -1]) == [[]] * 4  # last units
    assert brief([5000, 5000, 5000]) == [[]] * 3


def test_what_comes_on_top_stays_without_a_name():
    assert brief([-5000, -5000, -5000, -6727, -5000, -5000]) == [[(LOAN, -5000)]] * 6


def test_the_last_repayment_makes_the_total_round():
    assert brief([-3000, -3000, -3000, -1000])[3] == [(LOAN, -1000)]
    assert brief([-3000, -3000, -3000, -1001])[3] == []


def test_equal_shares_rounded_alike_are_a_loan():
    exact = [-round(foot / 10) for foot in FEET[:4]]
    assert brief(exact) == [[(LOAN, amount)] for amount in exact]
    assert brief([exact[0], exact[1] - 2, exact[2], exact[3]]) == [[]] * 4


@pytest.mark.parametrize("seed", [2622, 4045])
def test_last_units_and_round_amounts_in_each_payout_prove_nothing(seed):
    some = account(seed)
    assert not any(named(some.days, some.feet, some.residuals))


def test_equal_amounts_a_month_apart_are_a_charge():
    charged = [-2900 if n in (2, 12, 22) else 0 for n in range(40)]  # 01-07, 02-06, 03-08
    assert [n for n, parts in enumerate(brief(charged)) if parts == [(SUBSCRIPTION, -2900)]] == [2, 12, 22]
    charged[22] = 0
    assert not any(brief(charged))


@pytest.mark.parametrize("released", [2, 6])
def test_a_share_that_is_held_and_released_equal_is_a_reserve(released):
    held = [foot // 20 for foot in FEET]
    drip = [back - kept for kept, back in zip(held, [*[0] * released, *held], strict=False)]
    assert brief(drip) == [[(RESERVE, amount)] for amount in drip]


@given(st.lists(st.integers(-(10**6), 10**6), min_size=3, max_size=40))
def test_the_parts_of_anything_are_within_the_days_and_each_name_is_there_once(residuals):
    for parts in brief(residuals):
        assert max(Counter(name for name, _ in parts).values(), default=1) == 1


def test_planted_residuals_are_named_and_random_ones_are_not():
    fell = score(range(40), named)
    assert not fell["random"][FALSE]
    right = shares(fell)
    assert all(right[plan] >= 0.95 for plan in (LOAN, SUBSCRIPTION, RESERVE))


DAYS = [f"2026-{month:02}-{day:02}" for month in range(3, 10) for day in (4, 14, 24)]


def gaps(lacks):
    """One batch a month whose lines are 100.00 and which pays out less."""
    file = File("batch.gateway", first="2026-01-01", last="2026-10-31")
    for n, day in enumerate(DAYS):
        lack = lacks.get(day, 0)
        file.row("payment", 10_000 + 37 * n, day, order_ref=f"A{n}", payment_ref=f"P{n}", batch_ref=f"B{n}")
        file.row("payout", -(10_000 + 37 * n - lack), day, batch_ref=f"B{n}")
    return [(f["code"], f["cause"], f["explanation"]) for f in breaks(run(file, as_of="2026-10-31"), "payout")]


def test_a_finding_tells_the_charge_and_when_else_it_was_seen():
    found = gaps({"2026-04-04": 2900, "2026-05-04": 2900, "2026-06-04": 2900, "2026-08-14": 1727})
    assert [(code, cause) for code, cause, _ in found] == [("settlement_gap", None)] * 4
    texts = [text for *_, text in found]
    assert sum("the monthly charge of 29.00 also seen on 2026-" in text for text in texts) == 3
    assert any(text.endswith("; equals the monthly charge of 29.00 also seen on 2026-05-04 and 2026-06-04")
               for text in texts)  # fmt: skip
    assert sum(text.endswith("difference -17.27") for text in texts) == 1


def test_a_finding_tells_the_loan_and_what_else_is_not_in_the_file():
    lacks = dict.fromkeys(DAYS[:8], 500) | {DAYS[4]: 2227}
    texts = [text for *_, text in gaps(lacks)]
    assert len(texts) == 8
    assert all("; equals the loan repayment of 5.00 also taken on 2026-" in text for text in texts)
    assert [text.endswith("; not in the file: -17.27") for text in texts].count(True) == 1


def test_a_reserve_is_the_cause_of_its_gaps():
    held = [500 + n * 185 // 100 for n in range(len(DAYS))]  # 5 % of the lines, the rest of a fen dropped
    drip = {day: kept - (held[n - 6] if n >= 6 else 0) for n, (day, kept) in enumerate(zip(DAYS, held, strict=True))}
    found = gaps(drip)
    assert [(code, cause) for code, cause, _ in found] == [("settlement_gap", "reserve_held")] * len(DAYS)
    assert all("; a reserve of 5% of the lines, freed after " in text for *_, text in found)


def test_the_words_are_there_in_chinese():
    said = say("zh", "residual_monthly", amount="29.00", others=say("zh", "residual_days", first="甲", second="乙"))
    assert said == "；等于每月收费 29.00，甲 与 乙 同额"
    assert say("zh", "residual_rest", rest="-17.27") == "；文件中没有：-17.27"
