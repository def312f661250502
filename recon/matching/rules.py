"""Legs and rules: which passes a leg runs, in which order, on what, and what they may do.

The defaults hold for every built-in channel: orders and money by order number, then by payment number, then by amount
inside the channel's own window; transfers and bank rows by number, by the day in the text, then by payer and amount.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from recon.ledger.days import NO_DAY
from recon.timing import add_working_days

#: The rule of numbers that a slip has damaged.
NEAR_RULE = "by-near-number"
#: Kinds of the order leg that a window rule may pair, and the numbers by which its reference pass may link.
KINDS = ("payment", "refund")
KEYS = ("order_ref", "payment_ref")


@dataclass(frozen=True)
class WindowRule:
    """Pairs by equal amount inside a date window.

    name: as it stands in matches.csv. days: first and last day after the trigger (signed), None for the channel's own
    window; the last one in working days of `country` where `unit` is `working`. kinds: what it pairs. channels: order
    lists that it is for, empty for all. posts: false to suggest whatever is found. limit: share of the orders that the
    measured bound of what it posts may reach.
    """

    name: str = "by-amount-and-day"
    days: tuple[int, int] | None = None
    unit: str = "calendar"
    country: str = "CN"
    kinds: frozenset[str] = frozenset(KINDS)
    channels: frozenset[str] = frozenset()
    posts: bool = True
    limit: Fraction = Fraction(1, 1000)

    def window(self, trigger: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the first and the last day for each trigger day (NO_DAY stays)."""
        first, last = self.days or (0, 0)
        known = trigger != NO_DAY
        early, late = trigger.copy(), trigger.copy()
        early[known] += first
        late[known] = (
            add_working_days(trigger[known], last, self.country) if self.unit == "working" else trigger[known] + last
        )
        return early, late


@dataclass(frozen=True)
class OrderRules:
    """The leg order-gateway. keys: by which numbers the reference pass links. windows: in the order of their passes.
    near_key: whether numbers one slip apart are suggested.
    """

    keys: tuple[str, ...] = KEYS
    windows: tuple[WindowRule, ...] = (WindowRule(),)
    near_key: bool = True


@dataclass(frozen=True)
class BankRules:
    """The leg gateway-bank, as far as only payer, amount and day tell. name: as it stands in matches.csv. posts: false
    to suggest what they tell.
    """

    name: str = "by-payer-and-amount"
    posts: bool = True
