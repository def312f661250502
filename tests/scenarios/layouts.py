"""Small files in the layouts that people download, from the few facts of each row.

Each layout is one function from rows to bytes; a row is a dict of cells by the layout's own headers. What a portal
prints itself (totals, balances, preambles) is computed here from the rows; what a test wants wrong it says by name.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

Cells = dict[str, str]

MERCHANT = "1900000109"
ALIPAY = "20883300000000330156"
ICBC = "1202021209900123456"
TENPAY = "财付通支付科技有限公司客户备付金"
ALIPAY_PAYER = "支付宝（中国）网络技术有限公司客户备付金"

WECHAT_TRADE = (
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,"
    "应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,"
    "手续费,费率,订单金额,申请退款金额,费率备注"
).split(",")
WECHAT_TOTALS = {
    "总交易单数": "", "应结订单总金额": "应结订单金额", "退款总金额": "退款金额", "充值券退款总金额": "充值券退款金额",
    "手续费总金额": "手续费", "订单总金额": "订单金额", "申请退款总金额": "申请退款金额",
}  # fmt: skip
WECHAT_FUND = (
    "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,"
    "备注,业务凭证号"
).split(",")
ALIPAY_CASH = (
    "账务流水号,业务流水号,商户订单号,商品名称,发生时间,对方账号,收入金额（+元）,支出金额（-元）,账户余额（元）,交易渠道,"
    "业务类型,备注,业务描述,业务账单来源,业务基础订单号,业务订单号"
).split(",")
ALIPAY_TRADE = (
    "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,"
    "商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,"
    "卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注"
).split(",")
TAOBAO = (
    "订单编号,买家应付货款,买家应付邮费,总金额,买家实际支付金额,订单状态,订单创建时间,订单付款时间 ,宝贝标题 ,店铺名称,"
    "订单关闭原因,退款金额,确认收货时间,打款商家金额"
).split(",")
DOUYIN_ORDERS = (
    "主订单编号,子订单编号,选购商品,商品数量,订单应付金额,运费,优惠总金额,平台优惠,商家优惠,达人优惠,支付优惠,支付方式,"
    "手续费,订单提交时间,订单完成时间,支付完成时间,订单状态,承诺发货时间,售后状态,取消原因,发货时间,平台实际承担优惠金额,"
    "商家实际承担优惠金额,达人实际承担优惠金额"
).split(",")
DOUYIN_FLOW = (
    "动账时间,动帐流水号,动账方向,动账金额,动账账户,动账场景,计费类型,子订单号,订单号,售后编号,下单时间,商品ID,订单类型,"
    "订单实付应结,运费实付,实际平台补贴_运费,实际平台补贴,以旧换新抵扣,政府补贴平台垫资,实际达人补贴,实际抖音支付补贴,"
    "实际抖音月付营销补贴,银行补贴,订单退款,平台服务费,佣金,服务商佣金,渠道分成,招商服务费,站外推广费,其他分成,是否免佣,"
    "免佣金额,备注"
).split(",")
BANK = "交易日期,交易时间,流水号,收入金额,支出金额,账户余额,对方户名,摘要,附言".split(",")
ICBC_HEADER = (
    "凭证号,本方账号,对方账号,交易时间,借/贷,借方发生额,贷方发生额,对方行号,摘要,用途,对方单位名称,余额,个性化信息"
).split(",")


def total(rows: Sequence[Cells], column: str) -> Decimal:
    """Exact sum of a column; an empty cell is none."""
    return sum((Decimal(row[column] or 0) for row in rows), Decimal("0.00"))


def listed(*rows: Cells, preamble: str = "") -> bytes:
    """A csv of any layout: the headers of all rows in their order, UTF-8 with BOM as Excel saves it."""
    headers = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, headers, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return ("\ufeff" + preamble + text.getvalue()).encode()


def order(number: str, amount: str, paid: str, state: str = "已完成", **more: str) -> Cells:
    """A row of a shop's own order list (`generic.orders`); `more` by header."""
    return {"订单号": number, "付款时间": paid, "订单状态": state, "实付金额": amount, **more}


def wechat_paid(number: str, amount: str, at: str, fee: str, **more: str) -> Cells:
    """A payment of the WeChat trade bill; its transaction number is made of the day and the order's number."""
    row = dict.fromkeys(WECHAT_TRADE, "") | {
        "交易时间": at, "公众账号ID": "wx8f3d1c2b7a6e5d40", "商户号": MERCHANT, "特约商户号": "0",
        "微信订单号": wechat_number(number, at), "商户订单号": number, "用户标识": "oUpF8uexample", "交易类型": "JSAPI",
        "交易状态": "SUCCESS", "付款银行": "OTHERS", "货币种类": "CNY", "应结订单金额": amount, "代金券金额": "0.00",
        "微信退款单号": "0", "商户退款单号": "0", "退款金额": "0.00", "充值券退款金额": "0.00", "商品名称": "商城订单",
        "手续费": f"{fee}000", "费率": "0.60%", "订单金额": amount, "申请退款金额": "0.00",
    }  # fmt: skip
    return row | more


def wechat_refunded(number: str, amount: str, at: str, fee: str, case: str, paid: str, **more: str) -> Cells:
    """A refund of the WeChat trade bill: positive, with the fee that comes back; `paid` is the payment's moment."""
    return wechat_paid(number, "0.00", at, "0.00") | {
        "微信订单号": wechat_number(number, paid), "交易状态": "REFUND", "微信退款单号": f"503027099920{case:0>16}",
        "商户退款单号": case, "退款金额": amount, "退款类型": "ORIGINAL", "退款状态": "SUCCESS",
        "手续费": f"-{fee}000", "申请退款金额": amount,
    } | more  # fmt: skip


def wechat_number(number: str, at: str) -> str:
    """A WeChat transaction number: 28 digits, the day within, the rest from the order's number."""
    digits = "".join(str(ord(sign) % 10) for sign in number)
    return f"4200002360{at[:10].replace('-', '')}{digits:0>10}"[:28]


def wechat_trade(*rows: Cells, header: Sequence[str] = WECHAT_TRADE, **footer: str) -> bytes:
    """The WeChat trade bill (交易账单 ALL): a back-tick before each cell, totals at its end, UTF-8 with BOM.

    `header` may bring the columns into another order; `footer` replaces single totals by name.
    """
    totals = {
        name: str(total(rows, column) if column else len(rows)) for name, column in WECHAT_TOTALS.items()
    } | footer  # fmt: skip
    lines = [",".join(header), *(_ticked(row[name] for name in header) for row in rows)]
    lines += [",".join(totals), _ticked(totals.values()), ""]
    return ("\ufeff" + "\r\n".join(lines)).encode()


def wechat_withdrawn(amount: str, at: str, number: str) -> Cells:
    """A withdrawal of the fund bill; a negative amount is one that came back."""
    back = amount.startswith("-")
    return dict.fromkeys(WECHAT_FUND, "") | {
        "记账时间": at, "微信支付业务单号": number, "业务名称": "充值提现", "业务类型": "充值提现",
        "收支类型": "收入" if back else "支出", "收支金额(元)": amount.removeprefix("-"),
        "资金变更提交申请人": "system", "备注": "提现退票" if back else "", "业务凭证号": number,
    }  # fmt: skip


def wechat_fund(*rows: Cells, opening: str) -> bytes:
    """The WeChat fund bill (资金账单) with its running balance and totals."""
    balance, lines = Decimal(opening), [",".join(WECHAT_FUND)]
    for place, row in enumerate(rows, start=1):
        balance += Decimal(row["收支金额(元)"]) * (1 if row["收支类型"] == "收入" else -1)
        line = f"{row['记账时间'][:10].replace('-', '')}1000{place:010}"
        lines.append(_ticked((row | {"资金流水单号": line, "账户结余(元)": f"{balance:.2f}"}).values()))
    sides = [[row for row in rows if row["收支类型"] == side] for side in ("收入", "支出")]
    ended = [str(len(rows))]
    for side in sides:
        ended += [str(len(side)), str(total(side, "收支金额(元)"))]
    lines += ["资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额", _ticked(ended), ""]
    return ("\ufeff" + "\r\n".join(lines)).encode()


def _ticked(cells: Iterable[str]) -> str:
    return "`" + ",`".join(cells)


def alipay_moved(amount: str, at: str, kind: str, number: str, **more: str) -> Cells:
    """A row of the Alipay account detail; `kind` is its 业务类型, `number` its 业务流水号."""
    out = amount.startswith("-")
    return dict.fromkeys(ALIPAY_CASH, "") | {
        "业务流水号": number, "发生时间": at, "收入金额（+元）": "0.00" if out else amount,
        "支出金额（-元）": amount if out else "0.00", "交易渠道": "支付宝", "业务类型": kind,
    } | more  # fmt: skip


def taobao_paid(number: str, amount: str, at: str, kind: str = "0010001|交易收款-交易收款", **more: str) -> Cells:
    """A row of the account detail of a Taobao shop; the business code tells what it is."""
    told = {"业务描述": kind, "商户订单号": f"T200P{number}", "业务基础订单号": number, "业务账单来源": "淘宝"}
    trade = f"{at[:10].replace('-', '')}22001100{number[-12:]}"
    return alipay_moved(amount, at, "交易付款" if kind.startswith("0010001") else "其它", trade, **(told | more))


def alipay_cash(*rows: Cells, first: str, until: str, opening: str = "1000.00", account: str = ALIPAY) -> bytes:
    """The Alipay account detail (账务明细) of first 00:00 until `until` 00:00, GB18030, with its totals."""
    balance, cells = Decimal(opening), []
    for place, row in enumerate(rows, start=1):
        balance += Decimal(row["收入金额（+元）"]) + Decimal(row["支出金额（-元）"])
        cells.append(
            row
            | {
                "账务流水号": f"{row['发生时间'][:7].replace('-', '')}{place:09}",
                "账户余额（元）": f"{balance:.2f}",
            }
        )
    money_out = [row for row in cells if Decimal(row["支出金额（-元）"])]
    footer = [
        f"#支出合计：{len(money_out)}笔，共{total(money_out, '支出金额（-元）')}元",
        f"#收入合计：{len(cells) - len(money_out)}笔，共{total(cells, '收入金额（+元）')}元",
    ]
    return _alipay("账务明细", ALIPAY_CASH, cells, footer, (first, until, account))


def alipay_sold(number: str, amount: str, at: str, fee: str = "0.00", case: str = "", **more: str) -> Cells:
    """A row of the Alipay trade bill; a negative amount is a refund with its request number."""
    trade = f"{at[:10].replace('-', '')}22001100{int.from_bytes(number.encode()) % 10**12:012}"
    return dict.fromkeys(ALIPAY_TRADE, "0.00") | {
        "支付宝交易号": trade, "商户订单号": number, "业务类型": "退款" if case else "交易", "商品名称": "陶瓷杯",
        "创建时间": at, "完成时间": at, "门店编号": "", "门店名称": "", "操作员": "", "终端号": "", "对方账户": "买***",
        "券名称": "", "退款批次号/请求号": case, "备注": "", "订单金额（元）": amount, "商家实收（元）": amount,
        "服务费（元）": fee,
    } | more  # fmt: skip


def alipay_trade(*rows: Cells, first: str, until: str, account: str = ALIPAY) -> bytes:
    """The Alipay trade bill (业务明细) of first 00:00 until `until` 00:00, GB18030, with its totals."""
    footer = []
    for kind, words in (("交易", "商家实收共"), ("退款", "商家实收退款共")):
        mine = [row for row in rows if row["业务类型"] == kind]
        footer.append(f"#{kind}合计：{len(mine)}笔，{words}{total(mine, '商家实收（元）')}元，商家优惠共0.00元")
    return _alipay("业务明细", ALIPAY_TRADE, rows, footer, (first, until, account))


def _alipay(
    title: str, header: Sequence[str], rows: Sequence[Cells], footer: Sequence[str], told: tuple[str, str, str]
) -> bytes:
    first, until, account = told
    days = [f"[{day[:4]}年{day[5:7]}月{day[8:]}日 00:00:00]" for day in (first, until)]
    lines = [f"#支付宝{title}查询", f"#账号：[{account}]", f"#起始日期：{days[0]}   终止日期：{days[1]}"]
    lines += [f"#-----------{title}列表-----------", ",".join(header)]
    lines += [",".join(row[name] + ("\t" if name in _TABBED else "") for name in header) for row in rows]
    lines += [f"#-----------{title}列表结束-----------", *footer, "#导出时间：[2027年02月06日 09:12:33]", ""]
    return "\r\n".join(lines).encode("gb18030")


_TABBED = {
    "账务流水号",
    "业务流水号",
    "商户订单号",
    "交易渠道",
    "业务类型",
    "业务描述",
    "业务基础订单号",
    "支付宝交易号",
}


def taobao(number: str, amount: str, paid: str, received: str = "", **more: str) -> Cells:
    """An order of the Taobao and Tmall report: received, its money released in full; `more` by header."""
    return dict.fromkeys(TAOBAO, "") | {
        "订单编号": f'="{number}"', "买家应付货款": amount, "买家应付邮费": "0.00", "总金额": amount,
        "买家实际支付金额": amount, "订单状态": "交易成功" if received else "卖家已发货,等待买家确认",
        "订单创建时间": paid, "订单付款时间 ": paid, "宝贝标题 ": "纯棉四件套", "店铺名称": "云杉家居旗舰店",
        "订单关闭原因": "订单未关闭", "退款金额": "0.00", "确认收货时间": received,
        "打款商家金额": amount if received else "",
    } | more  # fmt: skip


def taobao_orders(*rows: Cells) -> bytes:
    """The Taobao order report: GBK, numbers as ="..." texts, newest order first."""
    lines = [",".join(TAOBAO), *(_quoted(row[name] for name in TAOBAO) for row in reversed(rows)), ""]
    return "\r\n".join(lines).encode("gbk")


def _quoted(cells: Iterable[str]) -> str:
    return ",".join(f'"{cell}"' if "," in cell else cell for cell in cells)


def douyin(number: str, amount: str, paid: str, completed: str, **more: str) -> Cells:
    """A completed sub-order of a Douyin shop; `more` by header."""
    money = [name for name in DOUYIN_ORDERS if name.endswith(("优惠", "金额", "费"))]
    return dict.fromkeys(DOUYIN_ORDERS, "-") | dict.fromkeys(money, "0.00") | {
        "主订单编号": number, "子订单编号": number, "选购商品": "冻干咖啡", "商品数量": "1", "订单应付金额": amount,
        "支付方式": "抖音支付", "订单提交时间": paid, "订单完成时间": completed, "支付完成时间": paid,
        "订单状态": "已完成", "承诺发货时间": paid,
    } | more  # fmt: skip


def douyin_orders(*rows: Cells) -> bytes:
    """The order list of a Douyin shop."""
    return listed(*(dict.fromkeys(DOUYIN_ORDERS, "") | row for row in rows))


def douyin_settled(number: str, at: str, **parts: str) -> Cells:
    """Goods money of a sub-order; `parts` by header, the moved amount is their sum."""
    money = DOUYIN_FLOW[DOUYIN_FLOW.index("订单实付应结") : DOUYIN_FLOW.index("是否免佣")]
    moved = sum((Decimal(cell) for cell in parts.values()), Decimal("0.00"))
    return dict.fromkeys(DOUYIN_FLOW, "") | dict.fromkeys(money, "0.00") | {
        "动账时间": at, "动帐流水号": f"'{at[:10].replace('-', '')}{number[-10:]}", "动账方向": "入账",
        "动账金额": f"{moved:.2f}", "动账账户": "聚合账户", "动账场景": "货款结算入账", "子订单号": f"'{number}",
        "订单号": f"'{number}", "订单类型": "普通订单", "是否免佣": "否",
    } | parts  # fmt: skip


def douyin_flow(*rows: Cells) -> bytes:
    """The settlement entries (动账明细) of a Douyin shop."""
    return listed(*rows)


def bank_row(amount: str, at: str, payer: str = "", memo: str = "", purpose: str = "") -> Cells:
    """A line of a bank statement; money in is positive."""
    day, time = at.split(" ")
    out = amount.startswith("-")
    return dict.fromkeys(BANK, "") | {
        "交易日期": day, "交易时间": time, "收入金额": "" if out else amount,
        "支出金额": amount.removeprefix("-") if out else "", "对方户名": payer, "摘要": purpose, "附言": memo,
    }  # fmt: skip


def bank(*rows: Cells, opening: str = "10000.00", edges: tuple[str, str] | None = None) -> bytes:
    """A bank statement of no known layout (`generic.bank`) with a running balance.

    edges: first and last day, on which the bank charges a fee of its own, so that the statement covers them.
    """
    lines = sorted([*rows, *(bank_fee(day) for day in edges or ())], key=lambda row: (row["交易日期"], row["交易时间"]))
    balance, cells = Decimal(opening), []
    for place, row in enumerate(lines, start=1):
        balance += Decimal(row["收入金额"] or 0) - Decimal(row["支出金额"] or 0)
        cells.append(row | {"流水号": f"B{place:04}", "账户余额": f"{balance:.2f}"})
    return listed(*cells)


def bank_fee(day: str) -> Cells:
    """What a bank takes for the account: known by its text, nobody looks for it."""
    return bank_row("-1.00", f"{day} 23:50:00", memo="账户管理费", purpose="手续费")


def icbc(*rows: Cells, balances: Sequence[str]) -> bytes:
    """The classic ICBC export, newest row first, with the balances that the test says (oldest first)."""
    lines = ["[HISTORYDETAIL]", ",".join(ICBC_HEADER)]
    for place, (row, balance) in reversed(list(enumerate(zip(rows, balances, strict=True), start=1))):
        side = "借" if row["支出金额"] else "贷"
        cells = [
            f"{100000000 + place}", ICBC, "", f"{row['交易日期']} {row['交易时间']}", side, row["支出金额"],
            row["收入金额"], "", row["摘要"], row["附言"], row["对方户名"], balance, "",
        ]  # fmt: skip
        lines.append(",".join(cells))
    return "\r\n".join([*lines, ""]).encode("gb18030")
