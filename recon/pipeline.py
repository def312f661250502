"""The main job in one page: read -> reconcile (match, judge) -> draft -> check -> write."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from recon import workspace
from recon.breaks.codes import CATALOGUE, titles
from recon.config import Config
from recon.config.books import profile
from recon.config.decisions import read_decisions
from recon.intake import Progress, gather
from recon.ledger.match_ids import match_ids
from recon.ledger.outcome import Outcome
from recon.outputs.bridge import write_bridge
from recon.outputs.bridge_lines import Bridge
from recon.outputs.changes import Changed, write_changes
from recon.outputs.conservation import Proof, prove
from recon.outputs.summary import WORKBOOK, Books, Control, summarise, write_summary
from recon.outputs.tables import Drafted, write_tables, write_vouchers
from recon.outputs.workbook import write_workbook
from recon.reconciling import reconcile
from recon.vouchers.drafts import Drafts, draft
from recon.vouchers.formats.beancount import beancount_text
from recon.vouchers.formats.table import entries_table
from recon.vouchers.profile import CHANNEL

NO_LISTS = workspace.Lists()


@dataclass(frozen=True)
class RunResult:
    """What a run left: the object of summary.json, where it lies, the workbook (None where no file could be read).

    changed: what became of matches of the result that lay there before; not of the facts, so not in summary.json.
    """

    summary: dict[str, Any]
    out: Path
    workbook: Path | None
    exit_code: int
    messages: list[str]
    changed: Changed


def match(
    folder: Path,
    *,
    config: Config,
    out: Path | None,
    period: str | None,
    as_of: date | None,
    lang: str | None,
    progress: Progress,
    lists: workspace.Lists = NO_LISTS,
) -> RunResult:
    """Reconcile what lies in a folder, and write the result.

    Raises:
        UsageFault: no folder, no file in it, a wrong option, or decisions or rates that cannot be used.
        WorkspaceFault: the output cannot be written.
        ConservationError: rows, entries or money do not foot; nothing is written.
    """
    places = workspace.discover(folder, out)
    decided = read_decisions(lists.decisions)
    read, rules = gather(folder, places, config, (period, as_of, lang), progress, lists)
    progress("match", 0, 1)
    outcome = reconcile(read.entries, read.statements, read.unread, rules, decided)
    progress("match", 1, 1)
    ids = match_ids(outcome)
    target = places.out(outcome.period)
    summary, changed = workspace.publish(target, lambda place: _write(place, outcome, ids, target, config, progress))
    progress("write", 1, 1)
    workbook = target / WORKBOOK if read.statements else None
    messages = [*read.messages, changed.note] if changed.note else read.messages
    return RunResult(summary, target, workbook, read.exit_code, messages, changed)


def _draft(outcome: Outcome, ids: pa.StringArray, config: Config, progress: Progress) -> tuple[Drafts, Drafted]:
    """Draft the vouchers, and lay them out as tables."""
    progress("draft", 0, 1)
    drafts = draft(outcome, profile(config), outcome.view)
    progress("draft", 1, 1)
    return drafts, Drafted(drafts.lines, entries_table(drafts.entries, drafts.lines, outcome, ids))


def _write(
    place: Path,
    outcome: Outcome,
    ids: pa.StringArray,
    target: Path,
    config: Config,
    progress: Progress,
) -> tuple[dict[str, Any], Changed]:
    """Write the result into a folder; return the object of summary.json, and what became of the last result's matches.

    The proof and the tables of the result need no voucher; whatever fails here, nothing is published.
    """
    with ThreadPoolExecutor(max_workers=1) as beside:
        proving = beside.submit(prove, outcome)
        bridged = beside.submit(write_bridge, place, outcome, currency=config.currency)
        tables = beside.submit(write_tables, place, outcome, ids, currency=config.currency)
        comparing = beside.submit(_changes, target, place, outcome, ids, config.currency)
        drafts, drafted = _draft(outcome, ids, config, progress)
        progress("write", 0, 1)
        vouchers = beside.submit(write_vouchers, place, drafted, zone=outcome.zone, currency=config.currency)
        summary = _summary(outcome, proving.result(), drafts, config)
        write_summary(summary, place / "summary.json")
        if outcome.statements:
            _write_books(place, outcome, summary, (drafts, drafted), bridged.result(), config)
        for writing in (vouchers, tables, bridged):
            writing.result()
        return summary, comparing.result()


def _changes(last: Path, place: Path, outcome: Outcome, ids: pa.StringArray, currency: str) -> Changed:
    """Compare with the result that lies in the output folder, where one does, before it is replaced."""
    return write_changes(last, place, outcome, ids, currency=currency) if workspace.is_output(last) else Changed()


def _summary(outcome: Outcome, proof: Proof, drafts: Drafts, config: Config) -> dict[str, Any]:
    """The figures of the run."""
    return summarise(
        outcome,
        proof,
        _books(drafts, outcome.lang),
        titles=titles(outcome.lang),
        steps={code: known.next_step(outcome.lang) for code, known in CATALOGUE.items()},
        currency=config.currency,
    )


def _write_books(
    place: Path,
    outcome: Outcome,
    summary: Mapping[str, Any],
    drafted: tuple[Drafts, Drafted],
    bridged: Bridge,
    config: Config,
) -> None:
    """Write the workbook, and the vouchers as books where they are asked for."""
    drafts, tables = drafted
    if "beancount" in config.outputs.formats:
        books = beancount_text(drafts, outcome.period, outcome.lang)
        (place / "vouchers.beancount").write_text(books, encoding="utf-8", newline="\n")
    write_workbook(place / WORKBOOK, outcome, summary, tables, bridged.lines, titles=titles(outcome.lang))


def _books(drafts: Drafts, lang: str) -> Books:
    """The drafts in figures, for the summary."""
    listed = tuple(
        Control(
            no=c.number,
            title=c.title_zh if lang == "zh" else c.title_en,
            ledger=c.ledger,
            statement=c.statement,
            difference=c.difference,
            subject=c.subject,
            explained=c.explained,
            state=c.state,
            needs=c.needs_zh if lang == "zh" else c.needs_en,
        )
        for c in drafts.controls
    )
    count = int(drafts.lines["voucher_id"].nunique())
    channel_only = frozenset(account.key for account in drafts.accounts if account.scope == CHANNEL)
    return Books(count, len(drafts.lines), drafts.assumed, listed, drafts.notes, channel_only)
