"""Pairs in two currencies: what is applied stands in the currency that was received, with its decimals."""

from __future__ import annotations

from pathlib import Path

import pytest

from recon.cli import run
from tests.scenarios.folder import Folder
from tests.scenarios.layouts import Cells, bank, bank_row, listed, order


def move(kind: str, amount: str, at: str, **more: str) -> Cells:
    told = {"Time": at, "Type": kind, "Transaction ID": f"P{at[8:10]}{kind[:2]}", "Amount": amount}
    return told | {"Currency": "JPY", "批次号": "PO20261010"} | more


def yen(tmp_path: Path) -> Folder:
    """9,000 yen of an order in dollars, paid out and converted by the bank into 588.98 yuan; no rate is stated."""
    return Folder(tmp_path).put(
        orders=listed(order("D5001", "60.00", "2026-10-09 09:59:00", "shipped", Currency="USD")),
        gateway=listed(
            move("charge", "9000", "2026-10-09 10:00:00", Order="D5001"),
            move("payout", "-9000", "2026-10-10 10:00:00"),
        ),
        bank=bank(bank_row("588.98", "2026-10-12 10:00:00", "PAYCO", "PO20261010"), edges=("2026-10-01", "2026-10-20")),
    )


def test_applied_amounts_have_the_decimals_of_what_was_received(tmp_path: Path) -> None:
    rows = yen(tmp_path).match("2026-10-20").table("matches")
    shown = {(r["leg"], r["kind"]): (r["amount"], r["currency"], r["applied"]) for r in rows if r["leg"] != "payout"}
    assert shown == {
        ("order-gateway", "sale"): ("60.00", "USD", "9000"),
        ("order-gateway", "payment"): ("9000", "JPY", "9000"),
        ("gateway-bank", "payout"): ("-9000", "JPY", "-588.98"),
        ("gateway-bank", "receipt"): ("588.98", "CNY", "588.98"),
    }
    assert {r["residual"] for r in rows if r["leg"] == "gateway-bank"} == {"0.00"}
    assert {r["residual"] for r in rows if r["leg"] == "order-gateway"} == {"0"}


def test_the_waterfall_reads_them_alike(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = yen(tmp_path).match("2026-10-20")
    match_id = next(r["match_id"] for r in result.table("matches") if r["leg"] == "gateway-bank")
    capsys.readouterr()
    assert run(["explain", str(result.out), match_id, "--lang", "en"]) == 0
    told = capsys.readouterr().out
    assert told.count("588.98") >= 3
    assert "58,898" not in told
