"""Alarms: each kind speaks on a small ledger by hand, and is silent on its neighbour."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recon.breaks.alarms.texts import _EN, _TITLES, _ZH, KINDS
from recon.breaks.alarms.unusual_days import unusual
from recon.ledger.days import day_number
from recon.ledger.outcome import Outcome
from recon.outputs.alarm_section import alarms_told, rates_told
from tests.breaks.ledgers import File, findings, run

FIRST, LAST = date(2026, 2, 23), date(2026, 5, 31)
EVERY_DAY = 12


def trade(
    extra: Mapping[str, int] | None = None,
    *,
    first: date = FIRST,
    last: date = LAST,
    price: Mapping[str, str] | None = None,
) -> File:
    """Twelve payments of 100.00 a day over the hours, more or fewer on some days, at another price on some."""
    file = File("wechatpay.trade", first=first.isoformat(), last=last.isoformat())
    for n in range((last - first).days + 1):
        day = (first + timedelta(days=n)).isoformat()
        for m in range((extra or {}).get(day, EVERY_DAY)):
            clock = f"{8 + m % 14:02}:{7 * m % 60:02}:{1 + m % 59:02}"
            file.payment(f"{day}-{m}", (price or {}).get(day, "100.00"), f"{day} {clock}")
    return file


def raised(outcome: Outcome, kind: str) -> list[dict[str, Any]]:
    return [alarm for alarm in alarms_told(outcome.alarms) if alarm["kind"] == kind]


def judgeable() -> int:
    """Usual days of May with eight usual days of the same weekday in the twelve weeks before, one by one."""
    start = day_number(FIRST)
    usual = [day for day in range(start, day_number(LAST) + 1) if not unusual(day, day)[0]]
    return sum(
        day >= day_number(date(2026, 5, 1)) and sum(day - 7 * n in usual for n in range(1, 13)) >= 8 for day in usual
    )


def test_what_days_are_unusual() -> None:
    for day in ("2026-11-11", "2026-11-10", "2026-06-18", "2026-10-01", "2026-10-03", "2026-02-28"):
        assert unusual(day_number(date.fromisoformat(day)), day_number(date.fromisoformat(day)))[0], day
    assert not unusual(day_number(date(2026, 5, 20)), day_number(date(2026, 5, 24))).any()


def test_clean_trade_raises_nothing_and_says_what_was_judged() -> None:
    outcome = run(trade())
    assert alarms_told(outcome.alarms) == []
    judged = {rate["kind"]: (rate["judged"], rate["false_alarm_rate"]) for rate in rates_told(outcome.alarms)}
    assert judged["day_out_of_band"] == (judgeable(), "0.1%")
    assert judged["repeated_amounts"] == (31, "0.1%")


@pytest.mark.parametrize(("count", "told"), [(36, []), (37, [("items", 37, 0, 36)])])
def test_a_day_far_above_its_weekday(count: int, told: list[tuple[str, int, int, int]]) -> None:
    found = raised(run(trade({"2026-05-20": count})), "day_out_of_band")
    assert [(a["measure"], a["value"], a["low"], a["high"]) for a in found] == told
    assert all((a["day"], a["account"]) == ("2026-05-20", "wechatpay:1900000109") for a in found)


@pytest.mark.parametrize(("price", "told"), [("300.00", []), ("300.01", ["3600.12"])])
def test_a_day_whose_sum_is_far_above(price: str, told: list[str]) -> None:
    found = raised(run(trade(price={"2026-05-20": price})), "day_out_of_band")
    assert [a["value"] for a in found if a["measure"] == "amount"] == told


def test_a_short_history_is_silent() -> None:
    outcome = run(trade({"2026-05-20": 60}, first=date(2026, 4, 1)))
    assert raised(outcome, "day_out_of_band") == []


def test_a_promotion_is_no_usual_day() -> None:
    spike = {"2026-06-18": 90, "2026-06-17": 60}
    assert raised(run(trade(spike, last=date(2026, 6, 30))), "day_out_of_band") == []


@pytest.mark.parametrize(("refunds", "alarms"), [(30, 0), (31, 1)])
def test_a_refund_rate_that_doubled(refunds: int, alarms: int) -> None:
    file = trade()
    days = (LAST - FIRST).days + 1
    for n in range(days - 7):
        day = (FIRST + timedelta(days=n)).isoformat()
        file.refund(f"{day}-0", "-1.00", f"{day} 22:30:00", refund_ref=f"R{n}")
    for n in range(refunds):
        day = (LAST - timedelta(days=n % 7)).isoformat()
        file.refund(f"{day}-1", "-1.00", f"{day} 22:30:00", refund_ref=f"L{n}")
    found = raised(run(file), "refund_rate_doubled")
    assert len(found) == alarms
    assert all(a["false_alarm_rate"] == "0.1%" for a in found)


def burst(file: File, day: str, count: int, amount: str = "123.45") -> File:
    for n in range(count):
        file.payment(f"again-{day}-{n}", amount, f"{day} 10:00:{10 + n:02}")
    return file


@pytest.mark.parametrize(("count", "alarms"), [(4, 0), (5, 1)])
def test_one_amount_again_and_again_within_minutes(count: int, alarms: int) -> None:
    found = raised(run(burst(trade(), "2026-05-20", count)), "repeated_amounts")
    assert [(a["day"], a["value"]) for a in found] == [("2026-05-20", 5)] * alarms


def test_an_account_that_sells_in_bursts_is_left_alone() -> None:
    file = trade()
    for day in ("2026-05-05", "2026-05-12", "2026-05-20"):
        burst(file, day, 6, f"{day[-2:]}.45")
    assert [a["day"] for a in raised(run(file), "repeated_amounts")] == ["2026-05-05", "2026-05-12"]


def test_the_same_amount_far_apart_is_no_burst() -> None:
    file = trade()
    for n in range(5):
        file.payment(f"apart-{n}", "123.45", f"2026-05-20 {10 + n}:00:01")
    assert raised(run(file), "repeated_amounts") == []


@pytest.mark.parametrize(("since", "told"), [("2026-05-20", ["2026-05-20"]), ("2026-04-20", [])])
def test_a_charge_that_appears_first(since: str, told: list[str]) -> None:
    file = trade()
    for day in (since, "2026-05-25"):
        file.row("fee", "-1.00", f"{day} 09:00:00", detail="退货服务费", payment_ref=f"F{day}")
    assert [a["day"] for a in raised(run(file), "first_appearance")] == told


@pytest.mark.parametrize(("first", "told"), [("2026-05-10", 1), ("2026-03-10", 0)])
def test_an_account_that_appears_first(first: str, told: int) -> None:
    second = File("wechatpay.trade", "1900000999", first=first, last="2026-05-31").payment("x", "5.00", "2026-05-20")
    found = raised(run(trade(), second), "first_appearance")
    assert [a["account"] for a in found] == ["wechatpay:1900000999"] * told


@pytest.mark.parametrize(("until", "alarms"), [(date(2026, 5, 8), 1), (date(2026, 5, 26), 0)])
def test_an_account_that_stopped_paying_out(until: date, alarms: int) -> None:
    file = trade()
    for n in range((until - FIRST).days + 1):
        day = (FIRST + timedelta(days=n)).isoformat()
        file.row("payout", "-1000.00", f"{day} 23:00:00", batch_ref=f"W{n}")
    assert len(raised(run(file), "payout_late")) == alarms


@pytest.mark.parametrize(("limit", "alarms"), [(70_000, 0), (69_999, 1), (None, 0)])
def test_money_at_risk(limit: int | None, alarms: int) -> None:
    orders = File("shop.orders").order("A", "5.00", "2026-05-01", state="shipped").order("B", "9.00", "2026-05-01")
    orders.order("Z", "1.00", "2026-05-20").order("C", "0.00", "2026-05-02", state="closed")
    money = File("wechatpay.trade", first="2026-05-01", last="2026-05-31")
    money.payment("Z", "1.00", "2026-05-20").payment("X", "2.00", "2026-05-10")
    outcome = run(orders, money, as_of="2026-05-31", money_at_risk=limit)
    found = raised(outcome, "money_at_risk")
    assert [a["value"] for a in found] == ["7.00"] * alarms
    assert findings(outcome) == findings(run(orders, money, as_of="2026-05-31"))


def test_broken_files_point_at_their_finding() -> None:
    total = File("wechatpay.trade").payment("A", "1.00", "2026-05-01").problem("control_total", "5.00", "1.00")
    jump = File("alipay.cash").payment("B", "1.00", "2026-05-01").problem("balance_break", "5.00", "1.00")
    outcome = run(total, jump)
    for kind in ("total_broken", "balance_broken"):
        (alarm,) = raised(outcome, kind)
        assert alarm["break_id"] in {f["break_id"] for f in findings(outcome)}
        assert alarm["false_alarm_rate"] is None


def test_a_hole_and_a_file_that_ends_before_the_others() -> None:
    one = trade(last=date(2026, 5, 10))
    two = File("alipay.cash", first="2026-02-23", last="2026-05-31").payment("B", "1.00", "2026-05-01")
    (alarm,) = raised(run(one, two), "file_missing")
    assert (alarm["account"], alarm["day"], alarm["value"]) == ("wechatpay:1900000109", "2026-05-31", 21)
    rest = File("wechatpay.trade", first="2026-05-15", last="2026-05-31").payment("C", "1.00", "2026-05-20")
    (hole,) = raised(run(one, two, rest), "file_missing")
    assert hole["break_id"]


@pytest.mark.parametrize(("rows", "alarms"), [(0, 1), (1, 0)])
def test_an_empty_file(rows: int, alarms: int) -> None:
    file = File("alipay.cash", first="2026-05-20", last="2026-05-20")
    for _ in range(rows):
        file.payment("B", "1.00", "2026-05-20")
    assert len(raised(run(trade(), file), "empty_file")) == alarms


@given(order=st.permutations(range(3)))
@settings(max_examples=4)
def test_the_order_of_files_changes_nothing(order: list[int]) -> None:
    files = [
        burst(trade(first=date(2026, 4, 1)), "2026-05-20", 5),
        File("alipay.cash", first="2026-05-20", last="2026-05-20"),
        File("wechatpay.trade", "1900000999", first="2026-05-10", last="2026-05-31").payment("x", "5.00", "2026-05-20"),
    ]
    told = [json.dumps(alarms_told(run(*(files[n] for n in o)).alarms)) for o in (order, range(3))]
    assert told[0] == told[1]
    assert "repeated_amounts" in told[0]


def test_every_text_has_both_languages() -> None:
    assert set(_ZH) == set(_EN)
    assert set(KINDS) == set(_TITLES)
