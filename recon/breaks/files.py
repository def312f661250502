"""What files show by themselves: days that lie in none, totals, balances, rows that do not foot; who waits for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from recon.breaks.bank_cover import sent_from
from recon.breaks.coverage import Covered
from recon.breaks.finding import Finding
from recon.breaks.order_cover import served
from recon.breaks.phrases import say
from recon.breaks.words import BEYOND, UNPROVEN
from recon.ledger.channel import ChannelFacts
from recon.ledger.days import NO_DAY, date_of, day_number
from recon.ledger.outcome import FILE
from recon.ledger.parts import REFUND, Parts
from recon.ledger.statement import Problem, Statement
from recon.ledger.transfers import BankLeg
from recon.ledger.view import BANK, GATEWAY, KIND, ORDER, View
from recon.money import format_amount
from recon.timing import Hole

#: A waiting row's code if its partner's file were there and did not hold it: by side and kind.
_SYMPTOMS = {
    (ORDER, KIND["sale"]): "missing_payment",
    (ORDER, KIND["refund"]): "missing_refund",
    (GATEWAY, KIND["payment"]): "unknown_payment",
    (GATEWAY, KIND["refund"]): "unknown_refund",
    (GATEWAY, KIND["payout"]): "missing_payout",
}


@dataclass(frozen=True)
class Waiting:
    """Entries that wait for a partner in other files: positions, reason, first and last day of the partner."""

    view: View
    channels: Mapping[str, ChannelFacts]
    served: np.ndarray  # shop x account
    bank: BankLeg
    row: np.ndarray
    reason: np.ndarray
    low: np.ndarray
    high: np.ndarray

    def behind(self, account: str, first: int, last: int, reason: str) -> tuple[int, ...]:
        """Return the entries whose partner should lie in this account ("family:number") on these days."""
        mine = (self.reason == reason) & (self.low <= last) & (self.high >= first)
        rows = self.row[mine]
        return tuple(sorted(int(r) for r in rows[self._may_settle(rows, account)]))

    def symptoms(self, rows: Sequence[int]) -> tuple[str, ...]:
        """Return the codes that waiting entries would have."""
        view = self.view
        found = {_SYMPTOMS.get((int(view.side[r]), int(view.kind[r])), "") for r in rows if view.side[r] != BANK}
        found |= {"unknown_receipt" if view.amount[r] >= 0 else "unknown_debit" for r in rows if view.side[r] == BANK}
        return tuple(sorted(found - {""}))

    def sales(self, rows: Sequence[int]) -> tuple[int, int]:
        """Return how many of these entries are orders, and the sum of their amounts in minor units."""
        places = np.array(rows, dtype=np.int64)
        sold = places[(self.view.side[places] == ORDER) & (self.view.kind[places] == KIND["sale"])]
        return len(sold), int(self.view.amount[sold].sum())

    def due(self, rows: Sequence[int]) -> int:
        """Return the latest day on which one of these entries is due, NO_DAY without any."""
        return int(self.high[np.isin(self.row, rows)].max(initial=NO_DAY))

    def _may_settle(self, rows: np.ndarray, account: str) -> np.ndarray:
        view, family = self.view, account.split(":", 1)[0]
        served = np.array([family in self.channels[c].settles_via for c in view.channels] or [False])
        code = view.accounts.index(account) if account in view.accounts else -1
        home = self.served[:, code] if code >= 0 else np.ones(len(view.shops), dtype=bool)
        at_home = np.append(home, True)[view.shop[rows]]  # shop -1: any account
        order = (view.side[rows] == ORDER) & served[view.channel[rows]] & at_home
        at_bank = any(f.side == "bank" and f.family == family for f in self.channels.values())
        payout = (view.side[rows] == GATEWAY) & (view.kind[rows] == KIND["payout"]) & at_bank
        number = view.families.index(family) if family in view.families else -1
        named = [number in self.bank.named.get(int(r), frozenset()) for r in rows]
        settles: np.ndarray = order | payout | ((view.side[rows] == BANK) & np.array(named, dtype=bool))
        return settles


def waiting(
    view: View, channels: Mapping[str, ChannelFacts], parts: Parts, bank: BankLeg, in_transit: pd.DataFrame
) -> Waiting:
    """Say for what is in transit beyond the files, or because of an unproven file, on which days its partner lies.

    Args:
        view: the ledger.
        channels: facts per channel.
        parts: the comparison of the order leg.
        bank: the leg gateway-bank after matching.
        in_transit: columns `outcome.WAITING`.
    """
    reason = in_transit["reason"].to_numpy(dtype=object)
    mine = np.isin(reason, [BEYOND, UNPROVEN])
    row, reason = in_transit["row"].to_numpy()[mine], reason[mine]
    due = [NO_DAY if pd.isna(d) else day_number(d) for d in in_transit["due_date"][mine]]
    low = view.day[row].copy()
    order = np.flatnonzero((view.side[row] == ORDER) & (parts.group[row] >= 0))
    times, group = parts.times, parts.group[row[order]]
    early = np.where(times.early[group] != NO_DAY, times.early[group], times.trigger[group])
    low[order] = np.where(parts.part[row[order]] == REFUND, times.refund_trigger[group], early)
    for n in np.flatnonzero(view.side[row] == BANK):
        names = [view.families[f] for f in bank.named.get(int(row[n]), ()) if f >= 0]
        low[n] = sent_from(channels, names, int(low[n]))
    high = np.where(np.array(due, dtype=np.int64) == NO_DAY, low, np.array(due, dtype=np.int64))
    return Waiting(view, channels, served(view, parts), bank, row, reason, low, high)


def missing_files(covered: Covered, currencies: Mapping[str, str], waits: Waiting, lang: str) -> list[Finding]:
    """Return one finding per account and run of days that lie in no file.

    Args:
        covered: coverage and its holes.
        currencies: account -> currency of its files.
        waits: entries that wait for other files.
        lang: zh or en.
    """
    found = []
    for hole in covered.holes:
        name = hole.account.partition("#")[0]
        rows = waits.behind(name, hole.first, hole.last, BEYOND)
        first, last = date_of(hole.first), date_of(hole.last)
        number = name.partition(":")[2]
        balances = hole.before is not None and hole.after is not None
        currency = currencies.get(name, "CNY")
        found.append(
            Finding(
                code="missing_file",
                leg=FILE,
                owned=(),
                linked=(),
                expected=hole.before or 0 if balances else 0,
                actual=hole.after or 0 if balances else 0,
                currency=currency,
                explanation=_hole_text(waits, number, (first, last), rows, currency, lang),
                cause="rows_missing" if balances else "",
                symptoms=waits.symptoms(rows),
                due=max(hole.last, waits.due(rows)),
                waiting=rows,
                account=(covered.channels[hole.account], number),
                scope=hole_scope(hole, currency),
            )
        )
    return found


def hole_scope(hole: Hole, currency: str) -> str:
    """Return what the finding of a hole is about: its id is made of it."""
    return f"{hole.account}|{currency}|{date_of(hole.first)}|{date_of(hole.last)}"


def currencies_of(view: View) -> dict[str, str]:
    """Return account -> currency of its rows, in which its holes count."""
    code = np.zeros(len(view.accounts), dtype=np.int64)
    code[view.account] = view.currency
    return {name: view.currencies[code[n]] for n, name in enumerate(view.accounts)} if len(view) else {}


def _hole_text(
    waits: Waiting, number: str, days: tuple[date | None, date | None], rows: Sequence[int], currency: str, lang: str
) -> str:
    """What is not there, and which orders and other rows wait for it."""
    orders, amount = waits.sales(rows)
    text = say(
        lang,
        "missing_file",
        account=number,
        first=days[0],
        last=days[1],
        orders=f"{orders:,}",
        amount=format_amount(amount, currency),
    )
    others = len(rows) - orders
    return text + (say(lang, "missing_file_others", n=f"{others:,}") if others else "")


def file_findings(
    statements: Sequence[Statement],
    channels: Mapping[str, ChannelFacts],
    places: Mapping[str, int],
    waits: Waiting,
    lang: str,
) -> list[Finding]:
    """Return the findings that a file shows by itself: totals, balances, rows whose net is not their parts.

    Args:
        statements: the files.
        channels: facts per channel.
        places: entry_id -> position in the ledger, of the entries that problems cite.
        waits: entries that wait for other files.
        lang: zh or en.
    """
    found = []
    for statement in statements:
        raw = [_of_problem(statement, problem, places, lang) for problem in statement.problems]
        for finding in _one_per_cause(raw):
            rows = () if finding.code == "settlement_gap" else _behind(statement, finding, channels, waits)
            symptoms = (*finding.symptoms, *waits.symptoms(rows))
            found.append(replace(finding, waiting=rows, symptoms=symptoms))
    return found


def _behind(
    statement: Statement, finding: Finding, channels: Mapping[str, ChannelFacts], waits: Waiting
) -> tuple[int, ...]:
    number = finding.account[1] if finding.account else ""
    name = f"{channels[statement.channel].family}:{number}"
    rows: set[int] = set()
    for facts in statement.accounts:
        if facts.account == number and facts.period_from is not None and facts.period_to is not None:
            first, last = day_number(facts.period_from), day_number(facts.period_to)
            rows.update(waits.behind(name, first, last, UNPROVEN))
    return tuple(sorted(rows))


def _one_per_cause(raw: Sequence[Finding]) -> list[Finding]:
    """A cut file whose balance also jumps is one finding, the total."""
    found: list[Finding] = []
    for finding in sorted(raw, key=lambda f: f.code != "control_total"):
        same = [n for n, first in enumerate(found) if _explains(first, finding)]
        if same:
            found[same[0]] = replace(found[same[0]], symptoms=("balance_break",))
        else:
            found.append(finding)
    return found


def _explains(total: Finding, jump: Finding) -> bool:
    """Rows that the file's own count says are lost, or another balance by as much as the total is off."""
    about = (total.code, jump.code) == ("control_total", "balance_break") and total.account == jump.account
    lost = (total.cause, jump.cause) == ("file_cut", "rows_missing")
    by_as_much = not total.symptoms and abs(total.actual - total.expected) == abs(jump.actual - jump.expected)
    return about and (lost or by_as_much)


def _of_problem(statement: Statement, problem: Problem, places: Mapping[str, int], lang: str) -> Finding:
    periods = "|".join(f"{a.account}/{a.period_from}/{a.period_to}" for a in statement.accounts)
    scope = f"{statement.channel}|{problem.account}|{problem.currency}|{periods}|{problem.expected}|{problem.actual}"
    return Finding(
        code=problem.code,
        leg=FILE,
        owned=(),
        linked=tuple(sorted(places[i] for i in problem.linked if i in places)),
        expected=problem.expected,
        actual=problem.actual,
        currency=problem.currency,
        explanation=problem.zh if lang == "zh" else problem.en,
        cause=problem.cause,
        due=day_number(problem.on) if problem.on is not None else NO_DAY,
        account=(statement.channel, problem.account),
        scope=scope,
    )
