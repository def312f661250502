"""One line that is the sum of a few others: every sum is counted, and only a sum that is the only one is taken.

How many sums would hit the line by accident is reckoned from how many there are and how far they spread: among many
lines a sum proves nothing (12 and more solutions in measured cases).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb

#: Members of a sum; more members have too many sums.
MOST_MEMBERS = 5
#: More sums than this are not counted: their number alone says that a hit is an accident.
MOST_SUMS = 30_000


@dataclass(frozen=True, slots=True)
class Sum:
    """A set of members with the wanted total. accidents: sums expected to hit it by chance, in millionths."""

    members: tuple[int, ...]
    accidents: int


def only_sum(
    total: int, amounts: Mapping[int, int], groups: Sequence[Sequence[int]], held: frozenset[int]
) -> Sum | None:
    """Return the only set of 2 to 5 members of one group with that total; None: there is none, or more than one.

    Args:
        total: what the members add up to, minor units.
        amounts: row -> amount, minor units; all of the sign of `total`.
        groups: rows that may belong together, such as those of one day; no row is in two groups.
        held: rows that must be members: the line names them.
    """
    found: list[tuple[int, ...]] = []
    counted = 0
    for group in groups:
        if held and not held <= set(group):
            continue
        free = sorted((row for row in group if row not in held), key=lambda row: (abs(amounts[row]), row))
        rest = total - sum(amounts[row] for row in held)
        sizes = range(max(2 - len(held), 0), min(MOST_MEMBERS - len(held), len(free)) + 1)
        count = sum(comb(len(free), size) for size in sizes)
        if count > MOST_SUMS:
            return None
        counted += count
        for size in sizes:
            for some in combinations(free, size):
                if sum(amounts[row] for row in some) == rest:
                    found.append(tuple(sorted((*held, *some))))
                    if len(found) > 1:
                        return None
    return Sum(found[0], counted * 1_000_000 // max(abs(total), 1)) if found else None
