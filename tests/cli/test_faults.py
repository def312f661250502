"""Input that cannot be read: each case of samples/faults has its message and exit code; nothing is half-written."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from recon.cli import run
from tests.cli.command import PROJECT, process, recon

CASES = sorted(path.parent for path in (PROJECT / "samples" / "faults").glob("*/inbox"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_file_that_cannot_be_read(case: Path, tmp_path: Path) -> None:
    shutil.copytree(case / "inbox", tmp_path / "inbox")
    ended = recon("match", "inbox", "--out", "out", "--quiet", cwd=tmp_path)
    assert ended.err == (case / "stderr.txt").read_text(encoding="utf-8")
    assert ended.code == int((case / "exit").read_text(encoding="utf-8"))
    assert ended.out == ""
    assert sorted(path.name for path in tmp_path.iterdir()) == ["inbox", "out"]
    summary = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))
    assert [file["status"] for file in summary["files"]]
    assert not [path.name for path in (tmp_path / "out").iterdir() if path.name.startswith(".")]


def test_an_empty_folder_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    ended = process("match", "inbox", cwd=tmp_path)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.endswith("inbox: holds no files. Put the exports into it as they were downloaded.\n")
    assert [path.name for path in tmp_path.iterdir()] == ["inbox"]


def test_a_wrong_configuration_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(PROJECT / "samples" / "faults" / "header-only" / "inbox", tmp_path / "inbox")
    (tmp_path / "recon.yaml").write_text("lang: zh\nperiode: 2026-10\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert run(["match", "."]) == 2
    assert capsys.readouterr() == ("", "recon.yaml:2: periode = '2026-10': unknown key. Did you mean 'period'?\n")
    assert not (tmp_path / "out").exists()


def test_an_output_folder_with_files_of_others_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(PROJECT / "samples" / "faults" / "unknown-file" / "inbox", tmp_path / "inbox")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "files.csv").write_text("mine", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert run(["match", "inbox", "--out", "out", "--quiet"]) == 4
    told = "out: holds files that recon did not write: files.csv. Name another --out.\n"
    assert capsys.readouterr().err.endswith(told)
    assert [path.read_text(encoding="utf-8") for path in (tmp_path / "out").iterdir()] == ["mine"]
