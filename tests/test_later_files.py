"""What a file that comes later may change: no match by number unless it holds a key of it; and all of it is listed."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pyarrow as pa
from hypothesis import given

from recon.ledger.match_ids import match_ids
from recon.ledger.outcome import Outcome
from recon.ledger.statement import Statement
from recon.outputs.changes import changes
from recon.outputs.delimited import write_csv
from recon.outputs.earlier import differing
from recon.outputs.tables import matches
from tests.ledger.make import run
from tests.test_pipeline import World, dices, few, files, worlds

_REFS = ["order_ref", "sub_ref", "payment_ref", "refund_ref", "batch_ref", "line_ref"]
_NUMBERS = re.compile(r"[A-Za-z0-9]{5,}|\d{4}(?=_)")
_SAID = ("leg", "rule", "verdict", "basis")
Matched = tuple[str, str, str, str, str]


def later(found: World, dice: Random) -> tuple[list[Statement], Statement]:
    """The files at first, and the one that comes later: one channel's file is cut in two, or is all late."""
    channel = dice.choice([name for name, rows in found.items() if rows])
    rows = found[channel]
    at = dice.choice([0, dice.randint(0, len(rows) - 1)])
    early = [one for one in files(found | {channel: rows[:at]}) if one.rows]
    (late,) = (one for one in files(dict.fromkeys([channel], rows[at:])))
    return early, replace(late, file="later.csv", sha256="f" * 64)


def keys(entries: pd.DataFrame) -> set[str]:
    """Every number that entries print, in a column or in a text, and the days of their accounts."""
    found = {str(value) for name in _REFS for value in entries[name].dropna()}
    found |= {word for memo in entries["memo"].dropna() for word in _NUMBERS.findall(str(memo))}
    days = zip(entries["account"].astype(str), entries["value_date"].astype(str), strict=True)
    return found | {f"{account} {on}" for account, on in days}


def matched(outcome: Outcome) -> dict[Matched, np.ndarray]:
    """What is said of each match -> its rows."""
    heads, members = outcome.matches, outcome.members
    said = zip(match_ids(outcome).to_pylist(), *(heads[n].astype(str) for n in _SAID), strict=True)
    rows = members["row"].to_numpy()
    number = members["match"].to_numpy()
    return {one: rows[number == n] for one, n in zip(said, heads["match"], strict=True)}


def listed(before: Outcome, after: Outcome) -> pa.Table:
    """changes.csv of a run after another."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "matches.csv"
        write_csv(matches(before, match_ids(before)), file, zone=before.zone, currency="CNY")
        ids = match_ids(after)
        return changes(differing(file, after, ids), after, ids, currency="CNY")[0]


@few
@given(worlds.filter(lambda found: any(found.values())), dices)
def test_a_file_changes_no_match_by_number_whose_keys_it_does_not_hold(found: World, dice: Random) -> None:
    early, late = later(found, dice)
    before, after = run(*early, as_of="11-30"), run(*early, late, as_of="11-30")
    held, now = keys(late.table.to_pandas()), matched(after)
    for said, rows in matched(before).items():
        if said[-1] == "key" and not keys(before.entries.iloc[rows]) & held:
            assert said in now, said


@few
@given(worlds.filter(lambda found: any(found.values())), dices)
def test_what_a_file_changes_is_listed_and_nothing_else(found: World, dice: Random) -> None:
    early, late = later(found, dice)
    before, after = run(*early), run(*early, late)
    for last, new in ((before, after), (after, before)):
        then, now = matched(last), matched(new)
        lost = {said: rows for said, rows in then.items() if said not in now}
        table = listed(last, new)
        assert sorted(table.column("was_match").to_pylist()) == sorted(said[0] for said in lost for _ in lost[said])
        gone = {row["entry_id"] for row in table.to_pylist() if row["now"] == "gone"}
        assert gone == set(table.column("entry_id").to_pylist()) - set(new.entries["entry_id"])
    assert len(listed(after, after)) == 0
