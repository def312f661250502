"""The generator of judged months: the same seed gives the same bytes, its files foot, and every code is planted."""

from __future__ import annotations

import csv
import re
from collections import Counter
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from tests.benchmarks.months.month import RATES, recipe, write_month
from tests.benchmarks.months.score import read, score

ORDERS, RATE = 600, RATES["many"]
CODES = 27


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny month with everything planted."""
    folder = tmp_path_factory.mktemp("month")
    write_month(recipe(11, ORDERS, RATE, "2026-10"), folder)
    return folder


def _bytes(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_the_same_seed_gives_the_same_bytes(month: Path, tmp_path: Path) -> None:
    write_month(recipe(11, ORDERS, RATE, "2026-10"), tmp_path / "again")
    write_month(recipe(12, ORDERS, RATE, "2026-10"), tmp_path / "other")
    assert _bytes(tmp_path / "again") == _bytes(month)
    assert _bytes(tmp_path / "other") != _bytes(month)


def test_every_code_is_planted(month: Path) -> None:
    assert len({row["code"] for row in read(month / "truth.csv")}) == CODES


def test_a_clean_month_has_cutoffs_only(tmp_path: Path) -> None:
    write_month(recipe(11, ORDERS, 0, "2026-10"), tmp_path)
    assert {row["code"] for row in read(tmp_path / "truth.csv")} == {"cutoff"}


def test_the_truth_scores_itself_in_full(month: Path) -> None:
    truth = [row for row in read(month / "truth.csv") if row["order_ref"] != "?"]
    told = score(truth, [dict(row) for row in truth])
    assert (len(told.exact), told.wrong, told.missed, told.extra) == (len(truth), [], [], [])
    told = score(truth, [row | {"actual": "0.01"} for row in truth])
    assert told.exact == [] and not told.missed


def test_payouts_are_the_sum_of_their_lines_unless_planted(month: Path) -> None:
    gaps = {ref for row in read(month / "truth.csv") if row["label"] == "gap" for ref in row["batch_ref"].split(";")}
    with (month / "inbox" / "cards.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["Payout ID"]]
    left: Counter[str] = Counter()
    for row in rows:
        left[row["Payout ID"]] += int((Decimal(row["Amount"]) - Decimal(row["Fee"])) * 100)
    assert len(left) > 3
    assert {number for number, total in left.items() if total} == gaps & set(left)


def test_the_trade_bills_foot_but_the_one_that_was_cut(month: Path) -> None:
    wrong = []
    for path in sorted((month / "inbox").glob("1900000*All*.csv")):
        lines = [re.split(",`", line.removeprefix("`")) for line in path.read_text(encoding="utf-8-sig").splitlines()]
        income = sum(Decimal(line[12]) for line in lines[1:-2])
        if Decimal(lines[-1][1]) != income:
            wrong.append(path.name[:10])
    assert wrong == ["1900000307"]


def test_statements_carry_their_balance(month: Path) -> None:
    with (month / "inbox" / "bank-daily.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for before, row in pairwise(rows):
        moved = Decimal(row["收入金额"] or "0") - Decimal(row["支出金额"] or "0")
        assert Decimal(row["账户余额"]) == Decimal(before["账户余额"]) + moved
