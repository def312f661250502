"""A small reconciliation by hand: an order list, a wallet, a bank; something in every group of every leg."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from recon.ledger.channel import ChannelFacts
from recon.ledger.merge import frame
from recon.ledger.outcome import FINDING_ROWS, FINDINGS, MATCHES, MEMBERS, WAITING, Outcome
from recon.ledger.schema import ENTRY, READ
from recon.ledger.statement import AccountFacts, Statement, Unread
from recon.ledger.stretch import Stretch

SIDE_OF = {"taobao.orders": "order", "alipay.cash": "gateway", "icbc.corporate.a": "bank"}
ACCOUNT_OF = {"taobao.orders": "taobao.orders:default", "alipay.cash": "2088000000000001", "icbc.corporate.a": "1234"}
FACTS = {name: ChannelFacts(name, side, name.split(".")[0], name, name) for name, side in SIDE_OF.items()}
FILE_OF = {"taobao.orders": "orders.csv", "alipay.cash": "alipay.csv", "icbc.corporate.a": "bank.csv"}


def moment(text: str) -> datetime:
    """Read a local time of Shanghai as an instant."""
    return datetime.fromisoformat(text + "+08:00").astimezone(UTC)


@dataclass
class Case:
    """Entries are named by a word of their own; the builder turns names into positions."""

    entries: list[dict[str, Any]] = field(default_factory=list)
    matches: list[tuple[dict[str, Any], dict[str, tuple[int, int]]]] = field(default_factory=list)
    waiting: list[dict[str, Any]] = field(default_factory=list)
    excluded: list[dict[str, Any]] = field(default_factory=list)
    findings: list[tuple[dict[str, Any], list[tuple[str, str, bool]]]] = field(default_factory=list)
    notes: tuple[str, ...] = ()
    lang: str = "zh"
    files: tuple[Statement, ...] | None = None
    unread: tuple[Unread, ...] = ()
    stretches: tuple[Stretch, ...] = ()

    def entry(self, name: str, channel: str, kind: str, amount: int, at: str, **more: Any) -> str:
        row = dict.fromkeys(ENTRY.names) | {
            "entry_id": f"{name:0>16}", "side": SIDE_OF[channel], "channel": channel, "account": ACCOUNT_OF[channel],
            "kind": kind, "amount": amount, "currency": "CNY", "occurred_at": moment(at), "proven": True,
            "value_date": date.fromisoformat(at[:10]), "source_file": FILE_OF[channel],
            "source_row": len(self.entries) + 2,
        }  # fmt: skip
        self.entries.append(row | more)
        return name

    def match(self, members: dict[str, tuple[int, int]], **more: Any) -> None:
        head = {
            "leg": "order-gateway", "rule": "by-order-number", "verdict": "proved", "basis": "key", "residual": 0,
            "residual_reason": None, "accepted_paid": 0, "accepted_returned": 0, "tolerance": 0,
            "explanation": "同一订单号", "on": date(2026, 10, 1),
        }  # fmt: skip
        self.matches.append((head | more, members))

    def wait(self, name: str, leg: str, reason: str, due: date | None = None, rule: str | None = None) -> None:
        self.waiting.append({"row": name, "leg": leg, "reason": reason, "due_date": due, "rule": rule})

    def exclude(self, name: str, leg: str, reason: str) -> None:
        self.excluded.append({"row": name, "leg": leg, "reason": reason, "due_date": None, "rule": None})

    def finding(self, rows: list[tuple[str, str, bool]], **more: Any) -> None:
        line = dict.fromkeys(FINDINGS) | {"status": "open", "currency": "CNY", "reach_rows": len(rows)}
        line |= more
        line["difference"] = line["actual"] - line["expected"]
        line["reach_amount"] = abs(line["difference"])
        self.findings.append((line, rows))

    def outcome(self, reverse: bool = False) -> Outcome:
        """Build the values. `reverse` turns the order of every table round: nothing written may depend on it."""
        turn = -1 if reverse else 1
        columns = {name: [row[name] for row in self.entries] for name in ENTRY.names}
        fields = [pa.field(f.name, f.type) for f in ENTRY]
        plain = [f.type.value_type if pa.types.is_dictionary(f.type) else f.type for f in fields]
        arrays = [pa.array(columns[f.name], kind).cast(f.type) for f, kind in zip(fields, plain, strict=True)]
        entries = frame(pa.table(arrays, schema=pa.schema(fields)))
        place = {str(name).lstrip("0"): row for row, name in enumerate(entries["entry_id"])}
        heads = [head | {"match": number} for number, (head, _) in enumerate(self.matches)]
        members = [
            {"match": number, "row": place[name], "weight": weight, "applied": applied}
            for number, (_, parts) in enumerate(self.matches)
            for name, (weight, applied) in parts.items()
        ]
        findings = [line | {"finding": number} for number, (line, _) in enumerate(self.findings)]
        shown = [
            {"finding": number, "leg": leg, "row": place[name], "owned": owned}
            for number, (_, rows) in enumerate(self.findings)
            for name, leg, owned in rows
        ]
        return Outcome(
            entries=entries, statements=self.files or self._statements(), unread=self.unread, channels=FACTS,
            matches=table(heads[::turn], MATCHES), members=table(members[::turn], MEMBERS),
            in_transit=table([w | {"row": place[w["row"]]} for w in self.waiting[::turn]], WAITING),
            excluded=table([w | {"row": place[w["row"]]} for w in self.excluded[::turn]], WAITING),
            findings=table(findings[::turn], FINDINGS), finding_rows=table(shown[::turn], FINDING_ROWS),
            as_of=date(2026, 10, 31), period="2026-10", zone="Asia/Shanghai", lang=self.lang, notes=self.notes,
            stretches=self.stretches,
        )  # fmt: skip

    def _statements(self) -> tuple[Statement, ...]:
        found = []
        for channel, file in FILE_OF.items():
            rows = [row for row in self.entries if row["source_file"] == file]
            facts = AccountFacts(ACCOUNT_OF[channel], "CNY", date(2026, 10, 1), date(2026, 10, 31), period_stated=True)
            count = len(rows)
            found.append(
                Statement(
                    file=file, sha256=channel.encode().hex().ljust(64, "0"), channel=channel, side=SIDE_OF[channel],
                    book=None, table=READ.empty_table(), rows=count + 1, booked_rows=count,
                    skipped=((count + 2, "合计行"),), accounts=(facts,),
                    control_total="ok" if channel == "alipay.cash" else "none",
                    balance_chain="ok" if channel == "icbc.corporate.a" else "none",
                )
            )  # fmt: skip
        return tuple(found)


NUMBERS = (
    "match", "row", "weight", "applied", "finding", "residual", "accepted_paid", "accepted_returned", "tolerance",
    "expected", "actual", "difference",
)  # fmt: skip


def table(rows: list[dict[str, Any]], names: tuple[str, ...]) -> pd.DataFrame:
    frame = pd.DataFrame([{name: row[name] for name in names} for row in rows], columns=list(names))
    kinds = {name: "int64" for name in names if name in NUMBERS} | {name: "bool" for name in names if name == "owned"}
    return frame.astype(kinds)


@pytest.fixture
def small() -> Case:
    """Two orders, one without money; a withdrawal that arrived, one on its way; bank lines known and unknown."""
    case = Case(notes=("支付宝账户无资金账单期初余额",))
    orders, alipay, bank = "taobao.orders", "alipay.cash", "icbc.corporate.a"
    case.entry("s1", orders, "sale", 10000, "2026-10-01T09:00:00", order_ref="3001", shop="旗舰店")
    case.entry("s2", orders, "sale", 6600, "2026-10-02T10:00:00", order_ref="3002", shop="旗舰店")
    case.entry("s3", orders, "sale", 0, "2026-10-03T10:00:00", order_ref="3003", status="交易关闭")
    case.entry("p1", alipay, "payment", 10000, "2026-10-01T09:05:00", order_ref="3001", payment_ref="Z1")
    case.entry("f1", alipay, "fee", -60, "2026-10-01T09:05:00", order_ref="3001", payment_ref="Z1", detail="服务费")
    case.entry("w1", alipay, "payout", -5000, "2026-10-08T23:59:58.250", batch_ref="T1")
    case.entry("w2", alipay, "payout", -2500, "2026-10-30T12:00:00", batch_ref="T2")
    case.entry("b1", bank, "receipt", 5000, "2026-10-09T00:00:00", memo="提现")
    case.entry("b2", bank, "receipt", 1240000, "2026-10-28T08:00:00", memo="=2+3", counterparty="某公司")
    case.entry("b3", bank, "interest", 86, "2026-10-30T08:00:00", memo="结息")
    case.match({"s1": (1, 10000), "p1": (-1, 10000), "f1": (-1, 0)})
    case.match(
        {"w1": (-1, -5000), "b1": (-1, 5000)}, leg="gateway-bank", rule="by-payer-and-amount", basis="unique",
        explanation='提现 50.00 = 到账 50.00, "唯一"', on=date(2026, 10, 8),
    )  # fmt: skip
    case.wait("w2", "gateway-bank", "inside the window", date(2026, 11, 3), "3 working days")
    case.exclude("s3", "order-gateway", "unpaid")
    case.exclude("b3", "gateway-bank", "interest")
    case.finding(
        [("s2", "order-gateway", True), ("p1", "order-gateway", False)],
        break_id="d2" * 8, leg="order-gateway", code="missing_payment", severity="high", side="order",
        channel=orders, account=ACCOUNT_OF[orders], shop="旗舰店", occurred_at=moment("2026-10-02T10:00:00"),
        value_date=date(2026, 10, 2), due_date=date(2026, 10, 3), age_days=28, order_ref="3002", expected=6600,
        actual=0, explanation="=订单 3002 已收货 66.00, 网关无款", source_file="orders.csv", source_row=3,
    )  # fmt: skip
    case.finding(
        [("b2", "gateway-bank", True)],
        break_id="a1" * 8, leg="gateway-bank", code="unknown_receipt", severity="low", side="bank", channel=bank,
        account="1234", occurred_at=moment("2026-10-28T08:00:00"), value_date=date(2026, 10, 28), age_days=3,
        expected=0, actual=1240000, explanation="银行来款 12,400.00 无人认领", source_file="bank.csv", source_row=10,
    )  # fmt: skip
    return case
