"""Pass 1: by reference. Both sides are summed per key and kind and compared exactly, as the channel demands.

plain      sale = payment, refund = refund, subsidy = subsidy; the gateway's amount before coupons is accepted too.
escrow     what the platform released at receipt = payment, sale + refund - released = refund (Taobao, Tmall).
suborder   per sub-order: sale + subsidies = what was settled; refunds are told by the after-sale flag (Douyin).
platform   as plain, but the order list shows no refunds: the platform's are accepted up to the payment (Amazon).
documented sale = payment; a refund that names its after-sale document proves itself, up to the payments (JD POP).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np

from recon.ledger.channel import ChannelFacts
from recon.ledger.days import NO_DAY
from recon.ledger.parts import (
    BY_DECISION,
    COMPARISONS,
    DOCUMENTED,
    ESCROW,
    NO_PART,
    PAYMENT,
    PLAIN,
    PLATFORM,
    REFUND,
    SUBORDER,
    SUBSIDY,
    Accepted,
    Parts,
    Sums,
    Times,
    count_by,
    max_by,
    min_by,
    no_loose,
    sum_by,
    with_detail,
)
from recon.ledger.view import AFTER_SALE, GATEWAY, KIND, ORDER, STATE, View
from recon.matching.decided import OrderDecisions
from recon.matching.decided_keys import decide_keys
from recon.matching.homes import astray, by_shop, shop_homes
from recon.matching.keys import groups
from recon.matching.rules import KEYS
from recon.matching.tolerance import Tolerance
from recon.timing import window

NO_DECISIONS = OrderDecisions()
COMPONENTS = tuple(KIND[k] for k in ("fee", "commission", "shipping", "tax", "adjustment"))
_PART_OF_KIND = {KIND["sale"]: PAYMENT, KIND["payment"]: PAYMENT, KIND["refund"]: REFUND, KIND["subsidy"]: SUBSIDY}


def compare(
    view: View,
    channels: Mapping[str, ChannelFacts],
    active: np.ndarray,
    later: np.ndarray,
    *,
    homes: Mapping[str, frozenset[str]],
    zone: str,
    tolerance: Tolerance,
    keys: Collection[str] = KEYS,
    decisions: OrderDecisions = NO_DECISIONS,
) -> Parts:
    """Compare the order leg key by key.

    Args:
        view: the ledger.
        channels: facts per channel.
        active: entries of the leg up to as_of, of the book that counts.
        later: entries after as_of; they only tell when an open item is cleared.
        homes: shop -> accounts it settles into, as configured; what is missing is learned.
        zone: the workspace's zone, for the days of paid, shipped and confirmed.
        tolerance: what is accepted of the payment and of the refund part.
        keys: by which numbers entries are linked.
        decisions: what people decided.
    """
    decided = decide_keys(view, *by_shop(view, *groups(view, channels, active, keys), homes), decisions)
    group, size = decided.group, decided.size
    table = shop_homes(view, group, size, homes)
    parts = compare_keys(view, channels, group, size, table, zone=zone, tolerance=tolerance)
    parts = replace(parts, basis=np.where(decided.decided, BY_DECISION, parts.basis), apart=decided.apart)
    later = later & ~_named(len(view), decisions.apart)
    if not later.any():
        return parts
    wide, count = groups(view, channels, active | later, keys)
    cleared = _cleared(view, group, parts.sums.has_order, later, wide, count)
    day = min_by(np.where(cleared != NO_DAY, group, -1), cleared, size, NO_DAY)
    return replace(parts, times=replace(parts.times, later_day=day))


def compare_keys(
    view: View,
    channels: Mapping[str, ChannelFacts],
    group: np.ndarray,
    size: int,
    homes: np.ndarray,
    *,
    zone: str,
    tolerance: Tolerance,
) -> Parts:
    """Compare keys as they are grouped already.

    Args:
        view: the ledger.
        channels: facts per channel.
        group: key of each entry, -1 without.
        size: number of keys.
        homes: shop x account, where a shop may settle.
        zone: the workspace's zone.
        tolerance: what is accepted of the payment and of the refund part.
    """
    sums = _sums(view, channels, group, size)
    refund_only = _refund_only(sums)
    pay, refund, subsidy = _agree(sums, refund_only, _clawed_back(view, group, size))
    refund |= _documented(view, group, sums)
    twice = (sums.comparison == SUBORDER) & _case_twice(view, group, size)
    accepted = _accepted(view, group, sums, tolerance, pay, refund | twice)
    return Parts(
        group=group,
        part=_parts(view, group, size),
        sums=sums,
        times=_times(view, channels, group, size, zone),
        payment_ok=pay | (accepted.paid != 0),
        refund_ok=(refund & ~twice) | (accepted.returned != 0),
        subsidy_ok=subsidy,
        accepted=accepted,
        refund_only=refund_only,
        homes=homes,
        astray=astray(view, group, size, homes),
        basis=np.zeros(size, dtype=np.int8),
        loose=no_loose(size),
        apart=np.zeros((0, 2), dtype=np.int64),
    )


def _named(size: int, pairs: Sequence[tuple[int, int]]) -> np.ndarray:
    named = np.zeros(size, dtype=bool)
    named[[row for pair in pairs for row in pair]] = True
    return named


def _cleared(
    view: View, group: np.ndarray, has_order: np.ndarray, later: np.ndarray, wide: np.ndarray, count: int
) -> np.ndarray:
    """Per entry the first day after as_of on which the other side of its key appears, NO_DAY where it does not.

    wide: the keys with the later entries in them. They are looked up beside the comparison, so that what comes after
    as_of never changes which entries are compared with each other.
    """
    money = min_by(np.where(later & (view.side == GATEWAY), wide, -1), view.day, count, NO_DAY)
    orders = min_by(np.where(later & (view.side == ORDER), wide, -1), view.day, count, NO_DAY)
    found = np.full(len(view), NO_DAY, dtype=np.int64)
    mine = np.flatnonzero((group >= 0) & (wide >= 0))
    found[mine] = np.where(has_order[group[mine]], money[wide[mine]], orders[wide[mine]])
    return found


def _parts(view: View, group: np.ndarray, size: int) -> np.ndarray:
    """Which part an entry belongs to; a component goes with the refund where it carries the refund's number."""
    part = np.full(len(view), NO_PART, dtype=np.int8)
    for kind, number in _PART_OF_KIND.items():
        part[view.kind == kind] = number
    refund_row, _ = view.codes("refund_ref")
    component = np.isin(view.kind, COMPONENTS) & (view.side == GATEWAY)
    part[component] = np.where(refund_row[component] >= 0, REFUND, PAYMENT)
    for mine, other in ((REFUND, PAYMENT), (PAYMENT, REFUND)):
        moved = count_by(np.where(~component & (part == mine), group, -1), size) > 0
        alone = component & (part == mine) & (group >= 0)
        part[alone] = np.where(moved[group[alone]], mine, other)
    part[group < 0] = NO_PART
    return part


def _sums(view: View, channels: Mapping[str, ChannelFacts], group: np.ndarray, size: int) -> Sums:
    order, money = view.side == ORDER, view.side == GATEWAY
    printed, there = view.integers("order_amount")
    before_coupons = np.where(
        there, printed, np.where(money, view.amount, 0)
    )  # a bill without coupons prints one amount

    def rows(side: np.ndarray, kind: str) -> np.ndarray:
        return np.where(side & (view.kind == KIND[kind]), group, -1)

    def total(side: np.ndarray, kind: str) -> np.ndarray:
        return sum_by(rows(side, kind), view.amount, size)

    orders = np.where(order, group, -1)
    sale, refunded = total(order, "sale"), total(order, "refund")
    comparison = max_by(orders, _comparison(view, channels), size, PLAIN)
    released, known = _released(view, rows(order, "sale"), size)
    by_release = (comparison == ESCROW) & known
    channel = np.maximum(max_by(orders, view.channel, size, 0), 0)
    return Sums(
        has_order=count_by(orders, size) > 0,
        comparison=comparison,
        sale=sale,
        refunded=refunded,
        subsidised=total(order, "subsidy"),
        paid=total(money, "payment"),
        returned=total(money, "refund"),
        granted=total(money, "subsidy"),
        paid_before_coupons=sum_by(rows(money, "payment"), before_coupons, size),
        returned_before_coupons=sum_by(rows(money, "refund"), before_coupons, size),
        expect_paid=np.where(by_release, released, sale),
        expect_returned=np.where(by_release, sale + refunded - released, refunded),
        compares_subsidy=_prints_subsidy(view, order)[channel] | (comparison == SUBORDER),
        released_known=known | (comparison != ESCROW),
        order_amount=sum_by(rows(order, "sale"), before_coupons, size),
        payments=count_by(rows(money, "payment"), size),
        refunds=count_by(rows(money, "refund"), size),
        state=max_by(orders, view.state.astype(np.int64), size, -1),
        after_sale=max_by(orders, view.after_sale.astype(np.int64), size, -1),
    )


def _comparison(view: View, channels: Mapping[str, ChannelFacts]) -> np.ndarray:
    codes = [COMPARISONS.index(channels[c].comparison or "plain") for c in view.channels]
    chosen: np.ndarray = np.array(codes or [PLAIN], dtype=np.int64)[view.channel]
    return chosen


def _released(view: View, sales: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Σ released per key, and whether every sale of the key shows it.

    A release of 0.00 beside an order that is neither received nor closed only says that nothing was released yet.
    """
    value, there = view.integers("released")
    over = np.isin(view.state, [STATE["completed"], STATE["closed"]])
    there = there & ((value != 0) | over)
    count = count_by(sales, size)
    known = (count > 0) & (count_by(np.where(there, sales, -1), size) == count)
    return sum_by(sales, value, size), known


def _prints_subsidy(view: View, order: np.ndarray) -> np.ndarray:
    """Per channel: does its order list print what others bear?"""
    prints = np.zeros(max(len(view.channels), 1), dtype=bool)
    prints[np.unique(view.channel[order & (view.kind == KIND["subsidy"])])] = True
    return prints


def _times(view: View, channels: Mapping[str, ChannelFacts], group: np.ndarray, size: int, zone: str) -> Times:
    sales = np.where((view.side == ORDER) & (view.kind == KIND["sale"]), group, -1)
    money = np.where(view.side == GATEWAY, group, -1)
    moments = {name: view.days(name, zone) for name in ("paid_at", "shipped_at", "confirmed_at")}
    moments["occurred_at"] = view.day
    trigger = np.full(size, NO_DAY, dtype=np.int64)
    early, due = trigger.copy(), trigger.copy()
    refund_latest = np.full(size, 3, dtype=np.int64)
    channel = max_by(sales, view.channel, size, -1)
    for code, name in enumerate(view.channels):
        facts = channels[name]
        mine = np.flatnonzero(channel == code)
        if facts.side != "order" or not facts.payment or not len(mine):
            continue
        days = max_by(sales, moments[facts.payment[0].trigger], size, NO_DAY)[mine]
        trigger[mine] = days
        detailed = {name: which[mine] for name, which in with_detail(view, group, size, facts.payment).items()}
        early[mine], due[mine] = window(facts.payment, days, detailed)
        refund_latest[mine] = facts.refund[0].latest if facts.refund else 3
    last = np.max([max_by(sales, m, size, NO_DAY) for m in moments.values()], axis=0)
    pay_day = max_by(np.where(view.kind == KIND["payment"], money, -1), view.day, size, NO_DAY)
    refunds = np.where((view.side == ORDER) & (view.kind == KIND["refund"]), group, -1)
    stated = max_by(refunds, view.day, size, NO_DAY)
    refund_trigger = np.where(stated != NO_DAY, stated, np.maximum(last, pay_day))
    paid = np.where(moments["paid_at"] != NO_DAY, moments["paid_at"], view.day)
    return Times(
        trigger=trigger,
        early=early,
        due=due,
        refund_trigger=refund_trigger,
        refund_stated=stated != NO_DAY,
        refund_due=np.where(refund_trigger != NO_DAY, refund_trigger + refund_latest, NO_DAY),
        order_day=max_by(sales, paid, size, NO_DAY),
        pay_day=pay_day,
        money_day=max_by(money, view.day, size, NO_DAY),
        later_day=np.full(size, NO_DAY, dtype=np.int64),
    )


def _case_twice(view: View, group: np.ndarray, size: int) -> np.ndarray:
    """Keys in which one after-sales case was refunded twice."""
    case, _ = view.codes("refund_ref")
    rows = np.flatnonzero((view.side == GATEWAY) & (view.kind == KIND["refund"]) & (group >= 0) & (case >= 0))
    twice = np.zeros(size, dtype=bool)
    rows = rows[np.lexsort((case[rows], group[rows]))]
    same = (np.diff(group[rows]) == 0) & (np.diff(case[rows]) == 0)
    twice[group[rows[1:][same]]] = True
    return twice


def _clawed_back(view: View, group: np.ndarray, size: int) -> np.ndarray:
    """Σ per key of the subsidies that were taken back, negative."""
    taken = (view.side == GATEWAY) & (view.kind == KIND["subsidy"]) & (view.amount < 0)
    return sum_by(np.where(taken, group, -1), view.amount, size)


def _documented(view: View, group: np.ndarray, s: Sums) -> np.ndarray:
    """Keys whose list shows no refund, and whose refunds each name their document and stay within the payments."""
    case, _ = view.codes("refund_ref")
    bare = (view.side == GATEWAY) & (view.kind == KIND["refund"]) & (case < 0)
    own = (s.comparison == DOCUMENTED) & s.has_order & (s.refunds > 0) & (s.refunded == 0) & (-s.returned <= s.paid)
    proves_itself: np.ndarray = own & (count_by(np.where(bare, group, -1), len(s.sale)) == 0)
    return proves_itself


def _refund_only(s: Sums) -> np.ndarray:
    """Fully refunded before any money moved: nothing is expected of the gateway (escrow and settled channels)."""
    settled = np.isin(s.comparison, [ESCROW, SUBORDER])
    no_money = (s.payments == 0) & (s.refunds == 0) & (s.granted == 0)
    nets = (s.sale != 0) & (s.sale + s.refunded == 0)
    flagged = (s.comparison == SUBORDER) & (s.after_sale == AFTER_SALE["full"])
    only: np.ndarray = s.has_order & settled & no_money & (nets | flagged) & (s.state != STATE["unpaid"])
    return only


def _agree(s: Sums, refund_only: np.ndarray, clawed: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Which parts of each key agree to the last unit."""
    pay = s.paid == s.expect_paid
    pay |= (s.paid_before_coupons == s.expect_paid) & (s.paid_before_coupons != 0)
    refund = s.returned == s.expect_returned
    refund |= (s.returned_before_coupons == s.expect_returned) & (s.returned_before_coupons != 0)
    subsidy = ~s.compares_subsidy | (s.granted == s.subsidised)
    # Escrow: a refund may lie on either side of the release; equal sums are enough.
    both = (s.comparison == ESCROW) & (s.paid != 0) & (s.paid + s.returned == s.sale + s.refunded)
    # Per sub-order the split between buyer and platform may differ (payment coupons) while the sum agrees.
    per_part = s.comparison == SUBORDER
    # A refund takes the subsidies back, too: then what was granted before is compared.
    undone = (s.after_sale >= AFTER_SALE["partial"]) & (s.returned != 0) & (s.granted >= 0)
    before = s.granted - clawed
    granted = np.where(undone, before, s.granted)
    subsidy |= per_part & (granted == s.subsidised)
    settled = s.paid + granted
    whole = per_part & (s.paid != 0) & (settled == s.sale + s.subsidised)
    full = s.after_sale == AFTER_SALE["full"]
    flagged = per_part & (s.after_sale >= AFTER_SALE["partial"]) & (s.returned != 0) & (-s.returned <= s.paid + before)
    flagged |= (s.comparison == PLATFORM) & (s.refunded == 0) & (s.returned != 0) & (-s.returned <= s.paid)
    lacks_refund = per_part & full & (s.payments > 0) & (s.returned == 0)
    # Money of an order that stands as unpaid or closed, given back in full: netted.
    dead = np.isin(s.state, [STATE["unpaid"], STATE["closed"]]) & (s.sale == 0) & (s.refunded == 0)
    back = dead & (s.paid > 0) & (s.paid + s.returned == 0)
    pay = pay | both | whole | refund_only | back
    refund = (refund | back | both | flagged | refund_only) & ~lacks_refund
    return s.has_order & pay, s.has_order & refund, s.has_order & (subsidy | whole | refund_only)


def _accepted(
    view: View, group: np.ndarray, s: Sums, tolerance: Tolerance, pay: np.ndarray, refund: np.ndarray
) -> Accepted:
    """What the named tolerance and the write-off rule accept of the parts that do not agree.

    Written off is only a difference: something was expected, the list says all of it, and one movement brought another
    amount (of several, they may be doubled, only a shortfall).
    """
    size = len(s.sale)
    highest, lowest = (by(group, view.currency, size, 0) for by in (max_by, min_by))
    up_to = tolerance.written_off(np.where(highest == lowest, highest, -1), view.currencies)
    differences, limits, beyond = [], [], np.zeros(size, dtype=bool)
    for agreed, actual, expected, rows in (
        (pay, s.paid, s.expect_paid, s.payments),
        (refund, s.returned, s.expect_returned, s.refunds),
    ):
        difference = np.abs(actual - expected)
        named = tolerance.named(expected, actual, highest, view.currencies)
        open_ones = s.has_order & ~agreed & (actual != 0)
        near = open_ones & (difference <= named)
        single = (rows == 1) | (np.abs(actual) < np.abs(expected))
        off = open_ones & ~near & (expected != 0) & s.released_known & single & (difference <= up_to)
        differences.append(np.where(near | off, actual - expected, 0))
        limits.append(np.where(off, up_to, np.where(near, named, 0)))
        beyond |= off
    return Accepted(differences[0], differences[1], np.maximum(*limits), beyond)
