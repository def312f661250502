"""Postings -> vouchers: what shares event, day, shop, account and key is summed, line by line, and numbered.

Summing is the last step: VAT has been split per order before, so every grain gives the same trial balance.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa

from recon.errors import ConservationError
from recon.ledger.outcome import BREAK, GATEWAY_BANK, MATCHED, PAYOUT, Outcome
from recon.ledger.parts import count_by, sum_by
from recon.ledger.view import KIND, View
from recon.timing import as_date
from recon.vouchers.chart import CREDIT, DEBIT, MONEY, ROLE_CODE, ROLE_NAMES
from recon.vouchers.events import EVENT_LIST
from recon.vouchers.journal import Postings
from recon.vouchers.links import Links
from recon.vouchers.profile import Profile
from recon.vouchers.scope import BOOK_CURRENCY

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
    postings = postings.take(postings.amount != 0)
    day = postings.day.astype(np.int64)
    if profile.grain == "period" and len(day):
        month = day.astype("M8[D]").astype("M8[M]") + np.timedelta64(1, "M")
        day = month.astype("M8[D]").astype(np.int64) - 1
    by_account = np.array([event.by_account for event in EVENT_LIST])
    shop = links.shop[postings.row]
    account = np.where(by_account[postings.event] | (shop < 0), view.account[postings.row], -1)
    key = _grain_key(postings, view, links, profile)
    voucher, first = _voucher_numbers(postings, day, shop, account, key)
    heads = _heads(postings.take(first), day[first], account[first], view, outcome, links, profile)
    heads["count"] = _counts(postings, view, voucher, len(heads))
    lines, line_of = _lines(postings, voucher)
    place = np.argsort(heads.sort_values(list(_ORDER)).index.to_numpy())
    heads = heads.sort_values(list(_ORDER)).reset_index(drop=True)
    heads["number"] = profile.number_from + np.arange(len(heads))
    lines["voucher"] = place[lines["voucher"].to_numpy()]
    lines = _in_order(lines)
    _balanced(lines, heads)
    entries = _entries(postings, outcome, links, place[voucher], line_of, lines, heads)
    heads["evidence"] = count_by(entries.column("voucher").to_numpy().astype(np.int64), len(heads))
    return Summed(heads, lines.drop(columns=["at"]), entries)


_ORDER = ("day", "rank", "shop_name", "account_key", "key", "voucher_id")


def _grain_key(postings: Postings, view: View, links: Links, profile: Profile) -> np.ndarray:
    """What keeps vouchers of one event and day apart: the finding or entry, under grain `order` the order; else -1."""
    single = np.array([event.single for event in EVENT_LIST])[postings.event]
    key = np.where(single, postings.single, -1)
    if profile.grain == "order":
        row = postings.row.astype(np.int64)
        number, size = view.codes("order_ref")[0], len(view)
        base = int(key.max(initial=-1)) + 1
        order = np.where(links.unit >= 0, links.unit, np.where(number >= 0, size + number, 2 * size + np.arange(size)))
        key = np.where(single, key, base + order[row])
    return key


def _voucher_numbers(
    postings: Postings, day: np.ndarray, shop: np.ndarray, account: np.ndarray, key: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Number the vouchers in order of appearance; also the first posting of each."""
    low = int(day.min(initial=0))
    code = postings.event.astype(np.int64) * (int(day.max(initial=0)) - low + 1) + day - low
    for column in (shop, account, key):
        code = pd.factorize(code)[0].astype(np.int64) * (int(column.max(initial=-1)) + 2) + column + 1
    voucher, distinct = pd.factorize(code)
    first = np.full(len(distinct), -1, dtype=np.int64)
    first[voucher[::-1]] = np.arange(len(voucher))[::-1]
    return voucher.astype(np.int64), first


def _heads(
    first: Postings, day: np.ndarray, account: np.ndarray, view: View, outcome: Outcome, links: Links, profile: Profile
) -> pd.DataFrame:
    shop = links.shop[first.row]
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
    ids = dict(zip(outcome.findings["finding"], outcome.findings["break_id"], strict=True))
    single = np.array([event.single for event in EVENT_LIST])[first.event]
    if not (single.any() or profile.grain == "order"):
        return [""] * len(first)
    orders = view.texts("order_ref", first.row) if profile.grain == "order" else [""] * len(first)
    subs = view.texts("sub_ref", first.row) if profile.grain == "order" else [""] * len(first)
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


def _counts(postings: Postings, view: View, voucher: np.ndarray, size: int) -> np.ndarray:
    """How many movements a voucher sums: orders of a sale, payments of a settlement, charges where it has no other."""
    own = (postings.role == ROLE_CODE[MONEY]) & (postings.money == view.account[postings.row])
    shown = own | (postings.role == ROLE_CODE["rev"])
    beside = np.isin(view.kind[postings.row], _BESIDE)
    main = count_by(np.where(shown & ~beside, voucher, -1), size)
    return np.where(main > 0, main, count_by(np.where(shown, voucher, -1), size))


def _lines(postings: Postings, voucher: np.ndarray) -> tuple[pd.DataFrame, np.ndarray]:
    """Sum each line; a money account that paid more than it received moves to the credit side."""
    width = int(postings.money.max(initial=-1)) + 2
    code = (voucher * 2 + postings.side) * len(ROLE_NAMES) + postings.role
    line_of, distinct = pd.factorize(code * width + postings.money + 1)
    size = len(distinct)
    total = sum_by(line_of, postings.amount, size)
    rest, money = np.divmod(distinct, width)
    rest, role = np.divmod(rest, len(ROLE_NAMES))
    owner, side = np.divmod(rest, 2)
    flips = (role == ROLE_CODE[MONEY]) & (total < 0)
    lines = pd.DataFrame(
        {
            "voucher": owner, "role": role, "money": money - 1, "side": np.where(flips, CREDIT, side),
            "amount": np.where(flips, -total, total), "at": np.arange(size),
        }
    )  # fmt: skip
    return lines, line_of


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
    postings: Postings, outcome: Outcome, links: Links, voucher: np.ndarray, line_of: np.ndarray, lines: pd.DataFrame,
    heads: pd.DataFrame,
) -> pa.Table:  # fmt: skip
    number = np.zeros(int(line_of.max(initial=-1)) + 1, dtype=np.int64)
    number[lines["at"].to_numpy()] = lines["line"].to_numpy()
    rank = np.argsort(np.argsort(heads["voucher_id"].to_numpy(dtype=str)))
    place = rank[voucher] * (int(number.max(initial=0)) + 1) + number[line_of]
    order = np.argsort(place * (int(postings.row.max(initial=0)) + 1) + postings.row)
    match, finding = _evidence(outcome, links)
    row = postings.row[order]
    return pa.table(
        {
            "voucher": pa.array(voucher[order].astype(np.int32)),
            "line": pa.array(number[line_of[order]].astype(np.int32)),
            "row": pa.array(row),
            "match": pa.array(match[row], mask=match[row] < 0),
            "finding": pa.array(finding[row], mask=finding[row] < 0),
            "amount": pa.array(postings.amount[order]),
        }
    )


def _evidence(outcome: Outcome, links: Links) -> tuple[np.ndarray, np.ndarray]:
    """The match and the finding behind each entry: of the order leg, else of the legs towards the bank."""
    match = np.where(links.group == MATCHED, links.index, -1)
    finding = np.where(links.group == BREAK, links.index, -1)
    for leg in (GATEWAY_BANK, PAYOUT):
        group, index = outcome.groups(leg)
        bare = (match < 0) & (finding < 0)
        match = np.where(bare & (group == MATCHED), index, match)
        finding = np.where(bare & (group == BREAK), index, finding)
    return match.astype(np.int32), finding.astype(np.int32)


def in_period(postings: Postings, period: str) -> Postings:
    """Return the postings dated in a month (2026-10)."""
    first = date.fromisoformat(f"{period}-01")
    low = np.datetime64(first).astype("M8[D]").astype(np.int64)
    high = (np.datetime64(period, "M") + np.timedelta64(1, "M")).astype("M8[D]").astype(np.int64)
    return postings.take((postings.day >= low) & (postings.day < high))
