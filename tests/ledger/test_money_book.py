"""Which book tells an account's money: the cash book, but an order's lines where it shows their net alone."""

from dataclasses import replace

import pytest

from recon.ledger.money_book import told_by_cash
from recon.ledger.statement import Statement
from recon.ledger.view import view
from tests.ledger.make import CHANNELS, FUND, NUMBER, TRADE, pay, payout, row, run, statement

ACCOUNT = NUMBER[TRADE]
NETTING = CHANNELS | {FUND: replace(CHANNELS[FUND], nets=("net",))}


def told(*files: Statement, channels: object = NETTING) -> list[tuple[str, str, int]]:
    outcome = run(*files, channels=channels)
    mask = told_by_cash(view(outcome.entries, outcome.channels), outcome)
    entries = outcome.entries[mask]
    lines = zip(entries["channel"].astype(str), entries["kind"].astype(str), entries["amount"], strict=True)
    return sorted((c, k, int(a)) for c, k, a in lines)


def trade() -> Statement:
    rows = [pay("A", 100, "10-01"), row("commission", -5, "10-01", order="A"), pay("B", 50, "10-01")]
    return statement(TRADE, rows)


def cash(a: int, b: int, **more: object) -> Statement:
    rows = [pay("A", a, "10-01", payment=None, **more), pay("B", b, "10-01", payment=None, **more)]
    return statement(FUND, [*rows, payout(30, "10-01")], account=ACCOUNT)


TRADE_ROWS = [(TRADE, "commission", -5), (TRADE, "payment", 50), (TRADE, "payment", 100)]


@pytest.mark.parametrize(
    ("b", "expected"),
    [
        (50, [(FUND, "payment", 50), (FUND, "payment", 95)]),  # both nets are the sums of their lines
        (49, [(FUND, "payment", 95), (TRADE, "payment", 50)]),  # that of B is not: the cash book tells it
    ],
)
def test_the_lines_of_an_order_tell_its_net(b: int, expected: list[tuple[str, str, int]]) -> None:
    assert told(trade(), cash(95, b, detail="net")) == expected


def test_rows_that_are_no_nets_tell_themselves() -> None:
    assert told(trade(), cash(95, 50)) == TRADE_ROWS
    assert told(trade(), cash(95, 50, detail="net"), channels=CHANNELS) == TRADE_ROWS


def test_a_net_of_an_order_that_the_trade_book_does_not_show_stays() -> None:
    other = statement(FUND, [pay("C", 10, "10-01", payment=None, detail="net")], account=ACCOUNT)
    assert told(trade(), other) == TRADE_ROWS
    assert told(other) == []
