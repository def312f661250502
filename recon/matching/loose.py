"""Passes 2 of the order leg: orders and money that no number ties together, by amount, day and what contradicts.

Pairs and pools that may be posted become one key, and are compared like any other; the rest is suggested, or said to be
open. Each rule sees what the rules before it left.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from recon.ledger.channel import ChannelFacts
from recon.ledger.days import NO_DAY, month_of
from recon.ledger.measured import Bound, Measured, Money
from recon.ledger.outcome import ORDER_GATEWAY
from recon.ledger.parts import (
    BY_ELIMINATION,
    BY_KEY,
    BY_NEAR_KEY,
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
from recon.ledger.view import GATEWAY, ORDER, View
from recon.matching.alternatives import assignments
from recon.matching.blindfold import Blindfold, blindfold
from recon.matching.bounds import NAMES, Windowed, window_pass
from recon.matching.decided_keys import apart_rows, untorn
from recon.matching.open_keys import OpenKeys, lacking, loose_money
from recon.matching.planting import Leftovers
from recon.matching.reference import compare_keys
from recon.matching.rules import NEAR_RULE, OrderRules, WindowRule
from recon.matching.strangers import MOST_ROWS, strangers
from recon.matching.tolerance import Tolerance
from recon.matching.window import ELIMINATION, OPEN, POOL, UNIQUE, Pairing

_BASIS = {UNIQUE: BY_UNIQUE, ELIMINATION: BY_ELIMINATION, POOL: BY_STRUCTURE, OPEN: BY_KEY}


@dataclass(frozen=True)
class Closed:
    """Per key, whether all days on which the partner may come are over and covered by the other side's files.

    payment, refund: of what an order waits for. order: of money that waits for its order. as_of: the last day.
    """

    payment: np.ndarray
    refund: np.ndarray
    order: np.ndarray
    as_of: int


@dataclass(frozen=True)
class _Pass:
    """One pass: its rule, the keys that it saw on both sides, and what it found."""

    rule: WindowRule
    left: np.ndarray
    right: np.ndarray
    rest: Leftovers
    seen: Windowed


def pair_loose(
    view: View,
    channels: Mapping[str, ChannelFacts],
    parts: Parts,
    active: np.ndarray,
    closed: Closed,
    rules: OrderRules,
) -> tuple[Loose, tuple[Measured, ...]]:
    """Tie loose keys together by amount and day.

    Args:
        view: the ledger.
        channels: facts per channel.
        parts: the comparison by reference.
        active: entries that the leg compares.
        closed: which keys' windows are over and covered.
        rules: the rules of the leg.

    Returns:
        The sets, and per rule how often its pairs may be wrong (none where there was nothing to measure).
    """
    loose, measured = no_loose(len(parts)), []
    if not (np.any(lacking(parts)) and loose_money(parts).any()):
        return loose, ()
    keys = OpenKeys(view, channels, parts, active, rules.keys)
    orders = int(parts.sums.has_order.sum())
    if rules.near_key:
        loose = _added(loose, _near(keys, closed), NEAR_RULE)
    for rule in rules.windows:
        one = _run(keys, rule, loose.set_of >= 0, orders)
        if one is None:
            continue
        loose = _added(loose, _sets(keys, one, closed), rule.name)
        told = _measured(keys, one, orders)
        measured += [told] if told else []
    return loose, tuple(measured)


def _run(keys: OpenKeys, rule: WindowRule, taken: np.ndarray, orders: int) -> _Pass | None:
    """One pass over the keys that no earlier one took; None where a side has none."""
    free = ~taken & keys.of_kinds(rule)
    left, right = np.flatnonzero(keys.wants & free & keys.covers(rule)), np.flatnonzero(keys.offers & free)
    if not len(left) or not len(right):
        return None
    apart = keys.parts.apart
    rest = apart_rows(keys.leftovers(left, right, rule), left, right, apart)
    return _Pass(rule, left, right, rest, untorn(window_pass(rest, orders, rule.limit), left, right, apart))


def _near(keys: OpenKeys, closed: Closed) -> Loose:
    """Damaged numbers: suggested once all windows are over, never posted."""
    left, right = keys.near_numbers()
    size, loose = len(left), no_loose(len(keys.parts))
    over = np.where(keys.lacks_refund[left], closed.refund[left], closed.payment[left]) & closed.order[right]
    loose.set_of[left] = loose.set_of[right] = np.arange(size)
    loose.candidates[left] = loose.candidates[right] = 1
    ones = np.ones(size, dtype=np.int64)
    return replace(loose, fate=np.where(over, SUGGEST, WAIT), basis=ones * BY_NEAR_KEY, assignments=ones, rule=ones * 0)


def _added(known: Loose, found: Loose, rule: str) -> Loose:
    """The sets of a further rule behind those of the earlier ones."""
    mine = found.set_of >= 0
    return Loose(
        set_of=np.where(mine, found.set_of + len(known.fate), known.set_of),
        fate=np.concatenate([known.fate, found.fate]),
        basis=np.concatenate([known.basis, found.basis]),
        assignments=np.concatenate([known.assignments, found.assignments]),
        rule=np.concatenate([known.rule, np.full(len(found.fate), len(known.rules))]),
        candidates=np.where(mine, found.candidates, known.candidates),
        rules=(*known.rules, rule),
    )


def _measured(keys: OpenKeys, one: _Pass, orders: int) -> Measured | None:
    """The measurement as the report shows it, with the money of what is posted per currency."""
    seen, plantings = one.seen, one.seen.plantings
    if plantings is None:
        return None
    bounds = []
    for bound in seen.bounds:
        state = next(code for code, name in NAMES.items() if name == bound.basis)
        posted = one.left[seen.post_left & (seen.pairing.left_state == state)]
        share = Fraction(bound.wrong, max(bound.posted, 1))
        totals = sum_by(keys.currency[posted], np.abs(keys.amount[posted]), len(keys.view.currencies)).tolist()
        worth = zip(keys.view.currencies, totals, strict=True)
        money = tuple(Money(name, total, -int(-total * share // 1)) for name, total in worth if total)
        bounds.append(replace(bound, money=money))
    return Measured(
        leg=ORDER_GATEWAY,
        rule=one.rule.name,
        orders=orders,
        planted=plantings.planted,
        lonely_orders=plantings.lonely_left,
        lonely_money=plantings.lonely_right,
        look_alikes=plantings.look_alikes,
        bounds=tuple(bounds),
    )


def blind_test(
    view: View, channels: Mapping[str, ChannelFacts], parts: Parts, active: np.ndarray, rules: OrderRules
) -> list[tuple[str, Blindfold, tuple[Bound, ...]]]:
    """Measure on the user's own rows how right pairs by amount and day are, and what the measured bound lets post.

    Args:
        view: the ledger.
        channels: facts per channel.
        parts: the comparison by reference.
        active: entries that the leg compares.
        rules: the rules of the leg.

    Returns:
        Per rule its name, the test, its classes being codes into `view.channels` (the order lists), and the bounds;
        rules that have nothing to pair are left out.
    """
    keys = OpenKeys(view, channels, parts, active, rules.keys)
    orders, taken = int(parts.sums.has_order.sum()), np.zeros(len(parts), dtype=bool)
    told = []
    if rules.near_key:
        for side in keys.near_numbers():
            taken[side] = True
    for rule in rules.windows:
        one = _run(keys, rule, taken, orders)
        if one is None:
            continue
        keyed = np.flatnonzero(keys.keyed_pairs & keys.covers(rule))
        test = blindfold(one.rest, one.seen.pairing, keys.channel[one.left], keys.channel[keyed])
        told.append((rule.name, test, one.seen.bounds))
        taken[one.left[one.seen.pairing.left_group >= 0]] = True
        taken[one.right[one.seen.pairing.right_group >= 0]] = True
    return told


def settle(
    view: View, channels: Mapping[str, ChannelFacts], parts: Parts, loose: Loose, *, zone: str, tolerance: Tolerance
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


def _sets(keys: OpenKeys, one: _Pass, closed: Closed) -> Loose:
    """One set per group of the pairing, with what becomes of it."""
    left, right, seen = one.left, one.right, one.seen
    pairing, size = seen.pairing, seen.pairing.groups
    group = np.concatenate([pairing.left_group, pairing.right_group])
    member = np.concatenate([left, right])
    over = np.where(
        np.arange(len(member)) < len(left),
        np.where(keys.lacks_refund[member], closed.refund[member], closed.payment[member]),
        closed.order[member],
    )
    over[: len(left)] &= keys.window(left, one.rule)[1] <= closed.as_of
    inside = group >= 0
    component = np.concatenate([pairing.left_component, pairing.right_component])
    waits = count_by(np.where(inside & ~over, component, -1), int(component.max(initial=-1)) + 1) > 0
    state = max_by(group, np.concatenate([pairing.left_state, pairing.right_state]).astype(np.int64), size, OPEN)
    held = np.zeros(size, dtype=bool)
    held[group[inside]] = waits[component[inside]]
    post = _may_post(keys, left, right, seen, state) & one.rule.posts
    fate = np.where(held, WAIT, np.where(state == OPEN, RIVAL, np.where(post, POST, SUGGEST)))
    basis = np.array([_BASIS.get(n, BY_KEY) for n in range(POOL + 1)], dtype=np.int64)[state]
    set_of = np.full(len(keys.parts), -1, dtype=np.int64)
    set_of[member] = group
    candidates = np.zeros(len(keys.parts), dtype=np.int64)
    candidates[member] = np.concatenate([pairing.left_candidates, pairing.right_candidates])
    ways = assignments(one.rest.left, one.rest.right, one.rest.compatible, pairing)
    return Loose(set_of, fate, basis, ways, np.zeros(size, dtype=np.int64), candidates)


def _may_post(keys: OpenKeys, left: np.ndarray, right: np.ndarray, seen: Windowed, state: np.ndarray) -> np.ndarray:
    """Per group, whether its basis is good enough: under the measured bound, else by what needs no measure.

    Without a bound a unique pair posts only where the order list settles through that one gateway, a pool only where
    its rows are equal in day too. A pool posts as a sum, so all its members must agree in every posting dimension.
    The platform's own account, of which there is no file, is no second gateway.
    """
    pairing, size = seen.pairing, seen.pairing.groups
    parts, view = keys.parts, keys.view
    if seen.bounds:
        good = count_by(np.where(seen.post_left, pairing.left_group, -1), size) > 0
    else:
        held = {view.families[f] for f in np.unique(view.family[view.side == GATEWAY])}
        told = [keys.channels[c] for c in view.channels]
        ways = [{f for f in one.settles_via if f != one.family or f in held} for one in told]
        sole = np.array([len(families) == 1 for families in ways], dtype=bool)
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
    unspoken: np.ndarray = allowed & ~_contradicted(keys, left, right, pairing, allowed)
    return unspoken


def _contradicted(
    keys: OpenKeys, left: np.ndarray, right: np.ndarray, pairing: Pairing, allowed: np.ndarray
) -> np.ndarray:
    """Groups that would post, but in which an order's words meet those of none of the movements.

    Of large groups the words are not asked: there are as many pairs as rows times rows.
    """
    apart = np.zeros(len(allowed), dtype=bool)
    asked = np.append(allowed & (count_by(pairing.left_group, len(allowed)) <= MOST_ROWS), False)
    mine, yours = (asked[group] for group in (pairing.left_group, pairing.right_group))
    one, other = np.flatnonzero(mine), np.flatnonzero(yours)
    said = keys.texts(left[one], ORDER), keys.texts(right[other], GATEWAY)
    if not (any(said[0]) and any(said[1])):
        return apart
    of_group: dict[int, list[int]] = {}
    for place, group in enumerate(pairing.right_group[other].tolist()):
        of_group.setdefault(group, []).append(place)
    groups = pairing.left_group[one].tolist()
    pairs = [(i, j) for i, group in enumerate(groups) for j in of_group[group]]
    i, j = (np.array(side, dtype=np.int64) for side in zip(*pairs, strict=True))
    strange = strangers(*said, i, j)
    met = np.zeros(len(one), dtype=bool)
    met[i[~strange]] = True
    apart[pairing.left_group[one[~met]]] = True
    return apart


def _one(group: np.ndarray, values: np.ndarray, size: int) -> np.ndarray:
    """Whether all rows of a group have one value."""
    same: np.ndarray = min_by(group, values, size, NO_DAY) == max_by(group, values, size, NO_DAY)
    return same
