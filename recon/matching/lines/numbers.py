"""The numbers that a line's text carries, with the word before each: what a number counts is told by that word.

Two words count the same thing where their numbers meet at equal amounts again and again: CHK in the book, CHECK at the
bank. Nothing is listed; the files say it themselves.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

#: A shorter number is a quantity or a part of a name.
LEAST_DIGITS = 3
#: Families agree after so many meetings at equal amounts.
MEETINGS = 5
#: A family that met one other family so often, and hardly any third (per mille), is written by that one alone.
BOUND_MEETINGS, BOUND = 20, 950
#: A column of which the other side prints less than this share (per mille) is that side's own numbering.
SHARED = 50
_TOKEN = re.compile(r"(?P<money>\d[\d,]*\.\d\d(?!\d))|(?P<word>[^\W\d_]{2,})|(?P<number>\d+(?:[-/]\d+)*)")


@dataclass(frozen=True, order=True, slots=True)
class Number:
    """A number in a text: the word before it, its digits without leading zeros."""

    family: str
    digits: str


def numbers_of(text: str) -> frozenset[Number]:
    """Return the numbers of a text: CHK-4518, INV-2025-0441 (20250441), CHECK 0000004518; amounts are none."""
    found = set()
    word = ""
    for token in _TOKEN.finditer(unicodedata.normalize("NFKC", text).upper()):
        if token["word"]:
            word = token["word"]
        elif token["number"]:
            digits = re.sub(r"\D", "", token["number"]).lstrip("0")
            if len(digits) >= LEAST_DIGITS:
                found.add(Number(word, digits))
    return frozenset(found)


@dataclass(frozen=True)
class Families:
    """Which families of the two sides count the same, and which are always written for one of the other side."""

    same: frozenset[tuple[str, str]]
    bound_left: dict[str, frozenset[str]]
    bound_right: dict[str, frozenset[str]]

    def contradict(self, left: frozenset[Number], right: frozenset[Number]) -> bool:
        """Both carry numbers that count the same, and none of them is equal."""
        pairs = [(a.digits, b.digits) for a in left for b in right if self._agree(a.family, b.family)]
        return bool(pairs) and not any(a == b for a, b in pairs)

    def lack(self, left: frozenset[Number], right: frozenset[Number]) -> bool:
        """One carries a number of a family that is always written for a family that the other lacks."""
        ours, theirs = {n.family for n in left}, {n.family for n in right}
        return any(not self.bound_left[f] & theirs for f in ours if f in self.bound_left) or any(
            not self.bound_right[f] & ours for f in theirs if f in self.bound_right
        )

    def held(self, number: Number, others: Mapping[str, frozenset[str]], *, left: bool) -> bool:
        """Say whether the other side carries the number: in its own family, or in any if it is not known to have one.

        Args:
            number: a number of the left or the right side.
            others: digits -> families of the other side that carry them.
            left: which side it is of.
        """
        own = {b if left else a for a, b in self.same if (a if left else b) == number.family}
        families = others.get(number.digits, frozenset())
        return bool(families & (own | {number.family}) if own else families)

    def kind(self, number: Number, *, left: bool) -> str:
        """Return the left family that a number counts with, if it is always written for that one; else ""."""
        if left:
            return number.family if number.family in self.bound_left else ""
        return min(self.bound_right.get(number.family, frozenset()), default="")

    def _agree(self, left: str, right: str) -> bool:
        return left == right or (left, right) in self.same


def learn_families(
    pairs: Iterable[tuple[int, int]], left: Sequence[frozenset[Number]], right: Sequence[frozenset[Number]]
) -> Families:
    """Learn from pairs of rows that share a number and an amount.

    Args:
        pairs: left and right row numbers.
        left: numbers per left row.
        right: numbers per right row.
    """
    met: Counter[tuple[str, str]] = Counter()
    for i, j in pairs:
        digits = {n.digits for n in left[i]} & {n.digits for n in right[j]}
        met.update(
            {(a.family, b.family) for a in left[i] for b in right[j] if a.digits == b.digits and a.digits in digits}
        )
    same = frozenset(pair for pair, count in met.items() if count >= MEETINGS)
    return Families(same, _bound(met, 0), _bound(met, 1))


def _bound(met: Counter[tuple[str, str]], side: int) -> dict[str, frozenset[str]]:
    by_family: dict[str, Counter[str]] = {}
    for pair, count in met.items():
        by_family.setdefault(pair[side], Counter())[pair[1 - side]] += count
    return {
        family: frozenset(o for o, n in others.items() if n * 1000 >= BOUND * sum(others.values()))
        for family, others in by_family.items()
        if sum(others.values()) >= BOUND_MEETINGS and max(others.values()) * 1000 >= BOUND * sum(others.values())
    }


def without_own(column: Sequence[str], printed: frozenset[str]) -> list[str]:
    """Return a column of numbers without those that the other side cannot know: journal numbers, a bank's serials.

    Two numberings that both begin with the date are one slip apart by nature; that is no evidence.

    Args:
        column: a reference per row, "" for none.
        printed: digits of all numbers that the other side prints.
    """
    digits = [{number.digits for number in numbers_of(text)} for text in column]
    known = [bool(some & printed) for some in digits]
    if sum(known) * 1000 >= SHARED * max(sum(map(bool, digits)), 1):
        return list(column)
    return [text if is_known else "" for text, is_known in zip(column, known, strict=True)]


def families_by_digits(numbers: Sequence[frozenset[Number]]) -> dict[str, frozenset[str]]:
    """Return digits -> families that carry them, over all rows of a side."""
    found: dict[str, set[str]] = {}
    for number in frozenset().union(*numbers):
        found.setdefault(number.digits, set()).add(number.family)
    return {digits: frozenset(families) for digits, families in found.items()}
