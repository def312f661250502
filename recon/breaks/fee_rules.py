"""One charge of one account: the money it was taken of, the rule of each payment, and what should have been charged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

import numpy as np

from recon.breaks.fee_keys import Bools, Ints, Money, ranges
from recon.fees import Fit, Rule, Split, charge, holds, learn_split, returned
from recon.ledger.days import NO_DAY, date_of, day_number


@dataclass(frozen=True)
class Charged:
    """A charge (or some keys of it) over its keys 0..n-1.

    keys: the number of each key in the join. actual: Σ of the printed fee rows per key, ledger signs. owner: the key
    of each money event, sorted by key and day. plain, borne: amounts without and with subsidies. linked: Σ of the fee
    rows that stand in the event's own source row; has_link: whether there are any. rate: code of the printed rate, -1
    without. group: class of each key (card brand, category), a code into `classes`, -1 without.
    """

    keys: Ints
    actual: Ints
    owner: Ints
    plain: Ints
    borne: Ints
    day: Ints
    linked: Ints
    has_link: Bools
    rate: Ints
    group: Ints
    classes: tuple[str, ...]

    def only(self, wanted: Bools) -> Charged:
        """The same for some of the keys."""
        number = np.cumsum(wanted) - 1
        here = wanted[self.owner]
        return Charged(
            self.keys[wanted], self.actual[wanted], number[self.owner[here]], self.plain[here], self.borne[here],
            self.day[here], self.linked[here], self.has_link[here], self.rate[here], self.group[wanted],
            self.classes,
        )  # fmt: skip


@dataclass(frozen=True)
class Expected:
    """What the rules give per key, in ledger signs.

    charge: Σ on the payments; back: Σ returned with refunds; tolerance: minor units; paid, refunded: Σ of the amounts
    that were the base; rule: number of the rule that decides, -1 where the key cannot be checked; beyond: what a
    refund of more than was paid gives back beyond the charge, if the channel follows the amount.
    """

    amount: Ints
    charge: Ints
    back: Ints
    tolerance: Ints
    paid: Ints
    refunded: Ints
    rule: Ints
    beyond: Ints


def charged(
    money: Money, fee_key: Ints, fee: Ints, fee_source: Ints, fee_rate: Ints, kinds: tuple[Ints, tuple[str, ...]]
) -> Charged:
    """Gather the keys of a charge.

    Args:
        money: the money events of all keys.
        fee_key: key of each fee row, none below 0.
        fee: amount of each fee row, ledger sign.
        fee_source: source row of each fee row.
        fee_rate: code of the rate that the row prints, -1 without.
        kinds: code of the card brand or category that the row prints, -1 without, and the texts of the codes.
    """
    keys, local = np.unique(fee_key, return_inverse=True)
    actual = np.zeros(len(keys), dtype=np.int64)
    np.add.at(actual, local, fee)
    places, owner = ranges(money.bounds, keys)
    source = money.source[places]
    rows, row = np.unique(fee_source, return_inverse=True)
    at = np.minimum(np.searchsorted(rows, source), len(rows) - 1)
    has_link = rows[at] == source
    linked, own_rate = np.zeros(len(rows), dtype=np.int64), np.full(len(rows), -1, dtype=np.int64)
    np.add.at(linked, row, fee)
    np.maximum.at(own_rate, row, fee_rate)
    rate = np.where(has_link, own_rate[at], -1)
    rate = np.where(rate >= 0, rate, _only_one(local, fee_rate, keys)[owner])
    return Charged(
        keys, actual, owner, money.plain[places], money.borne[places], money.day[places],
        np.where(has_link, linked[at], 0), has_link, rate, _only_one(local, kinds[0], keys), kinds[1],
    )  # fmt: skip


def _only_one(local: Ints, code: Ints, keys: Ints) -> Ints:
    """The code (of a printed rate, of a class) per key where all its rows print the same, else -1."""
    printed = code >= 0
    low = np.full(len(keys), np.iinfo(np.int64).max, dtype=np.int64)
    high = np.full(len(keys), -1, dtype=np.int64)
    np.minimum.at(low, local[printed], code[printed])
    np.maximum.at(high, local[printed], code[printed])
    return np.where(low == high, high, -1)


@dataclass(frozen=True)
class Ruled:
    """The rules of a charge: contract, printed, learned, in this order; `which` is the rule of each money event.

    learned: what the learned rules rest on. explained, rows: how many rows there were to learn from, and how many the
    best explains, whether that is enough or not. open_way: nobody says what a refund does to the fee, and no refund
    of a payment shows it.
    """

    rules: tuple[Rule, ...]
    which: Ints
    learned: tuple[Fit, ...]
    explained: int
    rows: int
    open_way: bool

    @property
    def first_learned(self) -> int:
        """Number of the first learned rule; `learned` tells of them in the same order."""
        return len(self.rules) - len(self.learned)


def ruled(part: Charged, contract: Sequence[Rule], rates: Sequence[Fraction], like: Rule, *, known: bool) -> Ruled:
    """Find the rule of each event: the contract of its day, else the rate printed in its row, else a learned one.

    Args:
        part: the charge.
        contract: its configured rules.
        rates: printed rates by code.
        like: name, kind, base and way with refunds, for rules that no contract gives.
        known: whether `like` knows the way with refunds; else the refunds themselves show it.
    """
    which = _by_contract(part, contract)
    by_rate = (which < 0) & (part.rate >= 0)
    codes, place = np.unique(part.rate[by_rate], return_inverse=True)
    which[by_rate] = len(contract) + place
    shown = tuple(replace(like, rate=rates[code], source="printed") for code in codes)
    splits, rules = _by_learning(part, which, like)
    for number, rule in enumerate(rules, start=len(contract) + len(shown)):
        which[(which < 0) & _holds(part, rule)] = number
    if not known:
        shown, rules = _as_refunds_show(part, which, (tuple(contract), shown, rules))
    return Ruled(
        rules=(*contract, *shown, *rules),
        which=which,
        learned=tuple(fit for split in splits for fit in split.learned.rules),
        explained=sum(split.learned.explained for split in splits),
        rows=sum(split.learned.rows for split in splits),
        open_way=not known and not np.isin(part.owner[part.plain < 0], part.owner[part.plain > 0]).any(),
    )


def _by_contract(part: Charged, rules: Sequence[Rule]) -> Ints:
    which = np.full(len(part.owner), -1, dtype=np.int64)
    for number, rule in sorted(enumerate(rules), key=lambda each: bool(each[1].only)):  # one for a class goes before
        which[_holds(part, rule)] = number
    return which


def _holds(part: Charged, rule: Rule) -> Bools:
    """Which money events a rule is for: those of its days and of its classes."""
    since = NO_DAY if rule.since is None else day_number(rule.since)
    until = np.iinfo(np.int64).max if rule.until is None else day_number(rule.until)
    held = (part.day >= since) & (part.day <= until)
    if rule.only:
        codes = [code for code, name in enumerate(part.classes) if name in rule.only]
        held &= np.isin(part.group, codes)[part.owner]
    return np.asarray(held)


def _by_learning(part: Charged, which: Ints, like: Rule) -> tuple[list[Split], tuple[Rule, ...]]:
    """Learn from the keys with one payment, no refund and no other rule."""
    amount = part.borne if like.base == "payment+subsidy" else part.plain
    some = np.bincount(part.owner[amount != 0], minlength=len(part.keys))
    fit = (amount > 0) & (some[part.owner] == 1) & (which < 0) & (part.day != NO_DAY) & (part.actual[part.owner] <= 0)
    owner = part.owner[fit]
    splits = learn_split(amount[fit], -part.actual[owner], part.day[fit], part.group[owner])
    return splits, tuple(rule for split in splits for rule in _dated(split, part.classes, like))


def _dated(split: Split, classes: tuple[str, ...], like: Rule) -> Iterator[Rule]:
    fits = split.learned.rules
    for number, fit in enumerate(fits):
        end = fits[number + 1].since if number + 1 < len(fits) else None
        yield replace(
            like,
            rate=fit.terms.share,
            fixed=fit.terms.fixed,
            minimum=fit.terms.minimum,
            maximum=fit.terms.maximum,
            rounding=fit.terms.rounding,
            since=None if fit.since is None else date_of(fit.since),
            until=None if end is None else date_of(end - 1),
            only=tuple(sorted(classes[code] for code in split.classes if code >= 0)),
            source="learned",
        )


def _as_refunds_show(
    part: Charged, which: Ints, rules: tuple[tuple[Rule, ...], tuple[Rule, ...], tuple[Rule, ...]]
) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
    """Give printed and learned rules the way with refunds that more of the refunds follow; `kept` if equally many.

    Where neither way holds for 95 % of them, but early refunds bring the fee back and later ones do not, the payment
    was settled in between.
    """
    contract, shown, learned = rules

    def tried(way: Literal["kept", "returned"], settles_after: int | None = None) -> tuple[Bools, Bools]:
        every = (*contract, *(replace(r, on_refund=way, settles_after=settles_after) for r in (*shown, *learned)))
        expected = expect(part, which, every)
        refunds = (expected.refunded > 0) & (expected.paid > 0) & (expected.rule >= len(contract))
        return refunds, refunds & ~differs(part, which, every, expected)

    refunds, kept = tried("kept")
    _, returned_ = tried("returned")
    way: Literal["kept", "returned"] = "returned" if returned_.sum() > kept.sum() else "kept"
    most, settles_after = max(int(kept.sum()), int(returned_.sum())), None
    if not holds(most, int(refunds.sum())):
        lag = _days_to_refund(part, refunds)
        last = int(lag[returned_ & ~kept].max(initial=0)) + 1
        both = int(tried("returned", last)[1].sum())
        if holds(both, int(refunds.sum())) and both > most:
            way, settles_after = "returned", last
    shown, learned = (
        tuple(replace(rule, on_refund=way, settles_after=settles_after) for rule in some) for some in (shown, learned)
    )
    return shown, learned


def _days_to_refund(part: Charged, keys: Bools) -> Ints:
    """Days from the first to the last money event of each of some keys, 0 of the others."""
    first = np.full(len(keys), np.iinfo(np.int64).max, dtype=np.int64)
    last = np.full(len(keys), np.iinfo(np.int64).min, dtype=np.int64)
    known = keys[part.owner] & (part.day != NO_DAY)
    np.minimum.at(first, part.owner[known], part.day[known])
    np.maximum.at(last, part.owner[known], part.day[known])
    return np.where(last >= first, last, 0) - np.where(last >= first, first, 0)


def expect(part: Charged, which: Ints, rules: Sequence[Rule]) -> Expected:
    """Compute what each key should have been charged.

    Args:
        part: the charge.
        which: number of the rule of each event, -1 without.
        rules: the rules.

    Returns:
        A payment is charged by the rule of its day, a refund gives back by the rule of the key's first payment. A key
        with a payment that no rule covers is not checked, nor one without payment unless its refunds print a rate.
    """
    count = len(part.keys)
    subsidised = np.array([rule.base == "payment+subsidy" for rule in rules] + [False])
    amount = np.where(subsidised[which], part.borne, part.plain)
    pays, gives = amount > 0, amount < 0
    cost = np.zeros(len(amount), dtype=np.int64)
    for number, rule in enumerate(rules):
        held = pays & (which == number)
        cost[held] = charge(amount[held], rule)
    fee, paid, refunded = (_sum(part.owner, values, count) for values in (cost, amount * pays, -amount * gives))
    rule_of = _deciding(part, which, pays, rules)
    back, brings = np.zeros(len(amount), dtype=np.int64), np.zeros(len(amount), dtype=bool)
    for number, rule in enumerate(rules):
        if rule.on_refund == "returned":
            held = gives & (rule_of[part.owner] == number)
            if rule.settles_after is not None:
                held &= part.day - _paid_on(part, pays)[part.owner] < rule.settles_after
            brings[held] = True
            owner = part.owner[held]
            back[held] = returned(-amount[held], paid[owner], fee[owner], rule)
    came_back = _sum(part.owner, back, count)
    gives_back = np.bincount(part.owner[brings], minlength=count) > 0
    followed = came_back
    full = (paid > 0) & (paid == _sum(part.owner, -amount * brings, count))
    came_back = np.where(full, fee, np.where(paid > 0, np.minimum(came_back, fee), came_back))
    refunds = np.bincount(part.owner[gives], minlength=count)
    return Expected(
        amount=came_back - fee,
        charge=-fee,
        back=came_back,
        tolerance=np.where(gives_back & ~full, refunds, 0),
        paid=paid,
        refunded=refunded,
        rule=rule_of,
        beyond=np.where((paid > 0) & (refunded > paid), followed - came_back, 0),
    )


def _paid_on(part: Charged, pays: Bools) -> Ints:
    """The day of each key's first payment."""
    day = np.full(len(part.keys), NO_DAY, dtype=np.int64)
    paying = np.flatnonzero(pays)[::-1]
    day[part.owner[paying]] = part.day[paying]
    return day


def _deciding(part: Charged, which: Ints, pays: Bools, rules: Sequence[Rule]) -> Ints:
    """The rule of each key's first payment; of a key without payment that of its first refund, if that is printed."""
    count = len(part.keys)
    rule_of = np.full(count, -1, dtype=np.int64)
    paying = np.flatnonzero(pays)[::-1]
    rule_of[part.owner[paying]] = which[paying]
    rule_of[part.owner[pays & (which < 0)]] = -1
    by_row = np.array([rule.source == "printed" and rule.on_refund == "returned" for rule in rules] + [False])
    unpaid = np.bincount(part.owner[pays], minlength=count) == 0
    lone = np.flatnonzero(unpaid[part.owner] & by_row[which] & part.has_link)[::-1]
    rule_of[part.owner[lone]] = which[lone]
    return rule_of


def differs(part: Charged, which: Ints, rules: Sequence[Rule], expected: Expected) -> Bools:
    """Return which keys break their rule.

    Beyond the tolerance of the refunds; where each payment prints its fee in its own row, these must be exact. What
    was refunded twice may bring its fee back twice: a fee that is right for a wrong amount is right.
    """
    difference = part.actual - expected.amount
    follows = (expected.beyond != 0) & (np.abs(difference - expected.beyond) <= expected.tolerance)
    difference = np.where(follows, 0, difference)
    count = len(part.keys)
    subsidised = np.array([rule.base == "payment+subsidy" for rule in rules] + [False])
    pays = np.where(subsidised[which], part.borne, part.plain) > 0
    shown = _sum(part.owner, np.where(pays, part.linked, 0), count)
    stray = np.bincount(part.owner[pays & ~part.has_link], minlength=count)
    exact = (stray == 0) & (expected.paid > 0) & (shown != expected.charge)
    off: Bools = (expected.rule >= 0) & ((np.abs(difference) > expected.tolerance) | (exact & (difference != 0)))
    return off


def _sum(owner: Ints, values: Ints, count: int) -> Ints:
    total = np.zeros(count, dtype=np.int64)
    np.add.at(total, owner, values)
    return total
