"""How good the matching is, on generated sets of which everything is known, and how fast.

    make quality                                        all parts, 100,000 and 1,000,000 orders
    make quality ARGS="--parts orders --orders 100000"  one part, one size

Parts: `orders` (orders and payments of which some carry no number; noise, foreign numbers, re-orders, damaged numbers),
`bounds` (does the measured bound cover the truth, over many seeds), `equal` (200,000 equal rows), `payouts` (payouts
without numbers over 100,000 rows), `lines` (a book and its bank statement), `prove` (the blindfold test on shops),
`fees` (random fee schedules, recovered from their rows).
The report goes to build/quality/PART.json; apart from what stands under `seconds` and `MiB` it repeats byte for byte.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from recon.matching.window import Side, pair
from tests.benchmarks import fee_schedules
from tests.benchmarks.quality import bank_lines_run, orders_run, payouts_run, prove_run

ROOT = Path(__file__).resolve().parents[2]
SIZES = (100_000, 1_000_000)
#: Seeds of the figures that are reported; nobody looks at them while tuning.
FIRST_SEED = 9_300
COVERED_RUNS = 40
SHOPS = 400
SCHEDULES = 1000


def orders(arguments: argparse.Namespace) -> dict[str, Any]:
    """Found, wrong, time and memory per setting: medians and worst over the seeds."""
    told: dict[str, Any] = {}
    for size in arguments.orders:
        seeds = range(FIRST_SEED, FIRST_SEED + (arguments.seeds if size < SIZES[1] else 1))
        for setting in orders_run.settings(size):
            told[setting.name()] = orders_run.summary([orders_run.run(setting, seed) for seed in seeds])
            _say(setting.name(), told[setting.name()])
    return told


def bounds(arguments: argparse.Namespace) -> dict[str, Any]:
    """Coverage of the bounds at the smallest size, per setting."""
    seeds = range(FIRST_SEED, FIRST_SEED + arguments.runs)
    told = {s.name(): orders_run.coverage(s, seeds) for s in orders_run.settings(min(arguments.orders))}
    for name, figures in told.items():
        _say(name, figures)
    return told


def equal(_arguments: argparse.Namespace) -> dict[str, Any]:
    """100,000 equal rows on each side, within three days."""
    size = 100_000
    day = np.arange(size, dtype=np.int64) % 3
    nothing = np.zeros(size, dtype=np.int64)
    before, started = psutil.Process().memory_info().rss, time.perf_counter()
    found = pair(
        Side(nothing, nothing + 990, day, day + 3, nothing), Side(nothing, nothing + 990, day + 1, day + 1, nothing)
    )
    told = {
        "groups": found.groups,
        "states": sorted(set(found.left_state.tolist())),
        "seconds": {"all": time.perf_counter() - started},
        "MiB": (psutil.Process().memory_info().rss - before) / 2**20,
    }
    _say("2 x 100,000 equal rows", told)
    return told


def payouts(arguments: argparse.Namespace) -> dict[str, Any]:
    """Payouts without numbers, at five rates of late rows."""
    told = payouts_run.report(range(FIRST_SEED, FIRST_SEED + arguments.seeds))
    for name, figures in told.items():
        _say(name, figures)
    return dict(told)


def lines(arguments: argparse.Namespace) -> dict[str, Any]:
    """A book and its bank statement, with single and doubled noise."""
    seeds = range(FIRST_SEED, FIRST_SEED + 4 * arguments.seeds)
    told = {f"noise {noise}": bank_lines_run.report(seeds, noise) for noise in (1, 2)}
    for name, figures in told.items():
        _say(name, figures)
    return told


def prove(arguments: argparse.Namespace) -> dict[str, Any]:
    """The intervals of the blindfold test on small shops."""
    told = prove_run.report(range(FIRST_SEED, FIRST_SEED + arguments.shops))
    _say(f"{arguments.shops} shops", told)
    return told


def fees(arguments: argparse.Namespace) -> dict[str, Any]:
    """How many random fee schedules are recovered, and what is said of the others."""
    seeds = range(FIRST_SEED, FIRST_SEED + arguments.schedules)
    fell, missed = fee_schedules.score(seeds, fee_schedules.mined)
    told = {"schedules": len(seeds), **fell, "seeds that were not recovered": missed}
    _say("fee schedules", told)
    return told


PARTS: dict[str, Callable[[argparse.Namespace], dict[str, Any]]] = {
    "orders": orders,
    "bounds": bounds,
    "equal": equal,
    "payouts": payouts,
    "lines": lines,
    "prove": prove,
    "fees": fees,
}


def _say(name: str, figures: object) -> None:
    print(f"{name}: {json.dumps(figures, sort_keys=True)}", flush=True)


def main(words: Sequence[str] | None = None) -> int:
    """Run the parts that are asked for; everything is printed and left in the folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--orders", nargs="+", type=int, default=list(SIZES))
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--runs", type=int, default=COVERED_RUNS)
    parser.add_argument("--shops", type=int, default=SHOPS)
    parser.add_argument("--schedules", type=int, default=SCHEDULES)
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "quality")
    arguments = parser.parse_args(words)
    arguments.out.mkdir(parents=True, exist_ok=True)
    for part in arguments.parts:
        told = PARTS[part](arguments)
        text = json.dumps(told, sort_keys=True, indent=1) + "\n"
        (arguments.out / f"{part}.json").write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
