"""Commands and options that need no input to be right or wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from recon import __version__
from recon.cli import run


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr() == (f"recon {__version__}\n", "")


@pytest.mark.parametrize(
    "command",
    [
        (),
        ("match",),
        ("breaks",),
        ("explain",),
        ("check",),
        ("ledger",),
        ("pair",),
        ("channels",),
        ("channels", "detect"),
    ],
)
def test_help(capsys: pytest.CaptureFixture[str], command: tuple[str, ...]) -> None:
    assert run([*command, "--help"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("Usage: recon")
    assert err == ""


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("macth", "."), "Error: No such command 'macth'."),
        (("match", ".", "--perod", "2026-10"), "Error: No such option '--perod'."),
        (("match", ".", "--period", "10/2026"), "'10/2026' is not a period. Write year-month, like 2026-10."),
        (("match", ".", "--as-of", "2026-02-30"), "'2026-02-30' there is no such day."),
        (("match", ".", "--lang", "fr"), "'fr' is not one of 'zh', 'en'."),
        (("match", ".", "--fail-on", "hihg > 0"), "--fail-on: 'hihg' is unknown. Did you mean 'high'?"),
        (("match", "none"), "none: there is no such folder."),
        (("match", ".", "--config", "none.yaml"), "none.yaml: cannot be read: No such file or directory."),
        (("ledger", "none"), "none: there is no such file or folder."),
        (
            ("ledger", ".", "--out", "a.xlsx"),
            "a.xlsx: is no kind of table. Name a file that ends with .csv or .parquet.",
        ),
        (("channels", "detect", "none"), "none: there is no such file."),
        (("check", "none"), "none: there is no such folder."),
        (("check", "."), ".: holds no case. A case is a folder with inbox/ and expected/."),
    ],
)
def test_wrong_usage(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    line: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert line in err
    assert list(tmp_path.iterdir()) == []
