"""The breaks of a result as people and programs ask for them: in order, chosen, and with what they mean."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from recon.errors import WorkspaceFault
from recon.money import exponent
from recon.outputs.explain.folder import Result, minor
from recon.outputs.summary import for_people
from recon.outputs.tables import BREAKS

#: Breaks in these states still count; the others were explained, written off or resolved.
OPEN = ("open", "assigned")
INFORMATION = "info"
_ORDERED = ("severity", "code", "currency", "break_id")
_WHOLE = frozenset(field.name for field in BREAKS if pa.types.is_integer(field.type)) - {
    "expected",
    "actual",
    "difference",
    "reach_amount",
}


def in_order(result: Result, precedence: Sequence[str]) -> pa.Table:
    """Return breaks.csv as text, in the order in which people work: severity, size, precedence, date, break_id.

    Args:
        result: the folder of a run.
        precedence: the codes, the first first.

    Raises:
        WorkspaceFault: the table is missing, damaged, or lacks a column.
    """
    table = result.table("breaks", BREAKS.names)
    named = pc.fill_null(table.column("currency").combine_chunks(), result.currency)
    table = table.set_column(table.schema.get_field_index("currency"), "currency", named)
    try:
        for code in pc.unique(named).to_pylist():
            exponent(code)
        frame = pd.DataFrame({name: table.column(name).to_numpy(zero_copy_only=False) for name in _ORDERED})
        frame["difference"] = minor(table, "difference", result.currency)
        frame["occurred_at"] = pd.to_datetime(table.column("occurred_at").to_pandas(), utc=True, format="ISO8601")
    except ValueError as error:
        raise WorkspaceFault(
            f"{result.path / 'breaks.csv'}: cannot be read: {error}. Run recon match again."
        ) from error
    return table.take(pa.array(for_people(frame, precedence).index.to_numpy(dtype=np.int64)))


def chosen(breaks: pa.Table, codes: Collection[str], severities: Collection[str], account: str | None) -> pa.Table:
    """Return the breaks of some codes, of some severities, and of accounts that hold a text; nothing given is all."""
    for name, wanted in (("code", codes), ("severity", severities)):
        if wanted:
            breaks = breaks.filter(pc.is_in(breaks.column(name), pa.array(sorted(wanted), pa.string())))
    if account is None:
        return breaks
    return breaks.filter(pc.match_substring(pc.fill_null(breaks.column("account"), ""), account, ignore_case=True))


def open_breaks(breaks: pa.Table) -> pa.Table:
    """Return the breaks that still count: open or assigned."""
    return breaks.filter(pc.is_in(pc.fill_null(breaks.column("status"), OPEN[0]), pa.array(OPEN, pa.string())))


def without(breaks: pa.Table, ids: Collection[str]) -> pa.Table:
    """Return the breaks whose id is none of these."""
    return breaks.filter(pc.invert(pc.is_in(breaks.column("break_id"), pa.array(sorted(ids), pa.string()))))


def rows(breaks: pa.Table, words: Mapping[str, Mapping[str, str]]) -> list[dict[str, Any]]:
    """Return the breaks as objects: the columns of breaks.csv, and for each of `words` what it says of the code.

    Amounts, days and moments are text, counts are whole numbers, what is empty is None.
    """
    told = []
    for line in breaks.select(BREAKS.names).to_pylist():
        whole = {name: int(text) for name, text in line.items() if name in _WHOLE and text}
        told.append({**line, **whole, **{name: by.get(line["code"], "") for name, by in words.items()}})
    return told


@dataclass(frozen=True)
class Listed:
    """What one listing shows. all: the breaks that were asked for, with information. rows: those that stand singly.

    elsewhere: the groups of bank lines that stand together instead, as `summary.json` has them.
    """

    all: pa.Table
    rows: pa.Table
    elsewhere: Sequence[Mapping[str, Any]]


def view_of(result: Result, breaks: pa.Table, *, information: bool, singly: bool) -> Listed:
    """Sort out what is listed one by one.

    Args:
        result: the folder of a run.
        breaks: the breaks that were asked for, in order.
        information: list information as well.
        singly: list bank lines of other business one by one, too.
    """
    listed = breaks if information else breaks.filter(pc.not_equal(breaks.column("severity"), INFORMATION))
    if singly:
        return Listed(breaks, listed, ())
    here = set(breaks.column("break_id").to_pylist())
    groups = [line for line in result.summary.get("booked_elsewhere", ()) if here & set(line["break_ids"])]
    together = {name for line in groups for name in line["break_ids"]}
    return Listed(breaks, without(listed, together), groups)
