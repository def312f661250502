"""A generated set after its numbers have been joined: what the window pass sees, and which of its groups are right."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from recon.matching.near_key import Numbers, near_keys
from recon.matching.planting import Leftovers
from recon.matching.window import Pairing, Side
from tests.benchmarks.quality.orders import LONGEST_LAG, OrderSet


@dataclass(frozen=True)
class Case:
    """rest: the leftovers. left, right: positions of their rows in the set. by_number: per payment the order that
    carries its number, -1 for none. partner: per right row the place in `left` of its true order, -1 for none.
    """

    made: OrderSet
    rest: Leftovers
    left: np.ndarray
    right: np.ndarray
    strays: np.ndarray
    by_number: np.ndarray
    partner: np.ndarray


def leftovers_of(made: OrderSet) -> Case:
    """Join by number, and split both sides into what has a partner, what may still get one, and foreign numbers."""
    orders, printed = pa.array(made.order_number), pa.array(made.number)
    by_number = pc.index_in(printed, value_set=orders).fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    paid = np.zeros(len(made.order_number), dtype=bool)
    keyed = np.flatnonzero(by_number >= 0)
    paid[by_number[keyed]] = True
    left = np.flatnonzero(~paid)
    right = np.flatnonzero(made.number == "")
    strays = np.flatnonzero((made.number != "") & (by_number < 0))
    place = np.full(len(paid) + 1, -1)
    place[left] = np.arange(len(left))
    rest = Leftovers(
        left=_orders(made, left),
        right=_payments(made, right),
        keyed_left=_orders(made, by_number[keyed]),
        keyed_right=_payments(made, keyed),
        strays=_payments(made, strays),
    )
    return Case(made, rest, left, right, strays, by_number, place[made.truth[right]])


def near_numbers(case: Case) -> tuple[np.ndarray, np.ndarray]:
    """Pairs (place in `left`, place in `strays`) whose numbers are one slip apart, as the order leg suggests them."""
    made = case.made
    amounts = np.concatenate([made.order_amount[case.left], made.amount[case.strays]])
    code = np.unique(amounts, return_inverse=True)[1].reshape(-1).astype(np.int64)
    ours, theirs = code[: len(case.left)], code[len(case.left) :]
    here, there = np.flatnonzero(np.isin(ours, theirs)), np.flatnonzero(np.isin(theirs, ours))
    one = _numbers(made.order_number[case.left[here]], ours[here])
    other = _numbers(made.number[case.strays[there]], theirs[there])
    i, j = near_keys(one, other)
    return here[i], there[j]


def _numbers(text: np.ndarray, code: np.ndarray) -> Numbers:
    return Numbers(text.tolist(), np.arange(len(text)), code, np.zeros(len(text), dtype=bool))


def without(case: Case, left: np.ndarray) -> Case:
    """The case without some rows of the left, which another pass has taken."""
    keep = np.setdiff1d(np.arange(len(case.left)), left)
    place = np.full(len(case.left) + 1, -1)
    place[keep] = np.arange(len(keep))
    rest = replace(case.rest, left=case.rest.left.take(keep))
    return replace(case, rest=rest, left=case.left[keep], partner=place[case.partner])


def right_groups(case: Case, pairing: Pairing) -> np.ndarray:
    """Per group of the pairing, whether every payment in it belongs to an order of the same group."""
    mine = pairing.right_group
    home = np.where(case.partner >= 0, pairing.left_group[np.maximum(case.partner, 0)], -2)
    good = np.ones(pairing.groups, dtype=bool)
    good[mine[(mine >= 0) & (home != mine)]] = False
    return good


def wrong_rows(case: Case, pairing: Pairing, basis: int) -> int:
    """Orders in wrong groups of a basis."""
    good = right_groups(case, pairing)
    mine = pairing.left_state == basis
    return int((~good[pairing.left_group[mine]]).sum())


def _orders(made: OrderSet, rows: np.ndarray) -> Side:
    day = made.order_day[rows]
    nothing = np.zeros(len(rows), dtype=np.int64)
    return Side(nothing, made.order_amount[rows], day, day + LONGEST_LAG, nothing)


def _payments(made: OrderSet, rows: np.ndarray) -> Side:
    nothing = np.zeros(len(rows), dtype=np.int64)
    return Side(nothing, made.amount[rows], made.day[rows], made.day[rows], nothing)
