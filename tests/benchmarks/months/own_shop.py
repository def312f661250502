"""A shop with a list of its own: how an order comes, is paid, sent and given back on an everyday day."""

from __future__ import annotations

from collections.abc import Callable

from tests.benchmarks.months.dice import DAY, HOUR, compact
from tests.benchmarks.months.plan import Move, Order, Shop, Wallet, World

Role = Callable[[World, Order], None]
PRICES = (990, 1_990, 2_990, 3_900, 4_990, 5_990, 6_900, 7_990, 8_800, 9_900, 12_900, 15_900, 19_900, 29_900, 39_900)
_METHODS = {"wechat": "微信支付", "alipay": "支付宝", "generic": "银行卡", "taobao": ""}


def payment_number(world: World, wallet: Wallet, at: int) -> str:
    """A payment number of the wallet's own pattern."""
    serial = world.number()
    day = compact(at // DAY)
    if wallet.kind == "wechat":
        return f"4200002360{day}{1_000_000_000 + serial * 7:010d}"
    if wallet.kind in {"alipay", "taobao"}:
        return f"{day}22001{100_000_000_000_000 + serial * 90_011:015d}"
    return f"ch_{serial * 104_729 + 36**7:012d}" if wallet.currency == "USD" else f"G{day}{serial * 13:09d}"


def new_order(world: World, shop: Shop, created: int, serial: int) -> Order:
    """An order at its moment, with an everyday price, sent a day later and done four days after that."""
    dice = world.dice
    if shop.prefix in {"XS", "FX", "HB"}:
        number = f"{shop.prefix}{compact(created // DAY)}{serial:07d}"
    elif shop.prefix:
        number = f"{shop.prefix}{10**9 + serial * 7_919 + dice.between(0, 5_000):010d}"
    else:
        number = f"{compact(created // DAY)}{10**9 + serial * 12_289 + dice.between(0, 9_000):010d}"
    paid_at = created + dice.between(20, 900)
    paid = dice.pick(PRICES) * dice.pick((1, 1, 1, 2)) if dice.chance(600) else dice.between(990, 49_900)
    order = Order(shop, number, created, paid_at, paid, paid)
    world.orders[shop.key].append(order)
    send(world, order)
    return order


def send(world: World, order: Order) -> None:
    """Ship the order and let it be done, as far as the month goes."""
    order.shipped = order.paid_at + world.dice.between(16, 30) * HOUR
    order.done = order.shipped + 4 * DAY
    if order.done > world.month.end:
        order.done = 0
    if order.shipped > world.month.end:
        order.shipped = 0


def pay(
    world: World,
    order: Order,
    amount: int | None = None,
    at: int = 0,
    wallet: Wallet | None = None,
    *,
    listed: bool = True,
) -> Move:
    """The order's money: all of it, three seconds after it was paid, in the shop's first wallet, if not told else."""
    wallet = wallet or order.shop.wallets[0]
    amount = order.paid if amount is None else amount
    at = at or order.paid_at + 3
    number = payment_number(world, wallet, at)
    if listed:
        order.payment, order.method = number, _METHODS[wallet.kind]
    return world.add(Move(wallet, "payment", at, amount, -wallet.fee(amount), order.number, number))


def give_back(world: World, order: Order, payment: Move, amount: int, at: int, *, shown: bool = True) -> Move:
    """Refund an amount of a payment; where the wallet returns fees, the fee of what is kept stays."""
    wallet = payment.wallet
    earlier = [m for m in refunds_of(world, payment) if m.kind == "refund"]
    returned = 0
    if wallet.returned:
        left = max(0, payment.amount + sum(m.amount for m in earlier) - amount)
        held = -payment.fee - sum(m.fee for m in earlier)
        returned = max(0, held - wallet.fee(left))
    number = refund_number(world, order, wallet, len(earlier) + 1)
    if shown:
        order.refund += amount
        order.refund_at = at
    refs = (payment.order, payment.payment, number)
    return world.add(Move(wallet, "refund", at, -amount, returned, *refs))


def refunds_of(world: World, payment: Move) -> list[Move]:
    """The refunds of a payment, among the latest movements of its wallet."""
    return [m for m in world.moves[payment.wallet.key][-8:] if m.payment == payment.payment and m.kind == "refund"]


def refund_number(world: World, order: Order, wallet: Wallet, count: int) -> str:
    """The number of a refund; Alipay's account entries print none."""
    if wallet.kind in {"alipay", "taobao"}:
        return ""
    if wallet.kind == "wechat":
        return f"TK{order.number}-{count}"
    serial = world.number()
    return f"re_{serial * 104_729 + 36**7:012d}" if wallet.currency == "USD" else f"R{serial * 17 + 10**10}"


def wallet_for(world: World, shop: Shop) -> Wallet:
    """Where an everyday order is paid: two of three in the first wallet."""
    return shop.wallets[0] if len(shop.wallets) == 1 or world.dice.chance(660) else shop.wallets[1]


def plain(world: World, order: Order) -> None:
    """Paid, sent, done."""
    pay(world, order, wallet=wallet_for(world, order.shop))


def coupon(world: World, order: Order) -> None:
    """The shop gives a coupon: the order's amount is more than what is paid."""
    order.amount = order.paid + world.dice.pick((500, 1_000, 2_000))
    plain(world, order)


def _back(world: World, order: Order, shares: tuple[int, ...]) -> None:
    """Pay, and give parts back days later, in tenths of the amount; a wallet paid out by the day only on that day."""
    payment = pay(world, order, wallet=wallet_for(world, order.shop))
    same_day = payment.wallet.books == ("trade",)
    at = payment.at
    for tenths in shares:
        at += HOUR if same_day else world.dice.between(0, 8) * DAY + HOUR
        if at > world.month.end - HOUR:
            return
        give_back(world, order, payment, order.paid * tenths // 10, at)


def part_back(world: World, order: Order) -> None:
    """A part is given back."""
    _back(world, order, (world.dice.between(1, 6),))


def back_twice(world: World, order: Order) -> None:
    """Two different parts are given back."""
    _back(world, order, (3, 2))


def all_back(world: World, order: Order) -> None:
    """All is given back."""
    _back(world, order, (4,) if order.shop.wallets[0].books == ("trade",) else (10,))


def not_paid(_world: World, order: Order) -> None:
    """Never paid."""
    order.state, order.shipped, order.done = "unpaid", 0, 0


def cancelled(_world: World, order: Order) -> None:
    """Cancelled before it was paid."""
    order.state, order.shipped, order.done = "closed", 0, 0


def cash(_world: World, order: Order) -> None:
    """Paid over the counter."""
    order.method = "现金" if order.shop.currency == "CNY" else "cash"


def deposit(world: World, order: Order) -> None:
    """A deposit, and the rest some days later, by two ways where the shop has two; the list shows the second moment."""
    later = order.paid_at + world.dice.between(2, 5) * DAY
    if later > world.month.end - DAY or not world.month.same_side(order.paid_at, later):
        plain(world, order)
        return
    first = order.paid * 2 // 10
    pay(world, order, first, wallet=order.shop.wallets[0])
    order.paid_at = later
    send(world, order)
    pay(world, order, order.paid - first, wallet=order.shop.wallets[-1])


def next_day(world: World, order: Order) -> None:
    """The gateway books the payment early on the next day."""
    at = (order.paid_at // DAY + 1) * DAY + world.dice.between(60, HOUR)
    inside = at <= world.month.end and world.month.same_side(order.paid_at, at)
    pay(world, order, at=at if inside else 0)


def closed_and_back(world: World, order: Order) -> None:
    """Closed, paid a moment later, and given back in full: it nets."""
    order.state, order.shipped, order.done = "closed", 0, 0
    payment = pay(world, order, listed=False)
    if payment.wallet.books == ("trade",):
        world.moves[payment.wallet.key].remove(payment)
        return
    if payment.at + 2 * HOUR < world.month.end:
        give_back(world, order, payment, order.paid, payment.at + HOUR, shown=False)


def tried_again(world: World, order: Order) -> None:
    """The first attempt failed; a gateway with states shows it."""
    if order.shop.wallets[0].kind == "generic":
        wallet = order.shop.wallets[0]
        number = payment_number(world, wallet, order.paid_at)
        world.add(Move(wallet, "failed", order.created + 10, order.paid, 0, order.number, number))
    plain(world, order)


#: How many of a thousand orders go how; what is left is plain.
EVERYDAY = (
    (coupon, 100), (part_back, 60), (back_twice, 10), (all_back, 30), (not_paid, 40), (cancelled, 30), (cash, 10),
    (deposit, 20), (next_day, 10), (closed_and_back, 5), (tried_again, 10),
)  # fmt: skip


def _everyday_role(draw: int, shares: tuple[tuple[Role, int], ...], otherwise: Role) -> Role:
    for role, weight in shares:
        draw -= weight
        if draw < 0:
            return role
    return otherwise


def everyday(
    world: World,
    shop: Shop,
    orders: int,
    plants: list[Role],
    shares: tuple[tuple[Role, int], ...] = EVERYDAY,
    otherwise: Role = plain,
) -> None:
    """Let so many orders of a shop happen, spread over all days; the plants fall on days whose windows close in time.

    Orders come in order of time, so that a running number tells the day.
    """
    month, dice = world.month, world.dice
    days = month.last - month.first + 1
    moments = sorted(
        (month.first + place * days // orders) * DAY + 8 * HOUR + dice.between(0, 14 * HOUR) for place in range(orders)
    )
    safe = range((month.start + 1) * DAY, (month.last - 7) * DAY)
    places = [place for place, at in enumerate(moments) if at in safe]
    if len(plants) * 2 > len(places):
        raise ValueError(f"{len(plants)} plants in {len(places)} orders of {shop.key}")
    role_of = dict(zip(dice.shuffled(places), plants, strict=False))
    for place, created in enumerate(moments):
        order = new_order(world, shop, created, place + 1)
        if place in role_of:
            order.paid = order.amount = dice.between(40, 160) * 500
            role_of[place](world, order)
            continue
        _everyday_role(dice.between(0, 999), shares, otherwise)(world, order)
