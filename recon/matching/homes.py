"""Which accounts a shop settles into, and whose money lies elsewhere (串户).

Without `shops:` in recon.yaml the account that holds most of a shop's keys, at least 20, is its home, per family.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from recon.ledger.parts import max_by, min_by
from recon.ledger.view import GATEWAY, KIND, ORDER, View

ENOUGH = 20


def shop_homes(view: View, group: np.ndarray, size: int, homes: Mapping[str, frozenset[str]]) -> np.ndarray:
    """Return a table shop × account: may this shop settle into that account?

    Args:
        view: the ledger (names of shops and accounts).
        group: key of each entry of the order leg, -1 without.
        size: number of keys.
        homes: shop -> accounts as configured; an empty set or a missing shop is learned.
    """
    shop = max_by(np.where(view.side == ORDER, group, -1), view.shop, size, -1)
    rows = _payments(view, group, shop)
    width = max(len(view.accounts), 1)
    pairs = np.unique(group[rows] * width + view.account[rows])  # a key counts once, however often it was paid
    counts = np.zeros((len(view.shops), len(view.accounts)), dtype=np.int64)
    np.add.at(counts, (shop[pairs // width], pairs % width), 1)
    family = np.array([view.families.index(a.split(":", 1)[0]) for a in view.accounts], dtype=np.int64)
    allowed = np.ones_like(counts, dtype=bool)
    for number, name in enumerate(view.shops):
        if homes.get(name):
            allowed[number] = [a in homes[name] for a in view.accounts]
            continue
        for code in range(len(view.families)):
            mine = np.flatnonzero(family == code)
            most = counts[number, mine].max(initial=0)
            best = counts[number, mine] == most
            if most >= ENOUGH and best.sum() == 1:
                allowed[number, mine] = best
    return allowed


def by_shop(view: View, group: np.ndarray, size: int, homes: Mapping[str, frozenset[str]]) -> tuple[np.ndarray, int]:
    """Split the keys that orders of several shops share (two lists that count from 1), as `shops:` tells them apart.

    Money goes with the shop that alone is at home in its account. A key with money of any other account stays whole.

    Args:
        view: the ledger.
        group: key of each entry of the order leg, -1 without.
        size: number of keys.
        homes: shop -> accounts as configured.

    Returns:
        group and size, as `keys.groups` gives them.
    """
    named = np.where((view.side == ORDER) & (view.shop >= 0), group, -1)
    shared = min_by(named, view.shop, size, -1) < max_by(named, view.shop, size, -1)
    if not shared.any():
        return group, size
    claims = [[n for n, shop in enumerate(view.shops) if a in homes.get(shop, ())] for a in view.accounts]
    owner = np.array([of[0] if len(of) == 1 else -1 for of in claims], dtype=np.int64)
    shop = np.where(view.side == ORDER, view.shop, owner[view.account])
    width = len(view.shops) + 1
    pair = group * width + shop
    known = np.isin(pair, np.unique(pair[(named >= 0) & (group >= 0)])) & (shop >= 0)
    shared[group[(group >= 0) & ~known]] = False
    split = (group >= 0) & shared[group]
    label = np.where(split, pair, group * width + width - 1)
    label[group < 0] = -1
    used = label >= 0
    distinct, compact = np.unique(label[used], return_inverse=True)
    label[used] = compact
    return label, len(distinct)


def astray(view: View, group: np.ndarray, size: int, table: np.ndarray) -> np.ndarray:
    """Return per key whether all its payments lie in accounts that are not a home of the order's shop."""
    shop = max_by(np.where(view.side == ORDER, group, -1), view.shop, size, -1)
    rows = _payments(view, group, shop)
    lost = np.zeros(size, dtype=bool)
    lost[group[rows]] = True
    lost[group[rows][table[shop[group[rows]], view.account[rows]]]] = False
    return lost


def _payments(view: View, group: np.ndarray, shop: np.ndarray) -> np.ndarray:
    """Payments that met an order of a named shop by key."""
    rows = np.flatnonzero((view.side == GATEWAY) & (group >= 0) & (view.kind == KIND["payment"]))
    named: np.ndarray = rows[shop[group[rows]] >= 0]
    return named
