"""The order leg as sums per key: what one order should have brought, what came, and which parts agree.

A part is what one key has in the leg: payment part (sale, payment), refund part, subsidy part. Matching fills this
table; breaks reads from it what is left over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from recon.ledger.channel import Window
from recon.ledger.view import KIND, ORDER, View

NO_PART, PAYMENT, REFUND, SUBSIDY = 0, 1, 2, 3
PLAIN, ESCROW, SUBORDER, PLATFORM, DOCUMENTED = 0, 1, 2, 3, 4
COMPARISONS = ("plain", "escrow", "suborder", "platform", "documented")
#: Comparisons whose order lists print no amount of a refund.
UNPRICED = (SUBORDER, PLATFORM, DOCUMENTED)
#: How the pairing of a key was found; `structure` is a pool here: the set balances, the pairing inside is open.
BASES = ("key", "unique", "elimination", "structure", "text", "near_key", "decision")
BY_KEY, BY_UNIQUE, BY_ELIMINATION, BY_STRUCTURE, BY_TEXT, BY_NEAR_KEY, BY_DECISION = range(len(BASES))
#: What becomes of a set of keys that no number ties together: it is booked; shown for a person to confirm; several
#: partners are equally good; the windows of all that may be its partners are not closed and covered yet.
POST, SUGGEST, RIVAL, WAIT = range(4)


@dataclass(frozen=True)
class Sums:
    """Per key, in minor units and ledger signs: `sale`, `refunded`, `subsidised` on the order side, `paid`, `returned`,
    `granted` on the gateway side; `*_before_coupons` where the gateway prints the amount before its coupons.

    `expect_paid` and `expect_returned` are what the channel's comparison asks of the gateway; `released_known` is false
    where the platform's release is not in the order list yet. `payments`, `refunds`, `orders` count rows.
    """

    has_order: np.ndarray
    comparison: np.ndarray
    sale: np.ndarray
    refunded: np.ndarray
    subsidised: np.ndarray
    paid: np.ndarray
    returned: np.ndarray
    granted: np.ndarray
    paid_before_coupons: np.ndarray
    returned_before_coupons: np.ndarray
    expect_paid: np.ndarray
    expect_returned: np.ndarray
    compares_subsidy: np.ndarray
    released_known: np.ndarray
    order_amount: np.ndarray
    payments: np.ndarray
    refunds: np.ndarray
    state: np.ndarray  # code of schema.STATES, -1 without order
    after_sale: np.ndarray  # code of schema.AFTER_SALES, -1 without


@dataclass(frozen=True)
class Times:
    """Per key, day numbers (NO_DAY where unknown): trigger and window of the payment and of the refund.

    `refund_stated`: the order list prints the refund's day; else the trigger is a bound only. `order_day`: paid, else
    ordered; `money_day`: the latest gateway row; `later_day`: the first day after as_of on which the side that is
    lacking appears.
    """

    trigger: np.ndarray
    early: np.ndarray
    due: np.ndarray
    refund_trigger: np.ndarray
    refund_stated: np.ndarray
    refund_due: np.ndarray
    order_day: np.ndarray
    pay_day: np.ndarray
    money_day: np.ndarray
    later_day: np.ndarray


@dataclass(frozen=True)
class Loose:
    """Keys that no number ties to the other side, in sets of those that amount, day and text tie or cannot tell apart.

    set_of: per key its set, -1 for none. fate, basis: per set (`POST` ..., `BASES`). assignments: per set the ways in
    which it could be paired, 1,001 for more than 1,000. rule: per set the place in `rules`, the names of the rules.
    candidates: per key the keys that may be its partner.
    """

    set_of: np.ndarray
    fate: np.ndarray
    basis: np.ndarray
    assignments: np.ndarray
    rule: np.ndarray
    candidates: np.ndarray
    rules: tuple[str, ...] = ()

    def keys_of(self, fate: int) -> np.ndarray:
        """True for the keys of all sets with this fate."""
        chosen = np.append(self.fate == fate, False)  # the last place stands for no set
        member: np.ndarray = chosen[self.set_of]
        return member


def no_loose(size: int) -> Loose:
    """No key is loose."""
    nothing = np.zeros(0, dtype=np.int64)
    return Loose(np.full(size, -1, dtype=np.int64), nothing, nothing, nothing, nothing, np.zeros(size, dtype=np.int64))


@dataclass(frozen=True)
class Accepted:
    """Per key, differences that a rule of the company accepts: minor units, received less expected, 0 without one.

    paid, returned: of the payments and of the refunds. limit: up to where the rule accepts. write_off: one of the two
    is beyond the named tolerance, and written off.
    """

    paid: np.ndarray
    returned: np.ndarray
    limit: np.ndarray
    write_off: np.ndarray


@dataclass(frozen=True)
class Parts:
    """The whole comparison. group and part: per entry, -1 and NO_PART where the entry takes no part.

    payment_ok, refund_ok, subsidy_ok: per key, whether that part agrees (false without an order). `accepted`: where it
    does not agree to the last unit. `refund_only`: the key's order was fully refunded before any money moved. `homes`:
    shop × account, where a shop may settle. `astray`: order and money meet, but in an account that is not the home of
    the order's shop. `basis`: per key, of `BASES`. `loose`: what amount, day and text say of keys that no number ties
    to the other side. `apart`: pairs of keys, an order's and one of money, that a person declined (n x 2): they never
    meet.
    """

    group: np.ndarray
    part: np.ndarray
    sums: Sums
    times: Times
    payment_ok: np.ndarray
    refund_ok: np.ndarray
    subsidy_ok: np.ndarray
    accepted: Accepted
    refund_only: np.ndarray
    homes: np.ndarray
    astray: np.ndarray
    basis: np.ndarray
    loose: Loose
    apart: np.ndarray

    def __len__(self) -> int:
        return len(self.sums.sale)


# A group of -1 falls into one place more at the end, which is cut off: cheaper than picking the others out.


def with_detail(view: View, group: np.ndarray, size: int, windows: Sequence[Window]) -> dict[str, np.ndarray]:
    """Return for each detail that a window is for which keys hold a sale that has it.

    Args:
        view: the ledger.
        group: the key of each entry, -1 without.
        size: how many keys there are.
        windows: windows of an order list.
    """
    names = [rule.detail for rule in windows if rule.detail is not None]
    if not names:
        return {}
    sales = (view.side == ORDER) & (view.kind == KIND["sale"])
    return {name: count_by(np.where(sales & view.detailed(name), group, -1), size) > 0 for name in names}


def sum_by(groups: np.ndarray, values: np.ndarray, size: int) -> np.ndarray:
    """Exact int64 sums per group; entries with group -1 are left out."""
    total = np.zeros(size + 1, dtype=np.int64)
    np.add.at(total, groups, values)
    return total[:size]


def count_by(groups: np.ndarray, size: int) -> np.ndarray:
    """Number of entries per group."""
    return np.bincount(groups + 1, minlength=size + 1)[1:].astype(np.int64, copy=False)


def max_by(groups: np.ndarray, values: np.ndarray, size: int, empty: int) -> np.ndarray:
    """The largest value per group, `empty` where a group has none (smaller values than it count as none)."""
    top = np.full(size + 1, empty, dtype=np.int64)
    np.maximum.at(top, groups, values)
    return top[:size]


def min_by(groups: np.ndarray, values: np.ndarray, size: int, empty: int) -> np.ndarray:
    """The smallest value per group, `empty` where a group has none."""
    low = np.full(size + 1, np.iinfo(np.int64).max, dtype=np.int64)
    np.minimum.at(low, groups, values)
    low[low == np.iinfo(np.int64).max] = empty
    return low[:size]
