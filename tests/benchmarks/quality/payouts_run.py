"""How well the batch pass finds the rows of 1,000 payouts over 100,000 rows, at five rates of late rows.

    python -m tests.benchmarks.quality.payouts_run 1 2 3

A payout counts as solved when it is posted as proved; it is wrong when its amounts are not those it was paid with
(equal net rows are exchangeable, rows that are said to be loose may be on either side). In a run: the payouts of a run
are known to hold these rows together. The rest abstains. Figures repeat for equal seeds, but for the seconds.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Sequence

import numpy as np

from recon.matching.payouts.batch import settle
from recon.matching.payouts.stream import CUTS, DAY, KEY, LATE, POOL, PROVED, SUGGESTED, Settled, Stream
from tests.benchmarks.quality.payouts import CUT_WINDOW, LATE_PER_100_000, PAYOUTS, ROWS, World, make
from tests.benchmarks.quality.payouts import DAY as SECONDS

SHOWN = ("plain", "days", "keys")
"""What the rows print: time only, the settlement day, or the batch."""
PAYOUT_FEE = 200


def stream(world: World, shown: str = "plain") -> Stream:
    """The world as the batch pass is given it."""
    count = len(world.amount)
    before = world.paid_at - CUT_WINDOW
    keys = shown == "keys"
    return Stream(
        net=world.net,
        moment=world.moment,
        day=world.settled if shown == "days" else world.moment // SECONDS,
        amount=world.amount,
        paid_at=world.paid_at,
        earliest=before,
        latest=world.paid_at,
        first_day=before // SECONDS,
        last_day=world.paid_at // SECONDS + 1,
        key=world.truth if keys else None,
        payout_key=np.arange(count) if keys else None,
    )


def right(world: World, number: int, found: Settled) -> bool:
    """Whether the rows are those of the payout: all that are not loose belong to it, and the amounts are its own."""
    truth = np.flatnonzero(world.truth == number)
    if np.array_equal(np.sort(world.net[truth]), np.sort(world.net[found.rows])):
        return True
    return not len(np.setdiff1d(np.setxor1d(truth, found.rows), found.loose))


def judge(world: World, found: Sequence[Settled]) -> Counter[str]:
    """Count how the payouts ended."""
    figures: Counter[str] = Counter()
    groups: dict[int, list[int]] = {}
    for number, one in enumerate(found):
        if one.verdict == PROVED:
            figures[one.rule] += 1
            figures["wrong"] += not right(world, number, one)
            figures["with loose rows"] += bool(len(one.loose))
        elif one.verdict == POOL:
            figures["in a run"] += 1
            groups.setdefault(one.group, []).append(number)
        else:
            figures["suggested" if one.verdict == SUGGESTED else "open"] += 1
    for numbers in groups.values():
        truth = np.sort(world.net[np.isin(world.truth, numbers)])
        rows = found[numbers[0]].rows
        figures["run wrong"] += not np.array_equal(truth, np.sort(world.net[rows]))
    return figures


def report(seeds: Sequence[int], rows: int = ROWS, payouts: int = PAYOUTS) -> dict[str, dict[str, int | float]]:
    """Return the figures per late rate (rows per 100,000) and what the rows print, summed over the seeds.

    Odd seeds have a fixed fee per payout where nothing is printed. `seconds` is the longest of the seeds.
    """
    result: dict[str, dict[str, int | float]] = {}
    for late in LATE_PER_100_000:
        for shown in SHOWN:
            total: Counter[str] = Counter()
            slowest = 0.0
            for seed in seeds:
                fee = PAYOUT_FEE * (seed % 2) if shown == "plain" else 0
                world = make(seed, late, rows=rows, payouts=payouts, payout_fee=fee)
                start = time.perf_counter()
                account = settle([stream(world, shown)])[0]
                slowest = max(slowest, time.perf_counter() - start)
                total += judge(world, account.payouts)
                total["payouts"] += len(world.amount)
                total["touched"] += int(world.touched.sum())
            names = ("payouts", "touched", KEY, DAY, CUTS, LATE, "with loose rows", "in a run", "suggested", "open")
            figures: dict[str, int | float] = {name: total[name] for name in (*names, "wrong", "run wrong")}
            result[f"{late} late, {shown}"] = figures | {"seconds": round(slowest, 2)}
    return result


def main() -> None:
    """Print the report of the seeds on the command line."""
    print(json.dumps(report([int(word) for word in sys.argv[1:]] or [1]), indent=1))


if __name__ == "__main__":
    main()
