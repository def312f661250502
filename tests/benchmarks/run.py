"""recon beside plain pandas, on the same generated files: wall, processor time and peak memory of both.

    make bench                                          100,000 and 1,000,000 orders
    make bench ARGS="--orders 100000 --repeats 5"       other sizes
    make bench ARGS="--orders 100000 --stages"          also where recon's time and memory go, function by function

Makes the Taobao case (order reports, Alipay bills, bank statements) once per size and seed, then runs `recon match` and
`baseline_pandas.py` in turn, each as a process of its own, so that a busy machine disturbs both alike. Every run must
give exactly the breaks that were planted, else the figures are worth nothing and the exit code is 1. Medians and the
range of the runs are printed; everything is left in FOLDER/result.json.
"""

import argparse
import csv
import hashlib
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from measure import Cost, measure

ROOT = Path(__file__).resolve().parents[2]
BASELINE = Path(__file__).with_name("baseline_pandas.py")
STAGES = Path(__file__).with_name("stages.py")
CASE = "taobao-alipay-bank"
AS_OF = "2026-10-31"
COMPARED = ("code", "leg", "order_ref", "payment_ref", "expected", "actual", "difference")
LONG_REFERENCES = 2**31 - 1
"""A cutoff of a million orders names them all in one cell; csv stops at 131,072 characters unless told."""
FIGURES = ("wall s", "user s", "system s", "peak MB")


def main() -> None:
    """Read the command line, measure every size, print and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--orders", type=int, nargs="+", default=[100_000, 1_000_000], help="sizes of the case")
    parser.add_argument("--repeats", type=int, help="runs of each; by default 3, and 2 from 500,000 orders")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "bench", help="where files and results lie")
    parser.add_argument("--stages", action="store_true", help="one more run of recon, clocked function by function")
    chosen = parser.parse_args()
    csv.field_size_limit(LONG_REFERENCES)
    folder = chosen.folder.resolve()
    results, right = [], True
    for orders in chosen.orders:
        case = made(folder, orders, chosen.seed)
        repeats = chosen.repeats or (2 if orders >= 500_000 else 3)
        result = compared(folder, case, orders, repeats)
        results.append(result)
        right &= bool(result["same_breaks"])
        if chosen.stages:
            say(f"\n{orders:,} orders, where the time of recon goes")
            subprocess.run(
                [sys.executable, str(STAGES), str(case / "inbox"), str(folder / "out-recon")], cwd=ROOT, check=True
            )
    write(folder / "result.json", results, chosen.seed)
    say(f"\n{shown(folder / 'result.json')}")
    sys.exit(0 if right else 1)


def made(folder: Path, orders: int, seed: int) -> Path:
    """The case's folder; files of an earlier run are used again while the generator is the same."""
    case = folder / f"{CASE}-{orders}-{seed}"
    stamp = case / "generator.sha256"
    sources = sorted((ROOT / "recon" / "samples").glob("*.py"))
    now = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()
    if not stamp.is_file() or stamp.read_text(encoding="ascii") != now:
        say(f"{orders:,} orders: making the files")
        shutil.rmtree(case, ignore_errors=True)
        case.parent.mkdir(parents=True, exist_ok=True)
        options = ["--seed", str(seed), "--orders", str(orders)]
        subprocess.run([sys.executable, "-m", "recon.samples", CASE, *options, str(case)], cwd=ROOT, check=True)
        stamp.write_text(now, encoding="ascii", newline="\n")
    return case


def compared(folder: Path, case: Path, orders: int, repeats: int) -> dict[str, object]:
    """Run both in turn, recon first, and compare what they found with what was planted."""
    outs = {"recon": folder / "out-recon", "pandas": folder / "out-pandas"}
    commands = {
        "recon": ["-m", "recon", "match", str(case / "inbox"), "--out", str(outs["recon"])],
        "pandas": [str(BASELINE), str(case / "inbox"), str(outs["pandas"]), "--as-of", AS_OF],
    }
    size = touched(case / "inbox")
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    wrong: list[str] = []
    for turn in range(repeats):
        for name, command in commands.items():
            shutil.rmtree(outs[name], ignore_errors=True)  # a rerun would also be compared with what lies there
            cost = measure([sys.executable, *command], ROOT)
            costs[name].append(cost)
            wrong += judged(name, cost, outs[name], case / "expected")
            say(f"  {turn + 1}/{repeats} {name:6} {cost.wall:7.1f} s  {cost.peak / 1e6:7.0f} MB")
    medians = {name: middle(runs) for name, runs in costs.items()}
    say(f"\n{orders:,} orders, {size / 1e6:,.0f} MB of files, {repeats} runs each")
    say(f"  {'':8} {'recon':>24} {'pandas':>24} {'ratio':>7}")
    for figure in FIGURES:
        cells = [ranged([figures(run)[figure] for run in costs[name]]) for name in commands]
        ratio = medians["recon"][figure] / medians["pandas"][figure] if medians["pandas"][figure] else float("nan")
        say(f"  {figure:8} {cells[0]:>24} {cells[1]:>24} {ratio:7.2f}")
    stages = staged(costs["recon"])
    say("  stages of recon: " + ", ".join(f"{name} {seconds:.1f} s" for name, seconds in stages.items()))
    say("  both found exactly the planted breaks" if not wrong else "\n".join(f"  WRONG {line}" for line in wrong))
    return {
        "orders": orders,
        "input_bytes": size,
        "median": medians,
        "ratio": {f: medians["recon"][f] / medians["pandas"][f] for f in FIGURES if medians["pandas"][f]},
        "stages": stages,
        "same_breaks": not wrong,
        "runs": {name: [asdict(run) for run in runs] for name, runs in costs.items()},
    }


def touched(inbox: Path) -> int:
    """Read all files once, so that the first run is not the only one that waits for the disk; returns their bytes."""
    size = 0
    for file in sorted(inbox.iterdir()):
        with file.open("rb") as stream:
            while part := stream.read(1 << 20):
                size += len(part)
    return size


def judged(name: str, cost: Cost, out: Path, expected: Path) -> Iterator[str]:
    """What is wrong with a run: its exit code, or breaks that were not planted or not found."""
    if cost.code:
        yield f"{name} ended with {cost.code}: {cost.lines[-1][1] if cost.lines else 'no word'}"
        return
    wanted, found = breaks(expected / "breaks.csv"), breaks(out / "breaks.csv")
    for sign, rows in (("-", wanted - found), ("+", found - wanted)):
        for row in sorted(rows.elements())[:10]:
            yield f"{name} {sign} {' '.join(row)[:200]}"


def breaks(path: Path) -> Counter[tuple[str, ...]]:
    """The findings of a table by the columns that both programs give."""
    with path.open(encoding="utf-8", newline="") as stream:
        return Counter(tuple(row[column] for column in COMPARED) for row in csv.DictReader(stream))


def figures(run: Cost) -> dict[str, float]:
    """The figures that are compared."""
    return dict(zip(FIGURES, (run.wall, run.user, run.system, run.peak / 1e6), strict=True))


def middle(runs: Sequence[Cost]) -> dict[str, float]:
    """The median of each figure."""
    return {figure: statistics.median(figures(run)[figure] for run in runs) for figure in FIGURES}


def ranged(values: Sequence[float]) -> str:
    """The median, and the range of the runs."""
    return f"{statistics.median(values):.1f} ({min(values):.1f}-{max(values):.1f})"


def staged(runs: Sequence[Cost]) -> dict[str, float]:
    """Median seconds per stage: recon says on stderr when one ends; `read` holds the start of Python as well."""
    found: dict[str, list[float]] = {}
    for run in runs:
        before = 0.0
        for moment, line in run.lines:
            name = line.split(":")[0]
            if name in {"read", "match", "draft", "write"}:
                found.setdefault(name, []).append(moment - before)
                before = moment
        found.setdefault("end", []).append(run.wall - before)
    return {name: statistics.median(seconds) for name, seconds in found.items()}


def write(path: Path, results: Sequence[dict[str, object]], seed: int) -> None:
    """Leave all figures as json, with what they were measured on."""
    machine = {"system": platform.system(), "processor": platform.machine(), "cores": os.cpu_count()}
    packages = {name: version(name) for name in ("recon", "pandas", "numpy", "pyarrow", "openpyxl")}
    whole = {
        "seed": seed,
        "python": platform.python_version(),
        "machine": machine,
        "packages": packages,
        "sizes": results,
    }
    path.write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")


def shown(path: Path) -> str:
    """A path as seen from the project, where it lies inside it."""
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else str(path)


def say(line: str) -> None:
    """Print at once: a run of a million orders takes minutes."""
    print(line, flush=True)


if __name__ == "__main__":
    main()
