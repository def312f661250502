"""What two texts say of one another: which of their words meet, and how rare those words are.

Words are runs of letters or digits, and pairs of neighbouring Chinese characters. Words that many rows of a file carry
say nothing: they are told by how often they occur in that file, not by a list. Banks cut, shorten and misspell names,
so words are compared by what survives: their beginning, their consonants, and all letters but one.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

#: A word that more than this share of a file's rows carry (per mille) is common; in a file of few rows none is.
COMMON = 100
FEW_ROWS = 20
#: So is a word that this share of its file carries, five rows at least, and that the other file does not know: a word
#: of the bank's own, such as the name of a processor.
OWN, OWN_ROWS = 5, 5
#: How far two words are alike, per mille: the same; one begins the other; the same consonants; a slip of one letter.
SAME, BEGINS, BONES, SLIP, FAINT = 1000, 900, 850, 800, 300
#: Shorter beginnings and fewer consonants are shared by chance.
LEAST_BEGINNING, LEAST_BONES, LEAST_SLIP, LEAST_RUN = 3, 3, 5, 6
#: Three answers of a comparison of texts.
CONTRADICT, SILENT, MEET = -1, 0, 1

_CHINESE = "\u3400-\u9fff\uf900-\ufaff"
_RUN = re.compile(rf"[{_CHINESE}]+|[^\W_{_CHINESE}]+")
_AMOUNT = re.compile(r"(?<![\d.])\d[\d,]*\.\d\d(?![\d.])")
_VOWEL = re.compile("[AEIOU]")
_DOUBLE = re.compile(r"(.)\1+")


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text in their order: plain signs, in capitals, Chinese as pairs; amounts are no words."""
    found: list[str] = []
    for run in _RUN.findall(_AMOUNT.sub(" ", unicodedata.normalize("NFKC", text).upper())):
        if "\u3400" <= run[0] <= "\u9fff" or "\uf900" <= run[0] <= "\ufaff":
            found += [run[n : n + 2] for n in range(max(1, len(run) - 1))]
        else:
            found.append(run)
    return tuple(dict.fromkeys(found))


def bones(word: str) -> str:
    """Return the first letter and the consonants, doubled ones once: PARTNERS and PRTNRS give the same."""
    return _DOUBLE.sub(r"\1", word[:1] + _VOWEL.sub("", word[1:]))


def likeness(one: str, other: str) -> int:
    """Return how far two words are alike, per mille; 0: they do not meet.

    Numbers meet only if they are equal: one slip apart is the business of near keys.
    """
    if one == other:
        return SAME
    if not (one.isalpha() and other.isalpha()) or one[0] != other[0] or not one.isascii() or not other.isascii():
        return 0
    short, long = sorted((one, other), key=lambda word: (len(word), word))
    if long.startswith(short):
        return BEGINS if len(short) >= LEAST_BEGINNING else FAINT
    thin, full = bones(short), bones(long)
    if len(thin) >= LEAST_BONES and (full.startswith(thin) or _shortens(short, full)):
        return BONES
    if len(short) >= LEAST_SLIP and OSA.distance(short, long[: len(short) + 1], score_cutoff=1) <= 1:
        return SLIP
    if len(short) >= LEAST_SLIP and OSA.distance(short, long[: len(short)], score_cutoff=1) <= 1:
        return SLIP
    return 0


def _shortens(short: str, full: str) -> bool:
    """MGMT of MNGMNT: no vowel, the same ends, all its letters in their order."""
    if _VOWEL.search(short[1:]) or short[-1] != full[-1]:
        return False
    rest = iter(full)
    return all(letter in rest for letter in short)


def run_of(word: str, others: Sequence[str]) -> tuple[str, ...]:
    """Return the neighbouring words that a word without blanks runs together: QUEENSBURYIN, JRODRIGUEZ; () for none."""
    if len(word) < LEAST_RUN or not word.isalpha():
        return ()
    for first in range(len(others) - 1):
        for head in (others[first], others[first][0]):
            if word.startswith(head) and "".join((head, *others[first + 1 :])).startswith(word):
                return _covered(
                    word[len(head) :], (others[first],) if head == others[first] else (), others[first + 1 :]
                )
    return ()


def _covered(rest: str, covered: tuple[str, ...], others: Sequence[str]) -> tuple[str, ...]:
    for other in others:
        if not rest or not other.startswith(rest[: len(other)]):
            break
        if len(rest) >= min(len(other), LEAST_BEGINNING):
            covered = (*covered, other)
        rest = rest[len(other) :]
    return covered


@dataclass(frozen=True)
class Vocabulary:
    """The words of each text of a file, how many rows carry each, how rare it is (thousandths of a natural logarithm).

    common: words that say nothing in this file.
    """

    words: tuple[tuple[str, ...], ...]
    count: dict[str, int]
    rarity: dict[str, int]
    common: frozenset[str]

    @cached_property
    def by_letter(self) -> defaultdict[str, list[str]]:
        """The words by their first letter: no others can be alike."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for word in self.count:
            found[word[0]].append(word)
        return found

    @classmethod
    def of(cls, texts: Iterable[str]) -> Vocabulary:
        """Read the texts of one file, one per row."""
        words = tuple(words_of(text) for text in texts)
        rows = len(words)
        count = Counter(word for some in words for word in some)
        often = {w for w, n in count.items() if rows >= FEW_ROWS and n * 1000 > rows * COMMON}
        # An integer from here on, so that equal texts give equal evidence everywhere.
        rarity = {w: round(1000 * math.log((rows + 1) / n)) for w, n in count.items()}
        return cls(words, dict(count), rarity, frozenset(often))

    def beside(self, other: Vocabulary) -> Vocabulary:
        """The same, with the words that are common here and unknown to the other file told too."""
        least = max(OWN_ROWS, -(-len(self.words) * OWN // 1000))
        own = {w for w, n in self.count.items() if n >= least and w not in other.count}
        return Vocabulary(self.words, self.count, self.rarity, self.common | own)


@dataclass
class Texts:
    """Two files' texts, compared pair by pair; every word is compared with the other file's words once."""

    left: Vocabulary
    right: Vocabulary
    _alike: dict[tuple[str, bool], dict[str, int]] = field(default_factory=dict)
    _known: dict[tuple[str, bool], int] = field(default_factory=dict)

    @classmethod
    def of(cls, left: Sequence[str], right: Sequence[str]) -> Texts:
        """Read the texts of both files, one per row."""
        one, other = Vocabulary.of(left), Vocabulary.of(right)
        return cls(one.beside(other), other.beside(one))

    def compare(self, left: NDArray[np.int64], right: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return per pair of rows whether the texts meet (MEET, SILENT, CONTRADICT), and the evidence for the pair.

        SILENT: one of the two has no informative word. Evidence, in thousandths of a natural logarithm: the rarity of
        the words that meet less the rarity of words that the other file knows but this row of it lacks, seen from the
        side with more of it; where neither has any, what speaks against it, seen from the shorter text.
        """
        known: dict[tuple[tuple[str, ...], tuple[str, ...]], tuple[int, int]] = {}
        answers = np.zeros(len(left), dtype=np.int64)
        evidence = np.zeros(len(left), dtype=np.int64)
        for n, (i, j) in enumerate(zip(left.tolist(), right.tolist(), strict=True)):
            pair = (self.left.words[i], self.right.words[j])
            if pair not in known:
                known[pair] = self._pair(*pair)
            answers[n], evidence[n] = known[pair]
        return answers, evidence

    def _pair(self, one: tuple[str, ...], other: tuple[str, ...]) -> tuple[int, int]:
        told = [w for w in one if w not in self.left.common]
        tolds = [w for w in other if w not in self.right.common]
        if not told or not tolds:
            return SILENT, 0
        ours = self._weigh(one, other, left=True)
        theirs = self._weigh(other, one, left=False)
        shorter = [ours] * (len(told) <= len(tolds)) + [theirs] * (len(tolds) <= len(told))
        most = max(ours[1], theirs[1])
        return max(answer for answer, _ in shorter), most if most > 0 else min(against for _, against in shorter)

    def _weigh(self, one: tuple[str, ...], other: tuple[str, ...], *, left: bool) -> tuple[int, int]:
        """Whether half of the informative words of `one` meet `other`, and their evidence; `left`: `one` is."""
        here, there = (self.left, self.right) if left else (self.right, self.left)
        told = met = evidence = 0
        for word in one:
            alike = self._alike_words(word, here, there, left=left)
            weight = max((alike[w] for w in other if w in alike), default=0)
            weight = weight or sum(BONES * there.rarity[w] // 1000 for w in run_of(word, other))
            if word not in here.common:
                told += 1
                met += weight > 0
                weight = weight or -self._known[word, left]
            evidence += weight
        return (MEET if 2 * met >= told else CONTRADICT), evidence

    def _alike_words(self, word: str, here: Vocabulary, there: Vocabulary, *, left: bool) -> dict[str, int]:
        """The other file's words that a word meets: the rarity of the two where it is less, by how far they are alike.

        Noted too: how rare the most frequent of them is, 0 where the other file does not know the word.
        """
        key = (word, left)
        if key not in self._alike:
            rare = here.rarity[word]
            found = {w: n for w in there.by_letter[word[0]] if (n := likeness(word, w))} if word.isalpha() else {}
            if word in there.count:
                found[word] = SAME
            self._alike[key] = {w: n * min(rare, there.rarity[w]) // 1000 for w, n in found.items()}
            self._known[key] = min((there.rarity[w] for w, n in found.items() if n > FAINT), default=0)
        return self._alike[key]


def meets(one: str, other: str, common: frozenset[str] = frozenset()) -> bool | None:
    """Say whether half of the informative words of the shorter text meet the other's; None: one has no such word.

    Args:
        one: a text.
        other: the text of the other side.
        common: words that say nothing in these files (`Vocabulary.common`).
    """
    sides = words_of(one), words_of(other)
    told = [[w for w in words if w not in common] for words in sides]
    least = min(map(len, told))
    return (
        any(_half(some, there) for some, there in zip(told, reversed(sides), strict=True) if len(some) == least)
        if least
        else None
    )


def _half(told: Sequence[str], others: Sequence[str]) -> bool:
    return 2 * sum(any(likeness(w, o) for o in others) or bool(run_of(w, others)) for w in told) >= len(told)
