"""Is the other side covered, and why does an item wait? One answer per key of the order leg."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from recon.breaks.words import BEYOND, INSIDE, NO_FILE, NOT_DUE, UNPROVEN, W, transit
from recon.ledger.channel import ChannelFacts
from recon.ledger.days import NO_DAY
from recon.ledger.parts import Parts, max_by, min_by
from recon.ledger.view import GATEWAY, KIND, ORDER, View
from recon.timing import Coverage

#: So many payments of a shop tell by which families it is paid.
_ENOUGH = 20


@dataclass(frozen=True)
class Cover:
    """What the files cover.

    gateways, banks, orders: "family:number" -> coverage (of any book), by side. unproven: account -> spans of days of
    unproven files.
    """

    gateways: Mapping[str, Coverage]
    banks: Mapping[str, Coverage]
    orders: Mapping[str, Coverage]
    unproven: Mapping[str, Sequence[tuple[int, int]]]


@dataclass(frozen=True)
class Waits:
    """Per key why its payment, its refund, and money without an order still wait (codes of `words`, "" where nothing
    is to be waited for any more), and the day on which an order of such money is due.
    """

    payment: np.ndarray
    refund: np.ndarray
    order: np.ndarray
    order_due: np.ndarray

    def over(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Per key, whether the wait for its payment, its refund and its order is over."""
        return self.payment == W[""], self.refund == W[""], self.order == W[""]


def waits_of(view: View, channels: Mapping[str, ChannelFacts], parts: Parts, cover: Cover, as_of: int) -> Waits:
    """Return why each key still waits.

    Args:
        view: the ledger.
        channels: facts per channel.
        parts: the comparison.
        cover: what the files cover.
        as_of: day number.
    """
    payment, refund = money_side(view, channels, parts, cover, as_of)
    return Waits(payment, refund, *order_side(view, channels, parts, cover, as_of))


def served(view: View, parts: Parts) -> np.ndarray:
    """Return shop × account: a home of the shop, and of a family that has money of the shop, once that is known.

    Args:
        view: the ledger.
        parts: the comparison.
    """
    shop = max_by(np.where(view.side == ORDER, parts.group, -1), view.shop, len(parts), -1)
    paid = np.flatnonzero((view.side == GATEWAY) & (view.kind == KIND["payment"]) & (parts.group >= 0))
    paid = paid[shop[parts.group[paid]] >= 0]
    width = max(len(view.families), 1)
    pairs = shop[parts.group[paid]] * width + view.family[paid]
    counts = np.bincount(pairs, minlength=len(view.shops) * width).reshape(len(view.shops), width)
    known = counts.sum(axis=1) >= _ENOUGH
    family = np.array([view.families.index(a.split(":", 1)[0]) for a in view.accounts], dtype=np.int64)
    table: np.ndarray = parts.homes & ((counts[:, family] > 0) | ~known[:, np.newaxis])
    return table


def money_side(
    view: View, channels: Mapping[str, ChannelFacts], parts: Parts, cover: Cover, as_of: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return per key why its payment, and why its refund, still waits (codes of
    `words`, "" where the partner is missing).

    The files of the accounts that serve the shop are asked first, then those of all accounts it may settle into.

    Args:
        view: the ledger.
        channels: facts per channel.
        parts: the comparison.
        cover: what the files cover.
        as_of: day number.
    """
    serving = served(view, parts)
    order = np.where(view.side == ORDER, parts.group, -1)
    channel = max_by(order, view.channel, len(parts), -1)
    shop = max_by(order, view.shop, len(parts), -1)
    t = parts.times
    early = np.where(t.early == NO_DAY, t.trigger, t.early)
    pay = _reasons(t.trigger, early, t.due, as_of)
    refund = _reasons(t.refund_trigger, t.refund_trigger, t.refund_due, as_of)
    pair = channel * (len(view.shops) + 1) + shop + 1
    for key in np.unique(pair[channel >= 0]):
        mine = np.flatnonzero((pair == key) & (channel >= 0))
        families = channels[view.channels[channel[mine[0]]]].settles_via
        of_shop = int(shop[mine[0]])
        for homes in (serving, parts.homes):
            accounts = _accounts(view, families, homes[of_shop] if of_shop >= 0 else None, cover)
            pay[mine] = _covered(pay[mine], accounts, cover, early[mine], t.due[mine])
            refund[mine] = _covered(refund[mine], accounts, cover, t.refund_trigger[mine], t.refund_due[mine])
    return pay, refund


def order_side(
    view: View, channels: Mapping[str, ChannelFacts], parts: Parts, cover: Cover, as_of: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return per key without an order why it waits for one ("" where the order is missing), and its due day."""
    money = np.where(view.side == GATEWAY, parts.group, -1)
    day = min_by(money, view.day, len(parts), NO_DAY)
    family = max_by(money, view.family, len(parts), -1)
    due = np.where(day == NO_DAY, NO_DAY, day + 1)
    reason = _reasons(day, day, due, as_of)
    for code in np.unique(family[family >= 0]):
        mine = np.flatnonzero(family == code)
        lists = {f.family for f in channels.values() if f.side == "order" and view.families[code] in f.settles_via}
        accounts = {a: c for a, c in cover.orders.items() if a.split(":", 1)[0] in lists}
        reason[mine] = _covered(reason[mine], accounts, cover, day[mine], due[mine])
    behind = _paid_in_a_hole(view, parts, cover, day)
    reason[behind & (reason == W[""])] = transit(BEYOND)
    return reason, due


def _paid_in_a_hole(view: View, parts: Parts, cover: Cover, day: np.ndarray) -> np.ndarray:
    """Keys of refunds alone, without an order's number, whose payment may lie in days of their account that lie in no
    file: it alone would tell the order.
    """
    s = parts.sums
    money = np.where(view.side == GATEWAY, parts.group, -1)
    number = (view.codes("order_ref")[0] >= 0).astype(np.int64)
    alone = ~s.has_order & (s.payments == 0) & (s.refunds > 0) & (max_by(money, number, len(parts), 0) == 0)
    account = max_by(money, view.account, len(parts), -1)
    behind = np.zeros(len(parts), dtype=bool)
    for name, coverage in cover.gateways.items():
        if coverage.holes and name in view.accounts:
            mine = alone & (account == view.accounts.index(name))
            behind |= mine & (day > min(first for first, _ in coverage.holes))
    return behind


def _reasons(trigger: np.ndarray, early: np.ndarray, due: np.ndarray, as_of: int) -> np.ndarray:
    reason = np.full(len(trigger), W[""], dtype=np.int8)
    reason[due > as_of] = transit(INSIDE)
    reason[(trigger == NO_DAY) | (due == NO_DAY) | (early == NO_DAY)] = transit(NOT_DUE)
    return reason


def _accounts(view: View, families: Sequence[str], home: np.ndarray | None, cover: Cover) -> dict[str, Coverage]:
    """The accounts that money of this order list may come into: the shop's homes, else all of its families."""
    chosen = {a: c for a, c in cover.gateways.items() if a.split(":", 1)[0] in families}
    if home is None:
        return chosen
    allowed = {view.accounts[n] for n in np.flatnonzero(home)}
    at_home = {a: c for a, c in chosen.items() if a in allowed or a not in view.accounts}
    return at_home or chosen


def _covered(
    reason: np.ndarray, accounts: Mapping[str, Coverage], cover: Cover, low: np.ndarray, high: np.ndarray
) -> np.ndarray:
    """Where the item is due: is every account covered, and proven, from the earliest to the due day?"""
    due = reason == W[""]
    if not accounts:
        return np.where(due, transit(NO_FILE), reason)
    covered = np.ones(len(reason), dtype=bool)
    proven = np.ones(len(reason), dtype=bool)
    for name, coverage in accounts.items():
        covered &= coverage.covers(low, high)
        for first, last in cover.unproven.get(name, ()):
            proven &= (high < first) | (low > last)
    reason = np.where(due & ~proven, transit(UNPROVEN), reason)
    return np.where(due & proven & ~covered, transit(BEYOND), reason)
