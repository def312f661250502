"""The files of WeChat Pay and of an own shop: 交易账单 ALL, 资金账单, and the shop's list of orders."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from recon.samples.columns import Cells, Times, choice, clock, join, money, number, where, write_rows, write_table, yuan
from recon.samples.dice import Flags, Ints
from recon.samples.wechat_trade import Role, Trade

_TRADE: Final = (
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,"
    "应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,"
    "手续费,费率,订单金额,申请退款金额,费率备注"
)
_TRADE_TOTAL: Final = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"
_FUND: Final = (
    "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),"
    "资金变更提交申请人,备注,业务凭证号"
)
_FUND_TOTAL: Final = "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额"
_LIST: Final = "订单号,店铺,下单时间,付款时间,发货时间,完成时间,订单状态,订单金额,实付金额,退款金额,支付方式,支付流水号"
_STATES: Final = ("待付款", "已关闭", "待发货", "已发货", "已完成", "部分退款", "已退款")
SHOPS: Final = ("云栖小程序商城", "云栖分销商城")
PAYMENT, FEE, REFUND, FEE_BACK, PAYOUT = range(5)
_NAMES: Final = ("交易", "交易", "退款", "退款", "充值提现")
_TYPES: Final = ("交易", "扣除交易手续费", "退款", "退还交易手续费", "充值提现")


@dataclass(frozen=True)
class Bill:
    """Rows of a trade bill, by time. Minor units; on a refund row the amount and the fee are below zero.

    `place` is the order of the row; the numbers are text.
    """

    at: Times
    place: Ints
    amount: Ints
    fee: Ints
    order: pa.Array
    payment: pa.Array
    refund: pa.Array
    refund_id: pa.Array

    def take(self, rows: Ints | Flags) -> "Bill":
        """The chosen rows."""
        at = np.flatnonzero(rows) if rows.dtype == bool else rows
        numbers = (self.order, self.payment, self.refund, self.refund_id)
        arrays = (self.at[at], self.place[at], self.amount[at], self.fee[at])
        return Bill(*arrays, *(column.take(pa.array(at)) for column in numbers))

    def sorted(self) -> "Bill":
        """By time."""
        return self.take(np.argsort(self.at, kind="stable"))


def one_bill(parts: Sequence[Bill]) -> Bill:
    """Several bills as one, by time."""
    arrays = (np.concatenate([getattr(p, name) for p in parts]) for name in ("at", "place", "amount", "fee"))
    names = ("order", "payment", "refund", "refund_id")
    numbers = (pa.concat_arrays([getattr(p, name) for p in parts]) for name in names)
    at, place, amount, fee = arrays
    return Bill(at, place, amount, fee, *numbers).sorted()


def write_trade_bill(path: Path, merchant: str, bill: Bill) -> None:
    """Write a trade bill: UTF-8 with its mark, CRLF, a back-tick before every cell, two lines of totals at the end."""
    count, refund = len(bill.at), bill.amount < 0
    paid, given = money(np.maximum(bill.amount, 0)), money(np.maximum(-bill.amount, 0))
    state = where(refund, "REFUND", "SUCCESS")
    cells: list[Cells] = [clock(bill.at), "wx8f3d1c2b7a6e5d40", merchant, "0", "", bill.payment, bill.order]
    cells += [join("oUpF8u", number(bill.place % 10**6, 22)), "JSAPI", state, "OTHERS", "CNY", paid, "0.00"]
    cells += [where(refund, bill.refund_id, "0"), where(refund, bill.refund, "0"), given, "0.00"]
    cells += [where(refund, "ORIGINAL", ""), where(refund, "SUCCESS", ""), "商城订单,小程序", ""]
    cells += [join(money(bill.fee), "000"), "0.60%", paid, given, ""]
    ticked = [f"`{cell}" if isinstance(cell, str) else join("`", cell) for cell in cells]
    income, back = int(bill.amount[~refund].sum()), -int(bill.amount[refund].sum())
    totals = [str(count), yuan(income), yuan(back), "0.00", yuan(int(bill.fee.sum())) + "000", yuan(income)]
    foot = ",".join(f"`{cell}" for cell in [*totals, yuan(back)])
    with path.open("wb") as stream:
        stream.write(f"{_TRADE}\r\n".encode("utf-8-sig"))
        write_rows(stream, ticked, count, encoding="utf-8", end="\r\n")
        stream.write(f"{_TRADE_TOTAL}\r\n{foot}\r\n".encode())


@dataclass(frozen=True)
class Fund:
    """Rows of a fund bill, by time: signed minor units, the business number and the voucher number as text."""

    at: Times
    kind: Ints
    amount: Ints
    business: pa.Array
    voucher: pa.Array

    def take(self, rows: Ints | Flags) -> "Fund":
        """The chosen rows."""
        at = np.flatnonzero(rows) if rows.dtype == bool else rows
        texts = (self.business.take(pa.array(at)), self.voucher.take(pa.array(at)))
        return Fund(self.at[at], self.kind[at], self.amount[at], *texts)


def one_fund(parts: Sequence[Fund]) -> Fund:
    """Several sets of rows as one, by time; equal times in the order of the parts."""
    at, kind, amount = (np.concatenate([getattr(p, name) for p in parts]) for name in ("at", "kind", "amount"))
    business, voucher = (pa.concat_arrays([getattr(p, name) for p in parts]) for name in ("business", "voucher"))
    return Fund(at, kind, amount, business, voucher).take(np.argsort(at, kind="stable"))


def write_fund_bill(path: Path, fund: Fund, opening: int) -> int:
    """Write a fund bill in the manner of the trade bill; it names no merchant number.

    Returns:
        The balance after its last row, in minor units.
    """
    count, incoming = len(fund.at), fund.amount > 0
    balance = opening + np.cumsum(fund.amount)
    serial = join(pc.replace_substring(clock(fund.at), " ", ""), number(np.arange(1, count + 1), 8))
    serial = pc.replace_substring_regex(serial, "[-:]", "")
    cells: list[Cells] = [clock(fund.at), fund.business, serial, choice(_NAMES, fund.kind), choice(_TYPES, fund.kind)]
    cells += [where(incoming, "收入", "支出"), money(np.abs(fund.amount)), money(balance), "system", ""]
    ticked = [f"`{cell}" if isinstance(cell, str) else join("`", cell) for cell in [*cells, fund.voucher]]
    income, spent = fund.amount[incoming], -fund.amount[~incoming]
    totals = [str(count), str(len(income)), yuan(int(income.sum())), str(len(spent)), yuan(int(spent.sum()))]
    foot = ",".join(f"`{cell}" for cell in totals)
    with path.open("wb") as stream:
        stream.write(f"{_FUND}\r\n".encode("utf-8-sig"))
        write_rows(stream, ticked, count, encoding="utf-8", end="\r\n")
        stream.write(f"{_FUND_TOTAL}\r\n{foot}\r\n".encode())
    return int(balance[-1])


def write_list(path: Path, trade: Trade) -> None:
    """Write the shop's list of orders: UTF-8 with its mark, LF, oldest order first."""
    places = np.argsort(trade.created, kind="stable")
    rows = places[trade.listed[places]]
    bought, role = trade.bought[rows], trade.role[rows]
    never = np.datetime64("NaT", "s")
    with_number = bought & ~np.isin(role, (Role.SET_BY_HAND, Role.CASH))
    cells: list[Cells] = [trade.order_numbers(rows), choice(SHOPS, trade.shop[rows]), clock(trade.created[rows])]
    cells += [clock(np.where(bought, trade.paid_at[rows], never)), clock(trade.shipped_at[rows])]
    cells += [clock(trade.done_at[rows]), choice(_STATES, _states(trade, rows))]
    cells += [money(trade.paid[rows] + trade.coupon[rows]), where(bought, money(trade.paid[rows]), "0.00")]
    cells += [money(trade.refund[rows]), where(role == Role.CASH, "现金", where(bought, "微信支付", ""))]
    cells.append(where(with_number, trade.payment_numbers(rows), ""))
    write_table(path, _LIST, cells, len(rows), encoding="utf-8-sig", end="\n")


def _states(trade: Trade, rows: Ints) -> Ints:
    """Which of `_STATES` an order stands in."""
    shipped, done = ~np.isnat(trade.shipped_at[rows]), ~np.isnat(trade.done_at[rows])
    state = np.where(done, 4, np.where(shipped, 3, 2))
    part = (trade.refund[rows] > 0) & (trade.refund[rows] < trade.paid[rows])
    state = np.where(part, 5, np.where(trade.refund[rows] == trade.paid[rows], 6, state))
    role = trade.role[rows]
    state = np.where(np.isin(role, (Role.NOT_PAID, Role.UNPAID_PAID)), 0, state)
    return np.where(np.isin(role, (Role.CANCELLED, Role.CLOSED_PAID)), 1, state).astype(np.int64)
