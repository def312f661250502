"""An account's rows cut into payouts by whole settlement days, or by cuts in order of time: two classes of one kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from recon.matching.payouts.chain import ALONE, EXACT, OPEN, RUN, Chain, Span, Window, chain, spans, windows
from recon.matching.payouts.late import loose
from recon.matching.payouts.stream import CUTS, DAY, FOOTS, POOL, PROVED, SUGGESTED, Settled, Stream
from recon.money import Minor


class Ground(NamedTuple):
    """Rows in an order, and where the cuts may lie.

    order: places in the stream. sums: prefix sums in that order. same: whether a row equals the one before it, so that
    nothing but chance put it behind.
    """

    rule: str
    order: np.ndarray
    sums: Minor
    same: np.ndarray
    places: list[Window]


class Partition(NamedTuple):
    """The chain over a ground and its judged spans."""

    ground: Ground
    found: Chain
    spans: list[Span]

    def rows(self, low: int, high: int) -> np.ndarray:
        """Return the rows between two cuts as places in the stream."""
        return np.sort(self.ground.order[low:high])

    def score(self) -> tuple[int, ...]:
        """Return how many payouts the class explains: by exact links, in runs that foot, by exact links alone."""
        return tuple(sum(s.stop - s.first for s in self.spans if s.kind == kind) for kind in (EXACT, RUN, ALONE))


def grounds(stream: Stream, units: Sequence[np.ndarray], rows: np.ndarray) -> tuple[Ground, Ground]:
    """Return the ground of whole days and that of cuts in time.

    Args:
        stream: the account.
        units: payouts in order of time; those of one moment together.
        rows: the free rows.
    """
    net, moment, day = stream.net[rows], stream.moment[rows], stream.day[rows]
    by_day, by_time = np.lexsort((net, moment, day)), np.lexsort((net, moment))
    first = np.array([stream.first_day[unit].min() for unit in units])
    last = np.array([stream.last_day[unit].max() for unit in units])
    earliest = np.array([stream.earliest[unit].min() for unit in units])
    latest = np.array([stream.latest[unit].max() for unit in units])
    days, times = day[by_day], moment[by_time]
    borders = np.unique(np.append(np.searchsorted(days, days), len(days)))
    low, high = np.searchsorted(days, first, side="right"), np.searchsorted(days, last, side="right")
    by_days = _ground(DAY, by_day, net, moment, rows, (low, high, borders))
    low, high = np.searchsorted(times, earliest), np.searchsorted(times, latest, side="right")
    return by_days, _ground(CUTS, by_time, net, moment, rows, (low, high, None))


def _ground(
    rule: str,
    order: np.ndarray,
    net: Minor,
    moment: np.ndarray,
    rows: np.ndarray,
    bounds: tuple[np.ndarray, np.ndarray, np.ndarray | None],
) -> Ground:
    sums = np.append(0, np.cumsum(net[order]))
    same = np.append(False, (np.diff(net[order]) == 0) & (np.diff(moment[order]) == 0))
    return Ground(rule, rows[order], sums, same, windows(sums, *bounds))


def partition(ground: Ground, owed: Minor) -> Partition:
    """Chain the payouts over a ground; ends of days are so few that their links need no neighbour."""
    found = chain(ground.places, owed)
    return Partition(ground, found, spans(found, ground.sums, owed, neighbours=ground.rule != DAY))


def settled(part: Partition, units: Sequence[np.ndarray]) -> dict[int, Settled]:
    """Return what the spans say of each payout; payouts of one moment are a pool at best."""
    edges = sorted({n for s in part.spans if s.kind != OPEN for n in (s.first, s.stop)})
    beside = dict(zip(edges, _beside(part, edges), strict=True))
    result: dict[int, Settled] = {}
    for span in part.spans:
        if span.kind == OPEN:
            continue
        payouts = np.concatenate(units[span.first : span.stop])
        one = Settled(
            verdict={EXACT: PROVED if len(payouts) == 1 else POOL, RUN: POOL, ALONE: SUGGESTED}[span.kind],
            basis="structure",
            rule=FOOTS if span.kind == RUN else part.ground.rule,
            rows=part.rows(span.low, span.high),
            group=int(payouts.min()),
            ways=1,
            loose=np.union1d(beside[span.first], beside[span.stop]),
        )
        result |= dict.fromkeys((int(n) for n in payouts), one)
    return result


def _beside(part: Partition, edges: Sequence[int]) -> list[np.ndarray]:
    """The rows beside each cut that amounts do not tell apart, as places in the stream."""
    ground = part.ground
    found = loose(part.found, edges, ground.sums, ground.places, late=part.found.broken > 0)
    return [
        ground.order[np.union1d(rows, _equal(ground.same, int(part.found.cut[n])))]
        for n, rows in zip(edges, found, strict=True)
    ]


def _equal(same: np.ndarray, cut: int) -> np.ndarray:
    """The equal rows of one moment that a cut divides."""
    if cut >= len(same) or not same[cut]:
        return np.empty(0, dtype=np.int64)
    low, high = cut - 1, cut
    while same[low]:
        low -= 1
    while high < len(same) and same[high]:
        high += 1
    return np.arange(low, high, dtype=np.int64)
