"""Events of the trade with their vouchers by account, side and amount; the guide's own examples are the oracle."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from recon.vouchers.profile import MoneyAccount
from tests.vouchers.books import GATEWAY_BANK, Book, plain

Lines = list[tuple[str, str, str]]
MALL = {"channel": "shop.orders", "shop": "小程序商城"}


def taobao_sale(book: Book, subsidy: bool = True) -> Book:
    book.order("s1", "T1001", 16900, "2026-03-02", "2026-03-09", released=16900)
    book.entry("p1", "alipay.cash", "payment", "2026-03-09", 16900, order_ref="T1001")
    book.entry("c1", "alipay.cash", "commission", "2026-03-09", -895, order_ref="T1001")
    names = ["s1", "p1", "c1"]
    if subsidy:
        book.order("b1", "T1001", 1000, "2026-03-02", "2026-03-09", kind="subsidy")
        book.entry("g1", "alipay.cash", "subsidy", "2026-03-09", 1000, order_ref="T1001")
        names += ["b1", "g1"]
    book.match(*names)
    return book


def e02_e03(book: Book) -> None:
    taobao_sale(book)


def e04(book: Book) -> None:
    book.order("s", "W1", 10000, "2026-03-05", "2026-03-05", **MALL)
    book.entry("p", "wechatpay.trade", "payment", "2026-03-05", 10000, order_ref="W1", payment_ref="42")
    book.entry("f", "wechatpay.trade", "fee", "2026-03-05", -60, order_ref="W1", payment_ref="42")
    book.match("s", "p", "f")


def prepaid(book: Book, delivered: str | None) -> None:
    book.order("s", "W2001", 22600, "2026-06-30", delivered, **MALL)
    book.entry("p", "wechatpay.trade", "payment", "2026-06-30", 22600, order_ref="W2001")
    book.match("s", "p")


def e06(book: Book) -> None:
    book.order("s", "W2001", 22600, "2026-06-30", state="closed", **MALL)
    book.order("r", "W2001", -22600, "2026-06-30", kind="refund", state="closed", **MALL)
    book.entry("p", "wechatpay.trade", "payment", "2026-06-30", 22600, order_ref="W2001")
    book.entry("m", "wechatpay.trade", "refund", "2026-07-01", -22600, order_ref="W2001", refund_ref="R1")
    book.match("s", "r", "p", "m")


def e07(book: Book) -> None:
    taobao_sale(book)
    book.matches.clear()
    book.order("r1", "T1001", -16900, "2026-03-02", kind="refund")
    book.entry("m1", "alipay.cash", "refund", "2026-03-20", -16900, order_ref="T1001")
    book.entry("m2", "alipay.cash", "subsidy", "2026-03-20", -1000, order_ref="T1001")
    book.entry("m3", "alipay.cash", "commission", "2026-03-20", 895, order_ref="T1001")
    book.match("s1", "p1", "c1", "b1", "g1", "r1", "m1", "m2", "m3")


def e08(book: Book) -> None:
    book.order("s", "T1002", 10000, "2026-03-02", "2026-03-09", released=10000)
    book.order("r", "T1002", -2000, "2026-03-02", kind="refund")
    book.entry("p", "alipay.cash", "payment", "2026-03-09", 10000, order_ref="T1002")
    book.entry("m", "alipay.cash", "refund", "2026-03-22", -2000, order_ref="T1002")
    book.match("s", "r", "p", "m")


def e11(book: Book) -> None:
    book.entry("w", "alipay.cash", "payout", "2026-03-31", -5_000_000)
    book.entry("k", "icbc.corporate.a", "receipt", "2026-04-01", 5_000_000)
    book.match("w", "k", leg=GATEWAY_BANK)


def e21(book: Book) -> None:
    book.entry("k", "icbc.corporate.a", "receipt", "2026-05-31", 88800, counterparty="某公司")
    book.finding("unknown_receipt", ["k"], 0, 88800, leg=GATEWAY_BANK)


def e22(book: Book) -> None:
    book.order("s", "W2009", 5990, "2026-05-09", "2026-05-09", **MALL)
    book.entry("p1", "wechatpay.trade", "payment", "2026-05-09", 5990, order_ref="W2009", payment_ref="1")
    book.entry("p2", "wechatpay.trade", "payment", "2026-05-10", 5990, order_ref="W2009", payment_ref="2")
    book.finding("duplicate_payment", ["s", "p1", "p2"], 5990, 11980)


def e23(book: Book) -> None:
    book.order("s", "W9", 9900, "2026-07-08", "2026-07-08", **MALL)
    book.entry("p", "wechatpay.trade", "payment", "2026-07-08", 9900, order_ref="W9")
    book.match("s", "p")


def e26(book: Book) -> None:
    book.order("s", "T1026", 10000, "2026-03-20", "2026-03-31", released=10000)
    book.entry("p", "alipay.cash", "payment", "2026-03-31", 9999, order_ref="T1026")
    book.match("s", "p", paid=-1)


def e36(book: Book) -> None:
    book.entry("w1", "wechatpay.fundflow", "payout", "2026-11-05", -2_000_000, batch_ref="A")
    book.entry("w2", "wechatpay.fundflow", "payout", "2026-11-12", 2_000_000, batch_ref="A")
    book.entry("w3", "wechatpay.fundflow", "payout", "2026-11-13", -2_000_000, batch_ref="B")
    book.entry("k", "icbc.corporate.a", "receipt", "2026-11-16", 2_000_000)
    book.waits("w1", "netted", leg=GATEWAY_BANK, table="excluded")
    book.waits("w2", "netted", leg=GATEWAY_BANK, table="excluded")
    book.match("w3", "k", leg=GATEWAY_BANK)


def e39(book: Book) -> None:
    book.entry("k", "icbc.corporate.a", "disbursement", "2026-05-15", -31200)
    book.finding("unknown_debit", ["k"], 0, -31200, leg=GATEWAY_BANK)


def e41(book: Book) -> None:
    book.order("s", "W2041", 11300, "2026-03-20", "2026-03-22", **MALL)
    book.order("r", "W2041", -11300, "2026-03-28", kind="refund", **MALL)
    book.entry("p", "wechatpay.trade", "payment", "2026-03-22", 11300, order_ref="W2041")
    book.match("s", "p")
    book.finding("missing_refund", ["r"], -11300, 0, due_date=date(2026, 3, 31))


def e42(book: Book) -> None:
    book.order("s", "W2042", 29900, "2026-10-24", "2026-11-02", **MALL)
    for name, day, fen, fee in (("d", "2026-10-24", 5000, -30), ("t", "2026-10-31", 24900, -149)):
        book.entry(f"p{name}", "wechatpay.trade", "payment", day, fen, order_ref="W2042", payment_ref=name)
        book.entry(f"f{name}", "wechatpay.trade", "fee", day, fee, order_ref="W2042", payment_ref=name)
    book.match("s", "pd", "fd", "pt", "ft")


def e48(book: Book) -> None:
    book.order("s", "W2048", 10000, "2026-11-01", "2026-11-02", **MALL)
    book.order("r", "W2048", -3000, "2026-11-01", kind="refund", **MALL)
    book.entry("p", "wechatpay.trade", "payment", "2026-11-02", 10000, order_ref="W2048")
    book.entry("m", "wechatpay.trade", "refund", "2026-11-09", -3000, order_ref="W2048", refund_ref="R")
    book.entry("f", "wechatpay.trade", "fee", "2026-11-09", 18, order_ref="W2048", refund_ref="R")
    book.match("s", "r", "p", "m", "f")


def e49(book: Book) -> None:
    book.order("s", "T1049", 8000, "2026-04-01", "2026-04-03", released=8000)
    book.order("r", "T1049", -8000, "2026-04-01", kind="refund")
    book.entry("p", "alipay.cash", "payment", "2026-04-03", 8000, order_ref="T1049")
    book.entry("m1", "alipay.cash", "refund", "2026-04-10", -8000, order_ref="T1049", refund_ref="1")
    book.entry("m2", "alipay.cash", "refund", "2026-04-20", -8000, order_ref="T1049", refund_ref="2")
    book.match("s", "p")
    book.finding("duplicate_refund", ["r", "m1", "m2"], -8000, -16000)


def e50(book: Book) -> None:
    book.order("s", "T5", 32000, "2026-04-09", "2026-04-11")
    book.entry("p", "alipay.cash", "payment", "2026-04-11", 32000, order_ref="T5", account="2088000000000002")
    book.entry("o", "alipay.cash", "interest", "2026-04-30", 1)
    book.finding("wrong_account", ["s", "p"], 32000, 0)


def e57(book: Book) -> None:
    for n in range(3):
        book.order(f"s{n}", f"W{n}", 2100, "2026-03-12", "2026-03-12", **MALL)
    book.entry("p", "wechatpay.trade", "payment", "2026-03-12", 6300, payment_ref="42")
    book.entry("f", "wechatpay.trade", "fee", "2026-03-12", -38, payment_ref="42")
    book.match("s0", "s1", "s2", "p", "f")


def e58(book: Book) -> None:
    for n in range(3):
        book.order(f"s{n}", f"T{n}", 9990, "2026-03-12", "2026-03-15")


def others(book: Book) -> None:
    book.entry("i", "alipay.cash", "interest", "2026-03-21", 123)
    book.entry("d", "alipay.cash", "deposit", "2026-03-05", -1_000_000)
    book.entry("c", "alipay.cash", "commission", "2026-03-15", 100, detail="基础软件服务费")
    book.entry("v", "alipay.cash", "fee", "2026-03-09", -120, detail="运费险")
    book.entry("k", "icbc.corporate.a", "fee", "2026-03-31", -1000, detail="bank_fee")
    book.waits("k", "bank fee", leg=GATEWAY_BANK, table="excluded")


ALL_BANK = {"money": {"icbc:1234": MoneyAccount(scope="all")}}
#: example, story, profile, event -> (worked example, its step) and lines: account, side, amount.
CASES: list[tuple[str, Callable[[Book], Any], dict[str, Any], str, str, Lines]] = [
    ("E02", e02_e03, {}, "sale", "sale",
     [("1122.01", "D", "169.00"), ("1122.02", "D", "10.00"), ("6001", "C", "158.41"), ("2221.01.02", "C", "20.59")]),
    ("E03", e02_e03, {}, "settlement", "settle",
     [("1012.01", "D", "170.05"), ("6601.01", "D", "8.95"), ("1122.01", "C", "169.00"), ("1122.02", "C", "10.00")]),
    ("E04", e04, {}, "settlement", "fee",
     [("1012.02", "D", "99.40"), ("6603.04", "D", "0.60"), ("1122.01", "C", "100.00")]),
    ("E05", lambda b: prepaid(b, "2026-07-03"), {}, "prepaid", "prepaid ASBE",
     [("1012.02", "D", "226.00"), ("2204.01", "C", "200.00"), ("2221.06", "C", "26.00")]),
    ("E05", lambda b: prepaid(b, "2026-07-03"), {"period": "2026-07"}, "delivery", "delivered ASBE",
     [("2204.01", "D", "200.00"), ("2221.06", "D", "26.00"), ("6001", "C", "200.00"), ("2221.01.02", "C", "26.00")]),
    ("E05", lambda b: prepaid(b, "2026-07-01"), {"standard": "small"}, "prepaid", "prepaid small",
     [("1012.02", "D", "226.00"), ("2203.01", "C", "226.00")]),
    ("E05", lambda b: prepaid(b, "2026-07-01"), {"standard": "small", "period": "2026-07"}, "delivery", "shipped small",
     [("2203.01", "D", "226.00"), ("5001", "C", "200.00"), ("2221.01.02", "C", "26.00")]),
    ("E06", e06, {"period": "2026-07"}, "refund_prepaid", "refund before shipment",
     [("2204.01", "D", "200.00"), ("2221.06", "D", "26.00"), ("1012.02", "C", "226.00")]),
    ("E07", e07, {}, "red_sale", "red sale",
     [("1122.01", "D", "-169.00"), ("1122.02", "D", "-10.00"), ("6001", "C", "-158.41"),
      ("2221.01.02", "C", "-20.59")]),
    ("E07", e07, {}, "refund", "money out",
     [("1122.01", "D", "169.00"), ("1122.02", "D", "10.00"), ("6601.01", "D", "-8.95"), ("1012.01", "C", "170.05")]),
    ("E08", e08, {}, "red_sale", "allowance",
     [("1122.01", "D", "-20.00"), ("6001", "C", "-17.70"), ("2221.01.02", "C", "-2.30")]),
    ("E08", e08, {}, "refund", "money out", [("1122.01", "D", "20.00"), ("1012.01", "C", "20.00")]),
    ("E11", e11, {}, "withdrawal", "withdraw", [("1012.99", "D", "50000.00"), ("1012.01", "C", "50000.00")]),
    ("E11", e11, {"period": "2026-04"}, "arrival", "arrive",
     [("1002.01", "D", "50000.00"), ("1012.99", "C", "50000.00")]),
    ("E21", e21, ALL_BANK | {"period": "2026-05"}, "unknown_receipt", "unknown receipt",
     [("1002.01", "D", "888.00"), ("2241.90", "C", "888.00")]),
    ("E22", e22, {"period": "2026-05"}, "duplicate_payment", "duplicate payment",
     [("1012.02", "D", "59.90"), ("2241.06", "C", "59.90")]),
    ("E26", e26, {}, "write_off", "rounding write-off", [("6603.06", "D", "0.01"), ("1122.01", "C", "0.01")]),
    ("E36", e36, {"period": "2026-11"}, "withdrawal", "withdraw",
     [("1012.99", "D", "20000.00"), ("1012.02", "C", "20000.00")]),
    ("E36", e36, {"period": "2026-11"}, "payout_returned", "returned",
     [("1012.02", "D", "20000.00"), ("1012.99", "C", "20000.00")]),
    ("E36", e36, {"period": "2026-11"}, "withdrawal 2", "again",
     [("1012.99", "D", "20000.00"), ("1012.02", "C", "20000.00")]),
    ("E36", e36, {"period": "2026-11"}, "arrival", "arrive",
     [("1002.01", "D", "20000.00"), ("1012.99", "C", "20000.00")]),
    ("E39", e39, ALL_BANK | {"period": "2026-05"}, "unknown_debit", "unknown debit",
     [("1221.90", "D", "312.00"), ("1002.01", "C", "312.00")]),
    ("E41", e41, {}, "refund_owed", "refund agreed, unpaid",
     [("6001", "C", "-100.00"), ("2221.01.02", "C", "-13.00"), ("2241.06", "C", "113.00")]),
    ("E42", e42, {"standard": "small", "period": "2026-10"}, "prepaid", "deposit",
     [("1012.02", "D", "49.70"), ("5603.01", "D", "0.30"), ("2203.01", "C", "50.00")]),
    ("E42", e42, {"standard": "small", "period": "2026-10"}, "prepaid 2", "balance",
     [("1012.02", "D", "247.51"), ("5603.01", "D", "1.49"), ("2203.01", "C", "249.00")]),
    ("E42", e42, {"standard": "small", "period": "2026-11"}, "delivery", "shipped",
     [("2203.01", "D", "299.00"), ("5001", "C", "264.60"), ("2221.01.02", "C", "34.40")]),
    ("E48", e48, {"period": "2026-11"}, "refund", "partial refund, fee back",
     [("1122.01", "D", "30.00"), ("6603.04", "D", "-0.18"), ("1012.02", "C", "29.82")]),
    ("E49", e49, {"period": "2026-04"}, "excess_refund", "excess refund",
     [("1221.05", "D", "80.00"), ("1012.01", "C", "80.00")]),
    ("E50", e50, {"period": "2026-04"}, "wrong_account_owed", "ours received elsewhere",
     [("1221.06", "D", "320.00"), ("1122.01", "C", "320.00")]),
    ("E57", e57, {}, "settlement", "merged payment",
     [("1012.02", "D", "62.62"), ("6603.04", "D", "0.38"), ("1122.01", "C", "63.00")]),
    ("E58", e58, {"tax_split": "per_group"}, "sale", "day summary",
     [("1122.01", "D", "299.70"), ("6001", "C", "265.22"), ("2221.01.02", "C", "34.48")]),
    ("E14", others, {}, "fee", "freight insurance", [("6601.05", "D", "1.20"), ("1012.01", "C", "1.20")]),
    ("E30", others, {}, "fee 2", "overcharge repaid", [("1012.01", "D", "1.00"), ("6601.01", "D", "-1.00")]),
    ("E12", others, {}, "deposit", "pay deposit", [("1221.01", "D", "10000.00"), ("1012.01", "C", "10000.00")]),
    ("E23", e23, {"taxpayer": "small_scale", "period": "2026-07"}, "sale", "",
     [("1122.01", "D", "99.00"), ("6001", "C", "98.02"), ("2221.01", "C", "0.98")]),
    ("E25", others, {}, "interest", "interest", [("1012.01", "D", "1.23"), ("6603.02", "C", "1.23")]),
    ("E32", others, ALL_BANK, "fee 3", "bank fee", [("6603.04", "D", "10.00"), ("1002.01", "C", "10.00")]),
]  # fmt: skip
NAMES = [f"{example} {step}" for example, _, _, _, step, _ in CASES]


@pytest.mark.parametrize(("example", "story", "profile", "event", "step", "lines"), CASES, ids=NAMES)
def test_event(
    example: str, story: Callable[[Book], Any], profile: dict[str, Any], event: str, step: str, lines: Lines
) -> None:
    book = Book(period=_month(example))
    story(book)
    assert plain(book.draft(**profile))[event] == lines


def test_guide_says_the_same() -> None:
    """The lines above are those of the guide's worked examples, wherever its table lies."""
    folder = os.environ.get("RECON_REAL_FILES")
    table = Path(folder or "") / "vouchers" / "worked_examples.csv"
    if not folder or not table.is_file():
        return
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    compared = 0
    for example, _, profile, _, step, lines in CASES:
        column = "account_small" if profile.get("standard") == "small" else "account_asbe"
        told = [_line(row, column) for row in rows if (row["example"], row["step"]) == (example, step)]
        if step:
            assert sorted(told) == sorted(lines), f"{example} {step}"
            compared += 1
    assert compared == len(CASES) - 1


def _line(row: dict[str, str], column: str) -> tuple[str, str, str]:
    return row[column].rstrip("*"), "D" if row["debit"] else "C", row["debit"] or row["credit"]


def _month(example: str) -> str:
    return "2026-06" if example in {"E05", "E06"} else "2026-03"
