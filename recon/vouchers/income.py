"""Platform income against books (平台申报收入比对), control 11: per shop and quarter.

Platforms report to the tax office what sellers received less what was given back, before commission and promotion
(domain 8.6); payouts have no part in it. The books hold revenue and VAT of the same orders, at other times.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from recon.ledger.days import as_date, quarter_days
from recon.ledger.outcome import BREAK, IN_TRANSIT, Outcome
from recon.ledger.parts import sum_by
from recon.ledger.view import GATEWAY, KIND, ORDER
from recon.vouchers.booking import Booked
from recon.vouchers.chart import ROLE_CODE
from recon.vouchers.control import Control, control, not_computable
from recon.vouchers.journal import one_of
from recon.vouchers.profile import Profile
from recon.vouchers.scope import BOOKED

_NUMBER = 11
_INCOME = tuple(KIND[kind] for kind in ("payment", "refund", "subsidy"))


def income_controls(booked: Booked, outcome: Outcome, profile: Profile) -> list[Control]:
    """Return control 11 of each shop for the quarter of the period.

    Listed is what orders make differ (sales of another quarter than their money, coupons, other tenders), and money
    that is a finding or in transit. Other money without an order stays open: the platform declares it and the books do
    not. A quarter of which money is there on some days only says which.

    Args:
        booked: postings of all days.
        outcome: the run.
        profile: without order files nothing is computed, unless revenue is taken from the money.
    """
    view, links, postings = booked.view, booked.links, booked.postings
    if profile.revenue_from == "orders" and not (view.side == ORDER).any():
        return not_computable(_NUMBER)
    low, high = quarter_days(outcome.period)
    income = (view.side == GATEWAY) & (booked.reasons == BOOKED) & one_of(view.kind, _INCOME)
    money = np.flatnonzero(income & (view.day >= low) & (view.day <= high))
    roles = [ROLE_CODE[role] for role in ("rev", profile.output_tax)]
    earned = np.flatnonzero(one_of(postings.role, roles) & (postings.day >= low) & (postings.day <= high))
    sold, shop, size = postings.row[earned], links.shop + 1, len(view.shops) + 1
    books = sum_by(shop[sold], -postings.signed(earned), size)
    declared = sum_by(shop[money], view.amount[money], size)
    placed = (links.pool >= 0) | (links.group == BREAK) | (links.group == IN_TRANSIT)
    of_orders = np.where(placed, shop, -1)
    listed = sum_by(of_orders[sold], -postings.signed(earned), size)
    listed -= sum_by(of_orders[money], view.amount[money], size)
    shown = np.flatnonzero(np.bincount(shop[np.concatenate([sold, money])], minlength=size))
    names = ("", *view.shops)
    days = _covered(view.day[money], low, high)
    found = [control(_NUMBER, names[n], *(int(part[n]) for part in (books, declared, listed))) for n in shown.tolist()]
    return [replace(one, needs_zh=days[0], needs_en=days[1]) for one in found] or [control(_NUMBER, "", 0, 0, 0)]


def _covered(days: np.ndarray, low: int, high: int) -> tuple[str, str]:
    """In zh and en the days of the quarter from which money is there; empty where they reach into its first and last
    week, for a shop need not sell every day.
    """
    if not len(days) or (days.min() < low + 7 and days.max() > high - 7):
        return "", ""
    first, last = as_date(int(days.min())), as_date(int(days.max()))
    return f"季度不完整：{first} 至 {last}", f"incomplete quarter: {first} to {last}"
