"""Which days the files cover, which are missing (缺账单), and which of them stand in unproven files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from recon.breaks.order_cover import Cover
from recon.ledger.channel import ChannelFacts
from recon.ledger.days import NO_DAY, day_number
from recon.ledger.money_book import copies
from recon.ledger.statement import AccountFacts, Statement
from recon.ledger.view import BANK, BOOK, KIND, ORDER, View
from recon.timing import Coverage, FilePeriod, Hole, cover

_BOOKS = {"trade": "#trade", "cash": "#cash"}


@dataclass(frozen=True)
class Covered:
    """`cover`: per account, over all its books; `books`: per "account#book"; holes per account or book.

    `channels`: account or "account#book" -> the channel whose files tell it. `files`: account or "account#book", of
    order lists too -> what each file says of it.
    """

    cover: Cover
    books: Mapping[str, Coverage]
    holes: tuple[Hole, ...]
    channels: Mapping[str, str]
    files: Mapping[str, Sequence[tuple[Statement, AccountFacts]]]

    def senders(self) -> dict[str, Coverage]:
        """Return per gateway account on which days its payouts are told: by its cash book, where it has one."""
        return {name: self.books.get(name + "#cash", days) for name, days in self.cover.gateways.items()}


def coverage(view: View, statements: Sequence[Statement], channels: Mapping[str, ChannelFacts], zone: str) -> Covered:
    """Work out the coverage of every account from its files.

    An order list covers its first to its last order day (paid, else created); a statement covers the period that it
    states, else its first to its last event.
    """
    periods: dict[str, list[FilePeriod]] = {}
    unproven: dict[str, list[tuple[int, int]]] = {}
    banks: set[str] = set()
    told_by: dict[str, str] = {}
    files: dict[str, list[tuple[Statement, AccountFacts]]] = {}
    for statement in sorted(statements, key=lambda s: s.channel, reverse=True):
        suffix = _BOOKS.get(statement.book or "", "")
        for facts in statement.accounts:
            name = f"{channels[statement.channel].family}:{facts.account}"
            files.setdefault(name + suffix, []).append((statement, facts))
            if statement.side == "order" or facts.period_from is None or facts.period_to is None:
                continue
            first, last = day_number(facts.period_from), day_number(facts.period_to)
            rows_to = last if facts.rows_to is None else day_number(facts.rows_to)
            period = FilePeriod(first, last, facts.period_stated, facts.opening, facts.closing, max(last, rows_to))
            periods.setdefault(name + suffix, []).append(period)
            told_by[name + suffix] = statement.channel
            if statement.side == "bank":
                banks.add(name)
            if not statement.proven:
                unproven.setdefault(name, []).append((first, last))
    books, holes = _per_book(view, periods)
    spans = {account: tuple(sorted(s)) for account, s in unproven.items()}
    accounts = _whole(books)
    at_bank = {name: days for name, days in accounts.items() if name in banks}
    gateways = {name: days for name, days in accounts.items() if name not in banks}
    cover = Cover(gateways, at_bank, _orders(view, zone), spans)
    return Covered(cover, books, tuple(_one_per_run(holes)), told_by, files)


def _one_per_run(holes: Sequence[Hole]) -> list[Hole]:
    """Days that both books of an account lack are one hole, told of the book that prints its balances."""
    found: list[Hole] = []
    for hole in sorted(holes, key=lambda h: (h.account.partition("#")[0], h.first, h.last, h.account)):
        last = found[-1] if found else None
        if last is None or not _same_run(last, hole):
            found.append(hole)
            continue
        told = last if last.before is not None and last.after is not None else hole
        found[-1] = replace(told, first=min(last.first, hole.first), last=max(last.last, hole.last))
    return found


def _same_run(one: Hole, other: Hole) -> bool:
    return one.account.partition("#")[0] == other.account.partition("#")[0] and other.first <= one.last


def _per_book(view: View, periods: Mapping[str, Sequence[FilePeriod]]) -> tuple[dict[str, Coverage], list[Hole]]:
    books: dict[str, Coverage] = {}
    holes: list[Hole] = []
    copied = (view.side == BANK) & copies(view)
    for key in sorted(periods):
        name, _, book = key.partition("#")
        if name not in view.accounts:
            days = np.zeros(0, dtype=np.int64)
        else:
            mine = (view.account == view.accounts.index(name)) & (view.day != NO_DAY)
            if mine.any() and bool(copied[mine].all()):
                continue  # what a better file tells: it covers no other account
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
