"""What can go wrong, and which exit code each ending has.

    ReconError                    1 line for the user, never a traceback
    ├── UsageFault            2   wrong option, wrong recon.yaml, empty folder
    ├── InputFault            3   a file that cannot be read at all
    ├── WorkspaceFault        4   the output folder is locked or not writable
    └── ConservationError    70   a row, an entry or a fen was lost: nothing is written

What a user can mend row by row is no exception but a value, `Fault`: the good rows go on, the bad row is
quarantined and counted. Of several endings of one run the first in the order 70, 4, 2, 3, 1 is the exit code.
"""

from __future__ import annotations

from dataclasses import dataclass

EXIT_DONE = 0
EXIT_BREAKS = 1
EXIT_USAGE = 2
EXIT_INPUT = 3
EXIT_WORKSPACE = 4
EXIT_INTERNAL = 70
EXIT_INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that a user can mend.

    Attributes:
        file: the name that messages and tables show.
        row: row as a person counts in the file, from 1; 0 when the whole file is meant.
        column: the header's own name, empty when the row or file is meant.
        value: the text as it stands in the cell (never a name, phone or address).
        problem: what is wrong, in one clause.
        remedy: what to do, in one sentence.
    """

    file: str
    row: int
    column: str
    value: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.row}" if self.row else self.file
        found = f": {self.column} = {self.value!r}" if self.column else ""
        remedy = f" {self.remedy}" if self.remedy else ""
        return f"{where}{found}: {self.problem}.{remedy}"


class ReconError(Exception):
    """Base of every ending that has a message for the user and an exit code of its own."""

    exit_code = EXIT_INTERNAL


class UsageFault(ReconError):
    """The command or the configuration is wrong; nothing was read."""

    exit_code = EXIT_USAGE


class InputFault(ReconError):
    """A file cannot be read at all; carries the fault that says why."""

    exit_code = EXIT_INPUT

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


class WorkspaceFault(ReconError):
    """The output folder cannot be used."""

    exit_code = EXIT_WORKSPACE


class ConservationError(ReconError):
    """Rows, entries or money do not foot: a defect of the program. Nothing is written."""

    exit_code = EXIT_INTERNAL
