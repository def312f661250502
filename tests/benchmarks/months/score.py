"""Compare the findings of a run with what was planted: each once, with its code, sums and references."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

REFS = ("order_ref", "payment_ref", "refund_ref", "batch_ref")
INFORMATION = ("cutoff", "late_settlement")
Row = dict[str, str]


@dataclass
class Score:
    """exact: pairs that agree. wrong: planted and the finding on its rows that is not it. missed: planted, nothing.

    extra: found, never planted. causes, owned: of the exact ones with another cause or number of owned entries.
    """

    exact: list[tuple[Row, Row]] = field(default_factory=list)
    wrong: list[tuple[Row, Row]] = field(default_factory=list)
    missed: list[Row] = field(default_factory=list)
    extra: list[Row] = field(default_factory=list)
    causes: list[tuple[Row, Row]] = field(default_factory=list)
    owned: list[tuple[Row, Row]] = field(default_factory=list)

    @property
    def planted(self) -> int:
        """How many were planted."""
        return len(self.exact) + len(self.wrong) + len(self.missed)

    @property
    def found(self) -> int:
        """How many a run found."""
        return len(self.exact) + len(self.wrong) + len(self.extra)

    def confusion(self) -> Counter[tuple[str, str]]:
        """How often a planted code was found as which code."""
        pairs = [(p["code"], f["code"]) for p, f in (*self.exact, *self.wrong)]
        pairs += [(p["code"], "nothing") for p in self.missed] + [("unplanted", f["code"]) for f in self.extra]
        return Counter(pairs)


def read(path: Path) -> list[Row]:
    """The rows of a table."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _sums(row: Row) -> tuple[str, ...]:
    return (row["code"], row["expected"], row["actual"], row["currency"])


def _refs(row: Row) -> tuple[str, ...]:
    return tuple(";".join(sorted(filter(None, row[name].split(";")))) for name in REFS)


def _names(row: Row) -> set[tuple[str, str]]:
    """What a row can be recognised by: its numbers, else its account."""
    names = {(name, value) for name in REFS for value in row[name].split(";") if value not in {"", "?"}}
    return names or {("account", row["account"].split(":")[-1])}


def score(truth: Iterable[Row], found: Iterable[Row]) -> Score:
    """Pair what was planted with what was found: first all that agrees, then what shares a number or an account."""
    told, left = Score(), list(truth)
    by_sums: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in found:
        by_sums[_sums(row)].append(row)
    for judged in (True, False):  # those whose references are judged choose first
        rest = []
        for planted in left:
            some = by_sums[_sums(planted)]
            fits = [f for f in some if planted["order_ref"] == "?" or _refs(f) == _refs(planted)]
            if (planted["order_ref"] != "?") != judged or not fits:
                rest.append(planted)
                continue
            some.remove(fits[0])
            told.exact.append((planted, fits[0]))
        left = rest
    spare = [row for some in by_sums.values() for row in some]
    by_name: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in spare:
        for name in _names(row) | {("account", row["account"].split(":")[-1])}:
            by_name[name].append(row)
    used: set[int] = set()
    for planted in left:
        near = [f for name in sorted(_names(planted)) for f in by_name[name] if id(f) not in used]
        near.sort(key=lambda f: (f["code"] != planted["code"], _sums(f) != _sums(planted)))
        if near:
            used.add(id(near[0]))
            told.wrong.append((planted, near[0]))
        else:
            told.missed.append(planted)
    told.extra = [row for row in spare if id(row) not in used]
    told.causes = [(p, f) for p, f in told.exact if p["cause"] not in {"?", f["cause"]}]
    return told


def count_owned(told: Score, rows: Iterable[Row]) -> None:
    """Note exact findings that own another number of entries than was planted."""
    owned = Counter(row["break_id"] for row in rows if row["owned"] in {"true", "True"})
    told.owned = [(p, f) for p, f in told.exact if p["owned"] not in {"?", str(owned[f["break_id"]])}]
