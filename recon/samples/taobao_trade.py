"""The orders of the Taobao case: which are everyday business, which are planted, and how each of them went."""

from enum import IntEnum
from typing import Final

import numpy as np

from recon.samples import taobao_orders
from recon.samples.columns import NEVER, Times
from recon.samples.dice import Dice, Flags, Ints
from recon.samples.taobao_orders import CLOSED, COMPLETED, PAID, SHIPPED, UNPAID, Orders

FIRST: Final = np.datetime64("2026-09-10", "D")
LAST: Final = np.datetime64("2026-10-31", "D")


class Role(IntEnum):
    """What an order is there for; the first few are everyday business, the others are planted."""

    PLAIN = 0
    NEXT_DAY = 1
    REFUND_PART = 2
    REFUND_ALL = 3
    CUT_BEFORE = 4
    GIVEN_BACK = 5
    NOT_PAID = 6
    TIMED_OUT = 7
    EARLY_EXPORT = 8
    FIRST_DAY = 9
    LAST_DAY = 10
    MISSING = 11
    LESS = 12
    MORE = 13
    TWICE = 14
    RETRIED = 15
    CLOSED_PAID = 16
    UNPAID_PAID = 17
    REFUND_TWICE = 18
    REFUND_RETRIED = 19
    REFUND_OVER = 20
    GOODWILL = 21
    REFUND_UNASKED = 22
    REFUND_MISSING = 23
    FEE_WRONG = 24
    LATE = 25
    CUTOFF = 26
    DUE_TOMORROW = 27
    REFUND_WAITING = 28
    PART_PAID = 29
    OLDER = 30
    ELSEWHERE = 31


_EVERYDAY: Final = (
    (Role.PLAIN, 75), (Role.REFUND_PART, 5), (Role.REFUND_ALL, 3), (Role.CUT_BEFORE, 4), (Role.GIVEN_BACK, 3),
    (Role.NOT_PAID, 3), (Role.TIMED_OUT, 3), (Role.NEXT_DAY, 2), (Role.EARLY_EXPORT, 2),
)  # fmt: skip
_NO_RECEIPT: Final = (
    Role.GIVEN_BACK, Role.NOT_PAID, Role.TIMED_OUT, Role.EARLY_EXPORT, Role.LAST_DAY, Role.CLOSED_PAID,
    Role.UNPAID_PAID, Role.OLDER,
)  # fmt: skip
_NO_MONEY: Final = (
    Role.GIVEN_BACK, Role.NOT_PAID, Role.TIMED_OUT, Role.LAST_DAY, Role.MISSING, Role.DUE_TOMORROW,
)  # fmt: skip
_FIXED_DAYS: Final = {
    Role.CUTOFF: "2026-09-30", Role.DUE_TOMORROW: "2026-10-31", Role.PART_PAID: "2026-10-31",
    Role.REFUND_WAITING: "2026-10-30", Role.EARLY_EXPORT: "2026-10-28", Role.OLDER: "2026-10-28",
    Role.FIRST_DAY: "2026-09-14",
}  # fmt: skip
DAY: Final = np.timedelta64(1, "D")
SURPLUS: Final = 660
"""Minor units that a payment or a refund has too much."""
_MONEY_CHANGES: Final = {Role.LESS: -1234, Role.MORE: SURPLUS, Role.OLDER: -1000}


def is_any(role: Ints, chosen: tuple[Role, ...]) -> Flags:
    """The orders with one of these roles."""
    return np.isin(role, chosen)


def cast(orders: int, dice: Dice) -> tuple[Ints, Ints]:
    """Give each order its shop and its role: all plants lie in the first shop, every one at least once."""
    second = max(22, orders // 4)
    scale = max(1, orders // 1000)
    planted: list[int] = [Role.FIRST_DAY, Role.LAST_DAY]
    times = {Role.ELSEWHERE: 1, Role.CUTOFF: min(scale + 1, 20)}
    for plant in Role:
        if plant > Role.LAST_DAY:
            planted += [plant] * times.get(plant, scale)
    shop = np.repeat(np.array([0, 1], dtype=np.int64), [orders - second, second])
    role = everyday(orders, dice)
    role[: len(planted)] = planted
    role[len(planted) : len(planted) + 12] = Role.PLAIN
    role[-22:-2] = Role.PLAIN
    role[-2:] = Role.FIRST_DAY, Role.LAST_DAY
    return shop, role


def everyday(orders: int, dice: Dice) -> Ints:
    """Roles of everyday business by their weights."""
    roles = [role for role, _ in _EVERYDAY]
    steps = np.cumsum([weight for _, weight in _EVERYDAY])
    return np.array(roles, dtype=np.int64)[np.searchsorted(steps, dice.between(0, 99, orders), side="right")]


def moment(days: Times, dice: Dice, first: int, last: int) -> Times:
    """A time of day between two full hours, to the second."""
    seconds = dice.between(first * 3600, last * 3600 - 1, len(days))
    return np.asarray(days.astype("datetime64[s]") + seconds.astype("timedelta64[s]"))


def receipts(role: Ints, paid_day: Times, dice: Dice) -> tuple[Times, Times]:
    """Days of payment and of receipt; planted ones in October, so that none is older than 30 days."""
    count = len(role)
    received = paid_day + dice.between(3, 12, count).astype("timedelta64[D]")
    early = np.zeros(count, dtype=bool)
    early[-22:] = True
    early[:40] = True
    soon = (FIRST + dice.between(0, 36, count).astype("timedelta64[D]")).astype("datetime64[D]")
    paid_day = np.where(early & (role == Role.PLAIN), soon, paid_day)
    received = np.where(early & (role == Role.PLAIN), soon + np.timedelta64(7, "D"), received)
    planted = role > Role.LAST_DAY
    october = np.datetime64("2026-10-08", "D") + dice.between(0, 16, count).astype("timedelta64[D]")
    received = np.where(planted, october, received)
    for fixed, day in _FIXED_DAYS.items():
        received = np.where(role == fixed, np.datetime64(day, "D"), received)
    moved = planted | is_any(role, (Role.EARLY_EXPORT, Role.FIRST_DAY))
    paid_day = np.where(moved, received - 4 * DAY, paid_day)
    paid_day = np.where(role == Role.LAST_DAY, LAST, paid_day)
    return paid_day, received


class Trade:
    """The orders of a case as they went: columns of equal length, one place per order."""

    def __init__(self, orders: int, dice: Dice) -> None:
        self.shop, self.role = cast(orders, dice)
        spread = FIRST + dice.between(0, int((LAST - FIRST) / DAY), orders).astype("timedelta64[D]")
        paid_day, day = receipts(self.role, spread, dice)
        self.paid_at = moment(paid_day, dice, 7, 23)
        self.created = self.paid_at - dice.between(20, 900, orders).astype("timedelta64[s]")
        self.day = moment(day, dice, 8, 18)
        midnight = self.day.astype("datetime64[D]") + np.timedelta64(86_390, "s")
        self.day = np.where(self.role == Role.CUTOFF, midnight, self.day)
        planted = self.role > Role.LAST_DAY
        self.paid = np.where(planted, dice.between(20, 80, orders) * 500, dice.between(990, 49_900, orders))
        self.freight = np.where(dice.between(0, 9, orders) == 0, 800, 0) * ~planted
        self.discount = np.where(dice.between(0, 4, orders) == 0, 1000, 0) * ~planted
        self.goods = dice.between(0, 7, orders)
        self._settle_states()
        self._settle_refunds()
        self._settle_money(dice)
        self._number(dice)

    def _settle_states(self) -> None:
        late = self.day.astype("datetime64[D]") > LAST
        self.received = ~late & ~is_any(self.role, _NO_RECEIPT)
        self.money = ~late & ~is_any(self.role, _NO_MONEY)
        state = np.where(self.received, COMPLETED, SHIPPED)
        state = np.where(~self.received & (self.paid_at.astype("datetime64[D]") > LAST - DAY), PAID, state)
        state = np.where(is_any(self.role, (Role.NOT_PAID, Role.UNPAID_PAID)), UNPAID, state)
        closed = (Role.GIVEN_BACK, Role.TIMED_OUT, Role.CLOSED_PAID)
        self.state = np.where(is_any(self.role, closed), CLOSED, state).astype(np.int64)
        reasons = {Role.GIVEN_BACK: taobao_orders.GIVEN_BACK, Role.TIMED_OUT: taobao_orders.TIMED_OUT}
        self.closed_why = np.where(self.role == Role.CLOSED_PAID, taobao_orders.NO_STOCK, taobao_orders.OPEN)
        for role, why in reasons.items():
            self.closed_why = np.where(self.role == role, why, self.closed_why)
        self.bought = ~is_any(self.role, (Role.NOT_PAID, Role.TIMED_OUT, Role.UNPAID_PAID))

    def _settle_refunds(self) -> None:
        part = self.paid * 2 // 5
        partly = (Role.REFUND_PART, Role.REFUND_TWICE, Role.REFUND_MISSING, Role.REFUND_WAITING)
        wholly = (Role.REFUND_ALL, Role.REFUND_RETRIED, Role.REFUND_OVER, Role.GOODWILL)
        refund = np.where(is_any(self.role, (*partly, Role.CUT_BEFORE)), part, 0)
        refund = np.where(is_any(self.role, wholly), self.paid, refund)
        refund = np.where(self.received, refund, 0)
        self.refund = np.where(self.role == Role.GIVEN_BACK, self.paid, refund)
        kept = np.where(self.role == Role.CUT_BEFORE, self.paid - self.refund, self.paid)
        self.released = np.where(self.received, kept, np.where(self.state == CLOSED, 0, -1))

    def _settle_money(self, dice: Dice) -> None:
        """When and how much the accounts move: `money_at`, `received_amount`, `refund_at`, `refund_amount`."""
        month_end, day = np.datetime64("2026-09-30", "D"), self.day.astype("datetime64[D]")
        at = self.day + np.timedelta64(25, "s")
        at = np.where((self.role == Role.NEXT_DAY) & (day != month_end) & (day != LAST), at + DAY, at)
        self.money_at: Times = np.where(self.role == Role.LATE, at + 3 * DAY, at)
        amount = np.where(self.released > 0, self.released, self.paid)
        for role, change in _MONEY_CHANGES.items():
            amount = np.where(self.role == role, amount + change, amount)
        self.received_amount: Ints = np.where(self.role == Role.PART_PAID, amount // 2, amount)
        due = day + dice.between(0, 3, len(day)).astype("timedelta64[D]")
        due = np.minimum(np.where(day <= month_end, np.minimum(due, month_end), due), LAST)
        self.refund_at: Times = self.money_at + (due - day) + np.timedelta64(1, "h")
        amount = np.where(self.role == Role.REFUND_UNASKED, self.paid * 2 // 5, self.refund)
        self.refund_amount: Ints = np.where(self.role == Role.REFUND_OVER, amount + SURPLUS, amount)

    def _number(self, dice: Dice) -> None:
        count = len(self.role)
        rank = np.empty(count, dtype=np.int64)
        rank[np.argsort(self.created, kind="stable")] = np.arange(count)
        steps = np.cumsum(dice.between(1_000_003, 8_000_000_000, count))
        self.order = (4_026_900_000_000_000_000 + steps)[rank]
        self.trade = 200_000_000_000_000 + np.arange(count, dtype=np.int64) * 90_011

    def chosen(self, *roles: Role) -> Ints:
        """Places of the orders with one of these roles."""
        return np.flatnonzero(is_any(self.role, roles))

    def orders(self) -> Orders:
        """As the seller centre prints them."""
        return Orders(
            self.order,
            self.shop,
            self.created,
            np.where(self.bought, self.paid_at, NEVER),
            np.where(self.received, self.day, NEVER),
            self.state,
            self.goods,
            self.freight,
            self.discount,
            self.paid,
            self.refund,
            self.released,
            self.closed_why,
        )
