"""Small worlds in sight: one line of Python per movement, files of them, and what a run says of each movement.

Amounts are fen, days are written "10-08" (of 2026). The channels here are like the real ones, with the windows that
the tests speak of, so that no layout of a file decides a test.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from recon.config.rules import Rules
from recon.ledger.channel import ChannelFacts, Window
from recon.ledger.decisions import Decisions
from recon.ledger.merge import merge
from recon.ledger.outcome import BREAK, EXCLUDED, IN_TRANSIT, LEGS, MATCHED, Outcome
from recon.ledger.schema import READ
from recon.ledger.statement import AccountFacts, Statement
from recon.ledger.view import View, view
from recon.matching.tolerance import Tolerance
from recon.pipeline import reconcile

Row = dict[str, Any]

NOTHING_DECIDED = Decisions()
DAYS_0_1 = (Window("paid_at", 0, 1),)
REFUND = (Window("occurred_at", 0, 3),)
WORKING_0_3 = (Window("occurred_at", 0, 3, "working"),)


def facts(channel: str, side: str, family: str, **more: Any) -> ChannelFacts:
    return ChannelFacts(channel, side, family, channel, channel, **more)


OWN, TAO, DOU = "own.orders", "tao.orders", "dou.orders"
TRADE, FUND, ALI, BATCH, FLOW, BANK = "wx.trade", "wx.fund", "ali.cash", "pay.batch", "dou.flow", "bank.a"
POS = "pos.trade"
CHANNELS: dict[str, ChannelFacts] = {
    one.channel: one
    for one in (
        facts(OWN, "order", "own", settles_via=("wx", "ali", "pay"), payment=DAYS_0_1, refund=REFUND),
        facts(
            TAO, "order", "tao", comparison="escrow", settles_via=("ali",), payment=(Window("confirmed_at", 0, 1),),
            refund=REFUND,
        ),
        facts(
            DOU, "order", "dou", comparison="suborder", settles_via=("dou",),
            payment=(Window("confirmed_at", 4, 10),), refund=REFUND,
        ),
        facts(
            TRADE, "gateway", "wx", payment=DAYS_0_1, refund=REFUND, payout="day",
            arrival=(Window("occurred_at", 1, 1),), payers=("财付通",),
            bank_keys=(r"(?P<mmdd>\d{4})_(?P<account>\d{8,12})",),
        ),
        facts(
            POS, "gateway", "pos", payment=DAYS_0_1, refund=REFUND, payout="day",
            arrival=(Window("occurred_at", 1, 1, "working"),), payers=("银联商务",),
            bank_keys=(r"(?P<first>\d{4})(?:-(?P<last>\d{4}))?费[\d.]+元",),
        ),
        facts(FUND, "gateway", "wx", payout="manual", arrival=WORKING_0_3, payers=("财付通", "微信支付")),
        facts(ALI, "gateway", "ali", payout="manual", arrival=WORKING_0_3, payers=("支付宝（中国）", "蚂蚁（杭州）")),
        facts(BATCH, "gateway", "pay", payout="batch", arrival=WORKING_0_3, payers=("PAYCO",)),
        facts(FLOW, "gateway", "dou", payout="manual", arrival=WORKING_0_3, payers=("合众易宝",)),
        facts(BANK, "bank", "bank"),
    )
}  # fmt: skip
BOOKS = {TRADE: "trade", POS: "trade", FUND: "cash", ALI: "cash", BATCH: "cash", FLOW: "cash"}
NUMBER = {
    TRADE: "1900000109",
    POS: "898000000000001",
    ALI: "2088000000000001",
    BATCH: "M1",
    FLOW: "dou-1",
    BANK: "6222",
}


def day(text: str) -> date:
    """A day of 2026, or a whole ISO date."""
    return date.fromisoformat(text if len(text) > 5 else f"2026-{text}")


def moment(text: str) -> datetime:
    """Noon of a day in Shanghai, as an instant."""
    at = day(text)
    return datetime(at.year, at.month, at.day, 4, tzinfo=UTC)


_SHORT = {
    "order": "order_ref", "sub": "sub_ref", "payment": "payment_ref", "refund": "refund_ref", "batch": "batch_ref",
    "line": "line_ref",
}  # fmt: skip
_DATES = {"paid": "paid_at", "shipped": "shipped_at", "done": "confirmed_at"}


def row(kind: str, amount: int, on: str | None, **more: Any) -> Row:
    """One entry, in the columns of the ledger or shorter: order, payment ... for references, paid, done for days."""
    found: Row = {"kind": kind, "amount": amount, "on": on}
    for name, value in more.items():
        if name in _DATES:
            found[_DATES[name]] = moment(value) if value else None
        else:
            found[_SHORT.get(name, name)] = value
    return found


def sale(order: str, amount: int, on: str, **more: Any) -> Row:
    return row("sale", amount, on, order=order, **{"paid": on, "state": "completed"} | more)


def back(order: str, amount: int, on: str | None = None, **more: Any) -> Row:
    """The refund of an order list, without a day of its own unless it is given."""
    return row("refund", -amount, on, order=order, **{"state": "completed"} | more)


def pay(order: str | None, amount: int, on: str, **more: Any) -> Row:
    return row("payment", amount, on, order=order, **{"payment": f"P{order}"} | more)


def refund(order: str | None, amount: int, on: str, **more: Any) -> Row:
    return row("refund", -amount, on, order=order, **{"payment": f"P{order}", "refund": f"R{order}"} | more)


def payout(amount: int, on: str, **more: Any) -> Row:
    return row("payout", -amount, on, **more)


def credit(amount: int, on: str, memo: str = "", **more: Any) -> Row:
    return row("receipt" if amount >= 0 else "disbursement", amount, on, memo=memo, **more)


def number(*words: object) -> int:
    """A 64-bit number of some words."""
    return int.from_bytes(hashlib.sha256("|".join(map(str, words)).encode()).digest()[:8], "big")


_OWN_FIELDS = ("on", "key", "stamp", "rank", "source_row")
_IDENTITY = ("kind", "order_ref", "sub_ref", "payment_ref", "refund_ref", "batch_ref", "line_ref")


def statement(
    channel: str,
    rows: Sequence[Row],
    *,
    file: str | None = None,
    account: str | None = None,
    period: tuple[str, str] | None = None,
    opening: int | None = None,
    closing: int | None = None,
    **more: Any,
) -> Statement:
    """A file of one account. A row is known by its kind and references (or `key`), without them by day and amount.

    period: as stated by the file; without it the file covers its first to its last day.
    """
    account = account or NUMBER.get(channel, f"{channel}:default")
    file = file or f"{channel}.csv"
    lines = _lines(channel, account, file, rows)
    days = sorted(line["value_date"] for line in lines if line["value_date"] is not None)
    first, last = (day(period[0]), day(period[1])) if period else (days[0], days[-1]) if days else (None, None)
    currencies = sorted({line["currency"] for line in lines}) or ["CNY"]
    told = tuple(AccountFacts(account, c, first, last, period is not None, opening, closing) for c in currencies)
    count = len({line["source_row"] for line in lines})
    built = Statement(
        file=file, sha256=f"{number(channel, account, rows):064x}", channel=channel, side=CHANNELS[channel].side,
        book=BOOKS.get(channel), table=table(lines), rows=count, booked_rows=count, accounts=told,
    )  # fmt: skip
    return replace(built, **more)


def _lines(channel: str, account: str, file: str, rows: Sequence[Row]) -> list[Row]:
    """Rows of one `source_row` are the entries of one line of the file: one identity, one content."""
    lines: dict[int, list[Row]] = {}
    for n, one in enumerate(rows):
        lines.setdefault(one.get("source_row", n + 2), []).append(one)
    seen: dict[object, int] = {}
    found = []
    for at, entries in lines.items():
        first = entries[0]
        refs = tuple(first.get(name) for name in _IDENTITY)
        own = first.get("key") or (refs if any(refs[1:]) else (*refs, first["on"], first["amount"], first.get("memo")))
        seen[own] = seen.get(own, 0) + 1
        key = number(channel, account, own, seen[own])
        content = number(*(f"{k}={v}" for one in entries for k, v in sorted(one.items()) if k != "source_row"))
        stamp = first.get("stamp") or first["on"]
        version = {
            "row_key": key, "row_hash": content, "row_rank": first.get("rank", 0),
            "row_stamp": moment(stamp) if stamp else None,
        }  # fmt: skip
        for one in entries:
            line = {
                "entry_id": f"{number(key, one['kind'], one.get('detail')):016x}", "side": CHANNELS[channel].side,
                "channel": channel, "account": account, "currency": "CNY", "book": BOOKS.get(channel), "proven": True,
                "occurred_at": moment(one["on"]) if one["on"] else None,
                "value_date": day(one["on"]) if one["on"] else None, "source_file": file, "source_row": at,
            }  # fmt: skip
            found.append(line | version | {k: v for k, v in one.items() if k not in _OWN_FIELDS})
    return found


def table(lines: Sequence[Row]) -> pa.Table:
    """Lines as `schema.READ`."""
    arrays = []
    for f in READ:
        plain = f.type.value_type if pa.types.is_dictionary(f.type) else f.type
        arrays.append(pa.array([line.get(f.name) for line in lines], plain).cast(f.type))
    return pa.table(arrays, schema=READ)


def rules(**more: Any) -> Rules:
    given: dict[str, Any] = {
        "channels": CHANNELS, "homes": {}, "contracts": {}, "zone": "Asia/Shanghai", "lang": "en",
        "tolerance": Tolerance(), "materiality": None, "as_of": None, "period": None,
    }  # fmt: skip
    given |= more
    if isinstance(given["as_of"], str):
        given["as_of"] = day(given["as_of"])
    return Rules(**given)


def run(*files: Statement, decided: Decisions = NOTHING_DECIDED, **more: Any) -> Outcome:
    """Merge some files and reconcile them."""
    entries, merged = merge(files)
    return reconcile(entries, merged, (), rules(**more), decided)


def ledger(*files: Statement) -> View:
    return view(merge(files)[0], CHANNELS)


def findings(outcome: Outcome, *, information: bool = False) -> list[tuple[str, int, int]]:
    """Code, expected, actual of each finding, sorted; `cutoff` and `late_settlement` only where asked for."""
    found = outcome.findings
    lines = zip(found["code"], found["expected"], found["actual"], strict=True)
    hidden = set() if information else {"cutoff", "late_settlement"}
    return sorted((str(c), int(e), int(a)) for c, e, a in lines if c not in hidden)


def matches(outcome: Outcome, leg: str | None = None) -> list[tuple[str, str, str, int]]:
    """Rule, verdict, basis and number of members of each match, sorted."""
    size = outcome.members["match"].value_counts()
    found = outcome.matches
    mine = found if leg is None else found[found["leg"] == leg]
    return sorted(
        (str(r), str(v), str(b), int(size[m]))
        for m, r, v, b in zip(mine["match"], mine["rule"], mine["verdict"], mine["basis"], strict=True)
    )


def waiting(outcome: Outcome, leg: str | None = None) -> list[tuple[str, int, str, str]]:
    """Kind, amount, reason and rule of each entry in transit, sorted."""
    return _places(outcome, outcome.in_transit, leg)


def excluded(outcome: Outcome, leg: str | None = None) -> list[tuple[str, int, str, str]]:
    """Kind, amount, reason and rule of each excluded entry, sorted."""
    return _places(outcome, outcome.excluded, leg)


def _places(outcome: Outcome, frame: pd.DataFrame, leg: str | None) -> list[tuple[str, int, str, str]]:
    frame = frame if leg is None else frame[(frame["leg"] == leg).to_numpy()]
    entries = outcome.entries.iloc[frame["row"].to_numpy()]
    told = [r if isinstance(r, str) else "" for r in frame["rule"].tolist()]
    lines = zip(entries["kind"].astype(str), entries["amount"], frame["reason"], told, strict=True)
    return sorted((str(k), int(a), str(r), rule) for k, a, r, rule in lines)


GROUPS = {MATCHED: "matched", IN_TRANSIT: "in transit", BREAK: "break", EXCLUDED: "excluded"}


def ends(outcome: Outcome) -> Mapping[str, list[str]]:
    """entry_id -> where it ended, leg by leg."""
    found: dict[str, list[str]] = {}
    for leg in LEGS:
        group, index = outcome.groups(leg)
        for at in np.flatnonzero(group):
            where = GROUPS[int(group[at])]
            if where == "break":
                where = str(outcome.findings["code"].iloc[int(index[at])])
            found.setdefault(str(outcome.entries["entry_id"].iloc[int(at)]), []).append(f"{leg}: {where}")
    return found
