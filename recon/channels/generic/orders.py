"""`generic.orders`: an order list of the shop's own -> one row per order, its state, its refund, tender and tags."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from recon.channels.cells import Cells
from recon.channels.generic.grouping import Grouped, group
from recon.channels.generic.header import Layout, lay_out
from recon.channels.generic.resolved import (
    Asked,
    Index,
    Mask,
    Resolved,
    chosen,
    currency_of,
    dated,
    in_major,
    in_text,
    text_of,
    trimmed,
)
from recon.channels.generic.words import is_total, meaning
from recon.channels.lines import Body, Shape, bools, filled
from recon.channels.rules import Rows, check_numbers
from recon.ledger.schema import STATES
from recon.ledger.statement import Note

_TIMES = ("paid_time", "ordered", "shipped", "completed", "refund_time")
_SHARES = ("platform_share", "stored_share")
_MONEY = ("paid", "order_amount", "refund", *_SHARES)
_WORDS = ("status", "after", "tender", "tag", "shop", "currency")
_TAGS = re.compile(r"[,，;；、|/]")
_UNKNOWN = -1
_REFUNDED = ("refunded", "partly")
_CORRECT = "Correct the cell, or export the list again."


def resolve(asked: Asked) -> Resolved:
    """Bring an order list into the columns of `generic.orders`.

    Raises:
        InputFault: when the order of day and month cannot be told.
    """
    layout = lay_out(asked.header, asked.spec.roles)
    places = {role: found[0].place for role, found in layout.roles.items()}
    body = asked.source.read(asked.header, places, {word for word in _WORDS if word in places}, Shape()).whole()
    columns = dict(body.columns)
    utc, notes = dated(asked, layout, columns, _TIMES)
    money_roles = [role for role in _MONEY if role in columns]
    currency = currency_of(layout, columns, money_roles) or asked.told_currency or asked.currency
    notes += in_major(layout, columns, money_roles, currency)
    zone = "UTC" if utc else asked.zone
    notes += _amount(layout, columns)
    body, aside = _without_total_lines(asked, Body(columns, body.rows, body.preamble, (), body.malformed))
    rows = Rows(asked.source.file, body.rows, np.zeros(len(body.rows), np.int8))
    cells = Cells(asked.spec, body, zone, currency)
    check_numbers(cells, rows)
    _check(cells, rows, columns)
    states, refunded, more = _states(cells, asked.spec.words)
    notes += more
    _refunds(cells, rows, columns, refunded)
    cells = Cells(asked.spec, Body(columns, body.rows, body.preamble, (), body.malformed), zone, currency)
    grouped = group(cells, rows, states, ("amount", "order_amount", "refund", *_SHARES))
    columns, states, lead = _one_row_per_order(cells, columns, grouped, states)
    if grouped is not None:
        notes.append(grouped.note)
    words = pa.array(STATES, pa.string())
    columns["state"] = pa.DictionaryArray.from_arrays(pa.array(states.astype(np.int32)), words)
    columns["mark"] = _mark(columns, asked.spec.words, len(body.rows))
    columns["after_sale"] = _after_sale(columns, asked.spec.words, refunded, cells)
    _refuse_negative(cells, rows, grouped)
    for read in ("paid", "after", "tag"):
        columns.pop(read, None)
    return Resolved(
        asked.spec,
        Body(columns, body.rows, body.preamble, (), body.malformed),
        rows,
        zone,
        currency,
        (chosen(layout, asked.spec, asked.spec.roles), *notes),
        lead,
        aside,
        printed=_printed(layout),
    )


def _amount(layout: Layout, columns: dict[str, pa.Array]) -> list[Note]:
    """What was paid is the amount; without it, the amount of the order, which may hold the others' shares already."""
    if "paid" in columns:
        columns["amount"] = columns["paid"]
        return []
    columns["amount"] = columns["order_amount"]
    for role in _SHARES:
        columns.pop(role, None)
    name = layout.printed("order_amount")
    return [Note(f"没有实付金额，以“{name}”为准", f"no paid amount; {name} is taken")]


def _printed(layout: Layout) -> dict[str, str]:
    names = {role: found[0].printed for role, found in layout.roles.items()}
    return names | {"amount": names.get("paid", names.get("order_amount", ""))}


def _without_total_lines(asked: Asked, body: Body) -> tuple[Body, tuple[tuple[int, str], ...]]:
    """Lines of another width that begin with a word of total are no rows."""
    lines = asked.source.numbered([number for number, _ in body.malformed]) if body.malformed else ()
    totals = {line.row for line in lines if is_total(next((cell for cell in line.cells if cell.strip()), ""))}
    kept = tuple(one for one in body.malformed if one[0] not in totals)
    aside = tuple((row, "total row") for row in sorted(totals))
    return Body(body.columns, body.rows, body.preamble, (), kept), aside


def _check(cells: Cells, rows: Rows, columns: Mapping[str, pa.Array]) -> None:
    """Set aside total rows, rows without an order number, amounts that are none, amounts below zero."""
    orders = text_of(cells, "order")
    total = _total_rows(orders)
    missing = bools(pc.is_null(orders))
    loose = missing & bools(pc.is_null(trimmed(columns["amount"])))
    rows.skip(np.flatnonzero(total), "total row")
    rows.skip(np.flatnonzero(loose & (rows.state == 0) & _untimed(cells)), "total row")
    odd = np.flatnonzero(missing & (rows.state == 0))
    rows.fault(odd, "order", [""] * len(odd), "the order number is missing", _CORRECT)
    for role in _TIMES:
        moment = cells.moment(role)
        odd = np.flatnonzero(moment.wrong) if moment is not None else np.empty(0, np.int64)
        rows.fault(odd, role, [cells.value(role, int(row)) for row in odd], "is no date or time", _CORRECT)
    for role in ("amount", "order_amount", "refund", *_SHARES):
        parsed = cells.parsed(role)
        if parsed is not None and parsed.wrong.any():
            odd = np.flatnonzero(parsed.wrong)
            rows.fault(odd, role, [cells.value(role, int(row)) for row in odd], "is no amount", _CORRECT)


def _total_rows(text: pa.StringArray) -> Mask:
    """Rows whose order number is a word of total; only short texts without digits are looked at."""
    worded = pc.fill_null(pc.match_substring_regex(text, r"^[^0-9]{2,12}$"), fill_value=False)
    found = np.zeros(len(text), bool)
    place = np.flatnonzero(bools(worded))
    found[place] = [is_total(word) for word in text.take(pa.array(place)).to_pylist()]
    return found


def _untimed(cells: Cells) -> Mask:
    local, _ = cells.when([role for role in _TIMES if cells.has(role)])
    return np.asarray(np.isnat(local))


def _words_of(cells: Cells, role: str) -> tuple[list[str | None], npt.NDArray[np.int64]]:
    """The words of a column and the code of each row; the last word is none."""
    column = cells.text(role)
    if column is None:
        return [None], np.zeros(cells.count, np.int64)
    coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    words = [*coded.dictionary.to_pylist(), None]
    return words, filled(coded.indices, len(words) - 1).astype(np.int64)


def _states(cells: Cells, words: Mapping[str, Sequence[str]]) -> tuple[Index, npt.NDArray[np.object_], list[Note]]:
    """The state of each row, what its word says of a refund (`refunded`, `partly`, None), unknown words."""
    known, codes = _words_of(cells, "status")
    means = [meaning(word, words, "state.") for word in known]
    states = [_state_number(one) for one in means]
    found = np.array(states, np.int64)[codes]
    moment = cells.moment("paid_time")
    by_time = np.ones(cells.count, np.int64) if moment is None else (~np.isnat(moment.local)).astype(np.int64)
    notes = []
    for code, (word, state) in enumerate(zip(known, states, strict=True)):
        count = int((codes == code).sum())
        if word and count and state == _UNKNOWN:
            zh = f"不认识状态“{word}”（{count} 行）：有付款时间或没有付款时间一列的按已付款，其余按未付款"
            en = f"state {word!r} ({count} rows) is unknown: paid if a paid time stands or the list has none"
            notes.append(Note(zh, en))
    refunded = np.array([one if one in _REFUNDED else None for one in means], dtype=object)[codes]
    return np.where(found == _UNKNOWN, by_time, found), refunded, notes


def _state_number(name: str | None) -> int:
    if name in _REFUNDED:
        return STATES.index("completed")
    return STATES.index(name) if name in STATES else _UNKNOWN


def _refunds(cells: Cells, rows: Rows, columns: dict[str, pa.Array], refunded: npt.NDArray[np.object_]) -> None:
    """Fully refunded without an amount: the whole amount. Partly refunded without an amount: nobody can tell."""
    parsed = cells.parsed("refund")
    shown = np.zeros(cells.count, bool)
    if parsed is not None:
        minor = filled(parsed.minor, 0)
        shown = parsed.wrong | (minor != 0)
    partly = np.flatnonzero((refunded == "partly") & ~shown & (rows.state == 0))
    problem = "is partly refunded, but no refund amount stands in the row"
    rows.fault(partly, "status", [cells.value("status", int(row)) for row in partly], problem, _CORRECT)
    whole = (refunded == "refunded") & ~shown
    if whole.any():
        amount = cells.plain("amount")
        empty = pa.nulls(cells.count, pa.string())
        own = columns.get("refund", empty)
        own = own.cast(pa.string()) if pa.types.is_dictionary(own.type) else own
        columns["refund"] = pc.if_else(pa.array(whole), amount, own)


def _one_row_per_order(
    cells: Cells, columns: dict[str, pa.Array], grouped: Grouped | None, states: Index
) -> tuple[dict[str, pa.Array], Index, Index | None]:
    if grouped is None:
        return columns, states, None
    codes, currencies = cells.currencies
    result = dict(columns)
    for role, (minor, present) in grouped.amounts.items():
        text = in_text(minor, present, codes[grouped.leads], currencies)
        result[role] = _replaced(columns[role], grouped.leads, text)
    for role, source in grouped.taken.items():
        column = columns[role]
        plain = column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column
        result[role] = _replaced(plain, grouped.leads, plain.take(pa.array(source)))
    if "sub" in columns:  # an order of several rows has no single item
        result["sub"] = _replaced(columns["sub"], grouped.leads, pa.nulls(len(grouped.leads), pa.string()))
    states = states.copy()
    states[grouped.leads] = grouped.states
    return result, states, grouped.lead


def _refuse_negative(cells: Cells, rows: Rows, grouped: Grouped | None) -> None:
    """An order of less than nothing is none: a return that the list shows as a row of its own has no rule."""
    parsed = cells.parsed("amount")
    if parsed is None:
        return
    minor = filled(parsed.minor, 0).copy()
    if grouped is not None and "amount" in grouped.amounts:
        minor[grouped.leads] = grouped.amounts["amount"][0]
    odd = np.flatnonzero((minor < 0) & (rows.state == 0))
    problem, remedy = "the amount of the order is negative", "Show returns in a refund column."
    rows.fault(odd, "amount", [cells.value("amount", int(row)) for row in odd], problem, remedy)


def _replaced(column: pa.Array, leads: Index, texts: pa.StringArray) -> pa.StringArray:
    plain = column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column
    mask = np.zeros(len(plain), bool)
    mask[leads] = True
    return pc.replace_with_mask(plain, pa.array(mask), texts)


def _mark(columns: Mapping[str, pa.Array], words: Mapping[str, Sequence[str]], count: int) -> pa.Array:
    """`other tender` where no covered channel settles how the order was paid, `brushing` where it is tagged so."""

    def means(role: str, prefix: str, apart: re.Pattern[str] | None = None) -> Mask:
        if role not in columns:
            return np.zeros(count, bool)
        column = trimmed(columns[role]).dictionary_encode()
        texts = [apart.split(text) if apart else [text] for text in column.dictionary.to_pylist()]
        known = [any(meaning(word, words, prefix) is not None for word in one) for one in texts]
        found: Mask = np.array([*known, False])[filled(column.indices, len(known))]
        return found

    codes = np.where(means("tender", "tender."), 0, np.where(means("tag", "tag.", _TAGS), 1, -1)).astype(np.int32)
    return pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes < 0), pa.array(["other tender", "brushing"]))


def _after_sale(
    columns: Mapping[str, pa.Array],
    words: Mapping[str, Sequence[str]],
    refunded: npt.NDArray[np.object_],
    cells: Cells,
) -> pa.Array:
    """What the after-sale column says where the refund itself does not; empty: the refund decides."""
    parsed = cells.parsed("refund")
    shown = np.zeros(cells.count, bool)
    if parsed is not None:
        shown = filled(parsed.minor, 0) != 0
    names = [None, "open", "full", "partial"]
    codes = np.where((refunded == "refunded") & ~shown, 2, 0)
    if "after" in columns:
        column = trimmed(columns["after"]).dictionary_encode()
        means = [meaning(word, words, "after.") for word in [*column.dictionary.to_pylist(), None]]
        lookup = np.array([names.index(one) if one in names else 0 for one in means])
        own = lookup[filled(column.indices, len(means) - 1)]
        codes = np.where((own == 1) | ((own > 0) & ~shown), own, codes)
    mask = codes == 0
    return pa.DictionaryArray.from_arrays(pa.array((codes - 1).astype(np.int32), mask=mask), pa.array(names[1:]))
