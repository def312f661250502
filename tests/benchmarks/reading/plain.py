"""The same four files read the plain way: line by line, cell by cell, with the standard library alone.

The mapping of rows to entries is written down again from the description of the layouts; nothing is shared with recon.
Each reader gives, per row, its number in the file and its entries as {ledger column: value}; a column that is not named
is empty. Amounts are in fen, moments in UTC without a zone.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

Entry = dict[str, object]
Read = Iterator[tuple[int, list[Entry]]]
Cells = dict[str, str]
_ZONE = timedelta(hours=8)
_REMARK = re.compile(r"(?:订单号|订单编号|关联订单号|交易单号)[:：]\s*(\d{10,25})")


def fen(text: str) -> int:
    """An amount in yuan as fen; 0 where there is none."""
    return int(Decimal(text.strip().removesuffix("元").replace(",", "") or "0") * 100)


def utc(text: str) -> datetime | None:
    """A Beijing time as UTC."""
    return datetime.fromisoformat(text.strip()) - _ZONE if text.strip() else None


def on(text: str) -> Entry:
    """The moment of an entry and its day at the place."""
    moment = datetime.fromisoformat(text.strip())
    return {"occurred_at": moment - _ZONE, "value_date": moment.date()}


def wechat(path: Path, encoding: str) -> Read:
    """Trade bill: cells after a back-tick; a refund is a negative amount, its fee comes back."""
    with path.open(encoding=encoding) as lines:
        names = next(lines).strip().split(",")
        for number, line in enumerate(lines, start=2):
            if line.startswith("总交易单数"):
                return
            row = dict(zip(names, line.strip("\r\n").removeprefix("`").split(",`"), strict=True))
            refund = row["交易状态"] == "REFUND"
            sign = -1 if refund else 1
            common: Entry = {
                **on(row["交易时间"]),
                "account": row["商户号"],
                "currency": row["货币种类"],
                "book": "trade",
                "order_ref": row["商户订单号"],
                "payment_ref": row["微信订单号"],
                "refund_ref": row["商户退款单号"] if refund else None,
                "status": row["退款状态"] or row["交易状态"],
            }
            amount = fen(row["退款金额"] if refund else row["应结订单金额"])
            asked = fen(row["申请退款金额"] if refund else row["订单金额"])
            entries = [
                {
                    **common,
                    "kind": "refund" if refund else "payment",
                    "amount": sign * amount,
                    "order_amount": sign * asked,
                }
            ]
            fee = -fen(row["手续费"])
            if fee:
                rate = Decimal(row["费率"].removesuffix("%")) / 100
                entries.append({**common, "kind": "fee", "detail": "手续费", "amount": fee, "fee_rate": rate})
            yield number, entries


def alipay(path: Path, encoding: str) -> Read:
    """账务明细: one entry per row, in or out by its column."""
    with path.open(encoding=encoding, newline="") as lines:
        rows = csv.reader(lines)
        names: list[str] = []
        for number, cells in enumerate(rows, start=1):
            if cells[0].startswith("#"):
                continue
            if not names:
                names = cells
                continue
            row = {name: cell.strip() for name, cell in zip(names, cells, strict=True)}
            what, remark = row["业务描述"], row["备注"]
            kind, detail = _alipay_kind(row["业务类型"], remark, what)
            named = _REMARK.search(remark)
            order = row["业务基础订单号"] or row["商户订单号"].removeprefix("T200P") or (named[1] if named else "")
            entry: Entry = {
                **on(row["发生时间"]),
                "account": "2088110000000011",
                "currency": "CNY",
                "book": "cash",
                "kind": kind,
                "detail": detail,
                "amount": fen(row["收入金额（+元）"]) + fen(row["支出金额（-元）"]),
                "order_ref": order or None,
                "payment_ref": row["业务流水号"],
                "line_ref": row["账务流水号"],
                "balance_after": fen(row["账户余额（元）"]),
                "memo": remark or None,
            }
            yield number, [entry]


def _alipay_kind(told: str, remark: str, what: str) -> tuple[str, str | None]:
    if what.startswith("0010001|"):
        return "payment", None
    if what.startswith("0030003|"):
        return "commission", "类目软件服务费"
    if what.startswith("0020001|"):
        return "refund", None
    if told == "提现":
        return "payout", None
    if "淘宝联盟佣金" in remark:
        return "commission", "淘宝客佣金"
    raise ValueError(f"{told}, {remark}, {what}: not in these files")


def taobao(path: Path, encoding: str) -> Read:
    """Order report: what the buyer paid is the sale, what went back a refund without a day."""
    with path.open(encoding=encoding, newline="") as lines:
        rows = csv.reader(lines)
        names = [name.strip() for name in next(rows)]
        for number, cells in enumerate(rows, start=2):
            row = dict(zip(names, cells, strict=True))
            paid, back, unpaid = fen(row["买家实际支付金额"]), fen(row["退款金额"]), row["订单状态"] == "等待买家付款"
            common: Entry = {
                "account": "taobao.orders:default",
                "currency": "CNY",
                "order_ref": row["订单编号"].strip('="'),
                "shop": row["店铺名称"],
                "state": "unpaid" if unpaid else "completed" if row["订单状态"] == "交易成功" else "shipped",
                "paid_at": utc(row["订单付款时间"]),
                "confirmed_at": utc(row["确认收货时间"]),
                "order_amount": fen(row["总金额"]),
                "released": fen(row["打款商家金额"]) if row["打款商家金额"] else None,
                "after_sale": "partial" if back else "none",
                "status": row["订单状态"],
            }
            time = on(row["订单付款时间"] or row["订单创建时间"])
            entries = [{**common, **time, "kind": "sale", "amount": back if unpaid else paid}]
            if back:
                entries.append({**common, "kind": "refund", "amount": -back})
            yield number, entries


_PARTS = {
    "订单实付应结": ("payment", None),
    "实际平台补贴": ("subsidy", "平台补贴"),
    "实际达人补贴": ("subsidy", "达人补贴"),
    "平台服务费": ("commission", "平台服务费"),
    "佣金": ("commission", "达人佣金"),
}


def douyin(path: Path, encoding: str) -> Read:
    """动账明细: a settlement's components that are not 0, else the row's amount."""
    with path.open(encoding=encoding, newline="") as lines:
        for number, raw in enumerate(csv.DictReader(lines), start=2):
            row = {name: "" if cell == "-" else cell.removeprefix("'") for name, cell in raw.items()}
            scene, total, line = row["动账场景"], fen(row["动账金额"]), row["动帐流水号"]
            payout = scene == "提现"
            common: Entry = {
                **on(row["动账时间"]),
                "account": "douyin.flow:default",
                "currency": "CNY",
                "book": "cash",
                "order_ref": row["订单号"] or None,
                "sub_ref": row["子订单号"] or None,
                "payment_ref": None if payout else line,
                "batch_ref": line if payout else None,
                "line_ref": line,
                "refund_ref": row["售后编号"] or None,
                "memo": scene,
            }
            if scene != "货款结算入账":
                yield number, [{**common, "kind": "payout" if payout else "refund", "amount": total}]
                continue
            parts = [(kind, detail, fen(row[name])) for name, (kind, detail) in _PARTS.items()]
            yield number, [{**common, "kind": k, "detail": d, "amount": a} for k, d, a in parts if a or k == "payment"]


READERS: dict[str, Callable[[Path, str], Read]] = {
    "wechatpay.trade": wechat,
    "alipay.cash": alipay,
    "taobao.orders": taobao,
    "douyin.flow": douyin,
}
