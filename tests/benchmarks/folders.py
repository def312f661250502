"""Does a hole in the files stay one finding? Generated folders with files missing, cut, doubled or misnumbered.

    python -m tests.benchmarks.folders [--seeds 200] [--first SEED] [--parts files keys]

`files`: files dropped, cut, emptied, doubled. `keys`: the numbers of a list and of its account are two numberings.
Each folder is run by the program as a process. A folder is right if the findings are exactly the planted ones, with
code, account, days and what waits for them, no other finding beside them (information apart), and if doubled rows are
counted as repeated. Prints one line per folder that is not right, and the count; exits with 1 when there is one.
"""

from __future__ import annotations

import argparse
import csv
import os
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from recon.money import format_amount
from tests.benchmarks.downloads.damage import Folder, Truth, build, build_swapped

ROOT = Path(__file__).resolve().parents[2]
PARTS: dict[str, Callable[[int, Path], Folder]] = {"files": build, "keys": build_swapped}
#: Seeds of the figures that are reported; nobody looks at them while tuning.
FIRST_SEED = 9_000
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def judge(part: str, seed: int, scratch: Path) -> list[str]:
    """Build a folder, run the program on it and return what is wrong with the result, one line each."""
    folder, out = scratch / f"{part}-{seed}", scratch / f"{part}-{seed}-out"
    told = PARTS[part](seed, folder)
    lang = ("zh", "en")[seed % 2]
    command = [sys.executable, "-m", "recon", "match", str(folder), "--out", str(out), "--lang", lang]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, check=False, timeout=300
    )
    if done.returncode not in (0, 3):
        return [f"exit {done.returncode}: {done.stderr.decode('utf-8')[-500:]}"]
    return wrong(told, table(out / "breaks.csv"), table(out / "files.csv"))


def table(path: Path) -> list[dict[str, str]]:
    """The rows of a csv."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def wrong(told: Folder, breaks: Sequence[dict[str, str]], files: Sequence[dict[str, str]]) -> list[str]:
    """What differs from the truth, one line each."""
    found = [row for row in breaks if row["severity"] != "info"]
    faults = []
    for truth in told.truths:
        mine = [row for row in found if (row["code"], row["account"]) == (truth.code, truth.account)]
        found = [row for row in found if row not in mine]
        if len(mine) != 1:
            faults.append(f"{len(mine)} x {truth.code} {truth.account} for one")
        faults += [fault for row in mine[:1] for fault in _differs(truth, row)]
    beside = sorted({(row["code"], row["account"]) for row in found})
    faults += [f"beside it {sum((r['code'], r['account']) == one for r in found)} x {' '.join(one)}" for one in beside]
    repeated = sum(int(row["repeated"]) for row in files)
    if repeated != told.repeated:
        faults.append(f"{repeated} rows repeated, planted {told.repeated}")
    return faults


def _differs(truth: Truth, row: dict[str, str]) -> list[str]:
    text, faults = row["explanation"], []
    if truth.days is not None and set(_DAY.findall(text)) != set(truth.days):
        faults.append(f"days {truth.days} in: {text}")
    if truth.orders is not None and truth.orders[0]:
        count, amount = truth.orders
        shown = format_amount(amount, "CNY")
        if not re.search(rf"(?<!\d){count:,}(?!\d)", text) and not re.search(rf"(?<!\d){count}(?!\d)", text):
            faults.append(f"{count} orders in: {text}")
        if shown not in text.replace(",", ""):
            faults.append(f"{shown} in: {text}")
    if truth.sums is not None:
        expected = tuple(format_amount(one, "CNY") for one in truth.sums)
        if (row["expected"], row["actual"]) != expected:
            faults.append(f"sums {row['expected']} / {row['actual']} for {' / '.join(expected)}")
    faults += [
        f"no column {' or '.join(names)} in: {text}" for names in truth.columns if not any(n in text for n in names)
    ]
    return faults


def main(words: Sequence[str] | None = None) -> int:
    """Judge the folders that are asked for."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seeds", type=int, default=200)
    options.add_argument("--first", type=int, default=FIRST_SEED)
    options.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    options.add_argument("--keep", type=Path, help="leave folders and results here")
    chosen = options.parse_args(words)
    failed = 0
    for part in chosen.parts:
        right = 0
        for seed in range(chosen.first, chosen.first + chosen.seeds):
            with TemporaryDirectory(prefix="recon-folders-") as scratch:
                place = chosen.keep or Path(scratch)
                faults = judge(part, seed, place)
            right += not faults
            if faults:
                print(f"{part} {seed}: {'; '.join(faults)}", flush=True)
        print(f"{part}: {right} of {chosen.seeds} folders right", flush=True)
        failed += chosen.seeds - right
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
