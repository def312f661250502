"""`python -m recon.samples CASE --seed N --orders N FOLDER`: write one case; for the Makefile and the benchmark."""

import argparse
from pathlib import Path

from recon.samples import CASES, write_case


def main() -> None:
    """Read the command line and write the case."""
    parser = argparse.ArgumentParser(prog="python -m recon.samples", description=__doc__)
    parser.add_argument("case", choices=CASES)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--orders", type=int, default=100)
    chosen = parser.parse_args()
    write_case(chosen.case, chosen.seed, chosen.orders, chosen.folder)


if __name__ == "__main__":
    main()
