"""Pass 3: which rows of a gateway account each of its payouts took, where it does not print that on every row.

In this order: the printed batch key, which is final; whole settlement days, or a chain of cuts in order of time; late
rows inside a run that foots; a day less few rows plus few; any subset of the free rows. Days and cuts are two classes
of hypotheses: the one that explains more payouts is taken for the whole account, and a payout that the other explains
otherwise is not posted. A share of the payout is never tolerated: rows add up to it exactly, its fee included.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from recon.matching.payouts.chain import OPEN, RUN, Span, payout_fee
from recon.matching.payouts.expect import BUDGET, LATE_BUDGET, LATE_MOST, affordable, late_share
from recon.matching.payouts.late import Payout, explain
from recon.matching.payouts.partition import Partition, grounds, partition, settled
from recon.matching.payouts.search import CAP, Found, few, overlapping, subset
from recon.matching.payouts.stream import (
    DAY,
    FEW,
    KEY,
    LATE,
    NO_ROWS,
    POOL,
    PROVED,
    SUBSET,
    SUGGESTED,
    UNDECIDED,
    Account,
    Settled,
    Stream,
)
from recon.money import Minor

#: A day less few rows is looked for between so many pairs of ends of days at most.
_PAIRS = 50
#: Among so many rows a single one that fits by accident is expected already; nothing is looked for then.
_WIDE = 5_000


class Find(NamedTuple):
    """What a search would make of some payouts, its budget and its expected accidents in millionths."""

    budget: int
    expected: int
    settled: Mapping[int, Settled]


class _Work(NamedTuple):
    """One account at work: its free payouts in units, what each unit owes, the class taken."""

    stream: Stream
    units: Sequence[np.ndarray]
    owed: Minor
    part: Partition


class Decided(NamedTuple):
    """An account before its finds are posted."""

    account: Account
    finds: Sequence[Find]


def settle(streams: Sequence[Stream]) -> list[Account]:
    """Find the rows of all payouts of a run: `decide` each account, `post` them together.

    Args:
        streams: the accounts, in an order of their content.
    """
    return post([decide(stream) for stream in streams])


def post(decided: Sequence[Decided]) -> list[Account]:
    """Post what searches found by ascending expectation until the budget of the run is spent.

    The rest is suggested, or stays the pool that it was.
    """
    results = [list(one.account.payouts) for one in decided]
    finds = [(n, find) for n, one in enumerate(decided) for find in one.finds]
    for budget, most in ((LATE_BUDGET, LATE_MOST), (BUDGET, None)):
        mine = [(n, find) for n, find in finds if find.budget == budget]
        for (n, find), posts in zip(mine, affordable([find.expected for _, find in mine], budget, most), strict=True):
            if posts:
                for payout, better in find.settled.items():
                    results[n][payout] = better
    return [replace(one.account, payouts=tuple(r)) for one, r in zip(decided, results, strict=True)]


def decide(stream: Stream, *, searched: bool = True) -> Decided:
    """Find the rows of one account's payouts; what only a search finds is a suggestion or a pool still.

    Args:
        stream: the account.
        searched: False where only keys, days and the chain are asked.
    """
    result, rows, payouts = _by_key(stream)
    units = _units(stream.paid_at, payouts)
    if not units:
        return Decided(Account(tuple(result)), ())
    days, cuts = grounds(stream, units, rows)
    owed = _owed(stream, units)
    fee = payout_fee(cuts.places, owed) or payout_fee(days.places, owed)
    owed += fee * np.array([len(unit) for unit in units], dtype=np.int64)
    by_days, by_cuts = partition(days, owed), partition(cuts, owed)
    part, other = (by_days, by_cuts) if by_days.score() >= by_cuts.score() else (by_cuts, by_days)
    work = _Work(stream, units, owed, part)
    for n, found in settled(part, units).items():
        result[n] = found
    _contradicted(work, other, result)
    finds = _late(work, result) + _searched(work, result) if searched else []
    return Decided(Account(tuple(result), fee, part.ground.rule, part.found.broken), finds)


def _by_key(stream: Stream) -> tuple[list[Settled], np.ndarray, np.ndarray]:
    """Settle the payouts that print a batch; return the rows and the payouts that print none."""
    result = [Settled() for _ in stream.amount]
    rows, payouts = np.arange(len(stream.net)), np.arange(len(stream.amount))
    if stream.key is None or stream.payout_key is None:
        return result, rows, payouts
    for key in np.unique(stream.payout_key[stream.payout_key >= 0]):
        mine, members = np.flatnonzero(stream.payout_key == key), np.flatnonzero(stream.key == key)
        gap = int(stream.net[members].sum() - stream.amount[mine].sum())
        verdict = UNDECIDED if gap else PROVED if len(mine) == 1 else POOL
        for n in mine:
            result[n] = Settled(verdict, "key", KEY, members, int(mine[0]), ways=1, gap=gap)
    return result, rows[stream.key < 0], payouts[stream.payout_key < 0]


def _units(paid_at: np.ndarray, payouts: np.ndarray) -> list[np.ndarray]:
    """Payouts in order of time; those of one moment are one unit."""
    if not len(payouts):
        return []
    order = payouts[np.argsort(paid_at[payouts], kind="stable")]
    return np.split(order, np.flatnonzero(np.diff(paid_at[order])) + 1)


def _owed(stream: Stream, units: Sequence[np.ndarray]) -> Minor:
    """What the rows of each unit add up to: what was paid out, and what more is held back than before."""
    paid = np.array([int(stream.amount[unit].sum()) for unit in units], dtype=np.int64)
    held = np.zeros_like(stream.amount) if stream.held is None else stream.held
    rest = np.array([stream.opening, *(int(held[unit].min()) for unit in units)], dtype=np.int64)
    owed: Minor = paid + np.diff(rest)
    return owed


def _contradicted(work: _Work, other: Partition, result: list[Settled]) -> None:
    """A payout that the other class explains by other amounts is not posted, unless only this class explains all.

    Rows that either class calls loose make no other explanation.
    """
    if not work.part.found.broken and other.found.broken:
        return
    for n, theirs in settled(other, work.units).items():
        mine = result[n]
        if mine.verdict != PROVED or theirs.verdict != PROVED:
            continue
        differ = np.setdiff1d(np.setxor1d(mine.rows, theirs.rows), np.union1d(mine.loose, theirs.loose))
        if len(differ) and not _equal(work.stream.net, mine.rows, theirs.rows):
            result[n] = replace(mine, verdict=SUGGESTED, ways=2)


def _equal(net: Minor, some: np.ndarray, others: np.ndarray) -> bool:
    return np.array_equal(np.sort(net[some]), np.sort(net[others]))


def _late(work: _Work, result: list[Settled]) -> list[Find]:
    """Runs that foot and that late rows explain in one way; where there are several ways, that is said."""
    finds = []
    part = work.part
    share = late_share(part.found.broken, len(work.units), len(part.ground.order))
    for span in (s for s in part.spans if s.kind == RUN):
        found = explain(span, part.ground.sums, work.owed, part.ground.places)
        if found.ways == 1:
            chance = found.rivals * share
            better = _explained(work, span, found.payouts, result)
            finds.append(Find(LATE_BUDGET, chance, {n: replace(s, expected=chance) for n, s in better.items()}))
        else:
            for n in np.concatenate(work.units[span.first : span.stop]):
                result[n] = replace(result[n], ways=found.ways)
    return finds


def _explained(work: _Work, span: Span, payouts: Sequence[Payout], result: list[Settled]) -> dict[int, Settled]:
    order = work.part.ground.order
    found: dict[int, Settled] = {}
    carried, twins = NO_ROWS, NO_ROWS
    for unit, payout in zip(work.units[span.first : span.stop], payouts, strict=True):
        left = order[payout.twins[-1:]]
        rows = np.append(np.setdiff1d(order[payout.low : payout.high], left), carried)
        mine = order[payout.twins] if len(payout.twins) > 1 else NO_ROWS
        for n in unit:
            found[int(n)] = replace(
                result[n],
                verdict=PROVED if len(unit) == 1 else POOL,
                rule=LATE,
                rows=np.sort(rows),
                group=int(unit.min()),
                loose=np.unique(np.concatenate([result[n].loose, twins, mine])),
            )
        carried, twins = left, mine
    return found


def _searched(work: _Work, result: list[Settled]) -> list[Find]:
    """Payouts that no chain holds: suggest what a search finds, say how many ways there are, or what the gap is."""
    found: list[_Searched] = []
    for span in (s for s in work.part.spans if s.kind == OPEN):
        of_span = [_search(work, span, n) for n in range(span.first, span.stop)]
        high = span.high if span.high >= 0 else int(work.part.ground.places[span.stop].last.max(initial=span.low))
        rows = work.part.rows(span.low, high)
        closed = span.high >= 0 and not any(one.ways for one in of_span)
        gap = int(work.stream.net[rows].sum() - work.owed[span.first : span.stop].sum()) if closed else 0
        payouts = np.concatenate(work.units[span.first : span.stop])
        for one in of_span:
            for n in one.unit:
                result[n] = Settled(rows=rows, group=int(payouts.min()), ways=one.ways, expected=one.expected, gap=gap)
        found += [one for one in of_span if one.ways == 1]
    finds = []
    for one, shared in zip(found, overlapping([f.rows for f in found]), strict=True):
        settled = Settled(SUGGESTED, "structure", one.rule, one.rows, int(one.unit.min()), 1, expected=one.expected)
        for n in one.unit:
            result[n] = settled
        if not shared:
            verdict = PROVED if len(one.unit) == 1 else POOL
            finds.append(Find(BUDGET, one.expected, {int(n): replace(settled, verdict=verdict) for n in one.unit}))
    return finds


class _Searched(NamedTuple):
    unit: np.ndarray
    rule: str
    rows: np.ndarray
    ways: int
    expected: int


def _search(work: _Work, span: Span, n: int) -> _Searched:
    rule, rows, search = FEW, NO_ROWS, Found(0)
    if work.part.ground.rule == DAY:
        rows, search = _day_but_few(work, span, n)
    if search.ways == 0 or (search.ways == 1 and search.expected > BUDGET):
        rule = SUBSET
        rows, search = _any_subset(work, span, n)
    return _Searched(work.units[n], rule, rows, search.ways, search.expected)


def _ends(work: _Work, span: Span, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Where the rows of one payout of an open span may begin and end."""
    places = work.part.ground.places
    last = span.high if span.high >= 0 else len(work.part.ground.order)
    start = np.array([span.low]) if n == span.first else np.sort(places[n].first)
    fixed = n + 1 == span.stop and span.high >= 0
    end = np.array([span.high]) if fixed else np.sort(places[n + 1].last)
    return start[(start >= span.low) & (start <= last)], end[(end >= span.low) & (end <= last)]


def _day_but_few(work: _Work, span: Span, n: int) -> tuple[np.ndarray, Found]:
    """Whole days less few rows plus few of the open rows beside them."""
    starts, ends = _ends(work, span, n)
    pairs = [(int(a), int(b)) for a in starts for b in ends if a < b]
    if not pairs or len(pairs) > _PAIRS or ends[-1] - starts[0] > _WIDE:
        return NO_ROWS, Found(0)
    order, net = work.part.ground.order, work.stream.net
    low, high = int(starts[0]), int(ends[-1])
    total = Found(0)
    rows = NO_ROWS
    for start, end in pairs:
        inside, outside = order[start:end], np.concatenate([order[low:start], order[end:high]])
        gap = int(net[inside].sum() - work.owed[n])
        found = few(net[inside], net[outside], gap) if gap else Found(1)
        if found.ways:
            rows = np.sort(np.append(np.delete(inside, found.left), outside[found.added]))
        total = Found(min(total.ways + found.ways, CAP + 1), expected=total.expected + found.expected)
    return rows, total


def _any_subset(work: _Work, span: Span, n: int) -> tuple[np.ndarray, Found]:
    starts, ends = _ends(work, span, n)
    if not len(starts) or not len(ends):
        return NO_ROWS, Found(0)
    free = work.part.ground.order[int(starts[0]) : int(ends[-1])]
    found = subset(work.stream.net[free], int(work.owed[n]))
    return np.sort(free[found.added]), found
