"""The fields of a finding: identity, references, representative, age, reach; the catalogue; the texts."""

from __future__ import annotations

import re
import string

import pytest

from recon.breaks import phrases
from recon.breaks.codes import CATALOGUE, SEVERITIES, titles
from tests.breaks.ledgers import File, findings, run

OCTOBER = {"first": "2026-10-01", "last": "2026-10-31"}

#: Code, rank, severity, as the catalogue of codes has them.
CODES = [
    ("missing_file", 1, "high"), ("wrong_key", 2, "high"), ("control_total", 3, "high"), ("balance_break", 4, "high"),
    ("wrong_account", 5, "high"), ("duplicate_payment", 6, "high"), ("status_mismatch", 7, "high"),
    ("unknown_payment", 8, "high"), ("missing_payment", 9, "medium"), ("amount_mismatch", 10, "medium"),
    ("duplicate_refund", 11, "high"), ("excess_refund", 12, "high"), ("unknown_refund", 13, "low"),
    ("missing_refund", 14, "high"), ("fee_mismatch", 15, "medium"), ("subsidy_mismatch", 16, "medium"),
    ("settlement_gap", 17, "medium"), ("missing_payout", 18, "medium"), ("payout_mismatch", 19, "medium"),
    ("chargeback", 20, "medium"), ("fx_difference", 21, "low"),
    ("unknown_receipt", 22, "low"), ("unknown_debit", 23, "low"), ("cutoff", 24, "info"),
    ("late_settlement", 25, "info"), ("ambiguous", 26, "medium"), ("suggested", 27, "low"),
]  # fmt: skip


def test_catalogue():
    assert [(c.code, c.rank, c.severity) for c in CATALOGUE.values()] == CODES
    assert {c.severity for c in CATALOGUE.values()} <= set(SEVERITIES)
    for lang in ("zh", "en"):
        assert len(set(titles(lang).values())) == len(CODES)
        assert all(c.next_step(lang) for c in CATALOGUE.values())
        assert all(any("\u4e00" <= ch <= "\u9fff" for ch in t) == (lang == "zh") for t in titles(lang).values())


def test_every_sentence_exists_in_both_languages_with_the_same_values():
    def values(text):
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    assert phrases._ZH.keys() == phrases._EN.keys()
    for name, zh in phrases._ZH.items():
        en = phrases._EN[name]
        assert any("\u4e00" <= ch <= "\u9fff" for ch in zh)
        assert not any("\u4e00" <= ch <= "\u9fff" for ch in en)
        assert values(zh) <= values(en) | {"shop"}, name


def world(*, rename=False, reverse=False):
    """Findings of many codes at once."""
    names = ("x", "y", "z") if rename else ("a", "b", "c")
    listed = File("shop.orders", name=f"{names[0]}.csv")
    for number, day in (("EDGE1", "2026-10-01"), ("EDGE2", "2026-10-31")):
        listed.order(number, "0.00", day, state="closed", shop="S", paid_at=None)
    money = File("wechatpay.trade", name=f"{names[1]}.csv", **OCTOBER)
    bank = File("bank", name=f"{names[2]}.csv", **OCTOBER)
    for number, amount, paid in (("A", "10.00", ()), ("B", "20.00", ("20.00", "20.00")), ("C", "30.00", ("31.00",))):
        listed.order(number, amount, "2026-10-20", shop="S")
        for n, part in enumerate(paid):
            money.payment(number, part, f"2026-10-20 1{n}:00:00", payment_ref=f"P{number}{n}")
    listed.order("D", "40.00", "2026-10-20", refund="-40.00", state="completed", shop="S")
    money.payment("D", "40.00", "2026-10-20").refund("D", "-40.00", "2026-10-21", refund_ref="R1")
    money.refund("D", "-40.00", "2026-10-22", refund_ref="R2").payment("X", "50.00", "2026-10-20")
    bank.row("receipt", "60.00", "2026-10-20", counterparty="甲", memo="款", line_ref="L1")
    bank.row("disbursement", "-70.00", "2026-10-20", counterparty="乙", memo="款", line_ref="L2")
    for file in (listed, money, bank) if reverse else ():
        file.rows.reverse()
        for n, row in enumerate(file.rows, start=2):
            row["source_row"] = n
    return (bank, money, listed) if reverse else (listed, money, bank)


def test_identity_stands_whatever_the_files_are_called_and_sorted():
    first, second = (run(*world(rename=r, reverse=r), as_of="2026-10-31") for r in (False, True))
    drop = ("source_file", "source_row")
    told = [[{k: v for k, v in f.items() if k not in drop} for f in findings(r)] for r in (first, second)]
    assert told[0] == told[1]
    assert len({f["break_id"] for f in told[0]}) == len(told[0]) >= 8


def test_identity_names_what_is_owned_not_when_it_is_seen():
    ids = [
        {f["break_id"] for f in findings(run(*world(), as_of=day)) if f["code"] == "duplicate_payment"}
        for day in ("2026-10-25", "2026-10-31")
    ]
    assert ids[0] == ids[1] != set()


def test_texts_name_no_file_and_no_row():
    for lang in ("zh", "en"):
        for found in findings(run(*world(), as_of="2026-10-31", lang=lang)):
            assert ".csv" not in found["explanation"]
            words = re.sub("[甲乙款]", "", found["explanation"])  # what the bank's own text says
            assert any("\u4e00" <= ch <= "\u9fff" for ch in words) == (lang == "zh")
            assert not re.search(r"\{|\}|None", found["explanation"])


def test_representative_is_the_latest_of_the_gateway():
    found = {f["code"]: f for f in findings(run(*world(), as_of="2026-10-31"))}
    twice = found["duplicate_payment"]
    assert (twice["side"], twice["channel"], twice["account"]) == ("gateway", "wechatpay.trade", "1900000109")
    assert (twice["payment_ref"], twice["order_ref"], twice["shop"]) == ("PB0;PB1", "B", "S")
    assert str(twice["occurred_at"].tz_convert("Asia/Shanghai"))[:19] == "2026-10-20 11:00:00"
    lone = found["missing_payment"]
    assert (lone["side"], lone["channel"], str(lone["due_date"]), lone["age_days"]) == (
        "order", "shop.orders", "2026-10-21", 10
    )  # fmt: skip
    refunds = found["duplicate_refund"]
    assert (refunds["refund_ref"], str(refunds["value_date"])) == ("R1;R2", "2026-10-22")
    assert found["unknown_receipt"]["side"] == "bank"


@pytest.mark.parametrize(
    ("code", "rows", "amount"),
    [
        ("missing_payment", 1, 1000),  # the order side, where nothing was received
        ("duplicate_payment", 3, 4000),
        ("amount_mismatch", 2, 3100),
        ("duplicate_refund", 5, 12000),  # owned: the refunds of both sides; shown: sale and payment
        ("unknown_receipt", 1, 6000),
        ("unknown_debit", 1, 7000),
    ],
)
def test_reach(code, rows, amount):
    found = next(f for f in findings(run(*world(), as_of="2026-10-31")) if f["code"] == code)
    assert (found["reach_rows"], found["reach_amount"]) == (rows, amount)


@pytest.mark.parametrize(("as_of", "severity"), [("2026-11-20", "medium"), ("2026-11-21", "high")])
def test_age_moves_the_severity_after_thirty_days(as_of, severity):
    found = [f for f in findings(run(*world(), as_of=as_of)) if f["code"] == "missing_payment"]
    assert [(f["severity"], f["age_days"]) for f in found] == [(severity, 30 if severity == "medium" else 31)]


def test_a_cut_file_whose_balance_also_jumps_is_one_finding():
    bank = File("bank", **OCTOBER).row("receipt", "5.00", "2026-10-10", counterparty="甲", memo="款")
    bank.problem("balance_break", "10.00", "3.00", "rows_missing", on="2026-10-10")
    bank.problem("control_total", "12.00", "5.00", "file_cut")
    told = [f for f in findings(run(bank, as_of="2026-10-31")) if f["leg"] == "file"]
    assert [(f["code"], f["symptoms"]) for f in told] == [("control_total", "balance_break")]
    bank.problem("balance_break", "10.00", "4.00", "file_edited", on="2026-10-10")
    told = [f for f in findings(run(bank, as_of="2026-10-31")) if f["leg"] == "file"]
    assert [f["code"] for f in told] == ["balance_break", "control_total"]


@pytest.mark.parametrize(
    ("closing", "opening", "missing"),
    [("100.00", "100.00", []), ("100.00", "90.00", [("missing_file", 10000, 9000, "rows_missing")]),
     (None, "90.00", [("missing_file", 0, 0, None)])],
)  # fmt: skip
def test_hole_between_two_statements(closing, opening, missing):
    one = File("bank", name="1.csv", first="2026-10-01", last="2026-10-10", opening="0.00", closing=closing)
    two = File("bank", name="2.csv", first="2026-10-15", last="2026-10-31", opening=opening, closing="5.00")
    found = [f for f in findings(run(one, two, as_of="2026-10-31")) if f["code"] == "missing_file"]
    assert [(f["code"], f["expected"], f["actual"], f["cause"]) for f in found] == missing
    if missing:
        assert found[0]["account"] == "6222000000000001"
        assert "2026-10-11" in found[0]["explanation"]
        assert "2026-10-14" in found[0]["explanation"]


def test_hole_of_the_trade_bill_names_the_trade_bill():
    one = File("wechatpay.trade", name="1.csv", first="2026-10-01", last="2026-10-10").payment(
        "A", "1.00", "2026-10-05"
    )
    two = File("wechatpay.trade", name="2.csv", first="2026-10-15", last="2026-10-31").payment(
        "B", "1.00", "2026-10-20"
    )
    cash = File("wechatpay.fundflow", **OCTOBER).payment("A", "1.00", "2026-10-05").payment("B", "1.00", "2026-10-20")
    found = [f for f in findings(run(one, two, cash, as_of="2026-10-31")) if f["code"] == "missing_file"]
    assert [(f["channel"], f["reach_rows"]) for f in found] == [("wechatpay.trade", 0)]
