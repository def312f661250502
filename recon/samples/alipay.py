"""An Alipay 账务明细 of a shop as the portal gives it: one zip a month with the rows and their summary."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa

from recon.samples.archive import write_zip
from recon.samples.columns import Cells, Times, choice, clock, day, join, money, number, where, write_rows
from recon.samples.dice import Flags, Ints
from recon.samples.payouts import Payout

PAYMENT, REFUND, COMMISSION, SERVICE, PAYOUT = range(5)
_TYPES: Final = ("交易付款", "交易退款", "其它", "其它", "提现")
_CODES: Final = (
    "0010001|交易收款-交易收款",
    "0020001|交易退款-余额退款",
    "0030003|软件服务费-类目软件服务费（原天猫佣金）",
    "0030130|软件服务费-基础软件服务费",
    "",
)
_NOTES: Final = ("交易付款", "售后退款", "类目软件服务费扣款", "基础软件服务费扣款", "提现")
_HEAD: Final = (
    "账务流水号,业务流水号,商户订单号,商品名称,发生时间,对方账号,收入金额（+元）,支出金额（-元）,账户余额（元）,交易渠道,业务类型,备注,"
    "业务描述,业务账单来源,业务基础订单号,业务订单号"
)
_SUMMARY: Final = "类型,收入笔数,收入金额（+元）,支出笔数,支出金额（-元）,总金额（元）"
_SUFFIX: Final = "0156"
PREFIX: Final = "22001"
NO_ORDER: Final = 0


@dataclass(frozen=True)
class Lines:
    """Movements of one wallet, in any order: time, kind, signed minor units, order number, trade day and serial."""

    at: Times
    kind: Ints
    amount: Ints
    order: Ints
    trade_day: Times
    trade: Ints

    def take(self, rows: Ints | Flags) -> "Lines":
        """The chosen rows."""
        at, kind, amount = self.at[rows], self.kind[rows], self.amount[rows]
        return Lines(at, kind, amount, self.order[rows], self.trade_day[rows], self.trade[rows])


def together(parts: Sequence[Lines]) -> Lines:
    """Several sets of movements as one, by time; equal times in the order of the parts."""
    names = ("at", "kind", "amount", "order", "trade_day", "trade")
    whole = Lines(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))
    return whole.take(np.argsort(whole.at, kind="stable"))


def trade_number(day_of: Times, trade: Ints) -> pa.Array:
    """Alipay's 28-digit number of a trade: day, 22001, serial of 15 digits."""
    return join(day(day_of, ""), PREFIX, number(trade, 15))


def payout_lines(payouts: Sequence[Payout]) -> Lines:
    """The rows of withdrawals."""
    at = np.array([p.at for p in payouts], dtype="datetime64[s]")
    none = np.zeros(len(payouts), dtype=np.int64)
    serial = np.array([int(p.number[-15:]) for p in payouts], dtype=np.int64)
    amount = np.array([-p.amount for p in payouts], dtype=np.int64)
    return Lines(at, none + PAYOUT, amount, none + NO_ORDER, at, serial)


def write_month(inbox: Path, partner: str, month: str, lines: Lines, opening: int) -> int:
    """Write the zip of one month.

    Args:
        inbox: where to.
        partner: the 16 digits of the account.
        month: `2026-10`.
        lines: the account's rows of that month, by time.
        opening: the balance before them, minor units.

    Returns:
        The balance after them.
    """
    first = np.datetime64(month, "M")
    period = (first.astype("datetime64[D]"), (first + 1).astype("datetime64[D]"))
    stem = f"{partner}{_SUFFIX}_{month.replace('-', '')}"
    balance = opening + np.cumsum(lines.amount)
    members = {
        f"{stem}_账务明细.csv": _detail(partner, period, lines, balance),
        f"{stem}_账务明细(汇总).csv": _summary(partner, period, lines),
    }
    year, number_of, made = (int(part) for part in str(period[1]).split("-"))
    write_zip(inbox / f"{stem}.csv.zip", members, (year, number_of, made + 3))
    return int(balance[-1]) if len(balance) else opening


def _moment(day_of: np.datetime64) -> str:
    year, month, day_number = str(day_of).split("-")
    return f"{year}年{month}月{day_number}日 00:00:00"


def _preamble(title: str, table: str, partner: str, period: tuple[np.datetime64, np.datetime64]) -> str:
    lines = [
        f"#支付宝{title}查询",
        f"#账号：[{partner}{_SUFFIX}]",
        f"#起始日期：[{_moment(period[0])}]   终止日期：[{_moment(period[1])}]",
        f"#-----------------------------------------{table}列表----------------------------------------",
    ]
    return "".join(f"{line}\r\n" for line in lines)


def _close(table: str, totals: Sequence[str], period: tuple[np.datetime64, np.datetime64]) -> str:
    made = _moment(period[1] + np.timedelta64(3, "D")).replace("00:00:00", "10:29:41")
    lines = [f"#-----------------------------------------{table}列表结束------------------------------------"]
    lines += [*totals, f"#导出时间：[{made}]"]
    return "".join(f"{line}\r\n" for line in lines)


def _sum(amounts: Ints) -> str:
    text: str = money(np.array([amounts.sum()], dtype=np.int64))[0].as_py()
    return text


def _detail(partner: str, period: tuple[np.datetime64, np.datetime64], lines: Lines, balance: Ints) -> bytes:
    stream = BytesIO()
    stream.write((_preamble("账务明细", "账务明细", partner, period) + _HEAD + "\r\n").encode("gb18030"))
    write_rows(stream, _cells(lines, balance, period[0]), len(balance), encoding="gb18030", end="\r\n")
    paid, received = lines.amount[lines.amount < 0], lines.amount[lines.amount > 0]
    totals = [f"#支出合计：{len(paid)}笔，共{_sum(paid)}元", f"#收入合计：{len(received)}笔，共{_sum(received)}元"]
    stream.write(_close("账务明细", totals, period).encode("gb18030"))
    return stream.getvalue()


def _cells(lines: Lines, balance: Ints, first: np.datetime64) -> list[Cells]:
    """The 16 columns; every text cell but names and times ends in a TAB."""
    count, incoming, has_order = len(balance), lines.amount > 0, lines.order != NO_ORDER
    order = number(lines.order)
    row_number = int(str(first)[:7].replace("-", "")) * 10**9 + np.arange(1, count + 1, dtype=np.int64)
    amount = money(lines.amount)
    return [
        join(number(row_number), "\t"),
        join(trade_number(lines.trade_day, lines.trade), "\t"),
        join(where(has_order, join("T200P", order), ""), "\t"),
        where(lines.kind == PAYMENT, "网店商品", ""),
        clock(lines.at),
        where(has_order, "买***(138****0000)\t", "\t"),
        where(incoming, amount, "0.00"),
        where(incoming, "0.00", amount),
        money(balance),
        "支付宝\t",
        join(choice(_TYPES, lines.kind), "\t"),
        choice(_NOTES, lines.kind),
        join(choice(_CODES, lines.kind), "\t"),
        where(has_order, "淘宝\t", "\t"),
        join(where(has_order, order, ""), "\t"),
        join(where(has_order, order, ""), "\t"),
    ]


def _summary(partner: str, period: tuple[np.datetime64, np.datetime64], lines: Lines) -> bytes:
    """The member 汇总: rows and sums per 业务类型, and over all."""
    rows = []
    for name in sorted(set(_TYPES)):
        kinds = [kind for kind, text in enumerate(_TYPES) if text == name]
        amounts = lines.amount[np.isin(lines.kind, kinds)]
        if len(amounts):
            rows.append(_summary_row(name, amounts))
    rows.append(_summary_row("合计", lines.amount))
    body = "".join(f"{line}\r\n" for line in [_SUMMARY, *rows])
    text = _preamble("账务汇总", "账务汇总", partner, period) + body + _close("账务汇总", [], period)
    return text.encode("gb18030")


def _summary_row(name: str, amounts: Ints) -> str:
    received, paid = amounts[amounts > 0], amounts[amounts < 0]
    return f"{name},{len(received)},{_sum(received)},{len(paid)},{_sum(paid)},{_sum(amounts)}"
