"""Pass 2 on the order leg: orders and money that no number ties together, by amount, day and what contradicts.

A key that misses its payment (or its refund) waits for one; a movement without an order number may be it. Pairs and
pools that may be posted become one key, and are compared like any other; the rest is suggested, or said to be open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from recon.ledger.channel import ChannelFacts
from recon.ledger.days import NO_DAY, month_of
from recon.ledger.measured import Measured, Money
from recon.ledger.outcome import ORDER_GATEWAY
from recon.ledger.parts import (
    BY_DECISION,
    BY_ELIMINATION,
    BY_KEY,
    BY_STRUCTURE,
    BY_UNIQUE,
    POST,
    RIVAL,
    SUGGEST,
    WAIT,
    Loose,
    Parts,
    count_by,
    max_by,
    min_by,
    no_loose,
    sum_by,
)
from recon.ledger.view import GATEWAY, KIND, ORDER, STATE, View
from recon.matching.alternatives import assignments
from recon.matching.bounds import NAMES, Windowed, window_pass
from recon.matching.decided_keys import apart_rows, untorn
from recon.matching.keys import scopes, unnumbered
from recon.matching.planting import Leftovers
from recon.matching.reference import compare_keys
from recon.matching.window import ELIMINATION, OPEN, POOL, UNIQUE, Side

_BASIS = {UNIQUE: BY_UNIQUE, ELIMINATION: BY_ELIMINATION, POOL: BY_STRUCTURE, OPEN: BY_KEY}


@dataclass(frozen=True)
class Closed:
    """Per key, whether all days on which the partner may come are over and covered by the other side's files.

    payment, refund: of what an order waits for. order: of money that waits for its order.
    """

    payment: np.ndarray
    refund: np.ndarray
    order: np.ndarray


def pair_loose(
    view: View, channels: Mapping[str, ChannelFacts], parts: Parts, active: np.ndarray, closed: Closed
) -> tuple[Loose, Measured | None]:
    """Tie loose keys together by amount and day.

    Args:
        view: the ledger.
        channels: facts per channel.
        parts: the comparison by reference.
        active: entries that the leg compares.
        closed: which keys' windows are over and covered.

    Returns:
        The sets, and how often pairs by amount and day may be wrong (None where there was nothing to measure).
    """
    keys = _Keys(view, channels, parts, active)
    left, right = np.flatnonzero(keys.wants), np.flatnonzero(keys.offers)
    if not len(left) or not len(right):
        return no_loose(len(parts)), None
    rest = apart_rows(keys.leftovers(left, right), left, right, parts.apart)
    orders = int(parts.sums.has_order.sum())
    seen = untorn(window_pass(rest, orders), left, right, parts.apart)
    return _sets(keys, rest, left, right, seen, closed), _measured(keys, left, seen, orders)


def _measured(keys: _Keys, left: np.ndarray, seen: Windowed, orders: int) -> Measured | None:
    """The measurement as the report shows it, with the money of what is posted per currency."""
    plantings = seen.plantings
    if plantings is None:
        return None
    bounds = []
    for bound in seen.bounds:
        state = next(code for code, name in NAMES.items() if name == bound.basis)
        posted = left[seen.post_left & (seen.pairing.left_state == state)]
        share = Fraction(bound.wrong, max(bound.posted, 1))
        totals = sum_by(keys.currency[posted], np.abs(keys.amount[posted]), len(keys.view.currencies)).tolist()
        worth = zip(keys.view.currencies, totals, strict=True)
        money = tuple(Money(name, total, -int(-total * share // 1)) for name, total in worth if total)
        bounds.append(replace(bound, money=money))
    return Measured(
        leg=ORDER_GATEWAY,
        orders=orders,
        planted=plantings.planted,
        lonely_orders=plantings.lonely_left,
        lonely_money=plantings.lonely_right,
        look_alikes=plantings.look_alikes,
        bounds=tuple(bounds),
    )


def settle(
    view: View, channels: Mapping[str, ChannelFacts], parts: Parts, loose: Loose, *, zone: str, tolerance: int
) -> Parts:
    """Make one key of each set that posts, and compare again. Keys keep their numbers; a set takes its smallest."""
    post = np.flatnonzero(loose.keys_of(POST))
    if not len(post):
        return replace(parts, loose=loose)
    first = min_by(np.where(loose.keys_of(POST), loose.set_of, -1), np.arange(len(parts)), len(loose.fate), -1)
    into = np.arange(len(parts))
    into[post] = first[loose.set_of[post]]
    group = np.where(parts.group >= 0, into[parts.group], -1)
    again = compare_keys(view, channels, group, len(parts), parts.homes, zone=zone, tolerance=tolerance)
    basis = parts.basis.copy()
    basis[post] = loose.basis[loose.set_of[post]]
    times = replace(again.times, later_day=parts.times.later_day)
    return replace(again, times=times, basis=basis, loose=loose, apart=parts.apart)


class _Keys:
    """What the window pass must know of each key."""

    def __init__(self, view: View, channels: Mapping[str, ChannelFacts], parts: Parts, active: np.ndarray) -> None:
        self.view, self.channels, self.parts = view, channels, parts
        s, size = parts.sums, len(parts)
        dead = np.isin(s.state, [STATE["unpaid"], STATE["closed"]]) & (s.sale + s.refunded == 0)
        quiet = (s.payments == 0) & (s.granted == 0) & ~parts.refund_only & ~parts.payment_ok & ~dead
        self.lacks_payment = s.has_order & quiet & (s.returned == 0) & (s.expect_paid > 0)
        refundless = parts.payment_ok & ~parts.refund_ok & (s.refunds == 0) & (s.expect_returned < 0)
        self.lacks_refund = s.has_order & refundless & ~parts.astray
        numbered = count_by(np.where(unnumbered(view, channels, active), -1, parts.group), size) > 0
        sole = ~s.has_order & (s.granted == 0) & (s.payments + s.refunds == 1)
        free = parts.basis != BY_DECISION  # what people put together is complete
        self.offers, self.stray = sole & ~numbered & free, sole & numbered & free
        self.wants = (self.lacks_payment | self.lacks_refund) & free
        self.amount = np.where(s.has_order, np.where(self.lacks_refund, s.expect_returned, s.expect_paid), 0)
        self.amount = np.where(s.has_order, self.amount, s.paid + s.returned)
        self.keyed = free & s.has_order & parts.payment_ok & ~parts.astray & (s.payments == 1) & (s.expect_paid > 0)
        order = np.where(view.side == ORDER, parts.group, -1)
        money = np.where(view.side == GATEWAY, parts.group, -1)
        self.one_order = count_by(np.where(view.kind == KIND["sale"], order, -1), size) == 1
        self.channel = max_by(order, view.channel, size, -1)
        self.shop = max_by(order, view.shop, size, -1)
        self.account = max_by(np.where(np.isin(view.kind, _MOVES), money, -1), view.account, size, -1)
        self.family = max_by(money, view.family, size, -1)
        self.scope = max_by(parts.group, scopes(view, channels), size, 0)
        self.currency = max_by(parts.group, view.currency, size, 0)
        code, _ = view.codes("payment_ref")
        self.paid_by_number = max_by(order, code, size, -1) >= 0
        self.has_number = max_by(money, code, size, -1) >= 0

    def leftovers(self, left: np.ndarray, right: np.ndarray) -> Leftovers:
        """The rows of the window pass; a row is a key."""
        keyed = np.flatnonzero(self.keyed & self.one_order)
        strays = np.flatnonzero(self.stray)
        mine, tags_of_left = self._tags(np.concatenate([left, keyed]), of_order=True)
        yours, tags_of_right = self._tags(np.concatenate([right, keyed, strays]), of_order=False)
        compatible = np.array([[self._meet(one, other) for other in tags_of_right] for one in tags_of_left], dtype=bool)
        yours_keyed, yours_stray = yours[len(right) : len(right) + len(keyed)], yours[len(right) + len(keyed) :]
        return Leftovers(
            left=self._waiting(left, mine[: len(left)]),
            right=self._moved(right, yours[: len(right)]),
            keyed_left=self._waiting(keyed, mine[len(left) :]),
            keyed_right=self._moved(keyed, yours_keyed),
            strays=self._moved(strays, yours_stray),
            compatible=compatible,
        )

    def _tags(self, keys: np.ndarray, *, of_order: bool) -> tuple[np.ndarray, list[tuple[int, int, int]]]:
        """What may contradict, as one small number per distinct combination."""
        if of_order:
            facts = np.stack([self.channel[keys], self.shop[keys], self.paid_by_number[keys].astype(np.int64)])
        else:
            facts = np.stack([self.family[keys], self.account[keys], self.has_number[keys].astype(np.int64)])
        distinct, tag = np.unique(facts, axis=1, return_inverse=True)
        return tag.reshape(-1).astype(np.int64), [tuple(column) for column in distinct.T.tolist()]

    def _meet(self, order: tuple[int, int, int], money: tuple[int, int, int]) -> bool:
        """An account that is not the shop's, a gateway the list does not settle through, two numbers that differ."""
        channel, shop, paid_by_number = order
        family, account, has_number = money
        at_home = shop < 0 or account < 0 or bool(self.parts.homes[shop, account])
        through = self.view.families[family] in self.channels[self.view.channels[channel]].settles_via
        return at_home and through and not (paid_by_number and has_number)

    def _waiting(self, keys: np.ndarray, tag: np.ndarray) -> Side:
        t = self.parts.times
        early = np.where(self.lacks_refund[keys], t.refund_trigger[keys], t.early[keys])
        late = np.where(self.lacks_refund[keys], t.refund_due[keys], t.due[keys])
        unknown = (early == NO_DAY) | (late == NO_DAY)
        return Side(
            self._block(keys),
            self.amount[keys],
            np.where(unknown, 1, early),
            np.where(unknown, 0, late),  # no window is known: no day lies in it
            tag,
        )

    def _moved(self, keys: np.ndarray, tag: np.ndarray) -> Side:
        t = self.parts.times
        day = np.where(self.keyed[keys], t.pay_day[keys], t.money_day[keys])
        return Side(self._block(keys), self.amount[keys], day, day, tag)

    def _block(self, keys: np.ndarray) -> np.ndarray:
        block: np.ndarray = self.scope[keys] * max(len(self.view.currencies), 1) + self.currency[keys]
        return block


_MOVES = (KIND["payment"], KIND["refund"])


def _sets(keys: _Keys, rest: Leftovers, left: np.ndarray, right: np.ndarray, seen: Windowed, closed: Closed) -> Loose:
    """One set per group of the pairing, with what becomes of it."""
    pairing, size = seen.pairing, seen.pairing.groups
    group = np.concatenate([pairing.left_group, pairing.right_group])
    member = np.concatenate([left, right])
    over = np.where(
        np.concatenate([np.ones(len(left), dtype=bool), np.zeros(len(right), dtype=bool)]),
        np.where(keys.lacks_refund[member], closed.refund[member], closed.payment[member]),
        closed.order[member],
    )
    inside = group >= 0
    component = np.concatenate([pairing.left_component, pairing.right_component])
    waits = count_by(np.where(inside & ~over, component, -1), int(component.max(initial=-1)) + 1) > 0
    state = max_by(group, np.concatenate([pairing.left_state, pairing.right_state]).astype(np.int64), size, OPEN)
    held = np.zeros(size, dtype=bool)
    held[group[inside]] = waits[component[inside]]
    post = _may_post(keys, left, right, seen, state)
    fate = np.where(held, WAIT, np.where(state == OPEN, RIVAL, np.where(post, POST, SUGGEST)))
    basis = np.array([_BASIS.get(n, BY_KEY) for n in range(POOL + 1)], dtype=np.int64)[state]
    set_of = np.full(len(keys.parts), -1, dtype=np.int64)
    set_of[member] = group
    candidates = np.zeros(len(keys.parts), dtype=np.int64)
    candidates[member] = np.concatenate([pairing.left_candidates, pairing.right_candidates])
    return Loose(set_of, fate, basis, assignments(rest.left, rest.right, rest.compatible, pairing), candidates)


def _may_post(keys: _Keys, left: np.ndarray, right: np.ndarray, seen: Windowed, state: np.ndarray) -> np.ndarray:
    """Per group, whether its basis is good enough: under the measured bound, else by what needs no measure.

    Without a bound a unique pair posts only where the order list settles through that one gateway, a pool only where
    its rows are equal in day too. A pool posts as a sum, so all its members must agree in every posting dimension.
    """
    pairing, size = seen.pairing, seen.pairing.groups
    parts, view = keys.parts, keys.view
    if seen.bounds:
        good = count_by(np.where(seen.post_left, pairing.left_group, -1), size) > 0
    else:
        sole = np.array([len(keys.channels[c].settles_via) == 1 for c in view.channels], dtype=bool)
        named = count_by(np.where(sole[keys.channel[left]], pairing.left_group, -1), size) > 0
        same_day = _one(pairing.left_group, parts.times.early[left], size) & _one(
            pairing.right_group, parts.times.money_day[right], size
        )
        good = np.where(state == UNIQUE, named, (state == POOL) & same_day)
    ordered, moved = month_of(parts.times.order_day[left]), month_of(parts.times.money_day[right])
    of_orders = (keys.channel[left], keys.shop[left], parts.sums.state[left], ordered)
    agree = np.all(
        [
            *(_one(pairing.left_group, values, size) for values in of_orders),
            *(_one(pairing.right_group, values, size) for values in (keys.account[right], moved)),
        ],
        axis=0,
    )
    allowed: np.ndarray = good & ((state != POOL) | agree)
    return allowed


def _one(group: np.ndarray, values: np.ndarray, size: int) -> np.ndarray:
    """Whether all rows of a group have one value."""
    same: np.ndarray = min_by(group, values, size, NO_DAY) == max_by(group, values, size, NO_DAY)
    return same
