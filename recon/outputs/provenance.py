"""Tables about the files themselves: what each gave, what was skipped, what could not be read."""

from __future__ import annotations

import pyarrow as pa

from recon.errors import Fault
from recon.ledger.days import NO_DAY, date_of
from recon.ledger.outcome import Outcome
from recon.ledger.schema import FILES, QUARANTINE, SKIPPED
from recon.ledger.statement import Statement, Unread
from recon.ledger.stretch import Stretch

_TEXT, _WHOLE, _DAY = pa.string(), pa.int64(), pa.date32()
#: One row per account, book, currency and run of days that are alike; balances in minor units.
COVERAGE = (
    "side", "channel", "account", "book", "currency", "state", "first_day", "last_day", "days", "files", "entries",
    "repeated", "opening", "closing", "jump", "chain", "cause", "break_id", "reach_rows", "reach_amount",
    "source_files",
)  # fmt: skip
_PERIOD = ("period_from", "period_to")
_DAYS = frozenset({*_PERIOD, "first_day", "last_day"})
_COUNTS = frozenset(
    {
        "rows", "booked_rows", "repeated", "skipped", "quarantined", "entries", "source_row", "days", "files",
        "opening", "closing", "jump", "reach_rows", "reach_amount",
    }
)  # fmt: skip
#: Status of a file that was read; one that gave no statement says why itself (`Unread.status`).
READ, UNPROVEN, COPY = "read", "unproven", "ignored copy"


def quarantined_rows(statement: Statement) -> int:
    """Return how many rows of a file could not be read; a row with two faults counts once."""
    return len({fault.row for fault in statement.quarantined if fault.row})


def files(outcome: Outcome) -> pa.Table:
    """Return files.csv: one row per file, by channel, account, period and content."""
    entries = _entries_by_file(outcome)
    rows = [_read(statement, entries.get(statement.file, 0)) for statement in outcome.statements]
    rows += [_unread(file) for file in outcome.unread]
    rows.sort(
        key=lambda row: [_last(row.get(name)) for name in ("channel", "account", *_PERIOD, "sha256", "source_file")]
    )
    return _table(FILES, rows)


def coverage(outcome: Outcome) -> pa.Table:
    """Return coverage.csv: which days the files of each account cover, by side, account, book, currency and day."""
    return _table(COVERAGE, [_stretch(stretch) for stretch in outcome.stretches])


def quarantine(outcome: Outcome) -> pa.Table:
    """Return quarantine.csv: every row, and every file as a whole (no row), that could not be read, and what to do."""
    rows = [
        _fault(statement.file, statement.channel, fault)
        for statement in outcome.statements
        for fault in statement.quarantined
    ]
    rows += [_fault(file.file, None, file.fault) for file in outcome.unread if file.status != COPY]
    rows.sort(key=lambda row: [_last(row[name]) for name in ("source_file", "source_row", "column", "problem")])
    return _table(QUARANTINE, rows)


def skipped(outcome: Outcome) -> pa.Table:
    """Return skipped.csv: every row that holds no movement (a footer, a total), with the reason."""
    rows: list[dict[str, object]] = [
        {"source_file": statement.file, "source_row": row, "reason": reason}
        for statement in outcome.statements
        for row, reason in statement.skipped
    ]
    rows.sort(key=lambda row: [_last(row[name]) for name in SKIPPED])
    return _table(SKIPPED, rows)


def _stretch(stretch: Stretch) -> dict[str, object]:
    dated = stretch.first != NO_DAY
    return {
        "side": stretch.side,
        "channel": stretch.channel,
        "account": stretch.account,
        "book": stretch.book or None,
        "currency": stretch.currency or None,
        "state": stretch.state,
        "first_day": date_of(stretch.first),
        "last_day": date_of(stretch.last),
        "days": stretch.last - stretch.first + 1 if dated else 0,
        "files": len(stretch.files),
        "entries": stretch.entries,
        "repeated": stretch.repeated,
        "opening": stretch.opening,
        "closing": stretch.closing,
        "jump": stretch.jump,
        "chain": stretch.chain,
        "cause": stretch.cause or None,
        "break_id": stretch.break_id or None,
        "reach_rows": stretch.reach_rows,
        "reach_amount": stretch.reach_amount,
        "source_files": ";".join(stretch.files) or None,
    }


def _read(statement: Statement, entries: int) -> dict[str, object]:
    starts = [facts.period_from for facts in statement.accounts if facts.period_from]
    ends = [facts.period_to for facts in statement.accounts if facts.period_to]
    return {
        "source_file": statement.file,
        "sha256": statement.sha256,
        "channel": statement.channel,
        "account": ";".join(sorted({facts.account for facts in statement.accounts})) or None,
        "period_from": min(starts, default=None),
        "period_to": max(ends, default=None),
        "rows": statement.rows,
        "booked_rows": statement.booked_rows,
        "repeated": statement.repeated,
        "skipped": len(statement.skipped),
        "quarantined": quarantined_rows(statement),
        "entries": entries,
        "control_total": statement.control_total,
        "balance_chain": statement.balance_chain,
        "status": READ if statement.proven else UNPROVEN,
    }


def _unread(file: Unread) -> dict[str, object]:
    """A file that gave nothing: its rows, where they could be counted, are repeated (a copy) or quarantined."""
    placed = "repeated" if file.status == COPY else "quarantined"
    counts = {"rows": file.rows, placed: file.rows} if file.rows else {}
    return {"source_file": file.file, "sha256": file.sha256, "status": file.status, **counts}


def _fault(file: str, channel: str | None, fault: Fault) -> dict[str, object]:
    return {
        "source_file": file,
        "source_row": fault.row or None,
        "column": fault.column or None,
        "value": fault.value or None,
        "channel": channel,
        "problem": fault.problem,
        "remedy": fault.remedy or None,
    }


def _entries_by_file(outcome: Outcome) -> dict[str, int]:
    counts = outcome.entries["source_file"].value_counts(sort=False)
    return {str(name): int(count) for name, count in counts.items()}


def _last(value: object) -> tuple[bool, object]:
    """A sort key that puts what is absent behind everything."""
    return value is None, value if value is not None else 0


def _table(names: tuple[str, ...], rows: list[dict[str, object]]) -> pa.Table:
    kinds = [_DAY if name in _DAYS else _WHOLE if name in _COUNTS else _TEXT for name in names]
    columns = [pa.array([row.get(name) for row in rows], kind) for name, kind in zip(names, kinds, strict=True)]
    return pa.table(columns, names=list(names))
