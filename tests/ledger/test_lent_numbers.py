"""An orchestrator's list beside a processor's bill: the money once, under the shop's own order numbers."""

from __future__ import annotations

from dataclasses import replace

from recon.ledger.lent_numbers import lend_numbers
from recon.ledger.money_book import copies
from recon.ledger.statement import Statement
from tests.ledger.make import BATCH, CHANNELS, facts, ledger, pay, refund, statement

LIST = "orc.list"
WITH_LIST = CHANNELS | {LIST: facts(LIST, "gateway", "orc")}


def listed(*rows: dict[str, object]) -> Statement:
    one = statement(BATCH, [row | {"book": "copy"} for row in rows], account="orc:default", file="list.csv")
    return replace(one, channel=LIST, book="copy")


def column(found: Statement, name: str) -> list[str | None]:
    return found.table[name].to_pylist()


def test_a_processor_gets_the_order_numbers_and_the_list_is_its_copy() -> None:
    bill = statement(BATCH, [pay("base62", 100, "10-08", payment="P1"), refund("base62", 30, "10-09", payment=None)])
    given = listed(pay("A", 100, "10-08", payment="P1"), pay("B", 50, "10-09", payment="P2"))
    lent, told = lend_numbers([bill, given], WITH_LIST)
    assert column(lent, "order_ref") == ["A", "A"]
    assert column(told, "book") == ["copy", "trade"]
    assert lend_numbers([given, bill], WITH_LIST) == [told, lent]


def test_a_list_alone_is_left_as_it_is() -> None:
    bill = statement(BATCH, [pay("base62", 100, "10-08", payment="P9")])
    given = listed(pay("A", 100, "10-08", payment="P1"))
    assert lend_numbers([bill, given], WITH_LIST) == [bill, given]


def test_a_payment_of_two_orders_lends_neither() -> None:
    bill = statement(BATCH, [pay("base62", 100, "10-08", payment="P1")])
    given = listed(pay("A", 60, "10-08", payment="P1"), pay("B", 40, "10-08", payment="P1"))
    assert column(lend_numbers([bill, given], WITH_LIST)[0], "order_ref") == ["base62"]


def test_a_copy_of_another_account_is_one_by_its_payment_number() -> None:
    rows = [pay("A", 100, "10-08", payment="P1"), pay("B", 50, "10-09", payment="P2")]
    again = [row | {"book": "copy"} for row in rows]
    view = ledger(statement(BATCH, rows[:1]), statement(BATCH, again, account="other", file="again.csv"))
    told = {(int(a), str(p)): bool(c) for a, p, c in zip(view.amount, view.entries["book"], copies(view), strict=True)}
    assert told == {(100, "cash"): False, (100, "copy"): True, (50, "copy"): False}
