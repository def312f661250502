"""Pass 2: one to one by equal amount inside a date window, and what can be known of such pairs.

Rows that are equal in block, amount, days and tag are one class with a capacity, so that 100,000 orders of 9.90 in one
day are one vertex. On the graph of the classes one maximum matching is found; the Dulmage-Mendelsohn decomposition then
tells what is true of every maximum matching: which pairs are forced, which sets balance although the pairing inside is
open, and which rows compete (R. Tassa 2012, Finding all maximally-matchable edges in a bipartite graph; A. Dulmage and
N. Mendelsohn 1958). Neither the order of the rows nor a date lag ever chooses a partner.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, connected_components, maximum_flow

from recon.engine.local import pieces, run

#: What is known of a row: no candidate; one of several rows that compete; the only candidate both ways; forced through
#: a chain of others; member of a set that balances.
NONE, OPEN, UNIQUE, ELIMINATION, POOL = range(5)


@dataclass(frozen=True)
class Side:
    """Rows of one side, as equal-length int64 arrays.

    block: rows of different blocks never meet (currency, group of accounts). amount: minor units. early, late: first
    and last day on which the partner may lie; the other side has its own day in both. tag: small number >= 0, see
    `pair`.
    """

    block: np.ndarray
    amount: np.ndarray
    early: np.ndarray
    late: np.ndarray
    tag: np.ndarray

    def __len__(self) -> int:
        return len(self.amount)

    def take(self, rows: np.ndarray) -> Side:
        """Return some rows."""
        return Side(self.block[rows], self.amount[rows], self.early[rows], self.late[rows], self.tag[rows])

    def joined(self, other: Side) -> Side:
        """Return these rows and those of another."""
        mine, yours = vars(self).values(), vars(other).values()
        return Side(*(np.concatenate(pair) for pair in zip(mine, yours, strict=True)))


@dataclass(frozen=True)
class Pairing:
    """What is known of each row: `state` (one of the words above), `group` (rows of both sides that were decided
    together, or that compete with each other; -1 without a candidate), `component` (rows that candidates connect, what
    was decided and what competes alike; every row has one), `candidates` (rows of the other side).
    """

    left_state: np.ndarray
    left_group: np.ndarray
    left_component: np.ndarray
    left_candidates: np.ndarray
    right_state: np.ndarray
    right_group: np.ndarray
    right_component: np.ndarray
    right_candidates: np.ndarray

    @property
    def groups(self) -> int:
        """The number of groups."""
        return int(max(self.left_group.max(initial=-1), self.right_group.max(initial=-1))) + 1


@dataclass(frozen=True)
class _Classes:
    """Equal rows as one vertex: the class of each row, the first row and the number of rows of each class."""

    of_row: np.ndarray
    first: np.ndarray
    capacity: np.ndarray

    def __len__(self) -> int:
        return len(self.first)


def pair(left: Side, right: Side, compatible: np.ndarray | None = None, count: int = 1) -> Pairing:
    """Decide what is known of the pairs of two sides.

    Args:
        left: rows that wait for a partner on early..late.
        right: rows that may be the partner; early and late are the day they lie on.
        compatible: bool, tags of the left x tags of the right, false where a contradiction keeps two rows apart
            (numbers of one family that differ, an account that is not the shop's); None: all may meet.
        count: pieces in which the blocks are run; it changes nothing in the result.

    Returns:
        States and groups. Groups are numbered by the smallest row of the left in them, then of the right.
    """
    if count == 1:
        return _pair(left, right, compatible)
    split = pieces(left.block, right.block, count)
    tables = [(left.take(one), right.take(other)) for one, other in split]
    return _joined(split, run(lambda one, other: _pair(one, other, compatible), tables), len(left), len(right))


def _joined(
    split: Sequence[tuple[np.ndarray, np.ndarray]], found: Sequence[Pairing], lefts: int, rights: int
) -> Pairing:
    """The results of all pieces as one."""
    size = {"left": lefts, "right": rights}
    whole = {name: np.zeros(size[name.split("_")[0]], dtype=np.int64) for name in Pairing.__annotations__}
    groups = components = 0
    for (one, other), part in zip(split, found, strict=True):
        for side, rows in (("left", one), ("right", other)):
            group = getattr(part, f"{side}_group")
            whole[f"{side}_group"][rows] = np.where(group >= 0, group + groups, -1)
            whole[f"{side}_component"][rows] = getattr(part, f"{side}_component") + components
            whole[f"{side}_state"][rows] = getattr(part, f"{side}_state")
            whole[f"{side}_candidates"][rows] = getattr(part, f"{side}_candidates")
        groups += part.groups
        components += int(max(part.left_component.max(initial=-1), part.right_component.max(initial=-1))) + 1
    order = _numbered(whole["left_group"] + 1, whole["right_group"] + 1, np.arange(-1, groups))
    for side in size:
        whole[f"{side}_group"] = order[whole[f"{side}_group"] + 1]
        whole[f"{side}_state"] = whole[f"{side}_state"].astype(np.int8)
    return Pairing(**whole)


def _pair(left: Side, right: Side, compatible: np.ndarray | None) -> Pairing:
    lefts, rights = classes(left), classes(right)
    one, other = edges(left.take(lefts.first), right.take(rights.first), compatible)
    size = len(lefts) + len(rights)
    weak = _components(one, len(lefts) + other, size)
    state = np.full(size, NONE, dtype=np.int8)
    group = np.full(size, -1, dtype=np.int64)
    capacity = np.concatenate([lefts.capacity, rights.capacity])
    degree = np.bincount(np.concatenate([one, len(lefts) + other]), minlength=size)
    alone = (degree == 1) & (capacity == 1)
    sole = alone[one] & alone[len(lefts) + other]
    pairs = np.stack([one[sole], len(lefts) + other[sole]])
    state[pairs] = UNIQUE
    group[pairs] = weak[pairs[0]]
    hard = ~sole
    _decide_components(one[hard], len(lefts) + other[hard], len(lefts), capacity, state, group)
    numbers = _numbered(lefts.of_row, rights.of_row + len(lefts), group)
    reach = np.zeros(size, dtype=np.int64)
    np.add.at(reach, one, capacity[len(lefts) + other])
    np.add.at(reach, len(lefts) + other, capacity[one])
    at_left, at_right = lefts.of_row, rights.of_row + len(lefts)
    return Pairing(
        left_state=state[at_left],
        left_group=numbers[at_left],
        left_component=weak[at_left],
        left_candidates=reach[at_left],
        right_state=state[at_right],
        right_group=numbers[at_right],
        right_component=weak[at_right],
        right_candidates=reach[at_right],
    )


def classes(side: Side) -> _Classes:
    """Put equal rows into classes, ordered by block, amount, first day, last day and tag."""
    order, new = _sorted(side)
    of_row = np.empty(len(side), dtype=np.int64)
    of_row[order] = np.cumsum(new) - 1
    starts = np.flatnonzero(new)
    return _Classes(of_row, order[starts], np.diff(starts, append=len(side)))


def _sorted(side: Side) -> tuple[np.ndarray, np.ndarray]:
    """Return the order of rows by block, amount, days and tag, and where a class begins; by one number if it fits."""
    new = np.ones(len(side), dtype=bool)
    if not len(side):
        return np.zeros(0, dtype=np.int64), new
    columns = list(vars(side).values())
    least = [int(column.min()) for column in columns]
    spans = [int(column.max()) - low + 1 for column, low in zip(columns, least, strict=True)]
    if math.prod(spans) < 2**63:
        key = np.zeros(len(side), dtype=np.int64)
        for column, low, span in zip(columns, least, spans, strict=True):
            key = key * span + (column - low)
        order = np.argsort(key)  # equal rows are one class: their order among them is nobody's business
        new[1:] = np.diff(key[order]) != 0
        return order, new
    order = np.lexsort(columns[::-1])
    new[1:] = np.any([np.diff(column[order]) != 0 for column in columns], axis=0)
    return order, new


def edges(
    left: Side,
    right: Side,
    compatible: np.ndarray | None = None,
    codes: tuple[np.ndarray, np.ndarray] | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the pairs (position left, position right) that agree in block and amount, lie in the window and whose tags
    are compatible.

    Args:
        left: rows that wait for a partner.
        right: rows that may be it, in the order of `classes`.
        compatible: as for `pair`.
        codes: one number per block and amount of each side, ascending in the order of `classes`, where it is known.
    """
    nothing = np.zeros(0, dtype=np.int64)
    if not len(left) or not len(right):
        return nothing, nothing
    mine, yours = codes or _codes(left, right)
    day, first = right.early, int(right.early.min())
    span = int(day.max()) - first + 2
    place = yours * span + (day - first)
    low = np.searchsorted(place, mine * span + np.clip(left.early - first, 0, span - 1))
    high = np.searchsorted(place, mine * span + np.clip(left.late - first + 1, 0, span - 1))
    many = np.maximum(high - low, 0)
    one = np.repeat(np.arange(len(left)), many)
    other = np.arange(len(one)) - np.repeat(np.cumsum(many) - many, many) + np.repeat(low, many)
    if compatible is not None:
        meet = compatible[left.tag[one], right.tag[other]]
        one, other = one[meet], other[meet]
    return one, other


def _codes(left: Side, right: Side) -> tuple[np.ndarray, np.ndarray]:
    """One number per block and amount, ascending in the order of `classes`."""
    both = left.joined(right)
    order = np.lexsort((both.amount, both.block))
    new = np.ones(len(both), dtype=bool)
    new[1:] = (np.diff(both.block[order]) != 0) | (np.diff(both.amount[order]) != 0)
    code = np.empty(len(both), dtype=np.int64)
    code[order] = np.cumsum(new) - 1
    return code[: len(left)], code[len(left) :]


def _components(one: np.ndarray, other: np.ndarray, size: int, kind: str = "weak") -> np.ndarray:
    graph = csr_array((np.ones(len(one), dtype=np.int8), (one, other)), shape=(size, size))
    label: np.ndarray = connected_components(graph, directed=True, connection=kind)[1].astype(np.int64)
    return label


def _decide_components(
    one: np.ndarray, other: np.ndarray, lefts: int, capacity: np.ndarray, state: np.ndarray, group: np.ndarray
) -> None:
    """Fill state and group of the classes that lie on these edges, by one maximum matching and what it leaves free."""
    if not len(one):
        return
    nodes, place = np.unique(np.concatenate([one, other]), return_inverse=True)
    a, b = place[: len(one)], place[len(one) :]
    has = capacity[nodes]
    is_left = nodes < lefts
    flow = _matching(a, b, has, is_left)
    used = np.zeros(len(nodes), dtype=np.int64)
    np.add.at(used, a, flow)
    np.add.at(used, b, flow)
    free = used < has
    back = flow > 0
    starts, ends = np.concatenate([a, b[back]]), np.concatenate([b, a[back]])
    from_left = _reached(starts, ends, np.flatnonzero(free & is_left), len(nodes))
    to_right = _reached(ends, starts, np.flatnonzero(free & ~is_left), len(nodes))
    compete = from_left | to_right
    block = _components(starts, ends, len(nodes), "strong")
    # What competes is one group per connected set of competing rows, what balances one group per block.
    rival = compete[a] & compete[b]
    weak = _components(a[rival], b[rival], len(nodes))
    members = np.bincount(block, weights=None, minlength=len(nodes))
    rows = np.zeros(len(nodes), dtype=np.int64)
    np.add.at(rows, block, has)
    pairs = (members[block] == 2) & (rows[block] == 2)
    state[nodes] = np.where(compete, OPEN, np.where(pairs, ELIMINATION, POOL))
    group[nodes] = len(state) + np.where(compete, len(nodes) + weak, block)


def _matching(a: np.ndarray, b: np.ndarray, capacity: np.ndarray, is_left: np.ndarray) -> np.ndarray:
    """The flow of one maximum matching on each edge (scipy's Dinic; which one it is never decides anything)."""
    source, sink = len(capacity), len(capacity) + 1
    left, right = np.flatnonzero(is_left), np.flatnonzero(~is_left)
    limit = np.minimum(capacity[a], capacity[b])
    starts = np.concatenate([a, np.full(len(left), source), right])
    ends = np.concatenate([b, left, np.full(len(right), sink)])
    value = np.concatenate([limit, capacity[left], capacity[right]]).astype(np.int32)
    graph = csr_array((value, (starts, ends)), shape=(sink + 1, sink + 1))
    flow = maximum_flow(graph, source, sink).flow
    found: np.ndarray = np.asarray(flow[a, b]).ravel().astype(np.int64)
    return found


def _reached(starts: np.ndarray, ends: np.ndarray, roots: np.ndarray, size: int) -> np.ndarray:
    """Which nodes an arc path leads to from any of the roots, the roots included."""
    ones = np.ones(len(starts) + len(roots), dtype=np.int8)
    arcs = (np.concatenate([starts, np.full(len(roots), size)]), np.concatenate([ends, roots]))
    graph = csr_array((ones, arcs), shape=(size + 1, size + 1))
    seen = np.zeros(size + 1, dtype=bool)
    seen[breadth_first_order(graph, size, directed=True, return_predecessors=False)] = True
    return seen[:size]


def _numbered(left: np.ndarray, right: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Number the groups by the first row that belongs to them, -1 for what has none."""
    rows = np.concatenate([group[left], group[right]])
    there = rows >= 0
    found, first = np.unique(rows[there], return_index=True)
    rank = np.empty(len(found), dtype=np.int64)
    rank[np.argsort(first, kind="stable")] = np.arange(len(found))
    numbers = np.full(len(group), -1, dtype=np.int64)
    inside = group >= 0
    if len(found):
        numbers[inside] = rank[np.searchsorted(found, group[inside])]
    return numbers
