"""Payments that pay several orders: per order each has its part, and all grains give the same books."""

from __future__ import annotations

from collections import Counter

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from recon.vouchers.control import EXPLAINED, OK
from tests.vouchers.books import Book
from tests.vouchers.test_drafts import trial_balance

MALL = {"channel": "shop.orders", "shop": "小程序商城"}


def merged(amounts: list[int], fee: int, confirmed: str | None) -> Book:
    """One payment on 03-12 for several orders, all received on one day or not yet."""
    book = Book()
    sales = [book.order(f"s{n}", f"W{n}", amount, "2026-03-12", confirmed, **MALL) for n, amount in enumerate(amounts)]
    book.entry("p", "wechatpay.trade", "payment", "2026-03-12", sum(amounts), payment_ref="42", order_ref="M42")
    book.entry("f", "wechatpay.trade", "fee", "2026-03-12", -fee, payment_ref="42", order_ref="M42")
    book.match(*sales, "p", "f")
    return book


@settings(max_examples=40)
@given(
    amounts=st.lists(st.integers(1, 100_000), min_size=2, max_size=6),
    fee=st.integers(0, 5000),
    confirmed=st.sampled_from([None, "2026-03-10", "2026-03-12", "2026-03-20"]),
)
def test_every_order_has_its_part(amounts: list[int], fee: int, confirmed: str | None) -> None:
    book = merged(amounts, fee, confirmed)
    drafts = book.draft(grain="order")
    paid: Counter[str] = Counter()
    charged: Counter[str] = Counter()
    of_voucher = {one["number"]: one["summary"].rsplit(" ", 1)[-1] for _, one in drafts.lines.iterrows()}
    for _, line in drafts.lines[drafts.lines["event"].isin(["prepaid", "settlement"])].iterrows():
        order = of_voucher[line["number"]]
        if line["role"] == "fee":
            charged[order] += _debit(line)
        if line["role"] in ("wallet", "money"):
            paid[order] += _debit(line)
    assert sum(charged.values()) == fee
    for n, amount in enumerate(amounts):
        share = charged[f"W{n}"]
        assert abs(share * sum(amounts) - fee * amount) < sum(amounts)  # within one fen of the exact share
        assert paid[f"W{n}"] == amount - share
    assert trial_balance(drafts) == trial_balance(book.draft(grain="day")) == trial_balance(book.draft(grain="period"))
    assert {one.state for one in drafts.controls if one.number in (3, 5, 7, 10, 18, 19)} <= {OK, EXPLAINED}


def _debit(line: pd.Series) -> int:
    debit, credit = (0 if pd.isna(line[side]) else int(line[side]) for side in ("debit", "credit"))
    return debit - credit


def test_a_row_of_one_order_stays_whole() -> None:
    book = merged([2100, 2100], 25, "2026-03-12")
    book.entry("g", "wechatpay.trade", "fee", "2026-03-12", -7, payment_ref="42", order_ref="W1")
    book.matches[0]["names"] = (*book.matches[0]["names"], "g")
    lines = book.draft(grain="order").lines
    fees = lines[lines["role"] == "fee"]
    assert sorted(int(debit) for debit in fees["debit"]) in ([12, 20], [13, 19])  # 25 in two parts, 7 whole


def test_a_pool_of_many_payments_is_not_divided() -> None:
    book = Book()
    for n in range(3):
        book.order(f"s{n}", f"W{n}", 990, "2026-03-12", "2026-03-12", **MALL)
        book.entry(f"p{n}", "wechatpay.trade", "payment", "2026-03-12", 990, payment_ref=f"{n}")
    book.match("s0", "s1", "s2", "p0", "p1", "p2", verdict="pool")
    entries = book.draft(grain="order").entries
    assert entries.num_rows == len(book.draft(grain="day").entries)
