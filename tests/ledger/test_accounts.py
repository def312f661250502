"""Whose bill is it that prints no account: told by shared numbers, else by the balance it continues, else by nobody."""

from dataclasses import replace
from itertools import permutations

import pytest

from recon.ledger.accounts import resolve
from recon.ledger.statement import Statement
from tests.ledger.make import BATCH, CHANNELS, FUND, TRADE, pay, payout, row, statement


def names(*files: Statement) -> list[str]:
    found = resolve(files, CHANNELS)
    for one in found:
        assert set(one.table.column("account").to_pylist()) <= {facts.account for facts in one.accounts}
    return [one.accounts[0].account for one in found]


TRADE_1 = statement(TRADE, [pay("A", 100, "10-01"), pay("B", 100, "10-02")], account="1900000109")
TRADE_2 = statement(TRADE, [pay("C", 100, "10-01"), pay("D", 100, "10-02")], account="1900000208", file="2.csv")
NOBODY = f"{FUND}:default"


def fund(*orders: str, **more: object) -> Statement:
    return statement(FUND, [pay(name, 100, "10-01") for name in orders], **more)


def test_a_fund_bill_belongs_to_the_account_whose_numbers_it_shares() -> None:
    assert names(TRADE_1, TRADE_2, fund("C"))[2] == "1900000208"
    assert names(fund("A", "B", "C"), TRADE_1, TRADE_2)[0] == "1900000109"


def test_a_list_of_lines_belongs_to_the_wallet_that_names_its_batches() -> None:
    wallet = statement(TRADE, [row("transfer", 90, "10-02", batch="B1"), payout(90, "10-03")], account="1900000208")
    lines = [row("payment", 100, "10-01", order="A", batch="B1"), row("fee", -10, "10-01", order="A", batch="B1")]
    assert names(TRADE_1, wallet, statement(FUND, lines))[2] == "1900000208"


@pytest.mark.parametrize("orders", [("A", "C"), ("X",), ()])
def test_as_many_numbers_of_two_accounts_or_none_name_nobody(orders: tuple[str, ...]) -> None:
    assert names(TRADE_1, TRADE_2, fund(*orders, period=("10-01", "10-02")))[2] == NOBODY


def test_a_bill_of_withdrawals_belongs_where_its_balance_continues() -> None:
    first = fund("A", opening=50, closing=150, period=("10-01", "10-01"))
    second = statement(FUND, [payout(90, "10-02")], file="b", opening=150, closing=60, period=("10-02", "10-02"))
    third = statement(FUND, [payout(20, "10-03")], file="c", opening=60, closing=40, period=("10-03", "10-03"))
    before = statement(FUND, [payout(20, "09-30")], file="d", opening=70, closing=50, period=("09-30", "09-30"))
    assert names(TRADE_1, TRADE_2, third, second, first, before)[2:] == ["1900000109"] * 4


@pytest.mark.parametrize(
    ("opening", "closing", "day"),
    [(151, 60, "10-02"), (None, None, "10-02"), (150, 60, "09-30")],
)  # one fen off; no balance; the day before
def test_another_balance_or_day_names_nobody(opening: int | None, closing: int | None, day: str) -> None:
    first = fund("A", opening=50, closing=150, period=("10-01", "10-01"))
    other = statement(FUND, [payout(90, day)], file="b", opening=opening, closing=closing, period=(day, day))
    assert names(TRADE_1, first, other)[2] == NOBODY


def test_an_empty_account_is_no_evidence() -> None:
    first = fund("A", opening=0, closing=0, period=("10-01", "10-01"))
    other = statement(FUND, [payout(90, "10-02")], file="b", opening=0, closing=0, period=("10-02", "10-02"))
    assert names(TRADE_1, first, other)[2] == NOBODY


def test_where_no_payment_number_is_shared_the_order_numbers_tell() -> None:
    by_order = statement(FUND, [pay("C", 100, "10-01", payment="X9")])
    assert names(TRADE_1, TRADE_2, by_order)[2] == "1900000208"


def test_where_no_bill_prints_an_account_cash_is_that_of_the_trade_book_and_a_copy_that_of_its_original() -> None:
    nobody = f"{TRADE}:default"
    trade, cash = statement(TRADE, [pay("A", 100, "10-01")], account=nobody), fund("A", "B")
    copy = replace(statement(BATCH, [pay("B", 100, "10-01")], account=f"{BATCH}:default"), book="copy")
    channels = {**CHANNELS, BATCH: replace(CHANNELS[BATCH], family="wx")}
    for files in permutations([trade, cash, copy]):
        assert {one.accounts[0].account for one in resolve(files, channels)} == {nobody}
    assert names(fund("C"), trade) == [NOBODY, nobody]


def test_the_entries_keep_their_ids() -> None:
    bill = fund("A")
    (named,) = resolve([bill, TRADE_1], CHANNELS)[:1]
    assert named.table.column("entry_id").equals(bill.table.column("entry_id"))


def test_bills_that_print_their_account_stay() -> None:
    assert names(TRADE_1, TRADE_2) == ["1900000109", "1900000208"]
    assert names() == []
