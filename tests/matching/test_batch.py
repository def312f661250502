"""Payouts without numbers: no row twice, sums exact, the order of the input decides nothing; scenarios of the field."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recon.fees.contract import Rule
from recon.fees.level import batch_fees, rounded, row_fees
from recon.matching.payouts.batch import settle
from recon.matching.payouts.stream import (
    CUTS,
    DAY,
    FEW,
    FOOTS,
    KEY,
    LATE,
    POOL,
    PROVED,
    SUBSET,
    SUGGESTED,
    UNDECIDED,
    Account,
    Stream,
    settlement_day,
)
from tests.benchmarks.quality.payouts import make
from tests.benchmarks.quality.payouts_run import SHOWN, right, stream

SECONDS = 86_400


def days(rows: list[tuple[int, int]], payouts: list[tuple[int, int]], **more: object) -> Stream:
    """Rows (day, net) and payouts (day, amount): each pays up to the day before it, its own day at the latest."""
    day, net = np.array(rows, dtype=np.int64).reshape(-1, 2).T
    paid, amount = np.array(payouts, dtype=np.int64).reshape(-1, 2).T
    given = Stream(
        net=net,
        moment=day * SECONDS + np.arange(len(day)),
        day=day,
        amount=amount,
        paid_at=paid * SECONDS,
        earliest=(paid - 1) * SECONDS,
        latest=(paid + 1) * SECONDS - 1,
        first_day=paid - 1,
        last_day=paid,
    )
    return replace(given, **more)


def one(given: Stream) -> Account:
    return settle([given])[0]


def told(account: Account) -> list[tuple[str, str, list[int]]]:
    return [(p.verdict, p.rule, p.rows.tolist()) for p in account.payouts]


# Properties


@settings(max_examples=40)
@given(st.integers(0, 8_999), st.sampled_from([0, 500, 3_000]), st.sampled_from(SHOWN), st.sampled_from([0, 150]))
def test_no_row_is_paid_twice_and_sums_are_exact(seed: int, late: int, shown: str, fee: int) -> None:
    world = make(seed, late, rows=800, payouts=12, payout_fee=0 if shown == "keys" else fee)
    account = one(stream(world, shown))
    taken: dict[int, np.ndarray] = {}
    for found in account.payouts:
        if found.verdict in (PROVED, POOL):
            taken[found.group] = found.rows
    rows = np.concatenate([*taken.values(), np.empty(0, dtype=np.int64)])
    assert len(np.unique(rows)) == len(rows)
    for group, members in taken.items():
        mine = [n for n, p in enumerate(account.payouts) if p.group == group and p.verdict in (PROVED, POOL)]
        assert world.net[members].sum() == world.amount[mine].sum() + account.fee * len(mine)


@settings(max_examples=30)
@given(st.integers(0, 8_999), st.sampled_from([0, 1_000]), st.sampled_from(SHOWN))
def test_the_order_of_the_input_decides_nothing(seed: int, late: int, shown: str) -> None:
    world = make(seed, late, rows=800, payouts=12)
    given = stream(world, shown)
    rng = np.random.default_rng(seed)
    rows, payouts = rng.permutation(len(given.net)), rng.permutation(len(given.amount))
    of_rows = {k: getattr(given, k)[rows] for k in ("net", "moment", "day")}
    of_payouts = {k: getattr(given, k)[payouts] for k in ("amount", "paid_at", "earliest", "latest")}
    of_payouts |= {k: getattr(given, k)[payouts] for k in ("first_day", "last_day")}
    if given.key is not None and given.payout_key is not None:
        of_rows["key"], of_payouts["payout_key"] = given.key[rows], given.payout_key[payouts]
    mixed = replace(given, **of_rows, **of_payouts)

    def said(one_of: Stream, account: Account) -> list[object]:
        listed = []
        for n in np.argsort(one_of.paid_at):
            p = account.payouts[n]
            members = sorted(zip(one_of.moment[p.rows].tolist(), one_of.net[p.rows].tolist(), strict=True))
            listed.append((p.verdict, p.basis, p.rule, p.ways, p.expected, p.gap, members))
        return listed

    assert said(given, one(given)) == said(mixed, one(mixed))


@pytest.mark.parametrize("shown", SHOWN)
def test_without_late_rows_all_are_solved(shown: str) -> None:
    world = make(5, rows=5_000, payouts=50)
    found = one(stream(world, shown)).payouts
    assert {(p.verdict, p.rule) for p in found} == {(PROVED, {"plain": CUTS, "days": DAY, "keys": KEY}[shown])}
    assert all(right(world, n, p) for n, p in enumerate(found))


def test_late_rows_are_found_or_their_payouts_are_a_pool() -> None:
    world = make(6, 100, rows=10_000, payouts=100)
    found = one(stream(world)).payouts
    assert {p.rule for p in found} == {CUTS, LATE, FOOTS}
    assert all(right(world, n, p) for n, p in enumerate(found) if p.verdict == PROVED)
    assert all(p.verdict == POOL for p in found if p.rule == FOOTS)


def test_late_rows_do_not_matter_where_the_day_is_printed() -> None:
    world = make(7, 1_000, rows=5_000, payouts=50)
    assert {p.rule for p in one(stream(world, "days")).payouts} == {DAY}


def test_the_fee_of_a_payout_is_found_before_any_search() -> None:
    world = make(8, 100, rows=5_000, payouts=50, payout_fee=1_000)
    account = one(stream(world))
    assert account.fee == 1_000
    assert {p.verdict for p in account.payouts} <= {PROVED, POOL}


# Single rules


def test_payouts_of_one_moment_are_a_pool() -> None:
    found = told(one(days([(1, 300), (1, 200), (2, 70)], [(2, 400), (2, 100), (3, 70)])))
    assert found == [(POOL, DAY, [0, 1]), (POOL, DAY, [0, 1]), (PROVED, DAY, [2])]


def test_two_classes_that_differ_post_nothing() -> None:
    """By day 60 + 40 were paid first, by time 70 + 30."""
    net, day = np.array([70, 30, 60, 40, 100]), np.array([2, 2, 1, 1, 2])
    given = days([(1, 1)] * 5, [(2, 100), (3, 200)])
    given = replace(given, net=net, day=day, moment=np.arange(5), earliest=np.array([0, 0]), latest=np.array([9, 9]))
    assert [(v, r) for v, r, _ in told(one(given))] == [(SUGGESTED, DAY)] * 2


def test_a_piece_of_sum_zero_is_no_other_explanation() -> None:
    """33.00 came and went before midnight: the cut in time may lie before it or behind it."""
    rows = [(1, 50_00), (1, 20_00), (1, 33_00), (1, -33_00), (2, 7_00)]
    given = days(rows, [(2, 70_00), (3, 7_00)], earliest=np.array([1, 2]) * SECONDS)
    assert told(one(given)) == [(PROVED, DAY, [0, 1, 2, 3]), (PROVED, DAY, [4])]


def test_a_day_but_one_row_that_has_a_reason_of_its_own_is_found() -> None:
    """Of day 2 the row of 98.31 was held back and never paid: the payout after it is exact again."""
    rows = [(1, 100_00), (1, 45_67), (2, 98_31), (2, 20_11), (2, 301_27), (3, 77_00), (4, 13_00)]
    found = told(one(days(rows, [(2, 145_67), (3, 321_38), (4, 77_00), (5, 13_00)])))
    assert found == [(PROVED, DAY, [0, 1]), (PROVED, FEW, [3, 4]), (PROVED, DAY, [5]), (PROVED, DAY, [6])]


def test_a_day_but_one_of_equal_rows_is_open_with_their_number() -> None:
    rows = [(1, 50_00), *[(2, 98_31)] * 5, (2, 20_11), (3, 77_00)]
    found = one(days(rows, [(2, 50_00), (3, 98_31 * 4 + 20_11), (4, 77_00)])).payouts[1]
    assert (found.verdict, found.ways, len(found.rows)) == (UNDECIDED, 5, 6)  # the rows that may be its


def test_a_subset_is_posted_only_within_the_budget() -> None:
    rows = [(1, 12_345), (1, 678), (1, 91_011), (1, 1_213), (1, 14_151)]
    account = one(days(rows, [(2, 12_345 + 1_213)]))
    assert told(account) == [(PROVED, FEW, [0, 3])] or told(account) == [(PROVED, SUBSET, [0, 3])]
    assert 0 < account.payouts[0].expected < 50_000


def test_many_subsets_are_open_with_their_number() -> None:
    rows = [(1, n * 100) for n in range(1, 21)]
    found = one(days(rows, [(2, 6_000)])).payouts[0]
    assert (found.verdict, len(found.rows)) == (UNDECIDED, 20)
    assert found.ways > 10


def test_a_stretch_that_nothing_explains_says_its_gap() -> None:
    """A row of 55.55 is missing: neither some rows nor all of them make the payout."""
    rows = [(1, 50_00), (1, 20_00), (2, 10_00), (2, 1_00), (3, 77_00), (4, 5_00)]
    found = one(days(rows, [(2, 70_00), (3, 66_55), (4, 77_00), (5, 5_00)])).payouts
    assert [p.verdict for p in found] == [PROVED, UNDECIDED, PROVED, PROVED]
    assert (found[1].rows.tolist(), found[1].ways, found[1].gap) == ([2, 3], 0, -55_55)


def test_an_account_without_payouts_or_rows() -> None:
    assert one(days([(1, 5)], [])).payouts == ()
    assert [p.verdict for p in one(days([], [(1, 500)])).payouts] == [UNDECIDED]


def test_a_cut_off_before_midnight_moves_what_follows_to_the_next_day() -> None:
    moment = np.array([0, 82_799, 82_800, SECONDS])
    assert settlement_day(moment, 82_800).tolist() == [0, 0, 1, 1]
    assert settlement_day(moment, 0).tolist() == [0, 0, 0, 1]


# Scenarios

GROSS = np.repeat(np.array([3_990, 8_900, 15_900, 1_234]), [400, 250, 120, 42])
RULE = Rule(None, Fraction(6, 1000))


def test_scenario_27_a_payout_of_812_payments() -> None:
    net = GROSS - row_fees(GROSS, RULE)
    assert (int(GROSS.sum()), int(row_fees(GROSS, RULE).sum())) == (57_808_28, 345_44)
    found = one(days([(1, int(n)) for n in net], [(2, 57_462_84)])).payouts[0]
    assert (found.verdict, found.rule, len(found.rows)) == (PROVED, DAY, 812)
    level = rounded(GROSS, np.zeros(812, dtype=np.int64), np.array([57_462_84]), RULE)
    assert (level.level, level.by_row, level.by_batch) == ("row", 1, 0)
    assert batch_fees(GROSS, np.zeros(812, dtype=np.int64), 1, RULE).tolist() == [346_85]


def test_scenario_28_a_printed_batch_is_final_and_its_gap_is_said() -> None:
    net = GROSS - row_fees(GROSS, RULE)
    given = days([(1, int(n)) for n in net], [(2, 57_423_18)], key=np.zeros(812, int), payout_key=np.zeros(1, int))
    found = one(given).payouts[0]
    assert (found.verdict, found.basis, found.rule, found.gap, len(found.rows)) == (UNDECIDED, "key", KEY, 3_966, 812)


def test_scenario_28_without_a_batch_400_candidates_and_none_chosen() -> None:
    net = GROSS - row_fees(GROSS, RULE)
    found = one(days([(1, int(n)) for n in net], [(2, 57_423_18)])).payouts[0]
    assert (found.verdict, found.ways, len(found.rows)) == (UNDECIDED, 400, 812)


def test_scenario_30_one_credit_for_the_payouts_of_two_days() -> None:
    assert told(one(days([(1, 6_000_00), (2, 4_000_00)], [(3, 10_000_00)]))) == [(PROVED, DAY, [0, 1])]


def test_scenario_37_24_orders_are_not_decidable_by_amount() -> None:
    rng = np.random.default_rng(37)
    prices = rng.integers(20, 250, 24) * 100 + rng.choice([0, 90, 99], 24)
    found = one(days([(1, int(p)) for p in prices], [(2, int(prices[::3].sum()))])).payouts[0]
    assert found.verdict == UNDECIDED
    assert found.ways > 80


def test_scenario_43_a_negative_day_is_carried_on() -> None:
    rows = [(1, 119_28), (1, -497_00), (2, 994_00)]
    assert told(one(days(rows, [(3, 616_28)]))) == [(PROVED, DAY, [0, 1, 2])]


def test_scenario_45_a_reserve_is_held_back_and_released() -> None:
    rows = [(1, 700_00), (1, 300_00), (31, 40_00)]
    given = days(rows, [(2, 900_00), (32, 140_00)], held=np.array([100_00, 0]))
    assert told(one(given)) == [(PROVED, DAY, [0, 1]), (PROVED, DAY, [2])]


def test_an_opening_balance_is_paid_with_the_first_rows() -> None:
    given = days([(1, 70_00), (2, 30_00)], [(2, 90_00), (3, 30_00)], opening=20_00)
    assert told(one(given)) == [(PROVED, DAY, [0]), (PROVED, DAY, [1])]


def test_the_level_of_rounding_shows_itself_or_stays_open() -> None:
    gross, batch = np.array([3_990, 3_990, -3_990, 8_900]), np.array([0, 0, 0, 1])
    kept, back = replace(RULE, on_refund="kept"), replace(RULE, on_refund="returned")
    assert row_fees(gross, back).tolist() == [24, 24, -24, 53]
    assert row_fees(gross, kept).tolist() == [24, 24, 0, 53]
    assert batch_fees(gross, batch, 2, back).tolist() == [24, 53]
    assert batch_fees(gross, batch, 2, kept).tolist() == [48, 53]
    both = rounded(gross, batch, np.array([3_966, 8_847]), back)
    assert (both.level, both.by_row, both.by_batch) == (None, 2, 2)
    whole = rounded(GROSS, np.zeros(812, dtype=np.int64), np.array([57_808_28 - 346_85]), RULE)
    assert whole.level == "batch"
