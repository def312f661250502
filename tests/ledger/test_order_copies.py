"""Item and refund lists beside the order list: what it tells already is a copy, what it lacks counts."""

from __future__ import annotations

from dataclasses import replace

from recon.ledger.copies import mark_copies
from recon.ledger.statement import Statement
from tests.ledger.make import ALI, CHANNELS, TAO, Row, back, excluded, findings, pay, refund, run, sale, statement

ITEMS = "tao.items"
KNOWN = CHANNELS | {ITEMS: replace(CHANNELS[TAO], channel=ITEMS)}


def items(*rows: Row) -> Statement:
    lines = [row | {"book": "copy", "channel": ITEMS} for row in rows]
    return replace(statement(TAO, lines, file="items.csv", account="items"), channel=ITEMS, book="copy")


def books(*files: Statement) -> list[list[str | None]]:
    return [one.table["book"].to_pylist() for one in mark_copies(files, KNOWN)]


def test_lines_of_orders_that_are_listed_are_copies() -> None:
    orders = statement(TAO, [sale("A", 100, "10-01"), back("A", 30)])
    lines = items(sale("A", 60, "10-01", sub="A1"), sale("A", 40, "10-01", sub="A2"), sale("B", 50, "10-01", sub="B1"))
    assert books(orders, lines) == [[None, None], ["copy", "copy", None]]
    assert books(lines, orders) == [["copy", "copy", None], [None, None]]


def test_a_kind_that_the_order_list_lacks_is_told_by_the_other() -> None:
    orders = statement(TAO, [sale("A", 100, "10-01"), sale("B", 50, "10-01"), back("B", 5)])
    refunds = items(back("A", 30, "10-05", refund="R1"), back("B", 5, "10-05", refund="R2"))
    assert books(orders, refunds)[1] == [None, "copy"]


def test_lines_alone_are_the_orders() -> None:
    assert books(items(sale("A", 60, "10-01", sub="A1"))) == [[None]]


def test_orders_told_twice_are_sold_once() -> None:
    orders = statement(TAO, [sale("A", 100, "10-01", done="10-05", released=70), back("A", 30)])
    lines = items(sale("A", 60, "10-01", sub="A1"), sale("A", 40, "10-01", sub="A2"), back("A", 30, sub="A2"))
    money = statement(ALI, [pay("A", 70, "10-05")], period=("10-01", "10-09"))
    outcome = run(*mark_copies([orders, lines, money], KNOWN), channels=KNOWN, as_of="2026-10-09")
    assert findings(outcome) == []
    reasons = [(kind, amount, reason) for kind, amount, reason, _ in excluded(outcome, "order-gateway")]
    assert reasons == [("refund", -30, "copy"), ("sale", 40, "copy"), ("sale", 60, "copy")]


def test_refunds_of_another_list_are_expected_of_the_money() -> None:
    orders = statement(TAO, [sale("A", 100, "10-01", done="10-03", released=100)])
    money = statement(ALI, [pay("A", 100, "10-03"), refund("A", 30, "10-05")], period=("10-01", "10-09"))
    assert findings(run(orders, money, channels=KNOWN, as_of="2026-10-09")) != []
    refunds = items(back("A", 30, "10-05", refund="R1"))
    both = mark_copies([orders, refunds, money], KNOWN)
    assert findings(run(*both, channels=KNOWN, as_of="2026-10-09")) == []
