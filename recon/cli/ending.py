"""How a command ends: one line on stderr and an exit code for everything that can go wrong."""

from __future__ import annotations

import traceback
from collections.abc import Iterable
from types import TracebackType
from typing import Self

import click

from recon.errors import (
    EXIT_BREAKS,
    EXIT_DONE,
    EXIT_INPUT,
    EXIT_INTERNAL,
    EXIT_INTERRUPTED,
    EXIT_USAGE,
    EXIT_WORKSPACE,
    ConservationError,
    ReconError,
)

_PRECEDENCE = (EXIT_INTERNAL, EXIT_WORKSPACE, EXIT_USAGE, EXIT_INPUT, EXIT_BREAKS, EXIT_DONE)


def gravest(codes: Iterable[int]) -> int:
    """Return the exit code of a run that has several endings; of one without any, EXIT_DONE."""
    return min(codes, key=_PRECEDENCE.index, default=EXIT_DONE)


def tell(line: str) -> None:
    """Say something that is no result: it goes to stderr."""
    click.echo(line, err=True)


class Ending:
    """Turns whatever leaves its block into an exit code and a line for the user.

    A defect of the program is told in one line like everything else; `trace` shows where it happened.
    """

    def __init__(self, *, trace: bool) -> None:
        self.code = EXIT_DONE
        self._trace = trace

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if error is None:
            return True
        if self._trace:
            traceback.print_exception(error)
        self.code = _told(error)
        return True


def _told(error: BaseException) -> int:
    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else EXIT_DONE
    if isinstance(error, KeyboardInterrupt | click.Abort):
        tell("recon: interrupted.")
        return EXIT_INTERRUPTED
    if isinstance(error, click.ClickException):
        error.show()
        return EXIT_USAGE
    if isinstance(error, ConservationError):
        tell(f"recon: money is not conserved: {error}. Nothing was written. This is a defect: please report it.")
        return EXIT_INTERNAL
    if isinstance(error, ReconError):
        tell(str(error))
        return error.exit_code
    what = " ".join(str(error).split())
    tell(f"recon: internal error: {type(error).__name__}: {what}. Please report it with the output of --debug.")
    return EXIT_INTERNAL
