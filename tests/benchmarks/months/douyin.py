"""A Douyin shop: sub-orders settled days after completion, in one row each with subsidies and a commission of 5 %."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.months.dice import DAY, HOUR, clock, share, yuan
from tests.benchmarks.months.plan import FILE, Move, Order, Shop, World

_ORDERS = (
    "主订单编号,子订单编号,选购商品,商品规格,商品数量,商品ID,商家编码,商品单价,订单应付金额,运费,优惠总金额,平台优惠,商家优惠,达人优惠,"
    "商家改价,支付优惠,红包抵扣,支付方式,手续费,订单提交时间,订单完成时间,支付完成时间,APP渠道,订单状态,订单类型,售后状态,取消原因,"
    "发货时间,平台实际承担优惠金额,商家实际承担优惠金额,达人实际承担优惠金额"
)
_MOVES = (
    "动账时间,动帐流水号,动账方向,动账金额,动账账户,动账场景,计费类型,子订单号,订单号,售后编号,下单时间,商品ID,商品名称,达人ID,达人名称,"
    "订单类型,订单实付应结,运费实付,实际平台补贴_运费,实际平台补贴,其他平台补贴,以旧换新抵扣,政府补贴平台垫资,实际达人补贴,实际抖音支付补贴,"
    "实际抖音月付营销补贴,银行补贴,订单退款,平台服务费,佣金,服务商佣金,渠道分成,招商服务费,站外推广费,其他分成,是否免佣,免佣金额,"
    "商户主体名称,备注"
)
_SCENES = {"payment": "货款结算入账", "refund": "退款-结算后退款-退用户", "payout": "提现"}


def _settle(world: World, order: Order, off: int = 0, subsidy_off: int = 0, later: int = 0) -> Move:
    """The row that settles the sub-order, five days after it was completed if not later."""
    wallet = order.shop.wallets[0]
    at = (order.done // DAY + 5) * DAY + 10 * HOUR + world.dice.between(0, 6 * HOUR) + later
    paid, platform = order.paid + off, order.platform - subsidy_off
    serial = f"{202_600_000_000_000_000 + world.number() * 13}"
    fee = -share(paid + platform + order.influencer, 5, 100)
    move = Move(wallet, "payment", at, paid, fee, order.number, serial, sub=order.sub, line=serial)
    move.platform, move.influencer = platform, order.influencer
    return world.add(move)


def _refund(world: World, order: Order, amount: int, at: int, case: str) -> Move:
    serial = f"{202_600_000_000_000_000 + world.number() * 13}"
    refs = (order.number, serial, case)
    return world.add(Move(order.shop.wallets[0], "refund", at, -amount, 0, *refs, sub=order.sub, line=serial))


def _case(world: World) -> str:
    return f"{145_000_000_000_000_000 + world.number() * 7}"


def plain(world: World, order: Order) -> None:
    """Completed and settled, or not yet either."""
    if order.done > world.month.end:
        order.done = 0
        if order.shipped > world.month.end:
            order.shipped = 0
        return
    if (order.done // DAY + 6) * DAY <= world.month.end:
        move = _settle(world, order)
        if not world.month.same_side(order.done, move.at):
            order.platform = order.influencer = move.platform = move.influencer = 0
            move.fee = -share(move.amount, 5, 100)


def subsidised(world: World, order: Order) -> None:
    """Platform and influencer bear a part."""
    order.platform, order.influencer = world.dice.pick(((500, 0), (0, 300), (1_000, 300)))
    plain(world, order)


def refunded_before(_world: World, order: Order) -> None:
    """Given back before it was completed: no money."""
    order.state, order.after, order.done, order.shipped = "closed", "退款成功", 0, 0


def not_paid(_world: World, order: Order) -> None:
    """Never paid."""
    order.state, order.done, order.shipped = "unpaid", 0, 0


def cancelled(_world: World, order: Order) -> None:
    """Cancelled before it was paid."""
    order.state, order.done, order.shipped = "closed", 0, 0


def missing(world: World, order: Order) -> None:
    """Completed, never settled; its subsidy goes along."""
    order.platform = world.dice.pick((0, 500))
    found = ("missing_payment", "douyin_missing", (order.paid, 0), [order])
    world.finds(*found, owned=1 + (order.platform > 0))


def less(world: World, order: Order) -> None:
    """Settled too low."""
    move = _settle(world, order, off=-1_234)
    world.finds("amount_mismatch", "douyin_less", (order.paid, move.amount), [order], [move], owned=3)


def twice(world: World, order: Order) -> None:
    """Settled twice with its subsidy."""
    order.platform = 500
    moves = [_settle(world, order), _settle(world, order)]
    moves[1].at = moves[0].at + 3 * HOUR
    world.finds("duplicate_payment", "douyin_twice", (order.paid, 2 * order.paid), [order], moves, cause="", owned=8)


def closed_paid(world: World, order: Order) -> None:
    """Closed without an after-sale, and settled."""
    move = _settle(world, order)
    cancelled(world, order)
    world.finds("status_mismatch", "douyin_closed_paid", (0, order.paid), [order], [move], owned=3)


def unlisted(world: World, order: Order) -> None:
    """In no order file."""
    order.listed = False
    move = _settle(world, order)
    world.finds("unknown_payment", "douyin_unlisted", (0, order.paid), [], [move], cause="lost_callback", owned=2)


def subsidy_short(world: World, order: Order) -> None:
    """Of 10.00 that the platform bears 8.00 came."""
    order.platform = 1_000
    move = _settle(world, order, subsidy_off=200)
    found = ("subsidy_mismatch", "subsidy_short", (1_000, 800), [order], [move])
    world.finds(*found, cause="subsidy_short", owned=2)


def subsidy_none(world: World, order: Order) -> None:
    """Nothing came of what the platform bears, on this one sub-order."""
    order.platform = 1_000
    _settle(world, order, subsidy_off=1_000)
    world.finds("subsidy_mismatch", "subsidy_none", (1_000, 0), [order], cause="shop_funded", owned=1)


def fee_wrong(world: World, order: Order) -> None:
    """0.35 too much commission."""
    move = _settle(world, order)
    right, move.fee = move.fee, move.fee - 35
    world.finds("fee_mismatch", "douyin_fee", (right, move.fee), [], [move], owned=1)


def net_wrong(world: World, order: Order) -> None:
    """The row's own sum is 1.11 below its parts."""
    move = _settle(world, order)
    move.net = move.sum() - 111
    world.finds("settlement_gap", "douyin_net", (move.sum(), move.net), [], [move], leg=FILE, owned=0)


def back_doubled(world: World, order: Order) -> None:
    """One after-sale number is paid twice."""
    order.after = "退款成功"
    move, case, part = _settle(world, order), _case(world), order.paid * 2 // 5
    moves = [_refund(world, order, part, move.at + hours * HOUR, case) for hours in (24, 26)]
    world.finds("duplicate_refund", "douyin_back_doubled", (-part, -2 * part), [], moves)


def back_over(world: World, order: Order) -> None:
    """More is given back than was settled."""
    order.after = "退款成功"
    move = _settle(world, order)
    row = _refund(world, order, order.paid + 660, move.at + DAY, _case(world))
    world.finds("excess_refund", "douyin_back_over", (-order.paid, row.amount), [], [row], owned=1)


def unasked(world: World, order: Order) -> None:
    """The order shows no after-sale."""
    move, part = _settle(world, order), order.paid * 2 // 5
    row = _refund(world, order, part, move.at + DAY, _case(world))
    world.finds("unknown_refund", "douyin_unasked", (0, -part), [], [row], owned=1)


def not_given(world: World, order: Order) -> None:
    """Closed and refunded by its flag, settled all the same, and nobody paid the refund."""
    move = _settle(world, order)
    order.state, order.after = "closed", "退款成功"
    world.finds("missing_refund", "douyin_not_given", (-order.paid, 0), [order], [move], owned=0)


def late(world: World, order: Order) -> None:
    """Settled two days after it is due."""
    move = _settle(world, order, later=7 * DAY)
    world.finds("late_settlement", "douyin_late", (order.paid, order.paid), [order], [move])


def everyday(world: World, shop: Shop, orders: int, plants: list[Callable[[World, Order], None]]) -> None:
    """Let sub-orders happen over all days; plants are completed early in the month, so that they are due in time."""
    month, dice = world.month, world.dice
    days = month.last - month.first + 1
    moments = sorted(
        (month.first + place * days // orders) * DAY + 8 * HOUR + dice.between(0, 13 * HOUR) for place in range(orders)
    )
    safe = range((month.start - 2) * DAY, (month.last - 17) * DAY)
    places = [place for place, at in enumerate(moments) if at in safe]
    if len(plants) * 2 > len(places):
        raise ValueError(f"{len(plants)} plants in {len(places)} orders of {shop.key}")
    role_of = dict(zip(dice.shuffled(places), plants, strict=False))
    anchor = next(place for place, at in enumerate(moments) if at // DAY == month.last - 9)
    number = 6_945_000_000_000_000_000
    for place, created in enumerate(moments):
        number += dice.between(1_000_003, 8_000_000_000)
        paid_at = created + dice.between(20, 900)
        order = Order(shop, str(number), created, paid_at, dice.between(990, 49_900), 0, sub=str(number))
        order.done, order.shipped = paid_at + dice.between(3, 6) * DAY, paid_at + 20 * HOUR
        world.orders[shop.key].append(order)
        if place in role_of:
            order.paid, order.done = dice.between(40, 160) * 500, paid_at + 4 * DAY
            role_of[place](world, order)
            continue
        if place == anchor:
            order.done = paid_at + 4 * DAY
            plain(world, order)
            continue
        draw = dice.between(0, 99)
        steps = ((80, plain), (89, subsidised), (94, refunded_before), (97, not_paid), (100, cancelled))
        next(role for limit, role in steps if draw < limit)(world, order)
    _cutoff(world, shop)


def _cutoff(world: World, shop: Shop) -> None:
    """Completed before the month and settled in it: one finding."""
    start = world.month.start * DAY
    done = {o.number: o for o in world.orders[shop.key] if 0 < o.done < start and o.listed and not o.state}
    moves = [m for m in world.moves[shop.wallets[0].key] if m.kind == "payment" and m.at >= start and m.order in done]
    planted = {o.number for p in world.truth if p.orders for o in p.orders} | {
        m.order for p in world.truth for m in p.moves
    }
    clean = [m for m in moves if m.order not in planted]
    if clean:
        total = sum(m.amount for m in clean)
        orders = [done[m.order] for m in clean]
        world.finds("cutoff", "douyin_over_the_month", (total, total), orders, clean, cause="settlement_delay", owned=0)


def write(folder: Path, world: World, shop: Shop) -> None:
    """Write the order list and the 动账明细, newest row first."""
    lines = [_ORDERS]
    for o in sorted((o for o in world.orders[shop.key] if o.listed), key=lambda o: -o.created):
        state = {"unpaid": "待支付", "closed": "已关闭"}.get(o.state)
        state = state or ("已完成" if o.done else "已发货" if o.shipped else "待发货")
        bought = o.state != "unpaid" and not (o.state == "closed" and not o.after)
        row = dict.fromkeys(_ORDERS.split(","), "-")
        row |= {
            "主订单编号": o.number,
            "子订单编号": o.sub,
            "商品数量": "1",
            "订单应付金额": yuan(o.paid),
            "运费": "0.00",
        }
        row |= {"订单提交时间": clock(o.created), "订单完成时间": clock(o.done) or "-", "订单状态": state}
        row |= {"支付完成时间": clock(o.paid_at) if bought else "-", "发货时间": clock(o.shipped) or "-"}
        row |= {"售后状态": o.after or "-", "平台实际承担优惠金额": yuan(o.platform)}
        row |= {"商家实际承担优惠金额": "0.00", "达人实际承担优惠金额": yuan(o.influencer)}
        lines.append(",".join(row.values()))
    (folder / "订单.csv").write_bytes("".join(f"{line}\r\n" for line in lines).encode("utf-8-sig"))
    lines = [_MOVES]
    for m in sorted(world.moves[shop.wallets[0].key], key=lambda m: -m.at):
        net = m.sum() if m.net is None else m.net
        row = dict.fromkeys(_MOVES.split(","), "0.00") | dict.fromkeys(("计费类型", "商品ID", "商品名称", "备注"), "")
        row |= dict.fromkeys(("达人ID", "达人名称", "免佣金额", "下单时间"), "") | {
            "动账账户": "聚合账户",
            "是否免佣": "否",
        }
        row |= {"动账时间": clock(m.at), "动帐流水号": f"'{m.line or m.batch}", "动账金额": yuan(abs(net))}
        row |= {"动账方向": "出账" if net < 0 else "入账", "动账场景": _SCENES[m.kind], "订单类型": "普通订单"}
        row |= {"子订单号": f"'{m.sub}" if m.sub else "", "订单号": f"'{m.order}" if m.order else ""}
        row |= {"售后编号": f"'{m.refund}" if m.refund else "", "商户主体名称": "杭州云杉食品有限公司"}
        row["订单实付应结"] = yuan(m.amount if m.kind == "payment" else 0)
        row |= {"实际平台补贴": yuan(m.platform), "实际达人补贴": yuan(m.influencer), "平台服务费": yuan(m.fee)}
        row["订单退款"] = yuan(m.amount if m.kind == "refund" else 0)
        lines.append(",".join(row.values()))
    (folder / "动账明细.csv").write_bytes("".join(f"{line}\r\n" for line in lines).encode("utf-8-sig"))
