"""What each leg may look at, and why an entry is looked at by none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from recon.ledger.channel import ChannelFacts
from recon.ledger.money_book import copies
from recon.ledger.outcome import GATEWAY_BANK, ORDER_GATEWAY
from recon.ledger.view import BANK, GATEWAY, KIND, ORDER, View, encode
from recon.matching.books import after, order_leg, told_twice
from recon.timing import Coverage

#: What an order paid by a tender without a file here carries as its detail (cash, stored value, cash on delivery).
OTHER_TENDER = "other tender"
#: What others bear of an order's price by a list of the shop's own: no file here shows it paid.
BORNE_ELSEWHERE = ("platform share", "stored value")
#: So many orders of a tender, and half of them, must be on the money side before the others are missed there.
_COVERED = 3


@dataclass(frozen=True)
class Scope:
    """Masks over the entries.

    late: after as_of. twice: cash rows that the trade book tells. copied: copies whose original is there. leg: of a
    kind that the order leg looks at. elsewhere: orders, and parts of their price, paid by what no file covers.
    """

    late: np.ndarray
    twice: np.ndarray
    copied: np.ndarray
    leg: np.ndarray
    elsewhere: np.ndarray

    @property
    def seen(self) -> np.ndarray:
        """Entries that the order leg compares."""
        chosen: np.ndarray = self._told & ~self.late
        return chosen

    @property
    def later(self) -> np.ndarray:
        """Entries that only tell when an open item of the order leg is cleared."""
        chosen: np.ndarray = self._told & self.late
        return chosen

    @property
    def usable(self) -> np.ndarray:
        """Entries of every side that count, up to as_of."""
        chosen: np.ndarray = ~self.late & ~self.copied
        return chosen

    @property
    def unused(self) -> np.ndarray:
        """Entries that would count, but lie after as_of."""
        chosen: np.ndarray = self.late & ~self.copied
        return chosen

    @property
    def _told(self) -> np.ndarray:
        told: np.ndarray = self.leg & ~self.twice & ~self.copied & ~self.elsewhere
        return told


def _dispute(view: View) -> np.ndarray:
    mine: np.ndarray = (view.side == GATEWAY) & (view.kind == KIND["chargeback"])
    return mine


def scope_of(view: View, channels: Mapping[str, ChannelFacts], books: Mapping[str, Coverage], until: int) -> Scope:
    """Work out the scope of a run.

    Args:
        view: the ledger.
        channels: facts per channel.
        books: coverage per "account#book".
        until: day number of as_of.
    """
    late = after(view, until)
    return Scope(late, told_twice(view, channels, books, late), copies(view), order_leg(view), _elsewhere(view))


def _elsewhere(view: View) -> np.ndarray:
    """Orders of a tender that no file covers: the money side holds neither their number nor most of that tender's.

    So is the part of a price that a platform or stored value pays by a list of the shop's own. The list of a courier
    who collects on delivery, or of a till, brings its orders into the leg.
    """
    order_side = view.side == ORDER
    elsewhere: np.ndarray = order_side & (view.kind == KIND["subsidy"]) & view.detailed(*BORNE_ELSEWHERE)
    rows = np.flatnonzero(order_side & view.detailed(OTHER_TENDER))
    if not len(rows):
        return elsewhere
    order, _ = view.codes("order_ref")
    paid = order[(view.side == GATEWAY) & (view.kind == KIND["payment"])]
    found = np.isin(order[rows], np.unique(paid[paid >= 0]))
    tender, words = encode(view.entries["memo"].take(rows))
    counts, hits = (np.bincount(tender[mask] + 1, minlength=len(words) + 1) for mask in (slice(None), found))
    covered = (hits >= _COVERED) & (hits * 2 >= counts)
    elsewhere[rows] = ~found & ~covered[tender + 1]
    return elsewhere


def outside(view: View, scope: Scope, keyless: np.ndarray, disputed: np.ndarray) -> list[tuple[str, np.ndarray, str]]:
    """Name leg, rows and reason of every entry that no leg looks at; the first reason that holds is given.

    Args:
        view: the ledger.
        scope: its scope.
        keyless: per entry, whether the order leg found no key for it.
        disputed: per entry, whether a dispute holds it.
    """
    movement = (scope.leg | _dispute(view)) & (view.side != BANK)
    payout = (view.side == GATEWAY) & (view.kind == KIND["payout"])
    bank = view.side == BANK
    rest = (view.side == GATEWAY) & ~movement & ~payout
    agreed = (view.side == ORDER) & ~scope.leg
    reasons = (
        (ORDER_GATEWAY, movement & scope.late, "after as_of"),
        (GATEWAY_BANK, (payout | bank) & scope.late, "after as_of"),
        (ORDER_GATEWAY, movement & scope.copied, "copy"),
        (GATEWAY_BANK, (payout | bank) & scope.copied, "copy"),
        (ORDER_GATEWAY, movement & scope.twice, "told by the trade book"),
        (ORDER_GATEWAY, movement & scope.elsewhere, OTHER_TENDER),
        (ORDER_GATEWAY, movement & keyless & ~disputed, "no reference"),
        (ORDER_GATEWAY, rest, "not an order's money"),
        (ORDER_GATEWAY, agreed, "agreed charge"),
    )
    taken = np.zeros(len(view), dtype=bool)
    found = []
    for leg, mask, reason in reasons:
        rows = np.flatnonzero(mask & ~taken)
        taken[rows] = True
        found.append((leg, rows, reason))
    return found
