"""Where the rows of a public set ended: the product reads and reconciles a workspace, and is asked row by row."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from recon import workspace
from recon.channels.spec import load_specs
from recon.config import load
from recon.config.rules import rules_of
from recon.intake import read
from recon.ledger.outcome import BREAK, EXCLUDED, IN_TRANSIT, MATCHED, Outcome
from recon.outputs.conservation import prove
from recon.pipeline import reconcile

#: What a row itself says, before the charges on it.
_MAIN = ("sale", "payment", "payout", "receipt", "disbursement", "chargeback", "adjustment", "refund")
#: Findings are numbered behind all matches.
_FINDINGS = 1_000_000


@dataclass(frozen=True)
class Place:
    """answer: proved, pool, unproven, a break's code, in transit, excluded or not booked; bundle: -1 outside a match
    or break, else its number in the run; reason: in recon's own words.
    """

    answer: str
    bundle: int
    reason: str


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write rows as a file that a generic channel reads."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        lines = csv.writer(stream, lineterminator="\n")
        lines.writerow(columns)
        lines.writerows(rows)


def read_table(path: Path, *, hidden: Sequence[str] = ()) -> list[dict[str, str]]:
    """Read a table of a public set without the columns that hold its answers."""
    with path.open(encoding="utf-8", newline="") as stream:
        return [{k: v for k, v in row.items() if k not in hidden} for row in csv.DictReader(stream)]


class Answers:
    """The places of all rows of one run."""

    def __init__(self, outcome: Outcome) -> None:
        """Look rows up in an outcome."""
        self.outcome = outcome
        self._groups = {leg: outcome.groups(leg) for leg in ("order-gateway", "payout", "gateway-bank")}
        entries = outcome.entries
        files, rows = entries["source_file"].astype(str).tolist(), entries["source_row"].tolist()
        kinds = entries["kind"].astype(str).tolist()
        self._entries: dict[tuple[str, int], list[tuple[str, int]]] = {}
        for at, (file, row, kind) in enumerate(zip(files, rows, kinds, strict=True)):
            self._entries.setdefault((file, int(row)), []).append((kind, at))
        self._row_of = list(zip(files, rows, strict=True))
        self._not_booked = _not_booked(outcome)

    def place(self, leg: str, file: str, row: int, kinds: Sequence[str] = _MAIN) -> Place:
        """Return where the main entry of a row of a file ended in a leg."""
        entries = sorted((kinds.index(kind), at) for kind, at in self._entries.get((file, row), []) if kind in kinds)
        if not entries:
            return Place("not booked", -1, self._not_booked.get((file, row), "no such row"))
        group, index = self._groups[leg]
        at = entries[0][1]
        number = int(index[at])
        outcome = self.outcome
        if group[at] == MATCHED:
            found = outcome.matches.set_index("match").loc[number]
            return Place(str(found["verdict"]), number, f"{found['rule']}, {found['explanation']}")
        if group[at] == BREAK:
            found = outcome.findings.set_index("finding").loc[number]
            cause = f" ({found['cause']})" if isinstance(found["cause"], str) and found["cause"] else ""
            return Place(str(found["code"]) + cause, _FINDINGS + number, str(found["explanation"]))
        if group[at] in (IN_TRANSIT, EXCLUDED):
            table, name = (
                (outcome.in_transit, "in transit") if group[at] == IN_TRANSIT else (outcome.excluded, "excluded")
            )
            found = table.loc[number]
            rule = f", {found['rule']}" if isinstance(found["rule"], str) and found["rule"] else ""
            return Place(name, -1, f"{found['reason']}{rule}")
        return Place("outside", -1, f"the leg {leg} does not own it")

    def gap(self, place: Place) -> int:
        """Return actual less expected of the finding at a place, minor units; 0 for a match."""
        if place.bundle < _FINDINGS:
            return 0
        found = self.outcome.findings.set_index("finding")
        return int(found.loc[place.bundle - _FINDINGS, "difference"])

    def matches(self, leg: str) -> list[tuple[str, set[tuple[str, int]]]]:
        """Return verdict and (file, row) of the members of each match of a leg."""
        frame = self.outcome.matches
        mine = frame[(frame["leg"] == leg).to_numpy()]
        members: dict[int, set[tuple[str, int]]] = {int(m): set() for m in mine["match"]}
        for number, at in zip(self.outcome.members["match"], self.outcome.members["row"], strict=True):
            if int(number) in members:
                file, row = self._row_of[int(at)]
                members[int(number)].add((file, int(row)))
        return [(str(v), members[int(m)]) for m, v in zip(mine["match"], mine["verdict"], strict=True)]


def _not_booked(outcome: Outcome) -> dict[tuple[str, int], str]:
    found: dict[tuple[str, int], str] = {}
    for statement in outcome.statements:
        found |= {(statement.file, int(row)): f"skipped: {reason}" for row, reason in statement.skipped}
        found |= {(statement.file, int(f.row)): f"set aside: {f.problem}" for f in statement.quarantined}
    return found


def answers(folder: Path) -> Answers:
    """Read and reconcile a workspace (recon.yaml and inbox/) as `recon match` does, prove it, and return its places."""
    config = load(folder / "recon.yaml")
    specs = load_specs()
    reading = read([folder / workspace.INBOX_NAME], config=config, progress=lambda _stage, _done, _all: None)
    if reading.unread:
        raise SystemExit("\n".join(str(one.fault) for one in reading.unread))
    rules = rules_of(config, {name: spec.facts() for name, spec in specs.items()}, None, None, "en")
    outcome = reconcile(reading.entries, reading.statements, reading.unread, rules)
    prove(outcome)
    return Answers(outcome)
