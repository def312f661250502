"""Two statements of the same money line by line, such as a book and its bank: what belongs together, and why.

The passes run from the strongest evidence to the weakest; a line that one has taken is gone for the next. Neither the
order of the rows nor their numbering nor the days between two lines ever choose a partner.
"""

from __future__ import annotations

from collections.abc import Callable

from recon.matching.lines.board import Board, LineMatch, LineRules, Lines, lay_out
from recon.matching.lines.by_number import by_bare_number, by_near_number, by_number, by_number_in_sum
from recon.matching.lines.by_text import by_text, less_fee, swapped_digits, unopposed
from recon.matching.lines.in_sums import in_sums, in_unsaid_sums
from recon.matching.lines.offset import cancelled, cancelled_by_number

PASSES: tuple[Callable[[Board], None], ...] = (
    by_number,
    by_number_in_sum,
    cancelled_by_number,
    by_near_number,
    by_bare_number,
    by_text,
    in_sums,
    less_fee,
    swapped_digits,
    unopposed,
    in_unsaid_sums,
    cancelled,
)


def match_lines(left: Lines, right: Lines, rules: LineRules | None = None) -> list[LineMatch]:
    """Return the matches, sorted by their rows; a row is in one match at most.

    Args:
        left: the book.
        right: the bank, amounts signed as in the book.
        rules: window, margin and fees; None for the defaults.
    """
    board = lay_out(left, right, rules or LineRules())
    for run in PASSES:
        run(board)
    return sorted(board.found, key=lambda match: (match.left, match.right))
