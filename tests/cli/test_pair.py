"""`recon pair`: a book beside its bank, from files to one table."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from recon.cli import run
from recon.outputs.pairs import COLUMNS
from tests.cli.command import PROJECT, process, recon

SAMPLE = PROJECT / "samples" / "pair"
BOOK, BANK = SAMPLE / "book.csv", SAMPLE / "bank.csv"
PICTURE = PROJECT / "samples" / "faults" / "picture-as-csv" / "inbox" / "alipay_202610.csv"


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_the_sample_gives_the_table_worked_out_by_hand() -> None:
    ended = recon("pair", BOOK, BANK, "--fee", "5-50", "--quiet")
    assert (ended.code, ended.err) == (0, "")
    found, expected = rows(ended.out), rows((SAMPLE / "expected.csv").read_text(encoding="utf-8"))
    assert list(found[0]) == list(COLUMNS)
    assert [{name: row[name] for name in expected[0]} for row in found] == expected


def test_counts_on_stderr_as_the_readme_shows_them() -> None:
    ended = process("pair", BOOK, BANK, "--fee", "5-50", "--lang", "en")
    told = ended.err.splitlines()[-2:]
    assert told == [
        "book 12 (-544.40 CNY): matched 6 (245.60 CNY); suggested 4 (1710.00 CNY); open 2 (-2500.00 CNY)",
        "bank 10 (3308.48 CNY): matched 5 (245.60 CNY); suggested 2 (1065.00 CNY); open 3 (1997.88 CNY)",
    ]
    assert "\n".join(f"    {line}" for line in told) in (PROJECT / "README.md").read_text(encoding="utf-8")
    chinese = process("pair", BOOK, BANK, "--fee", "5-50").err.splitlines()[-2:]
    assert chinese[0] == "账簿 12 笔 -544.40 CNY：已配 6 笔 245.60 CNY；建议 4 笔 1710.00 CNY；未决 2 笔 -2500.00 CNY"
    assert "\n".join(f"    {line}" for line in chinese) in (PROJECT / "README.zh.md").read_text(encoding="utf-8")


def test_explanations_in_both_languages() -> None:
    zh, en = (
        {(row["side"], row["source_row"]): row["explanation"] for row in rows(recon("pair", BOOK, BANK, *more).out)}
        for more in ((), ("--lang", "en"))
    )
    assert zh["book", "8"] == "号码相同的各笔，两边合计相等；2500.00 + 4000.00 = 6500.00"
    assert en["bank", "5"] == "the lines that share a number add up; 2500.00 + 4000.00 = 6500.00"
    assert zh["book", "11"] == "户名或摘要相符，金额有相邻两位数字颠倒；-1290.00 = -1920.00 + 630.00；仅建议，请核对"
    assert zh["bank", "11"] == "最接近的是 book.csv:15：金额相等，但银行晚 16 天"
    assert en["book", "10"] == "nearest is bank.csv:6: the words meet, but another amount: 2985.00 CNY"
    assert en["book", "14"] == "nothing on the other side has its amount or its number"


def test_a_wider_window_finds_what_came_sixteen_days_later() -> None:
    found = rows(recon("pair", BOOK, BANK, "--days", "16", "--quiet").out)
    ((number, verdict),) = {(row["match"], row["verdict"]) for row in found if row["amount"] == "2000.00"}
    assert (number != "", verdict) == (True, "proved")


def test_parquet_holds_the_same_as_exact_decimals(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "pair.parquet"
    assert run(["pair", str(BOOK), str(BANK), "--quiet", "--out", str(out)]) == 0
    assert run(["pair", str(BOOK), str(BANK), "--quiet", "--out", str(tmp_path / "pair.csv")]) == 0
    texts, table = rows((tmp_path / "pair.csv").read_text(encoding="utf-8")), pq.read_table(out)
    assert table.column_names == list(COLUMNS)
    assert str(table.schema.field("residual").type) == "decimal128(38, 2)"
    for name in COLUMNS:
        assert ["" if value is None else str(value) for value in table[name].to_pylist()] == [r[name] for r in texts]


def test_a_folder_with_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    for path in (BANK, PICTURE):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    ended = recon("pair", BOOK, tmp_path, "--quiet")
    assert ended.code == 3
    assert ended.err.startswith("alipay_202610.csv: is a JPEG picture, not a table.")
    assert ended.out == recon("pair", BOOK, BANK, "--quiet").out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--fee", "50-5"], "--fee 50-5: is no range."),
        (["--fee", "5"], "--fee 5: '' is no amount in CNY."),
        (["--fee", "0.001-5"], "--fee 0.001-5: '0.001' is no amount in CNY."),
        (["--days", "-1"], "Invalid value for '--days'"),
        (["--out", "pair.xlsx"], "pair.xlsx: is no kind of table."),
    ],
)
def test_wrong_usage(arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["pair", str(BOOK), str(BANK), *arguments]) == 2
    captured = capsys.readouterr()
    assert told in captured.err
    assert captured.out == ""


def test_a_path_that_does_not_exist(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["pair", str(BOOK), str(BANK) + "x", "--quiet"]) == 2
    assert "there is no such file or folder" in capsys.readouterr().err
