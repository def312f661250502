"""`recon check`: silent when all is well, else every difference with its case and table."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from recon.cli import run
from tests.cli.command import PROJECT

CASE = PROJECT / "samples" / "cases" / "micro" / "alipay-own-shop-fee-kept"


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    shutil.copytree(CASE, tmp_path / "cases" / "deep" / "one")
    return tmp_path / "cases"


def expected(cases: Path, name: str = "breaks.csv") -> Path:
    return cases / "deep" / "one" / "expected" / name


def test_a_case_that_agrees_is_silent(cases: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", str(cases)]) == 0
    assert capsys.readouterr() == ("", "")


def test_a_case_that_agrees_is_named_on_request(cases: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "-v", str(cases)]) == 0
    assert capsys.readouterr() == ("", "deep/one: as expected\n")


def test_a_case_is_named_by_its_folder_when_it_is_meant_alone(cases: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "-v", str(cases / "deep" / "one")]) == 0
    assert capsys.readouterr().err == "one: as expected\n"


def test_rows_that_differ(cases: Path, capsys: pytest.CaptureFixture[str]) -> None:
    expected(cases).write_text("code,leg,difference\nmissing_payment,order-gateway,-1.00\n", encoding="utf-8")
    assert run(["check", str(cases)]) == 1
    out, err = capsys.readouterr()
    assert "deep/one: breaks.csv: - code=missing_payment leg=order-gateway difference=-1.00\n" in out
    assert err == ""


def test_a_table_that_no_run_writes(cases: Path, capsys: pytest.CaptureFixture[str]) -> None:
    expected(cases, "profits.csv").write_text("a\n", encoding="utf-8")
    assert run(["check", str(cases)]) == 1
    assert capsys.readouterr().out == "deep/one: profits.csv: is not among the outputs\n"


def test_a_table_that_is_no_csv(cases: Path, capsys: pytest.CaptureFixture[str]) -> None:
    expected(cases).write_text("code,leg\nx\n", encoding="utf-8")
    assert run(["check", str(cases)]) == 1
    assert capsys.readouterr().out == "deep/one: breaks.csv: row 2 has 1 cells, the header 2\n"


def test_a_case_without_expectation(cases: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(expected(cases).parent)
    assert run(["check", str(cases)]) == 1
    assert capsys.readouterr().out == "deep/one: expected/ is missing or holds no csv\n"


def test_a_file_that_no_channel_reads(cases: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (cases / "deep" / "one" / "inbox" / "notes.txt").write_text("to do\n", encoding="utf-8")
    assert run(["check", str(cases)]) == 1
    assert "deep/one: notes.txt: no channel reads this file\n" in capsys.readouterr().out


def test_a_case_that_does_not_run(cases: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (cases / "deep" / "one" / "recon.yaml").write_text("langue: zh\n", encoding="utf-8")
    assert run(["check", str(cases)]) == 1
    told = "deep/one: does not run: recon.yaml:1: langue = 'zh': unknown key. Did you mean 'lang'?\n"
    assert capsys.readouterr().out == told


def test_places_that_differ_are_told_and_do_not_decide(cases: Path, capsys: pytest.CaptureFixture[str]) -> None:
    expected(cases, "files.csv").write_text("status,source_file\nread,here.csv\nread,there.csv\n", encoding="utf-8")
    assert run(["check", str(cases)]) == 0
    assert capsys.readouterr() == ("", "one: files.csv: equal; only source_file or source_row differ\n")
