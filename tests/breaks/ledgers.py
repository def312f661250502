"""Small ledgers by hand: one dict per entry, one statement per file, through merge and the whole reconciliation."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pyarrow as pa

from recon.config.rules import Rules
from recon.ledger.accounts import resolve
from recon.ledger.channel import ChannelFacts, Charge, Window
from recon.ledger.merge import merge
from recon.ledger.outcome import Outcome
from recon.ledger.schema import READ
from recon.ledger.statement import AccountFacts, Problem, Statement
from recon.matching.tolerance import Tolerance
from recon.pipeline import reconcile

ZONE = "Asia/Shanghai"
PAID = (Window("paid_at", 0, 1),)
RECEIVED = (Window("confirmed_at", 0, 1),)
COMPLETED = (Window("confirmed_at", 4, 10),)
REFUNDED = (Window("occurred_at", 0, 3),)
WORKING = (Window("occurred_at", 0, 3, "working"),)
NEXT_DAY = (Window("occurred_at", 1, 1),)

FACTS = {
    facts.channel: facts
    for facts in (
        ChannelFacts("shop.orders", "order", "shop", "自有订单", "Own orders", comparison="plain",
                     settles_via=("wechatpay", "alipay"), payment=PAID, refund=REFUNDED),
        ChannelFacts("taobao.orders", "order", "taobao", "淘宝订单", "Taobao orders", comparison="escrow",
                     settles_via=("alipay",), payment=RECEIVED, refund=REFUNDED),
        ChannelFacts("douyin.orders", "order", "douyin", "抖店订单", "Douyin orders", comparison="suborder",
                     settles_via=("douyin",), payment=COMPLETED, refund=REFUNDED),
        ChannelFacts("wechatpay.trade", "gateway", "wechatpay", "微信支付交易账单", "WeChat Pay trade bill",
                     payout="day", arrival=NEXT_DAY, payers=("财付通",),
                     bank_keys=(r"(?P<mmdd>\d{4})_(?P<account>\d{8,12})",),
                     charges=(Charge("手续费", "fee", on_refund="returned"),)),
        ChannelFacts("wechatpay.fundflow", "gateway", "wechatpay", "微信支付资金账单", "WeChat Pay fund bill",
                     payout="manual", arrival=WORKING, payers=("财付通",)),
        ChannelFacts("alipay.cash", "gateway", "alipay", "支付宝账务明细", "Alipay account entries", payout="manual",
                     arrival=WORKING, payers=("支付宝",),
                     charges=(Charge("基础软件服务费", "commission", on_refund="kept"),)),
        ChannelFacts("douyin.flow", "gateway", "douyin", "抖店动账明细", "Douyin settlement entries", payout="manual",
                     arrival=WORKING, payers=("合众易宝",),
                     charges=(Charge("平台服务费", "commission", "payment+subsidy", "returned"),)),
        ChannelFacts("batch.gateway", "gateway", "batchpay", "批次网关", "Batch gateway", payout="batch",
                     arrival=WORKING, payers=("批次支付",)),
        ChannelFacts("bank", "bank", "bank", "银行", "Bank"),
    )
}  # fmt: skip
BOOKS = {
    "wechatpay.trade": "trade", "wechatpay.fundflow": "cash", "alipay.cash": "cash", "douyin.flow": "cash",
    "batch.gateway": "cash",
}  # fmt: skip
ACCOUNTS = {
    "wechatpay.trade": "1900000109", "wechatpay.fundflow": "1900000109", "alipay.cash": "2088000000000001",
    "douyin.flow": "douyin.flow:default", "batch.gateway": "B1", "bank": "6222000000000001",
}  # fmt: skip
_MOMENTS = ("occurred_at", "paid_at", "shipped_at", "confirmed_at")
#: What makes a row the same row in another file, and what an order row is known by.
_NATURAL = ("kind", "order_ref", "sub_ref", "payment_ref", "refund_ref", "batch_ref", "line_ref", "detail")


def minor(amount: str | int | None) -> int | None:
    """Major units as text in minor units of two decimals; integers stay."""
    return int((Decimal(amount) * 100).to_integral_exact()) if isinstance(amount, str) else amount


def moment(text: str | None, zone: str = ZONE) -> datetime | None:
    """A local moment like `2026-10-31 23:59:58`, or a day at noon."""
    if text is None:
        return None
    full = text if len(text) > 10 else f"{text} 12:00:00"
    return datetime.fromisoformat(full).replace(tzinfo=ZoneInfo(zone))


class File:
    """One file of one account: entries as dicts, its period, its balances, what it finds wrong with itself."""

    def __init__(
        self, channel: str, account: str | None = None, *, name: str | None = None, first: str | None = None,
        last: str | None = None, opening: str | None = None, closing: str | None = None, proven: bool = True,
        currency: str = "CNY", facts: Mapping[str, ChannelFacts] = FACTS,
    ) -> None:  # fmt: skip
        self.channel = channel
        self.facts = facts
        self.account = account or ACCOUNTS.get(channel, f"{channel}:default")
        self.name = name or f"{channel}-{self.account}-{first or ''}.csv"
        self.period = first, last
        self.balances = minor(opening), minor(closing)
        self.proven = proven
        self.currency = currency
        self.rows: list[dict[str, Any]] = []
        self.problems: list[Problem] = []

    def row(self, kind: str, amount: str | int, when: str | None, **fields: Any) -> File:
        """One entry; `when` is its local moment, amounts are major units as text. `row` puts several in one source row.

        An order's day is when it was paid; `paid_at` is taken from `when` unless it is given.
        """
        side = self.facts[self.channel].side
        source_row = fields.pop("row", None) or (max((r["source_row"] for r in self.rows), default=1) + 1)
        if side == "order":
            fields.setdefault("paid_at", when if fields.get("state") != "unpaid" else None)
        row: dict[str, Any] = {
            "side": side, "channel": self.channel, "account": self.account, "kind": kind, "amount": minor(amount),
            "currency": self.currency, "book": BOOKS.get(self.channel), "proven": True, "occurred_at": when,
            "source_file": self.name, "source_row": source_row,
        } | fields  # fmt: skip
        for name in ("order_amount", "released", "balance_after"):
            row[name] = minor(row.get(name))
        for name in _MOMENTS:
            row[name] = moment(row.get(name))
        if row.get("value_date") is None and row["occurred_at"] is not None:
            row["value_date"] = row["occurred_at"].date()
        self.rows.append(row)
        return self

    def order(self, number: str, amount: str | int, when: str, *, refund: str | None = None, **fields: Any) -> File:
        """An order row: its sale, and what the list shows as refunded, on no day unless `refunded_at` is given."""
        fields.setdefault("state", "paid")
        refunded_at = fields.pop("refunded_at", None)
        refund_ref = fields.pop("refund_ref", None)
        self.row("sale", amount, when, order_ref=number, **fields)
        if refund is not None:
            fields |= {"row": self.rows[-1]["source_row"], "refund_ref": refund_ref}
            paid_at = fields.pop("paid_at", when)
            self.row("refund", refund, refunded_at, order_ref=number, paid_at=paid_at, **fields)
        return self

    def payment(self, number: str | None, amount: str | int, when: str, *, fee: str | None = None, **f: Any) -> File:
        """A payment of the gateway and its fee, one source row; its own number is made from the order's."""
        return self._movement("payment", number, amount, when, fee, f)

    def refund(self, number: str | None, amount: str | int, when: str, *, fee: str | None = None, **f: Any) -> File:
        """A refund of the gateway (negative) and the fee that comes back."""
        return self._movement("refund", number, amount, when, fee, f)

    def _movement(
        self, kind: str, number: str | None, amount: str | int, when: str, fee: str | None, fields: dict[str, Any]
    ) -> File:
        detail = fields.pop("fee_detail", {c.kind: c.detail for c in self.facts[self.channel].charges}.get("fee"))
        fee_kind = fields.pop("fee_kind", "fee")
        fields.setdefault("payment_ref", f"P{number}" if number else None)
        self.row(kind, amount, when, order_ref=number, **fields)
        if fee is not None:
            shared = {k: v for k, v in fields.items() if k in ("payment_ref", "refund_ref", "sub_ref", "batch_ref")}
            row = self.rows[-1]["source_row"]
            self.row(fee_kind, fee, when, order_ref=number, row=row, detail=detail, **shared)
        return self

    def problem(
        self, code: str, expected: str, actual: str, cause: str = "", on: str | None = None, linked: Sequence[int] = ()
    ) -> File:
        """What the file shows against itself; linked: entries (by place) that show it."""
        ids = tuple(str(row["entry_id"]) for row in _identified(self.rows, self.facts[self.channel].side))
        self.problems.append(
            Problem(
                code, self.account, self.currency, minor(expected) or 0, minor(actual) or 0, cause,
                tuple(ids[n] for n in linked), "文", "text", date.fromisoformat(on) if on else None,
            )
        )  # fmt: skip
        self.proven = self.proven and code == "settlement_gap"
        return self

    def statement(self) -> Statement:
        """The file as a reader would hand it over."""
        table = pa.Table.from_pylist(_identified(self.rows, self.facts[self.channel].side), schema=READ)
        days = [r["value_date"] for r in self.rows if r.get("value_date") is not None]
        first, last = (date.fromisoformat(d) if d else None for d in self.period)
        facts = AccountFacts(
            self.account, self.currency, first or min(days, default=None), last or max(days, default=None),
            first is not None, *self.balances,
        )  # fmt: skip
        rows = len({r["source_row"] for r in self.rows})
        broken = {p.code for p in self.problems}
        return Statement(
            file=self.name, sha256=hashlib.sha256(self.name.encode()).hexdigest(), channel=self.channel,
            side=self.facts[self.channel].side, book=BOOKS.get(self.channel), table=table, rows=rows, booked_rows=rows,
            accounts=(facts,), problems=tuple(self.problems),
            control_total="failed" if "control_total" in broken or not self.proven else "none",
            balance_chain="broken" if "balance_break" in broken else "none",
        )  # fmt: skip


def _identified(rows: Sequence[Mapping[str, Any]], side: str) -> list[dict[str, Any]]:
    """Give entries their ids and rows their identity, as a reader does: by what the file prints, never by place."""
    seen: Counter[str] = Counter()
    parts: dict[str, Counter[str]] = {}
    done = []
    for row in rows:
        named = "|".join(str(row.get(name)) for name in ("channel", "account", *_NATURAL))
        loose = "" if side == "order" else f"|{row['occurred_at']}|{row['amount']}|{row.get('memo')}"
        natural = named + loose
        seen[natural] += 1
        key = f"{natural}|{seen[natural]}"
        content = "|".join(f"{k}={row[k]}" for k in sorted(row) if k not in ("source_file", "source_row"))
        parts.setdefault(natural, Counter())[content] += 1
        done.append(
            {name: row.get(name) for name in READ.names}
            | {
                "entry_id": _hex(key, 16), "row_key": int(_hex(key, 8), 16), "row_hash": int(_hex(content, 8), 16),
                "row_stamp": row.get("stamp"), "row_rank": row.get("rank", 0),
            }
        )  # fmt: skip
    return done


def _hex(text: str, size: int) -> str:
    return hashlib.blake2b(text.encode(), digest_size=size).hexdigest()


def rules(as_of: str | None = None, facts: Mapping[str, ChannelFacts] = FACTS, **told: Any) -> Rules:
    """The rules of a run with nothing configured but what is told."""
    plain = Rules(
        channels=facts, homes={}, contracts={}, zone=ZONE, lang="en", tolerance=Tolerance(), materiality=None,
        as_of=date.fromisoformat(as_of) if as_of else None, period=None,
    )  # fmt: skip
    return replace(plain, **told)


def run(*files: File, as_of: str | None = None, **told: Any) -> Outcome:
    """Merge the files and reconcile them."""
    facts = told.pop("facts", files[0].facts if files else FACTS)
    entries, statements = merge(resolve([f.statement() for f in files], facts))
    return reconcile(entries, statements, (), rules(as_of, facts, **told))


def findings(outcome: Outcome) -> list[dict[str, Any]]:
    """Findings as plain values, nulls as None, by code, then references."""
    columns = {name: outcome.findings[name].to_list() for name in outcome.findings.columns}
    rows = [{name: _plain(values[n]) for name, values in columns.items()} for n in range(len(outcome.findings))]
    return sorted(rows, key=lambda r: (r["code"], r["order_ref"] or "", r["payment_ref"] or "", r["break_id"]))


def _plain(value: Any) -> Any:
    return None if pd.isna(value) else value


def major(fen: int) -> str:
    """Minor units of two decimals as text."""
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02}"


def brief(outcome: Outcome, leg: str | None = None) -> list[tuple[str | None, ...]]:
    """Code, expected, actual, cause, symptoms, severity of each finding."""
    return [
        (f["code"], major(f["expected"]), major(f["actual"]), f["cause"], f["symptoms"], f["severity"])
        for f in findings(outcome)
        if leg in (None, f["leg"])
    ]


def breaks(outcome: Outcome, leg: str | None = None) -> list[dict[str, Any]]:
    """Findings that are more than information."""
    return [f for f in findings(outcome) if f["severity"] != "info" and leg in (None, f["leg"])]


def waiting(outcome: Outcome, leg: str) -> list[tuple[str, str, str, str | None]]:
    """Kind, amount, reason and rule of what is in transit on a leg, sorted."""
    return sorted(_listed(outcome, outcome.in_transit, leg), key=str)


def excluded(outcome: Outcome, leg: str) -> list[tuple[str, str, str]]:
    """Kind, amount and reason of what a leg leaves out, sorted."""
    return sorted(row[:3] for row in _listed(outcome, outcome.excluded, leg))


def _listed(outcome: Outcome, table: pd.DataFrame, leg: str) -> list[tuple[str, str, str, str | None]]:
    mine = table[table["leg"] == leg]
    kinds = outcome.entries["kind"].astype(str).to_list()
    amounts = outcome.entries["amount"].to_list()
    return [
        (kinds[row], major(amounts[row]), reason, _plain(rule))
        for row, reason, rule in zip(mine["row"], mine["reason"], mine["rule"], strict=True)
    ]
