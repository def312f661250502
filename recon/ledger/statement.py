"""What one file gave: its entries, its facts, what was skipped, quarantined, and where it does not foot."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

import pyarrow as pa

from recon.errors import Fault


class Note(NamedTuple):
    """A choice of the reader that a person may want to overrule, one line in each language."""

    zh: str
    en: str


class Refusal(NamedTuple):
    """A refund that the file lists and that was not paid: `refund_failed` or `refund_pending`, and its numbers."""

    cause: str
    order_ref: str
    payment_ref: str


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What a file says about one account and currency.

    Amounts are minor units. `opening` and `closing` are balances as printed, or derived from the running balance
    (`derived`). `period_stated` is true when the file prints its period; else the period is first to last event.
    `rows_to`: the last day of its rows, of a file that covers less (what was paid out: until its last payment).
    """

    account: str
    currency: str
    period_from: date | None
    period_to: date | None
    period_stated: bool
    opening: int | None = None
    closing: int | None = None
    derived: bool = False
    rows_to: date | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """A total, a balance or a row that does not foot, as the file itself shows it.

    code: `control_total`, `balance_break` (both make the file unproven) or `settlement_gap` (one row whose printed
    net is not the sum of its parts; the file stays proven). expected and actual are minor units in the sense of the
    break codes: printed / computed for a total, computed / printed for a balance, parts / net for a row.
    linked: entry ids of the rows that show it. zh and en: one sentence each, naming rows by time, number and amount,
    never by file name or row number.
    """

    code: str
    account: str
    currency: str
    expected: int
    actual: int
    cause: str
    linked: tuple[str, ...]
    zh: str
    en: str
    on: date | None = None


class SumTotal(NamedTuple):
    """One total of a bill that another file prints: minor units, ledger signs; of all entries, or of those that come
    `in` or go `out`.
    """

    name: str
    amount: int
    direction: str | None


@dataclass(frozen=True, slots=True)
class Summary:
    """What a file says of a bill beside it: `channel`, account and stated period are the bill's."""

    channel: str
    account: str
    currency: str
    period: tuple[date, date] | None
    totals: tuple[SumTotal, ...]


@dataclass(frozen=True)
class Statement:
    """One file (or one member of an archive, or one sheet) as it was read.

    rows = booked_rows + skipped + quarantined here; `ledger.merge` moves rows that another file holds already from
    booked to repeated. `table` has the columns of `schema.READ`, one line per entry, in file order.
    """

    file: str
    sha256: str
    channel: str
    side: str
    book: str | None
    table: pa.Table
    rows: int
    booked_rows: int
    repeated: int = 0
    skipped: tuple[tuple[int, str], ...] = ()
    quarantined: tuple[Fault, ...] = ()
    accounts: tuple[AccountFacts, ...] = ()
    problems: tuple[Problem, ...] = ()
    control_total: str = "none"  # ok, failed, none
    balance_chain: str = "none"  # ok, broken, none
    notes: tuple[Note, ...] = ()  # of generic layouts
    refused: tuple[Refusal, ...] = ()
    summary: Summary | None = None  # of a file that holds totals only
    order_column: str = ""  # what the file calls the order number
    set_aside: tuple[tuple[str, int], ...] = ()  # currency -> Σ of the quarantined rows whose amount can be read

    @property
    def proven(self) -> bool:
        """False when a total or the balance chain of the file is broken: nothing of it is posted."""
        return self.control_total != "failed" and self.balance_chain != "broken"


@dataclass(frozen=True)
class Unread:
    """A file that gave no statement: unknown, empty, damaged, or handed in under a name it needs."""

    file: str
    sha256: str
    status: str  # unknown, unreadable, ignored copy
    fault: Fault
    rows: int = field(default=0)
