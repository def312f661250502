"""Lines by the numbers they print: equal numbers, sums under one number, damaged numbers."""

from __future__ import annotations

import numpy as np

from recon.matching.candidates import Nearness, codes, near
from recon.matching.lines.assignment import components
from recon.matching.lines.board import LEFT, RIGHT, Board, Index, sharing_pairs
from recon.matching.lines.numbers import families_by_digits
from recon.matching.near_key import Numbers, near_keys


def by_number(board: Board) -> None:
    """Equal number and equal amount, one candidate both ways."""
    i, j = sharing_pairs(board, equal=True)
    sole = (np.bincount(i, minlength=1)[i] == 1) & (np.bincount(j, minlength=1)[j] == 1)
    for one, other in zip(i[sole].tolist(), j[sole].tolist(), strict=True):
        board.take([one], [other], "proved", "key", "by-number")


def by_number_in_sum(board: Board) -> None:
    """All lines that share numbers, directly or through others, where both sides come to the same sum."""
    i, j = sharing_pairs(board, equal=False)
    label = components(i, j)
    left, right = board.sides
    for n in np.unique(label).tolist():
        some, others = np.unique(i[label == n]), np.unique(j[label == n])
        if len(some) + len(others) > 2 and int(left.amount[some].sum()) == int(right.amount[others].sum()):
            board.take(some.tolist(), others.tolist(), "proved", "key", "by-number-in-sum")


def by_near_number(board: Board) -> None:
    """Numbers one slip apart at equal amounts: suggested, never posted."""
    some, others = board.rows()
    left, right = board.sides
    groups = codes([left.amount[some], left.block[some]], [right.amount[others], right.block[others]])
    sides, kinds = [], dict[str, int]()
    size = 1 + max((int(group.max()) for group in groups if len(group)), default=0)
    for side, rows in ((LEFT, some), (RIGHT, others)):
        elsewhere = families_by_digits(board.numbers[1 - side])
        found = [(n, at) for at, row in enumerate(rows.tolist()) for n in sorted(board.numbers[side][row])]
        held = [board.families.held(n, elsewhere, left=side == LEFT) for n, _ in found]
        kind = [kinds.setdefault(board.families.kind(n, left=side == LEFT), len(kinds)) for n, _ in found]
        place = np.array([at for _, at in found], dtype=np.int64)
        group = groups[side][place] + size * np.array(kind, dtype=np.int64)
        sides.append(Numbers([n.digits for n, _ in found], rows[place], group, np.array(held, dtype=bool)))
    i, j = near_keys(*sides)
    for one, other in zip(i.tolist(), j.tolist(), strict=True):
        board.take([one], [other], "suggested", "near_key", "by-near-number")


def by_bare_number(board: Board) -> None:
    """A text that says "cheque" but not which: equal amount, the days that cheques take, one candidate both ways.

    Which word says so, and the days, are learned from the pairs that print their numbers.
    """
    for pair, (first, last) in sorted(_lags(board).items()):
        some, others = (_of_family(board, side, pair[side]) for side in (LEFT, RIGHT))
        left, right = board.sides
        groups = codes([left.block[some], left.amount[some]], [right.block[others], right.amount[others]])
        i, j = near((groups[LEFT], left.day[some]), (groups[RIGHT], right.day[others]), Nearness(first, last))
        i, j = board.without_contradiction(some[i], others[j])
        sole = (np.bincount(i, minlength=1)[i] == 1) & (np.bincount(j, minlength=1)[j] == 1)
        for one, other in zip(i[sole].tolist(), j[sole].tolist(), strict=True):
            board.take([one], [other], "suggested", "unique", "by-bare-number")


def _lags(board: Board) -> dict[tuple[str, str], tuple[int, int]]:
    """Families that count the same -> fewest and most days between the lines that print their numbers."""
    found: dict[tuple[str, str], tuple[int, int]] = {}
    left, right = board.sides
    for match in board.found:
        if match.rule != "by-number":
            continue
        (i,), (j,) = match.left, match.right
        lag = int(right.day[j] - left.day[i])
        ours, theirs = ({n.family for n in board.numbers[side][row]} for side, row in ((LEFT, i), (RIGHT, j)))
        for pair in {(a, b) for a in ours for b in theirs} & board.families.same:
            low, high = found.get(pair, (lag, lag))
            found[pair] = min(low, lag), max(high, lag)
    return found


def _of_family(board: Board, side: int, family: str) -> Index:
    """Open rows that print a number of a family, or its word without a number."""
    words = (board.texts.left, board.texts.right)[side].words
    rows: Index = board.rows()[side]
    has = [family in words[row] or any(n.family == family for n in board.numbers[side][row]) for row in rows.tolist()]
    return np.array([row for row, is_one in zip(rows.tolist(), has, strict=True) if is_one], dtype=np.int64)
