"""Two statements of the same money line by line: what is read of them, what is still open, what has been found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from recon.matching.candidates import Nearness, codes, near, uncrowded
from recon.matching.lines.assignment import MOST_ROWS
from recon.matching.lines.numbers import Families, Number, learn_families, numbers_of
from recon.matching.words import Texts

Index = NDArray[np.int64]
Pairs = tuple[Index, Index]
LEFT, RIGHT = 0, 1

#: A number that more rows of a side carry than this is no key (as for order numbers).
MOST_SHARING = 50

WINDOW, FEE, OFFSET = Nearness(-3, 7), Nearness(1000, 5000), Nearness(0, 10)


@dataclass(frozen=True)
class Lines:
    """The lines of one side.

    amount: minor units, signed as seen from the owner of the account on both sides. day: day number. block: code of
    what must be equal (account and currency), 0 or more, the same codes on both sides. text: who and what for. number:
    the line's own number, "" where it has none.
    """

    amount: Index
    day: Index
    block: Index
    text: Sequence[str]
    number: Sequence[str]


@dataclass(frozen=True, slots=True)
class LineRules:
    """What a pass may use.

    window: days from the left line to the right one. margin: evidence by which a pair must be better than the next
    assignment to be posted, half of it to be suggested; in thousandths of a natural logarithm, so 3000 is 20 times.
    fee: least and most that a bank or processor keeps back, minor units; None: no fee is looked for. offset: days from
    an entry to its reversal.
    """

    window: Nearness = WINDOW
    margin: int = 3000
    fee: Nearness | None = FEE
    offset: Nearness = OFFSET


@dataclass(frozen=True, slots=True)
class LineMatch:
    """Lines of both sides that belong together, or of one side that cancel.

    verdict: proved, pool or suggested. basis: as in matches.csv. alternatives: candidates counted. residual: right
    minus left, minor units; 0 where one side cancels.
    """

    left: tuple[int, ...]
    right: tuple[int, ...]
    verdict: str
    basis: str
    rule: str
    alternatives: int
    residual: int


@dataclass
class Board:
    """What the passes read, and what they leave open."""

    sides: tuple[Lines, Lines]
    rules: LineRules
    texts: Texts
    numbers: tuple[tuple[frozenset[Number], ...], tuple[frozenset[Number], ...]]
    families: Families
    open: tuple[NDArray[np.bool_], NDArray[np.bool_]]
    found: list[LineMatch] = field(default_factory=list)

    def take(
        self, left: Sequence[int], right: Sequence[int], verdict: str, basis: str, rule: str, alternatives: int = 1
    ) -> None:
        """Note a match; its lines are open no longer."""
        (mine, theirs) = self.sides
        difference = int(theirs.amount[list(right)].sum()) - int(mine.amount[list(left)].sum())
        residual = difference if left and right else 0
        self.open[LEFT][list(left)] = False
        self.open[RIGHT][list(right)] = False
        some, others = tuple(sorted(left)), tuple(sorted(right))
        self.found.append(LineMatch(some, others, verdict, basis, rule, alternatives, residual))

    def rows(self) -> Pairs:
        """Open rows of both sides."""
        return np.flatnonzero(self.open[LEFT]), np.flatnonzero(self.open[RIGHT])

    def digits(self, side: int, row: int) -> list[str]:
        """The numbers of a row, whatever they count."""
        return sorted({number.digits for number in self.numbers[side][row]})

    def in_window(self, some: Index, others: Index, groups: Pairs) -> Pairs:
        """Pairs of rows of one group inside the window; a group of more than 500 rows a side tells nothing."""
        kept, stay = uncrowded(*groups, MOST_ROWS)
        some, others = some[kept], others[stay]
        (left, right), (one, other) = self.sides, (groups[LEFT][kept], groups[RIGHT][stay])
        i, j = near((one, left.day[some]), (other, right.day[others]), self.rules.window)
        return some[i], others[j]

    def equal_pairs(self) -> Pairs:
        """Open pairs of equal amount and block inside the window."""
        some, others = self.rows()
        left, right = self.sides
        groups = codes([left.block[some], left.amount[some]], [right.block[others], right.amount[others]])
        return self.in_window(some, others, groups)

    def without_contradiction(self, i: Index, j: Index) -> Pairs:
        """Pairs whose numbers of one family do not differ."""
        ours, theirs = self.numbers
        kept = np.array(
            [not self.families.contradict(ours[a], theirs[b]) for a, b in zip(i.tolist(), j.tolist(), strict=True)],
            dtype=bool,
        )
        return i[kept], j[kept]


def lay_out(left: Lines, right: Lines, rules: LineRules) -> Board:
    """Read words and numbers of both sides, and learn from their meetings which numbers count the same."""
    numbers = tuple(
        tuple(numbers_of(f"{number} ; {text}") for number, text in zip(side.number, side.text, strict=True))
        for side in (left, right)
    )
    board = Board(
        sides=(left, right),
        rules=rules,
        texts=Texts.of(left.text, right.text),
        numbers=(numbers[LEFT], numbers[RIGHT]),
        families=Families(frozenset(), {}, {}),
        open=(np.ones(len(left.amount), dtype=bool), np.ones(len(right.amount), dtype=bool)),
    )
    i, j = sharing_pairs(board, equal=True)
    board.families = learn_families(zip(i.tolist(), j.tolist(), strict=True), *board.numbers)
    return board


def sharing_pairs(board: Board, *, equal: bool) -> Pairs:
    """Open pairs of one block that carry an equal number, sorted; `equal`: of equal amount too."""
    rows = board.rows()
    held = tuple(_holders(board, side, rows[side]) for side in (LEFT, RIGHT))
    found = {
        (i, j)
        for digits in held[LEFT].keys() & held[RIGHT].keys()
        if max(len(held[LEFT][digits]), len(held[RIGHT][digits])) <= MOST_SHARING
        for i in held[LEFT][digits]
        for j in held[RIGHT][digits]
    }
    pairs = np.array(sorted(found), dtype=np.int64).reshape(-1, 2)
    i, j = pairs[:, 0], pairs[:, 1]
    left, right = board.sides
    fits = left.block[i] == right.block[j]
    if equal:
        fits &= left.amount[i] == right.amount[j]
    return i[fits], j[fits]


def _holders(board: Board, side: int, rows: Index) -> dict[str, list[int]]:
    held: dict[str, list[int]] = {}
    for row in rows.tolist():
        for digits in board.digits(side, row):
            held.setdefault(digits, []).append(row)
    return held
