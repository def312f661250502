"""Lines of one side that cancel: a cheque and its void, an entry and its reversal."""

from __future__ import annotations

from collections import Counter

import numpy as np

from recon.matching.candidates import codes, near
from recon.matching.lines.board import LEFT, RIGHT, Board, Index, Pairs
from recon.matching.words import MEET, Texts


def cancelled_by_number(board: Board) -> None:
    """An entry and a later one that takes it back by its number, unless the other side shows that one too."""
    shown = _shown(board)
    for side in (LEFT, RIGHT):
        i, j = _opposite(board, side)
        named = [
            bool({*board.digits(side, a)} & {*board.digits(side, b)})
            for a, b in zip(i.tolist(), j.tolist(), strict=True)
        ]
        named_i, named_j = i[named], j[named]
        hidden = ~np.isin(named_j, shown[side])
        _take(board, side, named_i[hidden], named_j[hidden], "proved", "key", "cancelled-by-number")


def cancelled(board: Board) -> None:
    """Leftovers of one side that cancel: opposite amounts, texts that meet, one candidate both ways."""
    for side in (LEFT, RIGHT):
        words = (board.texts.left, board.texts.right)[side]
        i, j = _opposite(board, side)
        met, evidence = Texts(words, words).compare(i, j)
        good = (met == MEET) & (evidence >= board.rules.margin)
        _take(board, side, i[good], j[good], "suggested", "unique", "cancelled")


def _opposite(board: Board, side: int) -> Pairs:
    """Open pairs of a side whose amounts cancel, the second not before the first and inside the window."""
    lines, rows = board.sides[side], board.rows()[side]
    size = np.abs(lines.amount[rows])
    group, _ = codes([lines.block[rows], size], [lines.block[rows], size])
    i, j = near((group, lines.day[rows]), (group, lines.day[rows]), board.rules.offset)
    first, second = rows[i], rows[j]
    cancel = (lines.amount[first] == -lines.amount[second]) & (lines.amount[first] != 0)
    return first[cancel], second[cancel]


def _take(board: Board, side: int, i: Index, j: Index, verdict: str, basis: str, rule: str) -> None:
    """Take the pairs of one side whose rows are in no other pair; two of one day are one pair, not two."""
    pairs = {(min(a, b), max(a, b)) for a, b in zip(i.tolist(), j.tolist(), strict=True)}
    times = Counter(row for pair in pairs for row in pair)
    for pair in sorted(pairs):
        if times[pair[0]] == times[pair[1]] == 1:
            board.take(pair if side == LEFT else (), pair if side == RIGHT else (), verdict, basis, rule)


def _shown(board: Board) -> Pairs:
    """Rows that have a partner on the other side by amount, window and some word: no matter of one side alone."""
    i, j = board.equal_pairs()
    spoken = board.texts.compare(i, j)[1] > 0
    return i[spoken], j[spoken]
