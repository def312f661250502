"""Which sign is right? The running balance knows: each reading of the amounts either continues it or does not.

A link is a pair of neighbouring rows; it holds if the one balance plus the amount of the next row is the other balance.
A reading is a way to sign the amounts together with the direction in which the file runs. The reading with the most
links wins if 9 of 10 hold, 3 of them fail under every other reading, and no other has as many.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Minor = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Days = npt.NDArray[np.datetime64]
_ONLY_HERE = 3


@dataclass(frozen=True)
class Chained:
    """The rows of one account and currency in the order of the file: positions, balances, days, printed ends."""

    rows: Minor
    balance: Minor
    days: Days
    opening: int | None = None
    closing: int | None = None

    @property
    def directions(self) -> tuple[bool, ...]:
        """False: the file runs forward, True: newest first; both where the days do not tell."""
        forward = bool((self.days[1:] >= self.days[:-1]).all())
        backward = bool((self.days[1:] <= self.days[:-1]).all())
        return (False,) if forward and not backward else (True,) if backward and not forward else (False, True)

    def links(self, amount: Minor, *, newest_first: bool, ends: bool = True) -> Mask:
        """Return which links hold; printed opening and closing balances are links too (`ends`)."""
        mine = amount[self.rows]
        before = self.balance - mine
        if newest_first:
            held = self.balance[1:] == before[:-1]
            first, last = before[-1:], self.balance[:1]
        else:
            held = self.balance[:-1] == before[1:]
            first, last = before[:1], self.balance[-1:]
        if not ends:
            return np.asarray(held, dtype=bool)
        printed = [end == value for end, value in ((first, self.opening), (last, self.closing)) if value is not None]
        return np.concatenate([held, *printed])


@dataclass(frozen=True)
class Verdict:
    """The winning reading and whether it was proved; sound: the balances hold under it and may be relied on."""

    reading: int
    proved: bool
    sound: bool
    links: int


def decide(chains: Sequence[Chained], readings: Sequence[Minor]) -> Verdict:
    """Choose among readings of the amounts; the first is that of the header words.

    Args:
        chains: the rows of each account and currency that have a balance.
        readings: amounts of all rows of the table under each reading.
    """
    used = [chain for chain in chains if len(chain.rows) > 1 or chain.opening is not None]
    held = [[_best(chain, amount) for chain in used] for amount in readings]
    scores = [sum(int(mask.sum()) for mask, _ in per) for per in held]
    total = sum(len(mask) for mask, _ in held[0]) if used else 0
    best = int(np.argmax(scores)) if scores else 0
    if total and _wins(best, scores, total) and _alone(best, used, readings, held[best]) >= _ONLY_HERE:
        return Verdict(best, proved=True, sound=True, links=total)
    inner = [_best(chain, readings[0], ends=False)[0] for chain in used]
    sound = sum(map(len, inner)) > 0 and all(bool(mask.all()) for mask in inner)
    return Verdict(0, proved=False, sound=sound, links=total)


def _best(chain: Chained, amount: Minor, *, ends: bool = True) -> tuple[Mask, bool]:
    tried = [(chain.links(amount, newest_first=newest, ends=ends), newest) for newest in chain.directions]
    return max(tried, key=lambda one: int(one[0].sum()))


def _wins(best: int, scores: Sequence[int], total: int) -> bool:
    rivals = [score for number, score in enumerate(scores) if number != best]
    return 10 * scores[best] >= 9 * total and all(score < scores[best] for score in rivals)


def _alone(
    best: int, chains: Sequence[Chained], readings: Sequence[Minor], winning: Sequence[tuple[Mask, bool]]
) -> int:
    """Links that hold under the winner and fail under every other reading, the winner's amounts backwards included."""
    count = 0
    for chain, (mask, newest) in zip(chains, winning, strict=True):
        others = np.zeros(len(mask), bool)
        for number, amount in enumerate(readings):
            for direction in chain.directions:
                if (number, direction) != (best, newest):
                    others |= chain.links(amount, newest_first=direction)
        count += int((mask & ~others).sum())
    return count


def by_difference(chain: Chained, size: Minor) -> tuple[Minor, Mask] | None:
    """Sign unsigned amounts by the change of the balance; None if the direction of the file cannot be told.

    Returns:
        The amounts of the chain's rows, and which of them the balance decided.
    """
    tried = []
    for newest in chain.directions:
        order = slice(None, None, -1 if newest else 1)
        balance = chain.balance[order]
        start = chain.opening if chain.opening is not None else balance[0]
        change = np.diff(balance, prepend=start)
        known = np.abs(change) == size[chain.rows][order]
        known[0] &= chain.opening is not None
        tried.append((change[order], known[order]))
    scores = [int(known.sum()) for _, known in tried]
    if len(tried) == 2 and scores[0] == scores[1] and not np.array_equal(tried[0][0], tried[1][0]):
        return None
    return tried[int(np.argmax(scores))]
