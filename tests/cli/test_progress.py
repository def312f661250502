"""How far a run is: bars on a terminal, a line per stage elsewhere, nothing when quiet; never on stdout."""

from __future__ import annotations

import sys

import pytest

from recon.cli.progress import progress


def stages(*, quiet: bool) -> None:
    with progress(quiet=quiet) as report:
        for done in range(3):
            report("read", done, 2)
        report("match", 0, 1)
        report("match", 1, 1)


def test_lines(capsys: pytest.CaptureFixture[str]) -> None:
    stages(quiet=False)
    assert capsys.readouterr() == ("", "read: 2\nmatch\n")


def test_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    stages(quiet=True)
    assert capsys.readouterr() == ("", "")


def test_bars(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    stages(quiet=False)
    out, err = capsys.readouterr()
    assert out == ""
    assert "read" in err
    assert "2/2" in err
