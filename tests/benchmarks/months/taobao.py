"""A Taobao shop: the money comes when the receipt is confirmed, with commission and base fee on rows of their own.

The orders are those of an own shop, whose `paid_at` is here the moment of the confirmed receipt; bought days before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from tests.benchmarks.months import own_shop
from tests.benchmarks.months.dice import DAY, HOUR, clock, compact, day_text, share, yuan
from tests.benchmarks.months.plan import Move, Order, Shop, World
from tests.benchmarks.months.writers import ALIPAY

_LIST = (
    "订单编号,买家应付货款,买家应付邮费,总金额,买家实际支付金额,订单状态,订单创建时间,订单付款时间 ,宝贝标题 ,店铺名称,"
    "订单关闭原因,退款金额,确认收货时间,打款商家金额"
)
_CODES = {
    "payment": ("交易付款", "0010001|交易收款-交易收款"), "refund": ("交易退款", "0020001|交易退款-余额退款"),
    "commission": ("其它", "0030003|软件服务费-类目软件服务费（原天猫佣金）"),
    "service": ("其它", "0030130|软件服务费-基础软件服务费"),
}  # fmt: skip
BEFORE = 5 * DAY
"""From buying to the receipt."""


def plain(world: World, order: Order) -> None:
    """Received and released in full."""
    own_shop.pay(world, order)


def given_back(_world: World, order: Order) -> None:
    """Refunded before the receipt: no money."""
    order.state, order.refund = "closed", order.paid


def cut_before(world: World, order: Order) -> None:
    """A part was refunded before the receipt: less is released."""
    order.refund = order.paid * 2 // 5
    order.released = order.paid - order.refund
    own_shop.pay(world, order, order.released)


def back_after(world: World, order: Order) -> None:
    """A part is refunded within two days of the receipt, in the same month."""
    payment = own_shop.pay(world, order)
    at = payment.at + world.dice.between(0, 2) * DAY + HOUR
    if at < world.month.end and world.month.same_side(payment.at, at):
        own_shop.give_back(world, order, payment, order.paid * 3 // 10, at)


EVERYDAY = (
    (back_after, 60), (given_back, 30), (cut_before, 30), (own_shop.not_paid, 30), (own_shop.cancelled, 30),
)  # fmt: skip


def everyday(world: World, shop: Shop, orders: int, plants: list[Callable[[World, Order], None]]) -> None:
    """Let the orders of the shop happen; the list prints no payment number, and each payment costs 5 % too."""
    noted = len(world.truth)
    own_shop.everyday(world, shop, orders, plants, EVERYDAY, plain)
    for order in world.orders[shop.key]:
        order.payment = ""
    for move in world.moves[shop.wallets[0].key]:
        if move.kind == "payment":
            move.commission = -share(move.amount, 5, 100)
    for found in world.truth[noted:]:
        if found.code != "fee_mismatch":
            found.owned = None


def write_orders(path: Path, orders: Sequence[Order]) -> None:
    """Write the report, newest order first."""
    lines = [_LIST]
    for o in sorted((o for o in orders if o.listed), key=lambda o: -o.created):
        bought = o.state != "unpaid" and not (o.state == "closed" and not o.refund)
        state = {"unpaid": "等待买家付款", "closed": "交易关闭"}.get(o.state, "交易成功")
        released = o.released if o.released >= 0 else o.paid
        cells = [f'="{o.number}"', yuan(o.amount), "0.00", yuan(o.amount), yuan(o.paid) if bought else "0.00", state]
        cells += [clock(o.created - BEFORE), clock(o.paid_at - BEFORE) if bought else "", "纯棉四件套", o.shop.name]
        cells += ["订单未关闭" if not o.state else "退款" if o.refund else "买家未及时付款", yuan(o.refund)]
        cells += ["", "0.00" if o.state == "closed" else ""] if o.state else [clock(o.paid_at), yuan(released)]
        lines.append(",".join(cells))
    path.write_bytes("".join(f"{line}\r\n" for line in lines).encode("gbk"))


def write_account(path: Path, account: str, moves: Sequence[Move], days: tuple[int, int], opening: int) -> int:
    """Write the account's 账务明细 with its stated days; returns the balance after it."""
    rows: list[tuple[Move, str, int]] = []
    for m in moves:
        parts = [(m.kind, m.amount), ("commission", m.commission), ("service", m.fee)]
        rows += [(m, kind, amount) for kind, amount in parts if amount]
    first, last = (f"{d[:4]}年{d[5:7]}月{d[8:]}日 00:00:00" for d in (day_text(days[0]), day_text(days[1] + 1)))
    lines = ["#支付宝账务明细查询", f"#账号：[{account}0156]", f"#起始日期：[{first}]   终止日期：[{last}]"]
    lines += ["#-----------------------------------------账务明细列表----------------------------------------", ALIPAY]
    balance = opening
    for place, (m, kind, amount) in enumerate(rows):
        balance += amount
        income, spent = (yuan(amount), "0.00") if amount > 0 else ("0.00", yuan(amount))
        name, code = _CODES[kind]
        cells = [f"{compact(m.at // DAY)}{place:09d}\t", f"{m.payment}\t", f"T200P{m.order}\t", "", clock(m.at), "\t"]
        cells += [income, spent, yuan(balance), "支付宝\t", f"{name}\t", "", f"{code}\t", "淘宝\t", f"{m.order}\t"]
        lines.append(",".join([*cells, f"{m.order}\t"]))
    plus, minus = [r[2] for r in rows if r[2] > 0], [r[2] for r in rows if r[2] < 0]
    lines.append("#-----------------------------------------账务明细列表结束------------------------------------")
    lines += [f"#支出合计：{len(minus)}笔，共{yuan(sum(minus))}元", f"#收入合计：{len(plus)}笔，共{yuan(sum(plus))}元"]
    lines.append(f"#导出时间：[{last.replace('00:00:00', '10:29:41')}]")
    path.write_bytes("".join(f"{line}\r\n" for line in lines).encode("gb18030"))
    return balance
