"""To which bridge an entry belongs: a shop with the wallets that are its own alone, else an account."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from recon.ledger.outcome import BREAK, MATCHED
from recon.ledger.parts import max_by, min_by
from recon.ledger.view import BANK, GATEWAY, ORDER, View

#: A wallet is a shop's own if so many of twenty of its rows with a shop are of that shop: the others have gone astray.
_OWN, _OF = 19, 20
_NOBODY = -1


@dataclass(frozen=True)
class Placed:
    """Where the entries of one leg ended: `group` and `index` as `Outcome.groups` gives them."""

    group: np.ndarray
    index: np.ndarray


@dataclass(frozen=True)
class Owners:
    """of: per entry a code, a place in `names`. names: (shop, account), one of them None."""

    of: np.ndarray
    names: tuple[tuple[str | None, str | None], ...]


def owners(view: View, orders: Placed, bank: Placed) -> Owners:
    """Name the bridge of every entry.

    An order belongs to its shop, without one to its account. All rows of a wallet belong to the shop whose orders
    nearly all of its money is of; a wallet of several shops has a bridge of its own. Bank rows follow the payouts that
    they are matched or in one finding with; the others stand in the bridge of the bank account.

    Args:
        view: the ledger.
        orders: the order leg.
        bank: the leg gateway-bank.
    """
    account = len(view.shops) + view.account
    of = np.where((view.side != BANK) & (view.shop >= 0), view.shop, account)
    homes = _homes(view, of, orders)
    wallet = view.side == GATEWAY
    of[wallet] = np.where(homes >= 0, homes, len(view.shops) + np.arange(len(homes)))[view.account[wallet]]
    for code in (MATCHED, BREAK):
        _follow(view, of, bank, code)
    names = [(shop, None) for shop in view.shops] + [(None, name.split(":", 1)[1]) for name in view.accounts]
    return Owners(of, tuple(names))


def _homes(view: View, of: np.ndarray, orders: Placed) -> np.ndarray:
    """Per account the owner of the orders that its rows are matched with, -1 where they have no single one."""
    matched = orders.group == MATCHED
    size = int(orders.index[matched].max(initial=-1)) + 1
    sold = np.where(matched & (view.side == ORDER), orders.index, -1)
    sold_by = max_by(sold, of, size, _NOBODY)
    vote = np.where(view.shop >= 0, view.shop, _NOBODY)
    vote[matched] = sold_by[orders.index[matched]]
    rows = np.flatnonzero((view.side == GATEWAY) & (vote >= 0))
    width = len(view.shops) + len(view.accounts)
    votes = np.bincount(view.account[rows] * width + vote[rows], minlength=width * len(view.accounts))
    table = votes.reshape(len(view.accounts), width)
    first = table.argmax(axis=1) if width else np.zeros(0, dtype=np.int64)
    most, total = table.max(axis=1, initial=0), table.sum(axis=1)
    homes: np.ndarray = np.where((total > 0) & (most * _OF >= total * _OWN), first, _NOBODY)
    return homes


def _follow(view: View, of: np.ndarray, bank: Placed, code: int) -> None:
    """Give bank rows the owner of the wallet rows that they share a match or a finding with, if there is only one."""
    inside = bank.group == code
    size = int(bank.index[inside].max(initial=-1)) + 1
    sent = np.where(inside & (view.side == GATEWAY), bank.index, -1)
    low, high = min_by(sent, of, size, _NOBODY), max_by(sent, of, size, _NOBODY)
    rows = np.flatnonzero(inside & (view.side == BANK))
    number = bank.index[rows]
    alone = (low[number] == high[number]) & (low[number] >= 0)
    of[rows[alone]] = low[number[alone]]
