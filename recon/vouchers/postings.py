"""Postings -> vouchers: what shares event, day, shop, account and key is summed, line by line, and numbered.

Summing is the last step: VAT has been split per order before, so every grain gives the same trial balance.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from recon.errors import ConservationError
from recon.ledger.days import as_date
from recon.ledger.outcome import BREAK, GATEWAY_BANK, MATCHED, PAYOUT, Outcome
from recon.ledger.parts import count_by, sum_by
from recon.ledger.view import KIND, View
from recon.vouchers.chart import CREDIT, DEBIT, MONEY, ROLE_CODE
from recon.vouchers.events import EVENT_LIST
from recon.vouchers.journal import Postings, one_of
from recon.vouchers.links import Links
from recon.vouchers.profile import Profile
from recon.vouchers.scope import BOOK_CURRENCY

_WIDEST = 2**62
_BESIDE = tuple(KIND[k] for k in ("fee", "commission", "tax", "shipping", "subsidy"))


@dataclass(frozen=True)
class Summed:
    """Vouchers and their lines.

    heads: one row per voucher, in order of number: voucher_id, event (code), day (day number), shop (code), account
    (code), key (text of the order, payout or finding of a single voucher, else empty), count, evidence, number.
    lines: voucher (position in heads), line (1..), role (code), money (account code or -1), debit, credit in minor
    units, null on the empty side.
    entries: voucher, line, row (position in the ledger), match, finding (numbers, null without), amount; sorted by
    voucher_id, line, entry_id.
    """

    heads: pd.DataFrame
    lines: pd.DataFrame
    entries: pa.Table


def sum_up(postings: Postings, view: View, outcome: Outcome, links: Links, profile: Profile) -> Summed:
    """Sum postings into numbered vouchers.

    Args:
        postings: those of the period.
        view: the ledger.
        outcome: findings name what is single.
        links: shops and orders of the entries.
        profile: grain and first number.

    Raises:
        ConservationError: when a voucher does not balance.
    """
    line_of, owner, first = _line_numbers(postings, view, links, profile)
    start = np.full(int(owner.max(initial=-1)) + 1, -1, dtype=np.int64)  # the first posting of each voucher
    start[owner[::-1]] = first[::-1]
    heads = _heads(postings.take(start), view, outcome, links, profile)
    heads["count"] = _counts(postings, view, owner, line_of, len(heads))
    lines = _lines(postings, line_of, owner, first)
    place = np.argsort(heads.sort_values(list(_ORDER)).index.to_numpy())
    heads = heads.sort_values(list(_ORDER)).reset_index(drop=True)
    heads["number"] = profile.number_from + np.arange(len(heads))
    lines["voucher"] = place[lines["voucher"].to_numpy()]
    lines = _in_order(lines)
    _balanced(lines, heads)
    entries = _entries(postings, outcome, links, line_of, lines, heads)
    heads["evidence"] = sum_by(lines["voucher"].to_numpy(), lines["size"].to_numpy(), len(heads))
    return Summed(heads, lines.drop(columns=["at", "size"]), entries)


_ORDER = ("day", "rank", "shop_name", "account_key", "key", "voucher_id")


def _days(day: np.ndarray, profile: Profile) -> np.ndarray:
    """The day of the voucher of each posting: its own, under grain `period` the last of its month."""
    if profile.grain != "period" or not len(day):
        return day
    month = day.astype("M8[D]").astype("M8[M]") + np.timedelta64(1, "M")
    last: np.ndarray = month.astype("M8[D]").astype(np.int64) - 1
    return last


def _accounts(postings: Postings, view: View, links: Links) -> np.ndarray:
    """The account that keeps a posting's voucher apart from those of other accounts, -1 for none."""
    by_account = np.array([event.by_account for event in EVENT_LIST])
    return np.where(by_account[postings.event] | (links.shop[postings.row] < 0), view.account[postings.row], -1)


def _grain_key(postings: Postings, view: View, links: Links, profile: Profile) -> np.ndarray:
    """What keeps vouchers of one event and day apart: the finding or entry, under grain `order` the order; else -1."""
    single = np.array([event.single for event in EVENT_LIST])[postings.event]
    key = np.where(single, postings.single, -1)
    if profile.grain == "order":
        row = _order_rows(postings)
        number, size = view.codes("order_ref")[0], len(view)
        base = int(key.max(initial=-1)) + 1
        order = np.where(links.unit >= 0, links.unit, np.where(number >= 0, size + number, 2 * size + np.arange(size)))
        key = np.where(single, key, base + order[row])
    return key


def _order_rows(postings: Postings) -> np.ndarray:
    """The row whose order each posting is for: its own, unless it is a part of a merged payment."""
    single = np.array([event.single for event in EVENT_LIST])[postings.event]
    rows: np.ndarray = np.where(~single & (postings.single >= 0), postings.single, postings.row).astype(np.int64)
    return rows


def _line_numbers(
    postings: Postings, view: View, links: Links, profile: Profile
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Number the lines of all vouchers in order of appearance.

    Returns:
        line_of: the line of each posting. owner: the voucher of each line, numbered likewise. first: the first posting
        of each line.
    """
    lines = (column for columns in (_apart(postings, view, links, profile), _sides(postings)) for column in columns)
    line_of = _numbered(lines, len(postings))
    first = np.full(int(line_of.max(initial=-1)) + 1, -1, dtype=np.int64)
    first[line_of[::-1]] = np.arange(len(line_of) - 1, -1, -1)
    owner = _numbered(_apart(postings.take(first), view, links, profile), len(first))
    return line_of, owner, first


def _apart(postings: Postings, view: View, links: Links, profile: Profile) -> Iterator[np.ndarray]:
    """What keeps postings in different vouchers, column by column."""
    yield postings.event
    yield _days(postings.day, profile)
    yield links.shop[postings.row]
    yield _accounts(postings, view, links)
    yield _grain_key(postings, view, links, profile)


def _sides(postings: Postings) -> Iterator[np.ndarray]:
    """What keeps postings of one voucher in different lines."""
    yield from (postings.side, postings.role, postings.money)


def _numbered(columns: Iterable[np.ndarray], size: int) -> np.ndarray:
    """Number the combinations of some columns (whole numbers) in order of appearance."""
    code, width = np.zeros(size, dtype=np.int64), 1
    for column in columns:
        low, high = int(column.min(initial=0)), int(column.max(initial=0))
        span = high - low + 1
        if width * span > _WIDEST:
            code = pd.factorize(code)[0].astype(np.int64)
            width = int(code.max(initial=0)) + 1
        code *= span
        code += column
        code -= low
        width *= span
    number: np.ndarray = pd.factorize(code)[0].astype(np.int64, copy=False)
    return number


def _heads(first: Postings, view: View, outcome: Outcome, links: Links, profile: Profile) -> pd.DataFrame:
    day, shop = _days(first.day, profile).astype(np.int64), links.shop[first.row]
    account = _accounts(first, view, links)
    keys = _key_texts(first, view, outcome, profile)
    shops, accounts = (*view.shops, ""), (*view.accounts, "")
    heads = pd.DataFrame(
        {
            "event": first.event.astype(np.int64), "day": day, "shop": shop, "account": account, "key": keys,
            "rank": [EVENT_LIST[code].rank for code in first.event],
            "shop_name": [shops[code] for code in shop], "account_key": [accounts[code] for code in account],
        }
    )  # fmt: skip
    heads["voucher_id"] = [
        _voucher_id(*values, profile.rate(values[3]))
        for values in zip(
            first.event.tolist(), day.tolist(), keys, heads["shop_name"], heads["account_key"], strict=True
        )
    ]
    return heads


def _voucher_id(event: int, day: int, key: str, shop: str, account: str, rate: object) -> str:
    on = as_date(day)
    parts = (EVENT_LIST[event].name, f"{on:%Y-%m}", on.isoformat(), shop, account, str(rate), BOOK_CURRENCY, key, "1")
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def _key_texts(first: Postings, view: View, outcome: Outcome, profile: Profile) -> list[str]:
    """The finding, order or entry that a voucher of its own stands for; empty for summed ones."""
    single = np.array([event.single for event in EVENT_LIST])[first.event]
    if not (single.any() or profile.grain == "order"):
        return [""] * len(first)
    numbers = outcome.findings["finding"].to_numpy(dtype=np.int64).tolist()
    ids = dict(zip(numbers, outcome.findings["break_id"].tolist(), strict=True))
    rows = _order_rows(first)
    orders = view.texts("order_ref", rows) if profile.grain == "order" else [""] * len(first)
    subs = view.texts("sub_ref", rows) if profile.grain == "order" else [""] * len(first)
    entries = view.texts("entry_id", first.row)
    keys = []
    for alone, number, order, sub, entry in zip(single, first.single.tolist(), orders, subs, entries, strict=True):
        if alone:
            keys.append(str(ids.get(number, entry)))
        elif profile.grain == "order":
            keys.append(" ".join(part for part in (order, sub) if part) or entry)
        else:
            keys.append("")
    return keys


def _counts(postings: Postings, view: View, owner: np.ndarray, line_of: np.ndarray, size: int) -> np.ndarray:
    """How many movements a voucher sums: orders of a sale, payments of a settlement, charges where it has no other."""
    shown = np.flatnonzero(own_money(postings, view) | (postings.role == ROLE_CODE["rev"]))
    voucher = owner[line_of[shown]]
    beside = one_of(view.kind, _BESIDE)[postings.row[shown]]
    main, every = count_by(voucher[~beside], size), count_by(voucher, size)
    return np.where(main > 0, main, every)


def _lines(postings: Postings, line_of: np.ndarray, owner: np.ndarray, first: np.ndarray) -> pd.DataFrame:
    """Sum each line; a money account that paid more than it received moves to the credit side."""
    size = len(first)
    total = sum_by(line_of, postings.amount, size)
    role, side = postings.role[first].astype(np.int64), postings.side[first].astype(np.int64)
    flips = (role == ROLE_CODE[MONEY]) & (total < 0)
    return pd.DataFrame(
        {
            "voucher": owner, "role": role, "money": postings.money[first].astype(np.int64),
            "side": np.where(flips, CREDIT, side), "amount": np.where(flips, -total, total), "at": np.arange(size),
            "size": count_by(line_of, size),
        }
    )  # fmt: skip


def _in_order(lines: pd.DataFrame) -> pd.DataFrame:
    """Debits before credits, money accounts first; numbered from 1 within each voucher."""
    lines = lines.sort_values(["voucher", "side", "role", "money"]).reset_index(drop=True)
    lines["line"] = lines.groupby("voucher").cumcount() + 1
    on_debit = lines["side"] == DEBIT
    lines["debit"] = lines["amount"].astype("Int64").where(on_debit)
    lines["credit"] = lines["amount"].astype("Int64").where(~on_debit)
    return lines


def _balanced(lines: pd.DataFrame, heads: pd.DataFrame) -> None:
    signed = np.where(lines["side"] == DEBIT, lines["amount"], -lines["amount"]).astype(np.int64)
    rest = sum_by(lines["voucher"].to_numpy(dtype=np.int64), signed, len(heads))
    if rest.any():
        wrong = heads.iloc[int(np.flatnonzero(rest)[0])]
        name = EVENT_LIST[int(wrong["event"])].name
        raise ConservationError(f"voucher {wrong['voucher_id']} ({name}) does not balance: {rest[rest != 0][0]} fen")


def _entries(
    postings: Postings, outcome: Outcome, links: Links, line_of: np.ndarray, lines: pd.DataFrame, heads: pd.DataFrame
) -> pa.Table:
    """Sort postings by voucher_id, line and row: the lines are few, so only their places are compared as texts."""
    rank = np.argsort(np.argsort(heads["voucher_id"].to_numpy(dtype=str)))
    number, voucher = lines["line"].to_numpy(), lines["voucher"].to_numpy()
    by_id = np.lexsort((number, rank[voucher]))
    place = np.empty(len(lines), dtype=np.int64)
    place[lines["at"].to_numpy()[by_id]] = np.arange(len(lines))
    code = place[line_of]
    code *= int(postings.row.max(initial=0)) + 1
    code += postings.row
    order = np.argsort(code)
    del code
    match, finding = _evidence(outcome, links)
    row, size = postings.row[order], lines["size"].to_numpy()[by_id]
    return pa.table(
        {
            "voucher": pa.array(np.repeat(voucher[by_id].astype(np.int32), size)),
            "line": pa.array(np.repeat(number[by_id].astype(np.int32), size)),
            "row": pa.array(row),
            "match": pa.array(match[row], mask=match[row] < 0),
            "finding": pa.array(finding[row], mask=finding[row] < 0),
            "amount": pa.array(postings.amount[order]),
        }
    )


def _evidence(outcome: Outcome, links: Links) -> tuple[np.ndarray, np.ndarray]:
    """The match and the finding behind each entry: of the order leg, else of the legs towards the bank."""
    match = np.where(links.group == MATCHED, links.index, -1).astype(np.int32)
    finding = np.where(links.group == BREAK, links.index, -1).astype(np.int32)
    for leg in (GATEWAY_BANK, PAYOUT):
        group, index = outcome.groups(leg)
        some = np.flatnonzero(group)
        some = some[(match[some] < 0) & (finding[some] < 0)]
        for numbers, code in ((match, MATCHED), (finding, BREAK)):
            held = some[group[some] == code]
            numbers[held] = index[held]
    return match, finding


def own_money(postings: Postings, view: View) -> np.ndarray:
    """Mark the postings by which a row moves the account that it stands on."""
    money = np.flatnonzero(postings.role == ROLE_CODE[MONEY])
    own = np.zeros(len(postings), dtype=bool)
    own[money] = postings.money[money] == view.account[postings.row[money]]
    return own
