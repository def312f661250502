"""The machine tables: what each holds, in which order; one function per table, one writer.

Columns are fixed (they are what other programs and the proof read). Rows are ordered by what they say, never by file
or row, so that renamed or shuffled files give the same bytes. In the tables amounts are int64 minor units and moments
are instants; `delimited` turns them into text.

Columns taken from the ledger are dictionary columns whose dictionary is the ledger's own column: a million matches
cite three million entries without copying what stands there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from recon.ledger.outcome import Outcome
from recon.ledger.parts import max_by, min_by
from recon.ledger.schema import KINDS, MOMENT, SIDES
from recon.outputs.delimited import amounts, local_days, plain, write_csv
from recon.outputs.fee_rules import fee_rules, fragment
from recon.outputs.provenance import coverage, files, quarantine, skipped

Whole = npt.NDArray[np.int64]

_TEXT = pa.string()
_WHOLE = pa.int64()
_DAY = pa.date32()

BREAKS = pa.schema(
    [
        ("break_id", _TEXT), ("leg", _TEXT), ("code", _TEXT), ("severity", _TEXT), ("side", _TEXT),
        ("channel", _TEXT), ("account", _TEXT), ("shop", _TEXT), ("occurred_at", MOMENT), ("value_date", _DAY),
        ("due_date", _DAY), ("age_days", _WHOLE), ("order_ref", _TEXT), ("sub_ref", _TEXT), ("payment_ref", _TEXT),
        ("refund_ref", _TEXT), ("batch_ref", _TEXT), ("expected", _WHOLE), ("actual", _WHOLE),
        ("difference", _WHOLE), ("currency", _TEXT), ("cause", _TEXT), ("symptoms", _TEXT), ("reach_rows", _WHOLE),
        ("reach_amount", _WHOLE), ("status", _TEXT), ("owner", _TEXT), ("decision", _TEXT), ("note", _TEXT),
        ("explanation", _TEXT), ("source_file", _TEXT), ("source_row", _WHOLE), ("entry_ids", _TEXT),
        ("linked_ids", _TEXT),
    ]
)  # fmt: skip
MATCHES = (
    "match_id", "leg", "rule", "verdict", "basis", "side", "entry_id", "channel", "account", "kind", "occurred_at",
    "amount", "currency", "applied", "residual", "residual_reason", "weight", "tolerance", "order_ref", "sub_ref",
    "payment_ref", "refund_ref", "batch_ref", "source_file", "source_row", "explanation",
)  # fmt: skip
WAITING = (
    "entry_id", "leg", "reason", "side", "channel", "account", "kind", "occurred_at", "value_date", "due_date",
    "age_days", "amount", "currency", "order_ref", "sub_ref", "payment_ref", "refund_ref", "batch_ref", "rule",
    "source_file", "source_row",
)  # fmt: skip
#: One row per entry that a finding owns (`owned` true) or only shows.
BREAK_ROWS = (
    "break_id", "leg", "owned", "side", "entry_id", "channel", "account", "shop", "kind", "occurred_at", "value_date",
    "amount", "currency", "order_ref", "sub_ref", "payment_ref", "refund_ref", "batch_ref", "source_file",
    "source_row",
)  # fmt: skip
VOUCHERS = pa.schema(
    [
        ("voucher_id", _TEXT), ("period", _TEXT), ("word", _TEXT), ("number", _WHOLE), ("date", _DAY),
        ("line", _WHOLE), ("event", _TEXT), ("role", _TEXT), ("summary", _TEXT), ("account_code", _TEXT),
        ("account_name", _TEXT), ("debit", _WHOLE), ("credit", _WHOLE), ("currency", _TEXT),
        ("foreign_amount", _WHOLE), ("rate", _TEXT), ("customer", _TEXT), ("supplier", _TEXT), ("project", _TEXT),
        ("stock", _TEXT), ("department", _TEXT), ("employee", _TEXT), ("attachments", _WHOLE), ("evidence", _TEXT),
        ("maker", _TEXT), ("checker", _TEXT), ("poster", _TEXT),
    ]
)  # fmt: skip
#: The file that `evidence` of a voucher line names.
EVIDENCE = "voucher_entries.csv"
VOUCHER_ENTRIES = ("voucher_id", "line", "entry_id", "match_id", "break_id", "amount")

_SAID = ("leg", "rule", "verdict", "basis", "residual_reason", "explanation")
_REFS = ("order_ref", "payment_ref", "refund_ref", "batch_ref")


@dataclass(frozen=True)
class Drafted:
    """The draft vouchers as tables.

    lines: the columns of `VOUCHERS`, amounts in minor units; what is absent is empty.
    entries: the columns of `VOUCHER_ENTRIES`, amounts in minor units, by voucher_id, line and entry_id.
    """

    lines: pd.DataFrame
    entries: pa.Table


def write_tables(folder: Path, outcome: Outcome, ids: pa.StringArray, *, currency: str) -> None:
    """Write the machine tables of the result into a folder that exists: all but those of the vouchers.

    Args:
        folder: where the files go; existing ones of these names are replaced.
        outcome: the result of the run.
        ids: of its matches, as `ledger.match_ids` gives them.
        currency: of the books.
    """
    tables: dict[str, Callable[[], pa.Table]] = {
        "breaks": lambda: breaks(outcome),
        "break_rows": lambda: break_rows(outcome),
        "matches": lambda: matches(outcome, ids),
        "in_transit": lambda: in_transit(outcome),
        "excluded": lambda: excluded(outcome),
        "skipped": lambda: skipped(outcome),
        "quarantine": lambda: quarantine(outcome),
        "files": lambda: files(outcome),
        "fee_rules": lambda: fee_rules(outcome),
        "coverage": lambda: coverage(outcome),
    }
    for name, table in tables.items():
        write_csv(table(), folder / f"{name}.csv", zone=outcome.zone, currency=currency)
    learned = fragment(outcome)
    if learned:
        (folder / "fee_rules.yaml").write_text(learned, encoding="utf-8", newline="\n")


def write_vouchers(folder: Path, drafted: Drafted, *, zone: str, currency: str) -> None:
    """Write voucher_entries.csv, and vouchers.csv, whose `evidence` names that file by its SHA-256.

    Args:
        folder: where the files go; existing ones of these names are replaced.
        drafted: the draft vouchers.
        zone: IANA name of the zone in which moments are shown.
        currency: of the books.
    """
    evidence = folder / EVIDENCE
    write_csv(voucher_entries(drafted.entries), evidence, zone=zone, currency=currency)
    with evidence.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    table = vouchers(drafted.lines)
    named = pc.replace_substring(table.column("evidence"), EVIDENCE, f"{EVIDENCE} {digest}")
    table = table.set_column(table.schema.get_field_index("evidence"), "evidence", named)
    write_csv(table, folder / "vouchers.csv", zone=zone, currency=currency)


def breaks(outcome: Outcome) -> pa.Table:
    """Return breaks.csv: one row per finding, by code, date, references and break_id.

    `entry_ids` holds what the finding owns as `leg:entry_id`, `linked_ids` what it only shows, as entry ids.
    """
    number = outcome.findings["finding"].to_numpy(dtype=np.int64)
    table = findings(outcome.findings)
    table = table.append_column("entry_ids", _cited(outcome, number, owned=True))
    table = table.append_column("linked_ids", _cited(outcome, number, owned=False))
    return table.take(_order([table.column(name) for name in ("code", "occurred_at", *_REFS, "break_id")]))


def break_rows(outcome: Outcome) -> pa.Table:
    """Return break_rows.csv: what each finding owns and shows, by break_id, owned first, side, kind and entry_id."""
    lines = outcome.finding_rows
    ledger = _Rows(outcome.entries, lines["row"].to_numpy(dtype=np.int64))
    places = pa.array(_positions(outcome.findings["finding"], lines["finding"]))
    own = {
        "break_id": _array(outcome.findings["break_id"], _TEXT).take(places),
        "leg": _array(lines["leg"], _TEXT),
        "owned": pa.array(lines["owned"].to_numpy(dtype=bool)),
    }
    table = pa.table({name: own[name] if name in own else ledger.column(name) for name in BREAK_ROWS})
    shown = pc.invert(own["owned"])
    return table.take(_order([own["break_id"], shown, *(ledger.plain(name) for name in ("side", "kind", "entry_id"))]))


def findings(found: pd.DataFrame) -> pa.Table:
    """Return the columns of breaks.csv that a finding has by itself, in the order of its lines."""
    fields = [field for field in BREAKS if field.name not in {"entry_ids", "linked_ids"}]
    return pa.table({field.name: _array(found[field.name], field.type) for field in fields})


def matches(outcome: Outcome, ids: pa.StringArray) -> pa.Table:
    """Return matches.csv: one row per member.

    Matches stand by leg, date, the references of their first member, and match_id; the members of a match by side
    (order, gateway, bank), kind and entry_id.

    Args:
        outcome: the result of the run.
        ids: of its matches, as `ledger.match_ids` gives them.
    """
    members = outcome.members
    place = _positions(outcome.matches["match"], members["match"])
    rows = members["row"].to_numpy(dtype=np.int64)
    within = (
        _rank(outcome.entries["side"], SIDES)[rows] * (len(KINDS) + 1) + _rank(outcome.entries["kind"], KINDS)[rows]
    )
    # One whole number for match, kind and row: far below 2^63 for any ledger that fits in memory, and sorted at once.
    by_match = np.argsort((place * (within.max(initial=0) + 1) + within) * len(outcome.entries) + rows)
    starts = np.flatnonzero(np.diff(place[by_match], prepend=-1))
    firsts = _Rows(outcome.entries, rows[by_match][starts])
    heads = outcome.matches
    order = _order(
        [_array(heads["leg"], _TEXT), _array(heads["on"], _DAY), *(firsts.plain(name) for name in _REFS), ids]
    ).to_numpy()
    spread = by_match[_segments(starts, len(rows), order)]
    return _match_rows(outcome, ids, place[spread], spread)


def in_transit(outcome: Outcome) -> pa.Table:
    """Return in_transit.csv: what waits for a partner, by leg, date, references and entry_id."""
    return _waiting(outcome, outcome.in_transit)


def excluded(outcome: Outcome) -> pa.Table:
    """Return excluded.csv: what takes no part and why, by leg, date, references and entry_id."""
    return _waiting(outcome, outcome.excluded)


def vouchers(lines: pd.DataFrame) -> pa.Table:
    """Return vouchers.csv: one row per line, by period, word, number, voucher_id and line."""
    table = _conformed(lines, VOUCHERS)
    return table.take(_order([table.column(name) for name in ("period", "word", "number", "voucher_id", "line")]))


def voucher_entries(entries: pa.Table) -> pa.Table:
    """Return voucher_entries.csv: which entries a voucher line is made of, in the order given."""
    return entries.select(VOUCHER_ENTRIES) if entries.num_rows else pa.table({name: [] for name in VOUCHER_ENTRIES})


class _Rows:
    """Some rows of a frame, in any order, column by column, without copying what stands there."""

    def __init__(self, frame: pd.DataFrame, rows: Whole) -> None:
        self._frame = frame
        self._rows = rows
        self._indices = pa.array(rows.astype(np.int32))

    def column(self, name: str, kind: pa.DataType | None = None) -> pa.Array:
        column = self._frame[name]
        if isinstance(column.dtype, pd.CategoricalDtype):
            codes = column.cat.codes.to_numpy()[self._rows]
            words = pa.array(column.cat.categories.astype(object), type=_TEXT)
            return pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes < 0), words)
        return pa.DictionaryArray.from_arrays(self._indices, _array(column, kind))

    def plain(self, name: str) -> pa.Array:
        return plain(self.column(name))


def _match_rows(outcome: Outcome, ids: pa.Array, place: Whole, members: Whole) -> pa.Table:
    """Lay out one row per member: `place` is the line of its match, `members` its own line."""
    ledger = _Rows(outcome.entries, outcome.members["row"].to_numpy(dtype=np.int64)[members])
    heads = _Rows(outcome.matches, place)
    own: dict[str, pa.Array] = {
        "match_id": pa.DictionaryArray.from_arrays(pa.array(place.astype(np.int32)), ids),
        **{name: heads.column(name, _TEXT) for name in _SAID},
        **{name: heads.column(name, _WHOLE) for name in ("residual", "tolerance")},
        "weight": pa.array(outcome.members["weight"].to_numpy(dtype=np.int8)[members]),
        "applied": pa.array(outcome.members["applied"].to_numpy(dtype=np.int64)[members]),
    }
    compared = _compared_in(outcome, place, members)
    if compared is not None:
        like = str(outcome.entries["currency"].cat.categories[0])
        own |= {name: amounts(plain(own[name]), compared, like) for name in ("applied", "residual", "tolerance")}
    return pa.table({name: own[name] if name in own else ledger.column(name) for name in MATCHES})


def _compared_in(outcome: Outcome, place: Whole, members: Whole) -> pa.DictionaryArray | None:
    """The currency in which the match of each row is compared: that of what was received, where it has two currencies.

    None where no match has: then each row's own currency is the one.
    """
    rows = outcome.members["row"].to_numpy(dtype=np.int64)[members]
    column = outcome.entries["currency"]
    code, size = column.cat.codes.to_numpy().astype(np.int64)[rows], int(place.max(initial=-1)) + 1
    apart = min_by(place, code, size, -1) != max_by(place, code, size, -1)
    if not apart.any():
        return None
    sides = _rank(outcome.entries["side"], SIDES)[rows]
    last = max_by(place, sides, size, -1)  # gateway of orders and their money, bank of payouts and their credits
    received = max_by(np.where(sides == last[place], place, -1), code, size, -1)
    words = pa.array(column.cat.categories.astype(object), type=_TEXT)
    return pa.DictionaryArray.from_arrays(
        pa.array(np.where(apart[place], received[place], code).astype(np.int32)), words
    )


def _waiting(outcome: Outcome, lines: pd.DataFrame) -> pa.Table:
    ledger = _Rows(outcome.entries, lines["row"].to_numpy(dtype=np.int64))
    own = {name: _array(lines[name], _TEXT) for name in ("leg", "reason", "rule")}
    own["due_date"] = _array(lines["due_date"], _DAY)
    own["age_days"] = _age(outcome, own["due_date"], ledger)
    table = pa.table({name: own[name] if name in own else ledger.column(name) for name in WAITING})
    keys = ("leg", "occurred_at", *_REFS, "entry_id")
    return table.take(_order([plain(table.column(name).combine_chunks()) for name in keys]))


def _age(outcome: Outcome, due: pa.Array, ledger: _Rows) -> pa.Array:
    """Days since the due day (negative before it), else since the event."""
    happened = local_days(ledger.plain("occurred_at"), outcome.zone)
    since = pc.coalesce(due, happened, ledger.plain("value_date"))
    return pc.days_between(since, pa.scalar(outcome.as_of, _DAY))


def _cited(outcome: Outcome, numbers: Whole, *, owned: bool) -> pa.Array:
    """Join the entries of each finding in one cell, sorted, each once."""
    lines = outcome.finding_rows
    lines = lines[lines["owned"].to_numpy(dtype=bool) == owned]
    texts = _Rows(outcome.entries, lines["row"].to_numpy(dtype=np.int64)).plain("entry_id")
    if owned:
        texts = pc.binary_join_element_wise(_array(lines["leg"], _TEXT), texts, ":")
    place = pa.array(_positions(outcome.findings["finding"], lines["finding"]))
    cells = pa.table({"place": place, "text": texts}).group_by(["place", "text"]).aggregate([])
    cells = cells.sort_by([("place", "ascending"), ("text", "ascending")])
    counts = np.bincount(cells.column("place").to_numpy(), minlength=len(numbers))
    offsets = pa.array(np.concatenate([[0], np.cumsum(counts)]).astype(np.int32))
    joined = pc.binary_join(pa.ListArray.from_arrays(offsets, cells.column("text").combine_chunks()), ";")
    return pc.if_else(pa.array(counts > 0), joined, pa.scalar(None, _TEXT))


def _conformed(lines: pd.DataFrame, schema: pa.Schema) -> pa.Table:
    columns = [
        _array(lines[field.name], field.type) if field.name in lines.columns else pa.nulls(len(lines), field.type)
        for field in schema
    ]
    return pa.table(columns, names=schema.names)


def _array(column: pd.Series, kind: pa.DataType | None) -> pa.Array:
    """Return a column of a frame as one Arrow array of the given type (its own, if None)."""
    if kind is not None and column.isna().all():  # pandas gives an empty column any type it likes
        return pa.nulls(len(column), kind)
    values = pa.array(column, type=kind, from_pandas=True)
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
    return values


def _positions(numbers: pd.Series, wanted: pd.Series) -> Whole:
    """Return the line at which each wanted number stands in `numbers`, which are 0..n-1 in any order."""
    place = np.empty(len(numbers), dtype=np.int64)
    place[numbers.to_numpy(dtype=np.int64)] = np.arange(len(numbers))
    found: Whole = place[wanted.to_numpy(dtype=np.int64)]
    return found


def _rank(column: pd.Series, names: Sequence[str]) -> Whole:
    """Return the place of each row's category among `names`; a name that is not there comes last."""
    places = {name: place for place, name in enumerate(names)}
    ranks: Whole = np.array([places.get(name, len(names)) for name in column.cat.categories], dtype=np.int64)
    ranked: Whole = ranks[column.cat.codes.to_numpy()]
    return ranked


def _segments(starts: Whole, length: int, order: Whole) -> Whole:
    """Return the positions that put whole segments into another order, each segment's inside unchanged."""
    sizes = np.diff(starts, append=length)[order]
    ends = np.cumsum(sizes)
    spread: Whole = np.arange(length) + np.repeat(starts[order] - (ends - sizes), sizes)
    return spread


def _order(keys: Sequence[pa.Array | pa.ChunkedArray]) -> pa.Array:
    """Return the positions that sort rows by the keys, nulls last."""
    names = [str(number) for number in range(len(keys))]
    return pc.sort_indices(pa.table(list(keys), names=names), sort_keys=[(name, "ascending") for name in names])
