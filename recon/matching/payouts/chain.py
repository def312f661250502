"""Payouts as a chained partition of an account's rows: each payout takes the rows between two cuts.

A cut is a position in the ordered rows; a link is exact when the rows between two cuts add up to the payout, which the
prefix sums tell. Of all chains those with the fewest broken links are the best ones (min-plus in both directions); a
cut is proved when all best chains put it at one prefix sum.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from recon.money import Minor

#: What a link of the proved cuts is: it posts, it is exact but alone, its payouts are a pool, or nothing is known.
EXACT, ALONE, RUN, OPEN = "exact", "alone", "run", "open"

_NEVER = np.int64(2**40)
#: The fixed fee of a payout is looked for in at most so many pairs of cuts.
_PAIRS = 3_000_000
#: A fee must be left over by so many payouts, and by twice as many as any other rest.
_FEW = 3


class Window(NamedTuple):
    """Where a payout's cut may lie, one place per distinct prefix sum.

    sums: ascending distinct prefix sums. first, last: first and last position that has this sum.
    """

    sums: Minor
    first: np.ndarray
    last: np.ndarray


class Span(NamedTuple):
    """Payouts first..stop-1 between two proved cuts, rows low..high-1; high is -1 where the end is not proved."""

    kind: str
    first: int
    stop: int
    low: int
    high: int


@dataclass(frozen=True)
class Chain:
    """The proved cuts: cut[k] lies before payout k, cut[n] after the last; -1 where the best chains differ.

    last: the last position with the same prefix sum (rows between the two add up to zero). broken: fewest broken links.
    """

    cut: np.ndarray
    last: np.ndarray
    broken: int


def windows(sums: Minor, low: np.ndarray, high: np.ndarray, places: np.ndarray | None = None) -> list[Window]:
    """Return the windows of all cuts, first that of the start, where nothing has been paid yet.

    Args:
        sums: prefix sums of the ordered rows, sums[0] = 0.
        low: first position of each payout's cut.
        high: last position of each payout's cut.
        places: the only positions where a cut may lie (ends of days), ascending; None: anywhere.
    """
    found = [_window(sums, np.zeros(1, dtype=np.int64))]
    for start, end in zip(low, high, strict=True):
        if places is None:
            positions = np.arange(start, end + 1, dtype=np.int64)
        else:
            positions = places[np.searchsorted(places, start) : np.searchsorted(places, end, side="right")]
        found.append(_window(sums, positions))
    return found


def _window(sums: Minor, positions: np.ndarray) -> Window:
    distinct, first, number = np.unique(sums[positions], return_index=True, return_inverse=True)
    last = np.zeros(len(distinct), dtype=np.int64)
    np.maximum.at(last, number, positions)
    return Window(distinct, positions[first], last)


def chain(places: Sequence[Window], owed: Minor) -> Chain:
    """Find the proved cuts.

    Args:
        places: the windows, one more than payouts.
        owed: what the rows of each payout must add up to, minor units: what was paid out, the payout's fee and the
            change of what was held back.
    """
    links = [_exact(before, after, total) for before, after, total in zip(places, places[1:], owed, strict=False)]
    forward = [np.zeros(len(places[0].sums), dtype=np.int64)]
    for (before, after), link in zip(pairwise(places), links, strict=True):
        forward.append(_step(before.first, forward[-1], after.last, link))
    backward = [np.zeros(len(places[-1].sums), dtype=np.int64)]
    for (before, after), (there, here) in zip(reversed(list(pairwise(places))), reversed(links), strict=True):
        backward.append(_step(-after.last, backward[-1], -before.first, (here, there)))
    cut = np.full(len(places), -1, dtype=np.int64)
    last = cut.copy()
    least = _NEVER
    for n, (place, ahead, behind) in enumerate(zip(places, forward, reversed(backward), strict=True)):
        cost = ahead + behind
        least = min(least, cost.min(initial=_NEVER))
        best = np.flatnonzero(cost == cost.min(initial=_NEVER))
        if len(best) == 1 and cost[best[0]] < _NEVER:
            cut[n], last[n] = place.first[best[0]], place.last[best[0]]
    return Chain(cut, last, int(least))


def _exact(before: Window, after: Window, total: int) -> tuple[np.ndarray, np.ndarray]:
    """The pairs of places between which the rows add up to the payout."""
    wanted = after.sums - total
    at = np.searchsorted(before.sums, wanted)
    inside = at < len(before.sums)
    here = np.flatnonzero(inside)[before.sums[at[inside]] == wanted[inside]]
    there = at[here]
    ordered = before.first[there] <= after.last[here]
    return there[ordered], here[ordered]


def _step(origin: np.ndarray, cost: Minor, target: np.ndarray, link: tuple[np.ndarray, np.ndarray]) -> Minor:
    """Costs one link further: nothing over an exact link, one over any other that does not go backwards."""
    order = np.argsort(origin, kind="stable")
    cheapest = np.append(_NEVER, np.minimum.accumulate(cost[order]))
    broken = cheapest[np.searchsorted(origin[order], target, side="right")] + 1
    result: Minor = np.minimum(broken, _NEVER)
    there, here = link
    np.minimum.at(result, here, cost[there])
    return result


def spans(found: Chain, sums: Minor, owed: Minor, *, neighbours: bool = True) -> list[Span]:
    """Judge the links between the proved cuts, in order; every payout is in one span.

    The level of a cut is what the rows before it exceed the payouts before it by: a stretch between two cuts of one
    level foots. A single exact link posts only if the stretch before or after it foots too. Cuts that nothing else
    supports are dropped, so that an accidental link does not hide that the whole run foots.

    Args:
        found: the proved cuts.
        sums: prefix sums of the ordered rows.
        owed: as given to `chain`.
        neighbours: False where an exact link needs no neighbour (ends of days are few, accidents rare).
    """
    level = sums[found.cut] - np.append(0, np.cumsum(owed))
    proved = np.flatnonzero(found.cut >= 0)
    kept = _supported(proved, level, neighbours=neighbours)
    alone = {int(a) for a, b in pairwise(proved) if b == a + 1 and level[a] == level[b]}
    result: list[Span] = []
    edges = [*kept, len(owed)] if kept[-1] != len(owed) else kept
    for first, stop in pairwise(edges):
        low, high = int(found.cut[first]), int(found.cut[stop]) if stop in kept else -1
        if high >= low and level[first] == level[stop]:
            result.append(Span(EXACT if stop == first + 1 else RUN, first, stop, low, high))
        else:
            result += _unsettled(found, alone, first, stop, high)
    return result


def _supported(proved: np.ndarray, level: Minor, *, neighbours: bool) -> list[int]:
    """The cuts that bound a stretch which foots and is longer than one link, or stands beside another that foots."""
    foots = [bool(level[a] == level[b]) for a, b in pairwise(proved)]
    kept = {0}
    for n, (a, b) in enumerate(pairwise(proved)):
        beside = (n > 0 and foots[n - 1]) or (n + 1 < len(foots) and foots[n + 1])
        if foots[n] and (beside or b > a + 1 or not neighbours):
            kept |= {int(a), int(b)}
    return sorted(kept)


def _unsettled(found: Chain, alone: set[int], first: int, stop: int, high: int) -> list[Span]:
    """A stretch that does not foot: its single exact links, and what is between them."""
    result: list[Span] = []
    start = first
    for n in range(first, stop):
        if n in alone:
            if start < n:
                result.append(Span(OPEN, start, n, int(found.cut[start]), int(found.cut[n])))
            result.append(Span(ALONE, n, n + 1, int(found.cut[n]), int(found.cut[n + 1])))
            start = n + 1
    if start < stop:
        result.append(Span(OPEN, start, stop, int(found.cut[start]), high))
    return result


def _distinct(values: Minor) -> Minor:
    """As `np.unique`, whose hashing takes ten times as long for values that hardly repeat."""
    ordered = np.sort(values, axis=None)
    fresh = np.ones(len(ordered), bool)
    fresh[1:] = ordered[1:] != ordered[:-1]
    return ordered[fresh]


def payout_fee(places: Sequence[Window], paid: Minor) -> int:
    """Return the fixed fee of a payout: what the rows between two cuts most often exceed the payout by.

    All pairs of cuts in the windows are looked at (those of narrow windows first, up to three
    million); a rest counts once per payout. 0 where no rest stands out.

    Args:
        places: the windows, one more than payouts.
        paid: what was paid out, minor units.
    """
    pairs = np.array([len(a.sums) * len(b.sums) for a, b in pairwise(places)], dtype=np.int64)
    narrow = np.argsort(pairs, kind="stable")
    looked = np.sort(narrow[np.cumsum(pairs[narrow]) <= _PAIRS])
    rests = [_distinct(places[n + 1].sums[:, None] - places[n].sums[None, :] - paid[n]) for n in looked]
    if not rests:
        return 0
    together = np.concatenate(rests)
    rest, count = np.unique(together[together >= 0], return_counts=True)
    if not len(rest):
        return 0
    best = int(np.argmax(count))
    others = int(np.delete(count, best).max(initial=0))
    return int(rest[best]) if count[best] >= _FEW and count[best] > 2 * others else 0
