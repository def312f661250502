"""`generic.bank`: a statement of unknown layout -> dated rows, signed amounts, balances that prove the signs."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from recon.channels.cells import Cells
from recon.channels.generic import bank_amounts, bank_facts
from recon.channels.generic.header import Layout
from recon.channels.generic.joined import Joined, accounts_of, currency_for, joined_of, place_in_time, shared_out
from recon.channels.generic.recognition import is_header, layout_of
from recon.channels.generic.resolved import (
    Asked,
    Index,
    Resolved,
    chosen,
    dated,
    in_text,
)
from recon.channels.generic.sections import sections
from recon.channels.generic.words import meaning
from recon.channels.lines import Body, filled
from recon.channels.parts import Key
from recon.channels.rules import Rows, check_numbers
from recon.channels.spec import Spec
from recon.ledger.statement import Note

_DAYS = ("date", "booking")
_WEAK = frozenset({"凭证号", "checknumber"})


def resolve(asked: Asked) -> Resolved:
    """Bring a statement into the columns of `generic.bank`.

    Raises:
        InputFault: when nothing says which way the money went, what day it was, or in which currency.
    """
    spec = asked.spec
    parts = sections(asked, lambda line: layout_of(spec, line), lambda line: is_header(spec, line, asked.header), _DAYS)
    joined, aside, loose = joined_of(asked, shared_out(parts, spec), "date", ("in", "out", "amount"))
    layout, columns = joined.sections[0].layout, joined.columns
    roles = set(columns)
    utc, notes = dated(asked, layout, columns, ("date", "booking", "value"))
    place_in_time(columns)
    currency = currency_for(asked, joined, ("in", "out", "amount", "balance"))
    columns["account"] = accounts_of(asked, joined)
    malformed = tuple(one for part in joined.sections for one in part.malformed)
    zone = "UTC" if utc else asked.zone
    cells = Cells(spec, Body(columns, joined.numbers, (), (), malformed), zone, currency)
    rows = Rows(asked.source.file, joined.numbers, np.zeros(len(joined.numbers), np.int8))
    check_numbers(cells, rows)
    _skip_by_status(cells, rows, spec)
    _skip_subtotals(cells, rows, spec)
    signed = bank_amounts.read(asked, cells, rows, layout, joined)
    codes, currencies = cells.currencies
    rows.skip(np.flatnonzero((signed.minor == 0) & signed.present & (rows.state == 0)), "amount of 0")
    columns["amount"] = in_text(signed.minor, signed.present, codes, currencies)
    columns["chain"] = pa.array(np.where(signed.chained, "1", "0"), pa.string())
    _parties(columns, signed.minor)
    body = Body(
        {name: column for name, column in columns.items() if name in _READ},
        joined.numbers,
        bank_facts.period_line(joined.labels),
        (),
        malformed,
    )
    compared = bank_facts.compare(cells, joined, signed)
    notes = [chosen(layout, spec, roles), *notes, *signed.notes, *_remarks(joined, layout)]
    key = _key(layout, body, signed.minor)
    return Resolved(
        spec if key is None else spec.model_copy(update={"key": key}),
        body,
        rows,
        zone,
        currency,
        tuple(notes),
        aside=aside,
        loose=loose,
        compared=compared,
        printed={role: layout.printed(role) for role in layout.roles},
    )


_READ = frozenset(
    "date value_date amount balance chain serial batch counterparty counterparty_account memo purpose currency account"
    " status".split()
)


def _skip_by_status(cells: Cells, rows: Rows, spec: Spec) -> None:
    column = cells.plain("status")
    if column is None:
        return
    coded = column.dictionary_encode()
    codes = filled(coded.indices, -1)
    for code, word in enumerate(coded.dictionary.to_pylist()):
        if meaning(word, spec.words, "status.") is None:
            rows.skip(np.flatnonzero((codes == code) & (rows.state == 0)), f"pending or failed: {word}")


def _skip_subtotals(cells: Cells, rows: Rows, spec: Spec) -> None:
    """Rows with a day that are no movement: 本月合计, 承前页."""
    column = cells.plain("memo")
    if column is None or "memo.subtotal" not in spec.words:
        return
    texts = pc.unique(column).to_pylist()
    found = pa.array([text for text in texts if meaning(text, spec.words, "memo.") is not None], pa.string())
    is_one = pc.fill_null(pc.is_in(column, value_set=found), fill_value=False).to_numpy(zero_copy_only=False)
    rows.skip(np.flatnonzero(is_one & (rows.state == 0)), "subtotal")


def _parties(columns: dict[str, pa.Array], amount: Index) -> None:
    """The other party: of payer and payee the one that is not the holder, so the payer of money that came in."""
    came = pa.array(amount >= 0)
    for payer, payee, target in (
        ("payer", "payee", "counterparty"), ("payer_account", "payee_account", "counterparty_account"),
    ):  # fmt: skip
        paid, got = columns.pop(payer, None), columns.pop(payee, None)
        if target in columns:
            continue
        if paid is not None and got is not None:
            columns[target] = pc.if_else(came, paid, got)
        elif paid is not None or got is not None:
            columns[target] = paid if paid is not None else got
    name = columns.pop("name", None)
    if name is not None and "counterparty" not in columns:
        columns["counterparty"] = name


def _key(layout: Layout, body: Body, amount: Index) -> Key | None:
    """Serial and amount, if every row has a serial and no two rows share both; else None: the whole row counts."""
    serial = body.columns.get("serial")
    column = layout.first("serial")
    if serial is None or serial.null_count or column is None or column.name in _WEAK or not len(serial):
        return None
    pairs = pa.table([serial, pa.array(amount), body.columns["account"]], names=["serial", "amount", "account"])
    distinct = pairs.group_by(["serial", "amount", "account"]).aggregate([]).num_rows
    return Key(columns=("serial", "amount")) if distinct == len(serial) else None


def _remarks(joined: Joined, layout: Layout) -> list[Note]:
    notes: list[Note] = []
    if len(joined.sections) > 1:
        count = len(joined.sections)
        notes.append(
            Note(
                f"一张表中有 {count} 个表头，读作 {count} 段", f"{count} headers in one sheet, read as {count} sections"
            )
        )
    if {"组织", "银行"} <= {column.name for column in layout.columns}:
        notes.append(
            Note("这像是财务软件的资金模板，不是银行原始文件", "this looks like a template of a treasury system")
        )
    return notes
