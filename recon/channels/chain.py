"""The running balance: the order in which the rows were booked, and where the balance does not follow.

Rows are ordered by time, then by the balance that continues the chain: rows of one second may stand in any order in
the file, and many files run from the newest row to the oldest. What cannot be decided inside a second is no break.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recon.channels import identity

Index = npt.NDArray[np.int64]
Times = npt.NDArray[np.datetime64]

#: More broken links than this share of all: the column is no chain of these rows, one finding says so.
_HOPELESS = 0.1
_FEW = 20


@dataclass(frozen=True)
class Break:
    """A link that fails: positions of the last row that fits and of the first that does not."""

    last: int
    first: int
    computed: int
    printed: int
    cause: str


@dataclass(frozen=True)
class Chain:
    """Rows in booking order, balance before the first and after the last of them, and the breaks."""

    order: Index
    opening: int
    closing: int
    breaks: tuple[Break, ...]
    failed: int


def follow(amount: Index, balance: Index, time: Times, tie: npt.NDArray[np.uint64]) -> Chain:
    """Order the rows of one account by time and balance.

    Args:
        amount: minor units, as the row moves the balance.
        balance: minor units after the row.
        time: when it was booked.
        tie: hash of the row, deciding where nothing else does, so that the order of the file never matters.
    """
    before = balance - amount
    order = _as_printed(before, balance, time)
    if order is None:
        order = np.lexsort((tie, time))
        _rebuild(order, before, balance, time)
    else:
        _settle(order, before, balance, time, tie)
    fails = np.flatnonzero(balance[order[:-1]] != before[order[1:]]) + 1
    breaks = _breaks(order, fails, amount, balance, before)
    return Chain(order, int(before[order[0]]), int(balance[order[-1]]), breaks, len(fails))


def _as_printed(before: Index, balance: Index, time: Times) -> Index | None:
    """The order of the file, or its reverse, if every link of it holds."""
    for step in (1, -1):
        when, after, start = time[::step], balance[::step], before[::step]
        if (when[1:] >= when[:-1]).all() and (after[:-1] == start[1:]).all():
            return np.arange(len(before))[::step].copy()
    return None


def _settle(order: Index, before: Index, balance: Index, time: Times, tie: npt.NDArray[np.uint64]) -> None:
    """Where a second allows several orders (two rows start at one balance), take the one that the file cannot sway."""
    starts, stops = _seconds(time[order])
    number = np.repeat(np.arange(len(starts)), stops - starts)
    spots = identity.combined(number.astype(np.uint64), before[order].astype(np.uint64))
    unsettled = np.unique(number[identity.repeated(spots)]).tolist()
    opening = _opening(order, starts, stops, before, balance)
    if opening is not None and opening != before[order[0]]:
        unsettled = range(len(starts))
    for group in unsettled:
        place = slice(starts[group], stops[group])
        rows = order[place][np.argsort(tie[order[place]])].tolist()
        order[place] = _walk(rows, before, balance, int(balance[order[starts[group] - 1]]) if group else opening)


def _rebuild(order: Index, before: Index, balance: Index, time: Times) -> None:
    """Order the rows of each second by the balances; pairs at once, larger groups one by one."""
    starts, stops = _seconds(time[order])
    pairs = starts[stops - starts == 2]
    one, two = order[pairs], order[pairs + 1]
    forth, back = balance[one] == before[two], balance[two] == before[one]
    turn = back & ~forth
    order[pairs[turn]], order[pairs[turn] + 1] = two[turn], one[turn]
    clear = np.zeros(len(order), dtype=bool)
    clear[pairs[forth ^ back]] = True
    opening = _opening(order, starts, stops, before, balance)
    for start, stop in zip(starts.tolist(), stops.tolist(), strict=True):
        if stop - start > 1 and not clear[start]:
            current = int(balance[order[start - 1]]) if start else opening
            order[start:stop] = _walk(order[start:stop].tolist(), before, balance, current)


def _opening(order: Index, starts: Index, stops: Index, before: Index, balance: Index) -> int | None:
    """The balance before the first row; None where it cannot be told.

    Rows of a second that return to where they began may begin anywhere: what follows tells, as it goes on from there.
    """
    common: set[int] | None = None
    for start, stop in zip(starts.tolist(), stops.tolist(), strict=True):
        nodes: list[int] = before[order[start:stop]].tolist()
        heads = Counter(nodes) - Counter(balance[order[start:stop]].tolist())
        if heads:
            return min(heads)
        common = set(nodes) if common is None else common & set(nodes)
    return min(common) if common else None


def _seconds(moments: Times) -> tuple[Index, Index]:
    """First and last place (exclusive) of each run of equal times."""
    starts = np.flatnonzero(np.r_[True, moments[1:] != moments[:-1]])
    return starts, np.r_[starts[1:], len(moments)]


def _walk(group: Sequence[int], before: Index, balance: Index, current: int | None) -> list[int]:
    """The rows of one second as a path: each starts at the balance where the one before it ended (Hierholzer)."""
    leaving: dict[int, list[int]] = defaultdict(list)
    surplus: dict[int, int] = defaultdict(int)
    for row in reversed(group):
        leaving[int(before[row])].append(row)
        surplus[int(before[row])] += 1
        surplus[int(balance[row])] -= 1
    path: list[int] = []
    while any(leaving.values()):
        begin = current if current is not None and leaving.get(current) else _begin(group, leaving, surplus, before)
        trail = _trail(begin, leaving, balance)
        path += trail
        current = int(balance[trail[-1]])
    return path


def _begin(group: Sequence[int], leaving: dict[int, list[int]], surplus: dict[int, int], before: Index) -> int:
    left = [row for row in group if row in leaving[int(before[row])]]
    heads = [row for row in left if surplus[int(before[row])] > 0]
    return int(before[(heads or left)[0]])


def _trail(begin: int, leaving: dict[int, list[int]], balance: Index) -> list[int]:
    stack: list[tuple[int, int | None]] = [(begin, None)]
    trail: list[int] = []
    while stack:
        node, row = stack[-1]
        if leaving.get(node):
            taken = leaving[node].pop()
            stack.append((int(balance[taken]), taken))
        else:
            stack.pop()
            if row is not None:
                trail.append(row)
    return trail[::-1]


def _breaks(order: Index, fails: Index, amount: Index, balance: Index, before: Index) -> tuple[Break, ...]:
    if not len(fails):
        return ()
    cause_of_all = "mixed_accounts" if len(fails) > 2 and _two_chains(order, balance, before) else ""
    if cause_of_all or len(fails) > max(_FEW, _HOPELESS * len(order)):
        return (_break(order, int(fails[0]), amount, balance, cause_of_all),)
    found: list[Break] = []
    failing = set(fails.tolist())
    for place in fails.tolist():
        if place not in failing:
            continue
        edited = place + 1 in failing and _right_again(order, place, amount, balance)
        failing.discard(place + 1 if edited else -1)
        found.append(_break(order, place, amount, balance, "file_edited" if edited else "rows_missing"))
    return tuple(found)


def _right_again(order: Index, place: int, amount: Index, balance: Index) -> bool:
    last, wrong, following = order[place - 1], order[place], order[place + 1]
    return bool(balance[last] + amount[wrong] + amount[following] == balance[following])


def _break(order: Index, place: int, amount: Index, balance: Index, cause: str) -> Break:
    last, first = int(order[place - 1]), int(order[place])
    return Break(last, first, int(balance[last] + amount[first]), int(balance[first]), cause)


def _two_chains(order: Index, balance: Index, before: Index) -> bool:
    """True if the rows fall into two chains, each unbroken."""
    ends: list[int] = []
    for row in order.tolist():
        start = int(before[row])
        if start in ends:
            ends[ends.index(start)] = int(balance[row])
        elif len(ends) == 2:
            return False
        else:
            ends.append(int(balance[row]))
    return len(ends) == 2
