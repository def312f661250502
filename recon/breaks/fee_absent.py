"""Payments that bear less of a charge than others: one that never came, and the free share of a month."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from recon.breaks import fee_texts
from recon.breaks.fee_case import Case
from recon.breaks.fee_keys import Bools, Ints, Money, groups, ranges
from recon.breaks.finding import Finding
from recon.fees import LEAST_ROWS, charge, holds
from recon.ledger.days import NO_DAY, month_of
from recon.ledger.outcome import ORDER_GATEWAY
from recon.ledger.view import View


def absent(ledger: View, case: Case, money: Money, as_of: int, lang: str) -> Iterator[Finding]:
    """Payments without the charge after its longest delay, where it is on 95 % of those that are as old.

    A channel that gives no delay is not asked: whether a payment bears the charge at all, nobody says. Of a charge for
    some orders only (an affiliate's), the 95 % keep the others from being findings.
    """
    if case.latest is None or not len(case.fee_row) or not case.ruled.rules:
        return
    keys = _of_account(ledger, case, money)
    paid, refunded, day = _sums(money, keys)
    seen = int(ledger.day[ledger.account == ledger.account[case.fee_row[0]]].max())
    old = (paid > 0) & (refunded == 0) & (day != NO_DAY) & (day + case.latest < min(as_of, seen))
    bears = np.isin(keys, case.part.keys)
    count = int(old.sum())
    if count < LEAST_ROWS or not holds(int((old & bears).sum()), count):
        return
    rule = case.ruled.rules[-1]
    for key, base in zip(keys[old & ~bears].tolist(), paid[old & ~bears].tolist(), strict=True):
        due = -int(charge(np.array([base], dtype=np.int64), rule)[0])
        if due:
            yield Finding(
                code="fee_mismatch",
                leg=ORDER_GATEWAY,
                owned=(),
                linked=tuple(money.row[money.row_bounds[key] : money.row_bounds[key + 1]].tolist()),
                expected=due,
                actual=0,
                currency=case.currency,
                explanation=fee_texts.absent(case.name, rule, case.currency, (due, base, case.latest), lang),
                cause="affiliate_late",
            )


def in_free_share(ledger: View, case: Case, money: Money) -> Bools:
    """Tell of each key of the charge whether it lies where nothing, or not yet the whole, is taken in its month.

    So it is where a platform takes nothing of the first of a month's sales: no payment of an earlier day of the month
    is charged, and two at least are not.
    """
    keys = _of_account(ledger, case, money)
    paid, _, day = _sums(money, keys)
    own = np.searchsorted(keys, case.part.keys)
    charged = np.zeros(len(keys), dtype=bool)
    charged[own[case.part.actual < 0]] = True
    known = (paid > 0) & (day != NO_DAY)
    month = month_of(day)
    free = np.zeros(len(keys), dtype=bool)
    for number in np.unique(month[known]).tolist():
        inside = known & (month == number)
        first = int(day[inside & charged].min(initial=np.iinfo(np.int64).max))
        if np.count_nonzero(inside & (day < first)) > 1:
            free |= inside & (day <= first)
    return free[own]


def _of_account(ledger: View, case: Case, money: Money) -> Ints:
    """The keys of the account and currency of a charge that have money."""
    there = np.flatnonzero(np.diff(money.row_bounds) > 0)
    group = groups(ledger)
    return np.asarray(there[group[money.row[money.row_bounds[there]]] == group[case.fee_row[0]]])


def _sums(money: Money, keys: Ints) -> tuple[Ints, Ints, Ints]:
    """What was paid and refunded under each key, and the day of its first money event (NO_DAY without)."""
    places, owner = ranges(money.bounds, keys)
    amount = money.plain[places]
    paid, refunded = np.zeros(len(keys), dtype=np.int64), np.zeros(len(keys), dtype=np.int64)
    np.add.at(paid, owner, np.maximum(amount, 0))
    np.add.at(refunded, owner, np.maximum(-amount, 0))
    filled = money.bounds[keys + 1] > money.bounds[keys]
    day = np.full(len(keys), NO_DAY, dtype=np.int64)
    day[filled] = money.day[money.bounds[keys[filled]]]
    return paid, refunded, day
