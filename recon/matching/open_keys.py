"""Keys of the order leg that lack their other side, as rows that the window pass can pair.

A key that misses its payment (or its refund) waits for one; a movement without an order number may be it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np

from recon.ledger.channel import ChannelFacts
from recon.ledger.days import NO_DAY
from recon.ledger.parts import BY_DECISION, BY_KEY, Parts, count_by, max_by
from recon.ledger.view import GATEWAY, KIND, ORDER, STATE, View
from recon.matching.keys import scopes, unnumbered
from recon.matching.near_key import Numbers, near_keys
from recon.matching.planting import Leftovers
from recon.matching.rules import WindowRule
from recon.matching.window import Side

#: Shorter order numbers lie one slip from too many others.
_LONG = 8
#: Kinds that move what an order is worth.
_MOVES = tuple(KIND[name] for name in ("sale", "payment", "refund"))


def lacking(parts: Parts) -> tuple[np.ndarray, np.ndarray]:
    """Per key, whether its order lacks its payment, and whether it lacks its refund."""
    s, free = parts.sums, parts.basis != BY_DECISION  # what people put together is complete
    dead = np.isin(s.state, [STATE["unpaid"], STATE["closed"]]) & (s.sale + s.refunded == 0)
    quiet = (s.payments == 0) & (s.granted == 0) & ~parts.refund_only & ~parts.payment_ok & ~dead
    refundless = parts.payment_ok & ~parts.refund_ok & (s.refunds == 0) & (s.expect_returned < 0)
    return (
        free & s.has_order & quiet & (s.returned == 0) & (s.expect_paid > 0),
        free & s.has_order & refundless & ~parts.astray,
    )


def loose_money(parts: Parts) -> np.ndarray:
    """Per key, whether it is one movement without an order."""
    s = parts.sums
    alone = ~s.has_order & (s.granted == 0) & (s.payments + s.refunds == 1)
    sole: np.ndarray = alone & (parts.basis != BY_DECISION)
    return sole


class OpenKeys:
    """What the window pass must know of each key."""

    def __init__(
        self, view: View, channels: Mapping[str, ChannelFacts], parts: Parts, active: np.ndarray, keys: Collection[str]
    ) -> None:
        self.view, self.channels, self.parts = view, channels, parts
        s, size = parts.sums, len(parts)
        self.lacks_payment, self.lacks_refund = lacking(parts)
        self.wants = self.lacks_payment | self.lacks_refund
        sole = loose_money(parts)
        alone = active & np.append(sole, False)[parts.group]
        free = unnumbered(view, channels, alone) | ("order_ref" not in keys)
        numbered = count_by(np.where(alone & ~free, parts.group, -1), size) > 0
        self.offers, self.stray = sole & ~numbered, sole & numbered
        wanted = np.where(self.lacks_refund, s.expect_returned, s.expect_paid)
        self.amount = np.where(s.has_order, wanted, s.paid + s.returned)
        self.keyed = (
            (parts.basis == BY_KEY)
            & s.has_order
            & parts.payment_ok
            & ~parts.astray
            & (s.payments == 1)
            & (s.expect_paid > 0)
        )
        order = np.where(view.side == ORDER, parts.group, -1)
        money = np.where(view.side == GATEWAY, parts.group, -1)
        one_order = count_by(np.where(view.kind == KIND["sale"], order, -1), size) == 1
        self.keyed_pairs = self.keyed & one_order
        self.channel = max_by(order, view.channel, size, -1)
        self.shop = max_by(order, view.shop, size, -1)
        self.account = max_by(np.where(np.isin(view.kind, _MOVES), money, -1), view.account, size, -1)
        self.family = max_by(money, view.family, size, -1)
        self.scope = max_by(parts.group, scopes(view, channels), size, 0)
        self.currency = max_by(parts.group, view.currency, size, 0)
        code, _ = view.codes("payment_ref")
        self.paid_by_number = max_by(order, code, size, -1) >= 0
        self.has_number = max_by(money, code, size, -1) >= 0

    def near_numbers(self) -> tuple[np.ndarray, np.ndarray]:
        """Keys of orders that lack their money and of movements whose order number is one slip off, pair by pair."""
        left, right = np.flatnonzero(self.wants), np.flatnonzero(self.stray)
        code = self._money_code(np.concatenate([left, right]))
        mine, yours = code[: len(left)], code[len(left) :]
        here, there = np.isin(mine, yours), np.isin(yours, mine)
        left, right = left[here], right[there]
        i, j = near_keys(self._numbers(left, mine[here], ORDER), self._numbers(right, yours[there], GATEWAY))
        left, right = left[i], right[j]
        declined = set(map(tuple, self.parts.apart.tolist()))
        told = np.array([pair not in declined for pair in zip(left.tolist(), right.tolist(), strict=True)], dtype=bool)
        meet = self.may_meet(left, right) & told
        return left[meet], right[meet]

    def _money_code(self, keys: np.ndarray) -> np.ndarray:
        """One number per block and amount."""
        pairs = np.stack([self._block(keys), self.amount[keys]])
        code: np.ndarray = np.unique(pairs, axis=1, return_inverse=True)[1].reshape(-1).astype(np.int64)
        return code

    def _numbers(self, keys: np.ndarray, code: np.ndarray, side: int) -> Numbers:
        """The order numbers of keys; no other side holds them exactly, else they would be tied by them."""
        rows = np.where(self.view.side == side, self.parts.group, -1)
        place, words = self.view.codes("order_ref")
        number = max_by(rows, place, len(self.parts), -1)[keys]
        said = [words[int(n)].as_py() if n >= 0 else "" for n in number]
        text = [one if len(one) >= _LONG else "" for one in said]
        return Numbers(text, np.arange(len(keys)), code, np.zeros(len(keys), dtype=bool))

    def texts(self, keys: np.ndarray, side: int) -> list[str]:
        """What the movements of some keys say: counterparty and memo, "" where nothing."""
        rows = np.flatnonzero((self.view.side == side) & np.isin(self.view.kind, _MOVES) & (self.parts.group >= 0))
        first = np.full(len(self.parts), -1, dtype=np.int64)
        first[self.parts.group[rows][::-1]] = rows[::-1]
        mine = first[keys]
        said = np.full(len(keys), "", dtype=object)
        there = np.flatnonzero(mine >= 0)
        parts = [self.view.texts(name, mine[there]) for name in ("counterparty", "memo")]
        said[there] = [" ".join(text for text in both if text) for both in zip(*parts, strict=True)]
        told: list[str] = said.tolist()
        return told

    def may_meet(self, left: np.ndarray, right: np.ndarray) -> np.ndarray:
        """Per pair of keys, whether account, gateway and payment numbers allow it."""
        mine, tags_of_left = self._tags(left, of_order=True)
        yours, tags_of_right = self._tags(right, of_order=False)
        allowed = {
            (i, j): self._meet(tags_of_left[i], tags_of_right[j])
            for i, j in set(zip(mine.tolist(), yours.tolist(), strict=True))
        }
        return np.array([allowed[pair] for pair in zip(mine.tolist(), yours.tolist(), strict=True)], dtype=bool)

    def leftovers(self, left: np.ndarray, right: np.ndarray, rule: WindowRule) -> Leftovers:
        """The rows of the window pass, a row is a key; those with numbers as far as the rule is for them."""
        keyed = np.flatnonzero(self.keyed_pairs & self.covers(rule))
        strays = np.flatnonzero(self.stray)
        mine, tags_of_left = self._tags(np.concatenate([left, keyed]), of_order=True)
        yours, tags_of_right = self._tags(np.concatenate([right, keyed, strays]), of_order=False)
        compatible = np.array([[self._meet(one, other) for other in tags_of_right] for one in tags_of_left], dtype=bool)
        yours_keyed, yours_stray = yours[len(right) : len(right) + len(keyed)], yours[len(right) + len(keyed) :]
        return Leftovers(
            left=self._waiting(left, mine[: len(left)], rule),
            right=self._moved(right, yours[: len(right)]),
            keyed_left=self._waiting(keyed, mine[len(left) :], rule),
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

    def covers(self, rule: WindowRule) -> np.ndarray:
        """Keys of order lists that the rule is for; keys without an order are of any."""
        lists = [not rule.channels or name in rule.channels for name in self.view.channels]
        chosen: np.ndarray = np.array([*lists, True])[self.channel]
        return chosen

    def of_kinds(self, rule: WindowRule) -> np.ndarray:
        """Keys that lack, or movements that are, of a kind that the rule pairs."""
        refund = np.where(self.parts.sums.has_order, self.lacks_refund, self.amount < 0)
        chosen: np.ndarray = np.where(refund, "refund" in rule.kinds, "payment" in rule.kinds)
        return chosen

    def window(self, keys: np.ndarray, rule: WindowRule) -> tuple[np.ndarray, np.ndarray]:
        """First and last day on which the partner of some keys may come, NO_DAY where no window is known."""
        t, refund = self.parts.times, self.lacks_refund[keys]
        trigger = np.where(refund, t.refund_trigger[keys], t.trigger[keys])
        if rule.days is not None:
            return rule.window(trigger)
        early = np.where(refund, trigger, t.early[keys])
        return early, np.where(refund, t.refund_due[keys], t.due[keys])

    def _waiting(self, keys: np.ndarray, tag: np.ndarray, rule: WindowRule) -> Side:
        early, late = self.window(keys, rule)
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
