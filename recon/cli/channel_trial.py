"""What a channel makes of a file, for the person who describes it: entries, totals, what was left out and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from recon.channels.reader import read_file
from recon.channels.spec import Spec
from recon.cli.ending import tell
from recon.errors import EXIT_DONE, EXIT_INPUT
from recon.ledger.statement import Statement, Unread
from recon.money import format_amount

_ZONE = ZoneInfo("Asia/Shanghai")
_FIRST = 8
_FAULTS = 5
_SHOWN = ("order_ref", "sub_ref", "payment_ref", "refund_ref", "batch_ref", "counterparty", "memo")


@dataclass(frozen=True)
class _Hint:
    """Every file is read as one channel."""

    channel: str
    files: str = "*"
    account: str | None = None
    zone: str | None = None
    currency: str | None = None


def try_channel(spec: Spec, files: Sequence[Path]) -> int:
    """Read files as one channel and show what comes of it.

    Returns:
        EXIT_INPUT when a file is not read, a row is quarantined, or a total or balance does not agree; else EXIT_DONE.
    """
    code = EXIT_DONE
    for path in files:
        for one in read_file(path, path.name, {spec.channel: spec}, sources=[_Hint(spec.channel)]):
            if isinstance(one, Unread):
                tell(str(one.fault))
                code = EXIT_INPUT
                continue
            _show(one)
            if one.quarantined or not one.proven:
                code = EXIT_INPUT
    return code


def _show(one: Statement) -> None:
    left = Counter(reason for _, reason in one.skipped)
    quarantined = len({fault.row for fault in one.quarantined})
    click.echo(f"{one.file}: read as {one.channel}")
    click.echo(f"  {one.rows} rows: {one.booked_rows} booked, {len(one.skipped)} skipped, {quarantined} quarantined")
    for reason, count in sorted(left.items()):
        click.echo(f"    skipped {count}: {reason}")
    click.echo(f"  control total: {one.control_total}; balances: {one.balance_chain}")
    for facts in one.accounts:
        balances = [
            f"{name} {format_amount(value, facts.currency)}"
            for name, value in (("opening", facts.opening), ("closing", facts.closing))
            if value is not None
        ]
        days = f"{facts.period_from} to {facts.period_to}"
        click.echo(f"  account {facts.account} {facts.currency}: {', '.join([days, *balances])}")
    _sums(one)
    _entries(one)
    for problem in one.problems:
        click.echo(f"  {problem.code}: {problem.en}")
    for fault in one.quarantined[:_FAULTS]:
        tell(f"  {fault}")
    if len(one.quarantined) > _FAULTS:
        tell(f"  ... and {len(one.quarantined) - _FAULTS} more")


def _sums(one: Statement) -> None:
    """Count and sum per kind and currency."""
    table = one.table.select(["kind", "currency", "amount"])
    grouped = table.group_by(["kind", "currency"]).aggregate([("amount", "count"), ("amount", "sum")])
    for row in sorted(grouped.to_pylist(), key=lambda row: (row["kind"], row["currency"])):
        amount = format_amount(row["amount_sum"], row["currency"])
        click.echo(f"  {row['kind']:<13}{row['amount_count']:>8}  {amount:>16} {row['currency']}")


def _entries(one: Statement) -> None:
    if not one.table.num_rows:
        return
    click.echo(f"  the first of {one.table.num_rows} entries:")
    head = one.table.slice(0, _FIRST)
    for row in head.to_pylist():
        moment = row["occurred_at"].astimezone(_ZONE).isoformat(sep=" ") if row["occurred_at"] else row["value_date"]
        more = " ".join(f"{name}={row[name]}" for name in _SHOWN if row[name] is not None)
        amount = format_amount(row["amount"], row["currency"])
        detail = f" {row['detail']}" if row["detail"] else ""
        click.echo(f"    line {row['source_row']} {moment} {row['kind']}{detail} {amount} {more}".rstrip())
