"""Every sample as its users read it: Beancount accepts the vouchers, the workbook opens, English is whole."""

from __future__ import annotations

import csv
import functools
import json
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from beancount import loader
from openpyxl import load_workbook

from recon.cli import run

CASES = Path(__file__).parents[1] / "samples" / "cases"
MAIN = ("taobao-alipay-bank", "wechat-shop", "douyin")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def _run(case: Path, out: Path, *options: str) -> int:
    config = case / "recon.yaml"
    told = ["--config", str(config)] if config.is_file() else []
    return run(["match", str(case / "inbox"), *told, "--out", str(out), "--quiet", *options])


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Path]:
    """Case -> the folder that a run leaves of it as it stands; each is run once, and no test changes it."""

    @functools.cache
    def of(case: Path) -> Path:
        out = tmp_path_factory.mktemp(case.name) / "out"
        assert _run(case, out) in (0, 3)
        return out

    return of


@pytest.mark.parametrize("case", sorted(p.parent for p in CASES.rglob("inbox")), ids=lambda p: p.name)
def test_beancount_accepts_the_vouchers_of_every_sample(case: Path, result: Callable[[Path], Path]) -> None:
    _, errors, _ = loader.load_file(str(result(case) / "vouchers.beancount"))
    assert errors == []


@pytest.mark.parametrize("name", MAIN)
def test_small_differences_of_a_sample_are_written_off(
    name: str, result: Callable[[Path], Path], tmp_path: Path
) -> None:
    told = tmp_path / "recon.yaml"
    write_off = 'tolerances: {amount: {per_ten_thousand: 5}, write_off: {limit: "13.00", account: "6711"}}\n'
    told.write_text(write_off, encoding="utf-8")
    out = tmp_path / "out"
    assert run(["match", str(CASES / name / "inbox"), "--config", str(told), "--out", str(out), "--quiet"]) == 0
    _, errors, _ = loader.load_file(str(out / "vouchers.beancount"))
    assert errors == []
    before, summary = (
        json.loads((place / "summary.json").read_text(encoding="utf-8")) for place in (result(CASES / name), out)
    )
    states = [{(c["no"], c["subject"]): c["state"] for c in one["controls"]} for one in (before, summary)]
    assert {key for key, state in states[1].items() if state == "open"} <= {
        key for key, state in states[0].items() if state == "open"
    }
    lost = sum(Decimal(line["amount"]) for line in summary["residuals"] if line["reason"] in ("tolerance", "write_off"))
    ledger = next(c["ledger"] for c in summary["controls"] if c["no"] == 16)
    waiting = next(c["explained"] for c in summary["controls"] if c["no"] == 16)
    assert Decimal(ledger) - Decimal(waiting) == -lost
    assert any(line["reason"] == "write_off" for line in summary["residuals"])
    shown = load_workbook(out / "reconciliation.xlsx", data_only=True).worksheets[0]
    assert "尾差核销" in {cell.value for row in shown.iter_rows(max_col=1) for cell in row}


@pytest.mark.parametrize("name", MAIN)
def test_vouchers_balance_to_the_fen(name: str, result: Callable[[Path], Path]) -> None:
    sums: dict[str, int] = {}
    with (result(CASES / name) / "vouchers.csv").open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            fen = [int((line[side] or "0.00").replace(".", "")) for side in ("debit", "credit")]
            sums[line["voucher_id"]] = sums.get(line["voucher_id"], 0) + fen[0] - fen[1]
    assert sums
    assert set(sums.values()) == {0}


@pytest.mark.parametrize("name", MAIN)
def test_the_workbook_opens_with_its_values(name: str, result: Callable[[Path], Path]) -> None:
    out = result(CASES / name)
    book = load_workbook(out / "reconciliation.xlsx", data_only=True)
    sheets = ("Summary", "Breaks", "In transit", "Bridge", "Coverage", "Vouchers", "Files", "Fee rules")
    assert [name.split(" ", 1)[1] for name in book.sheetnames] == list(sheets)
    with (out / "breaks.csv").open(encoding="utf-8", newline="") as file:
        ids = {line["break_id"] for line in csv.DictReader(file)}
    shown = {str(cell.value) for row in book.worksheets[1].iter_rows(max_col=1) for cell in row}
    assert ids <= shown


def test_english_is_complete(tmp_path: Path) -> None:
    """What recon itself says is English; only names from the files stay as they are printed there."""
    _run(CASES / "taobao-alipay-bank", tmp_path / "out", "--lang", "en")
    summary = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))
    assert not [b["title"] for b in summary["breaks"] if _CHINESE.search(b["title"])]
    assert not [c["title"] for c in summary["controls"] if _CHINESE.search(c["title"])]
    book = load_workbook(tmp_path / "out" / "reconciliation.xlsx", data_only=True)
    assert not [name for name in book.sheetnames if _CHINESE.search(name)]
    with (tmp_path / "out" / "matches.csv").open(encoding="utf-8", newline="") as file:
        assert not [line["explanation"] for line in csv.DictReader(file) if _CHINESE.search(line["explanation"])]
    with (tmp_path / "out" / "vouchers.csv").open(encoding="utf-8", newline="") as file:
        assert not [line["account_name"] for line in csv.DictReader(file) if _CHINESE.search(line["account_name"])]
