"""How fast a large download becomes a ledger, and whether every cell of it is right.

    python -m tests.benchmarks.reading_speed                         four channels, 1,000,000 rows, both encodings
    python -m tests.benchmarks.reading_speed --rows 100000 --channels douyin.flow

Each file is read in a process of its own, `--repeats` times, from opening to normalised entries, hashes and control
totals included; then its ledger is compared, cell by cell, with a plain reader. Prints a line per file: entries per
row, median and range of seconds, rows per second. Exits with 1 when a cell differs or a total does not agree.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from recon.channels.reader import read_file
from recon.channels.spec import load_specs
from recon.ledger.statement import Statement
from tests.benchmarks.reading.compare import differences
from tests.benchmarks.reading.downloads import MAKERS, write

ROOT = Path(__file__).resolve().parents[2]
ENCODINGS = ("utf-8-sig", "gb18030")


def main() -> None:
    """Read the command line, make the files, clock and compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--channels", nargs="+", choices=sorted(MAKERS), default=list(MAKERS))
    parser.add_argument("--clock", type=Path, help="read this file once and print the seconds")
    chosen = parser.parse_args()
    if chosen.clock:
        print(clocked(chosen.clock)[0])
        return
    with tempfile.TemporaryDirectory() as scratch:
        right = [
            measured(channel, encoding, chosen.rows, chosen.repeats, chosen.seed, Path(scratch) / "bill.csv")
            for channel in chosen.channels
            for encoding in ENCODINGS
        ]
    sys.exit(0 if all(right) else 1)


def clocked(path: Path) -> tuple[float, Statement]:
    """Seconds from opening the file to its entries, the channels being loaded."""
    specs = load_specs()
    start = time.perf_counter()
    (one,) = read_file(path, path.name, specs)
    seconds = time.perf_counter() - start
    if not isinstance(one, Statement):
        raise SystemExit(f"{path}: {one.fault}")
    return seconds, one


def measured(channel: str, encoding: str, rows: int, repeats: int, seed: int, path: Path) -> bool:
    """Clock one file and compare it; prints its line. False where something is wrong."""
    write(channel, rows, seed, encoding, path)
    command = [sys.executable, "-m", "tests.benchmarks.reading_speed", "--clock", str(path)]
    seconds = [
        float(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)
        for _ in range(repeats)
    ]
    _, one = clocked(path)
    wrong = differences(one.table, channel, path, encoding)
    if (one.channel, one.rows, one.booked_rows) != (channel, rows, rows):
        wrong.append(f"{one.channel}: {one.booked_rows} of {one.rows} rows booked")
    if "broken" in (one.control_total, one.balance_chain):
        wrong.append(f"control total {one.control_total}, balance {one.balance_chain}")
    middle = statistics.median(seconds)
    entries = one.table.num_rows / rows
    print(
        f"{channel:16} {encoding:10} {path.stat().st_size / 1e6:6.0f} MB, {entries:.2f} entries a row: "
        f"{middle:.2f} s ({min(seconds):.2f} to {max(seconds):.2f}), {rows / middle / 1000:.0f}k rows/s; "
        + ("equal" if not wrong else "; ".join(wrong[:3])),
        flush=True,
    )
    return not wrong


if __name__ == "__main__":
    main()
