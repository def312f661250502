"""Decisions on the order leg: keys that people put together, and keys that never meet.

A match unites the keys of its entries, so that they are compared as one. A decline takes the money of the pair out of
the order's key: it becomes a key of its own, with what goes along on its row. Both hold before anything else is tried.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from recon.ledger.parts import count_by
from recon.ledger.view import KIND, ORDER, View
from recon.matching.bounds import Windowed
from recon.matching.components import linked
from recon.matching.decided import OrderDecisions
from recon.matching.planting import Leftovers
from recon.matching.window import NONE, OPEN, Side

_MOVES = (KIND["payment"], KIND["refund"])
#: What goes along with a movement on its row.
_ALONG = tuple(KIND[k] for k in ("fee", "commission", "shipping", "tax", "adjustment", "subsidy"))


@dataclass(frozen=True)
class DecidedKeys:
    """Keys after the decisions. group, size: as `keys.groups` gives them. decided: per key, whether a match made it.
    apart: pairs of keys, an order's and one of money, that never meet (n x 2).
    """

    group: np.ndarray
    size: int
    decided: np.ndarray
    apart: np.ndarray


def decide_keys(view: View, group: np.ndarray, size: int, decisions: OrderDecisions) -> DecidedKeys:
    """Follow the decisions.

    Args:
        view: the ledger.
        group: key of each entry of the order leg, -1 without.
        size: number of keys.
        decisions: what the order leg follows.
    """
    if not decisions.matches and not decisions.apart:
        return DecidedKeys(group, size, np.zeros(size, dtype=bool), np.zeros((0, 2), dtype=np.int64))
    label = _parted(view, _joined(group, size, decisions.matches), decisions)
    used = label >= 0
    distinct, compact = np.unique(label[used], return_inverse=True)
    keys = np.full(len(view), -1, dtype=np.int64)
    keys[used] = compact
    decided = np.zeros(len(distinct), dtype=bool)
    decided[keys[[row for rows in decisions.matches for row in rows]]] = True
    pairs = keys[np.array(decisions.apart, dtype=np.int64).reshape(-1, 2)]
    return DecidedKeys(keys, len(distinct), decided, np.unique(pairs[(pairs >= 0).all(axis=1)], axis=0))


def _joined(group: np.ndarray, size: int, matches: Sequence[tuple[int, ...]]) -> np.ndarray:
    """Labels in which the keys of each match are one; an entry without a key gets one."""
    label = group.copy()
    named = np.array(sorted(row for rows in matches for row in rows), dtype=np.int64)
    keyless = named[label[named] < 0]
    label[keyless] = size + np.arange(len(keyless))
    into = np.arange(size + len(keyless) + 1)
    for key, first in linked(label[list(rows)].tolist() for rows in matches).items():
        into[key] = first
    into[-1] = -1
    joined: np.ndarray = into[label]
    return joined


def _parted(view: View, label: np.ndarray, decisions: OrderDecisions) -> np.ndarray:
    """Labels in which no declined pair shares one: its movement leaves, or what a match ties it to leaves with it."""
    leaving = {row for order, row in decisions.apart if label[order] >= 0 and label[order] == label[row]}
    if not leaving:
        return label
    match_of = {row: n for n, rows in enumerate(decisions.matches) for row in rows}
    torn = np.flatnonzero(np.isin(label, np.unique(label[sorted(leaving)])) & (label >= 0))
    beside = _beside(view, torn)
    result, fresh = label.copy(), int(label.max())
    named = leaving | match_of.keys()
    declined: dict[int, set[int]] = {}
    for order, row in decisions.apart:
        declined.setdefault(row, set()).add(order)
    new: dict[tuple[int, int], int] = {}
    for row in sorted(leaving, key=lambda row: (row not in match_of, row)):
        whole = decisions.matches[match_of[row]] if row in match_of else (row,)
        home = (0, match_of[row]) if row in match_of else (1, beside[row][0])
        fresh = fresh + (home not in new)
        number = new.setdefault(home, fresh)
        barred = named.union(*(declined.get(one, ()) for one in whole))
        for one in whole:
            along = [r for r in beside[one] if r not in barred and _goes_along(view, one, r)]
            result[[r for r in (one, *along) if result[r] == label[row]]] = number
    return result


def _beside(view: View, rows: np.ndarray) -> dict[int, list[int]]:
    """Entry -> all of its row of the file; of an order's entry all of that order, which the list may show twice."""
    file = view.entries["source_file"].cat.codes.to_numpy()[rows].astype(np.int64)
    line = view.entries["source_row"].to_numpy()[rows].astype(np.int64)
    order, sub = view.codes("order_ref")[0][rows], view.codes("sub_ref")[0][rows]
    of_order = view.side[rows] == ORDER
    facts = [
        view.side[rows],
        view.account[rows],
        np.where(of_order, view.shop[rows], file),
        np.where(of_order, order, line),
        np.where(of_order, sub, -1),
    ]
    unit = np.unique(np.stack(facts).astype(np.int64), axis=1, return_inverse=True)[1].reshape(-1)
    members: dict[int, list[int]] = {}
    for row, of in zip(rows.tolist(), unit.tolist(), strict=True):
        members.setdefault(of, []).append(row)
    return {row: members[of] for row, of in zip(rows.tolist(), unit.tolist(), strict=True)}


def _goes_along(view: View, one: int, other: int) -> bool:
    return bool(view.side[one] == ORDER or (view.kind[one] in _MOVES and view.kind[other] in _ALONG))


def apart_rows(rest: Leftovers, left: np.ndarray, right: np.ndarray, apart: np.ndarray) -> Leftovers:
    """Leftovers in which declined keys contradict each other.

    Args:
        rest: what the window pass would pair; its rows are the keys `left` and `right`.
        left: keys that wait.
        right: keys that may be their partner.
        apart: pairs of keys that never meet.
    """
    pairs = _rows_of(apart, left, right)
    if not len(pairs) or rest.compatible is None:
        return rest
    one, at_left = np.unique(pairs[:, 0], return_inverse=True)
    other, at_right = np.unique(pairs[:, 1], return_inverse=True)
    table = rest.compatible
    table = np.concatenate([table, table[rest.left.tag[one]]])
    table = np.concatenate([table, table[:, rest.right.tag[other]]], axis=1)
    lefts, rights = rest.compatible.shape
    table[lefts + at_left, rights + at_right] = False
    return replace(
        rest, left=_tagged(rest.left, one, lefts), right=_tagged(rest.right, other, rights), compatible=table
    )


def _tagged(side: Side, rows: np.ndarray, first: int) -> Side:
    tag = side.tag.copy()
    tag[rows] = first + np.arange(len(rows))
    return replace(side, tag=tag)


def untorn(seen: Windowed, left: np.ndarray, right: np.ndarray, apart: np.ndarray) -> Windowed:
    """Take the money of declined pairs out of the sets that would hold both; what is left there stays open.

    Who is left must not be paired anew: the money that left may still be theirs.
    """
    p = seen.pairing
    pairs = _rows_of(apart, left, right)
    pairs = pairs[(p.left_group[pairs[:, 0]] >= 0) & (p.left_group[pairs[:, 0]] == p.right_group[pairs[:, 1]])]
    if not len(pairs):
        return seen
    torn = np.zeros(p.groups, dtype=bool)
    torn[p.left_group[pairs[:, 0]]] = True
    rights = p.right_group.copy()
    rights[pairs[:, 1]] = -1
    empty = torn & (count_by(rights, p.groups) == 0)
    lefts = np.where((p.left_group >= 0) & empty[p.left_group], -1, p.left_group)
    in_left, in_right = (p.left_group >= 0) & torn[p.left_group], (p.right_group >= 0) & torn[p.right_group]
    pairing = replace(
        p,
        left_group=lefts,
        left_state=np.where(in_left, np.where(lefts < 0, NONE, OPEN), p.left_state).astype(np.int8),
        right_group=rights,
        right_state=np.where(in_right, np.where(rights < 0, NONE, OPEN), p.right_state).astype(np.int8),
    )
    return replace(seen, pairing=pairing, post_left=seen.post_left & ~in_left, post_right=seen.post_right & ~in_right)


def _rows_of(apart: np.ndarray, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Pairs of keys as pairs of places in `left` and `right` (sorted), of those that stand in both."""
    there = apart[np.isin(apart[:, 0], left) & np.isin(apart[:, 1], right)]
    return np.stack([np.searchsorted(left, there[:, 0]), np.searchsorted(right, there[:, 1])], axis=1)
