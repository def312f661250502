"""Which days the files cover, which are missing (缺账单), and which files are unproven."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from recon.breaks.finding import Finding
from recon.breaks.order_cover import Cover
from recon.breaks.phrases import say
from recon.ledger.channel import ChannelFacts
from recon.ledger.outcome import FILE
from recon.ledger.statement import Problem, Statement
from recon.ledger.view import BOOK, KIND, NO_DAY, ORDER, View, date_of
from recon.timing import Coverage, FilePeriod, Hole, cover, day_number

_BOOKS = {"trade": "#trade", "cash": "#cash"}


@dataclass(frozen=True)
class Covered:
    """`cover`: per account, over all its books; `books`: per "account#book"; holes per account or book."""

    cover: Cover
    books: Mapping[str, Coverage]
    holes: tuple[Hole, ...]


def coverage(view: View, statements: Sequence[Statement], channels: Mapping[str, ChannelFacts], zone: str) -> Covered:
    """Work out the coverage of every account from its files.

    An order list covers its first to its last order day (paid, else created); a statement covers the period that it
    states, else its first to its last event.
    """
    periods: dict[str, list[FilePeriod]] = {}
    unproven: dict[str, list[tuple[int, int]]] = {}
    banks: set[str] = set()
    for statement in statements:
        if statement.side == "order":
            continue
        suffix = _BOOKS.get(statement.book or "", "")
        for facts in statement.accounts:
            if facts.period_from is None or facts.period_to is None:
                continue
            name = f"{channels[statement.channel].family}:{facts.account}"
            first, last = day_number(facts.period_from), day_number(facts.period_to)
            period = FilePeriod(first, last, facts.period_stated, facts.opening, facts.closing)
            periods.setdefault(name + suffix, []).append(period)
            if statement.side == "bank":
                banks.add(name)
            if not statement.proven:
                unproven.setdefault(name, []).append((first, last))
    books, holes = _per_book(view, periods)
    spans = {account: tuple(sorted(s)) for account, s in unproven.items()}
    accounts = _whole(books)
    at_bank = {name: days for name, days in accounts.items() if name in banks}
    gateways = {name: days for name, days in accounts.items() if name not in banks}
    return Covered(Cover(gateways, at_bank, _orders(view, zone), spans), books, tuple(holes))


def _per_book(view: View, periods: Mapping[str, Sequence[FilePeriod]]) -> tuple[dict[str, Coverage], list[Hole]]:
    books: dict[str, Coverage] = {}
    holes: list[Hole] = []
    for key in sorted(periods):
        name, _, book = key.partition("#")
        if name not in view.accounts:
            days = np.zeros(0, dtype=np.int64)
        else:
            mine = (view.account == view.accounts.index(name)) & (view.day != NO_DAY)
            if book:
                mine &= view.book == BOOK[book]
            days = np.unique(view.day[mine])
        found = cover(key, periods[key], days)
        if found is not None:
            books[key], missing = found
            holes += missing
    return books, holes


def _whole(books: Mapping[str, Coverage]) -> dict[str, Coverage]:
    """One coverage per account: that of the cash book where there is one, else of the trade book."""
    whole: dict[str, Coverage] = {}
    for key in sorted(books, reverse=True):  # "#trade" before "#cash": the union keeps what either covers
        name = key.partition("#")[0]
        whole[name] = _union(whole[name], books[key]) if name in whole else books[key]
    return whole


def _union(one: Coverage, other: Coverage) -> Coverage:
    """Days that at least one of two books covers."""
    first, last = min(one.first, other.first), max(one.last, other.last)
    days = np.arange(first, last + 1)
    missing = days[~one.covers(days, days) & ~other.covers(days, days)]
    if not len(missing):
        return Coverage(first, last)
    runs = np.split(missing, np.flatnonzero(np.diff(missing) > 1) + 1)
    return Coverage(first, last, tuple((int(r[0]), int(r[-1])) for r in runs))


def _orders(view: View, zone: str) -> dict[str, Coverage]:
    sales = (view.side == ORDER) & (view.kind == KIND["sale"])
    paid = view.days("paid_at", zone)
    day = np.where(paid != NO_DAY, paid, view.day)
    found = {}
    for account in np.unique(view.account[sales]):
        mine = day[sales & (view.account == account) & (day != NO_DAY)]
        if len(mine):
            found[view.accounts[account]] = Coverage(int(mine.min()), int(mine.max()))
    return found


def missing_files(
    holes: Sequence[Hole],
    channels: Mapping[str, ChannelFacts],
    currencies: Mapping[str, str],
    waiting: Mapping[str, tuple[int, ...]],
    lang: str,
) -> list[Finding]:
    """Return one finding per account and run of days that lie in no file.

    Args:
        holes: from `coverage`.
        channels: facts per channel.
        currencies: account -> currency of its files.
        waiting: account -> positions of the entries that wait for its files.
        lang: zh or en.
    """
    found = []
    for hole in holes:
        name = hole.account.partition("#")[0]
        family, _, number = name.partition(":")
        channel = next((c for c in sorted(channels) if channels[c].family == family), family)
        rows = waiting.get(name, ())
        first, last = date_of(hole.first), date_of(hole.last)
        balances = hole.before is not None and hole.after is not None
        found.append(
            Finding(
                code="missing_file",
                leg=FILE,
                owned=(),
                linked=(),
                expected=hole.before or 0 if balances else 0,
                actual=hole.after or 0 if balances else 0,
                currency=currencies.get(name, "CNY"),
                explanation=say(lang, "missing_file", account=number, first=first, last=last, rows=len(rows)),
                cause="rows_missing" if balances else "",
                due=hole.last,
                waiting=rows,
                account=(channel, number),
                scope=f"{hole.account}|{first}|{last}",
            )
        )
    return found


def file_findings(statements: Sequence[Statement], rows: Mapping[str, int], lang: str) -> list[Finding]:
    """Return the findings that a file shows by itself: totals, balances, rows whose net is not their parts.

    Args:
        statements: the files.
        rows: entry_id -> position in the ledger.
        lang: zh or en.
    """
    found = []
    for statement in statements:
        for problem in statement.problems:
            linked = tuple(sorted(rows[i] for i in problem.linked if i in rows))
            found.append(_of_problem(statement, problem, linked, lang))
    return found


def _of_problem(statement: Statement, problem: Problem, linked: tuple[int, ...], lang: str) -> Finding:
    periods = "|".join(f"{a.account}/{a.period_from}/{a.period_to}" for a in statement.accounts)
    scope = f"{statement.channel}|{problem.account}|{problem.currency}|{periods}|{problem.expected}|{problem.actual}"
    return Finding(
        code=problem.code,
        leg=FILE,
        owned=(),
        linked=linked,
        expected=problem.expected,
        actual=problem.actual,
        currency=problem.currency,
        explanation=problem.zh if lang == "zh" else problem.en,
        cause=problem.cause,
        due=day_number(problem.on) if problem.on is not None else NO_DAY,
        account=(statement.channel, problem.account),
        scope=scope,
    )
