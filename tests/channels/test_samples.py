"""Every channel reads its own sample into the golden table beside it.

`RECON_WRITE_GOLDENS=1` writes the tables that are missing, never one that is there; each is read by eye before it is
committed: kinds, signs, references, and the sums against the totals of the file.
"""

from __future__ import annotations

import os
from pathlib import Path

import pyarrow as pa
import pytest

from recon import money
from recon.channels.reader import read_file
from recon.channels.spec import load_specs
from recon.ledger.schema import ENTRY
from recon.ledger.statement import Statement

SAMPLES = Path(__file__).parents[2] / "samples" / "channels"
SPECS = load_specs()
FILES = sorted(path for path in SAMPLES.rglob("*") if path.is_file() and not path.name.endswith(".ledger.csv"))
AMOUNTS = {"amount", "order_amount", "released", "balance_after", "orig_amount"}


def ledger_text(table: pa.Table) -> str:
    """The columns that hold anything, amounts in major units, one line per entry."""
    columns: dict[str, list[str]] = {}
    currency = table["currency"].to_pylist()
    for name in ENTRY.names:
        values = table[name].to_pylist()
        if not any(value is not None for value in values):
            continue
        if name in AMOUNTS:
            values = [None if v is None else money.format_amount(v, c) for v, c in zip(values, currency, strict=True)]
        columns[name] = ["" if value is None else str(value).replace(",", "，") for value in values]
    lines = [",".join(columns)]
    lines += [",".join(row) for row in zip(*columns.values(), strict=True)]
    return "\n".join(lines) + "\n"


def statements(path: Path, channel: str) -> list[Statement]:
    results = read_file(path, path.name, SPECS)
    assert all(isinstance(one, Statement) for one in results), results
    return [one for one in results if isinstance(one, Statement) and one.channel == channel]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(SAMPLES).as_posix())
def test_a_sample_gives_its_golden_ledger(path: Path) -> None:
    channel = path.parent.name
    (statement,) = statements(path, channel)
    assert statement.rows == (
        statement.booked_rows + statement.repeated + len(statement.skipped) + len(statement.quarantined)
    )
    assert statement.proven
    assert (statement.quarantined, statement.problems) == ((), ())
    if SPECS[channel].control_only:
        assert statement.table.num_rows == 0
        return
    golden = path.with_name(path.name + ".ledger.csv")
    text = ledger_text(statement.table)
    if not golden.exists() and os.environ.get("RECON_WRITE_GOLDENS"):
        golden.write_text(text, encoding="utf-8", newline="\n")
    assert golden.read_text(encoding="utf-8") == text


def test_every_channel_has_a_sample() -> None:
    generic = {name for name, spec in SPECS.items() if spec.resolve is not None}
    assert {path.parent.name for path in FILES} >= set(SPECS) - generic
