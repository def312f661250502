"""The ledger as plain arrays: what the kernels read, made once per run."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from recon.ledger.abreast import abreast
from recon.ledger.channel import ChannelFacts
from recon.ledger.days import NO_DAY
from recon.ledger.schema import AFTER_SALES, BOOKS, KINDS, SIDES, STATES

_T = TypeVar("_T")
ORDER, GATEWAY, BANK = range(3)
KIND = {name: n for n, name in enumerate(KINDS)}
BOOK = {name: n for n, name in enumerate(BOOKS)}
STATE = {name: n for n, name in enumerate(STATES)}
AFTER_SALE = {name: n for n, name in enumerate(AFTER_SALES)}


@dataclass(frozen=True)
class View:
    """Arrays over the positions of the entries table.

    Codes are -1 where the ledger has null. Days are whole days since 1970-01-01, NO_DAY where null. `family` and
    `account` are codes into `families` and `accounts` ("family:number": what a file's account is called everywhere).
    """

    entries: pd.DataFrame
    side: np.ndarray
    kind: np.ndarray
    book: np.ndarray
    state: np.ndarray
    after_sale: np.ndarray
    amount: np.ndarray
    channel: np.ndarray
    channels: tuple[str, ...]
    family: np.ndarray
    families: tuple[str, ...]
    account: np.ndarray
    accounts: tuple[str, ...]
    currency: np.ndarray
    currencies: tuple[str, ...]
    shop: np.ndarray
    shops: tuple[str, ...]
    day: np.ndarray
    proven: np.ndarray
    _coded: dict[str, tuple[np.ndarray, pa.Array]] = field(default_factory=dict, repr=False, compare=False)
    _days: dict[tuple[str, str], np.ndarray] = field(default_factory=dict, repr=False, compare=False)

    def __len__(self) -> int:
        return len(self.amount)

    def codes(self, column: str) -> tuple[np.ndarray, pa.Array]:
        """Return integer codes (-1 for null) and the distinct texts of a reference column; worked out once a run."""
        if column not in self._coded:
            self._coded[column] = encode(self.entries[column])
        return self._coded[column]

    def encode_all(self, columns: Sequence[str]) -> None:
        """Work out the codes of several columns at once; Arrow works outside the interpreter's lock."""
        coded = abreast(encode, [self.entries[name] for name in columns], len(self))
        self._coded.update(zip(columns, coded, strict=True))

    def days(self, column: str, zone: str) -> np.ndarray:
        """Return the days of a moment column in a zone; worked out once a run.

        Where that moment is the one that an order list places its row by, the day is the one printed there: each
        channel counts in its own zone, and an order of a Californian evening was paid that evening.
        """
        if (column, zone) not in self._days:
            days = days_of(self.entries[column], zone)
            if column != "occurred_at" and (days != NO_DAY).any():
                same = pc.equal(arrow(self.entries[column]), arrow(self.entries["occurred_at"])).fill_null(
                    fill_value=False
                )
                own = same.to_numpy(zero_copy_only=False) & (self.side == ORDER) & (self.day != NO_DAY)
                days = np.where(own, self.day, days)
            self._days[column, zone] = days
        return self._days[column, zone]

    def integers(self, column: str) -> tuple[np.ndarray, np.ndarray]:
        """Return a nullable int64 column as values (0 where null) and a mask of what is there."""
        array = arrow(self.entries[column])
        return array.fill_null(0).to_numpy(), array.is_valid().to_numpy()

    def detailed(self, *names: str) -> np.ndarray:
        """Mark the entries whose detail is one of a few names."""
        detail = self.entries["detail"].cat
        chosen = np.array([*(str(name) in names for name in detail.categories), False])
        marked: np.ndarray = chosen[detail.codes.to_numpy()] if chosen.any() else np.zeros(len(self), dtype=bool)
        return marked

    def texts(self, column: str, rows: np.ndarray) -> list[str]:
        """Return the texts of a few rows, empty where null."""
        return [v or "" for v in arrow(self.entries[column].take(rows)).cast(pa.string()).to_pylist()]


class Citations:
    """The texts of a few rows that findings name, read from the ledger once per column instead of once per row."""

    def __init__(self, ledger: View, rows: np.ndarray) -> None:
        """Cite these rows of the ledger (positions, in any order)."""
        self._entries = ledger.entries
        self._rows = np.unique(rows)
        self._place = {row: n for n, row in enumerate(self._rows.tolist())}
        self._columns: dict[str, list[object]] = {}
        self._texts: dict[str, list[str]] = {}

    def values(self, column: str, rows: np.ndarray | list[int]) -> list[object]:
        """Return the values of cited rows as Python values."""
        if column not in self._columns:
            taken = arrow(self._entries[column].take(self._rows))
            plain = taken.cast(taken.type.value_type) if pa.types.is_dictionary(taken.type) else taken
            self._columns[column] = plain.to_pylist()
        return self._placed(self._columns[column], rows)

    def texts(self, column: str, rows: np.ndarray | list[int]) -> list[str]:
        """Return the texts of cited rows, empty where null."""
        if column not in self._texts:
            self.values(column, [])
            self._texts[column] = ["" if value is None else str(value) for value in self._columns[column]]
        return self._placed(self._texts[column], rows)

    def _placed(self, cited: list[_T], rows: np.ndarray | list[int]) -> list[_T]:
        place = self._place
        return [cited[place[row]] for row in (rows.tolist() if isinstance(rows, np.ndarray) else rows)]


def view(entries: pd.DataFrame, channels: Mapping[str, ChannelFacts]) -> View:
    """Make the arrays of a ledger.

    Args:
        entries: the ledger, as `merge` returns it.
        channels: facts of each channel in it.
    """
    channel, names = _category(entries["channel"])
    family_of = [channels[c].family for c in names]
    families = tuple(sorted(set(family_of)))
    family = np.array([families.index(f) for f in family_of], dtype=np.int64)[channel]
    number, numbers = _category(entries["account"])
    pair = family * max(len(numbers), 1) + number
    distinct, account = np.unique(pair, return_inverse=True)
    accounts = tuple(f"{families[p // len(numbers)]}:{numbers[p % len(numbers)]}" for p in distinct)
    currency, currencies = _category(entries["currency"])
    shop, shops = _category(entries["shop"])
    return View(
        entries=entries,
        side=_fixed(entries["side"], SIDES),
        kind=_fixed(entries["kind"], KINDS),
        book=_fixed(entries["book"], BOOKS),
        state=_fixed(entries["state"], STATES),
        after_sale=_fixed(entries["after_sale"], AFTER_SALES),
        amount=entries["amount"].to_numpy(),
        channel=channel,
        channels=names,
        family=family,
        families=families,
        account=account.astype(np.int64),
        accounts=accounts,
        currency=currency,
        currencies=currencies,
        shop=shop,
        shops=shops,
        day=_dates(entries["value_date"]),
        proven=entries["proven"].to_numpy(),
    )


def of_details(view: View, details: Mapping[str, Collection[str]]) -> np.ndarray:
    """Mark the entries of channels whose detail is among those named for the channel."""
    mine = np.zeros(len(view), dtype=bool)
    column = view.entries["detail"].cat
    names = [str(name) for name in column.categories]
    for code, channel in enumerate(view.channels):
        wanted = [names.index(name) for name in details.get(channel, ()) if name in names]
        if wanted:
            mine |= (view.channel == code) & np.isin(column.codes.to_numpy(), wanted)
    return mine


def arrow(series: pd.Series) -> pa.ChunkedArray:
    """The Arrow array behind a column, without a copy where it is Arrow-backed already."""
    array = pa.chunked_array(pa.array(series)) if not isinstance(series.dtype, pd.ArrowDtype) else pa.array(series)
    return array if isinstance(array, pa.ChunkedArray) else pa.chunked_array([array])


def encode(series: pd.Series) -> tuple[np.ndarray, pa.Array]:
    """Integer codes (-1 for null) and the distinct texts of a text column."""
    column = arrow(series)
    if column.null_count == len(column):  # one number stands for them all
        return np.broadcast_to(np.int64(-1), len(column)), pa.array([], column.type)
    coded = column.combine_chunks()
    array = coded.chunk(0) if isinstance(coded, pa.ChunkedArray) else coded
    dictionary = array.dictionary_encode()
    return dictionary.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64), dictionary.dictionary


def days_of(series: pd.Series, zone: str) -> np.ndarray:
    """The day of each moment in a zone, NO_DAY where null (by pandas: Arrow has no zones of its own on Windows)."""
    column = arrow(series)
    if column.null_count == len(column):  # one number stands for them all
        return np.broadcast_to(np.int64(NO_DAY), len(column))
    days = np.full(len(column), NO_DAY, dtype=np.int64)
    there = column.is_valid().to_numpy()
    moments = column.cast(pa.int64()).drop_null().to_numpy().astype("datetime64[us]")
    local = pd.DatetimeIndex(moments, tz="UTC").tz_convert(zone).tz_localize(None).to_numpy()
    days[there] = local.astype("datetime64[D]").astype(np.int64)
    return days


def _dates(series: pd.Series) -> np.ndarray:
    return _day_numbers(arrow(series))


def _day_numbers(dates: pa.ChunkedArray) -> np.ndarray:
    numbers = dates.cast(pa.int32()).cast(pa.int64())
    filled: np.ndarray = numbers.fill_null(NO_DAY).to_numpy()
    return filled


def _category(series: pd.Series) -> tuple[np.ndarray, tuple[str, ...]]:
    return series.cat.codes.to_numpy().astype(np.int64), tuple(str(c) for c in series.cat.categories)


def _fixed(series: pd.Series, names: tuple[str, ...]) -> np.ndarray:
    place = np.array([names.index(str(c)) for c in series.cat.categories] + [-1], dtype=np.int8)
    fixed: np.ndarray = place[series.cat.codes.to_numpy()]
    return fixed
