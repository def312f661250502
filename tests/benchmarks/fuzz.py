"""Generated cases with seeds nobody looked at: every planted break must be found, with its code, amount, references.

    python tests/benchmarks/fuzz.py [--seeds 20] [--first SEED] [--sizes 500,2000,20000] [--case NAME ...]

Prints one line per case and seed, and a difference where there is one; exits with 1 when a table differs.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from recon.cli import run as recon
from recon.samples import CASES, write_case


def main() -> int:
    """Run the seeds."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seeds", type=int, default=20)
    options.add_argument("--first", type=int, default=1000)
    options.add_argument("--sizes", default="500,1000,2000,5000,20000")
    options.add_argument("--case", action="append", choices=CASES)
    chosen = options.parse_args()
    sizes = [int(size) for size in chosen.sizes.split(",")]
    failed = 0
    for case in chosen.case or CASES:
        for place, seed in enumerate(range(chosen.first, chosen.first + chosen.seeds)):
            failed += not _agrees(case, seed, sizes[place % len(sizes)])
    print(f"{failed} of {len(chosen.case or CASES) * chosen.seeds} differ")
    return 1 if failed else 0


def _agrees(case: str, seed: int, orders: int) -> bool:
    started = time.perf_counter()
    with TemporaryDirectory(prefix="recon-fuzz-") as scratch:
        folder = Path(scratch) / f"{case}-{seed}"
        write_case(case, seed, orders, folder)
        code = recon(["check", str(folder)])
    took = time.perf_counter() - started
    print(f"{case} seed {seed}, {orders} orders: {'as planted' if code == 0 else 'DIFFERS'} ({took:.1f} s)", flush=True)
    return code == 0


if __name__ == "__main__":
    sys.exit(main())
