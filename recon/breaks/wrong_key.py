"""The wrong-key detective (编号不对应): an order list and a wallet whose numbers hardly ever meet, while amounts and
moments do. That is one finding, named by both columns, and no thousand breaks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from recon.breaks.finding import Finding
from recon.breaks.order_cover import Waits
from recon.breaks.phrases import say
from recon.breaks.words import WRONG_KEY, transit
from recon.ledger.channel import ChannelFacts
from recon.ledger.days import NO_DAY
from recon.ledger.outcome import ORDER_GATEWAY
from recon.ledger.parts import Parts, max_by
from recon.ledger.statement import Statement
from recon.ledger.view import GATEWAY, KIND, ORDER, View, arrow
from recon.money import format_amount
from recon.timing import Coverage

#: Fewer keys on either side say nothing.
_LEAST = 20
#: So many percent of the smaller side may meet by number; at least so many must meet by amount and moment.
_MEET, _MEET_BY_AMOUNT = 5, 60
#: How many times as often as by chance, or as rarely not: the mean of the same count with the moments moved by days.
_ABOVE_CHANCE = 3
_SHIFTS = (-11, -10, -9, -8, -6, -5, -4, -3, 3, 4, 5, 6, 8, 9, 10, 11)
_NEAR, _DAY = 3_600_000_000, 86_400_000_000  # microseconds
_NO_MOMENT = np.iinfo(np.int64).min


@dataclass(frozen=True)
class WrongKey:
    """Two numberings: an order list (channel, shop) and a wallet (account code).

    orders, money: keys that found no partner, and wait. met, of: keys that meet by number, of how many of the smaller
    side.
    """

    channel: int
    shop: int
    account: int
    orders: np.ndarray
    money: np.ndarray
    met: int
    of: int


@dataclass(frozen=True)
class _Keys:
    """Per key: channel, shop and account codes (-1 without), amount and moment of its order and of its money, first
    and last day on which the money is expected, and the day of the money.
    """

    channel: np.ndarray
    shop: np.ndarray
    account: np.ndarray
    numbered: np.ndarray
    expected: np.ndarray
    received: np.ndarray
    ordered_at: np.ndarray
    paid_at: np.ndarray
    early: np.ndarray
    due: np.ndarray
    money_day: np.ndarray


def wrong_keys(
    view: View, channels: Mapping[str, ChannelFacts], parts: Parts, gateways: Mapping[str, Coverage]
) -> tuple[WrongKey, ...]:
    """Find the pairs of an order list and a wallet that are numbered differently.

    Args:
        view: the ledger.
        channels: facts per channel.
        parts: the comparison by number.
        gateways: coverage per gateway account.

    Only days that both cover are looked at. Rows without an order number have no numbering and are left alone.
    """
    s = parts.sums
    lone_orders = s.has_order & (s.payments == 0) & (s.refunds == 0) & (s.expect_paid != 0)
    lone_money = ~s.has_order & (s.payments > 0)
    if min(int(lone_orders.sum()), int(lone_money.sum())) < _LEAST:
        return ()
    keys = _keys(view, parts)
    found = []
    for channel, shop, account in _pairs(view, channels, parts, keys, lone_orders, lone_money):
        covered = _both_cover(view, parts, keys, (channel, shop, account), gateways)
        listed = (keys.channel == channel) & (keys.shop == shop) & covered & keys.numbered
        there = (keys.account == account) & covered & keys.numbered
        orders, money = np.flatnonzero(listed & lone_orders), np.flatnonzero(there & lone_money)
        met = int((listed & there & s.has_order & (s.payments > 0)).sum())
        of = min(int((listed & s.has_order).sum()), int(there.sum()))
        if min(len(orders), len(money)) < _LEAST or met * 100 >= of * _MEET:
            continue
        of_list = (keys.channel == channel) & (keys.shop == shop) & keys.numbered & lone_orders
        due = np.flatnonzero(of_list & _due_there(keys, gateways[view.accounts[account]]))
        if _meet_by_moment(keys, orders, money) or _meet_by_day(keys, due, money):
            found.append(WrongKey(channel, shop, account, np.union1d(orders, due), money, met, of))
    return tuple(found)


def _keys(view: View, parts: Parts) -> _Keys:
    size = len(parts)
    order, money = (np.where(view.side == side, parts.group, -1) for side in (ORDER, GATEWAY))
    number = view.codes("order_ref")[0] >= 0
    moments = [_moments(view, name) for name in ("paid_at", "occurred_at")]
    ordered = np.where(moments[0] != _NO_MOMENT, moments[0], moments[1])
    payments = np.where(view.kind == KIND["payment"], money, -1)
    return _Keys(
        channel=max_by(order, view.channel, size, -1),
        shop=max_by(order, view.shop, size, -1),
        account=max_by(payments, view.account, size, -1),
        numbered=max_by(parts.group, number.astype(np.int64), size, 0) > 0,
        expected=parts.sums.expect_paid,
        received=parts.sums.paid,
        ordered_at=max_by(order, ordered, size, _NO_MOMENT),
        paid_at=max_by(payments, moments[1], size, _NO_MOMENT),
        early=np.where(parts.times.early != NO_DAY, parts.times.early, parts.times.trigger),
        due=parts.times.due,
        money_day=parts.times.money_day,
    )


def _moments(view: View, column: str) -> np.ndarray:
    moments: np.ndarray = arrow(view.entries[column]).cast(pa.int64()).fill_null(_NO_MOMENT).to_numpy()
    return moments


def _pairs(
    view: View,
    channels: Mapping[str, ChannelFacts],
    parts: Parts,
    keys: _Keys,
    lone_orders: np.ndarray,
    lone_money: np.ndarray,
) -> Iterator[tuple[int, int, int]]:
    """Order lists (channel, shop) and the wallets that they may settle into, where both have lone keys."""
    lists = np.unique(np.stack([keys.channel[lone_orders], keys.shop[lone_orders]]), axis=1).T.tolist()
    wallets = np.unique(keys.account[lone_money & (keys.account >= 0)]).tolist()
    for channel, shop in lists:
        families = channels[view.channels[channel]].settles_via
        for account in wallets:
            settles = view.accounts[account].split(":", 1)[0] in families
            if settles and (shop < 0 or parts.homes[shop, account]):
                yield channel, shop, account


def _both_cover(
    view: View, parts: Parts, keys: _Keys, pair: tuple[int, int, int], gateways: Mapping[str, Coverage]
) -> np.ndarray:
    """Keys of the days that the list and the wallet both cover."""
    channel, shop, account = pair
    t = parts.times
    day = np.where(parts.sums.has_order, t.order_day, t.money_day)
    listed = day[(keys.channel == channel) & (keys.shop == shop) & (day != NO_DAY)]
    cover = gateways.get(view.accounts[account])
    if cover is None or not len(listed):
        return np.zeros(len(day), dtype=bool)
    inside: np.ndarray = (day >= listed.min()) & (day <= listed.max()) & cover.covers(day, day)
    return inside


def _due_there(keys: _Keys, cover: Coverage) -> np.ndarray:
    """Keys whose money is due on days of the wallet: an order of before its first day may be settled in it."""
    there: np.ndarray = (keys.due != NO_DAY) & (keys.early != NO_DAY) & cover.covers(keys.early, keys.due)
    return there


def _meet_by_moment(keys: _Keys, orders: np.ndarray, money: np.ndarray) -> bool:
    """Amounts and moments meet far above chance."""
    paid = keys.ordered_at[orders]
    moments = _met(keys.expected[orders], paid - _NEAR, paid + _NEAR, keys.received[money], keys.paid_at[money], _DAY)
    return _far_above_chance(moments, len(orders), len(money))


def _meet_by_day(keys: _Keys, orders: np.ndarray, money: np.ndarray) -> bool:
    """Amounts and days meet far above chance, in the window in which the money is due."""
    early, due = keys.early[orders], keys.due[orders]
    days = _met(keys.expected[orders], early, due, keys.received[money], keys.money_day[money], 1)
    return len(orders) >= _LEAST and _far_above_chance(days, len(orders), len(money))


def _far_above_chance(met: tuple[int, int], orders: int, money: int) -> bool:
    """Three times as many meet as by chance; or, where few prices meet often by chance, three times fewer do not."""
    truly, moved = met[0] * len(_SHIFTS), met[1]
    size = min(orders, money) * len(_SHIFTS)
    often = truly * 100 >= size * _MEET_BY_AMOUNT and truly >= moved * _ABOVE_CHANCE
    lone, by_chance = orders * len(_SHIFTS) - truly, orders * len(_SHIFTS) - moved
    rarely = lone * _ABOVE_CHANCE <= by_chance and by_chance >= _LEAST * len(_SHIFTS)
    return often or rarely


def _met(
    expected: np.ndarray, low: np.ndarray, high: np.ndarray, received: np.ndarray, at: np.ndarray, day: int
) -> tuple[int, int]:
    """Count orders that have money of their amount in their window; and with the money moved by whole days, summed.

    The days that it is moved by lie beyond the longest window, so that true pairs do not meet again.
    """
    order = np.lexsort((at, received))
    amounts, there = received[order], at[order]
    wide = int((high - low).max(initial=0)) // day
    truly = moved = 0
    for amount in np.unique(expected).tolist():
        first, last = np.searchsorted(amounts, [amount, amount + 1])
        mine = expected == amount
        if first == last:
            continue
        truly += _within(there[first:last], low[mine], high[mine])
        for shift in _SHIFTS:
            by = (shift + (wide if shift > 0 else -wide)) * day
            moved += _within(there[first:last] + by, low[mine], high[mine])
    return truly, moved


def _within(there: np.ndarray, low: np.ndarray, high: np.ndarray) -> int:
    return int((np.searchsorted(there, high, side="right") > np.searchsorted(there, low)).sum())


def waiting_for_numbers(waits: Waits, found: Sequence[WrongKey]) -> Waits:
    """Let the rows of two numberings wait: no row of them is a break."""
    if not found:
        return waits
    reason = transit(WRONG_KEY)
    payment, refund, order = waits.payment.copy(), waits.refund.copy(), waits.order.copy()
    for one in found:
        payment[one.orders] = refund[one.orders] = reason
        order[one.money] = reason
    return replace(waits, payment=payment, refund=refund, order=order)


def wrong_key_findings(
    view: View,
    channels: Mapping[str, ChannelFacts],
    parts: Parts,
    found: Sequence[WrongKey],
    statements: Sequence[Statement],
    lang: str,
) -> list[Finding]:
    """Return one finding per pair: it owns nothing, and counts what waits for it.

    Args:
        view: the ledger.
        channels: facts per channel.
        parts: the comparison.
        found: the pairs.
        statements: the files, which name their columns.
        lang: zh or en.
    """
    columns: dict[str, set[str]] = {}
    for statement in statements:
        columns.setdefault(statement.channel, set()).add(statement.order_column)
    named = {channel: "/".join(sorted(names - {""})) or "-" for channel, names in columns.items()}
    return [_finding(view, channels, parts, one, named, lang) for one in found]


def _symptoms(parts: Parts, one: WrongKey) -> tuple[str, ...]:
    """The codes that its orders and its money would have without the cause."""
    symptoms = ["unknown_payment", "missing_payment"]
    if (parts.sums.returned[one.money] != 0).any():
        symptoms.append("unknown_refund")
    if (parts.sums.expect_returned[one.orders] != 0).any():
        symptoms.append("missing_refund")
    return tuple(symptoms)


def _finding(
    view: View,
    channels: Mapping[str, ChannelFacts],
    parts: Parts,
    one: WrongKey,
    named: Mapping[str, str],
    lang: str,
) -> Finding:
    s = parts.sums
    facts = channels[view.channels[one.channel]]
    waiting = np.flatnonzero(np.isin(parts.group, np.concatenate([one.orders, one.money])))
    money = waiting[view.side[waiting] == GATEWAY]
    there = channels[view.channels[view.channel[money[0]]]]
    currency = view.currencies[view.currency[money[0]]]
    family, number = view.accounts[one.account].split(":", 1)
    sums = [
        int((s.expect_paid + s.expect_returned)[one.orders].sum()),
        int((s.paid + s.returned)[one.money].sum()),
    ]
    days = parts.times.money_day[one.money]
    return Finding(
        code="wrong_key",
        leg=ORDER_GATEWAY,
        owned=(),
        linked=(),
        expected=sums[0],
        actual=sums[1],
        currency=currency,
        explanation=say(
            lang,
            "wrong_key",
            here=named.get(facts.channel, "-"),
            list=facts.title_zh if lang == "zh" else facts.title_en,
            there=named.get(there.channel, "-"),
            account=number,
            met=one.met,
            of=one.of,
            orders=len(one.orders),
            expected=format_amount(sums[0], currency),
            moves=len(one.money),
            actual=format_amount(sums[1], currency),
        ),
        symptoms=_symptoms(parts, one),
        due=int(days.max()),
        waiting=tuple(waiting.tolist()),
        account=(there.channel, number),
        scope=f"{facts.channel}|{view.shops[one.shop] if one.shop >= 0 else ''}|{family}:{number}|{currency}",
    )
