"""Damaged numbers: every pair one slip apart is found, against the plain comparison of all with all."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from recon.matching.near_key import LEAST_LEFT, Numbers, near_keys, one_slip_apart

NUMBERS = st.lists(st.text("012", min_size=1, max_size=8), max_size=12)


def zeros(some: list[str]) -> np.ndarray:
    return np.zeros(len(some), dtype=np.int64)


def slips(one: str, other: str) -> bool:
    """The rule, written down plainly."""
    short, long = sorted((one, other), key=len)
    cut = len(short) >= LEAST_LEFT and short != long and long.startswith(short)
    beside = len(one) == len(other) and one[:-1] == other[:-1]
    return (OSA.distance(one, other) == 1 or cut) and not beside


@given(NUMBERS, NUMBERS)
def test_all_pairs_one_slip_apart(left: list[str], right: list[str]) -> None:
    i, j = one_slip_apart(left, right, zeros(left), zeros(right))
    expected = [(a, b) for a in range(len(left)) for b in range(len(right)) if slips(left[a], right[b])]
    assert list(zip(i.tolist(), j.tolist(), strict=True)) == expected


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("20261008", "20621008", True),  # swapped
        ("20261008", "2026108", True),  # dropped
        ("20261008", "20261608", True),  # another digit
        ("20261008", "202610", True),  # cut off
        ("20261008", "20261", False),  # too little left
        ("20261008", "20261009", False),  # the neighbour
        ("AB202610A1", "AB202610A2", False),  # the neighbour of a number that begins with letters
        ("20261008", "2026100B", True),  # a letter beside a digit is no neighbour
        ("20261008", "20261008", False),  # the same
        ("20261008", "20621080", False),  # two slips
        ("202610310012", "202610310012-A", True),
    ],
)
def test_what_a_slip_is(one: str, other: str, found: bool) -> None:
    for left, right in (([one], [other]), ([other], [one])):
        assert (len(one_slip_apart(left, right, zeros(left), zeros(right))[0]) == 1) is found


def numbers(*rows: tuple[str, int, int], held: tuple[str, ...] = ()) -> Numbers:
    """Rows of number, row and group."""
    text = [row[0] for row in rows]
    at, group = (np.array([row[n] for row in rows], dtype=np.int64) for n in (1, 2))
    return Numbers(text, at, group, np.array([t in held for t in text], dtype=bool))


def pairs(left: Numbers, right: Numbers) -> list[tuple[int, int]]:
    i, j = near_keys(left, right)
    return list(zip(i.tolist(), j.tolist(), strict=True))


def test_one_candidate_both_ways_of_equal_group() -> None:
    left = numbers(("4581", 3, 7), ("9000123", 5, 7))
    assert pairs(left, numbers(("4518", 2, 7))) == [(3, 2)]
    assert pairs(left, numbers(("4518", 2, 8))) == []  # another amount
    assert pairs(left, numbers(("4518", 2, 7), ("4851", 4, 7))) == []  # two candidates
    assert pairs(left, numbers(("4518", 2, 7), ("458", 2, 7))) == [(3, 2)]  # two numbers of one row


def test_a_number_that_somebody_holds_is_not_damaged() -> None:
    assert pairs(numbers(("4581", 3, 7)), numbers(("4518", 2, 7), held=("4518",))) == []
    assert pairs(numbers(("4581", 3, 7), held=("4581",)), numbers(("4518", 2, 7))) == []


def test_numbers_too_short_are_no_keys() -> None:
    assert pairs(numbers(("12", 0, 0)), numbers(("21", 0, 0))) == []
    assert pairs(numbers(), numbers(("4518", 0, 0))) == []


@given(st.integers(0, 2**32 - 1), st.integers(1, 60))
def test_every_damaged_number_among_many_is_found_again(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    whole = [str(n) for n in rng.choice(9 * 10**11, size=count, replace=False) + 10**11]
    damaged = [n[:5] + n[6:] for n in whole]
    rows = np.arange(count)
    side = Numbers(whole, rows, rows, np.zeros(count, dtype=bool))
    other = Numbers(damaged, rows, rows, np.zeros(count, dtype=bool))
    assert pairs(side, other) == [(n, n) for n in range(count)]
