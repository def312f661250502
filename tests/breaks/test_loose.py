"""Orders and money that no number ties together: what is matched, suggested, open, and what still waits."""

from __future__ import annotations

import pytest

from recon.matching.rules import OrderRules, WindowRule
from tests.breaks.ledgers import File, breaks, brief, findings, major, run, waiting

AS_OF = "2026-10-31"
OCTOBER = {"first": "2026-10-01", "last": "2026-10-31"}
DAY = "2026-10-14 10:15:00"


def shop(*rows, channel="shop.orders", last="2026-11-30", **fields):
    file = File(channel, name=f"{channel}.csv")
    for number, day in (("EDGE1", "2026-10-01"), ("EDGE2", last)):
        file.order(number, "0.00", day, state="closed", shop="S")
    for number, amount, day, *more in rows:
        file.order(number, amount, day, shop="S", **fields, **(more[0] if more else {}))
    return file


def wechat(*rows, **period):
    """Payments without an order number: amount, day, and what else they print; refunds are negative."""
    file = File("wechatpay.trade", **(period or OCTOBER))
    for n, (amount, day, *more) in enumerate(rows):
        move = file.refund if amount.startswith("-") else file.payment
        move(None, amount, day, **{"payment_ref": f"T{n:07}", **(more[0] if more else {})})
    return file


def told(result):
    matches = result.matches
    return sorted(zip(matches["rule"], matches["verdict"], matches["basis"], strict=True))


def test_31_two_orders_and_two_receipts_of_one_moment_are_a_pool():
    result = run(
        shop(("A", "199.00", DAY), ("B", "199.00", DAY)), wechat(("199.00", DAY), ("199.00", DAY)), as_of=AS_OF
    )
    assert breaks(result, "order-gateway") == []
    assert told(result) == [("by-amount-and-day", "pool", "structure")]
    assert len(result.members) == 4
    assert "the pairing inside is open" in result.matches["explanation"][0]


def test_32_three_orders_and_two_receipts_are_ambiguous():
    listed = shop(*((number, "199.00", DAY) for number in "ABC"))
    result = run(listed, wechat(("199.00", DAY), ("199.00", DAY)), as_of=AS_OF)
    assert brief(result, "order-gateway") == [("ambiguous", "597.00", "398.00", "equal_amounts", None, "medium")]
    found = findings(result)[0]
    assert found["reach_rows"] == 5
    assert "exactly 1 of the orders unpaid" in found["explanation"]
    assert "6 pairings" in found["explanation"]
    assert told(result) == []


def test_too_many_receipts_are_ambiguous_too():
    result = run(shop(("A", "199.00", DAY)), wechat(("199.00", DAY), ("199.00", DAY)), as_of=AS_OF)
    assert brief(result, "order-gateway") == [("ambiguous", "199.00", "398.00", "equal_amounts", None, "medium")]
    assert "exactly 1 of the movements without an order" in findings(result)[0]["explanation"]


def test_a_list_that_settles_through_one_gateway_posts_its_unique_pair():
    tmall = shop(("4026900000000000001", "88.00", "2026-10-13", {"confirmed_at": DAY}), channel="taobao.orders")
    money = File("alipay.cash", **OCTOBER).payment(None, "88.00", DAY, payment_ref="2026101400000000001")
    result = run(tmall, money, as_of=AS_OF)
    assert breaks(result) == []
    assert told(result) == [("by-amount-and-day", "proved", "unique")]
    assert result.matches["explanation"][0].endswith("the only candidate by amount and day")


def test_a_list_of_several_gateways_only_suggests_it():
    result = run(shop(("A", "88.00", DAY)), wechat(("88.00", DAY)), as_of=AS_OF)
    assert brief(result, "order-gateway") == [("suggested", "88.00", "88.00", "equal_amounts", None, "low")]
    found = findings(result)[0]
    assert found["order_ref"] == "A"
    assert found["reach_rows"] == 2
    assert "order A: 88.00 due; a payment of 2026-10-14 without number is equal" in found["explanation"]


def test_a_pool_of_several_days_is_suggested_as_one():
    listed = shop(("A", "88.00", DAY), ("B", "88.00", "2026-10-15"))
    result = run(listed, wechat(("88.00", "2026-10-15"), ("88.00", "2026-10-15")), as_of=AS_OF)
    assert brief(result, "order-gateway") == [("suggested", "176.00", "176.00", "equal_amounts", None, "low")]
    assert "2 pairings" in findings(result)[0]["explanation"]


@pytest.mark.parametrize(
    ("order", "payment", "why"),
    [
        (("A", "88.00", DAY), ("88.01", DAY), "another amount"),
        (("A", "88.00", DAY), ("88.00", "2026-10-16"), "after the window"),
        (("A", "88.00", DAY), ("88.00", "2026-10-13"), "before the window"),
        (("A", "88.00", DAY, {"payment_ref": "T9999999"}), ("88.00", DAY), "both print a payment number, and differ"),
    ],
)
def test_what_contradicts_is_never_paired(order, payment, why):
    result = run(shop(order), wechat(payment), as_of=AS_OF)
    assert [code for code, *_ in brief(result, "order-gateway")] == ["missing_payment", "unknown_payment"], why


def test_a_payment_with_another_order_number_is_never_paired():
    money = File("wechatpay.trade", **OCTOBER).payment("Z", "88.00", DAY)
    result = run(shop(("A", "88.00", DAY)), money, as_of=AS_OF)
    assert [code for code, *_ in brief(result, "order-gateway")] == ["missing_payment", "unknown_payment"]


def test_a_gateway_that_the_list_does_not_settle_through_is_never_paired():
    tmall = shop(("4026900000000000001", "88.00", "2026-10-13", {"confirmed_at": DAY}), channel="taobao.orders")
    result = run(tmall, shop(("A", "5.00", DAY)), wechat(("88.00", DAY)), as_of=AS_OF)
    assert "suggested" not in [code for code, *_ in brief(result)]
    assert told(result) == []


def test_another_shops_account_is_never_paired():
    result = run(
        shop(("A", "88.00", DAY)), wechat(("88.00", DAY)), as_of=AS_OF,
        homes={"S": frozenset({"wechatpay:1999999999"})},
    )  # fmt: skip
    assert [code for code, *_ in brief(result, "order-gateway")] == ["missing_payment", "unknown_payment"]


def test_an_order_that_names_no_shop_may_settle_into_any_account():
    listed = shop(("B", "5.00", DAY))
    listed.order("A", "88.00", DAY)
    homes = {"S": frozenset({"wechatpay:1999999999"})}
    result = run(listed, wechat(("88.00", DAY)), as_of=AS_OF, homes=homes)
    assert [(code, amount) for code, amount, *_ in brief(result, "order-gateway")] == [
        ("missing_payment", "5.00"),
        ("suggested", "88.00"),
    ]


@pytest.mark.parametrize(
    ("kind", "codes"), [("payment", ["missing_refund", "unknown_refund"]), ("refund", ["suggested"])]
)
@pytest.mark.parametrize("refund", ["-30.00", "-0.01"])
def test_a_rule_pairs_only_the_kinds_that_it_is_for(kind, codes, refund):
    listed = shop(("A", "88.00", DAY, {"refund": refund, "refunded_at": "2026-10-15"}))
    money = wechat((refund, "2026-10-16"))
    money.payment("A", "88.00", DAY)
    rules = OrderRules(windows=(WindowRule(kinds=frozenset({kind})),))
    result = run(listed, money, as_of=AS_OF, orders=rules)
    assert [code for code, *_ in brief(result, "order-gateway")] == codes


def test_a_refund_without_number_meets_the_refund_that_an_order_shows():
    listed = shop(("A", "88.00", DAY, {"refund": "-30.00", "refunded_at": "2026-10-15"}))
    money = wechat(("-30.00", "2026-10-16"))
    money.payment("A", "88.00", DAY)
    result = run(listed, money, as_of=AS_OF)
    assert brief(result, "order-gateway") == [("suggested", "-30.00", "-30.00", "equal_amounts", None, "low")]
    assert "refund -30.00 due; a refund of 2026-10-16" in findings(result)[0]["explanation"]


@pytest.mark.parametrize(
    ("fields", "moved", "codes", "why"),
    [
        ({"state": "closed"}, ["88.00"], ["suggested"], "closed, and still shows its amount"),
        ({"refund": "-88.00"}, ["88.00"], ["suggested"], "paid, and given back in full"),
        ({"refund": "-88.00", "state": "closed"}, ["88.00"], ["unknown_payment"], "closed: nothing was to be paid"),
        ({"refund": "-30.00"}, ["88.00", "-30.00"], ["suggested", "unknown_refund"], "its payment is sought first"),
    ],
)
def test_which_orders_wait_for_a_payment(fields, moved, codes, why):
    listed = shop(("A", "88.00", DAY, {"refunded_at": "2026-10-15", **fields} if "refund" in fields else fields))
    result = run(listed, wechat(*((amount, "2026-10-15") for amount in moved)), as_of=AS_OF)
    told_codes = brief(result, "order-gateway")
    assert [code for code, *_ in told_codes] == codes, why
    assert all(line[1:3] == ("88.00", "88.00") for line in told_codes if line[0] == "suggested")


def test_inside_the_window_both_wait_and_name_each_other():
    listed = shop(("A", "88.00", "2026-10-31"))
    result = run(listed, wechat(("88.00", "2026-10-31")), as_of=AS_OF)
    assert breaks(result) == []
    assert waiting(result, "order-gateway") == [
        ("payment", "88.00", "inside the window", "2026-10-31 88.00"),
        ("sale", "88.00", "inside the window", "2026-10-31 88.00"),
    ]


def test_on_the_last_day_of_its_window_a_pair_is_no_longer_held():
    listed = shop(("A", "88.00", "2026-10-30"))
    result = run(listed, wechat(("88.00", "2026-10-30")), as_of=AS_OF)
    assert brief(result, "order-gateway") == [("suggested", "88.00", "88.00", "equal_amounts", None, "low")]
    assert waiting(result, "order-gateway") == []


def test_one_open_window_holds_the_whole_component():
    # The order of 10-30 is due; but its payment might also be that of the order of 10-31, which is not.
    listed = shop(("A", "88.00", "2026-10-30"), ("B", "88.00", "2026-10-31"))
    result = run(listed, wechat(("88.00", "2026-10-31")), as_of=AS_OF)
    assert breaks(result, "order-gateway") == []
    assert {reason for _, _, reason, _ in waiting(result, "order-gateway")} == {"inside the window"}


def test_many_candidates_are_counted_not_named():
    listed = shop(*((f"A{n}", "88.00", "2026-10-31") for n in range(4)))
    result = run(listed, wechat(("88.00", "2026-10-31")), as_of=AS_OF)
    assert ("payment", "88.00", "inside the window", "4 candidates") in waiting(result, "order-gateway")


def test_with_enough_numbered_rows_a_pair_posts_under_its_measured_bound():
    """2,000 orders of distinct amounts, 30 of them paid without a number: nothing can be mistaken for them."""
    rows = [(f"N{n:05}", major(10_000 + 37 * n), f"2026-10-{1 + n % 28:02}") for n in range(2_000)]
    listed = shop(*rows)
    money = File("wechatpay.trade", **OCTOBER)
    for n, (number, amount, day) in enumerate(rows):
        money.payment(None if n % 66 == 0 else number, amount, day, payment_ref=f"T{n:07}")
    for n in range(40):  # strangers on either side, so that something can be planted
        listed.order(f"L{n:05}", major(90_000 + 13 * n), f"2026-10-{1 + n % 28:02}", shop="S")
        money.payment(None, major(190_000 + 13 * n), f"2026-10-{1 + n % 28:02}", payment_ref=f"U{n:07}")
    result = run(listed, money, as_of=AS_OF)
    bases = result.matches["basis"].value_counts().to_dict()
    assert bases == {"key": 1_969, "unique": 31}
    codes = [f["code"] for f in breaks(result, "order-gateway")]
    assert sorted(set(codes)) == ["missing_payment", "unknown_payment"]
    assert len(codes) == 80


@pytest.mark.parametrize(
    ("printed", "how"),
    [
        ("202610140012354678", "two digits swapped"),
        ("20261014001234567", "cut short"),
        ("20261014001235678", "a digit dropped"),
        ("202610140012340678", "a digit changed"),
    ],
)
def test_a_damaged_number_is_found_again_and_suggested(printed, how):
    listed = shop(("202610140012345678", "88.00", DAY), ("202610140099999999", "88.00", DAY))
    money = File("wechatpay.trade", **OCTOBER).payment(printed, "88.00", "2026-10-15")
    result = run(listed, money, as_of=AS_OF)
    assert ("suggested", "88.00", "88.00", None, None, "low") in brief(result, "order-gateway"), how
    said = next(f["explanation"] for f in findings(result) if f["code"] == "suggested")
    assert said == f"order 202610140012345678: 88.00 due; {printed} of 2026-10-15 is equal, one slip off: confirm"


@pytest.mark.parametrize(
    ("printed", "amount", "why"),
    [
        ("202610140012345679", "88.00", "the neighbouring number is another order's"),
        ("202610140012350678", "88.00", "two slips"),
        ("202610140012354678", "88.01", "another amount"),
    ],
)
def test_what_is_no_slip_stays_open(printed, amount, why):
    money = File("wechatpay.trade", **OCTOBER).payment(printed, amount, "2026-10-15")
    result = run(shop(("202610140012345678", "88.00", DAY)), money, as_of=AS_OF)
    assert [code for code, *_ in brief(result, "order-gateway")] == ["missing_payment", "unknown_payment"], why


def test_a_damaged_number_with_two_candidates_stays_open():
    listed = shop(("202610140012345678", "88.00", DAY), ("202610140012354687", "88.00", DAY))
    money = File("wechatpay.trade", **OCTOBER).payment("202610140012354678", "88.00", "2026-10-15")
    assert "suggested" not in [code for code, *_ in brief(run(listed, money, as_of=AS_OF))]


def test_a_damaged_number_inside_the_window_waits_and_names_its_order():
    money = File("wechatpay.trade", **OCTOBER).payment("202610310012354678", "88.00", "2026-10-31")
    result = run(shop(("202610310012345678", "88.00", "2026-10-31")), money, as_of=AS_OF)
    assert breaks(result) == []
    assert ("sale", "88.00", "inside the window", "2026-10-31 88.00") in waiting(result, "order-gateway")


@pytest.mark.parametrize(("payer", "how"), [("李四文具", "suggested"), ("张三百货商店", "matched"), (None, "matched")])
def test_words_that_do_not_meet_are_only_suggested(payer, how):
    fields = {"confirmed_at": DAY, "counterparty": "张三百货商店"}
    tmall = shop(("4026900000000000001", "88.00", "2026-10-13", fields), channel="taobao.orders")
    money = File("alipay.cash", **OCTOBER).payment(None, "88.00", DAY, payment_ref="2026101400000000001")
    money.rows[-1]["counterparty"] = payer
    result = run(tmall, money, as_of=AS_OF)
    assert [code for code, *_ in brief(result, "order-gateway")] == ["suggested"] * (how == "suggested")
    assert len(told(result)) == (how == "matched")


def test_every_entry_of_the_leg_stands_in_one_group():
    listed = shop(*((number, "199.00", DAY) for number in "ABC"), ("D", "88.00", DAY), ("E", "7.00", "2026-10-31"))
    result = run(listed, wechat(("199.00", DAY), ("199.00", DAY), ("88.00", DAY), ("7.00", "2026-10-31")), as_of=AS_OF)
    group, _ = result.groups("order-gateway")
    sides = result.entries["side"].isin(["order", "gateway"]) & result.entries["kind"].isin(["sale", "payment"])
    assert (group[sides.to_numpy()] > 0).all()
