"""Credits of an acquirer that name the clearing days they pay: `0930费0元`, over a holiday `0930-1007费0元`."""

from typing import Any

import pytest

from recon.ledger.outcome import GATEWAY_BANK, Outcome
from recon.ledger.statement import Statement
from recon.outputs.conservation import prove
from tests.ledger.make import BANK, POS, Row, credit, excluded, findings, matches, pay, row, run, statement

MONTH = ("09-28", "10-31")
PAYER = "银联商务股份有限公司客户备付金"


def pos(*rows: Row, **more: Any) -> Statement:
    return statement(POS, list(rows), **{"period": MONTH} | more)


def leg(*files: Statement) -> Outcome:
    outcome = run(*files, as_of="10-31")
    prove(outcome)
    return outcome


def bank(*lines: Row) -> Statement:
    return statement(BANK, list(lines), period=("09-20", "10-31"))


def taken(order: str, amount: int, on: str) -> list[Row]:
    return [pay(order, amount, on), row("fee", -1, on, order=order)]


DAYS = [*taken("A", 100, "09-29"), *taken("B", 200, "09-30"), *taken("C", 300, "10-03"), *taken("D", 400, "10-08")]


def test_one_day_and_the_days_of_a_holiday() -> None:
    lines = bank(
        credit(99, "09-30", f"{PAYER} 0929费0元"),
        credit(498, "10-08", f"{PAYER} 0930-1007费0元"),
        credit(399, "10-09", f"{PAYER} 1008费0元"),
    )
    outcome = leg(pos(*DAYS), lines)
    assert matches(outcome, GATEWAY_BANK) == [("by-day", "proved", "structure", size) for size in (3, 3, 5)]
    assert findings(outcome) == []


def test_two_credits_of_the_same_day_are_one_sum() -> None:
    lines = bank(credit(50, "09-30", f"{PAYER} 0929费0元"), credit(49, "09-30", f"{PAYER} 0929费0元"))
    assert matches(leg(pos(*DAYS[:2]), lines), GATEWAY_BANK) == [("by-day", "proved", "structure", 4)]


def test_another_amount_is_a_break_of_that_payout() -> None:
    outcome = leg(pos(*DAYS[:2]), bank(credit(90, "09-30", f"{PAYER} 0929费0元")))
    assert matches(outcome, GATEWAY_BANK) == []
    assert findings(outcome) == [("payout_mismatch", 99, 90)]


def test_days_before_the_files_are_none_of_theirs() -> None:
    lines = bank(credit(7, "09-23", f"{PAYER} 0922费0元"), credit(99, "09-30", f"{PAYER} 0929费0元"))
    outcome = leg(pos(*DAYS[:2]), lines)
    assert excluded(outcome, GATEWAY_BANK) == [("receipt", 7, "before the files", "")]
    assert findings(outcome) == []


@pytest.mark.parametrize(("amount", "tied"), [(99, True), (98, False)])
def test_of_two_merchants_the_one_whose_sum_it_is(amount: int, tied: bool) -> None:
    other = pos(*taken("Z", 700, "09-29"), account="898000000000002")
    outcome = leg(pos(*DAYS[:2]), other, bank(credit(amount, "09-30", f"{PAYER} 0929费0元")))
    assert (matches(outcome, GATEWAY_BANK) == [("by-day", "proved", "structure", 3)]) is tied


def test_a_text_of_another_payer_says_nothing() -> None:
    outcome = leg(pos(*DAYS[:2]), bank(credit(99, "09-30", "某公司 0929费0元")))
    assert ("by-day", "proved", "structure", 3) not in matches(outcome, GATEWAY_BANK)
