"""The table of `recon pair`: every word that the kernel can say is known, equations foot, empty sides give a header."""

from __future__ import annotations

import ast
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from recon.matching.lines import missed
from recon.outputs.pairs import COLUMNS, MISSES, RULES, write_pairs

LINES = Path(missed.__file__).parent
PASSES = sorted(path for path in LINES.glob("*.py") if path.stem in {"by_number", "by_text", "in_sums", "offset"})


def texts(path: Path) -> set[str]:
    return {
        node.value
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_every_rule_has_its_words() -> None:
    said = {text for path in PASSES for text in texts(path) if text.isascii() and text.islower() and " " not in text}
    assert said - {"proved", "pool", "suggested", "text", "key", "near_key", "unique", "structure"} == set(RULES)


def test_every_miss_has_its_words() -> None:
    named = {value for name, value in vars(missed).items() if name.isupper() and isinstance(value, str)}
    assert named - {"window"} | {"earlier", "later"} == set(MISSES)


def line(side: str, amount: int, **more: object) -> dict[str, object]:
    plain = {
        "side": side, "match": 1, "verdict": "proved", "basis": "key", "rule": "by-number-in-sum", "alternatives": 1,
        "residual": 0, "day": 20000, "amount": amount, "currency": "CNY", "counterparty": "", "memo": "",
        "reference": "", "source_file": "a.csv", "source_row": 2, "fails": "", "near": -1, "others": 0, "rivals": 0,
    }  # fmt: skip
    return {**plain, **more}


def written(folder: Path, *lines: dict[str, object], lang: str = "en") -> pd.DataFrame:
    path = folder / "pairs.csv"
    frame = pd.DataFrame(list(lines)) if lines else pd.DataFrame([line("book", 0)]).iloc[:0]
    write_pairs(frame, path, lang=lang, currency="CNY")
    return pd.read_csv(path, dtype=str, keep_default_na=False)


@pytest.mark.parametrize(
    ("members", "equation"),
    [
        ([line("book", 300), line("book", -100), line("bank", 200)], "3.00 - 1.00 = 2.00"),
        ([line("book", 300, residual=-15), line("bank", 285, residual=-15)], "3.00 = 2.85 + 0.15"),
        ([line("book", -300, residual=-15), line("bank", -315, residual=-15)], "-3.00 = -3.15 + 0.15"),
        ([line("book", 300, residual=15), line("bank", 315, residual=15)], "3.00 = 3.15 - 0.15"),
        ([line("bank", -300), line("bank", 300)], "-3.00 + 3.00 = 0.00"),
        ([line("bank", 700), *[line("book", 100)] * 7], "7 lines of 7.00 = 7.00"),
        ([line("book", 300, currency="JPY"), line("bank", 300, currency="JPY")], "300 = 300"),
    ],
)
def test_equations(tmp_path: Path, members: list[dict[str, object]], equation: str) -> None:
    told = set(written(tmp_path, *members)["explanation"])
    assert told == {f"the lines that share a number add up; {equation}"}


def test_what_a_verdict_leaves_open_is_said(tmp_path: Path) -> None:
    pool = [line("book", 1, verdict="pool", basis="text", alternatives=2), line("bank", 1, verdict="pool")]
    assert written(tmp_path, *pool)["explanation"][0].endswith("the set balances, which to which is open")
    chosen = line("book", 1, verdict="unproven", basis="text", alternatives=3)
    found = written(tmp_path, chosen, line("bank", 1), lang="zh")["explanation"][0]
    assert found.endswith("；共 3 个候选，此为文字最近者；所在文件合计或余额不符，未证实")


def test_text_that_a_spreadsheet_would_run_is_guarded(tmp_path: Path) -> None:
    found = written(tmp_path, line("book", 1, memo="=1+1"), line("bank", 1, memo="plain"))
    assert list(found["memo"]) == ["'=1+1", "plain"]


def test_no_lines_give_a_header(tmp_path: Path) -> None:
    assert list(written(tmp_path).columns) == list(COLUMNS)
    path = tmp_path / "pairs.parquet"
    write_pairs(pd.DataFrame([line("book", 0)]).iloc[:0], path, lang="en", currency="CNY")
    assert pq.read_table(path).num_rows == 0
