"""Every command in the two READMEs is run, and what a README shows as output is what is printed."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest

from recon.cli import run

PROJECT = Path(__file__).parents[1]
READMES = (PROJECT / "README.md", PROJECT / "README.zh.md")
_BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)


def commands(readme: Path) -> list[tuple[str, str]]:
    """Return (command, output shown) of each `$ ` line in the console blocks."""
    found: list[tuple[str, str]] = []
    for block in _BLOCK.findall(readme.read_text(encoding="utf-8")):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, shown = part.partition("\n")
            found.append((command, shown.strip("\n")))
    return found


def once(shown: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Leave out a `recon check` that was shown before with the same output: it runs every case and leaves nothing."""
    return [
        entry
        for place, entry in enumerate(shown)
        if not (entry[1].startswith("recon check ") and entry[1:] in [before[1:] for before in shown[:place]])
    ]


SHOWN = once([(readme.name, *entry) for readme in READMES for entry in commands(readme)])


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what the commands need, so that what they leave lies nowhere else."""
    folder = tmp_path_factory.mktemp("checkout")
    shutil.copytree(PROJECT / "samples", folder / "samples")
    shutil.copytree(PROJECT / "configs", folder / "configs")
    return folder


@pytest.mark.parametrize(
    ("readme", "command", "shown"), SHOWN, ids=[f"{name}: {command}" for name, command, _ in SHOWN]
)
def test_a_command(
    readme: str,
    command: str,
    shown: str,
    checkout: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(checkout)
    program, *arguments = shlex.split(command)
    if program == "make":  # what make would run is run by the other tests, and make test by whoever runs them
        make = shutil.which("make")
        assert make is not None
        subprocess.run([make, "--dry-run", *arguments], cwd=PROJECT, check=True, capture_output=True)
        return
    assert program == "recon"
    assert run(arguments) == 0
    out = capsys.readouterr().out
    if shown:
        assert shown.splitlines() == [line.rstrip() for line in out.splitlines()]


def test_both_languages_show_the_same_commands() -> None:
    english, chinese = ([command.removesuffix(" --lang en") for command, _ in commands(readme)] for readme in READMES)
    assert english == chinese
    assert "make demo" in english


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_the_table_of_outputs_is_what_a_run_leaves(readme: Path, checkout: Path, tmp_path: Path) -> None:
    text = readme.read_text(encoding="utf-8")
    table = text[text.index("| `reconciliation.xlsx` |") : text.index("| `changes.csv` |")]
    named = {name for line in table.splitlines() for name in re.findall(r"`([^`]+)`", line.split("|")[1])}
    lang = "zh" if "zh" in readme.name else "en"
    case = checkout / "samples" / "cases" / "taobao-alipay-bank" / "inbox"
    assert run(["match", str(case), "--out", str(tmp_path / "out"), "--lang", lang]) == 0
    assert {path.name for path in (tmp_path / "out").iterdir()} == named
    sheets = openpyxl.load_workbook(tmp_path / "out" / "reconciliation.xlsx", read_only=True).sheetnames
    places = [table.splitlines()[0].index(sheet) for sheet in sheets]
    assert places == sorted(places)
