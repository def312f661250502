"""The ledger itself as a file: what each party's statement says, in one set of columns, with amounts in major units."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from recon.ledger.schema import ENTRY
from recon.ledger.view import arrow
from recon.money import exponent
from recon.outputs.delimited import amounts, plain, write_csv

#: Columns of minor units, and the column of their currency.
_MONEY = {
    "amount": "currency",
    "order_amount": "currency",
    "released": "currency",
    "balance_after": "currency",
    "orig_amount": "orig_currency",
}
_FOUND_IN = ("source_file", "source_row", "kind", "entry_id")


def write_ledger(entries: pd.DataFrame, path: Path, *, zone: str, currency: str) -> None:
    """Write the ledger as csv, or as Parquet where the path ends so.

    Rows stand in the order of their files; the entries of one row by kind. In csv amounts are decimal text, in Parquet
    decimals; neither ever was a float.

    Args:
        entries: the ledger as `merge` returns it.
        path: the file; an existing one is replaced.
        zone: IANA name of the zone in which a csv shows moments.
        currency: meant where a row names none.
    """
    columns = {name: arrow(entries[name]).combine_chunks() for name in ENTRY.names}
    texts = {name: amounts(columns[name], columns[of], currency) for name, of in _MONEY.items()}
    order = pa.array(_by_file(entries))
    if path.suffix == ".parquet":
        kind = pa.decimal128(38, _decimals(columns["currency"], columns["orig_currency"], currency))
        decimals = {name: column.cast(kind) for name, column in texts.items()}
        pq.write_table(pa.table({**columns, **decimals}).take(order), path)
        return
    shown = {name: text for name, text in texts.items() if name != "amount"}  # the writer turns `amount` itself
    write_csv(pa.table({**columns, **shown}).take(order), path, zone=zone, currency=currency)


def _by_file(entries: pd.DataFrame) -> np.ndarray:
    keys = [entries[name] for name in reversed(_FOUND_IN)]
    return np.lexsort([key.cat.codes if isinstance(key.dtype, pd.CategoricalDtype) else key for key in keys])


def _decimals(currencies: pa.Array, originals: pa.Array, currency: str) -> int:
    used = {*pc.unique(plain(currencies)).to_pylist(), *pc.unique(plain(originals)).to_pylist(), currency}
    return max(exponent(code) for code in used if code)
