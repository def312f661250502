"""Lines that stayed open, and the one that came nearest: what it fails. A hint for a person, never a match."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from recon.matching.candidates import Nearness, codes, near, uncrowded
from recon.matching.lines.assignment import MOST_ROWS
from recon.matching.lines.board import LEFT, RIGHT, Board, Index, LineMatch, LineRules, Lines, lay_out, sharing_pairs
from recon.matching.words import MEET, Vocabulary

#: Equal amounts further apart than this have nothing to do with one another.
_FURTHEST = Nearness(-366, 366)
#: What the nearest line fails, from the strongest hint to the weakest.
AMOUNT, SEVERAL, CONTRADICTED, WINDOW = "amount", "several", "contradicted", "window"
WORDS, TAKEN, SIGN = "words", "taken", "sign"
#: A word that more open lines of a side carry names nobody.
_MOST_SHARING = 20


@dataclass(frozen=True, slots=True)
class Miss:
    """The nearest line of the other side.

    fails: `amount` (prints the same number), `several` (equal amounts inside the window, nothing tells which),
    `contradicted` (the only equal amount, but words or numbers speak against it), `window` (equal amount), `words`
    (they meet inside the window, another amount of the same direction), `taken` (equal amount inside the window, in
    another match), `sign` (equal size inside the window). row: of the other side.
    others, rivals: how many lines of the other side are such for this one, how many of this side for that one.
    """

    fails: str
    row: int
    others: int
    rivals: int


Missed = tuple[dict[int, Miss], dict[int, Miss]]


def nearest_misses(left: Lines, right: Lines, matches: Sequence[LineMatch], rules: LineRules) -> Missed:
    """Return per side the open rows that have a near line, and which.

    Args:
        left: the book.
        right: the bank.
        matches: what was found; its lines are not open.
        rules: the window.
    """
    board = lay_out(left, right, rules)
    for match in matches:
        board.open[LEFT][list(match.left)] = False
        board.open[RIGHT][list(match.right)] = False
    found: Missed = ({}, {})
    some, others = board.rows()
    i, j = sharing_pairs(board, equal=False)
    differ = left.amount[i] != right.amount[j]
    _note(board, found, (i[differ], j[differ]), AMOUNT)
    i, j = board.equal_pairs()
    alone = (np.bincount(i, minlength=1)[i] == 1) & (np.bincount(j, minlength=1)[j] == 1)
    _note(board, found, (i[~alone], j[~alone]), SEVERAL)
    _note(board, found, (i[alone], j[alone]), CONTRADICTED)
    _note(board, found, _far(board, some, others), WINDOW)
    _note(board, found, _same_words(board, some, others), WORDS)
    taken = np.flatnonzero(~board.open[LEFT]), np.flatnonzero(~board.open[RIGHT])
    _note(board, found, _equal(board, some, taken[RIGHT]), TAKEN, (LEFT,))
    _note(board, found, _equal(board, taken[LEFT], others), TAKEN, (RIGHT,))
    _note(board, found, _equal(board, some, others, facing=-1), SIGN)
    return found


def _equal(board: Board, some: Index, others: Index, facing: int = 1) -> tuple[Index, Index]:
    """Pairs of equal amount inside the window; `facing` -1: of opposite amount."""
    return board.in_window(some, others, _groups(board, some, others, facing))


def _far(board: Board, some: Index, others: Index) -> tuple[Index, Index]:
    """Pairs of equal amount, however far apart."""
    left, right = board.sides
    groups = _groups(board, some, others, 1)
    kept, stay = uncrowded(*groups, MOST_ROWS)
    one, other = (groups[LEFT][kept], left.day[some[kept]]), (groups[RIGHT][stay], right.day[others[stay]])
    i, j = near(one, other, _FURTHEST)
    return some[kept][i], others[stay][j]


def _same_words(board: Board, some: Index, others: Index) -> tuple[Index, Index]:
    """Pairs inside the window, of one direction, whose words meet, found by the rare words that they share."""
    left, right = board.sides
    held = _holders(board.texts.left, some), _holders(board.texts.right, others)
    pairs = sorted({(i, j) for word in held[LEFT].keys() & held[RIGHT].keys() for i in held[LEFT][word]
                    for j in held[RIGHT][word]})  # fmt: skip
    i, j = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    lag, window = right.day[j] - left.day[i], board.rules.window
    fits = (lag >= window.low) & (lag <= window.high) & (left.block[i] == right.block[j])
    fits &= np.sign(left.amount[i]) == np.sign(right.amount[j])
    i, j = i[fits], j[fits]
    met, evidence = board.texts.compare(i, j)
    good = (met == MEET) & (evidence > 0)
    return i[good], j[good]


def _holders(vocabulary: Vocabulary, rows: Index) -> dict[str, list[int]]:
    held: dict[str, list[int]] = {}
    for row in rows.tolist():
        for word in vocabulary.words[row]:
            held.setdefault(word, []).append(row)
    return {word: holders for word, holders in held.items() if len(holders) <= _MOST_SHARING}


def _groups(board: Board, some: Index, others: Index, facing: int) -> tuple[Index, Index]:
    left, right = board.sides
    return codes([left.block[some], left.amount[some]], [right.block[others], facing * right.amount[others]])


def _note(
    board: Board, found: Missed, pairs: tuple[Index, Index], fails: str, sides: Sequence[int] = (LEFT, RIGHT)
) -> None:
    """Note for each row that has no hint yet the nearest of its partners: by amount, by days, then by its place."""
    i, j = pairs
    left, right = board.sides
    apart = np.abs(right.amount[j] - left.amount[i]), np.abs(right.day[j] - left.day[i])
    for side in sides:
        mine, theirs = (i, j) if side == LEFT else (j, i)
        size = int(max(i.max(initial=0), j.max(initial=0))) + 1
        others, rivals = np.bincount(mine, minlength=size)[mine], np.bincount(theirs, minlength=size)[theirs]
        for n in np.lexsort((theirs, apart[1], apart[0], mine)).tolist():
            found[side].setdefault(int(mine[n]), Miss(fails, int(theirs[n]), int(others[n]), int(rivals[n])))
