"""The files of a company: order lists, bills, statements, as lines of text that can lose some of their rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tests.benchmarks.downloads.company import ALIPAY, BANK, DAY, GENERIC, PAYERS, WECHAT, Company, Order, Row, fee_of

_TRADE = (
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,"
    "应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,"
    "手续费,费率,订单金额,申请退款金额,费率备注"
)
_TRADE_TOTAL = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"
_FUND = (
    "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),"
    "资金变更提交申请人,备注,业务凭证号"
)
_FUND_TOTAL = "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额"
_CASH = (
    "账务流水号,业务流水号,商户订单号,商品名称,发生时间,对方账号,收入金额（+元）,支出金额（-元）,账户余额（元）,交易渠道,业务类型,备注,"
    "业务描述,业务账单来源,业务基础订单号,业务订单号"
)
_FLOW = (
    "动账时间,动账流水号,动账方向,动账金额,动账账户,动账场景,计费类型,子订单号,订单号,售后编号,下单时间,订单实付应结,"
    "运费实付,实际平台补贴,实际达人补贴,订单退款,平台服务费,佣金,备注"
)
_GATEWAY = "交易时间,交易类型,商户订单号,交易单号,退款单号,金额（元）,手续费（元）,净额（元）,交易状态,备注"
_BANK = "凭证号,本方账号,对方账号,交易时间,借/贷,借方发生额,贷方发生额,对方行号,摘要,用途,对方单位名称,余额,个性化信息"
_OWN = "订单号,店铺,下单时间,付款时间,发货时间,完成时间,订单状态,订单金额,实付金额,退款金额,退款时间,支付方式"
_TAOBAO = (
    "订单编号,买家应付货款,总金额,买家实际支付金额,订单状态,订单创建时间,订单付款时间,店铺名称,"
    "退款金额,确认收货时间,打款商家金额"
)
_DOUYIN = (
    "主订单编号,子订单编号,订单应付金额,平台实际承担优惠金额,达人实际承担优惠金额,订单提交时间,支付完成时间,发货时间,"
    "订单完成时间,订单状态,售后状态"
)
SHOPS = {"own": "云栖小程序商城", "generic": "云栖分销商城", "taobao": "云杉家居旗舰店"}
#: What a book calls the order number, and what the list of the line does.
NUMBER_THERE = {"own": "商户订单号", "generic": "商户订单号", "taobao": "业务基础订单号", "douyin": "订单号"}
NUMBER_HERE = {"own": "订单号", "generic": "订单号", "taobao": "订单编号", "douyin": "主订单编号"}
ACCOUNTS = {
    "trade": WECHAT,
    "fund": WECHAT,
    "cash": ALIPAY,
    "gateway": GENERIC,
    "bank": BANK,
    "flow": "douyin.flow:default",
}


@dataclass(frozen=True)
class Entry:
    """A row of an account with its place and the balance after it."""

    place: int
    row: Row
    balance: int


@dataclass(frozen=True)
class Span:
    """One file: a book of a line, from its first to its last day; `entries` is what it should hold."""

    line: str
    book: str
    first: int
    last: int
    entries: tuple[Entry, ...]

    @property
    def account(self) -> str:
        """As the file prints it."""
        return ACCOUNTS[self.book]


@dataclass(frozen=True)
class Text:
    """A file in three pieces; `body` is a line per row, oldest first; `days` the day of each."""

    head: tuple[str, ...]
    body: tuple[str, ...]
    foot: tuple[str, ...]
    days: tuple[int, ...]


def entries(made: Company, line: str) -> list[Entry]:
    """The rows of an account with their balances."""
    balance, found = made.opening[line], []
    for place, row in enumerate(made.rows[line]):
        balance += row.amount
        found.append(Entry(place, row, balance))
    return found


def span(made: Company, line: str, book: str, first: int, last: int) -> Span:
    """The file of some days."""
    mine = [e for e in entries(made, line) if first <= made.day(e.row.at) <= last]
    chosen = [e for e in mine if e.row.kind != "payout" or book != "trade"]
    chosen = [e for e in chosen if e.row.kind in ("payment", "refund") or book not in ("trade", "gateway")]
    return Span(line, book, first, last, tuple(chosen))


def text(made: Company, part: Span) -> Text:
    """The lines of a file."""
    head, body, foot = _BOOKS[part.book](made, part, [e.row for e in part.entries])
    return Text(tuple(head), tuple(body), tuple(foot), tuple(made.day(e.row.at) for e in part.entries))


def write(path: Path, book: str, lines: Text) -> None:
    """Write a file, the bank's newest row first."""
    body = lines.body[::-1] if book == "bank" else lines.body
    encoding = "gb18030" if book in ("bank", "cash") else "utf-8-sig"
    path.write_bytes("".join(f"{line}\r\n" for line in (*lines.head, *body, *lines.foot)).encode(encoding))


def name(made: Company, part: Span, more: str = "") -> str:
    """A name as portals give it; nothing is read from it."""
    days = "-".join(f"{made.first + day * DAY:%Y%m%d}" for day in (part.first, part.last))
    return f"{part.line}_{part.book}_{days}{more}.csv"


Lines = tuple[list[str], list[str], list[str]]


def _row(header: str, values: dict[str, str], empty: str = "", before: str = "") -> str:
    names = header.split(",")
    assert values.keys() <= set(names), sorted(set(values) - set(names))
    return ",".join(before + values.get(one, empty) for one in names)


def yuan(minor: int) -> str:
    """Minor units as text with two decimals."""
    return f"{'-' if minor < 0 else ''}{abs(minor) // 100}.{abs(minor) % 100:02d}"


def _sum(amounts: Sequence[int]) -> str:
    return yuan(sum(amounts))


def _trade(made: Company, part: Span, rows: Sequence[Row]) -> Lines:
    body = []
    for row in rows:
        order, back = _order(row), row.kind == "refund"
        fee = -fee_of(-row.amount) if back else fee_of(row.amount)
        values = {
            "交易时间": f"{row.at}", "商户号": WECHAT, "特约商户号": "0", "微信订单号": order.payment,
            "商户订单号": order.known, "交易类型": "JSAPI", "交易状态": "REFUND" if back else "SUCCESS",
            "货币种类": "CNY", "应结订单金额": "0.00" if back else yuan(row.amount), "手续费": yuan(fee) + "000",
            "费率": "0.60%", "订单金额": "0.00" if back else yuan(row.amount), "微信退款单号": "0", "商户退款单号": "0",
            "退款金额": "0.00", "申请退款金额": "0.00",
        }  # fmt: skip
        if back:
            given = yuan(-row.amount)
            values |= {
                "微信退款单号": f"5030{order.payment}",
                "商户退款单号": f"TK{order.known}",
                "退款状态": "SUCCESS",
            }
            values |= {"退款金额": given, "申请退款金额": given, "退款类型": "ORIGINAL"}
        body.append(_row(_TRADE, values, before="`"))
    paid, given = [r.amount for r in rows if r.amount > 0], [-r.amount for r in rows if r.amount < 0]
    fees = [fee_of(amount) for amount in paid] + [-fee_of(amount) for amount in given]
    totals = [str(len(rows)), _sum(paid), _sum(given), "0.00", _sum(fees) + "000", _sum(paid), _sum(given)]
    return [_TRADE], body, [_TRADE_TOTAL, ",".join(f"`{total}" for total in totals)]


_FUND_NAMES = {
    "payment": ("交易", "交易"), "fee": ("交易", "扣除交易手续费"), "refund": ("退款", "退款"),
    "back": ("退款", "退还交易手续费"), "payout": ("充值提现", "充值提现"),
}  # fmt: skip


def _fund(made: Company, part: Span, rows: Sequence[Row]) -> Lines:
    body = []
    for entry in part.entries:
        row = entry.row
        name_of, kind = _FUND_NAMES["back" if row.kind == "fee" and row.number == "back" else row.kind]
        given_back = row.kind == "refund" or row.number == "back"
        order = row.order
        business = row.number if order is None else f"5030{order.payment}" if given_back else order.payment
        voucher = row.number if order is None else f"REF{order.payment}" if given_back else order.known
        values = {
            "记账时间": f"{row.at}", "微信支付业务单号": business,
            "资金流水单号": f"{row.at:%Y%m%d%H%M%S}{entry.place:08d}", "业务名称": name_of, "业务类型": kind,
            "收支类型": "收入" if row.amount > 0 else "支出", "收支金额(元)": yuan(abs(row.amount)),
            "账户结余(元)": yuan(entry.balance), "资金变更提交申请人": "system", "业务凭证号": voucher,
        }  # fmt: skip
        body.append(_row(_FUND, values, before="`"))
    received, spent = [r.amount for r in rows if r.amount > 0], [-r.amount for r in rows if r.amount < 0]
    totals = [str(len(rows)), str(len(received)), _sum(received), str(len(spent)), _sum(spent)]
    return [_FUND], body, [_FUND_TOTAL, ",".join(f"`{total}" for total in totals)]


_CASH_NAMES = {
    "payment": ("交易付款", "交易付款", "0010001|交易收款-交易收款"),
    "fee": ("其它", "基础软件服务费扣款", "0030130|软件服务费-基础软件服务费"),
    "payout": ("提现", "提现", ""),
}


def _cash(made: Company, part: Span, rows: Sequence[Row]) -> Lines:
    body = []
    for entry in part.entries:
        row, order = entry.row, entry.row.order
        kind, note, code = _CASH_NAMES[row.kind]
        known = order.known if order is not None else ""
        values = {
            "账务流水号": f"{10**14 + entry.place}\t", "业务流水号": (order.payment if order else row.number) + "\t",
            "商户订单号": f"T200P{known}\t" if known else "\t", "发生时间": f"{row.at}",
            "收入金额（+元）": yuan(row.amount) if row.amount > 0 else "0.00",
            "支出金额（-元）": yuan(row.amount) if row.amount < 0 else "0.00", "账户余额（元）": yuan(entry.balance),
            "交易渠道": "支付宝\t", "业务类型": kind + "\t", "备注": note, "业务描述": code + "\t",
            "业务账单来源": "淘宝\t", "业务基础订单号": known + "\t", "业务订单号": known + "\t",
        }  # fmt: skip
        body.append(_row(_CASH, values))
    first, after = made.first + part.first * DAY, made.first + (part.last + 1) * DAY
    head = [
        "#支付宝账务明细查询",
        f"#账号：[{ALIPAY}0156]",
        f"#起始日期：[{first:%Y年%m月%d日} 00:00:00]   终止日期：[{after:%Y年%m月%d日} 00:00:00]",
        "#-----------------------------------------账务明细列表----------------------------------------",
        _CASH,
    ]
    paid, received = [r.amount for r in rows if r.amount < 0], [r.amount for r in rows if r.amount > 0]
    foot = [
        "#-----------------------------------------账务明细列表结束------------------------------------",
        f"#支出合计：{len(paid)}笔，共{_sum(paid)}元",
        f"#收入合计：{len(received)}笔，共{_sum(received)}元",
        f"#导出时间：[{after:%Y年%m月%d日} 10:29:41]",
    ]
    return head, body, foot


def _flow(made: Company, part: Span, rows: Sequence[Row]) -> Lines:
    body = []
    for entry in part.entries:
        row, order = entry.row, entry.row.order
        values = {
            "动账时间": f"{row.at}", "动账流水号": f"'{10**17 + entry.place}", "动账金额": yuan(abs(row.amount)),
            "动账方向": "入账" if row.amount > 0 else "出账", "动账账户": "聚合账户",
            "动账场景": "提现" if order is None else "货款结算入账",
        } | dict.fromkeys(
            ("运费实付", "实际平台补贴", "实际达人补贴", "订单退款", "平台服务费", "佣金"), "0.00"
        )  # fmt: skip
        values["订单实付应结"] = "0.00" if order is None else yuan(row.amount)
        if order is not None:
            values |= {"子订单号": f"'{order.known}", "订单号": f"'{order.known}"}
        body.append(_row(_FLOW, values))
    return [_FLOW], body, []


def _gateway(made: Company, part: Span, rows: Sequence[Row]) -> Lines:
    body = []
    for row in rows:
        order, back = _order(row), row.kind == "refund"
        fee = fee_of(-row.amount) if back else -fee_of(row.amount)
        values = {
            "交易时间": f"{row.at}", "交易类型": "退款" if back else "支付", "商户订单号": order.known,
            "交易单号": order.payment, "退款单号": f"TK{order.payment}" if back else "", "金额（元）": yuan(row.amount),
            "手续费（元）": yuan(fee), "净额（元）": yuan(row.amount + fee), "交易状态": "成功",
        }  # fmt: skip
        body.append(_row(_GATEWAY, values))
    first, last = (made.first + day * DAY for day in (part.first, part.last))
    return [f"商户号：{GENERIC}", f"起始日期：{first:%Y-%m-%d},终止日期：{last:%Y-%m-%d}", _GATEWAY], body, []


def _bank(made: Company, part: Span, rows: Sequence[Row]) -> Lines:
    body = []
    for entry in part.entries:
        row, payer = entry.row, PAYERS.get(entry.row.text, "")
        values = {
            "凭证号": str(100_000_001 + entry.place), "本方账号": BANK, "交易时间": f"{row.at}",
            "借/贷": "贷" if row.amount > 0 else "借", "对方单位名称": payer, "余额": yuan(entry.balance),
            "摘要": "汇兑" if payer else "手续费", "用途": row.number or ("提现" if payer else "账户管理费"),
        }  # fmt: skip
        values["贷方发生额" if row.amount > 0 else "借方发生额"] = yuan(abs(row.amount))
        body.append(_row(_BANK, values))
    return ["[HISTORYDETAIL]", _BANK], body, []


_BOOKS: dict[str, Callable[[Company, Span, Sequence[Row]], Lines]] = {
    "trade": _trade, "fund": _fund, "cash": _cash, "flow": _flow, "gateway": _gateway, "bank": _bank,
}  # fmt: skip


def _order(row: Row) -> Order:
    assert row.order is not None
    return row.order


def write_lists(made: Company, folder: Path, *, with_payment: bool) -> None:
    """Write the order lists; the own one with or without the payment numbers."""
    own = [order for order in made.orders if order.line in ("own", "generic")]
    header = _OWN + (",支付流水号" if with_payment else "")
    _list(folder / "orders.csv", header, [_own(order, with_payment=with_payment) for order in own])
    for line, columns, values in (("taobao", _TAOBAO, _taobao), ("douyin", _DOUYIN, _douyin)):
        _list(folder / f"{line}.csv", columns, [values(order) for order in made.orders if order.line == line])


def _list(path: Path, header: str, rows: Sequence[dict[str, str]]) -> None:
    if rows:
        path.write_bytes(
            "".join(f"{line}\n" for line in (header, *(_row(header, row) for row in rows))).encode("utf-8-sig")
        )


def _when(moment: datetime | None) -> str:
    return f"{moment}" if moment is not None else ""


def _own(order: Order, *, with_payment: bool) -> dict[str, str]:
    state = (
        "已退款"
        if order.refund == order.amount
        else "部分退款"
        if order.refund
        else "已完成"
        if order.done
        else "已发货"
    )
    return {
        "订单号": order.number, "店铺": SHOPS[order.line],
        "下单时间": f"{order.paid_at}", "付款时间": f"{order.paid_at}",
        "发货时间": f"{order.paid_at}", "完成时间": _when(order.done), "订单状态": state, "支付方式": "在线支付",
        "订单金额": yuan(order.amount), "实付金额": yuan(order.amount), "退款金额": yuan(order.refund),
        "退款时间": _when(order.refunded_at),
    } | ({"支付流水号": order.payment} if with_payment else {})  # fmt: skip


def _taobao(order: Order) -> dict[str, str]:
    amount = yuan(order.amount)
    return {
        "订单编号": order.number, "买家应付货款": amount, "总金额": amount, "买家实际支付金额": amount,
        "订单状态": "交易成功" if order.done else "卖家已发货，等待买家确认", "订单创建时间": f"{order.paid_at}",
        "订单付款时间": f"{order.paid_at}", "店铺名称": SHOPS["taobao"], "退款金额": "0.00",
        "确认收货时间": _when(order.done), "打款商家金额": amount if order.done else "",
    }  # fmt: skip


def _douyin(order: Order) -> dict[str, str]:
    return {
        "主订单编号": order.number, "子订单编号": order.number, "订单应付金额": yuan(order.amount),
        "平台实际承担优惠金额": "0.00", "达人实际承担优惠金额": "0.00", "订单提交时间": f"{order.paid_at}",
        "支付完成时间": f"{order.paid_at}", "发货时间": f"{order.paid_at}", "订单完成时间": _when(order.done) or "-",
        "订单状态": "已完成" if order.done else "已发货", "售后状态": "-",
    }  # fmt: skip
