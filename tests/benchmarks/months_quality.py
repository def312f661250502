"""How good the classifier of breaks is, on generated months of which everything is known.

    make months                                            three months of 50,000 orders
    make months ARGS="--seeds 9101,9102,9103 --orders 50000 --rates few,some,many"
    make months ARGS="--clean --seeds 9101"                nothing is planted, so nothing but information may be found

A rate is how often each code is planted among orders: `few` 1 in 20,000, `some` 1 in 2,000, `many` 1 in 200. The whole
program is run as a process. It exits with 1 where recall or precision is below 99.9 %, or a clean month has a break.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.benchmarks.months.month import RATES, Recipe, recipe, write_month
from tests.benchmarks.months.score import INFORMATION, Row, Score, count_owned, read, score

ROOT = Path(__file__).resolve().parents[2]
ENOUGH = 0.999
_SHOWN = (
    "code",
    "leg",
    "expected",
    "actual",
    "currency",
    "order_ref",
    "payment_ref",
    "refund_ref",
    "batch_ref",
    "account",
)


def run(folder: Path, out: Path) -> float:
    """Reconcile a folder as a user would; returns the seconds.

    Raises:
        RuntimeError: the program refused.
    """
    started = time.perf_counter()
    command = [sys.executable, "-m", "recon", "match", str(folder), "--out", str(out), "--quiet"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if not (out / "breaks.csv").exists():
        raise RuntimeError(f"exit {done.returncode}\n{done.stdout}{done.stderr}")
    return time.perf_counter() - started


def judge(chosen: Recipe, folder: Path) -> tuple[Score, dict[str, Any]]:
    """Write a month, run it, and score what was found."""
    started = time.perf_counter()
    write_month(chosen, folder)
    written = time.perf_counter() - started
    out = folder / "result"
    seconds = run(folder, out)
    told = score(read(folder / "truth.csv"), read(out / "breaks.csv"))
    count_owned(told, read(out / "break_rows.csv"))
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    figures = {
        "seed": chosen.seed, "month": chosen.month, "orders": chosen.orders, "rate": chosen.rate,
        "planted": told.planted, "found": told.found, "exact": len(told.exact),
        "recall": len(told.exact) / max(1, told.planted), "precision": len(told.exact) / max(1, told.found),
        "other cause": len(told.causes), "other rows": len(told.owned), "alarms": summary.get("alarms"),
        "confusion": [[*pair, count] for pair, count in sorted(told.confusion().items())],
        "seconds": {"write": round(written, 1), "run": round(seconds, 1)},
    }  # fmt: skip
    return told, figures


def _line(row: Row) -> str:
    shown = [f"{name.removesuffix('_ref')} {row[name][:80]}" for name in _SHOWN if row.get(name) not in {"", None}]
    return ", ".join(shown)


def show(told: Score, figures: dict[str, Any], limit: int) -> None:
    """Print the figures, what was confused with what, and the first differences with both sides."""
    head = {name: value for name, value in figures.items() if name != "confusion"}
    print(json.dumps(head, ensure_ascii=False))
    for planted, found, count in figures["confusion"]:
        print(f"  {planted:20} {found:20} {count:6}{'' if planted == found else '  *'}")
    codes = [p["code"] == f["code"] for p, f in told.wrong]
    print(f"  right code but other sums or references: {sum(codes)}")
    for planted, found in told.wrong[:limit]:
        print(f"- {planted['label']}\n    planted {_line(planted)}\n    found   {_line(found)}")
    for planted in told.missed[:limit]:
        print(f"- {planted['label']}\n    planted {_line(planted)}\n    found   nothing")
    for found in told.extra[:limit]:
        print(f"- unplanted\n    found   {_line(found)}, cause {found['cause']}, day {found['value_date']}")
    for planted, found in told.causes[:limit]:
        print(f"- {planted['label']}: cause {planted['cause'] or 'none'} expected, {found['cause'] or 'none'} found")
    for planted, found in told.owned[:limit]:
        print(f"- {planted['label']}: owns {planted['owned']} entries by the guide; {found['break_id']}")


def main() -> int:
    """Read the command line, judge each month, and say whether it is good enough."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", default="9101,9102,9103")
    parser.add_argument("--orders", type=int, default=50_000)
    parser.add_argument("--rates", default="few,some,many", help="used in turn, one for each seed")
    parser.add_argument("--month", default="")
    parser.add_argument("--clean", action="store_true")
    parser.add_argument("--show", type=int, default=5)
    parser.add_argument("--keep", type=Path, help="write the months here and leave them")
    parser.add_argument("--json", type=Path, help="write the figures here")
    chosen = parser.parse_args()
    rates, good, all_figures = chosen.rates.split(","), True, []
    for place, seed in enumerate(chosen.seeds.split(",")):
        rate = 0 if chosen.clean else RATES[rates[place % len(rates)]]
        with tempfile.TemporaryDirectory() as temporary:
            folder = (chosen.keep or Path(temporary)) / f"{seed}-{rate}"
            told, figures = judge(recipe(int(seed), chosen.orders, rate, chosen.month), folder)
        show(told, figures, chosen.show)
        all_figures.append(figures)
        breaks = [row for row in (*told.extra, *(f for _, f in told.wrong)) if row["code"] not in INFORMATION]
        good &= not breaks if chosen.clean else min(figures["recall"], figures["precision"]) >= ENOUGH
    if chosen.json:
        chosen.json.write_text(json.dumps(all_figures, ensure_ascii=False, indent=1), encoding="utf-8")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
