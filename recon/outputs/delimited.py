"""A typed table -> csv, byte for byte the same everywhere: UTF-8 without BOM, LF, ISO times with offset, empty = null.

Amounts are int64 minor units in the table and decimal text in major units in the file; no float in between. The
table is written in pieces, so that its text never stands in memory as a whole; two pieces are made at once, because
Arrow works outside the interpreter's lock.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from recon.money import exponent, format_amounts

Moments = npt.NDArray[np.datetime64]

#: Columns of money in minor units, wherever they stand.
AMOUNTS = frozenset(
    {
        "amount", "expected", "actual", "difference", "reach_amount", "applied", "residual", "tolerance", "debit",
        "credit", "foreign_amount", "fixed", "minimum", "maximum", "opening", "closing", "jump",
    }
)  # fmt: skip
#: The amounts of a voucher line that are money of the books, whatever the line's currency.
_OF_BOOKS = frozenset({"debit", "credit"})
#: Columns that people or files write freely: a spreadsheet would run a formula that stands there.
FREE_TEXT = frozenset({"memo", "counterparty", "explanation", "note", "summary", "value"})

_ROWS = 32_768
_WRITERS = 2
#: Pieces that may wait for their turn; more would only fill the memory while the disk is behind.
_AHEAD = _WRITERS + 1
_OPENS_FORMULA = r"^('*[=+\-@])"
_SIGNS = np.zeros(256, dtype=np.bool_)
_SIGNS[np.frombuffer(b"'=+-@", dtype=np.uint8)] = True
_NEEDS_QUOTES = r'[",\r\n]'
_UNQUOTED = pacsv.WriteOptions(include_header=False, quoting_style="none")


def write_csv(table: pa.Table, path: Path, *, zone: str, currency: str) -> None:
    """Write a table.

    Args:
        table: strings, integers, timestamp[us, UTC], date32, bool, plain or as dictionaries. Columns named in
            `AMOUNTS` are minor units of the row's `currency` column, or text already.
        path: the file; an existing one is replaced.
        zone: IANA name of the zone in which moments are shown.
        currency: of the books: for debit and credit, and where a row names none.
    """
    with path.open("wb") as file:
        file.write((",".join(table.column_names) + "\n").encode())
        for lines in _pieces(table, zone=zone, currency=currency):
            file.write(lines)
        file.flush()
        os.fsync(file.fileno())  # publishing waits for the disk anyway: let it work while the next table is made


def _pieces(table: pa.Table, *, zone: str, currency: str) -> Iterator[pa.Buffer | memoryview]:
    """Turn a table into the bytes of its lines, piece by piece, in order."""
    waiting: deque[Future[pa.Buffer | memoryview]] = deque()
    with ThreadPoolExecutor(max_workers=_WRITERS) as pool:
        for batch in table.to_batches(max_chunksize=_ROWS):
            waiting.append(pool.submit(_lines, batch, zone=zone, currency=currency))
            if len(waiting) == _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def guarded(texts: pa.Array) -> pa.Array:
    """Put an apostrophe before free text that a spreadsheet would run; `unguarded` takes exactly that off again."""
    return pc.replace_substring_regex(texts, _OPENS_FORMULA, r"'\1") if _may_open_formula(texts) else texts


def _may_open_formula(texts: pa.Array) -> bool:
    """Tell whether any text begins with a sign that `guarded` looks for; a look at one byte a text is quick."""
    _, offsets, data = texts.buffers()
    if data is None or not len(texts):
        return False
    ends = np.frombuffer(offsets, dtype=np.int32)[texts.offset : texts.offset + len(texts) + 1]
    first = np.frombuffer(data, dtype=np.uint8)[ends[:-1][ends[1:] > ends[:-1]]]
    return bool(_SIGNS[first].any())


def unguarded(texts: pa.Array) -> pa.Array:
    """Return free text as it was before `guarded`."""
    return pc.replace_substring_regex(texts, r"^'('*[=+\-@])", r"\1")


def iso_times(moments: pa.Array, zone: str) -> pa.Array:
    """Return instants as `2026-10-31T23:59:58+08:00`; a fraction of a second only where there is one."""
    instants = _instants(moments)
    local = local_moments(moments, zone)
    whole = local.astype("M8[s]")
    texts = pc.binary_replace_slice(pa.array(whole).cast(pa.string()), start=10, stop=11, replacement="T")
    if (whole != local).any():
        exact = pc.binary_replace_slice(pa.array(local).cast(pa.string()), start=10, stop=11, replacement="T")
        texts = pc.if_else(pa.array(whole != local), exact, texts)
    ahead = (local - instants).astype("m8[m]").astype(np.int64)
    for minutes in [int(ahead[0])] if len(ahead) and (ahead == ahead[0]).all() else np.unique(ahead).tolist():
        ended = pc.binary_join_element_wise(texts, _offset(minutes), "")
        texts = pc.if_else(pa.array(ahead == minutes), ended, texts)
    return pc.if_else(moments.is_valid(), texts, pa.scalar(None, pa.string())) if moments.null_count else texts


def local_moments(moments: pa.Array, zone: str) -> Moments:
    """Return what a clock in a zone shows at each instant (1970 where null)."""
    # pandas knows the zones on every system; Arrow would look for a zone database that Windows lacks.
    index = pd.DatetimeIndex(_instants(moments), tz="UTC").tz_convert(zone).tz_localize(None)
    local: Moments = index.to_numpy().astype("M8[us]")
    return local


def local_days(moments: pa.Array, zone: str) -> pa.Array:
    """Return the day on which each instant falls in a zone."""
    days = local_moments(moments, zone).astype("M8[D]").astype(np.int32)
    return pa.array(days, mask=~moments.is_valid().to_numpy(zero_copy_only=False)).cast(pa.date32())


def amounts(minor: pa.Array, currencies: pa.Array | None, currency: str) -> pa.Array:
    """Return minor units as decimal text, each in the decimals of its row's currency (or `currency` where null)."""
    if currencies is None:
        return format_amounts(minor, currency)
    named = currencies if pa.types.is_dictionary(currencies.type) else currencies.dictionary_encode()
    codes = [*named.dictionary.to_pylist(), currency]
    decimals = np.array([exponent(code) for code in codes])
    if (decimals == decimals[0]).all():
        return format_amounts(minor, currency)
    digits = decimals[named.indices.fill_null(len(codes) - 1).to_numpy()]
    texts = pa.nulls(len(minor), pa.string())
    for number in np.unique(digits):
        like = codes[int(np.flatnonzero(decimals == number)[0])]
        texts = pc.if_else(pa.array(digits == number), format_amounts(minor, like), texts)
    return texts


def plain(column: pa.Array) -> pa.Array:
    """Return a column without its dictionary."""
    return column.dictionary.take(column.indices) if pa.types.is_dictionary(column.type) else column


def _instants(moments: pa.Array) -> Moments:
    instants: Moments = moments.cast(pa.int64()).fill_null(0).to_numpy().view("M8[us]")
    return instants


def _offset(minutes: int) -> str:
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02d}:{rest:02d}"


def _texts(batch: pa.RecordBatch, *, zone: str, currency: str) -> list[pa.Array]:
    currencies = batch.column("currency") if "currency" in batch.schema.names else None
    texts = []
    for name, held in zip(batch.schema.names, batch.columns, strict=True):
        column = plain(held)
        if name in AMOUNTS and pa.types.is_integer(column.type):
            texts.append(amounts(column, None if name in _OF_BOOKS else currencies, currency))
        elif pa.types.is_timestamp(column.type):
            texts.append(iso_times(column, zone))
        else:
            text = column.cast(pa.string())
            texts.append(guarded(text) if name in FREE_TEXT else text)
    return texts


def _lines(rows: pa.RecordBatch, *, zone: str, currency: str) -> pa.Buffer | memoryview:
    """Return rows as lines. Arrow's writer is the fast way, but it quotes every text or none: it says when none is
    wrong.

    Both ways give the same bytes where no cell needs quotes.
    """
    columns = _texts(rows, zone=zone, currency=currency)
    batch = pa.RecordBatch.from_arrays(list(columns), names=[str(number) for number in range(len(columns))])
    buffer = pa.BufferOutputStream()
    try:
        pacsv.write_csv(batch, buffer, _UNQUOTED)
    except pa.ArrowInvalid:
        return _joined([_quoted(column) for column in columns])
    return buffer.getvalue()


def _quoted(texts: pa.Array) -> pa.Array:
    needs = pc.match_substring_regex(texts, _NEEDS_QUOTES)
    if not pc.any(needs).as_py():
        return texts
    doubled = pc.replace_substring(texts, '"', '""')
    return pc.if_else(needs, pc.binary_join_element_wise('"', doubled, '"', ""), texts)


def _joined(columns: Sequence[pa.Array]) -> memoryview:
    """Join cells to lines. The bytes of all lines stand one after another in the data buffer of the result."""
    ended = pc.binary_join_element_wise(columns[-1], "\n", "", null_handling="replace", null_replacement="")
    lines = pc.binary_join_element_wise(*columns[:-1], ended, ",", null_handling="replace", null_replacement="")
    _, offsets, data = lines.buffers()
    ends = np.frombuffer(offsets, dtype=np.int32)
    return memoryview(data)[ends[lines.offset] : ends[lines.offset + len(lines)]]
