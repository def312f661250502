"""Is a ledger that recon read the same, cell by cell, as what the plain reader gives?"""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from tests.benchmarks.reading.plain import READERS

#: Columns that a plain reader has no word for: ids and hashes, the name of the file, places in a chain of balances.
OWN = {"entry_id", "side", "channel", "source_file", "row_key", "row_hash", "row_stamp", "row_rank", "seq", "proven"}
_CHUNK = 50_000


def differences(table: pa.Table, channel: str, path: Path, encoding: str) -> list[str]:
    """Return what differs, one line per column and stretch of rows; empty where all cells are equal.

    Args:
        table: entries of the whole file.
        channel: which plain reader.
        path: the file, as text in `encoding`.
    """
    names = [name for name in table.column_names if name not in OWN and name != "source_row"]
    table = table.take(pc.sort_indices(table, [("source_row", "ascending")]))
    found, done = [], 0
    rows = READERS[channel](path, encoding)
    while part := list(islice(rows, _CHUNK)):
        numbers = [number for number, entries in part for _ in entries]
        entries = [one for _, entries in part for one in entries]
        mine = table.slice(done, len(entries))
        done += len(entries)
        if mine["source_row"].to_pylist() != numbers:
            return [f"row {numbers[0]}: other rows have entries"]
        for name in names:
            kind = table.schema.field(name).type
            plain = kind.value_type if pa.types.is_dictionary(kind) else kind
            moments = pa.types.is_timestamp(plain)
            told = pa.array([one.get(name) for one in entries], pa.timestamp("us") if moments else plain)
            own = mine[name].combine_chunks().cast(pa.timestamp("us", "UTC") if moments else plain)
            if moments:
                own = own.cast(pa.timestamp("us"))
            if not own.equals(told):
                at = next(n for n, (a, b) in enumerate(zip(own.to_pylist(), told.to_pylist(), strict=True)) if a != b)
                found.append(f"row {numbers[at]}, {name}: {own[at]} instead of {told[at]}")
    return found if done == len(table) else [*found, f"{len(table) - done} entries too many"]
