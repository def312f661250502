"""What gateways take and give beside the buyer's money: fees, commissions, subsidies, payouts, deposits, disputes."""

from __future__ import annotations

import numpy as np

from recon.ledger.days import NO_DAY
from recon.ledger.reserves import is_reserve
from recon.ledger.view import GATEWAY, KIND, View
from recon.vouchers.chart import DEBIT, RED_ROLES, ROLE_CODE
from recon.vouchers.events import EVENT_CODE
from recon.vouchers.journal import one_of
from recon.vouchers.links import Links, first_of
from recon.vouchers.merged import MergedPayments, Parts, undivided
from recon.vouchers.poster import Poster
from recon.vouchers.profile import Profile
from recon.vouchers.scope import BOOKED

CHARGES = ("fee", "commission", "tax", "shipping")
_DAYS = 1 << 20


def post_charges(
    wide: Poster, profile: Profile, reasons: np.ndarray, event: np.ndarray, taken: np.ndarray, merged: MergedPayments
) -> tuple[str, ...]:
    """Post charges and subsidies, in the voucher of their payment or refund where that is of the same day.

    Args:
        wide: what to post with.
        profile: roles of named charges.
        reasons: per entry BOOKED or why it is in no voucher.
        event: per entry the event of a payment or refund that a charge may be booked with, else -1.
        taken: entries that are booked as payments or refunds already.
        merged: divides charges on what was paid for several orders.

    Returns:
        The names of charges that have no role of their own and took their kind's.
    """
    view = wide.view
    booked = (view.side == GATEWAY) & (reasons == BOOKED) & ~taken
    charges = merged.divide(np.flatnonzero(booked & one_of(view.kind, [KIND[k] for k in CHARGES])))
    subsidies = np.flatnonzero(booked & (view.kind == KIND["subsidy"]))
    rows = np.concatenate([charges.row, subsidies])
    is_charge = np.arange(len(rows)) < len(charges.row)
    found = _join(wide, rows, event, (view.amount[rows] > 0) == is_charge)
    role, unmapped = charge_roles(view, profile, charges.row)
    role = without_brushed(wide.links, charges.row, role)
    codes = np.where(found[is_charge] >= 0, found[is_charge], EVENT_CODE["fee"])
    _post_charge(wide, codes, charges, role)
    alone = np.where(view.amount[subsidies] >= 0, EVENT_CODE["settlement"], EVENT_CODE["refund"])
    wide.part(np.where(found[~is_charge] >= 0, found[~is_charge], alone), subsidies, view.amount[subsidies], "ar_sub")
    return unmapped


def _post_charge(wide: Poster, codes: np.ndarray, charges: Parts, role: np.ndarray) -> None:
    """A charge given back is a red figure on the expense; on a balance account it is an entry on the other side."""
    rows, amount, order = charges.row, charges.amount, charges.order
    day, journal = wide.view.day[rows], wide.journal
    red = one_of(role, [ROLE_CODE[name] for name in RED_ROLES])
    plain = ~red
    journal.money(codes, rows, day, wide.view.account[rows], amount, single=order)
    journal.post(codes[red], rows[red], day[red], role[red], DEBIT, -amount[red], single=order[red])
    journal.by_sign(codes[plain], rows[plain], day[plain], role[plain], amount[plain], single=order[plain])


def _join(wide: Poster, rows: np.ndarray, event: np.ndarray, refund_first: np.ndarray) -> np.ndarray:
    """The event of the payment or refund of the same number, account and day, -1 where there is none."""
    view = wide.view
    found = np.full(len(rows), -1, dtype=np.int8)
    hosts = np.flatnonzero(event >= 0)
    is_refund = view.kind[hosts] == KIND["refund"]
    for preferred in (True, False):
        for column in ("order_ref", "payment_ref", "refund_ref"):
            number = view.codes(column)[0]
            for refunds in (True, False):
                open_rows = np.flatnonzero((found < 0) & (number[rows] >= 0) & ((refund_first == refunds) == preferred))
                some = hosts[(is_refund == refunds) & (number[hosts] >= 0)]
                if len(open_rows) and len(some):
                    found[open_rows] = _same_day(view, number, rows[open_rows], some, event)
    return found


def _same_day(view: View, number: np.ndarray, rows: np.ndarray, hosts: np.ndarray, event: np.ndarray) -> np.ndarray:
    """The event of a host of the same number, account and day: the first that carries the number nearly always fits."""
    found = np.full(len(rows), -1, dtype=np.int8)
    host = first_of(number, hosts)[number[rows]]
    met = (host >= 0) & (view.account[host] == view.account[rows]) & (view.day[host] == view.day[rows])
    found[met] = event[host[met]]
    rest = np.flatnonzero((host >= 0) & ~met)
    wanted = np.zeros(int(number.max(initial=-1)) + 2, dtype=bool)
    wanted[number[rows[rest]]] = True
    some = hosts[wanted[number[hosts]]]
    if len(rest) and len(some):
        found[rest] = _exact(view, number, rows[rest], some, event)
    return found


def _exact(view: View, number: np.ndarray, rows: np.ndarray, hosts: np.ndarray, event: np.ndarray) -> np.ndarray:
    def key(of: np.ndarray) -> np.ndarray:
        numbered: np.ndarray = (number[of] * len(view.accounts) + view.account[of]) * _DAYS + view.day[of]
        return numbered

    distinct, first = np.unique(key(hosts), return_index=True)
    wanted = key(rows)
    place = np.minimum(np.searchsorted(distinct, wanted), len(distinct) - 1)
    found: np.ndarray = np.where(distinct[place] == wanted, event[hosts[first[place]]], -1).astype(np.int8)
    return found


def without_brushed(links: Links, rows: np.ndarray, role: np.ndarray) -> np.ndarray:
    """Return the role codes of charges with those on orders that are no sales apart: such costs are not deductible."""
    apart: np.ndarray = np.append(links.brushed, False)[links.pool[rows]]
    return np.where(apart, ROLE_CODE["nonop_exp"], role).astype(np.int8)


def charge_roles(view: View, profile: Profile, rows: np.ndarray) -> tuple[np.ndarray, tuple[str, ...]]:
    """Return the role code of each charge, and the names that fell back to their kind's role."""
    column = view.entries["detail"]
    names = [str(name) for name in column.cat.categories] + [""]
    kinds = {code: kind for kind, code in KIND.items()}
    detail = column.cat.codes.to_numpy()[rows].astype(np.int64)
    detail[detail < 0] = len(names) - 1
    pairs = detail * len(KIND) + view.kind[rows]
    role_of = np.zeros(len(names) * len(KIND), dtype=np.int8)
    unmapped = set()
    for pair in np.flatnonzero(np.bincount(pairs, minlength=1)).tolist():
        name, kind = names[pair // len(KIND)], kinds[pair % len(KIND)]
        role, named = profile.charge_role(kind, name)
        role_of[pair] = ROLE_CODE[role]
        if name and not named:
            unmapped.add(name)
    return role_of[pairs], tuple(sorted(unmapped))


def post_rest(wide: Poster, profile: Profile, reasons: np.ndarray) -> None:
    """Post payouts, transfers, deposits, interest, disputes, reserves; else suspense, never revenue."""
    view = wide.view
    booked = (view.side == GATEWAY) & (reasons == BOOKED) & (view.day != NO_DAY)

    def of(kind: str) -> np.ndarray:
        chosen: np.ndarray = booked & (view.kind == KIND[kind])
        return chosen

    wide.contra("withdrawal", of("payout") & (view.amount < 0), "transit")
    wide.contra("payout_returned", of("payout") & (view.amount >= 0), "transit")
    wide.contra("transfer", of("transfer"), "transit")
    wide.contra("chargeback", of("chargeback"), "dispute", single=True)
    for kind in ("deposit", "interest"):
        rows = np.flatnonzero(of(kind))
        role, _ = charge_roles(view, profile, rows)
        amount, day = view.amount[rows], view.day[rows]
        wide.journal.money(kind, rows, day, view.account[rows], amount)
        wide.journal.by_sign(kind, rows, day, role, amount)
    held = booked & is_reserve(view) & ~_named(view, profile)
    wide.contra("reserve", held, "reserve")
    _post_unruled(wide, profile, (of("adjustment") & ~held) | of("receipt") | of("disbursement") | of("sale"))


def _named(view: View, profile: Profile) -> np.ndarray:
    """Entries whose own name the company gave a role."""
    return view.detailed(*profile.details)


def _post_unruled(wide: Poster, profile: Profile, chosen: np.ndarray) -> None:
    """Movements whose kind says nothing: by the role that their name was given, else suspense, each on its own."""
    view = wide.view
    rows = np.flatnonzero(chosen)
    named = _named(view, profile)[rows]
    role, _ = charge_roles(view, profile, rows[named])
    _post_charge(wide, np.full(int(named.sum()), EVENT_CODE["fee"]), undivided(view, rows[named]), role)
    unruled = np.zeros(len(view), dtype=bool)
    unruled[rows[~named]] = True
    wide.contra("unknown_receipt", unruled & (view.amount >= 0), "susp_cr", single=True)
    wide.contra("unknown_debit", unruled & (view.amount < 0), "susp_dr", single=True)
