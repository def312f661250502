"""What the payouts of an account lack after all named lines, compared over the payouts.

A residual is what a payout pays out less its lines. It is named only after three proofs, and only where chance would
hardly make them: equal amounts in consecutive payouts or one share of consecutive feet, rounded alike (a loan that is
repaid); equal amounts a month apart (a monthly charge); one share held in each payout and each hold released equal so
many days later (a reserve). The rest stays what it is: not in the file. Integers and fractions only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from fractions import Fraction
from math import comb, gcd

import numpy as np

from recon.breaks.reserve_beside_loan import reserve_beside_loan
from recon.breaks.residual_habits import (
    BASIS,
    HIDDEN,
    LEAST,
    LOAN,
    LONGEST_HOLD,
    PROOFS,
    RESERVE,
    ROUND_TOTAL,
    ROUNDS,
    SELDOM,
    SUBSCRIPTION,
    Account,
    Habit,
    held_and_released,
    telling,
)
from recon.ledger.days import as_date, day_number
from recon.money import Minor, Rounding, at_rate, at_rate_all


@dataclass(frozen=True)
class Part:
    """What of one residual a habit explains: minor units, negative where the payout lacks them."""

    name: str
    amount: int
    habit: Habit


def named_residuals(days: Sequence[int], feet: Sequence[int], residuals: Sequence[int]) -> list[tuple[Part, ...]]:
    """Name what recurs in the residuals of one account and currency.

    Args:
        days: day number of each payout, ascending.
        feet: sum of the lines of each payout, minor units.
        residuals: paid out less foot, minor units; 0 where the payout foots.

    Returns:
        Per payout its parts, each name once; what they leave of the residual has no name.
    """
    account = Account(np.array(days, dtype=np.int64), np.array(feet, dtype=np.int64))
    rest = np.array(residuals, dtype=np.int64)
    habits: list[Habit] = []
    while len(habits) < ROUNDS and (habit := _next(account, rest, habits)) is not None:
        habits.append(habit)
        rest = rest - habit.amounts
    return [_parts(habits, rest, n) for n in range(len(rest))]


def _parts(habits: Sequence[Habit], rest: Minor, n: int) -> tuple[Part, ...]:
    """The names of one payout; where something else is left in it, they need payouts about it with nothing left."""
    if rest[n] and (rest[max(0, n - HIDDEN) : n].all() or rest[n + 1 : n + 1 + HIDDEN].all()):
        return ()
    sums: dict[str, Part] = {}
    for habit in habits:
        if amount := int(habit.amounts[n]):
            told = sums.get(habit.name, Part(habit.name, 0, habit))
            sums[habit.name] = replace(told, amount=told.amount + amount)
    return tuple(sums.values())


def _next(account: Account, rest: Minor, known: Sequence[Habit]) -> Habit | None:
    """The next habit that is proved in what is left. A reserve is also looked for beside a loan that goes on."""
    for loan in known:
        if loan.name == LOAN and (repaid := _last_repayment(account, rest, loan, known)):
            return repaid
    if np.count_nonzero(rest) < PROOFS:
        return None
    alone = _reserve(account, rest, rest)
    if alone and 4 * np.count_nonzero(rest - alone.amounts) < len(alone.seen):
        return alone
    both = [habit for habit in (alone, reserve_beside_loan(account, rest)) if habit is not None]
    if both:
        return max(both, key=lambda habit: len(habit.seen))
    beside = [rest - _continued(account, rest, loan) for loan in known if loan.name == LOAN]
    beside += [np.where((np.arange(len(rest)) >= n) & (rest != 0), rest + a, rest) for a, n in _beside(account, rest)]
    for left in beside:
        if habit := _reserve(account, rest, left):
            return habit
    return _fixed(account, rest) or _shared(account, rest) or _monthly(account, rest)


def _continued(account: Account, rest: Minor, loan: Habit) -> Minor:
    """What a loan takes of the payouts after its last proof, if it goes on."""
    taken = at_rate_all(account.feet, loan.share, loan.rounding) + loan.amount
    later = np.arange(len(rest)) > loan.seen[-1]
    return np.where(later & (rest != 0), -taken, 0)


def _last_repayment(account: Account, rest: Minor, loan: Habit, known: Sequence[Habit]) -> Habit | None:
    """What remains in the payout after a loan's last: less than it would take, and the total is round."""
    terms = (loan.amount, loan.share, loan.rounding)
    same = [some.amounts for some in known if some.name == LOAN and (some.amount, some.share, some.rounding) == terms]
    last = int(np.flatnonzero(sum(same)).max()) + 1
    if last == len(rest):
        return None
    taken = at_rate(int(account.feet[last]), loan.share, loan.rounding) + loan.amount
    if not 0 < -rest[last] < taken or (sum(int(some.sum()) for some in same) + rest[last]) % ROUND_TOTAL:
        return None
    return replace(loan, amounts=np.where(np.arange(len(rest)) == last, rest, 0))


def _beside(account: Account, rest: Minor) -> list[tuple[int, int]]:
    """Amounts that three consecutive payouts lack beside one share of their feet, each with its first payout."""
    found: dict[int, int] = {}
    for n in range(len(rest) - PROOFS + 1):
        lack, foot = -rest[n : n + PROOFS], account.feet[n : n + PROOFS]
        more, wider = int(lack[1] - lack[0]), int(foot[1] - foot[0])
        if not lack.all() or abs(wider) < BASIS // 10 or more * wider <= 0:
            continue
        low, high = (abs(more) - 2) * BASIS // abs(wider), (abs(more) + 2) * BASIS // abs(wider)
        for points in range(max(low, 1), min(high, BASIS) + 1):
            for rounding in Rounding:
                amounts = set((lack - at_rate_all(foot, Fraction(points, BASIS), rounding)).tolist())
                if len(amounts) == 1 and (amount := amounts.pop()) >= LEAST:
                    found.setdefault(amount, n)
    return list(found.items())


def _fixed(account: Account, rest: Minor) -> Habit | None:
    """The first run of equal amounts."""
    amounts = {int(a) for a, b, c in zip(rest, rest[1:], rest[2:], strict=False) if a == b == c and a <= -LEAST}
    runs = [Habit(LOAN, *run, amount=-a) for a in amounts if (run := _run(account, rest, np.full_like(rest, a)))]
    proved = [
        run for run in runs if _seldom(len(rest) * _coincidence(rest, run.seen, -run.amount) ** (len(run.seen) - 1))
    ]
    return min(proved, key=lambda run: (run.seen[0], run.amount), default=None)


def _shared(account: Account, rest: Minor) -> Habit | None:
    """The first run of one share of the feet."""
    runs = []
    tried: set[tuple[Fraction, Rounding]] = set()
    for n in range(len(rest) - PROOFS + 1):
        for share, rounding in account.shares(range(n, n + PROOFS), rest):
            if (share, rounding) in tried:
                continue
            tried.add((share, rounding))
            model = -at_rate_all(account.feet, share, rounding)
            run = _run(account, rest, model)
            if run and telling(len(rest), model, run[1]):
                runs.append(Habit(LOAN, *run, share=share, rounding=rounding))
    return min(runs, key=lambda run: (run.seen[0], -len(run.seen), run.share), default=None)


def _run(account: Account, rest: Minor, model: Minor) -> tuple[Minor, tuple[int, ...]] | None:
    """What a model does to its longest run and which payouts prove it; None without three in a row.

    A few payouts in a row may hide the model under something else.
    """
    places = np.flatnonzero((rest == model) & (model < 0))
    best: tuple[int, ...] = ()
    start = 0
    for end in range(1, len(places) + 1):
        if end < len(places) and _joined(account, rest, int(places[end - 1]), int(places[end])):
            continue
        run = tuple(places[start:end].tolist())
        best = max(best, run, key=len)
        start = end
    if not any(c - a == 2 and account.near(a, c) for a, c in zip(best, best[2:], strict=False)):
        return None
    amounts = np.zeros_like(rest)
    inside = slice(best[0], best[-1] + 1)
    amounts[inside] = np.where(rest[inside] != 0, model[inside], 0)
    return amounts, best


def _joined(account: Account, rest: Minor, before: int, after: int) -> bool:
    hidden = rest[before + 1 : after]
    return len(hidden) <= HIDDEN and bool(hidden.all()) and account.near(before, after)


def _coincidence(rest: Minor, seen: Sequence[int], amount: int) -> Fraction:
    """How likely another residual is this amount: how often it is, and how often any two of the others are equal.

    One amount of the others may recur for a reason of its own. Others that are multiples of one sum have few values.
    """
    others = np.delete(rest, list(seen))
    counts = Counter(others[others != 0].tolist())
    repeated = sum(count > 1 for value, count in counts.items() if value != amount)
    pairs = comb(counts.total(), 2)
    values = 2 * max(map(abs, counts), default=1) // max(gcd(*counts), 1)
    often = Fraction(counts.total(), max(len(others), 1))
    return max(
        Fraction(counts[amount], max(len(others), 1)),
        Fraction(max(repeated - 1, 0), max(pairs, 1)),
        often / values if len(counts) >= PROOFS else Fraction(0),
    )


def _seldom(expected: Fraction) -> bool:
    return expected * SELDOM < 1


def _monthly(account: Account, rest: Minor) -> Habit | None:
    """The amount that recurs in most months, each time in the first payout on or after one day of the month."""
    counts = Counter(rest[rest <= -LEAST].tolist())
    found = []
    for amount in sorted(value for value, count in counts.items() if count >= PROOFS):
        for on in range(1, 32):
            payout_of = _first_payouts(account, on)
            months = [m for m, n in payout_of.items() if rest[n] == amount]
            chain = _chain(months)
            seen = tuple(payout_of[m] for m in chain)
            if len(chain) < PROOFS:
                continue
            if not _seldom(10 * len(rest) * _coincidence(rest, seen, amount) ** (len(seen) - 1)):
                continue
            amounts = np.zeros_like(rest)
            charged = [n for m, n in payout_of.items() if chain[0] <= m <= chain[-1] and rest[n]]
            amounts[charged] = amount
            found.append(Habit(SUBSCRIPTION, amounts, seen, amount=-amount))
    return max(found, key=lambda habit: (len(habit.seen), habit.amount), default=None)


def _first_payouts(account: Account, on: int) -> dict[int, int]:
    """Month -> the first payout on or after a day of it (its last day where it is shorter)."""
    first, last = (as_date(int(account.days[n])) for n in (0, -1))
    found = {}
    for month in range(12 * first.year + first.month - 2, 12 * last.year + last.month):
        start = first.replace(year=month // 12, month=month % 12 + 1, day=1)
        after = (start + timedelta(days=32)).replace(day=1)
        day = min(start + timedelta(days=on - 1), after - timedelta(days=1))
        place = int(np.searchsorted(account.days, day_number(day)))
        if day >= first and place < len(account.days) and account.near(max(place - 1, 0), place):
            found[month] = place
    return found


def _chain(months: Sequence[int]) -> list[int]:
    """The longest stretch of months of which at most every second one lacks."""
    best: list[int] = []
    chain: list[int] = []
    for month in months:
        chain = [*chain, month] if chain and month - chain[-1] <= 2 else [month]
        best = max(best, chain, key=len)
    return best


def _reserve(account: Account, rest: Minor, left: Minor) -> Habit | None:
    """The share that is held from some payout on and released; `left` is `rest` without a loan that may go on."""
    tried: set[tuple[Fraction, Rounding]] = set()
    found: list[Habit] = []
    for start in range(len(rest) - PROOFS):
        for share, rounding in account.shares([start], left):
            if (share, rounding) in tried:
                continue
            held = at_rate_all(account.feet, share, rounding)
            if not _begins(left, held, start):
                continue
            tried.add((share, rounding))
            found.extend(
                Habit(RESERVE, np.where(rest != 0, model, 0), seen, share=share, rounding=rounding, lag=lag)
                for model, seen, lag in _released(account, left, held, start)
            )
    return max(found, key=lambda habit: (len(habit.seen), -habit.lag, -habit.share), default=None)


def _begins(left: Minor, held: Minor, start: int) -> bool:
    """Whether at least two of the next three payouts hold their share, some of the earlier holds released in them."""
    agree = 0
    for n in range(start + 1, min(start + 1 + PROOFS, len(left))):
        back = int(left[n] + held[n])
        agree += back == 0 or any(back == int(held[a:b].sum()) for a in range(start, n) for b in range(a + 1, n + 1))
    return agree >= PROOFS - 1


def _released(account: Account, left: Minor, held: Minor, start: int) -> Iterator[tuple[Minor, tuple[int, ...], int]]:
    """The best model of a reserve from this payout on: its amounts, proofs and lag; nothing without three releases."""
    size = len(left)
    pure = start
    while pure < size and left[pure] == -held[pure]:
        pure += 1
    last = int(np.flatnonzero(left[start:] == -held[start:]).max()) + start + 1
    tries = [
        (_agree(left, *held_and_released(account, held, start, end, lag)), -lag, end)
        for lag in range(1, LONGEST_HOLD + 1)
        for end in {size, pure, last}
    ]
    lag = -max(tries)[1]
    ends = [
        (_agree(left, *held_and_released(account, held, start, end, lag)), end)
        for end in range(start + PROOFS, size + 1)
    ]
    _, end = max(ends, key=lambda one: (one[0], one[1] == size, -one[1]))
    firsts = range(max(0, start - HIDDEN), start + 1)
    _, start = max((_agree(left, *held_and_released(account, held, first, end, lag)), first) for first in firsts)
    model, _ = held_and_released(account, held, start, end, lag)
    agree = (left == model) & (model != 0)
    seen = tuple(np.flatnonzero(agree).tolist())
    holds = np.count_nonzero(agree[start:end])
    places = np.searchsorted(account.days, account.days[start:end] + lag)
    releases = np.count_nonzero(agree[places[places < size]])
    if min(holds, releases) >= PROOFS and telling(size * LONGEST_HOLD, model, seen):
        yield model, seen, lag


def _agree(left: Minor, model: Minor, back: Minor) -> int:
    agree = left == model
    return int(np.count_nonzero(agree & (model != 0)) + np.count_nonzero(agree & (back > 0)))
