"""One month of a group of shops in one folder, with its truth: `write_month`."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from tests.benchmarks.months import douyin, file_faults, own_books, own_payments, own_refunds, own_shop, payouts, taobao
from tests.benchmarks.months.dice import DAY, Dice, day_text, yuan
from tests.benchmarks.months.plan import ORDERS, REFS, Month, Move, Order, Shop, Wallet, World
from tests.benchmarks.months.writers import (
    write_alipay,
    write_bank,
    write_fund_bill,
    write_gateway,
    write_icbc,
    write_list,
    write_trade_bill,
)

MONTHS = ("2026-10", "2026-03", "2026-06", "2026-11", "2026-07", "2026-12")
RATES = {"few": 20_000, "some": 2_000, "many": 200}
_W1 = Wallet("w1", "wechat", "1900000109", returned=True, books=("trade", "cash"))
_A1 = Wallet("a1", "alipay", "2088330000000033")
_W2 = Wallet("w2", "wechat", "1900000208", returned=True, books=("trade",))
_D1 = Wallet("d1", "douyin", "default")
_T1 = Wallet("t1", "taobao", "2088110000000011")
_U1 = Wallet("u1", "generic", "acct1001", rate=290, fixed=30, currency="USD")
_U2 = Wallet("u2", "generic", "acct1002", rate=290, fixed=30, currency="USD")
_G1 = Wallet("g1", "generic", "88001001", rate=38)
_G2 = Wallet("g2", "generic", "88002002", rate=38)
MINI = Shop("mini", "云栖小程序商城", (_W1, _A1), prefix="XS")
SPREAD = Shop("spread", "云栖分销商城", (_W2,), prefix="FX")
DOUYIN = Shop("douyin", "", (_D1,))
TAOBAO = Shop("taobao", "云杉家居旗舰店", (_T1,))
CARDS = Shop("cards", "Yunqi Global", (_U1,), "USD", "YG")
EURO = Shop("euro", "Yunqi Travel", (_U2,), "USD", "YT")
STORE = Shop("store", "云栖体验店", (_G1,))
OUTLET = Shop("outlet", "Yunqi Outlet", (_G2,), "USD", "YO")
#: Shares of all orders, in percent.
SHARES = {MINI: 30, SPREAD: 8, TAOBAO: 15, DOUYIN: 20, CARDS: 10, EURO: 3, STORE: 12, OUTLET: 2}
BANK, DAILY, DOLLARS = "1202021209900123456", "6222020200112233", "40006677"

Role = Callable[[World, Order], None]


def _elsewhere(world: World, order: Order) -> None:
    """The money of the first shop in the merchant number of the second."""
    move = own_shop.pay(world, order, wallet=_W2)
    world.finds("wrong_account", "elsewhere", (order.paid, 0), [order], [move], owned=3)


#: Code -> what can be planted for it, and where.
_OWN = (MINI, SPREAD, TAOBAO, CARDS, STORE)
PLANTS: dict[str, list[tuple[Role, tuple[Shop, ...]]]] = {
    "wrong_account": [(_elsewhere, (MINI,))],
    "duplicate_payment": [
        (own_payments.twice, _OWN), (own_payments.retried, _OWN), (own_payments.thrice, (MINI, CARDS)),
        (own_payments.two_gateways, (MINI,)), (own_payments.rest_twice, (MINI, STORE)), (douyin.twice, (DOUYIN,)),
        (own_payments.closed_twice, (MINI,)),
    ],
    "status_mismatch": [
        (own_payments.closed_paid, _OWN), (own_payments.unpaid_paid, _OWN),
        (own_payments.closed_part_back, (MINI, STORE)),
        (douyin.closed_paid, (DOUYIN,)),
    ],
    "unknown_payment": [
        (own_payments.unlisted, _OWN), (own_payments.unlisted_part_back, (MINI, STORE)), (douyin.unlisted, (DOUYIN,)),
    ],
    "missing_payment": [
        (own_payments.missing, _OWN), (own_payments.missing_unsent, _OWN), (own_payments.set_by_hand, (MINI, STORE)),
        (own_payments.missing_test, (MINI,)), (own_payments.missing_and_refund, (MINI,)), (douyin.missing, (DOUYIN,)),
    ],
    "amount_mismatch": [
        (own_payments.less, _OWN), (own_payments.more, _OWN), (own_payments.last_fen, (MINI,)),
        (own_payments.old_price, (STORE, CARDS)), (own_payments.part_paid, (MINI, STORE)),
        (own_refunds.back_less, _OWN),
        (own_refunds.back_more, (MINI, STORE)), (own_books.book_differs, (MINI,)), (douyin.less, (DOUYIN,)),
    ],
    "duplicate_refund": [
        (own_refunds.back_doubled, (MINI, TAOBAO, CARDS, STORE)), (own_refunds.back_retried, (MINI, STORE)),
        (own_refunds.second_doubled, (MINI, CARDS)), (douyin.back_doubled, (DOUYIN,)),
    ],
    "excess_refund": [(own_refunds.back_over, (MINI, TAOBAO, CARDS, STORE)),
        (own_refunds.goodwill, (MINI, TAOBAO, STORE)), (douyin.back_over, (DOUYIN,))],
    "unknown_refund": [
        (own_refunds.unasked, (MINI, TAOBAO, CARDS, STORE)), (own_refunds.unlisted_back, (MINI, TAOBAO, STORE)),
        (douyin.unasked, (DOUYIN,)),
    ],
    "missing_refund": [
        (own_refunds.not_given, (MINI, TAOBAO, CARDS, STORE)), (own_refunds.closed_not_given, (MINI, STORE)),
        (douyin.not_given, (DOUYIN,)),
    ],
    "fee_mismatch": [
        (own_books.overcharged, _OWN), (own_books.undercharged, _OWN), (own_books.fee_kept, (MINI,)),
        (own_books.book_fee, (MINI,)), (douyin.fee_wrong, (DOUYIN,)),
    ],
    "subsidy_mismatch": [(douyin.subsidy_short, (DOUYIN,)), (douyin.subsidy_none, (DOUYIN,))],
    "settlement_gap": [
        (own_books.book_lacks, (MINI,)), (own_books.book_lacks_refund, (MINI,)), (own_books.cash_only, (MINI,)),
        (own_books.net_wrong, (STORE, CARDS)), (douyin.net_wrong, (DOUYIN,)),
    ],
    "chargeback": [(own_books.disputed, (CARDS,))],
    "fx_difference": [(own_books.converted_less, (OUTLET,))],
    "late_settlement": [(own_payments.late, (MINI, TAOBAO, CARDS)), (douyin.late, (DOUYIN,))],
    "ambiguous": [(own_books.three_for_two, (STORE,))],
    "suggested": [(own_books.near_number, (STORE,))],
}  # fmt: skip


@dataclass(frozen=True)
class Recipe:
    """Which month to write. rate: one planted order of each code in so many orders; 0: a clean month."""

    seed: int
    orders: int
    rate: int
    month: str


def recipe(seed: int, orders: int, rate: int, month: str = "") -> Recipe:
    """A recipe; without a month the seed chooses one."""
    return Recipe(seed, orders, rate, month or MONTHS[seed % len(MONTHS)])


def _cast(chosen: Recipe, dice: Dice) -> dict[str, list[Role]]:
    """Give the shops their planted orders: each code its number, over its kinds and shops in turn."""
    cast: dict[str, list[Role]] = {shop.key: [] for shop in SHARES}
    if not chosen.rate:
        return cast
    room = {shop.key: chosen.orders * part // 100 // 6 for shop, part in SHARES.items()}
    for options in sorted(PLANTS.values(), key=lambda some: len({shop.key for _, shops in some for shop in shops})):
        pairs = dice.shuffled([(role, shop) for role, shops in options for shop in shops])
        for count in range(max(1, chosen.orders // chosen.rate)):
            role, shop = pairs[count % len(pairs)]
            if len(cast[shop.key]) < max(3, room[shop.key]):
                cast[shop.key].append(role)
    return cast


def build(chosen: Recipe, folder: Path) -> World:
    """Let the month happen and write its files into `folder/inbox`; returns it with its truth."""
    dice = Dice(chosen.seed, chosen.month, chosen.orders, chosen.rate)
    world = World(Month.named(chosen.month), dice)
    inbox = folder / "inbox"
    inbox.mkdir(parents=True, exist_ok=True)
    cast = _cast(chosen, dice)
    for shop, part in SHARES.items():
        count = max(40, chosen.orders * part // 100)
        if shop is DOUYIN:
            douyin.everyday(world, shop, count, cast[shop.key])
        elif shop is TAOBAO:
            taobao.everyday(world, shop, count, cast[shop.key])
        elif shop is OUTLET:
            _outlet(world, count, cast[shop.key])
        else:
            own_shop.everyday(world, shop, count, cast[shop.key])
    _win_some_disputes(world)
    _cut_over(world)
    _pay_out(world, bool(chosen.rate))
    file_faults.add(world, inbox, bool(chosen.rate))
    _write(world, inbox)
    (folder / "recon.yaml").write_text(_config(world), encoding="utf-8", newline="\n")
    rates = [f"{day_text(day)},USD,7.1000,PBOC" for day in range(world.month.first, world.month.last + 1)]
    (folder / "rates.csv").write_text("\n".join(["date,currency,rate,source", *rates, ""]), encoding="utf-8")
    return world


def _outlet(world: World, count: int, plants: list[Role]) -> None:
    """Orders in dollars that a gateway settles in CNY at the day's rate."""
    month, dice = world.month, world.dice
    days = month.last - month.first + 1
    places = [p for p in range(count) if month.start + 1 < month.first + p * days // count < month.last - 7]
    role_of = dict(zip(dice.shuffled(places), plants, strict=False))
    for place in range(count):
        created = (month.first + place * days // count) * DAY + 9 * 3_600 + dice.between(0, 40_000)
        order = own_shop.new_order(world, OUTLET, created, place + 1)
        if place in role_of:
            role_of[place](world, order)
        else:
            own_shop.pay(world, order, own_books.share(order.paid, *own_books.RATE))


def _win_some_disputes(world: World) -> None:
    """Everyday: two disputes that are won."""
    safe = range((world.month.start + 2) * DAY, (world.month.last - 9) * DAY)
    planted = {id(o) for p in world.truth for o in p.orders or ()} | {m.order for p in world.truth for m in p.moves}
    rows = [m for m in world.moves["u1"] if m.kind == "payment" and m.at in safe and m.order not in planted]
    for payment in rows[::40][:2]:
        refs = (payment.order, payment.payment)
        fee = -own_books.DISPUTE_FEE
        world.add(Move(_U1, "dispute", payment.at + DAY, -payment.amount, fee, *refs, memo="fraudulent"))
        world.add(Move(_U1, "dispute", payment.at + 3 * DAY, payment.amount, 0, *refs, memo="won", back=True))


def _cut_over(world: World) -> None:
    """Paid in the last second before the month and booked in the first of it: one finding for the account."""
    edge = world.month.start * DAY
    orders, moves = [], []
    for place in range(2):
        order = own_shop.new_order(world, MINI, edge - 300, 9_900_001 + place)
        order.paid_at = edge - 3 + place
        own_shop.send(world, order)
        moves.append(own_shop.pay(world, order, at=edge + 2))
        orders.append(order)
    total = sum(m.amount for m in moves)
    world.finds("cutoff", "midnight", (total, total), orders, moves, leg=ORDERS, cause="day_cut", owned=0)


def _pay_out(world: World, faults: bool) -> None:
    specials = world.dice.shuffled(["missing", "short", "twins", "stranger", "late"]) if faults else []
    # What comes in a payer's name may belong to any of its accounts, an unproven one too: so a credit that nobody
    # withdrew stands in the name of the payer all of whose files are whole.
    shares = (["returned", *specials[:2]], specials[2:4], [*specials[4:], *(["credit"] if faults else [])])
    for wallet, some in zip((_W1, _A1, _D1), shares, strict=True):
        payouts.by_hand(world, BANK, wallet, some)
    payouts.by_day(world, DAILY, _W2, ["missing", "short"] if faults else [])
    payouts.by_batch(world, DAILY, _G1, ["gap", "missing", "late"] if faults else [])
    payouts.by_batch(world, DAILY, _G2, [])
    payouts.by_batch(world, DOLLARS, _U1, ["short", "gap", "missing"] if faults else [], english=True)
    payouts.by_batch(world, DAILY, _U2, ["rate"] if faults else [], english=True, converted=True)
    payouts.known(world, BANK)
    payouts.known(world, DAILY)
    payouts.known(world, DOLLARS, english=True)
    if faults:
        payouts.strangers(world, BANK)


def _write(world: World, inbox: Path) -> None:
    month = world.month
    for moves in world.moves.values():
        moves.sort(key=lambda m: m.at)
    w1 = world.moves["w1"]
    sales = [m for m in w1 if m.kind != "payout" and m.trade]
    for day in range(month.first, month.last + 1):
        rows = [m for m in sales if m.at // DAY == day]
        write_trade_bill(inbox / f"1900000109All{day_text(day)}.csv", rows)
    again = [m for m in sales if month.start + 4 <= m.at // DAY <= month.start + 6]
    write_trade_bill(inbox / "1900000109All-again.csv", again)
    cash = [m for m in w1 if m.cash]
    early = [m for m in cash if m.at < month.start * DAY]
    balance = write_fund_bill(inbox / "fundflow-1.csv", early, 500_000_000)
    write_fund_bill(inbox / "fundflow-2.csv", cash[len(early) :], balance)
    write_trade_bill(inbox / "1900000208All.csv", world.moves["w2"])
    a1 = world.moves["a1"]
    early = [m for m in a1 if m.at < month.start * DAY]
    account = _A1.account
    balance = write_alipay(inbox / f"{account}_1.csv", account, early, (month.first, month.start - 1), 500_000_000)
    write_alipay(inbox / f"{account}_2.csv", account, a1[len(early) :], (month.start, month.last), balance)
    t1 = world.moves["t1"]
    early = [m for m in t1 if m.at < month.start * DAY]
    account = _T1.account
    balance = taobao.write_account(inbox / f"{account}_1.csv", account, early, (month.first, month.start - 1), 10**8)
    taobao.write_account(inbox / f"{account}_2.csv", account, t1[len(early) :], (month.start, month.last), balance)
    taobao.write_orders(inbox / "ExportOrderList.csv", world.orders["taobao"])
    douyin.write(inbox, world, DOUYIN)
    for key, name, english in (
        ("u1", "cards", True),
        ("u2", "travel", True),
        ("g1", "扫码流水", False),
        ("g2", "跨境流水", False),
    ):
        write_gateway(inbox / f"{name}.csv", world.moves[key], english=english)
    write_list(inbox / "orders-mini.csv", [*world.orders["mini"], *world.orders["spread"]])
    write_list(inbox / "orders-mini-earlier.csv", _as_of(world.orders["mini"], (month.start + 14) * DAY))
    write_list(inbox / "orders-store.csv", world.orders["store"])
    for shop in (CARDS, EURO, OUTLET):
        write_list(inbox / f"orders-{shop.key}.csv", world.orders[shop.key], english=True)
    file_faults.write_lists(inbox, world)
    rows = sorted(world.bank[BANK])
    middle = (month.start + 10) * DAY
    part = [r for r in rows if r[0] < middle]
    balance = write_icbc(inbox / "icbc-1.csv", BANK, part, 100_000_000)
    write_icbc(inbox / "icbc-2.csv", BANK, rows[len(part) :], balance)
    write_bank(inbox / "bank-daily.csv", DAILY, world.bank[DAILY], 50_000_000)
    write_bank(inbox / "bank-usd.csv", DOLLARS, world.bank[DOLLARS], 10_000_000, english=True)


def _as_of(orders: list[Order], moment: int) -> list[Order]:
    """What an earlier download of a list shows: nothing that had not happened."""
    earlier = []
    for order in (o for o in orders if max(o.created, o.paid_at) < moment):
        shown = {"shipped": order.shipped * (order.shipped < moment), "done": order.done * (order.done < moment)}
        if order.refund_at >= moment:
            shown |= {"refund": 0, "refund_at": 0}
        earlier.append(replace(order, **shown))
    return earlier


def _config(world: World) -> str:
    lines = [f"as_of: {day_text(world.month.last)}", f"period: {day_text(world.month.start)[:7]}", "shops:"]
    for shop in (*SHARES, *file_faults.SHOPS):
        if shop.name:
            accounts = ", ".join(f'"{_key(w)}"' for w in shop.wallets)
            lines.append(f"  {shop.name}: {{accounts: [{accounts}]}}")
    lines.append("fees:")
    for wallet in (_A1, _U1, _U2, _G1, _G2):
        fixed = f', fixed: "{yuan(wallet.fixed)}"' if wallet.fixed else ""
        lines.append(f'  "{_key(wallet)}":')
        lines.append(f'    - {{detail: 手续费, rate: "{wallet.rate / 100:.2f}%"{fixed}, on_refund: kept}}')
    return "\n".join([*lines, ""])


def _key(wallet: Wallet) -> str:
    family = {"wechat": "wechatpay", "alipay": "alipay", "taobao": "alipay", "generic": "generic"}[wallet.kind]
    return f"{family}:{wallet.account}"


TRUTH = (
    "code", "leg", "order_ref", "payment_ref", "refund_ref", "batch_ref", "expected", "actual", "currency", "cause",
    "owned", "account", "day", "label",
)  # fmt: skip


def write_month(chosen: Recipe, folder: Path) -> World:
    """Write one month: `inbox/`, `recon.yaml`, `rates.csv`, and `truth.csv` beside the folder's workspace."""
    world = build(chosen, folder)
    with (folder / "truth.csv").open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream, lineterminator="\n")
        table.writerow(TRUTH)
        for found in world.truth:
            refs = found.refs()
            cells = ["?"] * 4 if refs is None else [";".join(refs[name]) for name in REFS]
            sums = [yuan(found.expected), yuan(found.actual), found.currency]
            owned = "?" if found.owned is None else found.owned
            cause = "?" if found.cause is None else found.cause
            row = [found.code, found.leg, *cells, *sums, cause, owned, found.account, day_text(found.day), found.label]
            table.writerow(row)
    return world
