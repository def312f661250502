"""The sub-orders of the Douyin case: which are everyday business, which are planted, and how each of them went."""

from enum import IntEnum
from typing import Final

import numpy as np

from recon.samples.columns import NEVER, Times
from recon.samples.dice import Dice, Flags, Ints

FIRST: Final = np.datetime64("2026-09-10", "D")
LAST: Final = np.datetime64("2026-10-31", "D")
MONTH_END: Final = np.datetime64("2026-09-30", "D")
DAY: Final = np.timedelta64(1, "D")
UNPAID, PAID, SHIPPED, COMPLETED, CLOSED = range(5)
SURPLUS: Final = 660
"""Minor units that a payment or a refund has too much."""
SHORTFALL: Final = 1234
OVERCHARGE: Final = 35


class Role(IntEnum):
    """What a sub-order is there for; up to UNSETTLED everyday business, the others are planted."""

    PLAIN = 0
    SUBSIDY = 1
    REFUND_AFTER = 2
    GIVEN_BACK = 3
    NOT_PAID = 4
    CANCELLED = 5
    FIRST_DAY = 6
    LAST_DAY = 7
    SETTLED_LAST = 8
    UNSETTLED = 9
    MISSING = 10
    LESS = 11
    MORE = 12
    TWICE = 13
    RETRIED = 14
    CLOSED_PAID = 15
    REFUND_UNASKED = 16
    REFUND_OVER = 17
    REFUND_TWICE = 18
    REFUND_MISSING = 19
    SUBSIDY_SHORT = 20
    ROW_GAP = 21
    FEE_WRONG = 22
    LATE = 23
    UNLISTED_PAID = 24
    UNLISTED_REFUND = 25


UNLISTED: Final = (Role.UNLISTED_PAID, Role.UNLISTED_REFUND)
NOT_BOUGHT: Final = (Role.NOT_PAID, Role.CANCELLED)
AFTER_SALE: Final = (Role.REFUND_AFTER, Role.GIVEN_BACK, Role.REFUND_OVER, Role.REFUND_TWICE, Role.REFUND_MISSING)
_NO_MONEY: Final = (
    Role.GIVEN_BACK, Role.NOT_PAID, Role.CANCELLED, Role.LAST_DAY, Role.UNSETTLED, Role.MISSING,
    Role.UNLISTED_REFUND,
)  # fmt: skip
_CLOSED: Final = (Role.GIVEN_BACK, Role.CANCELLED, Role.CLOSED_PAID, Role.REFUND_MISSING)
_EVERYDAY: Final = (
    (Role.PLAIN, 76), (Role.SUBSIDY, 8), (Role.REFUND_AFTER, 4), (Role.GIVEN_BACK, 6), (Role.NOT_PAID, 3),
    (Role.CANCELLED, 3),
)  # fmt: skip
_PLAIN_AT_LEAST: Final = 16


def cast(orders: int, dice: Dice) -> Ints:
    """Give each sub-order its role; those in no order file come last."""
    scale = max(1, orders // 1000)
    planted: list[int] = [Role.FIRST_DAY, Role.LAST_DAY, Role.SETTLED_LAST, Role.UNSETTLED]
    for plant in Role:
        if Role.UNSETTLED < plant < Role.UNLISTED_PAID:
            planted += [plant] * scale
    roles = [kind for kind, _ in _EVERYDAY]
    steps = np.cumsum([weight for _, weight in _EVERYDAY])
    role = np.array(roles, dtype=np.int64)[np.searchsorted(steps, dice.between(0, 99, orders), side="right")]
    role[: len(planted)] = planted
    role[len(planted) : len(planted) + _PLAIN_AT_LEAST] = Role.PLAIN
    role[-4:] = Role.SUBSIDY, Role.REFUND_AFTER, Role.GIVEN_BACK, Role.NOT_PAID
    return np.concatenate([role, np.repeat(np.array(UNLISTED, dtype=np.int64), scale)])


class Trade:
    """The sub-orders as they went: columns of equal length, one place per sub-order."""

    def __init__(self, orders: int, dice: Dice) -> None:
        self.role = cast(orders, dice)
        count = len(self.role)
        self._settle_days(orders, dice)
        self.created: Times = self.paid_at - dice.between(20, 900, count).astype("timedelta64[s]")
        planted = self.role > Role.UNSETTLED
        self.paid: Ints = np.where(planted, dice.between(20, 80, count) * 500, dice.between(990, 49_900, count))
        unlisted = self.any(*UNLISTED)
        self.listed: Flags = ~unlisted
        self.paid = np.where(unlisted, dice.between(20, 300, count) * 100 + 37, self.paid)
        subsidised, parity = self.any(Role.SUBSIDY), dice.between(0, 1, count)
        self.platform: Ints = np.where(subsidised & (parity == 0), 500, 0)
        self.platform = np.where(self.any(Role.SUBSIDY_SHORT), 1000, self.platform)
        self.influencer: Ints = np.where(subsidised & (parity == 1), 300, 0)
        rank = np.empty(count, dtype=np.int64)
        rank[np.argsort(self.created, kind="stable")] = np.arange(count)
        steps = np.cumsum(dice.between(1_000_003, 8_000_000_000, count))
        self.sub: Ints = (6_945_000_000_000_000_000 + steps)[rank]
        self.main: Ints = self.sub.copy()
        self._pair()

    def _settle_days(self, orders: int, dice: Dice) -> None:
        """`paid_at`, `done_at` (never: not completed), `settled_at` (never: no money), `state`."""
        count = len(self.role)
        paid = FIRST + dice.between(0, int((LAST - FIRST) / DAY), count).astype("timedelta64[D]")
        first = np.arange(count) < min(orders, 60)
        early = FIRST + dice.between(0, 27, count).astype("timedelta64[D]")
        paid = np.where(first & self.any(Role.PLAIN), early, paid)
        planted = self.role > Role.UNSETTLED
        paid = np.where(planted, np.datetime64("2026-10-01", "D") + dice.between(0, 10, count) * DAY, paid)
        fixed = {
            Role.FIRST_DAY: FIRST,
            Role.LAST_DAY: LAST,
            Role.SETTLED_LAST: LAST - 9 * DAY,
            Role.UNSETTLED: LAST - 9 * DAY,
        }
        for role, day in fixed.items():
            paid = np.where(self.role == role, day, paid)
        shown = np.arange(count) >= orders - 4  # one of each everyday kind, settled within October
        paid = np.where(shown & self.listed_roles(), np.datetime64("2026-10-05", "D"), paid)
        steady = planted | shown | self.any(Role.SETTLED_LAST, Role.UNSETTLED)
        done = paid + np.where(steady, 4, dice.between(3, 10, count)) * DAY
        lag = np.where(steady, 5, dice.between(4, 9, count))
        settled = done + np.where(self.role == Role.LATE, 12, lag) * DAY
        self._everyday_only(done, settled)
        no_money = self.any(*_NO_MONEY) | (settled > LAST)
        self.paid_at: Times = _moment(paid, dice, 8, 22)
        self.done_at: Times = _moment(done, dice, 8, 22)
        self.settled_at: Times = np.where(no_money, NEVER, _moment(settled, dice, 8, 18))
        self._settle_states(paid, done)

    def listed_roles(self) -> Flags:
        """The sub-orders that stand in the order file."""
        return ~self.any(*UNLISTED)

    def _everyday_only(self, done: Times, settled: Times) -> None:
        """Sub-orders settled over a month end, or not yet, carry neither subsidy nor refund: one cause a finding."""
        over = ((done <= MONTH_END) & (settled > MONTH_END)) | (settled + 3 * DAY > LAST)
        self.role = np.where(over & self.any(Role.SUBSIDY, Role.REFUND_AFTER), Role.PLAIN, self.role)

    def _settle_states(self, paid: Times, done: Times) -> None:
        state = np.where(done > LAST, np.where(paid > LAST - 2 * DAY, PAID, SHIPPED), COMPLETED)
        state = np.where(self.any(Role.NOT_PAID), UNPAID, state)
        self.state: Ints = np.where(self.any(*_CLOSED), CLOSED, state).astype(np.int64)
        keeps = (self.state == COMPLETED) | self.any(Role.REFUND_MISSING)
        self.done_at = np.where(keeps, self.done_at, NEVER)

    def _pair(self) -> None:
        """Every eighth pair of plain neighbours is one order of two sub-orders, paid and completed together."""
        rows = self.chosen(Role.PLAIN)
        rows = rows[: len(rows) // 2 * 2].reshape(-1, 2)[::8]
        first, second = rows[:, 0], rows[:, 1]
        self.main[second] = self.main[first]
        for column in (self.created, self.paid_at, self.done_at, self.settled_at, self.state):
            column[second] = column[first]

    def any(self, *roles: Role) -> Flags:
        """The sub-orders with one of these roles."""
        return np.isin(self.role, roles)

    def chosen(self, *roles: Role) -> Ints:
        """Places of the sub-orders with one of these roles."""
        return np.flatnonzero(self.any(*roles))


def _moment(days: Times, dice: Dice, first: int, last: int) -> Times:
    """A time of day between two full hours, to the second."""
    seconds = dice.between(first * 3600, last * 3600 - 1, len(days)).astype("timedelta64[s]")
    return np.asarray(days.astype("datetime64[s]") + seconds)
