"""The main job in one page: read -> match -> classify -> draft -> check -> write."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from recon import workspace
from recon.breaks.bank import bank_findings
from recon.breaks.bank_cover import BankClock
from recon.breaks.classify import Legs, classify, held_entries
from recon.breaks.codes import CATALOGUE, titles
from recon.breaks.coverage import coverage
from recon.breaks.fees import check
from recon.breaks.order_cover import waits_of
from recon.breaks.orders import decide
from recon.breaks.signed import signed
from recon.channels.reader import read_file
from recon.channels.spec import Spec, load_specs
from recon.config import Config
from recon.config.books import profile
from recon.config.decisions import read_decisions
from recon.config.rules import Rules, rules_of
from recon.errors import EXIT_DONE, EXIT_INPUT, UsageFault
from recon.ledger.accounts import resolve
from recon.ledger.channel import ChannelFacts
from recon.ledger.copies import mark_copies
from recon.ledger.days import day_number
from recon.ledger.decisions import Decisions, Placed, place
from recon.ledger.match_ids import match_ids
from recon.ledger.merge import drained, merge
from recon.ledger.outcome import Outcome
from recon.ledger.statement import Statement, Unread
from recon.ledger.transfers import BankLeg, Batch
from recon.ledger.view import View, view
from recon.matching.bank import match_bank
from recon.matching.decided import BankDecisions, for_bank, for_orders, notes
from recon.matching.emit import bank_matches, batch_matches, in_match, join, order_matches
from recon.matching.loose import Closed, pair_loose, settle
from recon.matching.payouts import batches, forms, transfers
from recon.matching.reference import compare
from recon.matching.scope import Scope, outside, scope_of
from recon.outputs.conservation import Proof, prove
from recon.outputs.summary import WORKBOOK, Books, Control, summarise, write_summary
from recon.outputs.tables import Drafted, write_tables, write_vouchers
from recon.outputs.workbook import write_workbook
from recon.vouchers.drafts import Drafts, draft
from recon.vouchers.formats.beancount import beancount_text
from recon.vouchers.formats.table import entries_table

Progress = Callable[[str, int, int], None]
NO_DECISIONS = Decisions()
#: Files that are read at once.
_READERS = 2
#: Columns whose texts become integer codes once, for all stages.
_REFERENCES = ("order_ref", "payment_ref", "refund_ref", "batch_ref", "sub_ref")


@dataclass(frozen=True)
class Reading:
    """What the files gave: the ledger, the statements, the files that could not be read, messages, exit code 0 or 3."""

    entries: pd.DataFrame
    statements: tuple[Statement, ...]
    unread: tuple[Unread, ...]
    messages: list[str]
    exit_code: int


def reconcile(
    entries: pd.DataFrame,
    files: Sequence[Statement],
    unread: Sequence[Unread],
    rules: Rules,
    decided: Decisions = NO_DECISIONS,
) -> Outcome:
    """Reconcile a ledger: a pure function of its entries, what the files say of themselves, the rules, what people
    decided, and as_of.

    Raises:
        UsageFault: two decisions contradict each other.
    """
    channels = rules.channels
    ledger = view(entries, channels)
    as_of = rules.as_of or _last_day(files)
    until = day_number(as_of)
    with ThreadPoolExecutor(max_workers=1) as beside:  # for what needs nothing of the next stage
        encoding = beside.submit(ledger.encode_all, _REFERENCES)
        covered = coverage(ledger, files, channels, rules.zone)
        clock = BankClock(ledger, channels, covered.cover, until)
        encoding.result()
        scope = scope_of(ledger, covered.books, until)
        placed = place(ledger, decided)
        of_orders = for_orders(ledger, placed, scope.seen)
        checking = beside.submit(
            check, ledger, channels, rules.contracts, scope.usable & ~scope.twice & ledger.proven, rules.lang
        )
        by_number = compare(
            ledger,
            channels,
            scope.seen,
            scope.later,
            homes=rules.homes,
            zone=rules.zone,
            tolerance=rules.tolerance,
            decisions=of_orders,
        )
        waits = waits_of(ledger, channels, by_number, covered.cover, until)
        loose, measured = pair_loose(ledger, channels, by_number, scope.seen, Closed(*waits.over()))
        parts = settle(ledger, channels, by_number, loose, zone=rules.zone, tolerance=rules.tolerance)
        decisions = decide(ledger, parts, waits)
        batched, bank, of_bank = _transfers(ledger, channels, scope, clock, placed)
        fees = checking.result()
        held = held_entries(ledger, parts, decisions, fees)
        emitting = beside.submit(order_matches, ledger, parts, held, rules.tolerance, rules.lang)
        found = classify(
            ledger,
            files,
            channels,
            Legs(parts, decisions, batched, bank),
            covered,
            fees,
            in_match(parts, held),
            bank_findings(
                ledger,
                bank,
                lambda t: clock.waits(t, bank.homes.get(t.account, frozenset())),
                clock.row_waits,
                rules.lang,
            ),
            outside=outside(ledger, scope, parts.group < 0),
            as_of=until,
            materiality=rules.materiality,
            lang=rules.lang,
        )
        order_frames = emitting.result()
    matches, members = join(
        [order_frames, batch_matches(ledger, batched, rules.lang), bank_matches(ledger, bank, rules.lang)]
    )
    return Outcome(
        entries=entries,
        statements=tuple(files),
        unread=tuple(unread),
        channels=channels,
        matches=matches,
        members=members,
        in_transit=found.in_transit,
        excluded=found.excluded,
        findings=signed(found.findings, placed).table,
        finding_rows=found.findings.rows,
        as_of=as_of,
        period=rules.period or f"{as_of:%Y-%m}",
        zone=rules.zone,
        lang=rules.lang,
        notes=(
            *_choices(files, rules.lang),
            *fees.notes,
            *notes(ledger, placed, (*of_orders.resting, *of_bank.resting), rules.lang),
        ),
        measured=measured,
        view=ledger,
    )


def _transfers(
    ledger: View, channels: Mapping[str, ChannelFacts], scope: Scope, clock: BankClock, placed: Sequence[Placed]
) -> tuple[list[Batch], BankLeg, BankDecisions]:
    """The legs payout and gateway-bank: batches by their printed key, what reached the bank, what people decided."""
    account_forms = forms(ledger, channels)
    sent, carried = transfers(ledger, channels, account_forms, scope.usable)
    decisions = for_bank(ledger, placed, sent, scope.usable)
    bank = match_bank(
        ledger,
        channels,
        sent,
        carried,
        scope.usable,
        scope.unused,
        lambda t, homes: not clock.waits(t, homes),
        decisions,
    )
    return batches(ledger, account_forms, scope.usable), bank, decisions


def _choices(files: Sequence[Statement], lang: str) -> list[str]:
    """What the reader decided for files without a layout of their own, so that a person can overrule it."""
    return [f"{s.file}: {note.zh if lang == 'zh' else note.en}" for s in files for note in s.notes]


def _last_day(files: Sequence[Statement]) -> date:
    """The last day that the files cover; of files without any day the first day there is."""
    days = [a.period_to for s in files for a in s.accounts if a.period_to is not None]
    return max(days, default=date(1970, 1, 1))


def read(paths: Sequence[Path], *, config: Config, progress: Progress) -> Reading:
    """Read files and folders into one ledger.

    Raises:
        UsageFault: a path does not exist.
    """
    named: list[tuple[Path, str]] = []
    for path in paths:
        if path.is_dir():
            named += [(p, p.relative_to(path).as_posix()) for p in workspace.walk(path)]
        elif path.is_file():
            named.append((path, path.name))
        else:
            raise UsageFault(f"{path}: there is no such file or folder.")
    specs = load_specs()
    statements, unread = _read_all(named, specs, config, progress)
    facts = _facts(specs)
    entries, merged = merge(drained(mark_copies(resolve(statements, facts), facts)))
    messages = _messages(merged, unread)
    return Reading(entries, merged, tuple(unread), messages, EXIT_INPUT if messages else EXIT_DONE)


def _read_all(
    named: Sequence[tuple[Path, str]], specs: Mapping[str, Spec], config: Config, progress: Progress
) -> tuple[list[Statement], list[Unread]]:
    results: list[list[Statement | Unread]] = [[] for _ in named]

    def read_one(place: int) -> None:
        path, name = named[place]
        results[place] = read_file(
            path, name, specs, sources=config.sources, zone=config.zone, currency=config.currency
        )

    progress("read", 0, len(named))
    # The largest files first, two at a time: splitting, decoding and unpacking run outside the interpreter's lock.
    largest_first = sorted(range(len(named)), key=lambda n: (-named[n][0].stat().st_size, n))
    with ThreadPoolExecutor(max_workers=_READERS) as pool:
        for done, _ in enumerate(pool.map(read_one, largest_first), start=1):
            progress("read", done, len(named))
    found = [result for of_file in results for result in of_file]
    return [r for r in found if isinstance(r, Statement)], [r for r in found if isinstance(r, Unread)]


def _facts(specs: Mapping[str, Spec]) -> dict[str, ChannelFacts]:
    return {name: spec.facts() for name, spec in specs.items()}


def _messages(statements: Sequence[Statement], unread: Sequence[Unread]) -> list[str]:
    """One line per fault, for stderr: files first, then their rows, then totals that do not agree."""
    lines = [str(u.fault) for u in unread]
    lines += [str(fault) for s in statements for fault in s.quarantined]
    for s in statements:
        lines += [f"{s.file}: {p.en}" for p in s.problems if p.code in ("control_total", "balance_break")]
    return lines


@dataclass(frozen=True)
class RunResult:
    """What a run left: the object of summary.json, where it lies, the workbook (None where no file could be read)."""

    summary: dict[str, Any]
    out: Path
    workbook: Path | None
    exit_code: int
    messages: list[str]


def match(
    folder: Path,
    *,
    config: Config,
    out: Path | None,
    period: str | None,
    as_of: date | None,
    lang: str | None,
    progress: Progress,
    decisions: Path | None = None,
) -> RunResult:
    """Reconcile what lies in a folder, and write the result.

    Raises:
        UsageFault: no folder, no file in it, a wrong option, or decisions that cannot be used.
        WorkspaceFault: the output cannot be written.
        ConservationError: rows, entries or money do not foot; nothing is written.
    """
    places = workspace.discover(folder, out)
    decided = read_decisions(decisions)
    paths = [path for path in workspace.walk(places.inbox) if decisions is None or not path.samefile(decisions)]
    if not paths:
        raise UsageFault(f"{folder}: holds no file. Put the exports there as they were downloaded.")
    named = [(p, p.relative_to(places.inbox).as_posix()) for p in paths]
    specs = load_specs(places.channels)
    statements, unread = _read_all(named, specs, config, progress)
    rules = rules_of(config, _facts(specs), period, as_of, lang)
    progress("match", 0, 1)
    known = mark_copies(resolve(statements, rules.channels), rules.channels)
    del statements
    entries, files = merge(drained(known))
    pa.default_memory_pool().release_unused()  # what reading held beside the ledger
    outcome = reconcile(entries, files, unread, rules, decided)
    progress("match", 1, 1)
    ids = match_ids(outcome)

    def write(place: Path) -> dict[str, Any]:
        # The proof and the tables of the result need no voucher; whatever fails here, nothing is published.
        with ThreadPoolExecutor(max_workers=1) as beside:
            proving = beside.submit(prove, outcome)
            tables = beside.submit(write_tables, place, outcome, ids, currency=config.currency)
            summary = _write_books(place, outcome, proving, ids, config, progress, beside)
            tables.result()
        return summary

    target = places.out(outcome.period)
    summary = workspace.publish(target, write)
    progress("write", 1, 1)
    messages = _messages(outcome.statements, unread)
    code = EXIT_INPUT if messages else EXIT_DONE
    return RunResult(summary, target, target / WORKBOOK if files else None, code, messages)


def _write_books(
    place: Path,
    outcome: Outcome,
    proving: Future[Proof],
    ids: pa.StringArray,
    config: Config,
    progress: Progress,
    beside: Executor,
) -> dict[str, Any]:
    """Draft the vouchers, write them and what is made of them, and return the object of summary.json."""
    progress("draft", 0, 1)
    drafts = draft(outcome, profile(config), outcome.view)
    progress("draft", 1, 1)
    progress("write", 0, 1)
    drafted = Drafted(drafts.lines, entries_table(drafts.entries, drafts.lines, outcome, ids))
    vouchers = beside.submit(write_vouchers, place, drafted, zone=outcome.zone, currency=config.currency)
    names, proof = titles(outcome.lang), proving.result()
    summary = summarise(
        outcome,
        proof,
        _books(drafts, outcome.lang),
        titles=names,
        steps={code: known.next_step(outcome.lang) for code, known in CATALOGUE.items()},
        currency=config.currency,
    )
    write_summary(summary, place / "summary.json")
    if outcome.statements and "beancount" in config.outputs.formats:
        books = beancount_text(drafts, outcome.period, outcome.lang)
        (place / "vouchers.beancount").write_text(books, encoding="utf-8", newline="\n")
    if outcome.statements:
        write_workbook(place / WORKBOOK, outcome, summary, drafted, titles=names)
    vouchers.result()
    return summary


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
    return Books(count, len(drafts.lines), drafts.assumed, listed, drafts.notes)
