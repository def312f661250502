"""Learned fee rules are shown, and what is shown is a section of recon.yaml that makes them the contract."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from recon.config import load
from tests.scenarios.folder import Folder, Result
from tests.scenarios.layouts import listed

DAYS = [day for day in range(1, 31) if day not in {14, 15}]
AMOUNTS = ("12.50", "60.00", "133.37", "37.50", "88.20")


def paid(day: int, nth: int) -> dict[str, str]:
    """A payment of October with 0.6 % until the 15th, and 0.54 % since, half up."""
    rate, amount = Decimal("0.006") if day < 16 else Decimal("0.0054"), Decimal(AMOUNTS[nth])
    fee = int(amount * 100 * rate + Decimal("0.5"))
    return {
        "交易时间": f"2026-10-{day:02} 1{nth}:00:00", "交易类型": "支付", "商户号": "600123",
        "订单号": f"R{day:02}{nth}", "交易流水号": f"P{day:02}{nth}", "金额": str(amount), "手续费": f"{fee / 100:.2f}",
    }  # fmt: skip


def run(folder: Path, lang: str, config: str = "", without: str = "") -> Result:
    rows = [paid(day, nth) for day in DAYS for nth in range(len(AMOUNTS))]
    rows = [{name: cell for name, cell in row.items() if name != without} for row in rows]
    return Folder(folder, config).put(gateway=listed(*rows)).match("2026-10-31", lang=lang)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_was_learned_becomes_the_contract(tmp_path: Path, lang: str) -> None:
    learned = run(tmp_path / "learned", lang)
    rules = learned.table("fee_rules")
    assert [(r["account"], r["detail"], r["rate"], r["since"], r["until"], r["changed_after"]) for r in rules] == [
        ("generic:600123", "手续费", "0.6%", "", "2026-10-15", ""),
        ("generic:600123", "手续费", "0.54%", "2026-10-16", "", "2026-10-13"),
    ]
    assert [(r["rounding"], r["fixed"], r["maximum"], r["on_refund"]) for r in rules] == [
        ("half_up", "0.00", "", "kept"),
        ("half_up", "0.00", "", "kept"),
    ]
    assert [(r["explained"], r["rows"]) for r in rules] == [("65", "65"), ("75", "75")]
    assert [r["not_identifiable"] for r in rules] == ["on_refund", "rounding;on_refund"]
    assert [found[4] for found in learned.found("fee_mismatch")] == ["rate_moved"]
    words = {"en": "it may have come on any day after 2026-10-13", "zh": "2026-10-13 之后的任何一天都可能是变更日"}
    assert words[lang] in learned.one("fee_mismatch")["explanation"]

    text = (learned.out / "fee_rules.yaml").read_text(encoding="utf-8")
    assert text.startswith('fees:\n  "generic:600123":\n    # ')
    assert [f"    {rule['recon_yaml']}" in text.splitlines() for rule in rules] == [True, True]
    config = load(learned.out / "fee_rules.yaml")
    assert [rule.rate for rule in config.fees["generic:600123"]] == [Decimal("0.006"), Decimal("0.0054")]

    agreed = run(tmp_path / "agreed", lang, text)
    assert agreed.found("fee_mismatch") == []
    assert agreed.table("fee_rules") == []
    assert not (agreed.out / "fee_rules.yaml").exists()


def test_an_account_without_a_number_can_be_agreed_on_too(tmp_path: Path) -> None:
    learned = run(tmp_path / "learned", "en", without="商户号")
    assert {rule["account"] for rule in learned.table("fee_rules")} == {"generic:generic.gateway:default"}
    text = (learned.out / "fee_rules.yaml").read_text(encoding="utf-8")
    agreed = run(tmp_path / "agreed", "en", text, without="商户号")
    assert (agreed.found("fee_mismatch"), agreed.table("fee_rules")) == ([], [])


@pytest.mark.parametrize(
    ("lang", "name", "words"),
    [
        ("en", "Fee rules", ("half up", "kept", "rounding, what a refund returns")),
        ("zh", "费率规则 Fee rules", ("四舍五入", "不退", "舍入、退款是否退费")),
    ],
)
def test_the_sheet_speaks_the_language(tmp_path: Path, lang: str, name: str, words: tuple[str, ...]) -> None:
    sheet = openpyxl.load_workbook(run(tmp_path, lang).out / "reconciliation.xlsx")[name]
    last = [cell.value for cell in sheet[sheet.max_row]]
    assert set(words) < set(last)
    assert "0.54%" in last
