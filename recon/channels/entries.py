"""Entries as columns of the ledger: amounts, references, moments, states and identities of what the rules made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from recon.channels import identity
from recon.channels.cells import Cells, Index, Minor, folded
from recon.channels.lines import filled
from recon.channels.moments import Times
from recon.channels.parts import Amount, Sides, Test
from recon.channels.rules import Made, Rows
from recon.ledger.abreast import abreast
from recon.ledger.schema import MOMENT, READ, STATES

_REFS = ("order_ref", "sub_ref", "payment_ref", "refund_ref", "batch_ref", "line_ref")
_RANK = 1 << 48
Codes = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Identity:
    """Who each row is: account code, identity, content, latest moment printed, rank among versions."""

    accounts: list[str]
    account: Codes
    key: identity.Hashes
    content: identity.Hashes
    stamp: npt.NDArray[np.datetime64]
    rank: npt.NDArray[np.int64]


def table_of(cells: Cells, rows: Rows, made: Sequence[Made], who: Identity) -> tuple[pa.Table, Index]:
    """Return the entries as `schema.READ`, in file order, and the position of each one's row."""
    place, which, amount = _in_file_order(made, cells.count)
    return _Columns(cells, rows, made, who, place, which, amount).table(), place


def _in_file_order(made: Sequence[Made], count: int) -> tuple[Index, Codes, Minor]:
    """Row, maker and amount of each entry: row by row, those of one row as the spec names them."""
    sizes = np.zeros(count, np.int32)
    for one in made:
        sizes[one.rows] += 1
    place = np.repeat(np.arange(count), sizes)
    free = np.cumsum(sizes, dtype=np.int32) - sizes
    which, amount = np.empty(len(place), np.int32), np.empty(len(place), np.int64)
    for number, one in enumerate(made):
        spots = free[one.rows]
        which[spots], amount[spots] = number, one.minor
        free[one.rows] += 1
    return place, which, amount


class _Columns:
    """The columns of `READ` for entries that lie in rows `place` and were made by `which`."""

    def __init__(
        self, cells: Cells, rows: Rows, made: Sequence[Made], who: Identity, place: Index, which: Codes, amount: Minor
    ) -> None:
        self.cells, self.rows, self.made, self.who = cells, rows, made, who
        self.place, self.which, self.amount = place, which, amount
        self.spec = cells.spec
        self.count = len(place)
        self._zeros = pa.py_buffer(np.zeros(16 * (self.count + 1), dtype=np.uint8))
        self.whole = self.count == cells.count and bool((place == np.arange(cells.count)).all())

    def table(self) -> pa.Table:
        """The entries, two columns at a time."""
        work = self._work()

        def column(field: pa.Field) -> pa.Array:
            made = work[field.name]() if field.name in work else self._nothing(field.name)
            if made.null_count == self.count:
                return self._nothing(field.name)
            return made if made.type == field.type else made.cast(field.type)

        return pa.table(abreast(column, READ, self.count), schema=READ)

    def _work(self) -> dict[str, Callable[[], pa.Array]]:
        """How each column is made; one that is not named has no values."""
        spec, who, rows = self.spec, self.who, self.rows
        codes, currencies = self.cells.currencies
        books = [one.rule.book or spec.book for one in self.made]
        local, instant = self._times()
        work: dict[str, Callable[[], pa.Array]] = {
            "side": lambda: self._constant(spec.side),
            "channel": lambda: self._constant(spec.channel),
            "account": lambda: self._coded(self._picked(who.account), who.accounts),
            "entry_id": self._ids,
            "kind": lambda: self._by_make([one.make.kind for one in self.made]),
            "detail": self._detail,
            "occurred_at": partial(self._moment, instant),
            "value_date": lambda: pa.array(local.astype("datetime64[D]"), pa.date32()),
            "amount": lambda: pa.array(self.amount),
            "currency": lambda: self._coded(self._picked(codes), currencies),
            "book": lambda: self._by_make(books),
            "shop": lambda: self._category(spec.shop),
            "status": lambda: self._first(spec.status),
            "counterparty": self._method if spec.method else partial(self._party, "counterparty", spec.counterparty),
            "counterparty_account": lambda: self._tail(spec.counterparty_account),
            "state": lambda: self._taken(self._state()) if spec.states else self._nothing("state"),
            "after_sale": lambda: self._taken(self._after_sale()),
            "order_amount": self._order_amount,
            "released": lambda: self._money("released", spec.released),
            "fee_rate": self._fee_rate,
            "balance_after": self._balance,
            "memo": self._memo,
            "proven": lambda: pa.repeat(pa.scalar(value=True), self.count),
            "source_file": lambda: self._constant(rows.file),
            "source_row": lambda: self._taken(pa.array(rows.numbers)),
            "row_key": lambda: self._taken(pa.array(who.key)),
            "row_hash": lambda: self._taken(pa.array(who.content)),
            "row_stamp": lambda: self._taken(self._moment(who.stamp)),
            "row_rank": lambda: self._taken(pa.array(who.rank)),
        }
        work |= {name: partial(self._reference, name) for name in _REFS}
        for name, printed in spec.dates.items():
            moment = self.cells.moment(printed)
            if moment is not None:
                work[name] = partial(self._moment, self._picked(moment.instant))
        return work

    def _nothing(self, name: str) -> pa.Array:
        """A column without any value; all such columns share one buffer of zeros."""
        kind = READ.field(name).type
        if pa.types.is_dictionary(kind):
            indices = pa.Array.from_buffers(pa.int32(), self.count, [self._zeros, self._zeros])
            return pa.DictionaryArray.from_arrays(indices, pa.array([], pa.string()))
        return pa.Array.from_buffers(kind, self.count, [self._zeros] * kind.num_buffers)

    def _picked(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        return values if self.whole else values[self.place]

    def _taken(self, column: pa.Array) -> pa.Array:
        return column if self.whole else column.take(pa.array(self.place))

    def _constant(self, text: str) -> pa.Array:
        """One text on every row; all such columns share one buffer of zeros."""
        indices = pa.Array.from_buffers(pa.int32(), self.count, [None, self._zeros])
        return pa.DictionaryArray.from_arrays(indices, pa.array([text], pa.string()))

    def _coded(self, codes: npt.NDArray[np.int32], words: Sequence[str]) -> pa.Array:
        if len(words) == 1 and not codes.any():
            return self._constant(words[0])
        return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), pa.array(list(words), pa.string()))

    def _by_make(self, texts: Sequence[str | None]) -> pa.Array:
        words = sorted({text for text in texts if text is not None})
        codes = np.array([words.index(text) if text is not None else -1 for text in texts], dtype=np.int32)
        if not len(codes):
            return pa.nulls(0, pa.dictionary(pa.int32(), pa.string()))
        if not codes.any():
            return self._constant(words[0])
        mine = codes[self.which]
        indices = pa.array(mine, mask=mine < 0)
        return pa.DictionaryArray.from_arrays(indices, pa.array(words, pa.string()))

    def _ids(self) -> pa.StringArray:
        names = [one.make.name or f"{one.make.kind}:{one.make.detail or ''}" for one in self.made]
        parts = np.array([identity.of_text(name) for name in [*names, ""]], dtype=np.uint64)
        return identity.of_entries(self.who.key, self.place, parts, self.which)

    def _moment(self, times: Times) -> pa.Array:
        return pa.array(times, pa.timestamp("us")).cast(MOMENT)

    def _times(self) -> tuple[Times, Times]:
        """When each entry happened, as printed and as instant; where the spec names a value date, that as printed."""
        local, instant = self.cells.when(self.spec.time)
        mine_local, mine = self._picked(local), self._picked(instant)
        for number, one in enumerate(self.made):
            if one.make.time:
                own_local, own = (self._picked(times) for times in self.cells.when(one.make.time))
                use = self.which == number
                mine_local, mine = np.where(use, own_local, mine_local), np.where(use, own, mine)
            elif self.spec.side == "order" and one.make.kind == "refund":
                # The list shows what was refunded, not when: the day of the order is not the day of the refund.
                undated = self.which == number
                mine_local, mine = (np.where(undated, np.datetime64("NaT"), times) for times in (mine_local, mine))
        if self.spec.value_date:
            moment = self.cells.moment(self.spec.value_date)
            if moment is not None:
                value = self._picked(moment.local)
                mine_local = np.where(np.isnat(value), mine_local, value)
        return mine_local, mine

    def _memo(self) -> pa.Array:
        memo = self._taken(self.cells.joined(self.spec.memo)) if self.spec.memo else self._nothing("memo")
        for number, one in enumerate(self.made):
            if one.rule.memo:
                use = self.which == number
                own = self.cells.joined(one.rule.memo, self.place[use])
                memo = pc.replace_with_mask(memo, pa.array(use), own)
        return memo

    def _category(self, name: str | None) -> pa.Array:
        column = self.cells.text(name) if name else None
        if column is None:
            return self._nothing("shop")
        coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
        return self._taken(coded)

    def _party(self, field: str, name: str | Sides | None) -> pa.Array:
        """A column of the other party; of two the one that the direction of the entry names."""
        if isinstance(name, Sides):
            came, went = self._party(field, name.incoming), self._party(field, name.outgoing)
            return pc.if_else(pa.array(self.amount >= 0), came, went)
        column = self.cells.plain(name) if name else None
        return self._nothing(field) if column is None else self._taken(column)

    def _first(self, names: Sequence[str]) -> pa.Array:
        columns = [self._taken(column) for name in names if (column := self.cells.text(name)) is not None]
        if not columns:
            return self._nothing("status")
        return pc.coalesce(*(column.cast(pa.string()) for column in columns)) if columns[1:] else columns[0]

    def _method(self) -> pa.Array:
        """What a fee may depend on stands where banks name the other party."""
        return self._taken(self.cells.joined(self.spec.method))

    def _tail(self, name: str | Sides | None) -> pa.Array:
        return pc.utf8_slice_codeunits(self._party("counterparty_account", name), start=-4)

    def _detail(self) -> pa.Array:
        fixed = self._by_make([one.make.detail for one in self.made])
        for number, one in enumerate(self.made):
            column = self.cells.plain(one.make.detail_from) if one.make.detail_from else None
            if column is None:
                continue
            use = self.which == number
            words = column.take(pa.array(self.place[use]))
            fixed = pc.replace_with_mask(fixed.cast(pa.string()), pa.array(use), words)
        return fixed if pa.types.is_dictionary(fixed.type) else fixed.dictionary_encode()

    def _reference(self, name: str) -> pa.Array:
        base = self._taken(self.cells.reference(getattr(self.spec.refs, name)))
        for number, one in enumerate(self.made):
            chain = getattr(one.make.refs, name)
            named = name in one.make.refs.model_fields_set or name in one.rule.refs.model_fields_set
            if not named:
                continue
            chain = chain if name in one.make.refs.model_fields_set else getattr(one.rule.refs, name)
            use = self.which == number
            own = self.cells.reference(chain, self.place[use])
            base = pc.replace_with_mask(base, pa.array(use), own)
        return base

    def _money(self, field: str, amount: Amount | None) -> pa.Array:
        if amount is None:
            return self._nothing(field)
        money = self.cells.amount(amount)
        return pa.array(money.minor[self.place], mask=~money.present[self.place])

    def _order_amount(self) -> pa.Array:
        base = self._money("order_amount", self.spec.order_amount)
        for number, one in enumerate(self.made):
            if one.make.order_amount is not None:
                use = self.which == number
                money = self.cells.amount(one.make.order_amount)
                rows = self.place[use]
                own = pa.array(money.minor[rows], mask=~money.present[rows])
                base = pc.replace_with_mask(base, pa.array(use), own)
        return base

    def _fee_rate(self) -> pa.Array:
        base = self._nothing("fee_rate")
        for number, one in enumerate(self.made):
            if one.make.fee_rate is not None:
                use = self.which == number
                own = self.cells.rate(one.make.fee_rate).take(pa.array(self.place[use]))
                base = pc.replace_with_mask(base, pa.array(use), own)
        return base

    def _balance(self) -> pa.Array:
        if self.spec.balance is None:
            return self._nothing("balance_after")
        parsed = self.cells.parsed(self.spec.balance.column)
        return self._nothing("balance_after") if parsed is None else self._taken(parsed.minor)

    def _state(self) -> pa.Array:
        codes = states_of(self.cells)
        return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), pa.array(STATES, pa.string()))

    def _after_sale(self) -> pa.Array:
        sale = self.spec.after_sale
        words = ["none", "partial", "full", "open"]
        if self.spec.side != "order" or not (sale.rules or sale.refund):
            return pa.nulls(self.cells.count, pa.dictionary(pa.int32(), pa.string()))
        codes = np.zeros(self.cells.count, dtype=np.int32)
        if sale.refund is not None and sale.of is not None:
            refund, paid = self.cells.parsed(sale.refund), self.cells.parsed(sale.of)
            if refund is not None and paid is not None:
                back = np.abs(filled(refund.minor, 0))
                full = back >= filled(paid.minor, 0)
                codes[back > 0] = 1
                codes[(back > 0) & full] = 2
        rest = np.arange(self.cells.count)
        for rule in sale.rules:
            fit = self.cells.fits(rule.when, rest)
            codes[rest[fit]] = words.index(rule.value)
            rest = rest[~fit]
        return pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(words, pa.string()))


def states_of(cells: Cells) -> npt.NDArray[np.int64]:
    """Return the state of each order as index into `schema.STATES`; unknown words: paid if it was paid, else unpaid."""
    spec = cells.spec
    if spec.states is None:
        return np.ones(cells.count, np.int64)
    paid = spec.dates.get("paid_at")
    moment = cells.moment(paid) if paid else None
    codes = np.ones(cells.count, np.int64) if moment is None else (~np.isnat(moment.local)).astype(np.int64)
    rows = np.arange(cells.count)
    for number, name in enumerate(STATES):
        texts = getattr(spec.states, name)
        if texts:
            test = {spec.states.column: Test(equals=texts)}
            codes[cells.fits(test, rows)] = number
    return codes


def unknown_states(cells: Cells) -> dict[str, int]:
    """Return the words of the state column that the channel does not list, with the number of their rows."""
    spec = cells.spec
    column = cells.text(spec.states.column) if spec.states is not None else None
    if column is None or spec.states is None:
        return {}
    known = {folded(word) for name in STATES for word in getattr(spec.states, name)}
    counts = pc.value_counts(column.cast(pa.string())).to_pylist()
    found = {one["values"]: one["counts"] for one in counts if one["values"] is not None}
    return {word: found[word] for word in sorted(found) if folded(word) not in known}


def rank_of(cells: Cells) -> npt.NDArray[np.int64]:
    """Return the rank of each row among its versions: state, then refund."""
    rank = np.zeros(cells.count, np.int64)
    if cells.spec.states is not None:
        later = np.array([0, 1, 2, 3, 3])
        rank += later[states_of(cells)] * _RANK
    if cells.spec.refund_rank is not None:
        parsed = cells.parsed(cells.spec.refund_rank)
        if parsed is not None:
            rank += np.minimum(np.abs(filled(parsed.minor, 0)), _RANK - 1)
    return rank
