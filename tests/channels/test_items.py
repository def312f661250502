"""Orders with a row for each item: amounts of their own are added up, a total on every row is taken once."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations

import pytest

from recon.ledger.statement import Statement

HEAD = "订单号,订单状态,规格ID,SKU件数,用户应付金额(元),平台优惠(元),商家应收金额(元)(支付金额),支付时间\n"
SHOP = "订单号,订单下单时间,订单实际收款金额,订单状态,交易单号,商品编码(平台),商品已退款金额,支付时间"


def row(order: int, item: int, amount: str, subsidy: str = "0.00") -> str:
    return f"P{order:012},待发货,s{item},1,1.00,{subsidy},{amount},2026-10-01 09:00:00\n"


def sums(found: Statement) -> dict[str, int]:
    totals: dict[str, int] = {}
    for number, amount in zip(found.table["order_ref"].to_pylist(), found.table["amount"].to_pylist(), strict=True):
        totals[number[-1]] = totals.get(number[-1], 0) + amount
    return totals


def test_a_total_on_every_row_is_taken_once_and_said_so(statement: Callable[..., Statement]) -> None:
    rows = [row(1, 1, "30.00", "2.00"), row(1, 2, "30.00", "2.00"), row(2, 1, "5.00"), row(3, 1, "8.00")]
    rows += [row(3, 2, "8.00"), row(3, 3, "8.00")]
    found = statement(HEAD + "".join(rows))
    assert sums(found) == {"1": 3000, "2": 500, "3": 800}
    assert (found.booked_rows, found.table.num_rows) == (6, 4)
    assert "2 orders have several rows of items" in found.notes[0].en


@pytest.mark.parametrize("other", [("31.00", "2.00"), ("30.00", "0.00")])  # another total; another subsidy
def test_one_order_that_differs_makes_all_rows_their_own(
    statement: Callable[..., Statement], other: tuple[str, str]
) -> None:
    rows = [row(1, 1, "30.00", "2.00"), row(1, 2, *other), row(3, 1, "8.00"), row(3, 2, "8.00")]
    found = statement(HEAD + "".join(rows))
    assert sums(found) == {"1": 3000 + int(other[0].replace(".", "")), "3": 1600}
    assert found.notes == ()


def test_the_row_that_stays_does_not_depend_on_the_order_of_the_rows(statement: Callable[..., Statement]) -> None:
    rows = [row(1, item, "30.00") for item in (1, 2, 3)]
    ids = {tuple(statement(HEAD + "".join(turned)).table["entry_id"].to_pylist()) for turned in permutations(rows)}
    assert len(ids) == 1


def test_orders_of_one_row_each_say_nothing(statement: Callable[..., Statement]) -> None:
    found = statement(HEAD + row(1, 1, "30.00") + row(2, 1, "30.00"))
    assert (sums(found), found.notes) == ({"1": 3000, "2": 3000}, ())


def test_what_was_refunded_of_an_item_stays_with_it(statement: Callable[..., Statement]) -> None:
    head = SHOP + "\n"
    row = "5000000000,2026-10-01 09:00:00,30.00,已完成,42,g{},{},2026-10-01 09:00:00\n"
    found = statement(head + row.format(1, "4.00") + row.format(2, "1.50") + row.format(3, "0.00"))
    made = zip(found.table["kind"].to_pylist(), found.table["amount"].to_pylist(), strict=True)
    assert sorted(made) == [("refund", -400), ("refund", -150), ("sale", 3000)]


@pytest.mark.parametrize(("fees", "whole"), [(("1.50", "1.50"), -150), (("1.00", "0.50"), -150)])
def test_a_column_apart_is_told_by_its_own_rows(
    statement: Callable[..., Statement], fees: tuple[str, str], whole: int
) -> None:
    head = SHOP + ",订单完成结算时间,技术服务费\n"
    row = "5000000000,2026-10-01 09:00:00,{},已完成,42,g{},0.00,2026-10-01 09:00:00,2026-10-09 16:00:00,{}\n"
    for sales, sale in ((("30.00", "30.00"), 3000), (("10.00", "20.00"), 3000)):
        found = statement(head + "".join(row.format(s, n, f) for n, (s, f) in enumerate(zip(sales, fees, strict=True))))
        made = zip(found.table["kind"].to_pylist(), found.table["amount"].to_pylist(), strict=True)
        total = {"sale": 0, "commission": 0}
        for kind, amount in made:
            total[kind] += amount
        assert total == {"sale": sale, "commission": whole}
        assert bool(found.notes) == (sales[0] == sales[1])


def test_a_fee_that_comes_back_otherwise_is_not_compared(statement: Callable[..., Statement]) -> None:
    head = SHOP + ",技术服务费,技术服务费（将以人气卡形式返还）\n"
    row = "50000000{},2026-10-01 09:00:00,30.00,已完成,42,g,0.00,2026-10-01 09:00:00,1.50,{}\n"
    found = statement(head + row.format("01", "0.00") + row.format("02", "1.50"))
    made = zip(found.table["order_ref"].to_pylist(), found.table["kind"].to_pylist(), strict=True)
    assert sorted(made) == [("5000000001", "commission"), ("5000000001", "sale"), ("5000000002", "sale")]
