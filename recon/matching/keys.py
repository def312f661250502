"""Which entries share a key: order number, sub-order number, payment number; one group per order or stray number.

A key is scoped by the families that settle one order channel, so that two gateways that both count from 1 never meet
unless one order list settles through both. A key with more than 50 rows on the money side links nothing; the main
order number over its sub-orders is a declared parent and may have more.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from recon.ledger.channel import ChannelFacts
from recon.ledger.view import GATEWAY, KIND, ORDER, View
from recon.matching.rules import KEYS

HUB = 50


def scopes(view: View, channels: Mapping[str, ChannelFacts]) -> np.ndarray:
    """Return a scope code per entry: families that one order channel settles through share a scope."""
    names = sorted({f.family for f in channels.values()} | {s for f in channels.values() for s in f.settles_via})
    root = {name: name for name in names}

    def find(name: str) -> str:
        while root[name] != name:
            name = root[name]
        return name

    for facts in sorted(channels.values(), key=lambda f: f.channel):
        if facts.side == "order" and facts.channel in view.channels:
            for other in facts.settles_via:
                if other in view.families:
                    low, high = sorted((find(facts.family), find(other)))
                    root[high] = low
    roots = sorted({find(n) for n in names})
    of_family = np.array([roots.index(find(f)) for f in view.families] or [0], dtype=np.int64)
    scope: np.ndarray = of_family[view.family]
    return scope


def groups(
    view: View, channels: Mapping[str, ChannelFacts], takes_part: np.ndarray, keys: Collection[str] = KEYS
) -> tuple[np.ndarray, int]:
    """Group the entries of the order leg by key.

    Args:
        view: the ledger.
        channels: facts per channel; a `suborder` comparison keys by sub-order number.
        takes_part: per entry, whether the leg may look at it.
        keys: by which numbers entries are linked, of `rules.KEYS`.

    Returns:
        group number per entry (-1 where the entry has no key or takes no part) and the number of groups. A movement
        of the money side without any number is a group of its own; a key in two currencies is two groups.
    """
    scope = scopes(view, channels)
    # An order's own number holds its rows together even where it does not tie them to money.
    numbered = takes_part & (("order_ref" in keys) | (view.side == ORDER))
    fine = _fine_keys(view, channels, scope, numbered)
    payment = _within_family(view, _linking(view, "payment_ref", scope, takes_part & ("payment_ref" in keys)))
    order_side = (view.side == ORDER) & takes_part
    money = (view.side == GATEWAY) & takes_part
    known = np.zeros(int(fine.max(initial=-1)) + 2, dtype=bool)
    known[fine[order_side]] = True
    known[-1] = False
    loose = money & ~known[fine]
    label = _bridge(fine, payment, _main_keys(view, channels, scope, takes_part), loose, order_side | money)
    lone = money & (label < 0) & _is_movement(view)
    label[lone] = label.max(initial=-1) + 1 + np.arange(int(lone.sum()))
    used = label >= 0
    if len(view.currencies) > 1:  # 1.00 of one currency is not 1.00 of another
        label = np.where(used, label * len(view.currencies) + view.currency, -1)
    distinct, compact = np.unique(label[used], return_inverse=True)
    result = np.full(len(view), -1, dtype=np.int64)
    result[used] = compact
    return result, len(distinct)


def unnumbered(view: View, channels: Mapping[str, ChannelFacts], takes_part: np.ndarray) -> np.ndarray:
    """Entries that take part but carry no order number that links: none at all, or one that too many rows share."""
    free: np.ndarray = takes_part & (_linking(view, "order_ref", scopes(view, channels), takes_part) < 0)
    return free


def _is_movement(view: View) -> np.ndarray:
    return np.isin(view.kind, [KIND["payment"], KIND["refund"], KIND["subsidy"]])


def _scoped(view: View, column: str, scope: np.ndarray, takes_part: np.ndarray) -> np.ndarray:
    code, words = view.codes(column)
    key: np.ndarray = np.where((code >= 0) & takes_part, scope * max(len(words), 1) + code, -1)
    return key


def _linking(view: View, column: str, scope: np.ndarray, takes_part: np.ndarray) -> np.ndarray:
    """Keys of a column; the money that shares one over more than 50 rows has none: such a number links nothing."""
    key = _scoped(view, column, scope, takes_part)
    money = (key >= 0) & (view.side == GATEWAY)
    busy = _more_than(key[money], HUB)
    if not len(busy):
        return key
    rows = np.flatnonzero(money & np.isin(key, busy))
    file = view.entries["source_file"].cat.codes.to_numpy()[rows].astype(np.int64)
    line = view.entries["source_row"].to_numpy()[rows].astype(np.int64)
    hubs = _more_than(np.unique(np.stack([key[rows], file, line]), axis=1)[0], HUB)  # a row may give many entries
    return np.where(money & np.isin(key, hubs), -1, key)


def _within_family(view: View, key: np.ndarray) -> np.ndarray:
    """A payment number is its gateway's own: money of two families under one number is not tied by it.

    An order list does not say whose number it prints; where two families use it, it points to neither.
    """
    money = (key >= 0) & (view.side == GATEWAY)
    pairs = np.unique(np.stack([key[money], view.family[money]]), axis=1)
    shared = _more_than(pairs[0], 1)
    if not len(shared):
        return key
    hit = (key >= 0) & np.isin(key, shared)
    own = key.max() + 1 + key * len(view.families) + view.family
    result: np.ndarray = np.where(hit, np.where(money, own, -1), key)
    return result


def _more_than(values: np.ndarray, limit: int) -> np.ndarray:
    distinct, count = np.unique(values, return_counts=True)
    many: np.ndarray = distinct[count > limit]
    return many


def _by_suborder(view: View, channels: Mapping[str, ChannelFacts]) -> np.ndarray:
    """Entries whose order channel is compared per sub-order, on both sides."""
    fine = {c for c in view.channels if channels[c].comparison == "suborder"}
    families = {s for c in fine for s in channels[c].settles_via}
    orders = np.array([c in fine for c in view.channels] or [False])[view.channel]
    money = np.array([f in families for f in view.families] or [False])[view.family]
    deep: np.ndarray = (orders & (view.side == ORDER)) | (money & (view.side == GATEWAY))
    return deep


def _fine_keys(
    view: View, channels: Mapping[str, ChannelFacts], scope: np.ndarray, takes_part: np.ndarray
) -> np.ndarray:
    by_order = _linking(view, "order_ref", scope, takes_part)
    deep = _by_suborder(view, channels)
    if not deep.any():
        return _compact(by_order)
    by_sub = _linking(view, "sub_ref", scope, takes_part)
    fine = np.where(deep & (by_sub >= 0), by_sub + by_order.max(initial=-1) + 1, by_order)
    return _compact(fine)


def _main_keys(
    view: View, channels: Mapping[str, ChannelFacts], scope: np.ndarray, takes_part: np.ndarray
) -> np.ndarray:
    deep = _by_suborder(view, channels)
    if not deep.any():
        return np.full(len(view), -1, dtype=np.int64)
    return np.where(deep, _scoped(view, "order_ref", scope, takes_part), -1)


def _compact(key: np.ndarray) -> np.ndarray:
    used = key >= 0
    result = np.full(len(key), -1, dtype=np.int64)
    result[used] = np.unique(key[used], return_inverse=True)[1]
    return result


def _bridge(
    fine: np.ndarray, payment: np.ndarray, main: np.ndarray, loose: np.ndarray, takes_part: np.ndarray
) -> np.ndarray:
    """Join the keys that a payment number or a main order number ties together, only where a loose row needs it."""
    label = fine.copy()
    size = int(fine.max(initial=-1)) + 1
    edges: list[tuple[np.ndarray, np.ndarray]] = []
    for bridge in (payment, main):
        wanted = np.unique(bridge[loose & (bridge >= 0)])
        rows = np.flatnonzero(takes_part & (bridge >= 0) & np.isin(bridge, wanted))
        if len(rows):
            node = size + np.searchsorted(wanted, bridge[rows])
            edges.append((rows, node))
            size += len(wanted)
    if not edges:
        return label
    ends = [(np.where(fine[rows] >= 0, fine[rows], node), node) for rows, node in edges]
    left, right = (np.concatenate(part) for part in zip(*ends, strict=True))
    graph = coo_array((np.ones(len(left), dtype=np.int8), (left, right)), shape=(size, size))
    component = connected_components(graph, directed=False)[1].astype(np.int64)
    label = np.where(fine >= 0, component[fine], -1)
    for rows, node in edges:
        label[rows] = component[node]
    return label
