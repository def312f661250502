"""Accounts that pay out everything: told by their chain, matched line by line, what cannot be told is a finding."""

from dataclasses import replace

import pytest

from recon.ledger.outcome import PAYOUT, Outcome
from recon.outputs.conservation import prove
from tests.ledger.make import (
    ALI,
    BANK,
    BATCH,
    CHANNELS,
    FLOW,
    Row,
    credit,
    ends,
    findings,
    matches,
    pay,
    payout,
    refund,
    row,
    run,
    statement,
    waiting,
)

SWEPT = CHANNELS | {FLOW: replace(CHANNELS[FLOW], payout="sweep")}
WHOLE = ("whole-day", "proved", "structure")
#: What came in on 1 to 6 October.
DAYS = {"10-01": [13_207, 4_111], "10-02": [9_973], "10-03": [20_459, 1_117, 303], "10-04": [7_001], "10-05": [811, 97]}
NEXT = {"10-01": "10-02", "10-02": "10-03", "10-03": "10-04", "10-04": "10-05", "10-05": "10-06"}


def takings(days: dict[str, list[int]] = DAYS) -> list[Row]:
    return [pay(f"{on}-{n}", amount, on) for on, amounts in days.items() for n, amount in enumerate(amounts)]


def daily(days: dict[str, list[int]] = DAYS, **instead: int) -> list[Row]:
    """Each day's takings are paid out the day after; `d03=5` pays out 5 on the 3rd instead."""
    return [
        payout(instead.get(f"d{NEXT[on][3:]}", sum(amounts)), NEXT[on], line=f"W{on}") for on, amounts in days.items()
    ]


def proved(outcome: Outcome) -> list[tuple[str, str, str, int]]:
    prove(outcome)
    return matches(outcome, PAYOUT)


@pytest.mark.parametrize("channel", [ALI, BATCH, FLOW])
def test_an_account_whose_withdrawals_leave_the_same_rest_is_a_sweep(channel: str) -> None:
    outcome = run(statement(channel, [*takings(), *daily(), pay("open", 500, "10-06")]))
    assert proved(outcome) == sorted((*WHOLE, len(amounts) + 1) for amounts in DAYS.values())
    assert waiting(outcome, PAYOUT) == [("payment", 500, "not due", "")]
    assert "whole days: 2 lines 173.18 = payout 173.18" in set(outcome.matches["explanation"])


@pytest.mark.parametrize("form", ["manual", "round"])
def test_a_person_who_withdraws_makes_no_sweep(form: str) -> None:
    """One withdrawal that leaves another rest, or round sums throughout: the roll-forward takes the leg's place."""
    drawn = daily(d04=20_000) if form == "manual" else [payout(100_00, on) for on in NEXT.values()]
    outcome = run(statement(ALI, [*takings(), *drawn]))
    assert proved(outcome) == []
    assert waiting(outcome, PAYOUT) == []
    assert not any(leg.startswith("payout") for legs in ends(outcome).values() for leg in legs)


def test_where_batches_print_no_number_most_payouts_must_be_explained() -> None:
    some = run(statement(BATCH, [*takings(), *daily(d04=20_000)]))
    assert len(proved(some)) == 4
    assert findings(some)[-1][0] == "settlement_gap"
    few = run(statement(BATCH, [*takings(), *daily(d03=9_001, d04=20_001, d05=7_003)]))
    assert proved(few) == []


def test_a_gap_of_a_declared_sweep_is_one_finding_with_its_lines() -> None:
    outcome = run(statement(FLOW, [*takings(), *daily(d04=21_879 - 303)]), channels=SWEPT)
    # the line of 3.03 is paid with no payout: that is found, and it stays
    assert ("day-but-few", "proved", "structure", 3) in proved(outcome)
    assert waiting(outcome, PAYOUT) == [("payment", 303, "not due", "")]
    gap = run(statement(FLOW, [*takings(), *daily(d04=21_879 - 5_555)]), channels=SWEPT)
    assert len(proved(gap)) == 4
    assert ("settlement_gap", 21_879, 16_324) in findings(gap)
    assert waiting(gap, PAYOUT) == []


def test_equal_lines_leave_a_payout_undecided_and_say_how_many_ways() -> None:
    days = DAYS | {"10-03": [6_000, 6_000, 6_000, 1_117]}
    outcome = run(statement(FLOW, [*takings(days), *daily(days, d04=6_000 * 2 + 1_117)]), channels=SWEPT)
    prove(outcome)
    assert ("ambiguous", 13_117, 13_117) in findings(outcome)
    told = outcome.findings.set_index("code").loc["ambiguous"]
    assert "not decidable by amount, 3 sets of lines" in told["explanation"]
    assert [w[:2] for w in waiting(outcome, PAYOUT)] == [("payment", 1_117), *[("payment", 6_000)] * 3]


def test_a_late_line_makes_two_payouts_a_pool_or_is_found() -> None:
    """The line of 11.17 is paid with the next day's."""
    drawn = daily(d04=21_879 - 1_117, d05=7_001 + 1_117)
    outcome = run(statement(FLOW, [*takings(), *drawn]), channels=SWEPT)
    rules = [m[:2] for m in proved(outcome)]
    assert rules in ([*[("late-row", "proved")] * 2, *[WHOLE[:2]] * 3], [("run-foots", "pool"), *[WHOLE[:2]] * 3])
    assert waiting(outcome, PAYOUT) == []


def test_lines_that_amounts_do_not_tell_apart_are_counted_in_the_words() -> None:
    """What came and went on the 4th may belong to the payout of that day or to the next one."""
    days = {on: amounts for on, amounts in DAYS.items() if on != "10-04"}
    more = [pay("x", 500, "10-04"), refund("x", 500, "10-04")]
    outcome = run(statement(ALI, [*takings(days), *more, *daily(days)]))
    assert len(proved(outcome)) == len(days)
    beside = [text for text in outcome.matches["explanation"] if "amounts do not tell 2 lines" in text]
    assert len(beside) == 2


def test_the_first_payout_may_have_lines_before_the_files() -> None:
    outcome = run(statement(ALI, [*takings(), *daily(d02=99_999)]))
    assert len(proved(outcome)) == 4
    assert ("payout", -99_999, "beyond the files", "") in waiting(outcome, PAYOUT)
    assert not [f for f in findings(outcome) if f[0] == "settlement_gap"]


def test_a_bounced_payout_and_its_return_are_left_out() -> None:
    bounced = [payout(17_318, "10-02", line="W10-01-x", batch="20261002000009")]
    came_back = [row("payout", 17_318, "10-02", line="W10-01-y", batch="20261002000009")]
    outcome = run(statement(FLOW, [*takings(), *daily(), *bounced, *came_back]), channels=SWEPT)
    assert len(proved(outcome)) == len(DAYS)


def test_a_fixed_fee_of_the_payout_is_the_residual_of_each_match() -> None:
    drawn = [payout(sum(amounts) - 50, NEXT[on], line=f"W{on}") for on, amounts in DAYS.items()]
    outcome = run(statement(FLOW, [*takings(), *drawn]), channels=SWEPT)
    assert len(proved(outcome)) == len(DAYS)
    assert set(outcome.matches["residual_reason"]) == {"payout fee"}
    assert outcome.matches["residual"].abs().tolist() == [50] * len(DAYS)


def test_refunds_and_fees_are_lines_too_and_the_bank_still_gets_its_payouts() -> None:
    more = [refund("10-03-0", 20_459, "10-04"), row("fee", -27, "10-04", order="10-04-0"), pay("z", 30_000, "10-04")]
    days = DAYS | {"10-04": [7_001, -20_459, -27, 30_000]}
    received = [credit(sum(amounts), NEXT[on], memo="合众易宝 提现") for on, amounts in days.items()]
    drawn = daily(days)
    outcome = run(statement(FLOW, [*takings(), *more, *drawn]), statement(BANK, received), channels=SWEPT)
    assert (*WHOLE, 5) in proved(outcome)
    assert len(matches(outcome, "gateway-bank")) == len(DAYS)
