"""The cells of a table as a spec reads them: cleaned text, amounts, moments, references, conditions.

Each column is cleaned and parsed once, whole. What is wrong with a cell is kept per row and column; whether it
matters is decided by the rule that uses it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from recon import money
from recon.channels import amounts, moments, zones
from recon.channels.cleaning import carried, cleaned, pieces
from recon.channels.currencies import currency_code
from recon.channels.generic import days
from recon.channels.joining import joined
from recon.channels.lines import Body, bools, filled
from recon.channels.parts import Amount, Link, Test
from recon.channels.spec import Spec
from recon.ledger.abreast import abreast
from recon.ledger.schema import RATE

Mask = npt.NDArray[np.bool_]
Index = npt.NDArray[np.int64]
Minor = npt.NDArray[np.int64]

#: Up to as many words a condition is decided once per word.
_FEW_WORDS = 20_000


@dataclass(frozen=True)
class Money:
    """An amount per row: minor units (0 where there is none), where there is one, and what is wrong where."""

    minor: Minor
    present: Mask
    wrong: tuple[tuple[str, Mask, str], ...] = ()


class Cells:
    """The rows of one table under one spec."""

    def __init__(self, spec: Spec, body: Body, zone: str, currency: str) -> None:
        self.spec = spec
        self.body = body
        self.count = len(body.rows)
        self.zone = spec.zone or zone
        self._raw = dict(body.columns)
        self._texts: dict[str, pa.Array] = {}
        self._amounts: dict[str, money.Parsed] = {}
        self._moments: dict[str, moments.Moments] = {}
        self._currencies = self._currency_codes(currency)

    @property
    def currencies(self) -> tuple[npt.NDArray[np.int32], list[str]]:
        """Currency of each row as code into the list."""
        return self._currencies

    @property
    def names(self) -> list[str]:
        """The columns that the file prints, sorted."""
        return sorted([*self._raw, *self._texts])

    def has(self, name: str) -> bool:
        """True if the file prints this column."""
        return name in self._raw or name in self._texts

    def text(self, name: str) -> pa.Array | None:
        """Return a column without decoration, null where the cell is empty; None if the file has no such column."""
        if name in self._raw:
            column = cleaned(self._raw.pop(name), self.spec.text.empty)
            carry = self.spec.carried
            key = self.text(carry.by) if carry is not None and name in carry.columns else None
            self._texts[name] = column if key is None else carried(column, key)
        return self._texts.get(name)

    def prepare(self, amounts: Collection[str]) -> None:
        """Clean all columns, and read those of amounts, ahead of being asked for them: two at a time."""
        if self.spec.carried is None:  # there a column asks for another one
            abreast(lambda name: self.parsed(name) if name in amounts else self.text(name), self.names, self.count)

    def plain(self, name: str) -> pa.StringArray | None:
        """Return `text` as strings, not as a dictionary."""
        column = self.text(name)
        return column.cast(pa.string()) if column is not None and pa.types.is_dictionary(column.type) else column

    def value(self, name: str, row: int) -> str:
        """Return one cell as text, for a message."""
        column = self.text(name)
        return "" if column is None else str(column[row].as_py() or "")

    def moment(self, name: str) -> moments.Moments | None:
        """Return a column of times; None if the file has no such column.

        Raises:
            days.UndecidedError: when the spec says that the days tell their order, and they do not.
        """
        column = self.text(name)
        if column is None:
            return None
        if name not in self._moments:
            if self.spec.day == "told":
                order = self._order_of_days()
                column = moments.year_first(column, order) if order else days.year_first(column).column
            elif self.spec.day is not None:
                column = moments.year_first(column, self.spec.day)
            clock = self.plain(self.spec.clock) if self.spec.clock and name in self.spec.time else None
            if clock is not None:
                column = moments.with_clock(column, clock)
            found = moments.parse(column, self.zone)
            zone = self.text(self.spec.zone_column) if self.spec.zone_column else None
            if zone is not None:
                found = replace(found, instant=zones.instants(found.local, zone, self.zone))
            found.local.flags.writeable = found.instant.flags.writeable = False
            self._moments[name] = found
        return self._moments[name]

    def _order_of_days(self) -> Literal["day_first", "month_first"] | None:
        """What the days of all columns together say: one column of few days may not tell it."""
        names = dict.fromkeys((*self.spec.time, *self.spec.dates.values(), *self.spec.stamps))
        columns = [column for name in names if (column := self.plain(name)) is not None]
        found = days.year_first(pa.concat_arrays(columns)).order if columns else ""
        return "day_first" if found == "d/m" else "month_first" if found == "m/d" else None

    def when(self, names: Iterable[str]) -> tuple[moments.Times, moments.Times]:
        """Return the first of several times that a row has: as printed, and as instant; neither is to be written."""
        found = [column for name in names if (column := self.moment(name)) is not None]
        if not found:
            nothing = np.full(self.count, np.datetime64("NaT"), dtype="datetime64[us]")
            return nothing, nothing
        local, instant = found[0].local, found[0].instant
        for column in found[1:]:
            use = np.isnat(local)
            if use.any():
                local, instant = np.where(use, column.local, local), np.where(use, column.instant, instant)
        return local, instant

    def amount(self, source: Amount) -> Money:
        """Return an amount per row, in the merchant's view."""
        if source.nothing:
            return Money(np.zeros(self.count, np.int64), np.ones(self.count, bool))
        if source.incoming is not None or source.outgoing is not None:
            return self._pair(source)
        if source.several:
            parts = [self._column(name) for name in (*source.several, *source.less)]
            signs = [1] * len(source.several) + [-1] * len(source.less)
            total = Money(
                np.sum([sign * part.minor for sign, part in zip(signs, parts, strict=True)], axis=0),
                np.any([part.present for part in parts], axis=0),
                tuple(wrong for part in parts for wrong in part.wrong),
            )
            return _signed(total, source.sign)
        printed = self._column(source.column or "")
        if source.sign == "cost":
            return _signed(printed, "turned" if self._cost_is_positive(printed) else "printed")
        return self._directed(printed, source) if source.direction else _signed(printed, source.sign)

    def _cost_is_positive(self, charge: Money) -> bool:
        """True if the charge is printed positive on most rows where money came in."""
        base = self.amount(self.spec.amount) if self.spec.amount is not None else charge
        used = charge.minor[base.minor > 0]
        return int((used > 0).sum()) >= int((used < 0).sum())

    def parsed(self, name: str) -> money.Parsed | None:
        """Return a column of amounts as printed; None if the file has no such column."""
        if name not in self._amounts:
            column = self.text(name)
            if column is None:
                return None
            by_word = pa.types.is_dictionary(column.type) and len(self._currencies[1]) == 1
            texts = column.dictionary if by_word else column.cast(pa.string())
            read = self._parse(amounts.plain(texts, self.spec.text, name))
            self._amounts[name] = _on_each(read, column.indices) if by_word else read
        return self._amounts[name]

    def rate(self, name: str) -> pa.Array:
        """Return a column of rates (`0.54%`) as decimals, null where there is none."""
        column = self.text(name)
        if column is None:
            return pa.nulls(self.count, RATE)
        coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
        words = pa.array([amounts.rate(word) for word in coded.dictionary.to_pylist()], RATE)
        return words.take(coded.indices)

    def reference(self, chain: Sequence[Link], rows: Index | None = None) -> pa.StringArray:
        """Return the first fitting reference of each row (of the given rows), null where there is none."""
        count = self.count if rows is None else len(rows)
        found: pa.StringArray | None = None
        places: list[Index] = []
        texts: list[pa.StringArray] = []
        rest = np.empty(0, np.int64)
        for link in chain:
            column = self.text(link.column)
            if column is None:
                continue
            if found is None:
                found = _linked(column if rows is None else column.take(pa.array(rows)), link)
                rest = np.flatnonzero(bools(pc.is_null(found))) if found.null_count else rest
                continue
            if not len(rest):
                break
            late = _linked(column.take(pa.array(rest if rows is None else rows[rest])), link)
            fits = bools(pc.is_valid(late))
            places.append(rest[fits])
            texts.append(late.drop_null())
            rest = rest[~fits]
        if found is None:
            return pa.nulls(count, pa.string())
        return _placed(found, np.concatenate(places), pa.concat_arrays(texts)) if places else found

    def fits(self, tests: Mapping[str, Test], rows: Index) -> Mask:
        """Return which of the given rows meet all conditions; a column that is not there is empty."""
        result = np.ones(len(rows), dtype=bool)
        for name, test in tests.items():
            if not result.any():
                break
            result &= self._fits(name, test, rows)
        return result

    def joined(self, names: Sequence[str], rows: Index | None = None) -> pa.StringArray:
        """Return the texts of several columns (of the given rows) joined by a blank, null where all are empty."""
        columns = [column for name in names if (column := self.text(name)) is not None]
        if not columns:
            return pa.nulls(self.count if rows is None else len(rows), pa.string())
        if rows is not None:
            columns = [column.take(pa.array(rows)) for column in columns]
        if len(columns) == 1:
            return columns[0].cast(pa.string())
        return joined(columns)

    def _fits(self, name: str, test: Test, rows: Index) -> Mask:
        column = self.text(name)
        if column is None:
            blank = np.ones(len(rows), dtype=bool)
            return blank if test.empty or (test.empty is None and _only_unlike(test)) else ~blank
        if pa.types.is_dictionary(column.type) and len(column.dictionary) <= _FEW_WORDS:
            words = column.dictionary.to_pylist()
            verdicts = np.array([_meets(word, test) for word in [*words, None]], dtype=bool)
            codes = filled(column.indices, len(words))
            return np.asarray(verdicts[codes[rows]])
        part = column.take(pa.array(rows))
        if pa.types.is_dictionary(part.type):
            part = part.cast(pa.string())
        if test.equals or test.prefix or test.unlike:
            coded = part.dictionary_encode(null_encoding="encode")
            verdicts = np.array([_meets(word, test) for word in coded.dictionary.to_pylist()], dtype=bool)
            return np.asarray(verdicts[coded.indices.to_numpy(zero_copy_only=False)]) if len(rows) else np.ones(0, bool)
        blank = bools(pc.is_null(part))
        result = np.ones(len(rows), dtype=bool) if test.empty is None else blank == test.empty
        if test.pattern is not None:
            result &= bools(pc.fill_null(pc.match_substring_regex(part, test.pattern), fill_value=False))
        return result

    def _column(self, name: str) -> Money:
        parsed = self.parsed(name)
        if parsed is None:
            return Money(np.zeros(self.count, np.int64), np.zeros(self.count, bool))
        wrong = ((name, parsed.wrong, "is no amount"),) if parsed.wrong.any() else ()
        return Money(filled(parsed.minor, 0), bools(pc.is_valid(parsed.minor)), wrong)

    def _pair(self, source: Amount) -> Money:
        came = self._column(source.incoming or "")
        went = self._column(source.outgoing or "")
        both = (came.minor != 0) & (went.minor != 0)
        incoming, outgoing = came.minor, went.minor
        if not source.reversals:
            incoming, outgoing = np.abs(incoming), np.abs(outgoing)
        elif (outgoing <= 0).all():
            outgoing = -outgoing
        wrong = came.wrong + went.wrong
        if both.any():
            wrong += ((source.outgoing or "", both, "both amount columns are filled"),)
        return Money(incoming - outgoing, came.present | went.present, wrong)

    def _directed(self, printed: Money, source: Amount) -> Money:
        name = source.direction or ""
        rows = np.arange(self.count)
        plus = self._fits(name, Test(equals=source.plus), rows)
        minus = self._fits(name, Test(equals=source.minus), rows)
        unknown = printed.present & ~plus & ~minus
        wrong = printed.wrong
        if unknown.any():
            wrong += ((name, unknown, f"is neither {'/'.join(source.plus)} nor {'/'.join(source.minus)}"),)
        against = plus & (printed.minor < 0)
        if source.agrees and against.any():
            wrong += ((source.column or "", against, f"is negative, and {name} says money in"),)
        size = np.abs(printed.minor)
        return Money(np.where(minus, -size, size), printed.present, wrong)

    def _parse(self, column: pa.StringArray) -> money.Parsed:
        if self.spec.text.unit == "minor":
            return amounts.in_minor(column)
        codes, names = self._currencies
        if len(names) == 1:
            parts = [money.parse(piece, names[0]) for piece in pieces(column)]
            minor = pa.concat_arrays([part.minor for part in parts])
            return money.Parsed(minor, np.concatenate([part.wrong for part in parts]))
        minor = np.zeros(self.count, np.int64)
        present = np.zeros(self.count, bool)
        wrong = np.zeros(self.count, bool)
        for code, name in enumerate(names):
            rows = np.flatnonzero(codes == code)
            parsed = money.parse(column.take(pa.array(rows)), name)
            minor[rows], present[rows], wrong[rows] = (
                filled(parsed.minor, 0),
                bools(pc.is_valid(parsed.minor)),
                parsed.wrong,
            )
        return money.Parsed(pa.array(minor, mask=~present), wrong)

    def _currency_codes(self, default: str) -> tuple[npt.NDArray[np.int32], list[str]]:
        column = self.text(self.spec.currency) if self.spec.currency else None
        if column is None:
            return np.zeros(self.count, np.int32), [default]
        coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
        words = [currency_code(word) or default for word in coded.dictionary.to_pylist()]
        names = sorted({*words, default} if coded.null_count or not words else set(words))
        place = {name: number for number, name in enumerate(names)}
        lookup = np.array([place[word] for word in words] + [place.get(default, 0)], dtype=np.int32)
        return lookup[filled(coded.indices, len(words))], names


def folded(text: str) -> str:
    """Return a cell as conditions compare it: NFKC, trimmed, 帐 as 账."""
    return unicodedata.normalize("NFKC", text).strip().replace("帐", "账")


def _meets(word: str | None, test: Test) -> bool:
    text = folded(word) if word is not None else ""
    if test.empty is not None and (not text) != test.empty:
        return False
    if test.equals and text not in {folded(item) for item in test.equals}:
        return False
    if test.prefix and not text.startswith(tuple(folded(item) for item in test.prefix)):
        return False
    if test.unlike and text in {folded(item) for item in test.unlike}:
        return False
    return test.pattern is None or re.search(test.pattern, text) is not None


def _only_unlike(test: Test) -> bool:
    return bool(test.unlike) and not test.equals and not test.prefix and test.pattern is None


def _signed(money_: Money, sign: str) -> Money:
    if sign == "printed":
        return money_
    size = np.abs(money_.minor)
    minor = {"turned": -money_.minor, "positive": size, "negative": -size}[sign]
    return Money(minor, money_.present, money_.wrong)


def _placed(column: pa.StringArray, places: Index, texts: pa.StringArray) -> pa.StringArray:
    """Put texts into a column."""
    if not len(places):
        return column
    mask = np.zeros(len(column), dtype=bool)
    mask[places] = True
    return pc.replace_with_mask(column, pa.array(mask), texts.take(pa.array(np.argsort(places))))


def _linked(column: pa.Array, link: Link) -> pa.StringArray:
    column = column.cast(pa.string())
    if link.digits is not None:
        sizes = pc.binary_length(column)
        low, high = link.digits
        good = pc.and_(pc.and_(pc.greater_equal(sizes, low), pc.less_equal(sizes, high)), pc.ascii_is_decimal(column))
        if not pc.all(good, min_count=0).as_py():
            column = pc.if_else(pc.fill_null(good, fill_value=False), column, pa.scalar(None, pa.string()))
    elif link.pattern is not None:
        column = pc.struct_field(pc.extract_regex(column, link.pattern), "ref")
    if link.ignore:
        column = pc.if_else(
            pc.is_in(column, value_set=pa.array(link.ignore, pa.string())), pa.scalar(None, pa.string()), column
        )
    return column


def _on_each(words: money.Parsed, codes: pa.Int32Array) -> money.Parsed:
    """The amounts of words, on each row that has the word."""
    wrong = np.zeros(len(codes), bool)
    if words.wrong.any():
        wrong = bools(pc.fill_null(pa.array(words.wrong).take(codes), fill_value=False))
    return money.Parsed(words.minor.take(codes), wrong)
