"""A folder of files, a whole run over it as the command line makes it, and the tables that the run leaves."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from recon.cli import run

Row = dict[str, str]


@dataclass(frozen=True)
class Result:
    """What a run left: its exit code, its output folder, and the tables there as rows of text."""

    code: int
    out: Path

    def table(self, name: str) -> list[Row]:
        """A csv of the result."""
        with (self.out / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))

    @property
    def summary(self) -> dict[str, Any]:
        """summary.json."""
        found: dict[str, Any] = json.loads((self.out / "summary.json").read_text(encoding="utf-8"))
        return found

    def found(self, code: str | None = None, leg: str | None = None) -> list[tuple[str, ...]]:
        """Code, expected, actual, difference, cause, symptoms and severity of each finding."""
        names = ("code", "expected", "actual", "difference", "cause", "symptoms", "severity")
        rows = [r for r in self.table("breaks") if code in (None, r["code"]) and leg in (None, r["leg"])]
        return [tuple(row[name] for name in names) for row in rows]

    def one(self, code: str) -> Row:
        """The only finding of a code."""
        (row,) = [row for row in self.table("breaks") if row["code"] == code]
        return row

    def owned(self, break_id: str) -> list[tuple[str, ...]]:
        """Side, kind, amount and order number of the rows that a finding owns, sorted."""
        return self._rows(break_id, "true")

    def linked(self, break_id: str) -> list[tuple[str, ...]]:
        """The same of the rows that a finding only shows."""
        return self._rows(break_id, "false")

    def _rows(self, break_id: str, owned: str) -> list[tuple[str, ...]]:
        rows = [r for r in self.table("break_rows") if r["break_id"] == break_id and r["owned"] == owned]
        return sorted((row["side"], row["kind"], row["amount"], row["order_ref"]) for row in rows)

    def waiting(self, leg: str = "order-gateway") -> list[tuple[str, ...]]:
        """Kind, amount, reason, due day and rule of what is in transit on a leg, sorted."""
        names = ("kind", "amount", "reason", "due_date", "rule")
        return sorted(tuple(r[name] for name in names) for r in self.table("in_transit") if r["leg"] == leg)

    def excluded(self, leg: str = "order-gateway") -> list[tuple[str, ...]]:
        """Kind, amount and reason of what a leg leaves out, sorted."""
        names = ("kind", "amount", "reason")
        return sorted(tuple(r[name] for name in names) for r in self.table("excluded") if r["leg"] == leg)

    def matched(self, leg: str = "order-gateway") -> list[tuple[str, str, str, list[str]]]:
        """Verdict, basis, rule and the members (kind and amount) of each match of a leg, smallest member first."""
        groups: dict[str, list[Row]] = {}
        for row in self.table("matches"):
            if row["leg"] == leg:
                groups.setdefault(row["match_id"], []).append(row)
        told = [
            (rows[0]["verdict"], rows[0]["basis"], rows[0]["rule"], [f"{r['kind']} {r['amount']}" for r in rows])
            for rows in groups.values()
        ]
        return sorted(told, key=lambda match: (match[3], match[:3]))

    def residuals(self, leg: str = "order-gateway") -> set[str]:
        """What the matches of a leg leave over."""
        return {row["residual"] for row in self.table("matches") if row["leg"] == leg}

    def booked(self, event: str) -> list[tuple[str, str, str]]:
        """Role, debit and credit of each voucher line of an event, in the order of the lines."""
        return [(r["role"], r["debit"], r["credit"]) for r in self.table("vouchers") if r["event"] == event]


@dataclass
class Folder:
    """A folder into which a test puts files, and that it reconciles as the command line does."""

    place: Path
    config: str = ""
    files: dict[str, bytes] = field(default_factory=dict)

    def put(self, **files: bytes) -> Folder:
        """Put files by name; `orders` becomes orders.csv."""
        self.files |= {f"{name}.csv": content for name, content in files.items()}
        return self

    def match(self, as_of: str | None = None, out: str = "out", **options: str) -> Result:
        """Write the files into a workspace of their own and run `recon match` over it."""
        inbox = self.place / "inbox"
        for name, content in self.files.items():
            path = inbox / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        (self.place / "recon.yaml").write_text(f"lang: en\n{self.config}", encoding="utf-8")
        told = {"as-of": as_of, **{name.replace("_", "-"): value for name, value in options.items()}}
        arguments = [word for name, value in told.items() if value is not None for word in (f"--{name}", value)]
        target = self.place / out
        return Result(run(["match", str(self.place), "--out", str(target), "--quiet", *arguments]), target)
