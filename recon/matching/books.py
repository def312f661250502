"""What the order leg looks at: of two bills that tell the same money the one that counts, kind by kind, up to as_of."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from recon.ledger.channel import ChannelFacts
from recon.ledger.days import NO_DAY
from recon.ledger.view import BOOK, GATEWAY, KIND, ORDER, View, of_details
from recon.timing import Coverage

_LEG_KINDS = tuple(
    KIND[k] for k in ("payment", "refund", "subsidy", "fee", "commission", "shipping", "tax", "adjustment")
)
_AGREED = (KIND["fee"], KIND["commission"])


def told_twice(
    view: View, channels: Mapping[str, ChannelFacts], books: Mapping[str, Coverage], late: np.ndarray
) -> np.ndarray:
    """Mark rows of the cash book whose kind the trade book tells (until as_of), on days that it covers.

    What a channel says that its trade book never tells stays: refunds that a wallet pays after the settlement.
    """
    twice = np.zeros(len(view), dtype=bool)
    for code, name in enumerate(view.accounts):
        coverage = books.get(f"{name}#trade")
        if coverage is None:
            continue
        mine = (view.account == code) & (view.side == GATEWAY)
        kinds = np.unique(view.kind[mine & ~late & (view.book == BOOK["trade"])])
        cash = mine & (view.book == BOOK["cash"]) & np.isin(view.kind, kinds)
        twice |= cash & coverage.covers(view.day, view.day)
    apart = {name: facts.apart for name, facts in channels.items()}
    return twice & ~of_details(view, apart) if twice.any() else twice


def after(view: View, until: int) -> np.ndarray:
    """Entries after as_of (day number). What an order list shows without a day, a refund, is as late as its order."""
    late: np.ndarray = view.day > until
    undated = (view.side == ORDER) & (view.day == NO_DAY)
    if not (late.any() and undated.any()):
        return late
    order, orders = view.codes("order_ref")
    sub, _ = view.codes("sub_ref")
    key = np.where(
        (view.side == ORDER) & (order >= 0), ((sub + 1) * len(view.accounts) + view.account) * len(orders) + order, -1
    )
    alive = np.unique(key[~late & ~undated])
    gone = np.setdiff1d(np.unique(key[late]), alive)
    late |= undated & (key >= 0) & np.isin(key, gone)
    return late


def order_leg(view: View) -> np.ndarray:
    """Entries whose kind the order leg may look at: the order side, and movements and components of gateways.

    What an order says that a charge should be is no movement: the check of fees reads it.
    """
    ordered = (view.side == ORDER) & ~np.isin(view.kind, _AGREED)
    leg: np.ndarray = ordered | ((view.side == GATEWAY) & np.isin(view.kind, _LEG_KINDS))
    return leg
