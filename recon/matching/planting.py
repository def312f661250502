"""How often pairs by amount and day are wrong, measured on the user's own rows by planting.

Rows whose number proved their pair are copied, each without its partner, among the rows that numbers left over;
whatever is decided about such a copy is wrong by construction. That is done many times with a small share of the rows
that truly lack a partner, so the copies hardly disturb each other. Planting alone assumes that the leftovers of the two
sides are independent; buyers who close an order and order the same again break that. So look-alikes are planted too,
at the rate at which they are seen among rows with numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from recon.matching.window import ELIMINATION, POOL, UNIQUE, Pairing, Side, classes, edges, pair

BASES = (UNIQUE, ELIMINATION, POOL)
#: Below so many rows with numbers the copies are moved by days, so that the same few are not planted in place again.
FEW_KEYED = 1_000
_MOVES = (-14, -7, 7, 14)
#: Days apart at which the chance of equal amounts is counted, to be taken off the look-alikes.
_ELSEWHERE = (-21, -14, -7, 7, 14, 21)
_SEED = 20_260_601
#: Copies of one run as a share of the lonely rows: the smaller, the less the copies disturb each other.
_SHARE = 0.02
#: Below so many lonely rows so many runs: of many rows fewer runs tell enough.
_RUNS = ((3_000, 500), (15_000, 300), (float("inf"), 50))


@dataclass(frozen=True)
class Leftovers:
    """What the reference pass gave.

    left, right: rows without a partner that the window pass may pair. keyed_left, keyed_right: rows whose number proved
    their pair, pair by pair. strays: rows of the right whose number nobody on the left has.
    """

    left: Side
    right: Side
    keyed_left: Side
    keyed_right: Side
    strays: Side
    compatible: np.ndarray | None = None


@dataclass(frozen=True)
class Plantings:
    """What went wrong over all runs.

    dose: the runs are worth so many times the rows that truly lack a partner. planted: copies in all runs. basis,
    frequency, rows: per wrong group its basis, how often its amount occurs among all rows, and its rows of the left.
    lonely_left, lonely_right: rows estimated to lack a partner; look_alikes: rows estimated to be one.
    """

    dose: float
    planted: int
    basis: np.ndarray
    frequency: np.ndarray
    rows: np.ndarray
    lonely_left: int
    lonely_right: int
    look_alikes: int


class Frequencies:
    """How often each block and amount occur among all rows of both sides."""

    def __init__(self, rest: Leftovers) -> None:
        """Count the rows of every side."""
        sides = (rest.left, rest.right, rest.keyed_left, rest.keyed_right, rest.strays)
        block = np.concatenate([side.block for side in sides])
        amount = np.concatenate([side.amount for side in sides])
        self._amounts = np.unique(amount)
        self._codes, self._count = np.unique(self._code(block, amount), return_counts=True)

    def _code(self, block: np.ndarray, amount: np.ndarray) -> np.ndarray:
        code: np.ndarray = block * len(self._amounts) + np.searchsorted(self._amounts, amount)
        return code

    def codes(self, side: Side) -> np.ndarray:
        """Return one number per block and amount of rows that were counted, ascending by block and amount."""
        return self._code(side.block, side.amount)

    def of(self, side: Side) -> np.ndarray:
        """Return the count for each row of a side whose rows were counted, or are copies of such."""
        found: np.ndarray = self._count[np.searchsorted(self._codes, self.codes(side))]
        return found


def plant(rest: Leftovers, base: Pairing) -> Plantings:
    """Plant copies and count what is decided about them.

    Args:
        rest: what the reference pass gave; rows in an order that their content decides.
        base: `pair` of its leftovers.
    """
    rng = np.random.default_rng(_SEED)
    lonely_left, lonely_right = lonely_rows(rest)
    alike = LookAlikes(rest, base, lonely_left)
    runs, share = next(runs for most, runs in _RUNS if max(lonely_left, lonely_right) < most), _SHARE
    field = _Field(rest, base)
    found: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    planted = 0
    for run in range(runs):
        # What is wrong and balances holds a lonely row of each side: copies of one side at a time count it once.
        one = _copies(rng, rest.keyed_left, lonely_left * share * (run % 2 == 0)).joined(alike.orders(rng, share))
        other = _copies(rng, rest.keyed_right, lonely_right * share * (run % 2 == 1)).joined(alike.money(rng, share))
        planted += len(one) + len(other)
        found.append(field.wrong(one, other))
    basis, amount_of, rows = (np.concatenate(part) for part in zip(*found, strict=True))
    return Plantings(
        dose=runs * share,
        planted=planted,
        basis=basis,
        frequency=amount_of,
        rows=rows,
        lonely_left=round(lonely_left),
        lonely_right=round(lonely_right),
        look_alikes=round(alike.of_orders + alike.of_money),
    )


class LookAlikes:
    """Rows that look like the partner of another, at the rate at which such are seen among rows with numbers.

    A payment whose number no order has, beside an open order of equal amount; an open order beside an order of equal
    amount that was paid by number; at most a day apart, beyond what chance gives (the same count weeks away).
    """

    def __init__(self, rest: Leftovers, base: Pairing, lonely: float) -> None:
        self.rest = rest
        self.hosts = np.flatnonzero(base.left_candidates == 0)
        self.twins = np.flatnonzero(base.left_candidates > 0)
        self.free = len(self.hosts) / max(lonely, 1.0)  # the other lonely orders hide among those with a candidate
        numbered = len(rest.keyed_right) + len(rest.strays)
        share = len(rest.right) / numbered if numbered else 0.0
        self.of_money = _beyond_chance(rest.left, rest.strays) * share if len(self.hosts) else 0.0
        self.of_orders = _beyond_chance(rest.keyed_left, rest.left) * share if len(self.twins) else 0.0

    def orders(self, rng: np.random.Generator, share: float) -> Side:
        """Copies of orders that may have a partner among the rows without a number."""
        return self.rest.left.take(self.twins[drawn(rng, len(self.twins), self.of_orders * share)])

    def money(self, rng: np.random.Generator, share: float) -> Side:
        """Movements with the amount and about the day of orders that have no partner."""
        rest, expected = self.rest, self.of_money * share
        sure = self.hosts[drawn(rng, len(self.hosts), expected * min(self.free, 1.0))]
        hidden = self.twins[drawn(rng, len(self.twins), expected * max(1.0 - self.free, 0.0) * bool(len(self.twins)))]
        return payments_like(rng, rest.left.take(np.concatenate([sure, hidden])), rest.right)


def payments_like(rng: np.random.Generator, orders: Side, money: Side) -> Side:
    """Movements with the amount of orders, on the first or second day of their windows, and tags of `money`."""
    day = np.clip(orders.early + rng.integers(0, 2, len(orders)), orders.early, orders.late)
    tag = money.tag[drawn(rng, len(money), len(orders))] if len(orders) else orders.tag
    return Side(orders.block, orders.amount, day, day, tag)


def drawn(rng: np.random.Generator, size: int, expected: float) -> np.ndarray:
    """Places below `size`, as many as expected on average."""
    return rng.integers(0, max(size, 1), _whole(rng, expected))


def _beyond_chance(anchors: Side, rows: Side) -> float:
    """How many rows lie within a day of an anchor of equal amount, beyond what chance gives."""
    if not len(anchors) or not len(rows):
        return 0.0
    here = _near(anchors, rows, 0)
    chance = sum(_near(anchors, rows, move) for move in _ELSEWHERE) / len(_ELSEWHERE)
    return max(here - chance, 0.0) / (1 - chance / len(rows)) if chance < len(rows) else 0.0


def _near(anchors: Side, rows: Side, move: int) -> int:
    """How many rows lie within a day of an anchor that is moved by some days; what leaves at one end comes in again."""
    mine, yours = classes(anchors), classes(rows)
    one, other = anchors.take(mine.first), rows.take(yours.first)
    first = int(one.early.min())
    day = first + (one.early - first + move) % (int(one.early.max()) - first + 1)
    around = Side(one.block, one.amount, day - 1, day + 1, one.tag)
    met = edges(around, Side(other.block, other.amount, other.early, other.early, other.tag))[1]
    return int(yours.capacity[np.unique(met)].sum())


def lonely_rows(rest: Leftovers) -> tuple[float, float]:
    """Return how many rows of the left, and of the right, are estimated to have no partner."""
    left = _lonely(rest.left, rest.keyed_left, rest.right, rest.compatible)
    right = _lonely(rest.right, rest.keyed_right, rest.left, _turned(rest.compatible), turned=True)
    return left, right


def _turned(compatible: np.ndarray | None) -> np.ndarray | None:
    return None if compatible is None else compatible.T


def _whole(rng: np.random.Generator, expected: float) -> int:
    """A whole number with this mean."""
    return int(expected) + int(rng.random() < expected % 1)


def _copies(rng: np.random.Generator, keyed: Side, expected: float) -> Side:
    size = min(_whole(rng, expected), len(keyed))
    copies = keyed.take(np.sort(rng.choice(len(keyed), size, replace=False)) if size else np.zeros(0, dtype=np.int64))
    if len(keyed) >= FEW_KEYED:
        return copies
    move = rng.choice(_MOVES, size)
    return Side(copies.block, copies.amount, copies.early + move, copies.late + move, copies.tag)


def _lonely(rows: Side, keyed: Side, others: Side, compatible: np.ndarray | None, *, turned: bool = False) -> float:
    """Rows without a partner: the share without a candidate, divided by that share among copies that have none."""
    if not len(rows):
        return 0.0
    without = 1 - _with_candidate(rows, others, compatible, turned=turned)
    among_copies = 1 - _with_candidate(keyed, others, compatible, turned=turned) if len(keyed) else 1.0
    return float(min(len(rows), len(rows) * without / among_copies)) if among_copies > 0 else float(len(rows))


def _with_candidate(rows: Side, others: Side, compatible: np.ndarray | None, *, turned: bool) -> float:
    """The share of rows that have at least one candidate."""
    mine, yours = classes(rows), classes(others)
    some, those = rows.take(mine.first), others.take(yours.first)
    met = edges(those, some, _turned(compatible))[1] if turned else edges(some, those, compatible)[0]
    return int(mine.capacity[np.unique(met)].sum()) / len(rows)


class _Field:
    """The leftovers, kept so that a run looks only at what its copies can reach."""

    def __init__(self, rest: Leftovers, base: Pairing) -> None:
        self.rest = rest
        self.base = base
        self.left, self.right = classes(rest.left), classes(rest.right)
        self.left_classes = rest.left.take(self.left.first)
        self.right_classes = rest.right.take(self.right.first)
        of_left, of_right = base.left_component[self.left.first], base.right_component[self.right.first]
        self.component = np.concatenate([of_left, of_right])
        members = np.concatenate([base.left_group, base.right_group])
        self.base_size = np.bincount(members[members >= 0], minlength=1)
        self.frequencies = Frequencies(rest)
        self.left_codes = self.frequencies.codes(self.left_classes)
        self.right_codes = self.frequencies.codes(self.right_classes)

    def wrong(self, one: Side, other: Side) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Decide anew with some copies; return basis, frequency of the amount and left rows of each wrong group."""
        rest, compatible = self.rest, self.rest.compatible
        copies = other.take(classes(other).first)
        left_codes, right_codes = (self.frequencies.codes(side) for side in (one, copies))
        touched = np.concatenate(
            [
                len(self.left) + edges(one, self.right_classes, compatible, (left_codes, self.right_codes))[1],
                edges(self.left_classes, copies, compatible, (self.left_codes, right_codes))[0],
            ]
        )
        reached = np.zeros(int(self.component.max(initial=-1)) + 1, dtype=bool)
        reached[self.component[touched]] = True
        inside = reached[self.component]
        lefts = np.flatnonzero(inside[: len(self.left)][self.left.of_row])
        rights = np.flatnonzero(inside[len(self.left) :][self.right.of_row])
        left, right = rest.left.take(lefts).joined(one), rest.right.take(rights).joined(other)
        again = pair(left, right, compatible)
        before = np.concatenate(
            [
                self.base.left_group[lefts],
                np.full(len(one), -1),
                self.base.right_group[rights],
                np.full(len(other), -1),
            ]
        )
        group = np.concatenate([again.left_group, again.right_group])
        state = np.concatenate([again.left_state, again.right_state])
        decided = np.flatnonzero(np.isin(state, BASES))
        size = again.groups
        low = np.full(size, self.base.groups)
        high = np.full(size, -1)
        np.minimum.at(low, group[decided], before[decided])
        np.maximum.at(high, group[decided], before[decided])
        count = np.bincount(group[decided], minlength=size)
        same = (low == high) & (low >= 0)
        same[same] = count[same] == self.base_size[low[same]]
        wrong = np.flatnonzero((count > 0) & ~same)
        example = np.zeros(size, dtype=np.int64)
        example[group[decided]] = decided
        chosen = example[wrong]
        return state[chosen], self.frequencies.of(left.joined(right).take(chosen)), count[wrong] // 2
