"""Commands and options that need no input to be right or wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from recon import __version__
from tests.cli.command import recon


def test_version() -> None:
    assert recon("--version").out == f"recon {__version__}\n"


@pytest.mark.parametrize("command", [(), ("match",), ("check",), ("ledger",), ("channels",)])
def test_help(command: tuple[str, ...]) -> None:
    ended = recon(*command, "--help")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("Usage: recon")


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
        (("check", "none"), "none: there is no such folder."),
        (("check", "."), ".: holds no case. A case is a folder with inbox/ and expected/."),
    ],
)
def test_wrong_usage(tmp_path: Path, arguments: tuple[str, ...], line: str) -> None:
    ended = recon(*arguments, cwd=tmp_path)
    assert (ended.code, ended.out) == (2, "")
    assert line in ended.err
    assert list(tmp_path.iterdir()) == []
