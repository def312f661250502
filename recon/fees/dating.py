"""Which rule holds when: time is divided among candidate rules so that most rows are explained.

Rows stand in order of time, in cells of a few rows each; a change costs some rows, so that mere noise makes none. Where
a change lies exactly is then found row by row.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from recon.fees.terms import Hits, Terms
from recon.money import Minor

Moments = npt.NDArray[np.int64]
Counts = npt.NDArray[np.int64]

#: A rule is learned from at least so many rows, and holds if it explains so many of 100 of them.
LEAST_ROWS = 20
SHARE = 95
#: A change of the rule must explain so many rows more than no change would.
CHANGE = 5
#: Time is divided into at most so many cells, and where no rule fits into cells of LEAST_ROWS rows; from all of them
#: together at most so many rows are looked at, while the rules are found.
_CELLS = 512
_LOOKED_AT = 20_000


class Span(NamedTuple):
    """Rows first..last - 1 under one candidate."""

    terms: Terms
    first: int
    last: int


@dataclass(frozen=True)
class Rows:
    """Rows in an order of their own (moment, base, fee), so that the order they come in decides nothing.

    bounds: first row of each cell, and the number of rows; rows of one moment lie in one cell.
    """

    base: Minor
    fee: Minor
    moment: Moments
    bounds: Counts

    def __len__(self) -> int:
        return len(self.base)

    def hits(self, terms: Terms, first: int = 0, last: int | None = None) -> Hits:
        """Tell which rows of a range the terms explain."""
        return terms.explains(self.base[first:last], self.fee[first:last])


def in_order(base: Minor, fee: Minor, moment: Moments) -> Rows:
    """Return the rows sorted, and divided into cells."""
    start, wide, deep = int(moment.min()), int(base.max()) + 1, int(fee.max()) + 1
    if (int(moment.max()) - start + 1) * wide * deep < 2**63:
        # One sort of one number per row, several times faster than a sort by three columns.
        packed = np.sort(((moment - start) * wide + base) * deep + fee)
        packed, fee = np.divmod(packed, deep)
        moment, base = np.divmod(packed, wide)
        moment += start
    else:
        order = np.lexsort((fee, base, moment))
        base, fee, moment = base[order], fee[order], moment[order]
    return Rows(base, fee, moment, _cells(moment, -(-len(base) // _CELLS)))


def _cells(moment: Moments, size: int) -> Counts:
    """The first row of each cell of about so many rows, and the number of rows; rows of one moment stay together."""
    opens = np.append(0, np.flatnonzero(np.diff(moment)) + 1)
    kept = np.append(True, np.diff(opens // size) > 0)
    return np.append(opens[kept], len(moment))


def thinned(rows: Rows, fine: Counts) -> tuple[Rows, Counts]:
    """Return some rows of every cell, spread evenly, and their places among all rows.

    Args:
        rows: all rows.
        fine: further bounds of cells.
    """
    bounds = np.union1d(rows.bounds, fine)
    if len(rows) <= _LOOKED_AT:
        return replace(rows, bounds=bounds), np.arange(len(rows))
    sizes = np.diff(bounds)
    step = -(-sizes * (len(bounds) - 1) // _LOOKED_AT)
    place = np.arange(len(rows)) - np.repeat(bounds[:-1], sizes)
    kept = np.flatnonzero(place % np.repeat(step, sizes) == 0)
    return Rows(rows.base[kept], rows.fee[kept], rows.moment[kept], np.searchsorted(kept, bounds)), kept


def failing(rows: Rows, spans: list[Span]) -> Counts:
    """Return the bounds of the smallest cells whose rows are mostly missed, and of their neighbours.

    Only bounds that are new, and none where so many cells are missed that the larger ones show it.
    """
    missed = np.concatenate([~rows.hits(span.terms, span.first, span.last) for span in spans])
    bounds = _cells(rows.moment, LEAST_ROWS)
    cells = np.flatnonzero(np.add.reduceat(missed.astype(np.int64), bounds[:-1]) * 2 > np.diff(bounds))
    if len(cells) > _CELLS // 4:
        return bounds[:0]
    near = np.unique(cells[:, None] + np.arange(-1, 3))
    return np.setdiff1d(bounds[near[(near >= 0) & (near < len(bounds))]], rows.bounds)


def holds(explained: int, rows: int) -> bool:
    """Tell whether a rule that explains so many of so many rows holds."""
    return explained * 100 >= rows * SHARE


def enough(explained: int, rows: int) -> bool:
    """Tell whether so many rows are enough to learn from, and the rule holds."""
    return rows >= LEAST_ROWS and holds(explained, rows)


def divide(rows: Rows, candidates: list[Terms]) -> list[Span]:
    """Divide the time among the candidates so that most rows are explained, each change costing some.

    Every change is put where most rows are explained: of equally good places the latest, before the first row that the
    earlier rule does not explain.
    """
    hits = np.stack([_counted(rows, rows.hits(terms)) for terms in candidates])
    prices = np.array([terms.price() for terms in candidates], dtype=np.int64)
    return placed(
        rows,
        [
            Span(candidates[number], int(rows.bounds[first]), int(rows.bounds[last + 1]))
            for number, first, last in _path(hits, prices)
        ],
    )


def tenable(rows: Rows, spans: list[Span], candidates: list[Terms]) -> list[Span]:
    """Give up the spans whose rule does not explain 95 % of at least 20 rows; their neighbours take the rows."""
    while len(spans) > 1:
        weak = [n for n, span in enumerate(spans) if not _tenable(rows, span)]
        if not weak:
            return spans
        spans = placed(rows, _without(spans, min(weak, key=lambda n: (spans[n].last - spans[n].first, n))))
    if _tenable(rows, spans[0]):
        return spans
    best = max(candidates, key=lambda terms: int(np.count_nonzero(rows.hits(terms))) - terms.price())
    return [spans[0]._replace(terms=best)]


def _tenable(rows: Rows, span: Span) -> bool:
    """Tell whether the rule of a span explains enough of its rows."""
    hits = rows.hits(span.terms, span.first, span.last)
    return enough(int(np.count_nonzero(hits)), len(hits))


def between(rows: Rows, before: Span, after: Span) -> tuple[int, int]:
    """Return the first and the last place at which one rule may have given way to the other.

    A place is the number of the first row under the later rule. Between the two lie only rows that both explain, or
    neither: the row before the first place is the last that only the earlier explains, the row at the last place is the
    first that only the later explains.
    """
    first, last = before.first, after.last
    earlier = rows.hits(before.terms, first, last).astype(np.int64)
    gain = np.append(0, np.cumsum(earlier - rows.hits(after.terms, first, last)))
    moments = rows.moment[first:last]
    inner = np.append(False, np.diff(moments) > 0)  # rows of one moment stay together, and neither side is empty
    places = np.flatnonzero(inner)
    best = places[gain[places] == gain[places].max()]
    return first + int(best[0]), first + int(best[-1])


def placed(rows: Rows, spans: list[Span]) -> list[Span]:
    """Neighbours of one rule become one span, and each change is put in its place."""
    joined: list[Span] = []
    for span in spans:
        if joined and joined[-1].terms == span.terms:
            joined[-1] = joined[-1]._replace(last=span.last)
        else:
            joined.append(span)
    for number in range(len(joined) - 1):
        _, place = between(rows, *joined[number : number + 2])
        joined[number] = joined[number]._replace(last=place)
        joined[number + 1] = joined[number + 1]._replace(first=place)
    return joined


def _without(spans: list[Span], number: int) -> list[Span]:
    """Give the rows of a span to the span before it (the first: to the one after it)."""
    gone = spans[number]
    if not number:
        return [spans[1]._replace(first=gone.first), *spans[2:]]
    return [*spans[: number - 1], spans[number - 1]._replace(last=gone.last), *spans[number + 1 :]]


def _counted(rows: Rows, hits: Hits) -> Counts:
    return np.add.reduceat(hits.astype(np.int64), rows.bounds[:-1])


def _path(hits: Counts, prices: Counts) -> list[tuple[int, int, int]]:
    """The best division: (candidate, first cell, last cell) of each span."""
    count, size = hits.shape
    score = hits[:, 0] - prices
    back = np.empty((size, count), dtype=np.int64)
    own = np.arange(count)
    for place in range(1, size):
        leader = int(np.argmax(score))
        moved = score[leader] - CHANGE - prices
        move = (moved >= score) & (own != leader)
        back[place] = np.where(move, leader, own)
        score = np.where(move, moved, score) + hits[:, place]
    spans = []
    number, last = int(np.argmax(score)), size - 1
    for place in range(size - 1, 0, -1):
        before = int(back[place, number])
        if before != number:
            spans.append((number, place, last))
            number, last = before, place - 1
    spans.append((number, 0, last))
    return spans[::-1]
