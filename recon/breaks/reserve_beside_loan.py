"""A reserve that runs beside a loan: neither shows alone, so both are asked for at once.

With the lag of the reserve known, what two payouts lack gives its share exactly but for last units: beside an equal
amount the difference of the two, beside a share of the feet the two together. The right share is given by many pairs,
a wrong one by hardly any. What then stays of each payout must be the loan, to the last unit, or nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from typing import NamedTuple

import numpy as np

from recon.breaks.residual_habits import (
    BASIS,
    LEAST,
    LONGEST_HOLD,
    PROOFS,
    RESERVE,
    Account,
    Habit,
    held_and_released,
    telling,
)
from recon.money import Minor, Rounding, at_rate_all

#: So many pairs must give one share; so many of the likeliest shares are tried to the last unit.
_VOTES, _TRIED = 4, 12
#: Pairs lie at most so many payouts apart; a pair that leaves more shares open than this says nothing.
_WIDE, _VAGUE = 2, 12


class _Guess(NamedTuple):
    """How many pairs say so; is the loan a share of the feet; lag in days; share of the reserve in basis points."""

    votes: int
    shared: bool
    lag: int
    points: int


def reserve_beside_loan(account: Account, rest: Minor) -> Habit | None:
    """Return the reserve that is proved beside a loan, None where there is none; the loan shows once it is taken out.

    Args:
        account: days and feet of the payouts.
        rest: what each payout has more than its lines, minor units, without the habits that are known.
    """
    found = [habit for guess in _guesses(account, rest) if (habit := _proved(account, rest, guess))]
    return max(found, key=lambda habit: (len(habit.seen), -habit.lag, -habit.share), default=None)


def _guesses(account: Account, rest: Minor) -> list[_Guess]:
    """The shares and lags that most pairs of payouts give."""
    found: list[_Guess] = []
    known: set[bytes] = set()
    for lag in range(1, LONGEST_HOLD + 1):
        place = np.searchsorted(account.days, account.days + lag)
        if np.count_nonzero(place < len(rest)) < PROOFS or place.tobytes() in known:
            continue
        known.add(place.tobytes())
        votes = _votes(account, rest, place)
        found += [_Guess(count, shared, lag, points) for (shared, points), count in votes.items() if count >= _VOTES]
    return sorted(found, key=lambda guess: (-guess.votes, guess[1:]))[:_TRIED]


def _votes(account: Account, rest: Minor, place: np.ndarray) -> Counter[tuple[bool, int]]:
    """How many pairs of payouts give each share of the reserve, with an equal amount or with a share beside it."""
    size = len(rest)
    freed, holds = [0] * (size + 1), [0] * (size + 1)
    feet, lacks = account.feet.tolist(), (-rest).tolist()
    for foot, at in zip(feet, place.tolist(), strict=True):
        freed[at] += foot
        holds[at] += 1
    votes: Counter[tuple[bool, int]] = Counter()
    for one in range(size - 1):
        for other in range(one + 1, min(one + 1 + _WIDE, size)):
            if not (lacks[one] and lacks[other] and holds[one] + holds[other]):
                continue  # without a release two payouts tell nothing of its lag
            units = 3 + holds[one] + holds[other]  # last units that roundings may have moved
            apart = (feet[other] - freed[other]) - (feet[one] - freed[one])
            votes.update((False, p) for p in _points(lacks[other] - lacks[one], apart, units))
            cross = freed[one] * feet[other] - freed[other] * feet[one]
            both = lacks[other] * feet[one] - lacks[one] * feet[other]
            votes.update((True, p) for p in _points(both, cross, units * max(feet[one], feet[other])))
    return votes


def _points(part: int, whole: int, units: int) -> range:
    """The shares in basis points that give a part of a whole within so many units; none where too many do."""
    if whole < 0:
        part, whole = -part, -whole
    if not whole:
        return range(0)
    low, high = -(-(part - units) * BASIS // whole), (part + units) * BASIS // whole
    return range(max(low, 1), min(high, BASIS) + 1) if high - low < _VAGUE else range(0)


def _proved(account: Account, rest: Minor, guess: _Guess) -> Habit | None:
    """The reserve of a guess with its first and last hold, where holds and releases prove it to the last unit."""
    share, size = Fraction(guess.points, BASIS), len(rest)
    fit = _fit(account, rest, guess, 0, size)
    if fit is None:
        return None
    rounding, loan = fit

    def score(start: int, end: int) -> int:
        model = _model(account, share, rounding, start, end, guess.lag)
        agrees = _agrees(rest, model, loan)
        return 2 * int(agrees.sum()) - int(np.count_nonzero(model))

    _, start = max((score(first, size), first) for first in range(size - PROOFS))
    _, end = max((score(start, last), last) for last in range(start + PROOFS, size + 1))
    _, start = max((score(first, end), first) for first in range(end - PROOFS + 1))
    # Only with the first hold known do the payouts before the first release tell which way was rounded.
    rounding, loan = _fit(account, rest, guess, start, end) or fit
    model = _model(account, share, rounding, start, end, guess.lag)
    agrees = _agrees(rest, model, loan)
    seen = tuple(np.flatnonzero(agrees).tolist())
    places = np.searchsorted(account.days, account.days[start:end] + guess.lag)
    releases = np.count_nonzero(agrees[places[places < size]])
    enough = min(np.count_nonzero(agrees[start:end]), releases) >= PROOFS and 2 * len(seen) > np.count_nonzero(model)
    # The loan's amount took one more payout than the share did.
    if not enough or not telling(size * size * LONGEST_HOLD, model, seen[1:]):
        return None
    amounts = np.where(rest != 0, model, 0)
    return Habit(RESERVE, amounts, seen, share=share, rounding=rounding, lag=guess.lag)


def _fit(account: Account, rest: Minor, guess: _Guess, start: int, end: int) -> tuple[Rounding, Minor] | None:
    """The rounding of the reserve and the loan beside it with which most payouts agree."""
    share = Fraction(guess.points, BASIS)
    fits = [
        (int(_agrees(rest, model, loan).sum()), -n, rounding, loan)
        for n, rounding in enumerate(Rounding)
        for model in [_model(account, share, rounding, start, end, guess.lag)]
        for loan in _loans(account, rest - model)
    ]
    return max(fits, key=lambda fit: fit[:2])[2:] if fits else None


def _model(account: Account, share: Fraction, rounding: Rounding, start: int, end: int, lag: int) -> Minor:
    return held_and_released(account, at_rate_all(account.feet, share, rounding), start, end, lag)[0]


def _agrees(rest: Minor, model: Minor, loan: Minor) -> np.ndarray:
    """The payouts from which the reserve leaves the loan or nothing."""
    left = rest - model
    agrees: np.ndarray = (rest != 0) & (model != 0) & ((left == 0) | (left == -loan))
    return agrees


def _loans(account: Account, left: Minor) -> Iterator[Minor]:
    """What a loan may take of each payout: nothing, the amount, or the shares that most payouts still lack."""
    yield np.zeros_like(left)
    lacks, feet = (-left).tolist(), account.feet.tolist()
    counts = Counter(lack for lack in lacks if lack >= LEAST)
    yield from (np.full_like(left, amount) for amount, count in counts.most_common(1) if count >= PROOFS)
    votes: Counter[int] = Counter()
    for lack, foot in zip(lacks, feet, strict=True):
        if lack > 0 and foot > 0:
            votes.update(_points(lack, foot, 1))
    for (points, count), rounding in product(votes.most_common(2), Rounding):
        if count >= PROOFS:
            yield at_rate_all(account.feet, Fraction(points, BASIS), rounding)
