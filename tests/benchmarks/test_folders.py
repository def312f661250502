"""The folders that judge the detectives of files and keys: their facts, and that the program tells a few of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks.downloads import damage, files
from tests.benchmarks.downloads.chance import Chance
from tests.benchmarks.downloads.company import DAYS, LINES, company
from tests.benchmarks.folders import ROOT, wrong


@pytest.mark.parametrize("book", ["trade", "fund", "both"])
def test_every_day_of_a_company_has_a_row_and_its_files_hold_all_of_them(book: str) -> None:
    made = company(Chance(7), LINES, bank=True, book=book)
    for line, books in damage._books(Chance(7), made, book).items():
        for one in books:
            held = [e.place for part in one.spans for e in part.entries]
            assert held == sorted(set(held))
            days = {made.day(e.row.at) for part in one.spans for e in part.entries}
            assert line in ("douyin", "bank") or days == set(range(DAYS))
        if books[-1].name != "trade" and line != "generic":
            assert sum(len(part.entries) for part in books[-1].spans) == len(made.rows[line])


@pytest.mark.parametrize("build", [damage.build, damage.build_swapped])
def test_one_seed_gives_one_folder(build: object, tmp_path: Path) -> None:
    assert callable(build)
    first, second = build(11, tmp_path / "a"), build(11, tmp_path / "b")
    assert first == second
    names = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert names == sorted(path.name for path in (tmp_path / "b").iterdir())
    assert all((tmp_path / "a" / n).read_bytes() == (tmp_path / "b" / n).read_bytes() for n in names)


def test_a_dropped_file_is_not_written_and_its_days_are_the_hole(tmp_path: Path) -> None:
    for seed in range(1000, 1040):
        told = damage.build(seed, tmp_path / str(seed))
        for truth in told.truths:
            assert truth.days is None or truth.days[0] <= truth.days[1]
            assert truth.code in ("missing_file", "control_total", "balance_break")


def test_swapped_numbers_do_not_meet() -> None:
    made = company(Chance(3), ("own", "taobao"), bank=False, book="trade")
    for digits in (False, True):
        other = damage._numbers(Chance(4), made.orders, digits=digits)
        assert len(set(other)) == len(other)
        assert not set(other) & {order.number for order in made.orders}


def test_the_judge_counts_what_is_beside_the_truth() -> None:
    told = damage.Folder([damage.Truth("missing_file", "1", days=("2026-10-02", "2026-10-03"))])
    row = {"code": "missing_file", "account": "1", "severity": "high", "explanation": "2026-10-02 to 2026-10-03"}
    assert not wrong(told, [row], [])
    assert wrong(told, [row | {"explanation": "2026-10-02"}], [])
    assert wrong(told, [row, row], [])
    assert wrong(told, [], [])
    assert wrong(told, [row, row | {"code": "missing_payment"}], [])
    assert not wrong(told, [row, row | {"code": "cutoff", "severity": "info"}], [])
    assert wrong(told, [row], [{"repeated": "1"}])


def test_a_file_is_written_with_its_totals_around_the_rows_that_are_left(tmp_path: Path) -> None:
    made = company(Chance(7), ("taobao",), bank=False, book="trade")
    part = files.span(made, "taobao", "cash", 7, 13)
    whole = files.text(made, part)
    assert len(whole.body) == len(part.entries) == len(whole.days)
    assert any(f"{len([e for e in part.entries if e.row.amount > 0])}笔" in line for line in whole.foot)
    assert (ROOT / "recon").is_dir()
