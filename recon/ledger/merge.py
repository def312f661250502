"""Many files, one ledger: overlapping exports add nothing, the newest version of a row wins, order never matters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from recon.ledger.abreast import abreast
from recon.ledger.schema import ENTRY, READ
from recon.ledger.statement import Statement

_EPOCH_LOW = np.iinfo(np.int64).min
#: The type whose values take the most room of all columns, 16 bytes.
_WIDEST = ENTRY.field("rate").type


def merge(statements: Iterable[Statement]) -> tuple[pd.DataFrame, tuple[Statement, ...]]:
    """Join the entries of all files into the ledger.

    A row is known by its `row_key`. Rows of several files with one key and one content count once and belong to the
    file with the earliest period (then the smaller SHA-256). Of several contents the version with the latest moment
    printed in the row wins, then the later state and larger refund, then the file whose period ends later, then the
    smaller hash of the row; the others are repeated.

    Args:
        statements: the files as read, in any order (`drained` lets their tables be freed on the way).

    Returns:
        The ledger (columns of `schema.ENTRY`, sorted by entry_id, RangeIndex; see `frame`) and the statements with
        `repeated` and `booked_rows` brought up to date, ordered by file name, their tables empty: the entries now
        stand in the ledger alone.
    """
    ordered = sorted(statements, key=lambda s: (_period(s), s.sha256, s.file))
    tables = [_conform(s) for s in ordered]
    ordered = [replace(s, table=READ.empty_table()) for s in ordered]
    table = pa.concat_tables(tables).unify_dictionaries() if tables else READ.empty_table()
    origin = np.repeat(np.arange(len(tables), dtype=np.int32), [t.num_rows for t in tables])
    del tables
    keep = _winners(table, origin, ordered)
    counted = [_recount(s, table, origin == n, keep) for n, s in enumerate(ordered)]
    columns = {name: table.column(name) for name in ENTRY.names}
    del table
    kept = None if keep.all() else pa.array(keep)
    return _frame(columns, kept), tuple(sorted(counted, key=lambda s: s.file))


def drained(statements: list[Statement]) -> Iterator[Statement]:
    """Hand statements over one by one: the list is empty afterwards, so that their tables can be freed on the way."""
    while statements:
        yield statements.pop()


def frame(table: pa.Table) -> pd.DataFrame:
    """Turn a ledger table into pandas: categories for dictionary columns, numpy for what cannot be null, Arrow else.

    The rows are sorted by entry_id, so that a position names the same entry whatever the order of the files.
    """
    return _frame({name: table.column(name) for name in ENTRY.names}, None)


def _frame(columns: dict[str, pa.ChunkedArray], kept: pa.Array | None) -> pd.DataFrame:
    """Turn columns into the ledger; each is let go as soon as it is sorted, else the whole would stand there twice."""
    ids = columns["entry_id"] if kept is None else columns["entry_id"].filter(kept)
    order = pa.array(_order_of_ids(ids.combine_chunks()))
    if kept is not None:
        order = pa.array(np.flatnonzero(kept.to_numpy(zero_copy_only=False))).take(order)
    empty = {name for name, column in columns.items() if column.null_count == len(column)}
    zeros = pa.nulls(len(order) if empty else 0, _WIDEST).buffers()[1]
    found = abreast(lambda name: _series(columns.pop(name), name, order, zeros), ENTRY.names, len(order))
    return pd.DataFrame(dict(zip(ENTRY.names, found, strict=True)), copy=False)


def _series(chunks: pa.ChunkedArray, name: str, order: pa.Array, zeros: pa.Buffer) -> pd.Series:
    """One column of the ledger, sorted; what cannot be null is plain numpy."""
    field = ENTRY.field(name)
    column = _nulls(len(order), chunks.type, zeros) if chunks.null_count == len(chunks) else _sorted(chunks, order)
    if pa.types.is_dictionary(column.type):
        return _category(column)
    if not field.nullable and not pa.types.is_string(field.type):
        return pd.Series(column.to_numpy(zero_copy_only=False))
    return pd.Series(column, dtype=pd.ArrowDtype(column.type))


def _sorted(column: pa.ChunkedArray, order: pa.Array) -> pa.Array:
    whole = column.combine_chunks()
    return (whole if isinstance(whole, pa.Array) else whole.chunk(0)).take(order)


def _nulls(rows: int, kind: pa.DataType, zeros: pa.Buffer) -> pa.Array:
    """A column without any value; all of them lie on the same zeros."""
    if pa.types.is_dictionary(kind):
        return pa.nulls(rows, kind)
    flat = [zeros, zeros, zeros] if pa.types.is_string(kind) else [zeros, zeros]
    return pa.Array.from_buffers(kind, rows, flat, null_count=rows)


def _category(array: pa.Array) -> pd.Series:
    """Categories sorted by text, so that codes never depend on which file came first."""
    words = np.array(array.dictionary.to_pylist(), dtype=object)
    codes = array.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32)
    distinct, place = np.unique(words.astype(str), return_inverse=True) if len(words) else (words, np.array([], int))
    used = np.where(codes >= 0, place[codes], -1) if len(words) else codes
    return pd.Series(pd.Categorical.from_codes(used, categories=pd.Index(distinct.astype(object), dtype="str")))


def _order_of_ids(ids: pa.Array) -> np.ndarray:
    """Sort positions by entry_id: hex digits of one even length, taken as whole numbers."""
    if not len(ids):
        return np.array([], dtype=np.int64)
    fixed = ids.cast(pa.binary()).cast(pa.binary(len(ids[0].as_py())))
    width = fixed.type.byte_width
    signs = np.frombuffer(fixed.buffers()[1], dtype=np.uint8)[fixed.offset * width : (fixed.offset + len(ids)) * width]
    nibbles = ((signs & 15) + 9 * (signs >> 6)).reshape(len(ids), width)
    packed = np.zeros((len(ids), 8 * -(-width // 16)), dtype=np.uint8)
    packed[:, : width // 2] = (nibbles[:, ::2] << 4) | nibbles[:, 1::2]
    words = packed.view(">u8").astype(np.uint64)
    order: np.ndarray = np.argsort(words[:, 0], kind="stable") if words.shape[1] == 1 else np.lexsort(words.T[::-1])
    return order


def _period(statement: Statement) -> str:
    days = [a.period_from for a in statement.accounts if a.period_from is not None]
    return min(days).isoformat() if days else "9999-12-31"


def _period_end(statement: Statement) -> int:
    days = [a.period_to for a in statement.accounts if a.period_to is not None]
    return max(days).toordinal() if days else 0


def _conform(statement: Statement) -> pa.Table:
    table = statement.table
    if not statement.proven and table.num_rows:
        at = table.schema.get_field_index("proven")
        table = table.set_column(at, READ.field("proven"), pa.repeat(pa.scalar(value=False), table.num_rows))
    extra = ["row_count"] if "row_count" in table.column_names else []
    table = table.select([f.name for f in READ] + extra)
    weight = table.column("row_count").cast(pa.int32()) if extra else pa.repeat(pa.scalar(1, pa.int32()), len(table))
    return table.select(READ.names).cast(READ).append_column("row_count", weight)


def _winners(table: pa.Table, origin: np.ndarray, files: Sequence[Statement]) -> np.ndarray:
    """Mark the entries that stay: those of the winning version of each row, from one file only."""
    keys = table.column("row_key").to_numpy()
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    start = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(keys) else np.array([], dtype=np.int64)
    hashes = table.column("row_hash").to_numpy()
    version = hashes[order]
    place = origin[order]
    same = np.repeat(start, np.diff(np.r_[start, len(keys)]))
    contested = np.zeros(len(keys), dtype=bool)
    if len(keys):
        differs = (version != version[same]) | (place != place[same])
        contested[np.isin(same, same[differs])] = True
    keep = np.ones(len(keys), dtype=bool)
    rows = order[contested]
    if not len(rows):
        return keep
    ends = np.array([_period_end(s) for s in files], dtype=np.int64)
    stamp = table.column("row_stamp").cast(pa.int64()).fill_null(_EPOCH_LOW).to_numpy()[rows]
    # Last of each key after this sort wins: later moment, later state, later period end, smaller content hash; the
    # file that counts first (smaller origin) wins among equal contents.
    rank = np.lexsort(
        (
            -origin[rows],
            np.iinfo(np.uint64).max - hashes[rows],
            ends[origin[rows]],
            table.column("row_rank").to_numpy()[rows],
            stamp,
            keys[rows],
        )
    )
    rows = rows[rank]
    last = np.r_[keys[rows][1:] != keys[rows][:-1], True]
    winner = rows[np.flatnonzero(last)[np.cumsum(np.r_[0, last[:-1].astype(np.int64)])]]
    first_file = _first_holder(rows, winner, hashes, origin)
    keep[rows] = (hashes[rows] == hashes[winner]) & (origin[rows] == first_file)
    return keep


def _first_holder(rows: np.ndarray, winner: np.ndarray, hashes: np.ndarray, origin: np.ndarray) -> np.ndarray:
    """For each contested entry the first file that holds the winning content of its row."""
    holds = hashes[rows] == hashes[winner]
    place = np.where(holds, origin[rows], np.iinfo(np.int32).max)
    groups = np.r_[0, np.cumsum(winner[1:] != winner[:-1])]
    starts = np.flatnonzero(np.r_[True, groups[1:] != groups[:-1]])
    return np.minimum.reduceat(place, starts)[groups]


def _recount(statement: Statement, table: pa.Table, mine: np.ndarray, keep: np.ndarray) -> Statement:
    lost = mine & ~keep
    if not lost.any():
        return statement
    rows = pa.table(
        {
            "row": table.column("source_row").filter(pa.array(lost)),
            "key": table.column("row_key").filter(pa.array(lost)),
            "hash": table.column("row_hash").filter(pa.array(lost)),
            "count": table.column("row_count").filter(pa.array(lost)),
        }
    )
    per_row = rows.group_by(["row", "key", "hash"]).aggregate([("count", "max")])
    repeated = int(pc.sum(per_row.column("count_max")).as_py())
    return replace(statement, repeated=statement.repeated + repeated, booked_rows=statement.booked_rows - repeated)
