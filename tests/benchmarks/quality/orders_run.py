"""How well orders and payments without a number are paired: found, wrong, bounds, time and memory, per setting."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import psutil

from recon.matching.bounds import NAMES, Windowed, window_pass
from recon.matching.planting import BASES
from recon.matching.strangers import strangers
from recon.matching.window import pair
from tests.benchmarks.quality.leftovers import Case, leftovers_of, near_numbers, right_groups, without
from tests.benchmarks.quality.orders import OrderSet, make


@dataclass(frozen=True)
class Setting:
    """One row of the report."""

    size: int
    noise: float
    foreign: bool = False
    reorders: float = 0.0
    damaged: float = 0.0

    def name(self) -> str:
        """The setting in words."""
        words = [f"{self.size:,} orders", f"noise {self.noise:.0%}"]
        words += ["foreign numbers and texts"] * self.foreign
        words += [f"re-orders {self.reorders:.0%}"] * bool(self.reorders)
        words += [f"damaged numbers {self.damaged:.0%}"] * bool(self.damaged)
        return ", ".join(words)


def settings(size: int) -> list[Setting]:
    """The settings of the report: four amounts of noise, foreign numbers, re-orders."""
    plain = [Setting(size, noise) for noise in (0.0, 0.02, 0.05, 0.10)]
    hard = [Setting(size, 0.05, foreign=True, damaged=0.02)]
    again = [Setting(size, 0.02, foreign=True, reorders=share, damaged=0.02) for share in (0.01, 0.05)]
    return plain + hard + again


def run(setting: Setting, seed: int) -> dict[str, Any]:
    """Run one set; return counts of rows, bounds per basis, seconds and MiB."""
    made = make(
        setting.size, seed, noise=setting.noise, foreign=setting.foreign,
        reorders=setting.reorders, damaged=setting.damaged,
    )  # fmt: skip
    started = time.perf_counter()
    case = leftovers_of(made)
    joined = time.perf_counter()
    near = near_numbers(case)
    case = without(case, near[0]) if len(near[0]) else case
    slipped = time.perf_counter()
    pair(case.rest.left, case.rest.right)
    paired = time.perf_counter()
    seen = window_pass(case.rest, len(made.order_number))
    post = seen.post_left & ~_contradicted(case, seen)
    done = time.perf_counter()
    result = scored(case, replace(seen, post_left=post))
    result["damaged"] = int(made.damaged.sum())
    result["damaged_found"] = _damaged_found(made, case.strays, near)
    kernels = paired - slipped
    result["seconds"] = {
        "join": joined - started, "near numbers": slipped - joined, "kernels": kernels,
        "bounds": done - paired - kernels, "all": done - started - kernels,
    }  # fmt: skip
    result["MiB"] = psutil.Process().memory_info().rss / 2**20
    return result


def _damaged_found(made: OrderSet, strays: np.ndarray, near: tuple[np.ndarray, np.ndarray]) -> int:
    """Payments with a damaged number that are suggested for their own order."""
    left = leftovers_of(made).left
    return int((made.damaged[strays[near[1]]] & (left[near[0]] == made.truth[strays[near[1]]])).sum())


def _contradicted(case: Case, seen: Windowed) -> np.ndarray:
    """Left rows in groups that would post, but in which an order's words meet those of no payment."""
    pairing = seen.pairing
    one, other = np.flatnonzero(seen.post_left), np.flatnonzero(seen.post_right)
    apart = np.zeros(len(case.left), dtype=bool)
    of_group: dict[int, list[int]] = {}
    for place, group in enumerate(pairing.right_group[other].tolist()):
        of_group.setdefault(group, []).append(place)
    pairs = [(i, j) for i, group in enumerate(pairing.left_group[one].tolist()) for j in of_group.get(group, ())]
    if not pairs:
        return apart
    i, j = (np.array(side, dtype=np.int64) for side in zip(*pairs, strict=True))
    said = case.made.order_buyer[case.left[one]].tolist(), case.made.buyer[case.right[other]].tolist()
    met = np.zeros(len(one), dtype=bool)
    met[i[~strangers(*said, i, j)]] = True
    lost = np.zeros(pairing.groups, dtype=bool)
    lost[pairing.left_group[one[~met]]] = True
    apart[one] = lost[pairing.left_group[one]]
    return apart


def scored(case: Case, seen: Windowed) -> dict[str, Any]:
    """What is right and wrong, before and after what the bound demotes to suggestions."""
    made, pairing = case.made, seen.pairing
    good = right_groups(case, pairing)
    true_pairs = int((made.truth >= 0).sum())
    keyed = np.flatnonzero(case.by_number >= 0)
    keyed_right = int((case.by_number[keyed] == made.truth[keyed]).sum())
    result: dict[str, Any] = {
        "orders": len(made.order_number),
        "true_pairs": true_pairs,
        "by_number": {"right": keyed_right, "wrong": len(keyed) - keyed_right},
        "bases": {},
    }
    found = posted = keyed_right
    wrong = len(keyed) - keyed_right
    for basis, bound in zip(BASES, seen.bounds, strict=True):
        mine = pairing.left_state == basis
        right = good[pairing.left_group[mine]]
        out = seen.post_left[mine]
        bad = np.unique(pairing.left_group[mine & ~_of(good, pairing.left_group)])
        bad_posted = np.unique(pairing.left_group[mine & seen.post_left & ~_of(good, pairing.left_group)])
        result["bases"][NAMES[basis]] = {
            "decided": int(mine.sum()), "right": int(right.sum()), "wrong": int((~right).sum()),
            "wrong_groups": len(bad), "bound_groups": bound.all_groups, "bound_rows": bound.all_wrong,
            "posted": int(out.sum()), "posted_wrong": int((out & ~right).sum()),
            "posted_wrong_groups": len(bad_posted), "posted_bound_groups": bound.groups,
            "posted_bound_rows": bound.wrong,
        }  # fmt: skip
        found += int(right.sum())
        posted += int((out & right).sum())
        wrong += int((out & ~right).sum())
    result["found_before"] = found / true_pairs
    result["found"] = posted / true_pairs
    result["wrong"] = wrong
    result["wrong_share"] = wrong / len(made.order_number)
    return result


def _of(good: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Per row whether its group is right; rows without a group count as right."""
    return np.where(group >= 0, good[np.maximum(group, 0)], True) if len(good) else np.ones(len(group), dtype=bool)


def summary(runs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Several runs of one setting: medians, and the worst of each."""
    found, wrong = [r["found"] for r in runs], [r["wrong_share"] for r in runs]
    damaged = sum(r["damaged"] for r in runs)
    bases = {
        name: {
            what: statistics.median(r["bases"][name][what] for r in runs)
            for what in ("decided", "wrong", "bound_rows", "posted", "posted_wrong", "posted_bound_rows")
        }
        for name in NAMES.values()
    }
    return {
        "runs": len(runs),
        "found_before": {"median": statistics.median(r["found_before"] for r in runs)}
        | {"worst": min(r["found_before"] for r in runs)},
        "found": {"median": statistics.median(found), "worst": min(found)},
        "wrong_share": {"median": statistics.median(wrong), "worst": max(wrong)},
        "damaged_found": sum(r["damaged_found"] for r in runs) / damaged if damaged else None,
        "bases": bases,
        "seconds": {what: statistics.median(r["seconds"][what] for r in runs) for what in runs[0]["seconds"]},
        "MiB": max(r["MiB"] for r in runs),
    }


def coverage(setting: Setting, seeds: Sequence[int]) -> dict[str, Any]:
    """In how many runs the bound of each basis, on all it decided, covers the truth, and how tight it is."""
    runs = [run(setting, seed) for seed in seeds]
    told: dict[str, Any] = {"runs": len(runs), "covered": {}, "tight": {}}
    every = []
    for name in NAMES.values():
        rows = [r["bases"][name] for r in runs]
        covered = [row["wrong_groups"] <= row["bound_groups"] for row in rows]
        every += covered
        told["covered"][name] = sum(covered) / len(covered)
        excess = [row["bound_groups"] - 3 * row["wrong_groups"] - 3 for row in rows]
        told["tight"][name] = statistics.median(excess) <= 0
    told["covered"]["all"] = sum(every) / len(every)
    told["wrong_share_worst"] = max(r["wrong_share"] for r in runs)
    told["found_median"] = statistics.median(r["found"] for r in runs)
    told["found_worst"] = min(r["found"] for r in runs)
    return told
