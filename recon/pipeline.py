"""The main job in one page: read -> match -> classify -> draft -> check -> write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from recon import workspace
from recon.breaks.alarms.raised import alarms
from recon.breaks.alarms.scope import Scope as AlarmScope
from recon.breaks.bank import bank_findings
from recon.breaks.bank_cover import BankClock
from recon.breaks.classify import Legs, Terms, classify, held_entries
from recon.breaks.codes import CATALOGUE, titles
from recon.breaks.coverage import coverage
from recon.breaks.fees import check
from recon.breaks.order_cover import waits_of
from recon.breaks.orders import decide
from recon.breaks.signed import signed
from recon.breaks.wrong_key import waiting_for_numbers, wrong_keys
from recon.config import Config
from recon.config.books import profile
from recon.config.decisions import read_decisions
from recon.config.rules import Rules
from recon.intake import Progress, gather, last_day
from recon.ledger.channel import ChannelFacts
from recon.ledger.days import day_number, month_days
from recon.ledger.decisions import Decisions, Placed, place
from recon.ledger.match_ids import match_ids
from recon.ledger.outcome import Outcome
from recon.ledger.statement import Statement, Unread
from recon.ledger.transfers import RETURNED, BankLeg, Batch
from recon.ledger.view import View, view
from recon.matching.bank.leg import match_bank
from recon.matching.converted import converted
from recon.matching.decided import BankDecisions, for_bank, for_orders, notes
from recon.matching.disputes import dispute_matches, find_disputes, of_disputes
from recon.matching.emit import in_match, order_matches
from recon.matching.emit_payouts import bank_matches, batch_matches
from recon.matching.frames import join
from recon.matching.loose import Closed, pair_loose, settle
from recon.matching.payouts.forms import batches, forms, transfers
from recon.matching.payouts.sweep import sweeps
from recon.matching.reference import compare
from recon.matching.scope import Scope, outside, scope_of
from recon.outputs.bridge import write_bridge
from recon.outputs.changes import Changed, write_changes
from recon.outputs.conservation import Proof, prove
from recon.outputs.summary import WORKBOOK, Books, Control, summarise, write_summary
from recon.outputs.tables import Drafted, write_tables, write_vouchers
from recon.outputs.workbook import write_workbook
from recon.vouchers.drafts import Drafts, draft
from recon.vouchers.formats.beancount import beancount_text
from recon.vouchers.formats.table import entries_table
from recon.vouchers.profile import CHANNEL

NO_DECISIONS = Decisions()
NO_LISTS = workspace.Lists()
#: Columns whose texts become integer codes once, for all stages.
_REFERENCES = ("order_ref", "payment_ref", "refund_ref", "batch_ref", "sub_ref")


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
    printed = view(entries, channels)
    as_of = rules.as_of or last_day(files)
    until = day_number(as_of)
    with ThreadPoolExecutor(max_workers=1) as beside:  # for what needs nothing of the next stage
        encoding = beside.submit(printed.encode_all, _REFERENCES)
        covered = coverage(printed, files, channels, rules.zone)
        clock = BankClock(printed, channels, covered.cover, covered.senders(), until)
        encoding.result()
        scope = scope_of(printed, channels, covered.books, until)
        disputes = find_disputes(printed, scope.usable & ~scope.twice)
        disputed = of_disputes(len(printed), disputes)
        seen = scope.seen & ~disputed
        exchanged = converted(printed, channels, seen, rules.rates)
        ledger = exchanged.view
        placed = place(ledger, decided)
        of_orders = for_orders(ledger, placed, seen)
        checking = beside.submit(
            check,
            ledger,
            channels,
            rules.contracts,
            scope.usable & ~scope.twice & ledger.proven & ~disputed,
            rules.lang,
        )
        by_number = compare(
            ledger,
            channels,
            seen,
            scope.later & ~disputed,
            homes=rules.homes,
            zone=rules.zone,
            tolerance=rules.tolerance,
            keys=rules.orders.keys,
            decisions=of_orders,
        )
        numberings = wrong_keys(ledger, channels, by_number, covered.cover.gateways)
        waits = waiting_for_numbers(waits_of(ledger, channels, by_number, covered.cover, until), numberings)
        loose, measured = pair_loose(ledger, channels, by_number, seen, Closed(*waits.over(), until), rules.orders)
        parts = settle(ledger, channels, by_number, loose, zone=rules.zone, tolerance=rules.tolerance)
        decisions = decide(ledger, parts, waits, exchanged.rows)
        batched, bank, of_bank = _transfers(ledger, channels, scope, clock, placed, rules)
        fees = checking.result()
        held = held_entries(ledger, parts, decisions, fees)
        emitting = beside.submit(order_matches, ledger, parts, held, rules.lang)
        found = classify(
            ledger,
            files,
            channels,
            Legs(parts, decisions, batched, bank, disputes, numberings),
            covered,
            fees,
            in_match(parts, held),
            bank_findings(
                ledger,
                bank,
                lambda t: clock.waits(t, bank.homes.get(t.account, frozenset())),
                clock.row_waits,
                clock.unproven,
                rules.lang,
            ),
            outside=outside(ledger, scope, parts.group < 0, disputed),
            terms=Terms(
                as_of=until,
                zone=rules.zone,
                lang=rules.lang,
                materiality=rules.materiality,
                late_interest=rules.late_interest,
                companies=rules.companies,
            ),
        )
        order_frames = emitting.result()
    matches, members = join(
        [
            order_frames,
            dispute_matches(ledger, disputes, rules.lang),
            batch_matches(ledger, batched, rules.lang),
            bank_matches(ledger, bank, rules.tolerance.amount, rules.lang),
        ]
    )
    findings = signed(found.findings, placed).table
    period = rules.period or f"{as_of:%Y-%m}"
    first, last = month_days(period)
    alarmed = AlarmScope(
        ledger,
        files,
        channels,
        covered,
        scope.usable & ~scope.twice,
        since=first,
        as_of=min(until, last),
        zone=rules.zone,
        lang=rules.lang,
        money_at_risk=rules.money_at_risk,
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
        findings=findings,
        finding_rows=found.findings.rows,
        as_of=as_of,
        period=period,
        zone=rules.zone,
        lang=rules.lang,
        notes=(
            *_choices(files, rules.lang),
            *fees.notes,
            *notes(ledger, placed, (*of_orders.resting, *of_bank.resting), rules.lang),
        ),
        measured=measured,
        alarms=alarms(alarmed, findings, found.findings.rows),
        view=printed,
    )


def _transfers(
    ledger: View,
    channels: Mapping[str, ChannelFacts],
    scope: Scope,
    clock: BankClock,
    placed: Sequence[Placed],
    rules: Rules,
) -> tuple[list[Batch], BankLeg, BankDecisions]:
    """The legs payout and gateway-bank: payouts and their lines, what reached the bank, what people decided."""
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
        tolerance=rules.tolerance.amount,
        rules=rules.bank,
        decisions=decisions,
        rates=rules.rates,
    )
    returned = {row for tie in bank.ties if tie.how == RETURNED for n in tie.transfers for row in sent[n].rows}
    swept = sweeps(ledger, channels, account_forms, scope.usable, returned)
    return [*batches(ledger, account_forms, scope.usable), *swept], bank, decisions


def _choices(files: Sequence[Statement], lang: str) -> list[str]:
    """What the reader decided for files without a layout of their own, so that a person can overrule it."""
    return [f"{s.file}: {note.zh if lang == 'zh' else note.en}" for s in files for note in s.notes]


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

    def write(place: Path) -> tuple[dict[str, Any], Changed]:
        # The proof and the tables of the result need no voucher; whatever fails here, nothing is published.
        with ThreadPoolExecutor(max_workers=1) as beside:
            proving = beside.submit(prove, outcome)
            tables = beside.submit(write_tables, place, outcome, ids, currency=config.currency)
            bridged = beside.submit(write_bridge, place, outcome, currency=config.currency)
            comparing = beside.submit(_changes, target, place, outcome, ids, config.currency)
            summary = _write_books(place, outcome, proving, ids, config, progress, beside)
            tables.result()
            bridged.result()
            return summary, comparing.result()

    summary, changed = workspace.publish(target, write)
    progress("write", 1, 1)
    workbook = target / WORKBOOK if read.statements else None
    messages = [*read.messages, changed.note] if changed.note else read.messages
    return RunResult(summary, target, workbook, read.exit_code, messages, changed)


def _changes(last: Path, place: Path, outcome: Outcome, ids: pa.StringArray, currency: str) -> Changed:
    """Compare with the result that lies in the output folder, where one does, before it is replaced."""
    return write_changes(last, place, outcome, ids, currency=currency) if workspace.is_output(last) else Changed()


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
    channel_only = frozenset(account.key for account in drafts.accounts if account.scope == CHANNEL)
    return Books(count, len(drafts.lines), drafts.assumed, listed, drafts.notes, channel_only)
