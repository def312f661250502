"""A fee rule charges as the gateway does, and a rule is found again in the fees it made."""

from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recon.fees import Rule, charge, learn, learn_split, returned
from recon.money import Rounding

DECIMAL_MODES = {
    Rounding.HALF_UP: ROUND_HALF_UP,
    Rounding.HALF_EVEN: ROUND_HALF_EVEN,
    Rounding.DOWN: ROUND_DOWN,
    Rounding.UP: ROUND_UP,
}


def rule(rate, **more):
    return Rule("手续费", Fraction(rate), **more)


def amounts(*minor):
    return np.array(minor, dtype=np.int64)


def orders(count, seed=1, low=100, high=50_000):
    """Amounts from 1.00 to 500.00 over sixty days."""
    dice = np.random.default_rng(seed)
    return dice.integers(low, high, count), np.sort(dice.integers(20_000, 20_060, count))


@pytest.mark.parametrize(
    ("base", "rate", "fee"),
    [
        (1250, "0.006", 8),  # an exact half goes up; in binary fractions it is 7
        (6000, "0.0054", 32),
        (6000, "0.006", 36),
        (25900, "0.006", 155),
        (3333, "0.006", 20),
        (6300, "0.006", 38),  # one payment for three orders, not 3 × 13
        (1, "0.01", 0),
        (83, "0.006", 0),
        (84, "0.006", 1),
        (476800, "0.006", 2861),
        (133300, "0.006", 800),
    ],
)
def test_a_fee_is_rounded_half_up_per_row(base, rate, fee):
    assert charge(amounts(base), rule(rate)).tolist() == [fee]


def test_fixed_part_minimum_and_maximum():
    assert charge(amounts(6400), rule("0.024", fixed=30)).tolist() == [184]
    assert charge(amounts(0, 100, 10_000, 10**9), rule("0.001", minimum=5, maximum=2500)).tolist() == [0, 5, 10, 2500]


def test_a_negative_base_is_refused():
    with pytest.raises(ValueError, match="zero or more"):
        charge(amounts(-1), rule("0.006"))


@given(
    base=st.lists(st.integers(0, 10**12), min_size=1, max_size=20),
    rate=st.decimals(0, 1, places=8),
    fixed=st.integers(0, 500),
    mode=st.sampled_from(list(Rounding)),
)
def test_charge_is_the_decimal_product(base, rate, fixed, mode):
    expected = [
        int((Decimal(b) * rate).quantize(Decimal(1), DECIMAL_MODES[mode])) + fixed if b or not fixed else 0
        for b in base
    ]
    assert charge(amounts(*base), rule(rate, fixed=fixed, rounding=mode)).tolist() == expected


def test_what_comes_back_with_a_refund():
    by_rate, with_fixed = rule("0.006"), rule("0.024", fixed=30)
    assert returned(amounts(5900, 10_000), amounts(25_900, 25_900), amounts(155, 155), by_rate).tolist() == [35, 60]
    assert returned(amounts(3200, 3200), amounts(6400, 0), amounts(184, 184), with_fixed).tolist() == [92, 0]


def test_learns_a_rate_beside_a_few_wrong_fees():
    base, day = orders(60)
    fee = charge(base, rule("0.006"))
    fee[7] += 100
    learned = learn(base, fee, day)
    assert (learned.explained, learned.rows) == (59, 60)
    assert [(fit.terms.share, fit.terms.fixed, fit.since) for fit in learned.rules] == [(Fraction(6, 1000), 0, None)]


@pytest.mark.parametrize("rate", ["0.006", "0.0054", "0.01", "0.05", "0.00382", "0.0038", "0", "1"])
def test_finds_the_rate_as_the_contract_writes_it(rate):
    base, day = orders(300)
    (fit,) = learn(base, charge(base, rule(rate)), day).rules
    assert (fit.terms.share, fit.explained) == (Fraction(rate), 300)


@pytest.mark.parametrize("mode", list(Rounding))
def test_finds_the_rounding(mode):
    base, day = orders(2000)
    (fit,) = learn(base, charge(base, rule("0.05", rounding=mode)), day).rules
    assert (fit.terms.share, fit.terms.rounding, fit.explained) == (Fraction(1, 20), mode, 2000)


def test_a_charge_of_one_amount_is_a_fixed_part():
    base, day = orders(50)
    (fit,) = learn(base, np.full(50, 80), day).rules
    assert (fit.terms.share, fit.terms.fixed) == (0, 80)


def test_equal_amounts_are_a_rate_before_and_after_a_change():
    day = np.arange(60) + 20_000
    fee = np.where(day < 20_030, 36, 32)
    before, since = learn(np.full(60, 6000), fee, day).rules
    assert (before.terms.fixed, since.terms.fixed, since.since) == (0, 0, 20_030)


def test_equal_amounts_give_the_simplest_rate():
    (fit,) = learn(np.full(30, 990), np.full(30, 6), np.full(30, 20_000)).rules
    assert fit.terms.share == Fraction(6, 1000)


@settings(max_examples=60)
@given(
    seed=st.integers(0, 10**6),
    points=st.integers(1, 600),
    fixed=st.sampled_from([0, 0, 1, 15, 30, 49, 100]),
    wrong=st.integers(0, 6),
)
def test_finds_a_random_rule_again(seed, points, fixed, wrong):
    base, day = orders(300, seed, low=500, high=100_000)
    truth = rule(Fraction(points, 10_000), fixed=fixed)
    fee = charge(base, truth)
    fee[:wrong] += 500
    (fit,) = learn(base, fee, day).rules
    assert (fit.terms.share, fit.terms.fixed, fit.explained) == (truth.rate, fixed, 300 - wrong)


def test_a_change_is_dated_to_its_first_day():
    base, day = orders(400)
    fee = np.where(day < 20_045, charge(base, rule("0.006")), charge(base, rule("0.0054")))
    before, since = learn(base, fee, day).rules
    assert (before.terms.share, before.since, before.gap) == (Fraction(6, 1000), None, None)
    assert (since.terms.share, since.since, since.gap) == (Fraction(54, 10_000), 20_045, (20_044, 20_045))
    assert before.rows + since.rows == before.explained + since.explained == 400


def test_several_changes_and_a_way_back():
    base, day = orders(900, seed=3)
    rates = [("0.006", 20_000), ("0.0054", 20_020), ("0.01", 20_030), ("0.006", 20_050)]
    fee = np.zeros(900, dtype=np.int64)
    for rate, since in rates:
        fee = np.where(day >= since, charge(base, rule(rate)), fee)
    fee[::60] += 100
    learned = learn(base, fee, day)
    assert [(fit.terms.share, fit.since) for fit in learned.rules] == [
        (Fraction(rate), since if number else None) for number, (rate, since) in enumerate(rates)
    ]
    assert learned.explained == 885


def test_a_late_change_in_a_long_file_is_found():
    base, day = orders(20_000)
    fee = charge(base, rule("0.006"))
    fee[-40:] = charge(base[-40:], rule("0.01"))
    day[-40:] = 20_061
    assert [fit.since for fit in learn(base, fee, day).rules] == [None, 20_061]


@pytest.mark.parametrize("first", [40_000, 99_970])
def test_thirty_rows_of_another_rule_are_found_in_a_hundred_thousand(first):
    base, _ = orders(100_000)
    fee = charge(base, rule("0.006"))
    fee[::50] += 77
    fee[first : first + 30] = charge(base[first : first + 30], rule("0.02"))
    fits = learn(base, fee, np.arange(100_000) * 26).rules
    assert [(fit.terms.share, fit.rows) for fit in fits][:2] == [(Fraction(6, 1000), first), (Fraction(2, 100), 30)]


def test_a_minimum_and_a_maximum_are_learned():
    base, day = orders(3000, low=500, high=100_000)
    (fit,) = learn(base, charge(base, rule("0.006", minimum=30, maximum=500)), day).rules
    assert (fit.terms.share, fit.terms.minimum, fit.terms.maximum) == (Fraction(6, 1000), 30, 500)


def test_what_the_rows_cannot_tell():
    base, day = orders(2000)
    (fit,) = learn(base, charge(base, rule("0.006")), day).rules
    assert fit.open == ()
    (fit,) = learn(np.full(30, 990), np.full(30, 6), np.full(30, 20_000)).rules
    assert fit.open == ("rate", "fixed", "rounding")
    tieless = base - (base * 3 % 500 == 250)  # 0.6 % of it is never exactly a half
    (fit,) = learn(tieless, charge(tieless, rule("0.006")), day).rules
    assert (fit.open, fit.terms.rounding) == (("rounding",), Rounding.HALF_UP)
    assert [terms.rounding for terms in fit.others] == [Rounding.HALF_EVEN]


def test_a_change_needs_twenty_rows_on_each_side():
    base, _ = orders(400)
    day = np.arange(400) // 20
    for rows, dates in ((20, [None, 19]), (19, [None])):
        fee = charge(base, rule("0.006"))
        fee[-rows:] = charge(base[-rows:], rule("0.02"))
        learned = learn(base, fee, np.where(np.arange(400) >= 400 - rows, 19, np.minimum(day, 18)))
        assert [fit.since for fit in learned.rules] == dates


def test_a_rule_of_few_rows_between_two_others_is_given_up():
    base, _ = orders(612, low=1_000)
    day = np.arange(612)
    fee = np.where(day < 300, charge(base, rule("0.006")), charge(base, rule("0.01")))
    fee[300:312] = charge(base[300:312], rule("0.03"))
    learned = learn(base, fee, day)
    assert [(fit.terms.share, fit.rows) for fit in learned.rules] == [(Fraction(6, 1000), 312), (Fraction(1, 100), 300)]
    assert learned.explained == 600


def test_a_short_spell_of_another_rule_is_no_change():
    base, _ = orders(600, low=1_000)
    fee = charge(base, rule("0.006"))
    fee[300:312] = charge(base[300:312], rule("0.03"))
    (fit,) = learn(base, fee, np.arange(600)).rules
    assert (fit.terms.share, fit.explained) == (Fraction(6, 1000), 588)


def test_wrong_fees_of_one_day_are_no_change():
    base, day = orders(400)
    fee = charge(base, rule("0.006"))
    rows = np.flatnonzero(day == 20_030)[:5]
    fee[rows] += amounts(7, 30, 12, 100, 51)[: len(rows)]
    assert len(learn(base, fee, day).rules) == 1


def test_too_few_rows_or_no_rule():
    base, day = orders(400)
    assert learn(base[:19], charge(base[:19], rule("0.006")), day[:19]) == ((), 0, 19)
    assert learn(base[:20], charge(base[:20], rule("0.006")), day[:20]).rules
    by_category = np.where(base % 2, charge(base, rule("0.02")), charge(base, rule("0.05")))
    learned = learn(base, by_category, day)
    assert learned.rules == ()
    assert 0 < learned.explained < 380


def test_ninety_five_of_a_hundred_is_enough_and_ninety_four_is_not():
    base, day = orders(100, low=5_000)
    for wrong, found in ((5, 1), (6, 0)):
        fee = charge(base, rule("0.006"))
        fee[np.arange(wrong) * 16] += 1 + np.arange(wrong) * 37 % 90
        assert len(learn(base, fee, day).rules) == found


def test_the_order_of_the_rows_decides_nothing():
    base, day = orders(3000, seed=5)
    fee = np.where(day < 20_031, charge(base, rule("0.006")), charge(base, rule("0.00573", fixed=15)))
    fee[::40] += 11
    first = learn(base, fee, day)
    for seed in range(5):
        mix = np.random.default_rng(seed).permutation(3000)
        assert learn(base[mix], fee[mix], day[mix]) == first


def test_amounts_beyond_the_grid_are_counted_though_not_learned_from():
    base, day = orders(40)
    base[0] = 10**12
    fee = charge(base, rule("0.006"))
    learned = learn(base, fee, day)
    assert (learned.rules[0].terms.share, learned.explained) == (Fraction(6, 1000), 40)


def test_only_amounts_beyond_the_grid():
    base, day = orders(30)
    assert learn(base + 10**12, charge(base + 10**12, rule("0.006")), day).rules == ()


def test_a_rule_says_from_when_it_holds():
    dated = rule("0.006", since=date(2026, 1, 1))
    assert (dated.until, dated.proportional, rule("0.006", fixed=1).proportional) == (None, True, False)


def test_a_few_rows_of_a_dear_card_leave_the_rule_of_the_others():
    base = np.arange(1_000, 1_000 + 31 * 320, 320, dtype=np.int64)
    dear = np.arange(len(base)) % 8 == 7
    rates = np.where(dear, 35, 29)
    fee = (base * rates + 500) // 1_000 + 30
    moment = np.arange(len(base), dtype=np.int64)
    assert learn(base, fee, moment).rules == ()  # 28 of 31 rows: less than 95 %
    (part,) = learn_split(base, fee, moment, dear.astype(np.int64))
    assert part.classes == (0,)
    assert part.learned.explained == part.learned.rows == int((~dear).sum())
