"""What a small company did over some weeks: orders, money on its accounts, transfers to the bank. Everything agrees.

A company has one to three lines of business: `own` (a list of its own, paid through WeChat Pay), `generic` (the same
list, paid through a gateway of unknown layout), `taobao` (paid out by Alipay at receipt), `douyin` (settled days after
completion). Each line is one account; every day of an account has rows, except the quiet days that are asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.benchmarks.downloads.chance import Chance

WECHAT, GENERIC, ALIPAY, DOUYIN, BANK = "1900000109", "3001000000001", "2088110000000011", "", "1202021209900123456"
PAYERS = {
    "own": "财付通支付科技有限公司客户备付金",
    "taobao": "支付宝（中国）网络技术有限公司客户备付金",
    "douyin": "武汉合众易宝科技有限公司",
}
LINES = ("own", "generic", "taobao", "douyin")
WEEKS = 4
DAYS = 7 * WEEKS
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


@dataclass(eq=False)
class Order:
    """One order; money in minor units. `done` is completion or receipt, None where it has not happened yet.

    `number` is what the list prints, `known` what the gateway prints for it: the same, unless they were swapped.
    """

    line: str
    number: str
    known: str
    payment: str
    paid_at: datetime
    amount: int
    done: datetime | None
    refund: int = 0
    refunded_at: datetime | None = None


@dataclass(frozen=True)
class Row:
    """One movement of an account, signed; `order` is None for transfers and house rows."""

    at: datetime
    kind: str  # payment, fee, refund, payout, house
    amount: int
    order: Order | None = None
    number: str = ""
    text: str = ""


@dataclass
class Company:
    """Orders of all lines, and the rows of each account by line (`bank` for the bank), by time."""

    first: datetime
    orders: list[Order] = field(default_factory=list)
    rows: dict[str, list[Row]] = field(default_factory=dict)
    opening: dict[str, int] = field(default_factory=dict)

    @property
    def last(self) -> datetime:
        """The last day."""
        return self.first + (DAYS - 1) * DAY

    def day(self, moment: datetime) -> int:
        """The number of a day since the first."""
        return (moment - self.first).days


def fee_of(amount: int) -> int:
    """0.6 %, half up."""
    return (amount * 6 + 500) // 1000


def company(dice: Chance, lines: tuple[str, ...], *, bank: bool, book: str, quiet: range | None = None) -> Company:
    """Make a company.

    Args:
        dice: seeded.
        lines: its lines of business.
        bank: whether its bank account is in the folder.
        book: which bills of WeChat Pay there are, `trade`, `fund` or `both`: without a fund bill each day is paid out.
        quiet: days on which Alipay has no row.
    """
    made = Company(datetime.fromisoformat("2026-09-07") + dice.below(6) * 7 * DAY)
    prices = [dice.among(990, 49_900) for _ in range(dice.choice((60, 200, 5_000)))]
    share = dice.among(200, 601) // len(lines)
    for line in lines:
        orders = _orders(dice, made, line, max(share, 70), prices, quiet)
        made.orders += orders
        made.opening[line] = dice.among(1_000_000, 3_000_000)
        made.rows[line] = sorted(_MONEY[line](dice, made, orders), key=lambda row: row.at)
    if bank:
        made.opening["bank"] = dice.among(4_000_000, 9_000_000)
        made.rows["bank"] = _bank(dice, made, lines, book)
    return made


def _orders(dice: Chance, made: Company, line: str, count: int, prices: list[int], quiet: range | None) -> list[Order]:
    """Two orders a day at least: in a list that is paid at once by day of payment, else by day of completion."""
    late = line in ("taobao", "douyin")
    orders = []
    for place in range(count):
        day = place // 2 if place < 2 * DAYS else dice.below(DAYS)
        if line == "taobao" and quiet is not None and day in quiet:
            day = quiet.stop + dice.below(3)
        moment = made.first + day * DAY + timedelta(seconds=dice.among(8 * 3600, 19 * 3600))
        paid_at = moment - dice.among(3, 8) * DAY if late else moment
        paid_at = max(paid_at, made.first + timedelta(hours=8)) if line == "taobao" else paid_at
        done = moment if late else moment + 5 * DAY
        done = done if done < made.last + DAY else None
        amount = dice.choice(prices)
        refund, refunded_at = 0, None
        if line in ("own", "generic") and dice.odds(8):
            refund = amount if dice.odds(50) else amount * 2 // 5
            refunded_at = min(moment + dice.below(3) * DAY, made.last.replace(hour=20)) + SECOND
        number, sign = (
            _number(dice, line, moment, place),
            "GT" if line == "generic" else "42",
        )  # two gateways, two numberings
        payment = f"{sign}00002360{moment:%Y%m%d}{1_000_000_000 + place * 7}"
        orders.append(Order(line, number, number, payment, paid_at, amount, done, refund, refunded_at))
    return orders


def _number(dice: Chance, line: str, moment: datetime, place: int) -> str:
    if line == "own":
        return f"XS{moment:%Y%m%d}{place:07d}"
    if line == "generic":
        return f"M{moment:%y%m%d}{place * 13 + 4096:08d}"
    start = 4_026_900_000_000_000_000 if line == "taobao" else 6_920_000_000_000_000_000
    return str(start + place * 1_000_003_017 + dice.below(1_000_000_000))


def _paid_at_once(dice: Chance, made: Company, orders: list[Order]) -> list[Row]:
    rows = []
    for order in orders:
        at = order.paid_at + 3 * SECOND
        rows += [Row(at, "payment", order.amount, order), Row(at, "fee", -fee_of(order.amount), order)]
        if order.refunded_at is not None:
            rows.append(Row(order.refunded_at, "refund", -order.refund, order))
            rows.append(Row(order.refunded_at, "fee", fee_of(order.refund), order, "back"))
    return rows


def _at_receipt(dice: Chance, made: Company, orders: list[Order]) -> list[Row]:
    rows = []
    for order in orders:
        if order.done is not None:
            rows.append(Row(order.done + 25 * SECOND, "payment", order.amount, order))
            rows.append(Row(order.done + 26 * SECOND, "fee", -fee_of(order.amount), order))
    return rows


def _days_after(dice: Chance, made: Company, orders: list[Order]) -> list[Row]:
    """Settled four to seven days after completion; every second order of the daily ones after four, so that no day
    between the first and the last settlement is without a row: a flow states no period, and has no chain."""
    rows = []
    for place, order in enumerate(orders):
        later = dice.among(4, 8)
        at = (order.done or made.last) + (4 if place < 2 * DAYS and place % 2 == 0 else later) * DAY
        if order.done is not None and at < made.last + DAY:
            rows.append(Row(at, "payment", order.amount, order))
    return rows


_MONEY: dict[str, Callable[[Chance, Company, list[Order]], list[Row]]] = {
    "own": _paid_at_once,
    "generic": _paid_at_once,
    "taobao": _at_receipt,
    "douyin": _days_after,
}


def _bank(dice: Chance, made: Company, lines: tuple[str, ...], book: str) -> list[Row]:
    """Transfers from the wallets, which their own books show too, and house rows that their text explains."""
    rows = [
        Row(made.first + timedelta(hours=8, minutes=30), "house", -1500, text="手续费"),
        Row(made.last + timedelta(hours=16, minutes=45), "house", -1000, text="手续费"),
        *(
            Row(made.first + day * DAY + timedelta(hours=11), "house", -(300 + day), text="手续费")
            for day in range(1, 27, 3)
        ),
    ]  # fmt: skip
    for line in lines:
        if line == "own" and book == "trade":
            rows += _day_by_day(made)
        elif line != "generic":
            rows += _by_hand(dice, made, line)
    return sorted(rows, key=lambda row: row.at)


def _by_hand(dice: Chance, made: Company, line: str) -> list[Row]:
    """Withdrawals every few days, each of an amount of its own, at the bank a day later."""
    rows, taken = [], set()
    for place, day in enumerate(range(2, DAYS - 3, 3)):
        at = made.first + day * DAY + timedelta(hours=9, minutes=dice.among(10, 50), seconds=place)
        amount = dice.among(20_000, 60_000) * 2 + 1
        while amount in taken:
            amount += 2
        taken.add(amount)
        made.rows[line].append(Row(at, "payout", -amount, number=f"{at:%Y%m%d}{10**14 + place * 7 + len(line)}"))
        rows.append(Row(at + DAY, "payout", amount, text=line))
    made.rows[line].sort(key=lambda row: row.at)
    return rows


def _day_by_day(made: Company) -> list[Row]:
    """Each day's foot of the trade bill, on the next calendar day; a foot below zero is taken from the next one."""
    rows, foot = [], 0
    for day in range(DAYS - 1):
        foot = min(foot, 0) + sum(row.amount for row in made.rows["own"] if made.day(row.at) == day)
        at = made.first + (day + 1) * DAY + timedelta(hours=7, minutes=day)
        if foot > 0:
            rows.append(Row(at, "payout", foot, number=f"{at:%m%d}_{WECHAT}", text="own"))
    return rows
