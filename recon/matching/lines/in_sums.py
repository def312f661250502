"""A line that is the sum of a few lines of the other side: a deposit of receipts, a payment of several bills."""

from __future__ import annotations

from collections import Counter

import numpy as np

from recon.matching.candidates import Nearness
from recon.matching.lines.board import LEFT, RIGHT, Board, Index, sharing_pairs
from recon.matching.sums import Sum, only_sum
from recon.matching.words import MEET

#: Lines that one line's sum is looked for in; among more a sum proves nothing.
MOST_PARTS = 500
#: Postings from sums are taken, the least likely to be accidents first, until so many accidents are expected over all
#: of them, in millionths; a single sum with more is not even suggested.
ACCIDENTS = 50_000


def in_sums(board: Board) -> None:
    """One line of a side that is the only sum of two to five lines of one day of the other, named by text or number."""
    _take(board, named=True)


def in_unsaid_sums(board: Board) -> None:
    """The same where only day and sum say so: suggested, never posted."""
    _take(board, named=False)


def _take(board: Board, *, named: bool) -> None:
    """Take the sums that share no row with another; the rule of posting from searches is the guide's."""
    hits = [(side, one, hit) for side in (LEFT, RIGHT) for one, hit in _sums(board, side, named=named)]
    rows = [((side, one), *((1 - side, part) for part in hit.members)) for side, one, hit in hits]
    times = Counter(row for some in rows for row in some)
    for (side, one, hit), some in zip(hits, rows, strict=True):
        expected = sum(other.accidents for _, _, other in hits if other.accidents <= hit.accidents)
        if max(times[row] for row in some) == 1 and hit.accidents <= ACCIDENTS:
            verdict = "proved" if named and expected <= ACCIDENTS else "suggested"
            left, right = ((one,), hit.members) if side == LEFT else (hit.members, (one,))
            board.take(left, right, verdict, "structure", "sum-of-lines")


def _sums(board: Board, side: int, *, named: bool) -> list[tuple[int, Sum]]:
    """Lines of a side with the only sum of lines of the other."""
    i, j = sharing_pairs(board, equal=False)
    held: dict[int, set[int]] = {}
    for row in zip(i.tolist(), j.tolist(), strict=True):
        held.setdefault(row[side], set()).add(row[1 - side])
    lines, parts = board.sides[side], board.sides[1 - side]
    window = board.rules.window if side == LEFT else Nearness(-board.rules.window.high, -board.rules.window.low)
    some, others = board.rows()[side], board.rows()[1 - side]
    found = []
    for one in some.tolist():
        total, lag = int(lines.amount[one]), parts.day[others] - lines.day[one]
        fits = (parts.block[others] == lines.block[one]) & (np.sign(parts.amount[others]) == np.sign(total))
        fits &= (lag >= window.low) & (lag <= window.high) & (np.abs(parts.amount[others]) < abs(total))
        rows = others[fits]
        if 1 < len(rows) <= MOST_PARTS:
            hit = only_sum(total, *_parts(board, side, one, rows, frozenset(held.get(one, ())), named=named))
            if hit is not None:
                found.append((one, hit))
    return found


def _parts(
    board: Board, side: int, one: int, rows: Index, held: frozenset[int], *, named: bool
) -> tuple[dict[int, int], list[list[int]], frozenset[int]]:
    """What may be in the sum: lines whose text meets or whose number the line names, by their days."""
    met = np.ones(len(rows), dtype=bool)
    if named:
        same = np.full(len(rows), one, dtype=np.int64)
        met = board.texts.compare(*((same, rows) if side == LEFT else (rows, same)))[0] == MEET
    held &= frozenset(rows.tolist())
    parts = board.sides[1 - side]
    kept = [row for row, meets in zip(rows.tolist(), met.tolist(), strict=True) if meets or row in held]
    days: dict[int, list[int]] = {}
    for row in kept:
        days.setdefault(int(parts.day[row]), []).append(row)
    return {row: int(parts.amount[row]) for row in kept}, list(days.values()), held
