"""`legs` of recon.yaml: the rules of a leg, what they change in a run, and how wrong ones are told."""

from __future__ import annotations

from fractions import Fraction

import pytest

from recon.config import Config, read
from recon.config.document import parse_text
from recon.config.rules import rules_of
from recon.ledger.channel import Window
from recon.matching.rules import BankRules, OrderRules, WindowRule
from tests.breaks.ledgers import FACTS, File, breaks, brief, run
from tests.breaks.test_loose import AS_OF, DAY, OCTOBER, shop, told, wechat


def config(text: str) -> Config:
    return read(parse_text(text, "recon.yaml"))


def rules(text: str):
    return rules_of(config(text), FACTS, None, None, None)


def test_without_legs_the_defaults_hold():
    found = rules("lang: en\n")
    assert found.orders == OrderRules()
    assert found.bank == BankRules()
    assert found.orders.windows == (WindowRule("by-amount-and-day", limit=Fraction(1, 1000)),)


def test_a_leg_runs_the_rules_that_are_listed_in_their_order():
    found = rules(
        "legs:\n  order-gateway:\n    rules:\n"
        "    - {name: number, pass: reference, keys: [order_ref]}\n"
        "    - {name: same day, pass: window, days: [0, 0], kinds: [payment], channels: [shop.orders]}\n"
        "    - {name: week, pass: window, days: [-1, 5], unit: working, calendar: US, action: suggest, limit: 0.5%}\n"
    ).orders
    assert found == OrderRules(
        keys=("order_ref",),
        windows=(
            WindowRule("same day", (0, 0), kinds=frozenset({"payment"}), channels=frozenset({"shop.orders"})),
            WindowRule("week", (-1, 5), "working", "US", posts=False, limit=Fraction(1, 200)),
        ),
        near_key=False,
    )


def test_the_rule_of_the_bank_changes_the_arrival_of_channels_without_a_window_of_their_own():
    found = rules(
        "legs: {gateway-bank: {rules: [{name: bank, pass: window, days: [0, 5], action: suggest}]}}\n"
        "windows: {alipay.cash: [{trigger: occurred_at, days: [0, 9]}]}\n"
    )
    assert found.bank == BankRules("bank", posts=False)
    assert found.channels["wechatpay.fundflow"].arrival == (Window("occurred_at", 0, 5),)
    assert found.channels["alipay.cash"].arrival == (Window("occurred_at", 0, 9),)
    assert found.channels["shop.orders"].arrival == ()


def test_an_order_list_can_be_told_where_it_settles():
    found = rules("legs: {order-gateway: {settles_via: {shop.orders: [wechatpay]}}}\n")
    assert found.channels["shop.orders"].settles_via == ("wechatpay",)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("{name: a, pass: reference, days: [0, 1]}", "'days' means nothing in a reference pass"),
        ("{name: a, pass: near_key, limit: 1%}", "'limit' means nothing in a near_key pass"),
        ("{name: a, pass: window, keys: [order_ref]}", "'keys' means nothing in a window pass"),
        ("{name: a, pass: window, days: [3, 1]}", "the latest day lies before the earliest"),
        ("{name: a, pass: window, calendar: XX}", "is no country whose holidays are known"),
        ("{name: a, pass: guess}", "Write reference"),
    ],
)
def test_a_rule_that_says_nothing_is_refused(rule, said):
    with pytest.raises(Exception, match=said):
        config(f"legs: {{order-gateway: {{rules: [{rule}]}}}}\n")


@pytest.mark.parametrize(
    ("leg", "said"),
    [
        ("{rules: [{name: a, pass: reference}]}", "takes one window rule"),
        ("{rules: [{name: a, pass: window, limit: 1%}]}", "days, unit, calendar and action"),
        ("{settles_via: {a: [b]}}", "takes one window rule"),
    ],
)
def test_what_the_bank_does_not_take_is_refused(leg, said):
    with pytest.raises(Exception, match=said):
        config(f"legs: {{gateway-bank: {leg}}}\n")


def orders(*windows: WindowRule, **more) -> OrderRules:
    return OrderRules(windows=windows, **more)


def test_a_rule_with_days_of_its_own_finds_what_the_channel_window_does_not():
    listed, money = shop(("A", "88.00", DAY)), wechat(("88.00", "2026-10-18"))
    assert [code for code, *_ in brief(run(listed, money, as_of=AS_OF))] == ["missing_payment", "unknown_payment"]
    found = run(listed, money, as_of=AS_OF, orders=orders(WindowRule("week", (0, 7))))
    assert brief(found) == [("suggested", "88.00", "88.00", "equal_amounts", None, "low")]


def test_days_of_a_rule_that_are_not_over_hold_the_pair():
    listed = shop(("A", "88.00", "2026-10-28"))
    found = run(listed, wechat(("88.00", "2026-10-29")), as_of=AS_OF, orders=orders(WindowRule("week", (0, 7))))
    assert breaks(found) == []


def test_a_posted_pair_carries_the_name_of_its_rule():
    tmall = shop(("4026900000000000001", "88.00", "2026-10-13", {"confirmed_at": DAY}), channel="taobao.orders")
    money = File("alipay.cash", **OCTOBER).payment(None, "88.00", DAY, payment_ref="2026101400000000001")
    assert told(run(tmall, money, as_of=AS_OF, orders=orders(WindowRule("ours")))) == [("ours", "proved", "unique")]
    suggested = run(tmall, money, as_of=AS_OF, orders=orders(WindowRule("ours", posts=False)))
    assert [code for code, *_ in brief(suggested)] == ["suggested"]


def test_a_later_rule_sees_what_the_earlier_left():
    listed = shop(("A", "88.00", DAY), ("B", "88.00", "2026-10-20"))
    money = wechat(("88.00", DAY), ("88.00", "2026-10-24"))
    wide = WindowRule("wide", (-30, 30))
    assert [c for c, *_ in brief(run(listed, money, as_of="2026-11-29", orders=orders(wide)))] == ["suggested"]
    found = run(listed, money, as_of="2026-11-29", orders=orders(WindowRule("same day", (0, 0)), wide))
    assert [row[:3] for row in brief(found)] == [("suggested", "88.00", "88.00")] * 2


@pytest.mark.parametrize(
    ("rule", "codes"),
    [
        (WindowRule(kinds=frozenset({"refund"})), ["missing_payment", "unknown_payment"]),
        (WindowRule(channels=frozenset({"taobao.orders"})), ["missing_payment", "unknown_payment"]),
        (WindowRule(channels=frozenset({"shop.orders"})), ["suggested"]),
    ],
)
def test_a_rule_looks_only_at_what_it_is_for(rule, codes):
    found = run(shop(("A", "88.00", DAY)), wechat(("88.00", DAY)), as_of=AS_OF, orders=orders(rule))
    assert [code for code, *_ in brief(found, "order-gateway")] == codes


def test_numbers_that_do_not_link_are_no_contradiction_either():
    money = File("wechatpay.trade", **OCTOBER).payment("Z", "88.00", DAY)
    by_amount = OrderRules(keys=("payment_ref",))
    found = run(shop(("A", "88.00", DAY)), money, as_of=AS_OF, orders=by_amount)
    assert [code for code, *_ in brief(found, "order-gateway")] == ["suggested"]


def test_without_near_keys_a_damaged_number_stays_open():
    money = File("wechatpay.trade", **OCTOBER).payment("202610140012354678", "88.00", "2026-10-15")
    listed = shop(("202610140012345678", "88.00", DAY))
    assert [c for c, *_ in brief(run(listed, money, as_of=AS_OF))] == ["suggested"]
    found = run(listed, money, as_of=AS_OF, orders=OrderRules(near_key=False))
    assert [c for c, *_ in brief(found, "order-gateway")] == ["missing_payment", "unknown_payment"]


def test_a_bank_rule_that_suggests_posts_no_payer_and_amount():
    money = File("wechatpay.fundflow", **OCTOBER)
    money.row("payment", "100.00", DAY, payment_ref="T0000001")
    money.row("payout", "-100.00", "2026-10-15", payment_ref="W0000001")
    bank = File("bank", **OCTOBER).row("receipt", "100.00", "2026-10-16", counterparty="财付通支付科技有限公司")
    posted = run(money, bank, as_of=AS_OF)
    assert [row[0] for row in brief(posted, "gateway-bank")] == []
    found = run(money, bank, as_of=AS_OF, bank=BankRules("ours", posts=False))
    assert [row[0] for row in brief(found, "gateway-bank")] == ["suggested"]
