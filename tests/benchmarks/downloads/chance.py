"""Seeded choices that stay the same from one version of numpy to the next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from recon.samples.dice import Dice

_T = TypeVar("_T")


class Chance:
    """Choices from one seed."""

    def __init__(self, seed: int) -> None:
        self._dice = Dice(seed)

    def below(self, high: int) -> int:
        """A whole number from 0 to high - 1."""
        return self._dice.one(0, high - 1)

    def among(self, low: int, high: int) -> int:
        """A whole number from low to high - 1."""
        return self._dice.one(low, high - 1)

    def choice(self, of: Sequence[_T]) -> _T:
        """One of them."""
        return of[self.below(len(of))]

    def sample(self, of: Sequence[_T], count: int) -> list[_T]:
        """Some of them, each once, in any order."""
        return [of[place] for place in self._dice.order(len(of))[:count].tolist()]

    def odds(self, percent: int) -> bool:
        """True in so many of a hundred cases."""
        return self.below(100) < percent
