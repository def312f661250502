"""Does `recon prove` say the truth? Its 95 % intervals on many small shops of which everything is known."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import Any

import numpy as np

from recon.matching.blindfold import Blindfold, blindfold
from recon.matching.bounds import NAMES
from recon.matching.window import pair
from tests.benchmarks.quality.leftovers import Case, leftovers_of, right_groups
from tests.benchmarks.quality.orders import make, unlike

SMALLEST, LARGEST = 2_000, 8_000
NOISE = (0.0, 0.02, 0.05, 0.10)
REORDERS = (0.0, 0.0, 0.02)
#: In which respect the rows without a number may be unlike the others.
UNLIKE = ("amount", "day", "lag")


def report(seeds: Sequence[int]) -> dict[str, Any]:
    """Coverage and width of the intervals per basis, false warnings, and warnings where rows differ."""
    covered: dict[str, list[bool]] = {name: [] for name in NAMES.values()}
    width: dict[str, list[int]] = {name: [] for name in NAMES.values()}
    false_warnings = untold = 0
    warned: dict[str, list[bool]] = {name: [] for name in UNLIKE}
    for place, seed in enumerate(seeds):
        case = _shop(seed)
        found = _tested(case)
        false_warnings += bool(found.differs)
        untold += not found.lines
        base = pair(case.rest.left, case.rest.right)
        good = right_groups(case, base)
        for line in (line for line in found.lines if line.real):
            groups = np.unique(base.left_group[base.left_state == line.basis])
            covered[NAMES[line.basis]].append(line.low <= int((~good[groups]).sum()) <= line.high)
            width[NAMES[line.basis]].append(line.high - line.low)
        respect = UNLIKE[place % len(UNLIKE)]
        warned[respect].append(respect in _tested(_shop(seed, respect)).differs)
    every = [one for some in covered.values() for one in some]
    return {
        "shops": len(seeds),
        "covered": {name: round(sum(some) / len(some), 4) for name, some in covered.items() if some}
        | {"all": round(sum(every) / len(every), 4)},
        "median_width": {name: statistics.median(some) for name, some in width.items() if some},
        "intervals": {name: len(some) for name, some in covered.items()},
        "false_warnings": false_warnings,
        "warned": {name: round(sum(some) / len(some), 4) for name, some in warned.items()},
        "too_few_numbers": untold,
    }


def _shop(seed: int, respect: str | None = None) -> Case:
    rng = np.random.default_rng(seed)
    size = int(rng.integers(SMALLEST, LARGEST))
    made = make(size, seed, noise=float(rng.choice(NOISE)), reorders=float(rng.choice(REORDERS)))
    return leftovers_of(unlike(made, respect) if respect else made)


def _tested(case: Case) -> Blindfold:
    rest = case.rest
    nothing = (np.zeros(len(side), dtype=np.int64) for side in (rest.left, rest.keyed_left))
    return blindfold(rest, pair(rest.left, rest.right), *nothing)
