"""decisions.csv: what people decided, one line each. It is read and never written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from recon.config.lists import lines
from recon.errors import Fault, UsageFault
from recon.ledger.decisions import DECLINE, MATCH, Decision, Decisions
from recon.ledger.outcome import FILE, LEGS, TRADE_CASH

_COLUMNS = ("decision", "entry_ids")
_PREFIXES = (*LEGS, TRADE_CASH, FILE)
_ENTRY = re.compile(r"[0-9a-f]+")


def read_decisions(path: Path | None) -> Decisions:
    """Return the decisions in a file; without a file there are none.

    UTF-8, with or without a byte order mark. Columns `decision` (match or decline) and `entry_ids` (`;` between, with
    or without the leg before each, as breaks.csv prints them). Of the others `owner` (else `by`) and `note` are shown
    beside the breaks that a decision is about.

    Raises:
        UsageFault: the file cannot be used; one line per fault, in the order of the file.
    """
    if path is None:
        return Decisions()
    faults: list[Fault] = []
    read: dict[str, list[Decision]] = {MATCH: [], DECLINE: []}
    for number, cells in lines(path, _COLUMNS):
        word, decision = _decision(path.name, number, cells, faults)
        if decision is not None:
            read[word].append(decision)
    matches = _once(path.name, read[MATCH], faults)
    if faults:
        raise UsageFault("\n".join(map(str, sorted(faults, key=lambda fault: fault.row))))
    return Decisions(matches, tuple(read[DECLINE]), path.name)


def _decision(file: str, line: int, cells: Mapping[str, str], faults: list[Fault]) -> tuple[str, Decision | None]:
    word, text = cells["decision"], cells.get("entry_ids", "")
    before = len(faults)
    if word not in (MATCH, DECLINE):
        faults.append(Fault(file, line, "decision", word, "is no decision", f"Write {MATCH} or {DECLINE}."))
    entries = set()
    for part in filter(None, (part.strip() for part in text.split(";"))):
        leg, _, entry = part.rpartition(":")
        if (leg and leg not in _PREFIXES) or not _ENTRY.fullmatch(entry):
            remedy = "Copy it from entry_ids of breaks.csv or entry_id of in_transit.csv."
            faults.append(Fault(file, line, "entry_ids", part, "is no entry id", remedy))
        entries.add(entry)
    if len(entries) < 2 and len(faults) == before:
        faults.append(Fault(file, line, "entry_ids", text, "names fewer than two entries", "Put `;` between them."))
    if len(faults) > before:
        return word, None
    owner = cells.get("owner", "") or cells.get("by", "")
    return word, Decision(line, tuple(sorted(entries)), owner, cells.get("note", ""))


def _once(file: str, matches: list[Decision], faults: list[Fault]) -> tuple[Decision, ...]:
    """The matches, each once; an entry in two different ones is a fault."""
    first: dict[str, Decision] = {}
    kept = []
    for one in matches:
        earlier = [first[entry] for entry in one.entries if entry in first]
        if any(other.entries == one.entries for other in earlier):
            continue
        if earlier:
            entry = next(e for e in one.entries if e in first)
            problem = f"is matched in line {first[entry].line} with other entries"
            faults.append(Fault(file, one.line, "entry_ids", entry, problem, "Write all of them in one line."))
        first |= {entry: one for entry in one.entries if entry not in first}
        kept.append(one)
    return tuple(kept)
