"""`recon match` as a user sees it: what it prints where, what it leaves, how it ends."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from recon.cli import run
from tests.cli.command import PROJECT, process

CASES = PROJECT / "samples" / "cases"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A plain folder with the files of a small shop."""
    shutil.copytree(CASES / "taobao-alipay-bank" / "inbox", tmp_path / "october")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "october"


def test_as_a_process(shop: Path) -> None:
    ended = process("match", "october", "--lang", "en", cwd=shop.parent)
    assert ended.code == 0
    assert ended.err.splitlines()[-1] == "write"
    last = ended.out.splitlines()[-1]
    assert last == str(Path("october-recon", "reconciliation.xlsx"))
    assert (shop.parent / last).is_file()


def test_quiet_prints_nothing(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["match", "october", "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")


def test_json_is_the_summary_that_it_leaves(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["match", "october", "--json", "--quiet"]) == 0
    left = (shop.parent / "october-recon" / "summary.json").read_text(encoding="utf-8")
    assert capsys.readouterr().out == left
    assert json.loads(left)["breaks"]


@pytest.mark.parametrize(("condition", "code"), [("high > 0", 1), ("high > 1000", 0), ("open_amount > 0.01", 1)])
def test_fail_on(shop: Path, capsys: pytest.CaptureFixture[str], condition: str, code: int) -> None:
    assert run(["match", "october", "--quiet", "--fail-on", condition]) == code
    assert capsys.readouterr().err == (f"--fail-on: {condition}\n" if code else "")


def test_unreadable_input_is_graver_than_a_threshold(shop: Path) -> None:
    (shop / "notes.txt").write_text("to do\n", encoding="utf-8")
    assert run(["match", "october", "--quiet", "--fail-on", "high > 0"]) == 3


def test_a_workspace_writes_below_its_period(shop: Path) -> None:
    work = shop.parent / "work"
    work.mkdir()
    shop.rename(work / "inbox")
    (work / "recon.yaml").write_text("period: 2026-09\n", encoding="utf-8")
    assert run(["match", "work", "--quiet"]) == 0
    assert [path.name for path in (work / "out").iterdir()] == ["2026-09"]
    assert run(["match", "work", "--quiet", "--period", "2026-10"]) == 0
    assert sorted(path.name for path in (work / "out").iterdir()) == ["2026-09", "2026-10"]
    assert not (shop.parent / "work-recon").exists()


def test_a_second_run_leaves_the_same_bytes(shop: Path) -> None:
    out = shop.parent / "october-recon"
    assert run(["match", "october", "--quiet"]) == 0
    first = {path.name: path.read_bytes() for path in out.iterdir()}
    assert run(["match", "october", "--quiet"]) == 0
    assert {path.name: path.read_bytes() for path in out.iterdir()} == first


@pytest.mark.parametrize("profile", sorted((PROJECT / "configs").glob("*.yaml")), ids=lambda path: path.stem)
def test_a_profile_runs_on_its_sample(profile: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    arguments = ["match", str(CASES / profile.stem / "inbox"), "--config", str(profile), "--out", str(out)]
    assert run([*arguments, "--period", "2026-10", "--quiet"]) == 0
    assert json.loads((out / "summary.json").read_text(encoding="utf-8"))["assumed"] is False
