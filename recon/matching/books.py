"""Two bills of one account tell the same money twice: which of them the order leg looks at, kind by kind."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from recon.ledger.view import BOOK, GATEWAY, KIND, ORDER, View
from recon.timing import Coverage

_LEG_KINDS = tuple(
    KIND[k] for k in ("payment", "refund", "subsidy", "fee", "commission", "shipping", "tax", "adjustment")
)


def told_twice(view: View, books: Mapping[str, Coverage]) -> np.ndarray:
    """Mark rows of the cash book whose kind the trade book tells, on days that it covers."""
    twice = np.zeros(len(view), dtype=bool)
    for code, name in enumerate(view.accounts):
        coverage = books.get(f"{name}#trade")
        if coverage is None:
            continue
        mine = (view.account == code) & (view.side == GATEWAY)
        kinds = np.unique(view.kind[mine & (view.book == BOOK["trade"])])
        cash = mine & (view.book == BOOK["cash"]) & np.isin(view.kind, kinds)
        twice |= cash & coverage.covers(view.day, view.day)
    return twice


def copies(view: View) -> np.ndarray:
    """Mark copies (聚合 views, insurance copies) of accounts whose original is there."""
    copy = view.book == BOOK["copy"]
    original = np.zeros(max(len(view.accounts), 1), dtype=bool)
    original[view.account[~copy]] = True
    marked: np.ndarray = copy & original[view.account]
    return marked


def order_leg(view: View) -> np.ndarray:
    """Entries whose kind the order leg may look at: the order side, and movements and components of gateways."""
    leg: np.ndarray = (view.side == ORDER) | ((view.side == GATEWAY) & np.isin(view.kind, _LEG_KINDS))
    return leg
