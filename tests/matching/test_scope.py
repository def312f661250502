"""What each leg may look at, and the reason that is given for every entry that none looks at."""

import numpy as np
import pytest

from recon.ledger.days import day_number
from recon.ledger.outcome import GATEWAY_BANK, ORDER_GATEWAY
from recon.ledger.view import View
from recon.matching.scope import OTHER_TENDER, Scope, outside, scope_of
from recon.timing import Coverage
from tests.ledger.make import (
    ALI,
    BANK,
    CHANNELS,
    FUND,
    NUMBER,
    OWN,
    TRADE,
    credit,
    day,
    ledger,
    pay,
    payout,
    row,
    sale,
    statement,
)


def d(text: str) -> int:
    return day_number(day(text))


@pytest.fixture(scope="module")
def world() -> tuple[View, Scope]:
    """as_of is the fifth. Amounts tell the entries apart."""
    view = ledger(
        statement(
            OWN,
            [sale("A", 1, "10-01"), sale("B", 2, "10-09"), sale("C", 3, "10-01", detail=OTHER_TENDER)],
        ),
        statement(
            ALI,
            [
                pay("A", 10, "10-01"),
                pay("B", 11, "10-09"),
                row("fee", -12, "10-01"),
                row("chargeback", -13, "10-01"),
                row("deposit", 14, "10-01"),
                row("deposit", 15, "10-09"),
                payout(16, "10-01"),
                payout(17, "10-09"),
                pay("A", 18, "10-01", payment="C1", book="copy"),
                payout(19, "10-01", book="copy"),
                pay("B", 20, "10-09", payment="C2", book="copy"),
                pay("E", 21, "10-01", payment="C3", detail=OTHER_TENDER),
            ],
        ),
        statement(TRADE, [pay("D", 30, "10-01")]),
        statement(FUND, [pay("D", 31, "10-01")], account=NUMBER[TRADE]),
        statement(BANK, [credit(40, "10-01"), credit(41, "10-09")]),
    )
    books = {f"wx:{NUMBER[TRADE]}#trade": Coverage(d("10-01"), d("10-05"))}
    return view, scope_of(view, CHANNELS, books, d("10-05"))


def amounts(view: View, rows: np.ndarray) -> list[int]:
    return sorted(int(amount) for amount in view.amount[rows])


def test_every_entry_that_no_leg_looks_at_has_one_reason(world: tuple[View, Scope]) -> None:
    view, scope = world
    told = [
        (leg, reason, amounts(view, rows))
        for leg, rows, reason in outside(view, scope, view.amount == -12, view.amount == -13)
        if len(rows)
    ]
    assert told == [
        (ORDER_GATEWAY, "after as_of", [2, 11, 20]),
        (GATEWAY_BANK, "after as_of", [-17, 41]),
        (ORDER_GATEWAY, "copy", [18]),
        (GATEWAY_BANK, "copy", [-19]),
        (ORDER_GATEWAY, "told by the trade book", [31]),
        (ORDER_GATEWAY, OTHER_TENDER, [3]),
        (ORDER_GATEWAY, "no reference", [-12]),
        (ORDER_GATEWAY, "not an order's money", [14, 15]),
    ]


def test_what_the_order_leg_compares_and_what_only_clears(world: tuple[View, Scope]) -> None:
    view, scope = world
    assert amounts(view, scope.seen) == [-12, 1, 10, 21, 30]
    assert amounts(view, scope.later) == [2, 11]


def test_what_counts_on_every_side_up_to_as_of_and_after_it(world: tuple[View, Scope]) -> None:
    view, scope = world
    assert amounts(view, scope.usable) == [-16, -13, -12, 1, 3, 10, 14, 21, 30, 31, 40]
    assert amounts(view, scope.unused) == [-17, 2, 11, 15, 41]
