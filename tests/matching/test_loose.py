"""Pairs by amount and day that post under the measured bound, and the money that may be wrong of them."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from types import SimpleNamespace

import numpy as np
import pytest

from recon.ledger.accounts import resolve
from recon.ledger.measured import Bound, Money
from recon.ledger.merge import merge
from recon.ledger.outcome import Outcome
from recon.ledger.view import view
from recon.matching import loose
from recon.matching.blindfold import Blindfold
from recon.matching.books import order_leg
from recon.matching.bounds import Windowed
from recon.matching.planting import Plantings
from recon.matching.reference import compare
from recon.matching.rules import OrderRules, WindowRule
from recon.matching.tolerance import Tolerance
from recon.matching.window import POOL, UNIQUE, Pairing
from tests.breaks.ledgers import FACTS, ZONE, File, findings, major, run

ORDERS = 2_000
#: Every so manieth payment has no number.
LOST = 66
OFTEN = 990
PERIOD = {"first": "2026-10-01", "last": "2026-10-31"}


def on(n: int) -> str:
    return f"2026-10-{1 + n % 28:02}"


def shop(rows: list[tuple[str, int, str]]) -> tuple[File, File]:
    """Orders, and their payments; of every sixty-sixth the number is lost."""
    listed, money = File("shop.orders"), File("wechatpay.trade", **PERIOD)
    for n, (number, amount, day) in enumerate(rows):
        listed.order(number, major(amount), day, shop="S")
        money.payment(None if n % LOST == 0 else number, major(amount), day, payment_ref=f"T{n:07}")
    listed.order("EDGE", "0.00", "2026-11-30", state="closed", shop="S")
    return listed, money


def strangers(listed: File, money: File, count: int, amounts: tuple[int, int]) -> None:
    """Orders that nobody paid and payments that nobody ordered, of other amounts."""
    for n in range(count):
        listed.order(f"L{n:05}", major(amounts[0] + 13 * n), on(n), shop="S")
        money.payment(None, major(amounts[1] + 13 * n), on(n), payment_ref=f"U{n:07}")


RARE = [(f"N{n:05}", 10_000 + 37 * n, on(n)) for n in range(ORDERS)]


@pytest.fixture(scope="module")
def mixed() -> Outcome:
    """Beside rare amounts an amount that many pay, whose unpaid orders and unknown payments meet by chance."""
    listed, money = shop(RARE)
    for n in range(400):  # numbered
        listed.order(f"O{n:05}", major(OFTEN), on(n), shop="S")
        money.payment(f"O{n:05}", major(OFTEN), on(n), payment_ref=f"V{n:07}")
    for n in range(0, 28, 4):  # a day without a number in four, two days apart from an order or a payment alone
        listed.order(f"A{n:05}", major(OFTEN), on(n), shop="S")
        money.payment(None, major(OFTEN), on(n), payment_ref=f"A{n:07}")
        money.payment(None, major(OFTEN), on(n + 2), payment_ref=f"W{n:07}")
    strangers(listed, money, 40, (90_000, 190_000))
    return run(listed, money, as_of="2026-10-31")


def test_only_what_stays_within_the_bound_posts(mixed):
    (measured,) = mixed.measured
    unique = next(bound for bound in measured.bounds if bound.basis == "unique")
    assert unique.decided > unique.posted == 31
    posted = mixed.matches[mixed.matches["basis"] == "unique"]
    assert len(posted) == unique.posted
    suggested = [f for f in findings(mixed) if f["code"] == "suggested"]
    assert len(suggested) == unique.decided - unique.posted
    assert {f["expected"] for f in suggested} == {OFTEN}


def test_the_money_that_posts_and_what_of_it_may_be_wrong(mixed):
    (measured,) = mixed.measured
    unique = next(bound for bound in measured.bounds if bound.basis == "unique")
    total = sum(amount for n, (_, amount, _) in enumerate(RARE) if n % LOST == 0)
    assert unique.wrong == 0
    assert unique.money == (Money("CNY", total, 0),)
    assert all(bound.money == () for bound in measured.bounds if not bound.posted)
    assert measured.orders == ORDERS + 400 + 7 + 40


def of_rows(values: list[int]) -> dict[str, np.ndarray]:
    nothing = np.full(len(values), -1)
    return {f"{side}_{name}": nothing for side in ("left", "right") for name in ("group", "component", "candidates")}


@pytest.mark.parametrize(
    ("posted", "wrong", "expected"),
    [
        # of three one may be wrong: a third of the money in each currency, rounded up
        ([True, True, True, False], 1, (Money("CNY", 1500, 500), Money("USD", 70, 24))),
        ([True, False, False, False], 1, (Money("CNY", 1000, 1000),)),
        ([False] * 4, 0, ()),
    ],
)
def test_the_share_that_may_be_wrong_is_taken_of_the_money(posted, wrong, expected):
    amounts = [1000, -500, 70, 999]
    states = np.array([UNIQUE, UNIQUE, UNIQUE, POOL])
    pairing = Pairing(left_state=states, right_state=states, **of_rows(amounts))
    bound = Bound("unique", 3, 3, 1, 9, sum(posted), wrong, wrong, ())
    post = np.array(posted)
    planted = Plantings(10.0, 500, *[np.zeros(0)] * 3, 1, 2, 3)
    seen = Windowed(pairing, post, post, (bound,), planted)
    view = SimpleNamespace(currencies=("CNY", "USD"))
    keys = SimpleNamespace(currency=np.array([0, 0, 1, 0]), amount=np.array(amounts), view=view)
    one = loose._Pass(WindowRule("near"), np.arange(4), np.arange(4), None, seen)
    measured = loose._measured(keys, one, 12)
    assert measured.bounds[0].money == expected
    assert (measured.rule, measured.orders, measured.planted) == ("near", 12, 500)
    assert (measured.lonely_orders, measured.lonely_money, measured.look_alikes) == (1, 2, 3)


@pytest.mark.parametrize(
    ("change", "pool_posts"),
    [
        ({}, True),
        ({"channel": [0, 0, 0, 1]}, False),
        ({"shop": [0, 0, 0, 1]}, False),
        ({"state": [0, 0, 0, 1]}, False),
        ({"account": [0, 0, 0, 1]}, False),
        ({"order_day": [9, 9, 9, 40]}, False),  # a month later
        ({"money_day": [9, 9, 9, 40]}, False),
        ({"order_day": [9, 9, 9, 10], "money_day": [9, 9, 9, 10]}, True),
    ],
)
def test_a_pool_posts_under_the_bound_only_as_one_posting(change, pool_posts):
    """Of two pairs the first is within the bound; the pool is too, and must agree in every posting dimension."""
    rows = {name: np.array(change.get(name, [0, 0, 0, 0])) for name in ("channel", "shop", "state", "account")}
    days = {name: np.array(change.get(name, [9, 9, 9, 9])) for name in ("order_day", "money_day")}
    group = np.array([0, 1, 2, 2])
    pairing = Pairing(
        **of_rows([0] * 4) | {"left_group": group, "right_group": group}, left_state=group, right_state=group
    )
    within = np.array([True, False, True, True])
    seen = Windowed(pairing, within, within, (Bound("unique", 2, 0, 0, 9, 1, 0, 0),), None)
    parts = SimpleNamespace(times=SimpleNamespace(**days), sums=SimpleNamespace(state=rows.pop("state")))
    keys = SimpleNamespace(parts=parts, view=None, texts=lambda some, _side: [""] * len(some), **rows)
    places = np.arange(4)
    allowed = loose._may_post(keys, places, places, seen, np.array([UNIQUE, UNIQUE, POOL]))
    assert allowed.tolist() == [True, False, pool_posts]


def blinded(files: tuple[File, File], *windows: WindowRule) -> list[tuple[str, Blindfold, tuple[Bound, ...]]]:
    entries, _ = merge(resolve([f.statement() for f in files], FACTS))
    ledger = view(entries, FACTS)
    active, nothing = order_leg(ledger), np.zeros(len(ledger), dtype=bool)
    parts = compare(ledger, FACTS, active, nothing, homes={}, zone=ZONE, tolerance=Tolerance(0))
    return loose.blind_test(ledger, FACTS, parts, active, OrderRules(windows=windows))


def test_each_rule_is_tested_on_what_the_rules_before_it_left():
    files = shop(RARE[: 20 * LOST])
    strangers(*files, 40, (90_000, 190_000))
    # What the nearer rule has paired, the farther one sees neither with a later payment nor with an earlier order.
    for number, amount, day in RARE[: 20 * LOST : LOST]:
        at = date.fromisoformat(day)
        files[1].payment(None, major(amount), f"{at + timedelta(7)}", payment_ref=f"LATER{number}")
        files[0].order(f"EARLIER{number}", major(amount), f"{at - timedelta(5)}", shop="S")
    files[0].order("LATE", major(7), "2026-10-02", shop="S")
    files[1].payment(None, major(7), "2026-10-09", payment_ref="LATE")
    nobody, near, far = (
        WindowRule("nobody", channels=frozenset({"taobao.orders"})),
        WindowRule("near"),
        WindowRule("far", days=(0, 10)),
    )
    told = blinded(files, nobody, near, far)
    assert [name for name, _, _ in told] == ["near", "far"]
    real = {name: Counter({line.basis: line.real for line in test.lines}) for name, test, _ in told}
    assert [sum(found.values()) for found in real.values()] == [20, 1]
