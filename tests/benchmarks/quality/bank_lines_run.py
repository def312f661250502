"""How well the lines of a book and its bank are paired: F1 over pairs, precision of what is posted, found per kind.

    python -m tests.benchmarks.quality.bank_lines_run [--seeds 9000,9001,9002] [--noise 1]

A pair of the truth is one line of the book and one of the bank (each receipt of a deposit with the deposit), or two of
one side that cancel. Rows that print the same may be taken for one another. A pool of two on each side claims two
pairs, and is right about as many as the truth has inside it: it says that they belong together, not which to which.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from recon.matching.lines.board import LineMatch, Lines
from recon.matching.lines.match import match_lines
from tests.benchmarks.quality.bank_lines import BankSet, make

Pair = tuple[str, int, int]


def report(seeds: Sequence[int], noise: int) -> dict[str, Any]:
    """Return counts and per-mille figures over all seeds; all but `seconds` repeats byte for byte."""
    tally: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    found_kinds: Counter[str] = Counter()
    slowest = 0.0
    for seed in seeds:
        made = make(seed, noise)
        started = time.perf_counter()
        matches = match_lines(*as_lines(made))
        slowest = max(slowest, time.perf_counter() - started)
        truth = true_pairs(made)
        said, right = judged(made, matches, truth)
        posted = {pair for pair, verdict in said.items() if verdict != "suggested"}
        tally.update(
            truth=len(truth),
            said=len(said),
            right=len(right),
            posted=len(posted),
            posted_right=len(posted & right.keys()),
        )
        kinds.update(truth.values())
        found_kinds.update(right.values())
    return {
        "seeds": list(seeds),
        "noise": noise,
        "rows": 1000,
        **dict(sorted(tally.items())),
        "f1": _percent(2 * tally["right"], tally["truth"] + tally["said"]),
        "precision_of_posted": _percent(tally["posted_right"], tally["posted"]),
        "posted_of_truth": _percent(tally["posted_right"], tally["truth"]),
        "found": {kind: f"{found_kinds[kind]} of {count}" for kind, count in sorted(kinds.items())},
        "seconds": round(slowest, 2),
    }


def as_lines(made: BankSet) -> tuple[Lines, Lines]:
    """What is printed, as the matcher reads it."""
    book, bank = made.book, made.bank
    zeros = np.zeros(len(book), dtype=np.int64), np.zeros(len(bank), dtype=np.int64)
    text = [f"{name} {memo}" for name, memo in zip(book["name"], book["memo"], strict=True)]
    left = Lines(book["amount"].to_numpy(), book["day"].to_numpy(), zeros[0], text, book["number"].tolist())
    right = Lines(bank["amount"].to_numpy(), bank["day"].to_numpy(), zeros[1], bank["text"].tolist(), [""] * len(bank))
    return left, right


def true_pairs(made: BankSet) -> dict[Pair, str]:
    """Every pair of the truth, with its kind of hardship."""
    pairs: dict[Pair, str] = {}
    for group in made.truth:
        if group.book and group.bank:
            pairs |= {("across", i, j): group.kind for i in group.book for j in group.bank}
        else:
            side = "book" if group.book else "bank"
            rows = group.book or group.bank
            pairs |= {(side, a, b): group.kind for n, a in enumerate(rows) for b in rows[n + 1 :]}
    return pairs


def judged(
    made: BankSet, matches: Iterable[LineMatch], truth: dict[Pair, str]
) -> tuple[dict[Pair, str], dict[Pair, str]]:
    """Return the pairs that are said, with their verdicts, and those of them that are true, with their kinds."""
    said: dict[Pair, str] = {}
    right: dict[Pair, str] = {}
    left = dict(truth)
    for match in matches:
        pairs = list(_pairs(match))
        true = sorted(pair for pair in pairs if pair in left)
        if match.verdict == "pool":
            pairs = [*true, *(pair for pair in pairs if pair not in true)][: len(match.left)]
        said |= dict.fromkeys(pairs, match.verdict)
        right |= {pair: left.pop(pair) for pair in true}
    names = {side: _names(made, side) for side in ("across", "book", "bank")}
    alike: dict[tuple[str, int, int], list[str]] = {}
    for pair, kind in sorted(left.items()):
        alike.setdefault(_name(names, pair), []).append(kind)
    for pair in sorted(said.keys() - right.keys()):
        if alike.get(_name(names, pair)):
            right[pair] = alike[_name(names, pair)].pop()
    return said, right


def _pairs(match: LineMatch) -> Iterable[Pair]:
    if match.left and match.right:
        return [("across", i, j) for i in match.left for j in match.right]
    rows, side = match.left or match.right, "book" if match.left else "bank"
    return [(side, a, b) for n, a in enumerate(rows) for b in rows[n + 1 :]]


def _names(made: BankSet, side: str) -> tuple[list[int], list[int]]:
    book, bank = _prints(made.book), _prints(made.bank)
    return {"across": (book, bank), "book": (book, book), "bank": (bank, bank)}[side]


def _name(names: dict[str, tuple[list[int], list[int]]], pair: Pair) -> tuple[str, int, int]:
    """What the two rows print."""
    return pair[0], names[pair[0]][0][pair[1]], names[pair[0]][1][pair[2]]


def _prints(table: pd.DataFrame) -> list[int]:
    return table.groupby(list(table.columns), sort=False).ngroup().tolist()


def _percent(part: int, whole: int) -> str:
    """Two decimals, cut and not rounded, so that no figure looks better than it is."""
    hundredths = 10_000 * part // max(whole, 1)
    return f"{hundredths // 100}.{hundredths % 100:02d} %"


def main() -> None:
    """Print the report."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seeds", default="9000,9001,9002,9003,9004")
    options.add_argument("--noise", type=int, default=1)
    chosen = options.parse_args()
    print(json.dumps(report([int(seed) for seed in chosen.seeds.split(",")], chosen.noise), indent=2))


if __name__ == "__main__":
    main()
