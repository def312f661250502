"""Header cells -> roles, and labels around a table."""

from __future__ import annotations

import pytest

from recon.channels.generic.header import column_of, lay_out
from recon.channels.generic.labels import read_labels
from recon.channels.generic.words import is_total, longest, meaning
from recon.channels.lines import Line
from recon.channels.spec import load_specs

BANK = load_specs()["generic.bank"]
GATEWAY = load_specs()["generic.gateway"]


@pytest.mark.parametrize(
    ("printed", "name", "unit", "side"),
    [
        ("实付金额（元）", "实付金额", "元", ""),
        ("收入金额（+元）", "收入金额", "元", ""),
        ("借方发生额/元(支取)", "借方发生额(支取)", "元", "支取"),
        ("收(付)方名称", "收(付)方名称", "", ""),
        ("Order #", "order#", "", ""),
        ("Created (UTC)", "created", "utc", ""),
        ("amount_usd", "amountusd", "", ""),
        ("Amount (USD)", "amount", "usd", ""),
        ("交易日期[ Transaction Date ]", "交易日期", "", ""),
        ("金额(分)", "金额", "分", ""),
        ("\ufeff 帐 号\t", "账号", "", ""),
        ("对方卡号/账号", "对方卡号/账号", "", ""),
        ("净额(net)", "净额(net)", "", "net"),
    ],
)
def test_folding(printed: str, name: str, unit: str, side: str) -> None:
    found = column_of(0, printed)
    assert (found.name, found.unit, found.side) == (name, unit, side)


def test_the_earlier_name_wins_and_a_column_has_one_role() -> None:
    layout = lay_out(Line(1, ("b", "a", "c", "a")), {"first": ("a", "b"), "second": ("b", "a"), "third": ("x",)})
    assert [layout.roles[role][0].place for role in ("first", "second")] == [1, 0]
    assert layout.leftover == ("c", "a")


def test_a_word_in_brackets_is_the_side() -> None:
    sides = {"收": "in", "支": "out"}
    layout = lay_out(
        Line(1, ("借方金额(收)", "贷方金额(支)")),
        {"in": ("贷方金额",), "out": ("借方金额",)},
        bracketed=("in", "out"),
        sides=sides,
    )
    assert (layout.printed("in"), layout.printed("out")) == ("借方金额(收)", "贷方金额(支)")


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("退款手续费", "fee"),
        ("支付退款", "refund"),
        ("payment_refund", "refund"),
        ("chargeback fee", "chargeback"),
        ("Chargebacks", "chargeback"),
        ("提现", "payout"),
        ("coffee", None),
        ("discharge", None),
    ],
)
def test_the_longest_word_tells_the_kind(word: str, kind: str | None) -> None:
    assert longest(word, GATEWAY.words, "kind.") == kind


def test_meaning_ignores_case_and_blanks() -> None:
    assert meaning("Transaction  Successful", {"status.ok": ("transaction successful",)}, "status.") == "ok"
    assert meaning("", {"status.ok": ("",)}, "status.") is None


def test_total_words() -> None:
    assert is_total("合 计")
    assert is_total("Total: 3")
    assert not is_total("合计有限公司")


def test_labels() -> None:
    lines = [
        Line(1, ("账号：6222 0001", "户名:某公司  币种：人民币")),
        Line(2, ("期初余额", "", "1,000.00")),
        Line(3, ("起止日期：2026年10月1日-2026-10-31",)),
        Line(4, ("收入合计：3笔，共117.50元", "支出笔数: 2")),
        Line(5, ("Closing Balance", "Total")),
        Line(6, ("对方账号：999",)),
        Line(7, ("无关",)),
    ]
    labels = read_labels(lines, BANK.words)
    assert labels.values["account"] == "6222 0001"
    assert labels.values["currency"] == "人民币"
    assert labels.amount("opening") == "1,000.00"
    assert labels.days() == ("2026-10-01", "2026-10-31")
    assert (labels.count("in_total"), labels.amount("in_total")) == (3, "117.50")
    assert labels.count("out_count") == 2
    assert labels.used == {1, 2, 3, 4, 5}
