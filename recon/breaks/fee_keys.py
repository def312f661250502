"""Which money a fee row was charged on: fee rows and money rows of one account, joined by the numbers they print.

The rows of one source row are one event (a settlement row that nets a refund is charged on the net), and a key is one
order, or one line of it where every row prints the line, or one payment where no order is printed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from recon.ledger.days import NO_DAY
from recon.ledger.view import GATEWAY, KIND, View, encode

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

_DAY_BITS = 20


@dataclass(frozen=True)
class Money:
    """Money events sorted by key, then day; amounts in minor units, + is towards the merchant.

    bounds: events of key k are bounds[k]..bounds[k + 1]. `plain` sums payments and refunds of the event, `borne` adds
    the subsidies. `source` names the source row. row, row_key: every money row and its key, sorted by key.
    """

    bounds: Ints
    plain: Ints
    borne: Ints
    day: Ints
    source: Ints
    row: Ints
    row_bounds: Ints


@dataclass(frozen=True)
class Joined:
    """Fee rows (positions in the ledger) with the key of their money, -1 where they print no number of any."""

    fee_row: Ints
    fee_key: Ints
    fee_source: Ints
    money: Money


def ranges(bounds: Ints, keys: Ints) -> tuple[Ints, Ints]:
    """Return the places bounds[k]..bounds[k + 1] of all keys, one after the other, and for each place which key."""
    counts = bounds[keys + 1] - bounds[keys]
    owner = np.repeat(np.arange(len(keys)), counts)
    ahead = np.cumsum(counts) - counts
    return np.arange(len(owner)) - ahead[owner] + bounds[keys][owner], owner


def groups(ledger: View) -> Ints:
    """Return one number per entry for its account and currency."""
    return np.asarray(ledger.account * max(len(ledger.currencies), 1) + ledger.currency)


def join(ledger: View, usable: Bools) -> Joined:
    """Join the fee rows of each account and currency to its payments, refunds and subsidies.

    Args:
        ledger: the entries as arrays.
        usable: which entries count (proven files, one book per account).

    Returns:
        Keys by order number; by payment number where a fee row prints no order, or one that no money row prints.
    """
    mine = usable & (ledger.side == GATEWAY)
    group = groups(ledger)
    fee_row = np.flatnonzero(mine & _of_kind(ledger, "fee", "commission"))
    charged = np.zeros(max(len(ledger.accounts) * len(ledger.currencies), 1), dtype=bool)
    charged[group[fee_row]] = True
    money_row = np.flatnonzero(mine & _of_kind(ledger, "payment", "refund", "subsidy") & charged[group])
    rows = np.concatenate([money_row, fee_row])
    key = _keys(ledger, rows, group[rows], len(money_row))
    source = ledger.entries["source_file"].cat.codes.to_numpy().astype(np.int64)[rows] << 32
    source |= ledger.entries["source_row"].to_numpy(dtype=np.int64)[rows]
    size = len(money_row)
    known = key[:size] >= 0
    count = int(key.max()) + 1 if len(key) else 0
    money = _events(ledger, money_row[known], key[:size][known], source[:size][known], count)
    return Joined(fee_row, key[size:], source[size:], money)


def _of_kind(ledger: View, *names: str) -> Bools:
    wanted = np.zeros(len(KIND) + 1, dtype=bool)
    wanted[[KIND[name] for name in names]] = True
    chosen: Bools = wanted[ledger.kind]
    return chosen


def _keys(ledger: View, rows: Ints, group: Ints, money: int) -> Ints:
    """Dense keys of the rows, money rows first; -1 where a row has neither order nor payment number."""
    order, names = encode(ledger.entries["order_ref"].take(rows))
    key = np.where(order >= 0, _dense(group * (len(names) + 1) + order), -1)
    met = np.zeros(int(key.max(initial=-1)) + 2, dtype=bool)
    met[key[:money]] = True
    met[-1] = False
    stray = np.flatnonzero(~met[key])
    if len(stray):
        key = _by_payment(ledger, rows, group, key, stray)
    sub_ref = ledger.entries["sub_ref"].take(rows)
    if sub_ref.notna().any():
        sub, subs = encode(sub_ref)
        coarse = np.zeros(int(key.max(initial=-1)) + 2, dtype=bool)
        coarse[key[sub < 0]] = True
        line = np.where(coarse[key], 0, sub + 1)
        key = np.where(key >= 0, key * (len(subs) + 1) + line, -1)
    return np.where(key >= 0, _dense(np.maximum(key, 0)), -1)


def _by_payment(ledger: View, rows: Ints, group: Ints, key: Ints, stray: Ints) -> Ints:
    """Rows whose order number leads to no money go by the payment number: to its order, else to a key of its own."""
    pay, names = encode(ledger.entries["payment_ref"].take(rows))
    number = _dense(group * (len(names) + 1) + pay)
    placed = np.ones(len(rows), dtype=bool)
    placed[stray] = False
    known = np.flatnonzero(placed & (pay >= 0))[::-1]
    link = np.full(int(number.max(initial=-1)) + 1, -1, dtype=np.int64)
    link[number[known]] = key[known]  # reversed, so that the first row decides
    found = link[number[stray]]
    own = int(key.max(initial=-1)) + 1 + number[stray]
    mended = key.copy()
    mended[stray] = np.where(pay[stray] < 0, -1, np.where(found >= 0, found, own))
    return mended


def _dense(numbers: Ints) -> Ints:
    codes, _ = pd.factorize(numbers)
    return codes.astype(np.int64)


def _events(ledger: View, rows: Ints, key: Ints, source: Ints, count: int) -> Money:
    place = _dense(source)
    event = _dense(key * (int(place.max(initial=0)) + 1) + place)
    first = np.flatnonzero(np.diff(np.maximum.accumulate(event), prepend=-1))  # codes count up as they appear
    plain, subsidy = np.zeros(len(first), dtype=np.int64), np.zeros(len(first), dtype=np.int64)
    amount, granted = ledger.amount[rows], ledger.kind[rows] == KIND["subsidy"]
    np.add.at(plain, event[~granted], amount[~granted])
    np.add.at(subsidy, event[granted], amount[granted])
    days, keys = ledger.day[rows][first], key[first]
    known = days[days != NO_DAY]
    early = int(known.min()) if len(known) else 0
    order = np.argsort(keys << _DAY_BITS | np.clip(days, early, early + (1 << _DAY_BITS) - 1) - early, kind="stable")
    bounds = np.searchsorted(keys[order], np.arange(count + 1))
    plain, subsidy = plain[order], subsidy[order]
    by_key = np.argsort(key, kind="stable")
    return Money(
        bounds=bounds,
        plain=plain,
        borne=_borne(plain, subsidy, keys[order], count),
        day=days[order],
        source=source[first][order],
        row=rows[by_key],
        row_bounds=np.searchsorted(key[by_key], np.arange(count + 1)),
    )


def _borne(plain: Ints, subsidy: Ints, key: Ints, count: int) -> Ints:
    """Amounts with subsidies; one that stands in a row of its own belongs to the first payment of the key."""
    borne = plain + subsidy
    paying = np.flatnonzero(plain > 0)[::-1]
    payment = np.full(count, -1, dtype=np.int64)
    payment[key[paying]] = paying
    alone = np.flatnonzero((plain == 0) & (subsidy > 0))
    alone = alone[payment[key[alone]] >= 0]
    np.add.at(borne, payment[key[alone]], subsidy[alone])
    borne[alone] = 0
    return borne
