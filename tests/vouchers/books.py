"""A small hand-made outcome: entries by name, matches and findings by the names of their entries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd
import pyarrow as pa

from recon.ledger.channel import ChannelFacts
from recon.ledger.match_ids import match_ids
from recon.ledger.merge import frame
from recon.ledger.outcome import (
    FINDING_ROWS,
    FINDINGS,
    GATEWAY_BANK,
    MATCHES,
    MEMBERS,
    ORDER_GATEWAY,
    WAITING,
    Outcome,
)
from recon.ledger.schema import ENTRY
from recon.ledger.statement import AccountFacts, Statement
from recon.vouchers.drafts import Drafts, draft
from recon.vouchers.formats.table import entries_table
from recon.vouchers.profile import Profile

CHANNELS = {
    "taobao.orders": ChannelFacts(
        "taobao.orders", "order", "taobao", "淘宝订单", "Taobao orders", comparison="escrow", settles_via=("alipay",)
    ),
    "shop.orders": ChannelFacts("shop.orders", "order", "shop", "订单", "Orders", comparison="plain"),
    "douyin.orders": ChannelFacts(
        "douyin.orders", "order", "douyin", "抖店订单", "Douyin", comparison="suborder", settles_via=("douyin",)
    ),
    "alipay.cash": ChannelFacts(
        "alipay.cash",
        "gateway",
        "alipay",
        "支付宝",
        "Alipay",
        payout="manual",
        payers=("支付宝（中国）网络技术有限公司",),
    ),
    "wechatpay.trade": ChannelFacts(
        "wechatpay.trade",
        "gateway",
        "wechatpay",
        "微信支付",
        "WeChat",
        payout="day",
        payers=("财付通支付科技有限公司",),
    ),
    "wechatpay.fundflow": ChannelFacts("wechatpay.fundflow", "gateway", "wechatpay", "微信资金", "WeChat funds"),
    "douyin.flow": ChannelFacts("douyin.flow", "gateway", "douyin", "抖音动账", "Douyin flow"),
    "icbc.corporate.a": ChannelFacts("icbc.corporate.a", "bank", "icbc", "工行", "ICBC"),
}
BOOKS = {"alipay.cash": "cash", "wechatpay.trade": "trade", "wechatpay.fundflow": "cash", "douyin.flow": "cash"}
ACCOUNTS = {"alipay": "2088000000000001", "wechatpay": "1900000109", "icbc": "4000000000001234"}


class Book:
    """Collects entries, matches and findings by name and makes the outcome of a run."""

    def __init__(self, as_of: str = "2026-12-31", period: str = "2026-03") -> None:
        self.rows: dict[str, dict[str, Any]] = {}
        self.matches: list[dict[str, Any]] = []
        self.findings: list[dict[str, Any]] = []
        self.waiting: dict[str, list[dict[str, Any]]] = {"in_transit": [], "excluded": []}
        self.statements: list[Statement] = []
        self.as_of = date.fromisoformat(as_of)
        self.period = period
        self.lang = "zh"

    def entry(self, name: str, channel: str, kind: str, day: str | None, fen: int, **fields: Any) -> str:
        facts = CHANNELS[channel]
        row: dict[str, Any] = {
            "entry_id": name.ljust(16, "0"), "side": facts.side, "channel": channel,
            "account": fields.pop("account", ACCOUNTS.get(facts.family, "default")), "kind": kind, "amount": fen,
            "currency": "CNY", "book": BOOKS.get(channel), "proven": True, "source_file": f"{channel}.csv",
            "source_row": len(self.rows) + 2,
        }  # fmt: skip
        if day is not None:
            row["value_date"] = date.fromisoformat(day)
            row["occurred_at"] = moment(day)
        for key in ("paid_at", "shipped_at", "confirmed_at"):
            if fields.get(key):
                fields[key] = moment(fields[key])
        self.rows[name] = row | fields
        return name

    def order(self, name: str, ref: str, fen: int, paid: str, confirmed: str | None = None, **fields: Any) -> str:
        channel = fields.pop("channel", "taobao.orders")
        shop = fields.pop("shop", "天猫A店")
        state = fields.pop("state", "completed" if confirmed else "paid")
        kind = fields.pop("kind", "sale")
        return self.entry(
            name, channel, kind, paid, fen, order_ref=ref, shop=shop, state=state, paid_at=paid,
            confirmed_at=confirmed, **fields,
        )  # fmt: skip

    def match(
        self, *names: str, leg: str = ORDER_GATEWAY, verdict: str = "proved", paid: int = 0, returned: int = 0
    ) -> None:
        """paid, returned: differences of the payments and refunds that are accepted, + where more moved."""
        accepted = {"accepted_paid": paid, "accepted_returned": returned}
        self.matches.append({"leg": leg, "verdict": verdict, "names": names} | accepted)

    def finding(
        self, code: str, owned: Sequence[str], expected: int, actual: int, *, leg: str = ORDER_GATEWAY,
        linked: Sequence[str] = (), **fields: Any,
    ) -> None:  # fmt: skip
        self.findings.append(
            {
                "code": code,
                "leg": leg,
                "owned": owned,
                "linked": linked,
                "expected": expected,
                "actual": actual,
                **fields,
            }
        )

    def waits(self, name: str, reason: str, *, leg: str = ORDER_GATEWAY, table: str = "in_transit") -> None:
        self.waiting[table].append({"leg": leg, "name": name, "reason": reason})

    def statement(self, channel: str, first: str, last: str, opening: int | None, closing: int | None) -> None:
        facts = CHANNELS[channel]
        days = date.fromisoformat(first), date.fromisoformat(last)
        held = AccountFacts(ACCOUNTS[facts.family], "CNY", *days, True, opening, closing)
        book, empty = BOOKS.get(channel), ENTRY.empty_table()
        self.statements.append(
            Statement(f"{channel}.csv", "0" * 64, channel, facts.side, book, empty, 0, 0, accounts=(held,))
        )

    def outcome(self, *, shuffled: bool = False) -> Outcome:
        names = list(self.rows)
        matches, findings = list(self.matches), list(self.findings)
        if shuffled:
            names, matches, findings = names[::-1], matches[::-1], findings[::-1]
        table = pa.Table.from_pylist([_filled(self.rows[name]) for name in names], schema=ENTRY)
        entries = frame(table)
        place = {text: row for row, text in enumerate(entries["entry_id"])}
        at = {name: place[self.rows[name]["entry_id"]] for name in names}
        return Outcome(
            entries=entries, statements=tuple(self.statements), unread=(), channels=CHANNELS,
            matches=_frame(MATCHES, [_match(n, one, self.rows) for n, one in enumerate(matches)]),
            members=_frame(
                MEMBERS,
                [
                    {"match": n, "row": at[name], "weight": 1, "applied": self.rows[name]["amount"]}
                    for n, one in enumerate(matches)
                    for name in one["names"]
                ],
            ),
            in_transit=_frame(WAITING, [_wait(one, at) for one in self.waiting["in_transit"]]),
            excluded=_frame(WAITING, [_wait(one, at) for one in self.waiting["excluded"]]),
            findings=_frame(FINDINGS, [_finding(n, one) for n, one in enumerate(findings)]),
            finding_rows=_frame(
                FINDING_ROWS,
                [
                    {"finding": n, "leg": one["leg"], "row": at[name], "owned": owned}
                    for n, one in enumerate(findings)
                    for owned, held in ((True, one["owned"]), (False, one["linked"]))
                    for name in held
                ],
            ),
            as_of=self.as_of, period=self.period, zone="Asia/Shanghai", lang=self.lang,
        )  # fmt: skip

    def draft(self, *, period: str | None = None, **profile: Any) -> Drafts:
        self.period = period or self.period
        return draft(self.outcome(), Profile(**profile))


def moment(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T04:00:00").replace(tzinfo=UTC)


def next_day(day: str, days: int = 1) -> str:
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def _filled(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row.get(name) for name in ENTRY.names}


def _frame(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    table = pd.DataFrame(list(rows), columns=list(columns))
    numbers = (
        "match",
        "accepted_paid",
        "accepted_returned",
        "row",
        "weight",
        "applied",
        "finding",
        "expected",
        "actual",
    )
    for name in (*numbers, "difference"):
        if name in table.columns:
            table[name] = table[name].astype("int64")
    if "owned" in table.columns:
        table["owned"] = table["owned"].astype(bool)
    return table


def _match(number: int, one: Mapping[str, Any], rows: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    head = {"match": number, "leg": one["leg"], "rule": "by key", "verdict": one["verdict"], "basis": "key"}
    return head | {name: one[name] for name in ("accepted_paid", "accepted_returned")}


def _wait(one: Mapping[str, Any], at: Mapping[str, int]) -> dict[str, Any]:
    return {"leg": one["leg"], "row": at[one["name"]], "reason": one["reason"]}


def _finding(number: int, one: Mapping[str, Any]) -> dict[str, Any]:
    fields = {key: value for key, value in one.items() if key in FINDINGS}
    identity = "-".join([one["code"], *one["owned"], *one["linked"]])
    return {
        "cause": "", "severity": "high", "currency": "CNY", **fields, "finding": number, "break_id": identity,
        "difference": one["actual"] - one["expected"],
    }  # fmt: skip


def vouchers(drafts: Drafts) -> dict[str, list[tuple[str, str, str, str]]]:
    """Event (with a counter where it repeats) -> lines as (account code, side, amount, customer)."""
    found: dict[str, list[tuple[str, str, str, str]]] = {}
    for _, voucher in drafts.lines.groupby("number"):
        event = voucher["event"].iloc[0]
        name, n = event, 2
        while name in found:
            name, n = f"{event} {n}", n + 1
        found[name] = [
            (line["account_code"], "C" if pd.isna(line["debit"]) else "D", major(line), _text(line["customer"]))
            for line in voucher.to_dict("records")
        ]
    return found


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def major(line: Mapping[str, Any]) -> str:
    fen = int(line["credit"] if pd.isna(line["debit"]) else line["debit"])
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02}"


def plain(drafts: Drafts) -> dict[str, list[tuple[str, str, str]]]:
    """`vouchers` without customers."""
    return {name: [line[:3] for line in lines] for name, lines in vouchers(drafts).items()}


def evidence(drafts: Drafts, outcome: Outcome) -> pd.DataFrame:
    return entries_table(drafts.entries, drafts.lines, outcome, match_ids(outcome)).to_pandas()


__all__ = ["GATEWAY_BANK", "Book", "evidence", "plain", "vouchers"]
