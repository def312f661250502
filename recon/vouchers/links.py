"""What each entry belongs to: its group in the order leg, its order, the day the sale is recognised.

A cash-book entry whose trade-book twin was matched takes over the twin's group: the cash book books, the trade book
gives references and contra accounts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from recon.ledger.days import NO_DAY, day_number
from recon.ledger.outcome import BREAK, EXCLUDED, MATCHED, ORDER_GATEWAY, Outcome
from recon.ledger.parts import COMPARISONS, ESCROW, count_by, max_by, min_by, sum_by
from recon.ledger.view import BOOK, GATEWAY, KIND, ORDER, STATE, View, days_of
from recon.vouchers.journal import one_of
from recon.vouchers.profile import Profile
from recon.vouchers.scope import BOOKED

FAR = np.iinfo(np.int64).max  # a day that never comes: not recognised yet
BRUSHING = "brushing"  # the detail of an order that is tagged as no sale (刷单): its money is real, its revenue is not
_NO_ORDER = frozenset({"unknown_payment", "unknown_refund", "ambiguous", "suggested"})


@dataclass(frozen=True)
class Links:
    """One value per entry unless it says otherwise; -1 where there is none.

    group, index: as `Outcome.groups`, twins taken over. code: finding code number (into `codes`). unit: the order
    (for gateway rows: the order they belong to). pool: what money and sales share: a match or finding that holds the
    sale, else the order itself; `pools` of them. recognised: per entry of the order side the day of its sale, FAR
    while unknown, NO_DAY where there is no sale at all (closed, unpaid). pool_day: per pool the latest such day.
    brushed: per pool, every sale of it is tagged as none. escrow: per pool, the channel releases money only after
    receipt. matched_pool: per pool, its sale is matched.
    shop: shop code, taken from the order where the entry prints none. member: the order leg itself holds the entry.
    accepted_paid, accepted_returned: per pool, what was paid or refunded beyond what was expected (- short of it) and
    is accepted, by proved matches.
    """

    group: np.ndarray
    index: np.ndarray
    code: np.ndarray
    codes: tuple[str, ...]
    unit: np.ndarray
    pool: np.ndarray
    pools: int
    recognised: np.ndarray
    pool_day: np.ndarray
    brushed: np.ndarray
    escrow: np.ndarray
    matched_pool: np.ndarray
    shop: np.ndarray
    member: np.ndarray
    accepted_paid: np.ndarray
    accepted_returned: np.ndarray


@dataclass(frozen=True)
class _Money:
    """Per pool: is it escrow, is its sale matched, and the first day of its money."""

    escrow: np.ndarray
    matched: np.ndarray
    day: np.ndarray


def code_is(links: Links, name: str) -> np.ndarray:
    """Entries that a finding of this code holds."""
    number = links.codes.index(name) if name in links.codes else -2
    held: np.ndarray = links.code == number
    return held


def link(view: View, outcome: Outcome, profile: Profile, reasons: np.ndarray) -> Links:
    """Work out what each entry belongs to.

    Args:
        view: the ledger.
        outcome: matches and findings.
        profile: decides when a sale is recognised.
        reasons: per entry BOOKED or why it is in no voucher (`scope.reasons`).
    """
    group, index = outcome.groups(ORDER_GATEWAY)
    donor = _twins(view, group, reasons)
    taken = donor >= 0
    member = (group == MATCHED) | (group == BREAK)
    group, index = group.copy(), index.copy()
    group[taken], index[taken] = group[donor[taken]], index[donor[taken]]
    code, codes = _finding_codes(outcome, group, index)
    order_rows = (view.side == ORDER) & (reasons == BOOKED) & (profile.revenue_from == "orders")
    unit = _units(view, order_rows)
    size = int(unit.max(initial=-1)) + 1
    bundle = _bundles(outcome, group, index)
    without = np.isin(code, [n for n, name in enumerate(codes) if name in _NO_ORDER])
    _link_money(view, outcome, unit, np.where(without, -1, bundle), ~without & ((reasons == BOOKED) | member), donor)
    pool, pools, matched = _pools(view, unit, bundle, order_rows, group, size)
    escrow = _is_escrow(view, outcome, order_rows, pool, pools)
    money_day = _money_day(view, pool, pools, reasons)
    recognised = _recognised(view, outcome, profile, order_rows, pool, _Money(escrow, matched, money_day))
    sales = np.flatnonzero(order_rows & (view.kind == KIND["sale"]))
    accepted_paid, accepted_returned = _accepted(outcome, pool, pools)
    index, unit, pool, shop = (
        numbers.astype(np.int32) for numbers in (index, unit, pool, _shops(view, unit, order_rows, size))
    )
    return Links(
        group=group, index=index, code=code.astype(np.int16), codes=codes, unit=unit, pool=pool, pools=pools,
        recognised=recognised, pool_day=max_by(pool[sales], recognised[sales], pools, NO_DAY),
        brushed=_brushed(view, pool[sales], sales, pools), escrow=escrow, matched_pool=matched, shop=shop,
        member=member, accepted_paid=accepted_paid, accepted_returned=accepted_returned,
    )  # fmt: skip


def _twins(view: View, group: np.ndarray, reasons: np.ndarray) -> np.ndarray:
    """Return for each booked row that the order leg passed over the matched row of another book that tells the same."""
    twin = np.full(len(view), -1, dtype=np.int64)
    passed = (group == 0) | (group == EXCLUDED)
    needs = (view.side == GATEWAY) & (reasons == BOOKED) & passed & (view.book != BOOK["trade"])
    gives = (view.side == GATEWAY) & (view.book >= 0) & (view.book != BOOK["cash"]) & ~passed
    if not (gives.any() and needs.any()):
        return twin
    scope = view.account * (len(KIND) + 1) + view.kind
    for column in ("refund_ref", "payment_ref", "order_ref"):
        number = view.codes(column)[0]
        width = int(number.max(initial=-1)) + 1
        donors = np.flatnonzero(gives & (number >= 0))
        wanting = np.flatnonzero(needs & (number >= 0) & (twin < 0))
        distinct, first = np.unique(scope[donors] * width + number[donors], return_index=True)
        wanted = scope[wanting] * width + number[wanting]
        place = np.searchsorted(distinct, wanted)
        place[place == len(distinct)] = 0
        met = distinct[place] == wanted if len(distinct) else np.zeros(len(wanted), dtype=bool)
        twin[wanting[met]] = donors[first[place[met]]]
    return twin


def _finding_codes(outcome: Outcome, group: np.ndarray, index: np.ndarray) -> tuple[np.ndarray, tuple[str, ...]]:
    names = tuple(sorted(set(outcome.findings["code"].astype(str))))
    number = outcome.findings["finding"].to_numpy(dtype=np.int64)
    by_number = np.full(int(number.max(initial=-1)) + 2, -1, dtype=np.int64)
    by_number[number] = [names.index(str(code)) for code in outcome.findings["code"]]
    return np.where(group == BREAK, by_number[np.where(group == BREAK, index, -1)], -1), names


def _units(view: View, order_rows: np.ndarray) -> np.ndarray:
    """Number the orders: one per channel, order number and sub-order number; a row without number is its own order."""
    unit = np.full(len(view), -1, dtype=np.int64)
    rows = np.flatnonzero(order_rows)
    number, sub = view.codes("order_ref")[0][rows], view.codes("sub_ref")[0][rows]
    lone = number < 0
    width = int(sub.max(initial=-1)) + 2
    key = (view.channel[rows] * (int(number.max(initial=-1)) + 2) + number + 1) * width + sub + 1
    key[lone] = -1 - rows[lone]
    unit[rows] = pd.factorize(key)[0]
    return unit


def _bundles(outcome: Outcome, group: np.ndarray, index: np.ndarray) -> np.ndarray:
    """One number space for matches and findings; -1 where an entry stands in neither."""
    base = int(outcome.matches["match"].max()) + 1 if len(outcome.matches) else 0
    return np.where(group == MATCHED, index, np.where(group == BREAK, base + index, -1))


def _link_money(
    view: View, outcome: Outcome, unit: np.ndarray, bundle: np.ndarray, may: np.ndarray, donor: np.ndarray
) -> None:
    """Give gateway rows their order, in place: by the match or finding they share, else by number."""
    orders = np.flatnonzero(unit >= 0)
    sale = view.kind[orders] == KIND["sale"]
    ordered = np.concatenate([orders[sale], orders[~sale]])
    waiting = np.flatnonzero((view.side == GATEWAY) & may & (unit < 0))
    settles, twins = _settles(view, outcome), np.flatnonzero(donor >= 0)

    def take(code: np.ndarray) -> None:
        open_rows = waiting[(unit[waiting] < 0) & (code[waiting] >= 0)]
        if len(open_rows):
            partner = first_of(code, ordered[code[ordered] >= 0])[code[open_rows]]
            fits = (partner >= 0) & settles[view.channel[partner], view.family[open_rows]]
            unit[open_rows[fits]] = unit[partner[fits]]

    def own_or_twin(column: str) -> np.ndarray:
        number = view.codes(column)[0]
        some = twins[number[twins] < 0]
        if not len(some):
            return number
        told = number.copy()
        told[some] = number[donor[some]]
        return told

    take(bundle)
    order, sub = own_or_twin("order_ref"), own_or_twin("sub_ref")
    width = int(sub.max(initial=-1)) + 2
    both = (order >= 0) & (sub >= 0)
    fine = np.full(len(view), -1, dtype=np.int64)
    fine[both] = pd.factorize(order[both] * width + sub[both])[0]
    take(fine)
    take(order)
    take(own_or_twin("payment_ref"))
    _link_by_payment(view, view.codes("payment_ref")[0], unit, may)


def _link_by_payment(view: View, number: np.ndarray, unit: np.ndarray, may: np.ndarray) -> None:
    """A charge or refund that only carries its payment's number belongs to the order of that payment, in place."""
    money = (view.side == GATEWAY) & (number >= 0)
    hosts = np.flatnonzero(money & (unit >= 0) & (view.kind == KIND["payment"]))
    wanting = np.flatnonzero(money & may & (unit < 0))
    host = first_of(number, hosts)[number[wanting]]
    met = (host >= 0) & (view.account[host] == view.account[wanting])
    unit[wanting[met]] = unit[host[met]]


def first_of(number: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Return for each number the first of the rows that carries it, -1 where none does."""
    first = np.full(int(number.max(initial=-1)) + 2, -1, dtype=np.int64)
    first[number[rows][::-1]] = rows[::-1]
    return first


def _settles(view: View, outcome: Outcome) -> np.ndarray:
    """Channel × family: may the money of orders of this channel lie in accounts of this family?"""
    allowed = np.ones((len(view.channels) + 1, len(view.families) + 1), dtype=bool)
    for code, name in enumerate(view.channels):
        facts = outcome.channels[name]
        if facts.settles_via:
            allowed[code] = [family in facts.settles_via for family in view.families] + [False]
    return allowed


def _pools(
    view: View, unit: np.ndarray, bundle: np.ndarray, order_rows: np.ndarray, group: np.ndarray, units: int
) -> tuple[np.ndarray, int, np.ndarray]:
    """Number what money and sales share; see `Links.pool`."""
    sales = np.flatnonzero(order_rows & (view.kind == KIND["sale"]))[::-1]
    size = int(bundle.max(initial=-1)) + 1
    of_unit = np.arange(units, dtype=np.int64) + size
    held = sales[bundle[sales] >= 0]
    of_unit[unit[held]] = bundle[held]
    has_sale = np.zeros(size + 1, dtype=bool)
    has_sale[bundle[held]] = True
    pool = np.where(unit >= 0, of_unit[unit] if units else -1, -1)
    pool = np.where((bundle >= 0) & has_sale[bundle], bundle, pool)
    pools = size + units
    matched = np.zeros(pools + 1, dtype=bool)
    matched[bundle[held[group[held] == MATCHED]]] = True
    return pool, pools, matched[:pools]


def _accepted(outcome: Outcome, pool: np.ndarray, pools: int) -> tuple[np.ndarray, np.ndarray]:
    """Per pool, the differences of the payments and of the refunds that its match accepts."""
    heads, members = outcome.matches, outcome.members
    proved = (heads["verdict"] != "unproven").to_numpy(dtype=bool)
    paid, returned = (
        np.where(proved, heads[name].to_numpy(dtype=np.int64), 0) for name in ("accepted_paid", "accepted_returned")
    )
    some = np.flatnonzero((paid != 0) | (returned != 0))
    line = np.full(int(heads["match"].max()) + 1 if len(heads) else 0, -1, dtype=np.int64)
    line[heads["match"].to_numpy(dtype=np.int64)[some]] = np.arange(len(some))
    of_member = line[members["match"].to_numpy(dtype=np.int64)]
    into = max_by(of_member, pool[members["row"].to_numpy(dtype=np.int64)], len(some), -1)
    return sum_by(into, paid[some], pools), sum_by(into, returned[some], pools)


def _is_escrow(view: View, outcome: Outcome, order_rows: np.ndarray, pool: np.ndarray, pools: int) -> np.ndarray:
    kind = np.array([COMPARISONS.index(outcome.channels[c].comparison or "plain") for c in view.channels] or [0])
    rows = np.flatnonzero(order_rows)
    return max_by(pool[rows], kind[view.channel[rows]], pools, 0) >= ESCROW


def _money_day(view: View, pool: np.ndarray, pools: int, reasons: np.ndarray) -> np.ndarray:
    payments = np.flatnonzero((view.side == GATEWAY) & (view.kind == KIND["payment"]) & (reasons == BOOKED))
    return min_by(pool[payments], view.day[payments], pools, FAR)


def _recognised(
    view: View, outcome: Outcome, profile: Profile, order_rows: np.ndarray, pool: np.ndarray, money: _Money
) -> np.ndarray:
    """The day a sale counts: receipt confirmed (or paid, shipped by the profile); on escrow channels else the money.

    A brushed order has no sale. A closed order has none, unless an escrow channel released its money: then it was
    received, and given back later.
    """
    column = {"confirmed": "confirmed_at", "paid": "paid_at", "shipped": "shipped_at"}[profile.revenue_date]
    rows = np.flatnonzero(order_rows)
    moment = days_of(view.entries[column].take(rows), outcome.zone)
    day = np.where(moment == NO_DAY, FAR, moment)
    of_pool = np.append(np.where(money.escrow, money.day, FAR), FAR)[pool[rows]]
    day = np.where(day == FAR, of_pool, day)
    day[day > day_number(outcome.as_of)] = FAR
    day[view.detailed(BRUSHING)[rows]] = NO_DAY
    released = np.append(money.escrow & money.matched & (money.day != FAR), False)[pool[rows]]
    day[one_of(view.state[rows], (STATE["closed"], STATE["unpaid"])) & ~released] = NO_DAY
    found = np.full(len(view), NO_DAY, dtype=np.int64)
    found[rows] = day
    return found


def _brushed(view: View, pool: np.ndarray, sales: np.ndarray, pools: int) -> np.ndarray:
    real = np.where(view.detailed(BRUSHING)[sales], -1, pool)
    none: np.ndarray = (count_by(pool, pools) > 0) & (count_by(real, pools) == 0)
    return none


def _shops(view: View, unit: np.ndarray, order_rows: np.ndarray, units: int) -> np.ndarray:
    rows = np.flatnonzero(order_rows)
    of_unit = max_by(unit[rows], view.shop[rows], units, -1)
    linked = np.where(unit >= 0, of_unit[unit] if units else -1, -1)
    return np.where(linked >= 0, linked, view.shop)
