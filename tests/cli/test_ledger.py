"""`recon ledger`: any statement as one table."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from recon.cli import run
from recon.ledger.schema import ENTRY
from tests.cli.command import PROJECT, process, recon

BANK = PROJECT / "samples" / "cases" / "taobao-alipay-bank" / "inbox" / "historydetail3456.csv"
PICTURE = PROJECT / "samples" / "faults" / "picture-as-csv" / "inbox" / "alipay_202610.csv"


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_csv_on_stdout() -> None:
    ended = process("ledger", BANK, "--quiet")
    assert (ended.code, ended.err) == (0, "")
    found = rows(ended.out)
    assert list(found[0]) == ENTRY.names
    assert [int(row["source_row"]) for row in found] == sorted(int(row["source_row"]) for row in found)
    assert all(len(row["amount"].partition(".")[2]) == 2 for row in found)


def test_balances_follow_the_amounts() -> None:
    found = sorted(rows(recon("ledger", BANK, "--quiet").out), key=lambda row: int(row["seq"]))
    for before, after in pairwise(found):
        assert Decimal(before["balance_after"]) + Decimal(after["amount"]) == Decimal(after["balance_after"])


def test_parquet_holds_the_same_as_exact_decimals(tmp_path: Path) -> None:
    assert run(["ledger", str(BANK), "--quiet", "--out", str(tmp_path / "bank.csv")]) == 0
    assert run(["ledger", str(BANK), "--quiet", "--out", str(tmp_path / "bank.parquet")]) == 0
    texts = rows((tmp_path / "bank.csv").read_text(encoding="utf-8"))
    table = pq.read_table(tmp_path / "bank.parquet")
    assert table.column_names == ENTRY.names
    assert str(table.schema.field("amount").type) == "decimal128(38, 2)"
    assert [str(amount) for amount in table["amount"].to_pylist()] == [row["amount"] for row in texts]
    assert table["entry_id"].to_pylist() == [row["entry_id"] for row in texts]


def test_a_folder_and_a_file_that_cannot_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "deep" / "all.csv"
    assert run(["ledger", str(BANK.parent), str(PICTURE), "--quiet", "--out", str(out)]) == 3
    assert capsys.readouterr().err.startswith("alipay_202610.csv: is a JPEG picture, not a table.")
    assert {row["side"] for row in rows(out.read_text(encoding="utf-8"))} == {"order", "gateway", "bank"}


def test_a_file_that_cannot_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert run(["ledger", str(BANK), "--quiet", "--out", str(tmp_path / "file" / "bank.csv")]) == 4
    assert "bank.csv: cannot be written: " in capsys.readouterr().err
