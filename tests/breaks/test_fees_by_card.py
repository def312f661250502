"""Fees that differ by card brand or category, where the file has such a column."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from tests.scenarios.folder import Folder, Result
from tests.scenarios.layouts import Cells, listed

REAL = os.environ.get("RECON_REAL_FILES")
SHOPIFY = "platforms/shopify/payment_transactions_export_1.csv"


def charge(nth: int, card: str, rate: str, fixed: int = 30) -> Cells:
    """A payment between 10.00 and 210.00, of one card."""
    cents = 1000 + nth * 7919 % 20_000
    fee = int(cents * Decimal(rate) + Decimal("0.5")) + fixed
    return {
        "Time": f"2026-10-{nth % 28 + 1:02} 10:00:00", "Type": "charge", "Order": f"C{nth:04}", "Merchant ID": "77001",
        "Transaction ID": f"T{nth:04}", "Card Brand": card, "Amount": f"{cents / 100:.2f}", "Fee": f"{fee / 100:.2f}",
        "Currency": "USD",
    }  # fmt: skip


def matched(folder: Path, rows: list[Cells], config: str = "") -> Result:
    return Folder(folder, config).put(gateway=listed(*rows)).match("2026-10-31")


def test_a_rule_for_each_card_and_one_for_those_charged_alike(tmp_path: Path) -> None:
    rows = [charge(nth, ("visa", "master")[nth % 2], "0.024") for nth in range(200)]
    rows += [charge(nth, "amex", "0.034") for nth in range(200, 240)]
    rows += [charge(nth, "discover", "0.024") for nth in range(240, 245)]  # too few to learn from, but charged alike
    rows += [charge(nth, "diners", "0.05") for nth in range(245, 250)]  # too few, and unlike the others
    rows += [charge(nth, "visa", "0.034") for nth in range(250, 253)]  # issued abroad
    result = matched(tmp_path / "learned", rows)
    rules = [(r["only"], r["rate"], r["fixed"], r["explained"], r["rows"]) for r in result.table("fee_rules")]
    assert sorted(rules) == [
        ("amex", "3.4%", "0.30", "40", "40"),
        ("discover;master;visa", "2.4%", "0.30", "205", "208"),
    ]
    assert [(f[0], f[4]) for f in result.found()] == [("fee_mismatch", "foreign_card")] * 3
    assert "it fits the rule of other cards" in result.table("breaks")[0]["explanation"]
    assert any("5 payments unchecked, no rule was learned for their card" in note for note in result.summary["notes"])

    agreed = matched(tmp_path / "agreed", rows, (result.out / "fee_rules.yaml").read_text(encoding="utf-8"))
    assert [f[4] for f in agreed.found("fee_mismatch")] == ["foreign_card"] * 3
    assert agreed.table("fee_rules") == []


def test_a_rate_that_moves_for_one_card_is_one_finding(tmp_path: Path) -> None:
    rows = [charge(nth, "visa", "0.024") for nth in range(60)]
    rows += [charge(nth, "amex", "0.034" if nth % 28 < 14 else "0.031") for nth in range(60, 160)]
    result = matched(tmp_path, rows)
    rules = [(r["only"], r["since"], r["rate"]) for r in result.table("fee_rules")]
    assert rules == [("amex", "", "3.4%"), ("amex", "2026-10-15", "3.1%"), ("visa", "", "2.4%")]
    assert [f[4] for f in result.found()] == ["rate_moved"]


def test_cards_that_are_charged_alike_have_one_rule_for_all(tmp_path: Path) -> None:
    rows = [charge(nth, ("visa", "amex")[nth % 2], "0.024") for nth in range(60)]
    (rule,) = matched(tmp_path, rows).table("fee_rules")
    assert (rule["only"], rule["rows"]) == ("", "60")


@pytest.mark.skipif(REAL is None or not (Path(REAL) / SHOPIFY).is_file(), reason="the real file is not there")
def test_a_real_file_is_explained_to_the_cent(tmp_path: Path) -> None:
    """Two rules of the plan and one for American Express; five surcharges, and one fee of what was left of an order.

    The online rule is learned without its five surcharges; the terminal has no fixed part.
    """
    folder = Folder(tmp_path)
    (tmp_path / "inbox").mkdir()
    shutil.copy(Path(str(REAL)) / SHOPIFY, tmp_path / "inbox")
    result = folder.match("2025-06-30")
    rules = {(r["rate"], r["fixed"], r["rounding"]): r for r in result.table("fee_rules")}
    assert set(rules) == {("2.4%", "0.30", "half_up"), ("2.4%", "0.00", "half_up"), ("3.4%", "0.30", "half_up")}
    amex, terminal = rules["3.4%", "0.30", "half_up"], rules["2.4%", "0.00", "half_up"]
    assert {card.split()[0] for card in amex["only"].split(";")} == {"american_express"}
    assert {card.split()[1] for card in terminal["only"].split(";")} == {"stripe_terminal"}
    found = Counter(line[4] for line in result.found("fee_mismatch"))
    assert found == {"foreign_card": 5, "": 1}
    (left,) = [line for line in result.table("breaks") if not line["cause"]]
    assert "payments 57.03, refunds 0.99" in left["explanation"]
    assert not any("unchecked" in note for note in result.summary["notes"])
