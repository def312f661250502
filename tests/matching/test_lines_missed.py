"""What came nearest to an open line: one condition that it fails, the strongest hint first, never a matched line's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recon.matching.candidates import Nearness
from recon.matching.lines.board import LineMatch, LineRules, Lines
from recon.matching.lines.match import match_lines
from recon.matching.lines.missed import Miss, nearest_misses

Line = tuple[int, int, str, str]
RULES = LineRules(window=Nearness(-3, 7), fee=None)


def lines(*rows: Line) -> Lines:
    """Rows of day, amount, text and number."""
    day, amount = (np.array([row[n] for row in rows], dtype=np.int64) for n in (0, 1))
    block = np.zeros(len(rows), dtype=np.int64)
    return Lines(amount, day, block, [row[2] for row in rows], [row[3] for row in rows])


def missed(left: Lines, right: Lines, *matches: LineMatch) -> tuple[dict[int, Miss], dict[int, Miss]]:
    return nearest_misses(left, right, matches, RULES)


@pytest.mark.parametrize(
    ("line", "fails"),
    [
        ((9, -480, "CHECK 4518", ""), "amount"),
        ((9, -500, "GLOBEX MEDICAL", ""), "contradicted"),
        ((18, -500, "MERIDIAN", ""), "window"),
        ((9, -480, "MERIDIAN SERVICES", ""), "words"),
        ((9, 500, "GLOBEX MEDICAL", ""), "sign"),
        ((18, 500, "GLOBEX MEDICAL", ""), None),
        ((18, -480, "MERIDIAN SERVICES", ""), None),
        ((9, 480, "MERIDIAN SERVICES", ""), None),
    ],
)
def test_the_condition_that_a_lone_line_fails(line: Line, fails: str | None) -> None:
    expected = {} if fails is None else {0: Miss(fails, 0, 1, 1)}
    found = missed(lines((10, -500, "Meridian Services", "CHK-4518")), lines(line))
    assert found == (expected, expected)


def test_equal_amounts_are_counted_from_both_sides() -> None:
    left, right = lines(*[(10, 500, "", "")] * 2), lines(*[(10, 500, "", "")] * 3)
    assert missed(left, right) == (
        {n: Miss("several", 0, 3, 2) for n in range(2)}, {n: Miss("several", 0, 2, 3) for n in range(3)},
    )  # fmt: skip


def test_a_line_of_another_match_is_named_as_such() -> None:
    left, right = lines((10, 500, "a", ""), (11, 500, "b", "")), lines((10, 500, "c", ""))
    match = LineMatch((0,), (0,), "proved", "unique", "by-amount-and-text", 1, 0)
    assert missed(left, right, match) == ({1: Miss("taken", 0, 1, 1)}, {})


def test_of_several_the_nearest_in_amount_then_in_days() -> None:
    right = lines((9, -480, "CHECK 4518", ""), (9, -490, "CHECK 4518", ""), (30, -490, "CHECK 4518", ""))
    assert missed(lines((10, -500, "", "CHK-4518")), right)[0] == {0: Miss("amount", 1, 3, 1)}


def test_without_fees_none_is_looked_for() -> None:
    left, right = lines((10, 300_000, "Harbor Realty Partners", "")), lines((10, 298_500, "HARBOR REALTY PARTNERS", ""))
    assert [m.rule for m in match_lines(left, right, LineRules())] == ["less-fee"]
    assert match_lines(left, right, RULES) == []


@st.composite
def sides(draw: st.DrawFn) -> tuple[Lines, Lines]:
    line = st.tuples(
        st.integers(0, 20), st.sampled_from([-200, -100, 100, 200]),
        st.sampled_from(["Harbor Realty", "HARBOR", "Globex Medical", ""]), st.sampled_from(["", "CHK-4518", "4519"]),
    )  # fmt: skip
    left, right = (draw(st.lists(line, max_size=8)) for _ in range(2))
    return lines(*left), lines(*right)


@settings(max_examples=200)
@given(sides())
def test_against_all_pairs(made: tuple[Lines, Lines]) -> None:
    """Every hint holds as it is worded, and a line without one has no line of equal amount that it could mean."""
    left, right = made
    matches = match_lines(left, right, RULES)
    found = nearest_misses(left, right, matches, RULES)
    used = {row for m in matches for row in m.left}, {row for m in matches for row in m.right}
    for side, (mine, theirs) in enumerate(((left, right), (right, left))):
        assert not found[side].keys() & used[side]
        for row in set(range(len(mine.amount))) - used[side]:
            miss = found[side].get(row)
            lags = (theirs.day - mine.day[row]) * (1 if side == 0 else -1)
            near = (lags >= -3) & (lags <= 7)
            equal = theirs.amount == mine.amount[row]
            free = np.array([n not in used[1 - side] for n in range(len(theirs.amount))], dtype=bool)
            if miss is None:
                assert not (equal & (near | free)).any()
                continue
            assert free[miss.row] == (miss.fails != "taken")
            assert equal[miss.row] == (miss.fails in {"several", "contradicted", "window", "taken"})
            if miss.fails not in {"amount", "window"}:
                assert near[miss.row]
            if miss.fails in {"several", "contradicted"}:
                assert miss.others == (equal & near & free).sum()
