"""The files: an own shop's list, WeChat's two bills, a gateway without a layout of its own, bank statements.

Layouts as the parties give them; what no reader needs stands there with plain values.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.benchmarks.months.dice import DAY, clock, compact, day_text, yuan
from tests.benchmarks.months.plan import Move, Order

_LIST = (
    "订单号,店铺,下单时间,付款时间,发货时间,完成时间,订单状态,订单金额,实付金额,退款金额,退款时间,支付方式,支付流水号"
)
_ENGLISH_LIST = (
    "Order Number,Shop,Ordered At,Paid At,Shipped At,Completed At,Order Status,Order Total,Amount Paid,Refund Amount,"
    "Refunded At,Payment Method,Payment ID,Currency"
)
_STATES = {
    "unpaid": ("待付款", "unpaid"), "closed": ("已关闭", "closed"), "back": ("已退款", "refunded"),
    "part": ("部分退款", "partially refunded"), "done": ("已完成", "completed"), "sent": ("已发货", "shipped"),
    "paid": ("待发货", "paid"),
}  # fmt: skip
_TRADE = (
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,"
    "微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,"
    "订单金额,申请退款金额,费率备注"
)
_TRADE_TOTAL = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"
_FUND = (
    "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,"
    "业务凭证号"
)
_FUND_TOTAL = "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额"
_GATEWAY = "交易时间,交易类型,交易状态,交易金额,手续费,结算金额,商户订单号,交易号,退款单号,结算批次号,商户号"
_ENGLISH_GATEWAY = (
    "Created,Type,Status,Amount,Fee,Net,Currency,Order,Payment ID,Refund ID,Payout ID,Account,Description"
)
_KINDS = {
    "payment": ("支付", "charge"), "failed": ("支付", "charge"), "refund": ("退款", "refund"),
    "payout": ("提现", "payout"), "dispute": ("拒付", "dispute"),
}  # fmt: skip
ALIPAY = (
    "账务流水号,业务流水号,商户订单号,商品名称,发生时间,对方账号,收入金额（+元）,支出金额（-元）,账户余额（元）,交易渠道,业务类型,备注,"
    "业务描述,业务账单来源,业务基础订单号,业务订单号"
)
_BANK = "交易日期,交易时间,收入金额,支出金额,账户余额,对方户名,对方账号,摘要,附言,业务参考号,账号"
_ENGLISH_BANK = "Date,Description,Reference,Debit,Credit,Balance,Currency,Account Number"
_ICBC = "凭证号,本方账号,对方账号,交易时间,借/贷,借方发生额,贷方发生额,对方行号,摘要,用途,对方单位名称,余额,个性化信息"


def _write(path: Path, lines: Iterable[str], encoding: str = "utf-8-sig", end: str = "\r\n") -> None:
    path.write_bytes("".join(f"{line}{end}" for line in lines).encode(encoding))


def _state(order: Order) -> str:
    if order.state:
        return order.state
    if order.refund:
        return "back" if order.refund >= order.paid else "part"
    return "done" if order.done else "sent" if order.shipped else "paid"


def write_list(path: Path, orders: Iterable[Order], *, english: bool = False, shop_named: bool = True) -> None:
    """Write the list of one or more own shops."""
    lines = [_ENGLISH_LIST if english else _LIST]
    for order in sorted((o for o in orders if o.listed), key=lambda o: (o.created, o.number)):
        bought = bool(order.payment or order.method)
        cells = [order.number, order.shop.name if shop_named else "", clock(order.created)]
        cells += [clock(order.paid_at) if bought else "", clock(order.shipped), clock(order.done)]
        cells += [_STATES[_state(order)][english], yuan(order.amount), yuan(order.paid) if bought else "0.00"]
        cells += [yuan(order.refund), clock(order.refund_at), order.method, order.payment]
        lines.append(",".join(cells + ([order.shop.currency] if english else [])))
    _write(path, lines, end="\n")


def write_trade_bill(path: Path, moves: Sequence[Move], *, footer: Sequence[Move] = (), edited: int = 0) -> None:
    """Write a trade bill. footer: the rows its totals are of, where not its own; edited: added to the first sum."""
    lines = [_TRADE]
    for m in moves:
        refund = m.kind == "refund"
        paid, given = ("0.00", yuan(-m.amount)) if refund else (yuan(m.amount), "0.00")
        cells = [clock(m.at), "wx8f3d1c2b7a6e5d40", m.wallet.account, "0", "", m.payment, m.order]
        cells += ["oUpF8u0001", "JSAPI", "REFUND" if refund else "SUCCESS", "OTHERS", "CNY", paid, "0.00"]
        cells += [f"50302709992{m.refund[2:].replace('-', '')}" if refund else "0", m.refund if refund else "0"]
        cells += [given, "0.00", "ORIGINAL" if refund else "", "SUCCESS" if refund else "", "商城订单", ""]
        cells += [yuan(-m.fee) + "000", "0.60%", paid, given, ""]
        lines.append(",".join(f"`{cell}" for cell in cells))
    whole = footer or moves
    income, back = sum(m.amount for m in whole if m.amount > 0), -sum(m.amount for m in whole if m.amount < 0)
    fee = yuan(-sum(m.fee for m in whole)) + "000"
    totals = [str(len(whole)), yuan(income + edited), yuan(back), "0.00", fee, yuan(income + edited), yuan(back)]
    _write(path, [*lines, _TRADE_TOTAL, ",".join(f"`{cell}" for cell in totals)])


def write_fund_bill(path: Path, moves: Sequence[Move], opening: int) -> int:
    """Write a fund bill; returns the balance after it."""
    rows: list[tuple[Move, str, str, int, str, str]] = []
    for m in moves:
        amount = m.amount if m.cash_amount is None else m.cash_amount
        fee = m.fee if m.cash_fee is None else m.cash_fee
        if m.kind == "payout":
            rows.append((m, "充值提现", "充值提现", amount, m.batch, m.batch))
            continue
        refund = m.kind == "refund"
        number = f"50302709992{m.refund[2:].replace('-', '')}" if refund else m.payment
        voucher = f"REF{m.payment}" if refund else m.order
        name = "退款" if refund else "交易"
        rows.append((m, name, name, amount, number, voucher))
        if fee:
            rows.append((m, name, "退还交易手续费" if refund else "扣除交易手续费", fee, number, voucher))
    lines, balance = [_FUND], opening
    for place, (m, name, kind, amount, number, voucher) in enumerate(rows):
        balance += amount
        serial = f"{clock(m.at).replace('-', '').replace(':', '').replace(' ', '')}{place:08d}"
        cells = [clock(m.at), number, serial, name, kind, "收入" if amount > 0 else "支出", yuan(abs(amount))]
        lines.append(",".join(f"`{cell}" for cell in [*cells, yuan(balance), "system", "", voucher]))
    income = [row[3] for row in rows if row[3] > 0]
    spent = [-row[3] for row in rows if row[3] <= 0]
    totals = [str(len(rows)), str(len(income)), yuan(sum(income)), str(len(spent)), yuan(sum(spent))]
    _write(path, [*lines, _FUND_TOTAL, ",".join(f"`{cell}" for cell in totals)])
    return balance


def write_gateway(path: Path, moves: Sequence[Move], *, english: bool = False) -> None:
    """Write the rows of a gateway without a layout of its own."""
    lines = [_ENGLISH_GATEWAY if english else _GATEWAY]
    for m in moves:
        kind = _KINDS[m.kind][english] + (("退回", " reversal")[english] if m.back else "")
        state = (("失败", "failed") if m.kind == "failed" else ("成功", "succeeded"))[english]
        net = m.sum() if m.net is None else m.net
        cells = [clock(m.at), kind, state, yuan(m.amount), yuan(-m.fee), yuan(net)]
        refs = [m.order, m.payment, m.refund, m.batch, m.wallet.account]
        cells += ["USD", *refs, m.memo] if english else refs
        lines.append(",".join(cells))
    _write(path, lines, end="\n")


def write_alipay(
    path: Path, account: str, moves: Sequence[Move], days: tuple[int, int], opening: int, edited: int = 0
) -> int:
    """Write the 账务明细 of an own shop; returns the balance. days: stated; edited: added to its printed income."""
    rows: list[tuple[Move, str, int]] = []
    for m in moves:
        rows.append((m, {"payment": "在线支付", "refund": "交易退款", "payout": "提现"}[m.kind], m.amount))
        if m.fee:
            rows.append((m, "收费", m.fee))
    first, last = (f"{d[:4]}年{d[5:7]}月{d[8:]}日 00:00:00" for d in (day_text(days[0]), day_text(days[1] + 1)))
    lines = ["#支付宝账务明细查询", f"#账号：[{account}0156]", f"#起始日期：[{first}]   终止日期：[{last}]"]
    lines += ["#-----------------------------------------账务明细列表----------------------------------------", ALIPAY]
    balance = opening
    for place, (m, kind, amount) in enumerate(rows):
        balance += amount
        income, spent = (yuan(amount), "0.00") if amount > 0 else ("0.00", yuan(amount))
        cells = [f"{compact(m.at // DAY)}{place:09d}\t", f"{m.payment}\t", f"{m.order}\t", "", clock(m.at), "\t"]
        cells += [income, spent, yuan(balance), "支付宝\t", f"{kind}\t", "", "\t", "\t", "\t", "\t"]
        lines.append(",".join(cells))
    plus, minus = [r[2] for r in rows if r[2] > 0], [r[2] for r in rows if r[2] <= 0]
    lines.append("#-----------------------------------------账务明细列表结束------------------------------------")
    lines += [
        f"#支出合计：{len(minus)}笔，共{yuan(sum(minus))}元",
        f"#收入合计：{len(plus)}笔，共{yuan(sum(plus) + edited)}元",
    ]
    lines.append(f"#导出时间：[{last.replace('00:00:00', '10:29:41')}]")
    _write(path, lines, encoding="gb18030")
    return balance


BankRow = tuple[int, int, str, str, str, str]
"""Moment, amount (+ is money in), counterparty, summary, remark, reference."""


def write_bank(path: Path, account: str, rows: Iterable[BankRow], opening: int, *, english: bool = False) -> int:
    """Write a bank's statement without a layout of its own; returns the balance after it."""
    lines, balance = [_ENGLISH_BANK if english else _BANK], opening
    for at, amount, party, summary, remark, reference in sorted(rows):
        balance += amount
        income, spent = (yuan(amount), "") if amount > 0 else ("", yuan(-amount))
        if english:
            cells = [day_text(at // DAY), f"{party} {summary}".strip(), reference, spent, income, yuan(balance), "USD"]
            lines.append(",".join([*cells, account]))
        else:
            cells = [
                *clock(at).split(" "),
                income,
                spent,
                yuan(balance),
                party,
                "",
                summary,
                remark,
                reference,
                account,
            ]
            lines.append(",".join(cells))
    _write(path, lines, end="\n")
    return balance


def write_icbc(
    path: Path, account: str, rows: Iterable[BankRow], opening: int, faults: dict[int, int] | None = None
) -> int:
    """Write a corporate statement of ICBC, newest row first. faults: by place, added to that row's printed balance."""
    lines, balance = [], opening
    for place, (at, amount, party, summary, remark, _) in enumerate(sorted(rows)):
        balance += amount
        debit, credit = ("", yuan(amount)) if amount > 0 else (yuan(-amount), "")
        printed = balance + (faults or {}).get(place, 0)
        cells = [str(100_000_001 + place), account, "", clock(at), "贷" if amount > 0 else "借", debit, credit, ""]
        lines.append(",".join([*cells, summary, remark, party, yuan(printed), ""]))
    _write(path, ["[HISTORYDETAIL]", _ICBC, *reversed(lines)], encoding="gb18030")
    return balance
