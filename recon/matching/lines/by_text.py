"""Lines whose words say that they belong together: at equal amounts, less a fee, with two digits swapped."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from recon.matching.candidates import Nearness, codes, near
from recon.matching.lines.assignment import MOST_ROWS, Choice, best_pairs, components
from recon.matching.lines.board import LEFT, RIGHT, Board, Index, Pairs
from recon.matching.words import MEET, SILENT
from recon.money import format_amount


def by_text(board: Board) -> None:
    """Equal amounts inside the window: the best assignment by text, posted by its margin, else suggested."""
    for verdict, margin in (("proved", board.rules.margin), ("suggested", board.rules.margin // 2)):
        i, j = board.equal_pairs()
        _take_best(board, i, j, margin, verdict, "by-amount-and-text")
    _pools(board)


def _pools(board: Board) -> None:
    """As many lines as partners, each fitting every one it may have: they belong together, which to which is open."""
    i, j = board.without_contradiction(*board.equal_pairs())
    met, evidence = board.texts.compare(i, j)
    i, j, evidence = (rows[met == MEET] for rows in (i, j, evidence))
    label = components(i, j)
    for n in np.unique(label).tolist():
        inside = label == n
        left, right = np.unique(i[inside]), np.unique(j[inside])
        if 1 < len(left) == len(right) <= MOST_ROWS and evidence[inside].min() >= board.rules.margin:
            pairs = best_pairs(i[inside], j[inside], np.ones(inside.sum(), dtype=np.int64), i[inside], j[inside], 0)
            if len(pairs) == len(left):
                board.take(left.tolist(), right.tolist(), "pool", "text", "by-amount-and-text", len(left))


def less_fee(board: Board) -> None:
    """A fee kept back: the texts meet, the difference is a usual fee; proved if a text prints it."""
    some, others = board.rows()
    left, right, fee, margin = *board.sides, board.rules.fee, board.rules.margin
    if fee is None:
        return
    found = []
    for low, high in ((-fee.high, -fee.low), (fee.low, fee.high)):
        one, other = (left.block[some], left.amount[some]), (right.block[others], right.amount[others])
        i, j = near(one, other, Nearness(low, high))
        found.append((some[i], others[j]))
    i, j = (np.concatenate(rows) for rows in zip(*found, strict=True))
    i, j = _inside(board, i, j)
    printed = np.array([_prints_fee(board, a, b) for a, b in zip(i.tolist(), j.tolist(), strict=True)], dtype=bool)
    _take_best(board, i[printed], j[printed], margin, "proved", "less-printed-fee")
    still = board.open[LEFT][i] & board.open[RIGHT][j]
    _take_best(board, i[still], j[still], margin // 2, "suggested", "less-fee")


def swapped_digits(board: Board) -> None:
    """Two neighbouring digits of the amount swapped, texts that meet: suggested, never posted."""
    some, others = board.rows()
    left, right = board.sides
    keys = [_sorted_digits(side.amount[rows]) for side, rows in ((left, some), (right, others))]
    i, j = board.in_window(some, others, codes([left.block[some], keys[LEFT]], [right.block[others], keys[RIGHT]]))
    swapped = [_swapped(int(left.amount[a]), int(right.amount[b])) for a, b in zip(i.tolist(), j.tolist(), strict=True)]
    i, j = i[swapped], j[swapped]
    _take_best(board, i, j, board.rules.margin // 2, "suggested", "swapped-digits")


def unopposed(board: Board) -> None:
    """Equal amounts, one candidate both ways, and nothing against it: suggested.

    Words that the other file has nowhere speak neither for nor against; words of another of its lines speak against.
    """
    i, j = board.equal_pairs()
    met, evidence = board.texts.compare(i, j)
    fair = ((met == SILENT) | (evidence >= 0)) & ~_lacking(board, i, j)
    i, j = board.without_contradiction(i[fair], j[fair])
    sole = (np.bincount(i, minlength=1)[i] == 1) & (np.bincount(j, minlength=1)[j] == 1)
    for one, other in zip(i[sole].tolist(), j[sole].tolist(), strict=True):
        board.take([one], [other], "suggested", "unique", "by-amount")


def _take_best(board: Board, i: Index, j: Index, margin: int, verdict: str, rule: str) -> None:
    """Take the pairs of the best assignment by text whose margin suffices."""
    i, j = board.without_contradiction(i, j)
    met, evidence = board.texts.compare(i, j)
    good = (met == MEET) & (evidence > 0)
    i, j, evidence = i[good], j[good], evidence[good]
    label = components(i, j)
    classes = _printed(board, LEFT, i, label), _printed(board, RIGHT, j, label)
    choices = best_pairs(i, j, evidence, *classes, margin)
    class_of = (
        dict(zip(i.tolist(), classes[LEFT].tolist(), strict=True)),
        dict(zip(j.tolist(), classes[RIGHT].tolist(), strict=True)),
    )
    members = _members(class_of[LEFT]), _members(class_of[RIGHT])
    partners: tuple[dict[int, set[int]], dict[int, set[int]]] = ({}, {})
    for a, b in zip(i.tolist(), j.tolist(), strict=True):
        partners[LEFT].setdefault(a, set()).add(b)
        partners[RIGHT].setdefault(b, set()).add(a)
    for some in _knots(choices, class_of):
        left, right = [row for c in some for row in c.left], [row for c in some for row in c.right]
        if not all(
            _settles(board, side, rows, class_of[side], members[side]) for side, rows in ((LEFT, left), (RIGHT, right))
        ):
            continue
        count = max(
            len({b for a in left for b in partners[LEFT][a]}), len({a for b in right for a in partners[RIGHT][b]})
        )
        basis = "unique" if count == 1 and verdict == "proved" else "text"
        word = "pool" if verdict == "proved" and len(left) > 1 else verdict
        board.take(left, right, word, basis, rule, count)


def _knots(choices: Sequence[Choice], class_of: tuple[dict[int, int], dict[int, int]]) -> list[list[Choice]]:
    """Choices that share a class are one set: which of its rows goes where is open."""
    ours = np.array([class_of[LEFT][c.left[0]] for c in choices], dtype=np.int64)
    theirs = np.array([class_of[RIGHT][c.right[0]] for c in choices], dtype=np.int64)
    label = components(ours, theirs)
    return [[choices[n] for n in np.flatnonzero(label == knot).tolist()] for knot in np.unique(label).tolist()]


def _members(class_of: dict[int, int]) -> dict[int, list[int]]:
    members: dict[int, list[int]] = {}
    for row, code in class_of.items():
        members.setdefault(code, []).append(row)
    return members


def _settles(
    board: Board, side: int, rows: Sequence[int], class_of: dict[int, int], members: dict[int, list[int]]
) -> bool:
    """All rows of the classes are taken; of rows that print the same day too it does not matter which."""
    classes = {class_of[row] for row in rows}
    days = {(code, int(board.sides[side].day[row])) for code in classes for row in members[code]}
    return sum(len(members[code]) for code in classes) == len(rows) or len(days) == len(classes)


def _printed(board: Board, side: int, rows: Index, label: Index) -> Index:
    """A code per row of its component and of all that it prints but its day."""
    lines, seen = board.sides[side], dict[tuple[int, int, int, str, str], int]()
    keys = [
        (at, int(lines.block[row]), int(lines.amount[row]), lines.text[row], lines.number[row])
        for row, at in zip(rows.tolist(), label.tolist(), strict=True)
    ]
    return np.array([seen.setdefault(key, len(seen)) for key in keys], dtype=np.int64)


def _inside(board: Board, i: Index, j: Index) -> Pairs:
    lag = board.sides[RIGHT].day[j] - board.sides[LEFT].day[i]
    good = (lag >= board.rules.window.low) & (lag <= board.rules.window.high)
    return i[good], j[good]


def _prints_fee(board: Board, one: int, other: int) -> bool:
    fee = format_amount(abs(int(board.sides[RIGHT].amount[other] - board.sides[LEFT].amount[one])))
    return any(f" {fee}" in f" {lines.text[row]} " for lines, row in zip(board.sides, (one, other), strict=True))


def _lacking(board: Board, i: Index, j: Index) -> np.ndarray:
    ours, theirs = board.numbers
    lacks = [board.families.lack(ours[a], theirs[b]) for a, b in zip(i.tolist(), j.tolist(), strict=True)]
    return np.array(lacks, dtype=bool)


def _sorted_digits(amounts: Index) -> Index:
    """A code of the digits of an amount in falling order, with its sign."""
    return np.array(
        [int("".join(sorted(str(abs(a)), reverse=True))) * (1 if a > 0 else -1) for a in amounts.tolist()],
        dtype=np.int64,
    )


def _swapped(one: int, other: int) -> bool:
    a, b = str(abs(one)), str(abs(other))
    spots = [n for n in range(len(a)) if a[n] != b[n]] if len(a) == len(b) else []
    return len(spots) == 2 and spots[1] == spots[0] + 1 and a[spots[0]] == b[spots[1]] and a[spots[1]] == b[spots[0]]
