"""How many accidental solutions a search must expect, and which finds may be posted.

Expectations are whole numbers, millionths rounded up, so that no find is posted on one machine and not on another.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate

from recon.money import Minor

MILLION = 1_000_000
#: What the searched finds of one run may hold of accidents, together: 0.05.
BUDGET = 50_000
#: The same for late rows inside a run that foots, which the cuts on both sides already prove: 0.1.
LATE_BUDGET = 100_000
#: No such find may be an accident with a chance of more than 0.006, however few there are.
LATE_MOST = 6_000


def expected(near: int, reach: int, step: int) -> int:
    """Return the accidents that one search must expect, in millionths.

    Args:
        near: candidate sums that miss the target by at most `reach`.
        reach: minor units either side of the target.
        step: distance of the lattice points there, the amounts' greatest common divisor.
    """
    points = 2 * (reach // step) + 1
    return -(-max(near, 1) * MILLION // points)


def affordable(finds: Sequence[int], budget: int = BUDGET, most: int | None = None) -> list[bool]:
    """Say which finds may be posted: by ascending expectation while their sum over the run stays within the budget.

    Args:
        finds: expected accidents of each find, in millionths; of equal ones the earlier is taken first, so they must
            come in an order of their content.
        budget: their largest sum, in millionths.
        most: the largest expectation of a single find; None: the budget.
    """
    order = sorted(range(len(finds)), key=lambda n: (finds[n], n))
    result = [False] * len(finds)
    for n, spent in zip(order, accumulate(finds[n] for n in order), strict=True):
        result[n] = spent <= budget and (most is None or finds[n] <= most)
    return result


def late_share(broken: int, payouts: int, rows: int) -> int:
    """Return the share of rows that are late, in millionths, as the broken links of an account's chain show it.

    A late row breaks the link of its payout and of the next; with l late rows per payout a link holds in e^(-2 l).
    """
    if not broken or not rows:
        return 0
    held = max(payouts - broken, 1)
    return math.ceil(math.log(payouts / held) / 2 * payouts / rows * MILLION)


def by_chance(values: Minor, target: int) -> int:
    """Return how many subsets of free rows are expected to hit a target by accident, rounded, at most 10^15.

    2^n / sqrt(2 pi S2 / 4) x exp(-(T - S1 / 2)^2 / (2 S2 / 4)), with the sum S1 and the sum of squares S2 of the values
    in steps of their greatest common divisor.
    """
    step = math.gcd(*(int(v) for v in values))
    if not step or target % step:
        return 0
    total, squares = int(values.sum()) // step, sum((int(v) // step) ** 2 for v in values)
    far = (target // step - total / 2) ** 2 / (squares / 2)
    power = len(values) * math.log(2) - math.log(math.sqrt(math.pi * squares / 2)) - far
    return round(math.exp(min(power, 15 * math.log(10))))
