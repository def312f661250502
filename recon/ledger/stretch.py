"""Coverage as a table: the days of each account and book in stretches, and what the files say of each."""

from __future__ import annotations

from dataclasses import dataclass

#: Days that files tell: in full; of a file without a row; in two files or more that hold the same rows; of a file with
#: fewer rows than it counts itself; of one that breaks another total or its balances.
COVERED, EMPTY, REPEATED, CUT, BROKEN = "covered", "empty", "repeated", "cut", "unproven"
#: Days in no file: a hole; none is missed because the balance carries on, or because the account is often so quiet;
#: after the last file, up to the last day of the run.
MISSING, CARRIED, QUIET, NOT_YET = "missing", "carried on", "quiet", "not yet"
WITHOUT_FILE = (MISSING, CARRIED, QUIET, NOT_YET)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days of one account, book and currency that are alike; within it the balance carries on from file to file.

    side, channel: of the files that tell it (before it, where none does). book: `trade`, `cash` or empty. state: one of
    the above. first, last: day numbers, NO_DAY for an empty file that states no period. files: their names.
    entries: of the ledger on these days. repeated: rows of the files of repeated days that another file holds already.
    opening, closing: balances in minor units at both ends where printed. jump: opening less the closing before, None
    where one of them is not printed. chain: `ok`, `broken` or `none` (no balances). cause: of the files' own problems.
    reach_rows, reach_amount: what the finding `break_id` reaches (minor units, `currency`).
    """

    side: str
    channel: str
    account: str
    book: str
    currency: str
    state: str
    first: int
    last: int
    files: tuple[str, ...]
    entries: int
    repeated: int
    opening: int | None
    closing: int | None
    jump: int | None
    chain: str
    cause: str = ""
    break_id: str = ""
    reach_rows: int | None = None
    reach_amount: int | None = None
