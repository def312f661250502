"""On which days a rule by amount and day lets the partner come."""

import numpy as np
import pytest

from recon.ledger.days import NO_DAY, day_number
from recon.matching.bounds import OF_ORDERS
from recon.matching.rules import BankRules, OrderRules, WindowRule
from tests.ledger.make import day


def d(text: str) -> int:
    return day_number(day(text))


@pytest.mark.parametrize(
    ("rule", "first", "last"),
    [
        (WindowRule(days=(0, 3)), "10-16", "10-19"),
        (WindowRule(days=(-2, 0)), "10-14", "10-16"),
        (WindowRule(days=(1, 2), unit="working"), "10-17", "10-20"),  # a Friday: Monday and Tuesday are worked
    ],
)
def test_the_days_of_a_rule_count_from_the_trigger(rule: WindowRule, first: str, last: str) -> None:
    trigger = np.array([d("10-16"), NO_DAY])
    early, late = rule.window(trigger)
    assert early.tolist() == [d(first), NO_DAY]
    assert late.tolist() == [d(last), NO_DAY]
    assert trigger.tolist() == [d("10-16"), NO_DAY]


def test_a_company_that_configures_nothing_has_near_numbers_suggested_and_payouts_posted_by_payer_and_day() -> None:
    assert OrderRules().near_key
    assert BankRules().posts


def test_without_a_limit_of_its_own_a_rule_may_be_wrong_in_a_thousandth_of_the_orders() -> None:
    assert WindowRule().limit == OF_ORDERS
