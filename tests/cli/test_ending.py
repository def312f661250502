"""Every ending has an exit code and a line for the user."""

from __future__ import annotations

import click
import pytest

from recon.cli.ending import Ending, gravest
from recon.errors import ConservationError, UsageFault, WorkspaceFault


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (UsageFault("a.csv: is a file."), 2, "a.csv: is a file.\n"),
        (WorkspaceFault("out: is locked."), 4, "out: is locked.\n"),
        (
            ConservationError("0.01 too many"),
            70,
            "recon: money is not conserved: 0.01 too many. Nothing was written. This is a defect: please report it.\n",
        ),
        (
            ValueError("x\ny"),
            70,
            "recon: internal error: ValueError: x y. Please report it with the output of --debug.\n",
        ),
        (KeyboardInterrupt(), 130, "recon: interrupted.\n"),
        (click.Abort(), 130, "recon: interrupted.\n"),
        (click.UsageError("no such option"), 2, "Error: no such option\n"),
        (SystemExit(1), 1, ""),
    ],
)
def test_endings(capsys: pytest.CaptureFixture[str], error: BaseException, code: int, line: str) -> None:
    with Ending(trace=False) as ending:
        raise error
    assert ending.code == code
    assert capsys.readouterr() == ("", line)


def test_where_it_happened_is_shown_on_request(capsys: pytest.CaptureFixture[str]) -> None:
    with Ending(trace=True) as ending:
        raise ZeroDivisionError
    assert ending.code == 70
    assert "Traceback" in capsys.readouterr().err


def test_nothing_wrong() -> None:
    with Ending(trace=False) as ending:
        ending.code = 3
    assert ending.code == 3


@pytest.mark.parametrize(("codes", "first"), [([], 0), ([0, 1], 1), ([1, 3], 3), ([3, 2, 4], 4), ([70, 4, 0], 70)])
def test_the_gravest_ending_is_the_exit_code(codes: list[int], first: int) -> None:
    assert gravest(codes) == first
