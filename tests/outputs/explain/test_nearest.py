"""The nearest miss against an oracle that looks at every candidate by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recon.outputs.explain.nearest import CONDITIONS, OPEN, Miss, nearest, open_rows
from recon.outputs.tables import BREAK_ROWS, WAITING
from tests.outputs.explain.rows import open_row, table

REFERENCES = ("order_ref", "sub_ref", "payment_ref", "refund_ref", "batch_ref")
Row = dict[str, str | None]


def near(subject: Row, *others: Row, homes: dict[str, frozenset[str]] | None = None) -> Miss | None:
    rows = [{"entry_id": f"e{n}", **{k: v for k, v in row.items() if v is not None}} for n, row in enumerate(others)]
    return nearest(subject, table(OPEN, rows), homes or {}, "CNY")


def fails(miss: Miss | None) -> list[str]:
    assert miss is not None
    return [failure.condition for failure in miss.fails]


SALE = open_row("order", "sale", "120.00", "2026-10-01", due_date="2026-10-03", order_ref="A1", shop="one")


def test_another_amount_is_said_with_both_values() -> None:
    miss = near(SALE, open_row("gateway", "payment", "102.00", "2026-10-02", order_ref="A1"))
    assert miss is not None
    (failure,) = miss.fails
    assert (failure.condition, failure.wanted, failure.found) == ("amount", "120.00", "102.00")


@pytest.mark.parametrize(("day", "days"), [("2026-10-06", 3), ("2026-09-30", -1)])
def test_days_outside_the_window_are_counted(day: str, days: int) -> None:
    miss = near(SALE, open_row("gateway", "payment", "120.00", day, order_ref="A1"))
    assert miss is not None
    (failure,) = miss.fails
    assert (failure.condition, failure.wanted, failure.found, failure.days) == ("window", "2026-10-03", day, days)


def test_the_window_is_that_of_the_order_also_when_the_money_asks() -> None:
    money = open_row("gateway", "payment", "120.00", "2026-10-05", order_ref="A1", due_date="2026-10-06")
    miss = near(money, SALE)
    assert miss is not None
    assert [(f.condition, f.days, f.found) for f in miss.fails] == [("window", 2, "2026-10-05")]


def test_a_reference_weighs_more_than_a_day() -> None:
    other_day = open_row("gateway", "payment", "120.00", "2026-10-09", order_ref="A1")
    other_number = open_row("gateway", "payment", "120.00", "2026-10-02", order_ref="A2")
    assert fails(near(SALE, other_number, other_day)) == ["window"]
    assert fails(near(SALE, other_number)) == ["reference"]


def test_another_amount_and_something_else_is_no_miss() -> None:
    assert near(SALE, open_row("gateway", "payment", "99.00", "2026-10-02", order_ref="A2")) is None
    assert near(SALE) is None


def test_equally_near_ones_are_counted_and_the_earliest_shown() -> None:
    one = open_row("gateway", "payment", "120.00", "2026-10-02", order_ref="B1", occurred_at="2026-10-02T09:00:00")
    two = one | {"occurred_at": "2026-10-02T08:00:00", "order_ref": "B2"}
    miss = near(SALE, one, two)
    assert miss is not None
    assert (miss.alike, miss.row["order_ref"]) == (2, "B2")


def test_shops_and_currencies_that_differ() -> None:
    shop = open_row("gateway", "payment", "120.00", "2026-10-02", order_ref="A1", shop="two")
    assert fails(near(SALE, shop)) == ["account"]
    assert fails(near(SALE, shop | {"shop": None, "currency": "USD"})) == ["currency"]


PAYOUT = open_row(
    "gateway", "payout", "-50.00", "2026-10-08", leg="gateway-bank", account="w", payment_ref="Z1",
    due_date="2026-10-12",
)  # fmt: skip


def test_at_the_bank_amounts_are_turned_and_numbers_may_lack() -> None:
    credit = open_row("bank", "receipt", "50.00", "2026-10-09", leg="gateway-bank", account="b")
    assert fails(near(PAYOUT, credit)) == []
    assert fails(near(PAYOUT, credit | {"payment_ref": "Z2"})) == ["reference"]
    short = near(PAYOUT, credit | {"amount": "45.00"})
    assert short is not None
    assert [(f.wanted, f.found) for f in short.fails] == [("50.00", "45.00")]
    assert near(PAYOUT, credit | {"amount": "-50.00", "kind": "disbursement"}) is None


def test_a_wallet_has_its_bank_accounts() -> None:
    credit = open_row("bank", "receipt", "50.00", "2026-10-09", leg="gateway-bank", account="b")
    homes = {"w": frozenset({"c"})}
    miss = near(PAYOUT, credit, homes=homes)
    assert miss is not None
    assert [(f.condition, f.wanted, f.found) for f in miss.fails] == [("account", "w", "b")]
    assert fails(near(credit, PAYOUT, homes=homes)) == ["account"]


def test_open_rows_are_what_breaks_own_and_what_waits() -> None:
    breaks = table(("break_id", "due_date"), [{"break_id": "b1", "due_date": "2026-10-03"}])
    rows = table(
        BREAK_ROWS,
        [
            {"break_id": "b1", "owned": "true", "entry_id": "e1", "leg": "order-gateway", "shop": "one"},
            {"break_id": "b1", "owned": "false", "entry_id": "e2", "leg": "order-gateway"},
        ],
    )
    waits = table(WAITING, [{"entry_id": "e3", "leg": "payout", "due_date": "2026-10-05"}])
    found = open_rows(breaks, rows, waits)
    assert found.column("entry_id").to_pylist() == ["e1", "e3"]
    assert found.column("due_date").to_pylist() == ["2026-10-03", "2026-10-05"]


numbers = st.sampled_from(["A", "B", None])
days = st.integers(1, 6).map(lambda n: f"2026-10-{n:02d}")
payments = st.builds(
    open_row,
    st.just("gateway"),
    st.sampled_from(["payment", "refund"]),
    st.sampled_from(["5.00", "6.00", "-5.00"]),
    days,
    order_ref=numbers,
    payment_ref=numbers,
    shop=st.sampled_from(["one", "two", None]),
    currency=st.sampled_from(["CNY", "USD"]),
)
sales = st.builds(
    open_row,
    st.just("order"),
    st.just("sale"),
    st.sampled_from(["5.00", "6.00"]),
    days,
    order_ref=numbers,
    shop=st.sampled_from(["one", None]),
    due_date=st.one_of(st.none(), days),
)


def by_hand(subject: Row, row: Row) -> tuple[str, ...] | None:
    """What a payment fails beside a sale; None if it cannot stand against it."""
    if row["kind"] != "payment" or (row["amount"] or "").startswith("-"):
        return None
    found = []
    if not {subject[n] for n in REFERENCES} & {row[n] for n in REFERENCES} - {None}:
        found.append("reference")
    if subject["amount"] != row["amount"]:
        found.append("amount")
    if subject["currency"] != row["currency"]:
        found.append("currency")
    if subject["shop"] and row["shop"] and subject["shop"] != row["shop"]:
        found.append("account")
    came, start = date.fromisoformat(row["value_date"] or ""), date.fromisoformat(subject["value_date"] or "")
    if subject["due_date"] and not start <= came <= date.fromisoformat(subject["due_date"]):
        found.append("window")
    return tuple(found)


@given(sales, st.lists(payments, max_size=6))
def test_as_by_hand(subject: Row, others: list[Row]) -> None:
    failed = [f for row in others if (f := by_hand(subject, row)) is not None]
    close = [f for f in failed if len(f) <= (1 if "amount" in f else 2)]
    miss = near(subject, *others)
    if not close:
        assert miss is None
        return
    best = min(close, key=lambda f: (len(f), [c in f for c in CONDITIONS]))
    assert miss is not None
    assert fails(miss) == list(best)
    assert miss.alike == failed.count(best)


@given(sales, st.lists(payments, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(subject: Row, others: list[Row], dice: Any) -> None:
    named = [row | {"entry_id": f"e{n}"} for n, row in enumerate(others)]
    turned = dice.sample(named, len(named))
    assert nearest(subject, table(OPEN, named), {}, "CNY") == nearest(subject, table(OPEN, turned), {}, "CNY")
