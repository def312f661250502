"""The orders of the WeChat case: which are everyday business, which are planted, and how each of them went."""

from enum import IntEnum
from typing import Final

import numpy as np
import pyarrow as pa

from recon.samples.columns import Times, day, join, number
from recon.samples.dice import Dice, Flags, Ints

FIRST: Final = np.datetime64("2026-09-21", "D")
LAST: Final = np.datetime64("2026-10-23", "D")
MONTH_END: Final = np.datetime64("2026-09-30", "D")
DAY: Final = np.timedelta64(1, "D")
SECOND_SHOP: Final = 22
"""Least orders of the second shop: 20 keys tell the home of a shop."""


class Role(IntEnum):
    """What an order is there for; up to CASH everyday business, the others are planted."""

    PLAIN = 0
    REFUND_PART = 1
    REFUND_ALL = 2
    NOT_PAID = 3
    CANCELLED = 4
    CASH = 5
    MISSING = 6
    MISSING_UNSHIPPED = 7
    SET_BY_HAND = 8
    LESS = 9
    MORE = 10
    TWICE = 11
    RETRIED = 12
    CLOSED_PAID = 13
    UNPAID_PAID = 14
    REFUND_TWICE = 15
    REFUND_RETRIED = 16
    REFUND_OVER = 17
    GOODWILL = 18
    REFUND_UNASKED = 19
    REFUND_MISSING = 20
    REFUND_WAITING = 21
    FEE_WRONG = 22
    LATE = 23
    CUTOFF = 24
    DUE_TOMORROW = 25
    ELSEWHERE = 26
    BOOK_MISSING = 27
    BOOK_DIFFERS = 28
    BOOK_FEE = 29
    UNLISTED_PAID = 30
    UNLISTED_REFUND = 31


UNLISTED: Final = (Role.UNLISTED_PAID, Role.UNLISTED_REFUND)
PARTLY: Final = (Role.REFUND_PART, Role.REFUND_TWICE, Role.REFUND_MISSING, Role.REFUND_WAITING)
WHOLLY: Final = (Role.REFUND_ALL, Role.REFUND_RETRIED, Role.REFUND_OVER, Role.GOODWILL)
NO_MONEY: Final = (
    Role.NOT_PAID, Role.CANCELLED, Role.CASH, Role.MISSING, Role.MISSING_UNSHIPPED, Role.SET_BY_HAND,
    Role.DUE_TOMORROW, Role.UNLISTED_REFUND,
)  # fmt: skip
NO_REFUND_ROW: Final = (Role.REFUND_MISSING, Role.REFUND_WAITING)
NOT_SHIPPED: Final = (
    Role.MISSING_UNSHIPPED, Role.REFUND_WAITING, Role.NOT_PAID, Role.CANCELLED, Role.CLOSED_PAID, Role.UNPAID_PAID,
)  # fmt: skip
_EVERYDAY: Final = (
    (Role.PLAIN, 80), (Role.REFUND_PART, 6), (Role.REFUND_ALL, 3), (Role.NOT_PAID, 4), (Role.CANCELLED, 4),
    (Role.CASH, 3),
)  # fmt: skip
_DAYS: Final = {
    Role.CUTOFF: "2026-09-30", Role.DUE_TOMORROW: "2026-10-23", Role.REFUND_WAITING: "2026-10-21",
}  # fmt: skip
ANCHORS: Final = ("2026-09-21", "2026-09-30", "2026-10-01", "2026-10-23")
"""Days on which the first merchant number has a payment in any case."""
SECOND_ANCHORS: Final = ("2026-09-21", "2026-09-30", "2026-10-12", "2026-10-14", "2026-10-22", "2026-10-23")
"""The same for the second one, whose days are paid out each on its own."""


def cast(orders: int, dice: Dice) -> tuple[Ints, Ints]:
    """Give each order its shop and its role; orders in no list come last."""
    second, scale = max(SECOND_SHOP, orders // 4), max(1, orders // 1000)
    times = {Role.ELSEWHERE: 1, Role.CUTOFF: min(scale + 1, 20)}
    planted: list[int] = []
    for plant in Role:
        if Role.CASH < plant < Role.UNLISTED_PAID:
            planted += [plant] * times.get(plant, scale)
    roles = [kind for kind, _ in _EVERYDAY]
    steps = np.cumsum([weight for _, weight in _EVERYDAY])
    role = np.array(roles, dtype=np.int64)[np.searchsorted(steps, dice.between(0, 99, orders), side="right")]
    role[: len(planted)] = planted
    plain = len(planted) + min(orders - second - len(planted), 60)
    role[len(planted) : plain] = Role.PLAIN
    role[-SECOND_SHOP:] = Role.PLAIN
    whole_days = role[-second:] == Role.REFUND_ALL  # a day of one refunded order would have no foot to pay out
    role[-second:][whole_days] = Role.REFUND_PART
    extra = np.repeat(np.array(UNLISTED, dtype=np.int64), scale)
    shop = np.repeat(np.array([0, 1, 0], dtype=np.int64), [orders - second, second, len(extra)])
    return shop, np.concatenate([role, extra])


def paying_days(role: Ints, orders: int, dice: Dice) -> Times:
    """Days of payment: one plain order on each anchor and each day, then anywhere; planted ones in early October."""
    count = len(role)
    span = int((LAST - FIRST) / DAY)
    days: Times = FIRST + dice.between(0, span, count).astype("timedelta64[D]")
    october = np.datetime64("2026-10-05", "D") + dice.between(0, 6, count).astype("timedelta64[D]")
    days = np.where(role > Role.CASH, october, days)
    for plant, fixed in _DAYS.items():
        days = np.where(role == plant, np.datetime64(fixed, "D"), days)
    plain = np.flatnonzero(role[: orders - SECOND_SHOP] == Role.PLAIN)
    every = np.concatenate([np.array(ANCHORS, dtype="datetime64[D]"), FIRST + np.arange(span + 1) * DAY])
    size = min(len(plain), len(every))
    days[plain[:size]] = every[:size]
    days[orders - len(SECOND_ANCHORS) : orders] = np.array(SECOND_ANCHORS, dtype="datetime64[D]")
    return days


class Trade:
    """The orders of the case as they went: columns of equal length, one place per order."""

    def __init__(self, orders: int, dice: Dice) -> None:
        self.shop, self.role = cast(orders, dice)
        count = len(self.role)
        days = paying_days(self.role, orders, dice)
        seconds = dice.between(8 * 3600, 18 * 3600, count)
        at: Times = days.astype("datetime64[s]") + seconds.astype("timedelta64[s]")
        midnight = days.astype("datetime64[s]") + np.timedelta64(86_398, "s")
        self.paid_at: Times = np.where(self.any(Role.CUTOFF, Role.DUE_TOMORROW), midnight, at)
        self.created: Times = self.paid_at - dice.between(20, 900, count).astype("timedelta64[s]")
        planted = self.role > Role.CASH
        self.paid: Ints = np.where(planted, dice.between(20, 80, count) * 500, dice.between(990, 49_900, count))
        unlisted = self.any(*UNLISTED)
        self.paid = np.where(unlisted, dice.between(20, 300, count) * 100 + 37, self.paid)
        self.coupon: Ints = np.where(dice.between(0, 4, count) == 0, 1000, 0) * ~planted
        refund = np.where(self.any(*PARTLY), self.paid * 2 // 5, 0)
        self.refund: Ints = np.where(self.any(*WHOLLY), self.paid, refund)
        self.listed: Flags = ~unlisted
        self.bought: Flags = ~self.any(Role.NOT_PAID, Role.CANCELLED, Role.CLOSED_PAID, Role.UNPAID_PAID)
        rank = np.empty(count, dtype=np.int64)
        rank[np.argsort(self.created, kind="stable")] = np.arange(count)
        self.serial: Ints = rank + 1
        self._settle_shipping(dice)

    def _settle_shipping(self, dice: Dice) -> None:
        """`shipped_at` a day after the payment, `done_at` four days later; what lies after the last day is open."""
        end = LAST.astype("datetime64[s]") + np.timedelta64(86_399, "s")
        never = np.datetime64("NaT", "s")
        hours = dice.between(16, 30, len(self.role)).astype("timedelta64[h]")
        shipped = self.paid_at + hours
        closed = self.any(*NOT_SHIPPED)
        self.shipped_at: Times = np.where(closed | (shipped > end), never, shipped)
        done = self.shipped_at + 4 * DAY
        self.done_at: Times = np.where(done > end, never, done)

    def any(self, *roles: Role) -> Flags:
        """The orders with one of these roles."""
        return np.isin(self.role, roles)

    def chosen(self, *roles: Role) -> Ints:
        """Places of the orders with one of these roles."""
        return np.flatnonzero(self.any(*roles))

    def order_numbers(self, rows: Ints) -> pa.Array:
        """The shop's order numbers: XS, the day, a running number."""
        return join("XS", day(self.created[rows], ""), number(self.serial[rows], 7))

    def payment_numbers(self, rows: Ints, again: int = 0) -> pa.Array:
        """WeChat's 28-digit transaction numbers; `again` 1 is a second payment of the order."""
        return join("4200002360", day(self.paid_at[rows], ""), number(1_000_000_000 + rows * 10 + again, 10))

    def refund_numbers(self, rows: Ints, again: int = 0) -> pa.Array:
        """The shop's refund numbers."""
        return join("TK", self.order_numbers(rows), f"-{again + 1}")
