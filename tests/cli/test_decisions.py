"""`recon match` with a decisions.csv: where it lies, what it changes, and that it is never written."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from recon.cli import run
from tests.cli.command import PROJECT

CASE = PROJECT / "samples" / "cases" / "micro" / "decided-by-hand"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The case as a workspace."""
    shutil.copytree(CASE, tmp_path / "shop")
    (tmp_path / "shop" / "recon.yaml").write_text("lang: en\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "shop"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def codes(out: Path) -> list[str]:
    return [row["code"] for row in rows(out / "breaks.csv")]


DECIDED = ["amount_mismatch", "missing_payment", "unknown_payment"]


def test_beside_recon_yaml_and_kept_verbatim_over_runs(shop: Path) -> None:
    decisions = shop / "decisions.csv"
    before = decisions.read_bytes(), decisions.stat().st_mtime_ns
    for _ in range(2):
        assert run(["match", "shop", "--quiet"]) == 0
        assert codes(shop / "out" / "2026-10") == DECIDED
    assert (decisions.read_bytes(), decisions.stat().st_mtime_ns) == before
    decisions.unlink()
    assert run(["match", "shop", "--quiet"]) == 0
    assert codes(shop / "out" / "2026-10") == ["missing_payment"] * 2 + ["unknown_payment"] * 2


def test_of_a_plain_folder_beside_its_configuration_or_where_it_is_said(shop: Path) -> None:
    shutil.move(shop / "inbox", "october")
    assert run(["match", "october", "--config", "shop/recon.yaml", "--quiet"]) == 0
    assert codes(Path("october-recon")) == DECIDED
    assert run(["match", "october", "--quiet"]) == 0
    assert codes(Path("october-recon")) != DECIDED
    shutil.move(shop / "decisions.csv", "october/mine.csv")
    assert run(["match", "october", "--decisions", "october/mine.csv", "--quiet"]) == 0
    assert codes(Path("october-recon")) == DECIDED


def test_written_from_the_breaks_themselves(shop: Path) -> None:
    """A person copies entry_ids of two breaks into one line, and they are gone."""
    (shop / "decisions.csv").unlink()
    assert run(["match", "shop", "--quiet"]) == 0
    ids = {row["order_ref"]: row["entry_ids"] for row in rows(shop / "out" / "2026-10" / "breaks.csv")}
    text = f"decision,entry_ids\nmatch,{ids['H100']};{ids['H0100']}\n"
    (shop / "decisions.csv").write_text(text, encoding="utf-8-sig")
    assert run(["match", "shop", "--quiet"]) == 0
    assert "H100" not in {row["order_ref"] for row in rows(shop / "out" / "2026-10" / "breaks.csv")}


def test_bytes_do_not_depend_on_names_of_files(shop: Path) -> None:
    assert run(["match", "shop", "--quiet"]) == 0
    first = rows(shop / "out" / "2026-10" / "breaks.csv")
    (shop / "inbox" / "gateway.csv").rename(shop / "inbox" / "a.csv")
    assert run(["match", "shop", "--quiet"]) == 0
    again = rows(shop / "out" / "2026-10" / "breaks.csv")
    assert [r | {"source_file": ""} for r in first] == [r | {"source_file": ""} for r in again]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("mach,00;11", "decisions.csv:5: decision = 'mach': is no decision. Write match or decline."),
        (
            "decline,45803e2d60eae436;2596ac4e59db046e",
            "decisions.csv:5: entry_ids = '2596ac4e59db046e;45803e2d60eae436': declines a pair that line 2 matches.",
        ),
    ],
)  # fmt: skip
def test_a_wrong_line_ends_the_run_and_nothing_is_written(
    shop: Path, capsys: pytest.CaptureFixture[str], line: str, said: str
) -> None:
    with (shop / "decisions.csv").open("a", encoding="utf-8") as stream:
        stream.write(f"{line}\n")
    assert run(["match", "shop", "--quiet"]) == 2
    assert said in capsys.readouterr().err
    assert not (shop / "out").exists()


def test_a_file_that_is_not_there(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["match", "shop", "--decisions", "none.csv", "--quiet"]) == 2
    assert "none.csv: cannot be read: No such file or directory." in capsys.readouterr().err


def test_a_decision_about_entries_that_are_not_here_rests_and_is_told(shop: Path) -> None:
    with (shop / "decisions.csv").open("a", encoding="utf-8") as stream:
        stream.write("match,00;71a906b08415ad81\n")
    assert run(["match", "shop", "--quiet"]) == 0
    text = (shop / "out" / "2026-10" / "summary.json").read_text(encoding="utf-8")
    assert "decision on line 5: 1 of 2 entries not in these files" in text
