"""Two numberings that never meet: one finding; and what looks like it and is none."""

from __future__ import annotations

import pytest

from tests.breaks.ledgers import File, findings, run, waiting

OCTOBER = {"first": "2026-10-01", "last": "2026-10-31"}
AS_OF = "2026-10-31"


def shop():
    file = File("shop.orders")
    for number, day in (("EDGE1", "2026-10-01"), ("EDGE2", "2026-10-31")):
        file.order(number, "0.00", f"{day} 00:00:01", state="closed", paid_at=None, shop="S")
    return file


def numbered(count, *, other=lambda n: f"M{n:05}", minutes=0, amount=lambda n: 1000 + n % 7 * 500, meet=0):
    """Orders N..., their money under other numbers; `meet` of them under the orders' own."""
    listed, money = shop(), File("wechatpay.trade", **OCTOBER)
    for n in range(count):
        when = f"2026-10-{2 + n % 27:02} {8 + n % 11:02}:{n % 60:02}:00"
        listed.order(f"N{n:05}", amount(n), when, shop="S")
        number = f"N{n:05}" if n < meet else other(n)
        later = f"{when[:14]}{(n + minutes) % 60:02}:05"
        money.payment(number, amount(n), later, fee="-0.06", payment_ref=f"T{n:05}")
    return listed, money


def test_two_numberings_are_one_finding():
    listed, money = numbered(302, meet=6)
    result = run(listed, money, as_of=AS_OF)
    (found,) = findings(result)
    total = sum(1000 + n % 7 * 500 for n in range(6, 302))
    assert (found["code"], found["severity"], found["leg"]) == ("wrong_key", "high", "order-gateway")
    assert (found["expected"], found["actual"], found["difference"]) == (total, total, 0)
    assert found["symptoms"] == "unknown_payment;missing_payment"
    assert "6 of 302 meet" in found["explanation"]
    assert found["reach_rows"] == 296 * 3
    reasons = {(kind, reason) for kind, _, reason, _ in waiting(result, "order-gateway")}
    assert reasons == {(kind, "wrong key") for kind in ("sale", "payment", "fee")}
    assert not result.finding_rows["owned"].any()


def test_the_same_whatever_the_order_of_rows_and_files():
    listed, money = numbered(60)
    forth = run(listed, money, as_of=AS_OF)
    listed.rows.reverse()
    money.rows.reverse()
    assert findings(run(money, listed, as_of=AS_OF)) == findings(forth)


@pytest.mark.parametrize(
    "world",
    [
        numbered(19),  # too few to say so
        numbered(60, meet=10),  # too many meet
        numbered(60, amount=lambda n: 1000 + n, other=lambda n: f"N{n:05}"),  # nothing is wrong
    ],
    ids=["few", "some meet", "clean"],
)
def test_what_is_no_second_numbering(world):
    assert "wrong_key" not in {f["code"] for f in findings(run(*world, as_of=AS_OF))}


def test_other_amounts_are_missing_orders_and_unknown_money():
    listed, _ = numbered(60)
    _, money = numbered(60, amount=lambda n: 777 + n)
    codes = [f["code"] for f in findings(run(listed, money, as_of=AS_OF))]
    assert (codes.count("missing_payment"), codes.count("unknown_payment")) == (60, 60)


def test_money_without_any_order_number_has_no_numbering():
    listed, money = numbered(60, other=lambda n: None)
    assert "wrong_key" not in {f["code"] for f in findings(run(listed, money, as_of=AS_OF))}


def test_another_wallet_of_the_shop_may_meet_in_full():
    listed, money = numbered(60)
    fine = File("alipay.cash", **OCTOBER)
    for n in range(40):
        listed.order(f"A{n:05}", 2000 + n, f"2026-10-{3 + n % 20:02} 10:00:00", shop="S")
        fine.payment(f"A{n:05}", 2000 + n, f"2026-10-{3 + n % 20:02} 10:00:09")
    (found,) = findings(run(listed, money, fine, as_of=AS_OF))
    assert (found["code"], found["account"]) == ("wrong_key", "1900000109")


def settled(count, prices, *, other=lambda n: f"F{n:05}"):
    """Orders completed one after another, settled five to eight days later under other numbers; few prices."""
    listed, flow = File("douyin.orders"), File("douyin.flow", first="2026-10-01", last="2026-10-31")
    for n in range(count):
        day = 1 + n % 21
        amount = 1000 + n * 7919 % prices * 500
        listed.order(
            f"N{n:05}", amount, f"2026-10-{day:02} 09:00:00", sub_ref=f"N{n:05}", state="completed",
            confirmed_at=f"2026-10-{day:02} 10:00:00",
        )  # fmt: skip
        flow.payment(other(n), amount, f"2026-10-{day + 5 + n % 4:02} 11:00:00", sub_ref=other(n))
    for number, last in (("EDGE1", "2026-09-21"), ("EDGE2", "2026-10-31")):
        listed.order(number, "0.00", f"{last} 00:00:01", sub_ref=number, state="closed", paid_at=None)
    return listed, flow


@pytest.mark.parametrize("prices", [10, 30, 400])
def test_money_of_later_days_is_judged_by_the_days_on_which_it_is_due(prices):
    """Of few prices many meet by chance, but none is left over."""
    (found,) = findings(run(*settled(240, prices), as_of=AS_OF))
    assert (found["code"], found["symptoms"]) == ("wrong_key", "unknown_payment;missing_payment")
    assert found["expected"] == found["actual"]


def test_a_payment_number_of_two_gateways_ties_nothing():
    """Both count from 1: the order of one is not paid by the other's money."""
    listed, money = numbered(40, other=lambda n: f"N{n:05}")
    other = File("alipay.cash", **OCTOBER)
    for n in range(40):
        when = f"2026-10-{2 + n % 27:02} 20:00:00"
        listed.order(f"T{n:05}", 700 + n, when, shop="T")
        other.payment(f"T{n:05}", 700 + n, when, payment_ref=f"T{n:05}")  # the numbers of the first wallet's payments
    for row in other.rows[::2]:
        row["order_ref"] = f"U{row['order_ref']}"
    codes = [f["code"] for f in findings(run(listed, money, other, as_of=AS_OF))]
    assert codes == ["missing_payment"] * 20 + ["unknown_payment"] * 20
