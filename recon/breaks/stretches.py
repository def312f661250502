"""Coverage of every account as stretches of days: covered, empty, repeated, cut, without a file and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pandas as pd

from recon.breaks.coverage import Covered
from recon.breaks.files import currencies_of, hole_scope
from recon.breaks.finding import file_break_id
from recon.ledger.days import NO_DAY, day_number
from recon.ledger.statement import AccountFacts, Problem, Statement, Unread
from recon.ledger.stretch import BROKEN, CARRIED, COVERED, CUT, EMPTY, MISSING, NOT_YET, QUIET, REPEATED, Stretch
from recon.ledger.view import BOOK, View
from recon.timing import Coverage

_CUT_CAUSE, _COPY = "file_cut", "ignored copy"
_PROBLEMS = ("control_total", "balance_break")
#: Chains from worst to best; a stretch has the worst of its parts.
_CHAINS = ("broken", "ok", "none")


@dataclass(frozen=True)
class _File:
    """What one file tells of one account and currency, on days of its own. copy: the file is handed in once more."""

    name: str
    statement: Statement
    facts: AccountFacts
    first: int
    last: int
    copy: bool = False

    @property
    def problems(self) -> tuple[Problem, ...]:
        found = (p for p in self.statement.problems if p.code in _PROBLEMS and p.account == self.facts.account)
        return tuple(p for p in found if p.currency in ("", self.facts.currency))

    @property
    def state(self) -> str:
        """What the file alone is."""
        if any(problem.cause == _CUT_CAUSE for problem in self.problems):
            return CUT
        if not self.statement.proven:
            return BROKEN
        some = self.statement.booked_rows or self.statement.repeated or self.statement.quarantined
        return COVERED if some else EMPTY


@dataclass(frozen=True)
class _Found:
    """Findings of files by what they are about: break_id, and what they reach."""

    table: pd.DataFrame

    def by_id(self, break_id: str) -> tuple[str, int | None, int | None]:
        return self._first(self.table["break_id"] == break_id)

    def of(self, file: _File) -> tuple[str, int | None, int | None]:
        """The finding of a file's problem; of two that are one finding, that one."""
        for problem in file.problems:
            table = self.table
            same = (table["channel"] == file.statement.channel) & (table["account"] == problem.account)
            same &= (table["code"] == problem.code) & (table["currency"] == problem.currency)
            found = self._first(same & (table["expected"] == problem.expected) & (table["actual"] == problem.actual))
            if found[0]:
                return found
        return "", None, None

    def _first(self, mask: pd.Series) -> tuple[str, int | None, int | None]:
        for row in self.table[mask.fillna(value=False).to_numpy(dtype=bool)].to_dict("records"):
            return str(row["break_id"]), int(row["reach_rows"]), int(row["reach_amount"])
        return "", None, None


def stretches(
    view: View, unread: Sequence[Unread], covered: Covered, findings: pd.DataFrame, until: int
) -> tuple[Stretch, ...]:
    """Return the stretches of all accounts, by side, account, book, currency and day.

    Args:
        view: the ledger.
        unread: files that gave nothing: a copy of a file repeats its days.
        covered: the files of each account and book, and the holes between them.
        findings: columns `outcome.FINDINGS`.
        until: last day number of the run.
    """
    copies: dict[str, list[str]] = {}
    for file in unread:
        if file.status == _COPY:
            copies.setdefault(file.sha256, []).append(file.file)
    found = _Found(findings[findings["code"].isin(["missing_file", *_PROBLEMS])])
    homes = currencies_of(view)
    told: list[Stretch] = []
    for key, listed in covered.files.items():
        home = homes.get(key.partition("#")[0], "CNY")
        for currency in sorted({facts.currency for _, facts in listed}):
            mine = [(statement, facts) for statement, facts in listed if facts.currency == currency]
            account = _Account(key, currency, _days(view, key, currency), home, covered, found)
            told += account.stretches(_files(mine, copies), until)
    sides = ("order", "gateway", "bank")
    return tuple(sorted(told, key=lambda s: (sides.index(s.side), s.account, s.book, s.currency, s.first, s.files)))


def _files(listed: Sequence[tuple[Statement, AccountFacts]], copies: Mapping[str, Sequence[str]]) -> list[_File]:
    files = []
    for statement, facts in listed:
        days = facts.period_from, facts.period_to
        first, last = (NO_DAY if day is None else day_number(day) for day in days)
        one = _File(statement.file, statement, facts, first, last)
        files.append(one)
        files += [replace(one, name=name, copy=True) for name in copies.get(statement.sha256, ())]
    return sorted(files, key=lambda f: (f.first, f.last, f.name))


@dataclass(frozen=True)
class _Account:
    """One account and book in one currency. days: of its entries, sorted. home: the currency its holes count in."""

    key: str
    currency: str
    days: np.ndarray
    home: str
    covered: Covered
    found: _Found

    def stretches(self, files: Sequence[_File], until: int) -> list[Stretch]:
        dated = [file for file in files if NO_DAY not in (file.first, file.last)]
        undated = [self._part([file], NO_DAY, NO_DAY) for file in files if NO_DAY in (file.first, file.last)]
        if not dated:
            return undated
        if dated[0].statement.side == "order":
            return undated + self._orders(dated, until)
        if self.key not in self.covered.books:
            return undated + self._told_elsewhere(dated)
        told = _merged(_chained(self._parts(dated)))
        again = {file.name: _again(file) for file in dated}
        told = [replace(one, repeated=sum(again[name] for name in one.files)) if one.state == REPEATED else one
                for one in told]  # fmt: skip
        return undated + told + self._after(told[-1], until)

    def _told_elsewhere(self, files: Sequence[_File]) -> list[Stretch]:
        """A better file tells all of this money under another name of the account: these files cover nothing."""
        parts = [part for part in self._parts(files) if part.files]
        rows = {file.name: file.statement.booked_rows + file.statement.repeated for file in files}
        alike = [replace(part, state=REPEATED) if part.state == COVERED else part for part in parts]
        return [replace(part, repeated=sum(rows[name] for name in part.files)) for part in alike]

    def _orders(self, files: Sequence[_File], until: int) -> list[Stretch]:
        """An order list covers its first to its last order day, however many files it lies in."""
        days = (files[0].first, max(file.last for file in files))
        cover = self.covered.cover.orders.get(self.key, Coverage(*days))
        one = self._part(files, cover.first, cover.last)
        whole = replace(one, state=COVERED if one.state == REPEATED else one.state, opening=None, closing=None)
        return [whole, *self._after(whole, until)]

    def _parts(self, files: Sequence[_File]) -> list[Stretch]:
        """Days between two ends of files: who holds them."""
        starts: dict[int, list[_File]] = {}
        for file in files:
            starts.setdefault(file.first, []).append(file)
        bounds = sorted({file.first for file in files} | {file.last + 1 for file in files})
        parts: list[Stretch] = []
        holders: list[_File] = []
        for low, high in pairwise(bounds):
            holders = [file for file in holders if file.last >= low] + starts.get(low, [])
            parts.append(self._part(holders, low, high - 1) if holders else self._gap(parts[-1], low, high - 1))
        return parts

    def _part(self, holders: Sequence[_File], first: int, last: int) -> Stretch:
        states = [file.state for file in holders]
        problem = next((file for file in holders if file.problems), None)
        break_id, rows, amount = self.found.of(problem) if problem else ("", None, None)
        chains = {file.statement.balance_chain for file in holders}
        opening = [f.facts.opening for f in holders if f.first == first and f.facts.opening is not None]
        closing = [f.facts.closing for f in holders if f.last == last and f.facts.closing is not None]
        return Stretch(
            side=holders[0].statement.side,
            channel=holders[0].statement.channel,
            account=self.key.partition("#")[0].partition(":")[2],
            book=self.key.partition("#")[2],
            currency=self.currency,
            state=_state(holders, states),
            first=first,
            last=last,
            files=tuple(dict.fromkeys(file.name for file in holders)),
            entries=self._entries(first, last),
            repeated=0,
            opening=opening[0] if opening else None,
            closing=closing[-1] if closing else None,
            jump=None,
            chain=next((name for name in _CHAINS if name in chains), "none"),
            cause=";".join(dict.fromkeys(p.cause for file in holders for p in file.problems if p.cause)),
            break_id=break_id,
            reach_rows=rows,
            reach_amount=amount,
        )

    def _gap(self, before: Stretch, first: int, last: int) -> Stretch:
        """Days in no file: a hole, with what waits for it, or none that is missed."""
        empty = replace(
            before, state=QUIET, first=first, last=last, files=(), entries=0, opening=None, jump=None, chain="none",
            cause="", break_id="", reach_rows=None, reach_amount=None,
        )  # fmt: skip
        own = self.covered.books.get(self.key)
        if own is None or not any(_meet(days, first, last) for days in own.holes):
            return empty
        name = self.key.partition("#")[0]  # days that both books lack are one hole
        holes = (h for h in self.covered.holes if h.account.partition("#")[0] == name)
        hole = next((h for h in holes if _meet((h.first, h.last), first, last)), None)
        if hole is None or self.home != self.currency:
            return replace(empty, state=MISSING)
        break_id, rows, amount = self.found.by_id(file_break_id("missing_file", hole_scope(hole, self.home)))
        return replace(empty, state=MISSING, break_id=break_id, reach_rows=rows, reach_amount=amount)

    def _after(self, last: Stretch, until: int) -> list[Stretch]:
        """The days from the last file to the end of the run."""
        return (
            [replace(self._gap(last, last.last + 1, until), state=NOT_YET, closing=None)] if last.last < until else []
        )

    def _entries(self, first: int, last: int) -> int:
        """How many entries of the ledger lie on these days."""
        if first == NO_DAY:
            return 0
        low, high = np.searchsorted(self.days, [first, last + 1])
        return int(high - low)


def _days(view: View, key: str, currency: str) -> np.ndarray:
    """The sorted days of the entries of an account or of one of its books."""
    name, _, book = key.partition("#")
    if name not in view.accounts or currency not in view.currencies:
        return np.zeros(0, dtype=np.int64)
    mine = view.account == list(view.accounts).index(name)
    mine &= view.currency == list(view.currencies).index(currency)
    if book:
        mine &= view.book == BOOK[book]
    days: np.ndarray = np.sort(view.day[mine])
    return days


def _chained(parts: Sequence[Stretch]) -> list[Stretch]:
    """Compare each opening with the closing before it; a gap that both bridge is none that is missed."""
    told = list(parts)
    for at in range(1, len(told)):
        before, one = told[at - 1], told[at]
        if one.opening is None or before.closing is None or not one.files:
            continue
        jump = one.opening - before.closing
        chain = "broken" if jump or one.chain == "broken" else "ok"
        told[at] = replace(one, jump=jump, chain=chain)
        if before.state == QUIET and not jump:
            told[at - 1] = replace(before, state=CARRIED)
    return [part if part.files else replace(part, closing=None) for part in told]


def _merged(parts: Sequence[Stretch]) -> list[Stretch]:
    """Join neighbours that are alike: daily bills are one stretch as long as their balance carries on."""
    told = [parts[0]]
    for part in parts[1:]:
        last = told[-1]
        proven = part.state in (COVERED, EMPTY, REPEATED)
        if part.jump or part.state != last.state or not part.files or not (proven or part.files == last.files):
            told.append(part)
            continue
        told[-1] = replace(
            last,
            last=part.last,
            files=tuple(dict.fromkeys((*last.files, *part.files))),
            entries=last.entries + part.entries,
            repeated=last.repeated + part.repeated,
            closing=part.closing,
            chain=next(name for name in _CHAINS if name in (last.chain, part.chain)),
        )
    return told


def _state(holders: Sequence[_File], states: Sequence[str]) -> str:
    """The state of days that these files hold: a fault of one is a fault of the days."""
    for fault in (CUT, BROKEN):
        if fault in states:
            return fault
    same = len({file.statement.channel for file in holders}) < len(holders)
    if same and any(_again(file) for file in holders):
        return REPEATED
    return EMPTY if set(states) == {EMPTY} else COVERED


def _again(file: _File) -> int:
    """Rows of a file that another file holds already."""
    return file.statement.rows if file.copy else file.statement.repeated


def _meet(days: tuple[int, int], first: int, last: int) -> bool:
    return days[0] <= last and days[1] >= first
