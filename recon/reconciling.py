"""The heart of a run: a ledger is read, matched and judged; what comes out is one value, the outcome."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pandas as pd

from recon.breaks.alarms.raised import alarms
from recon.breaks.alarms.scope import Scope as AlarmScope
from recon.breaks.bank import bank_findings
from recon.breaks.bank_cover import BankClock
from recon.breaks.classify import Classified, Legs, Terms, classify, held_entries
from recon.breaks.coverage import Covered, coverage
from recon.breaks.fees import FeeCheck, check
from recon.breaks.order_cover import Waits, waits_of
from recon.breaks.orders import decide
from recon.breaks.signed import signed
from recon.breaks.stretches import stretches
from recon.breaks.wrong_key import WrongKey, waiting_for_numbers, wrong_keys
from recon.config.rules import Rules
from recon.intake import last_day
from recon.ledger.channel import ChannelFacts
from recon.ledger.days import day_number, month_days
from recon.ledger.decisions import Decisions, Placed, place
from recon.ledger.disputes import Dispute
from recon.ledger.measured import Measured
from recon.ledger.outcome import Outcome
from recon.ledger.parts import Parts
from recon.ledger.statement import Statement, Unread
from recon.ledger.transfers import RETURNED, BankLeg, Batch
from recon.ledger.view import View, view
from recon.matching.bank.leg import match_bank
from recon.matching.converted import converted
from recon.matching.decided import BankDecisions, Resting, for_bank, for_orders, notes
from recon.matching.disputes import dispute_matches, find_disputes, of_disputes
from recon.matching.emit import in_match, order_matches
from recon.matching.emit_payouts import bank_matches, batch_matches
from recon.matching.frames import join
from recon.matching.loose import Closed, pair_loose, settle
from recon.matching.payouts.forms import batches, forms, swept_by_text, transfers
from recon.matching.payouts.sweep import sweeps
from recon.matching.reference import compare
from recon.matching.scope import Scope, outside, scope_of

NO_DECISIONS = Decisions()
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
    with ThreadPoolExecutor(max_workers=1) as beside:  # for what needs nothing of the next stage
        read = _read(entries, files, rules, decided, beside)
        matched = _match(read, rules, beside)
        judged = _judge(read, matched, files, rules, beside)
    return _outcome(read, matched, judged, (entries, files, unread), rules)


@dataclass(frozen=True)
class _Read:
    """A ledger as it was read.

    printed, ledger: as the files print it, and with what was converted in one currency; `converted`: those rows.
    covered, clock: which days the files cover. scope: which entries take part. disputes; disputed: entries of them.
    placed: what people decided, found in the ledger. until: last day number of the run.
    """

    printed: View
    ledger: View
    converted: np.ndarray
    covered: Covered
    clock: BankClock
    scope: Scope
    disputes: Sequence[Dispute]
    disputed: np.ndarray
    placed: Sequence[Placed]
    until: int

    @property
    def seen(self) -> np.ndarray:
        """Entries that the order leg compares."""
        mask: np.ndarray = self.scope.seen & ~self.disputed
        return mask

    @property
    def counted(self) -> np.ndarray:
        """Entries that tell each movement once."""
        mask: np.ndarray = self.scope.usable & ~self.scope.twice
        return mask


@dataclass(frozen=True)
class _Matched:
    """What belongs together on the three legs, what of it still waits, and whether the charges are right.

    resting: decisions that nothing could follow.
    """

    parts: Parts
    waits: Waits
    numberings: tuple[WrongKey, ...]
    batches: list[Batch]
    bank: BankLeg
    fees: FeeCheck
    measured: tuple[Measured, ...]
    resting: tuple[Resting, ...]


@dataclass(frozen=True)
class _Judged:
    """Matches with their members; findings, signed where a person decided; in transit and excluded."""

    matches: pd.DataFrame
    members: pd.DataFrame
    found: Classified
    findings: pd.DataFrame


def _read(
    entries: pd.DataFrame, files: Sequence[Statement], rules: Rules, decided: Decisions, beside: Executor
) -> _Read:
    """See the ledger as arrays: which days its files cover, which entries take part, what people decided of them."""
    channels = rules.channels
    printed = view(entries, channels)
    until = day_number(rules.as_of or last_day(files))
    encoding = beside.submit(printed.encode_all, _REFERENCES)
    covered = coverage(printed, files, channels, rules.zone)
    clock = BankClock(printed, channels, covered.cover, covered.senders(), until)
    encoding.result()
    scope = scope_of(printed, channels, covered.books, until)
    disputes = find_disputes(printed, scope.usable & ~scope.twice)
    disputed = of_disputes(len(printed), disputes)
    exchanged = converted(printed, channels, scope.seen & ~disputed, rules.rates)
    ledger = exchanged.view
    return _Read(
        printed, ledger, exchanged.rows, covered, clock, scope, disputes, disputed, place(ledger, decided), until
    )


def _match(read: _Read, rules: Rules, beside: Executor) -> _Matched:
    """Find what belongs together: orders and money by number, then by amount and day; payouts, lines and bank rows."""
    ledger, channels, seen, cover = read.ledger, rules.channels, read.seen, read.covered.cover
    usable = read.counted & ledger.proven & ~read.disputed
    checking = beside.submit(check, ledger, channels, rules.contracts, usable, read.until, rules.lang)
    of_orders = for_orders(ledger, read.placed, seen)
    by_number = compare(
        ledger,
        channels,
        seen,
        read.scope.later & ~read.disputed,
        homes=rules.homes,
        zone=rules.zone,
        tolerance=rules.tolerance,
        keys=rules.orders.keys,
        decisions=of_orders,
    )
    numberings = wrong_keys(ledger, channels, by_number, cover.gateways)
    waits = waiting_for_numbers(waits_of(ledger, channels, by_number, cover, read.until), numberings)
    loose, measured = pair_loose(ledger, channels, by_number, seen, Closed(*waits.over(), read.until), rules.orders)
    parts = settle(ledger, channels, by_number, loose, zone=rules.zone, tolerance=rules.tolerance)
    batched, bank, of_bank = _transfers(ledger, channels, read.scope, read.clock, read.placed, rules)
    resting = (*of_orders.resting, *of_bank.resting)
    return _Matched(parts, waits, numberings, batched, bank, checking.result(), measured, resting)


def _judge(read: _Read, matched: _Matched, files: Sequence[Statement], rules: Rules, beside: Executor) -> _Judged:
    """Say of every entry whether it is matched, waits, is a break or takes no part."""
    ledger, parts, bank, clock = read.ledger, matched.parts, matched.bank, read.clock
    decisions = decide(ledger, parts, matched.waits, read.converted)
    held = held_entries(ledger, parts, decisions, matched.fees)
    emitting = beside.submit(order_matches, ledger, parts, held, rules.lang)
    found = classify(
        ledger,
        files,
        rules.channels,
        Legs(parts, decisions, matched.batches, bank, read.disputes, matched.numberings),
        read.covered,
        matched.fees,
        in_match(parts, held),
        bank_findings(
            ledger,
            bank,
            lambda t: clock.waits(t, bank.homes.get(t.account, frozenset())),
            clock.row_waits,
            clock.unproven,
            rules.lang,
        ),
        outside=outside(ledger, read.scope, parts.group < 0, read.disputed),
        terms=Terms(
            as_of=read.until,
            zone=rules.zone,
            lang=rules.lang,
            materiality=rules.materiality,
            late_interest=rules.late_interest,
            companies=rules.companies,
        ),
    )
    frames = [
        emitting.result(),
        dispute_matches(ledger, read.disputes, rules.lang),
        batch_matches(ledger, matched.batches, rules.lang),
        bank_matches(ledger, bank, rules.tolerance.amount, rules.lang),
    ]
    matches, members = join(frames)
    return _Judged(matches, members, found, signed(found.findings, read.placed).table)


def _outcome(
    read: _Read,
    matched: _Matched,
    judged: _Judged,
    given: tuple[pd.DataFrame, Sequence[Statement], Sequence[Unread]],
    rules: Rules,
) -> Outcome:
    """Put the result together, with what a person should look into beside the breaks."""
    entries, files, unread = given
    as_of = rules.as_of or last_day(files)
    period = rules.period or f"{as_of:%Y-%m}"
    rows = judged.found.findings.rows
    alarmed = _alarmed(read, files, month_days(period), rules)
    return Outcome(
        entries=entries,
        statements=tuple(files),
        unread=tuple(unread),
        channels=rules.channels,
        matches=judged.matches,
        members=judged.members,
        in_transit=judged.found.in_transit,
        excluded=judged.found.excluded,
        findings=judged.findings,
        finding_rows=rows,
        as_of=as_of,
        period=period,
        zone=rules.zone,
        lang=rules.lang,
        notes=(
            *_choices(files, rules.lang),
            *matched.fees.notes,
            *notes(read.ledger, read.placed, matched.resting, rules.lang),
        ),
        measured=matched.measured,
        alarms=alarms(alarmed, judged.findings, rows),
        fee_rules=matched.fees.rules,
        stretches=stretches(read.printed, unread, read.covered, judged.findings, read.until),
        view=read.printed,
    )


def _alarmed(read: _Read, files: Sequence[Statement], days: tuple[int, int], rules: Rules) -> AlarmScope:
    """What alarms look at: the days of the period up to where the files end."""
    first, last = days
    return AlarmScope(
        read.ledger,
        files,
        rules.channels,
        read.covered,
        read.counted,
        since=first,
        as_of=min(read.until, last),
        zone=rules.zone,
        lang=rules.lang,
        money_at_risk=rules.money_at_risk,
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
    told = swept_by_text(ledger, channels, account_forms, bank)
    swept = sweeps(ledger, channels, told, scope.usable, returned)
    return [*batches(ledger, account_forms, scope.usable, scope.unused), *swept], bank, decisions


def _choices(files: Sequence[Statement], lang: str) -> list[str]:
    """What the reader decided for files without a layout of their own, so that a person can overrule it."""
    return [f"{s.file}: {note.zh if lang == 'zh' else note.en}" for s in files for note in s.notes]
