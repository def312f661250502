"""Public sets with known answers: recon reads and reconciles each one, blind, and is scored.

    python -m tests.benchmarks.public_sets --data FOLDER      FOLDER holds matching/ (default: RECON_REAL_FILES)

Per set and question: the true answers, how recon found them (proved, pool, suggested, a code, in transit), what it
posted wrongly, and every miss with the reason that recon gives. The sets are not part of this project; columns that
hold their answers never reach the matcher. The report is the same, byte for byte, every time.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.public import cash_application, lerian_acquirer, lerian_payouts, settlesense
from tests.benchmarks.public.scores import Score

Set = tuple[Callable[[Path, Path], None], Callable[[Path, Path], list[Score]]]
SETS: dict[str, Set] = {
    "SettleSense": (settlesense.prepare, settlesense.score),
    "Lerian 01, card acquirer": (lerian_acquirer.prepare, lerian_acquirer.score),
    "Lerian 03, marketplace payouts": (lerian_payouts.prepare, lerian_payouts.score),
    "taskgraph cash application": (cash_application.prepare, cash_application.score),
}


def scores(data: Path) -> Iterator[tuple[str, list[Score]]]:
    """Prepare, run and score every set of a folder."""
    for name, (prepare, score) in SETS.items():
        with TemporaryDirectory(prefix="recon-public-") as scratch:
            prepare(data, Path(scratch))
            yield name, score(data, Path(scratch))


def main() -> int:
    """Print the scores."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, default=os.environ.get("RECON_REAL_FILES"))
    options.add_argument("--most", type=int, default=6, help="how many misses with one reason are named")
    chosen = options.parse_args()
    if chosen.data is None:
        print("Name the folder that holds matching/ by --data or RECON_REAL_FILES.", file=sys.stderr)
        return 2
    for name, found in scores(Path(chosen.data)):
        print(f"== {name}")
        for score in found:
            print(score.text(chosen.most))
    return 0


if __name__ == "__main__":
    sys.exit(main())
