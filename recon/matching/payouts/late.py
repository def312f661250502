"""Late rows inside a run of broken links: a row that its payout missed and the next payout paid.

The run foots between two proved cuts, so only its inner cuts and the late rows are unknown. At most one row of each
payout is late; all ways to explain the run so are counted, stopped at two. A single way explains it; in how many ways
one late row more would explain it as well says how much that is worth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from recon.matching.payouts.chain import Chain, Span, Window
from recon.money import Minor

#: So many ways are followed at once; a run with more is not decidable by amounts.
_MOST = 2_000


class Payout(NamedTuple):
    """One payout of an explained run: rows low..high-1 less the late row of value `left`, plus the one carried in.

    left: net of the row it missed, 0 for none. twins: rows of that net inside low..high-1; where there are several, it
    is open which of them is late.
    """

    low: int
    high: int
    left: int
    twins: np.ndarray


@dataclass(frozen=True)
class Explained:
    """The ways to explain a run (0, 1, or 2 for several) and the payouts of the only one.

    rivals: in how many ways one late row more would explain one of its payouts just as well, per way found.
    """

    ways: int
    payouts: tuple[Payout, ...] = ()
    rivals: int = 0


class _State(NamedTuple):
    """A cut and the net of the row carried over it; ways counts up to 2, path holds the payouts before it."""

    cut: int
    carried: int
    ways: int
    path: tuple[Payout, ...]


def explain(run: Span, sums: Minor, owed: Minor, places: Sequence[Window]) -> Explained:
    """Count the ways in which at most one late row per payout explains a run.

    Args:
        run: a span that foots.
        sums: prefix sums of the ordered rows.
        owed: per payout of the account, as given to `chain`.
        places: the windows of the account, one more than payouts.
    """
    ends = _ends(run, places)
    states = [_State(run.low, 0, 1, ())]
    for n, of_payout in zip(range(run.first, run.stop), ends, strict=True):
        found: dict[tuple[int, int], _State] = {}
        for state in states:
            for reached in _onwards(state, of_payout, sums, int(owed[n])):
                key = (int(sums[reached.cut]), reached.carried)
                known = found.get(key)
                found[key] = reached if known is None else known._replace(ways=2)
        states = list(found.values())
        if len(states) > _MOST:
            return Explained(2)
    ways = sum(s.ways for s in states if s.carried == 0)
    if ways != 1:
        return Explained(min(ways, 2))
    path = next(s.path for s in states if s.carried == 0)
    return Explained(1, path, _rivals(run, path, ends, sums, owed))


def _ends(run: Span, places: Sequence[Window]) -> list[np.ndarray]:
    """Where each payout of a run may end; the last one ends with the run."""
    inner = [np.sort(places[n + 1].first) for n in range(run.first, run.stop - 1)]
    inner = [places[(places >= run.low) & (places <= run.high)] for places in inner]
    return [*inner, np.array([run.high], dtype=np.int64)]


def _rivals(run: Span, path: Sequence[Payout], ends: Sequence[np.ndarray], sums: Minor, owed: Minor) -> int:
    carried, rivals = 0, 0
    for n, payout in enumerate(path[:-1]):
        pairs = _pairs(payout.low, carried, ends[n], sums, int(owed[run.first + n]))
        rivals += -(-pairs // max(len(payout.twins), 1))
        carried = payout.left
    return rivals


def _onwards(state: _State, ends: np.ndarray, sums: Minor, owed: int) -> list[_State]:
    """The states one payout further: a cut without a late row, or with one of the net that is too much."""
    ends = ends[ends >= state.cut]
    if not len(ends):
        return []
    excess = sums[ends] - sums[state.cut] + state.carried - owed
    net = np.diff(sums[state.cut : int(ends[-1]) + 1])
    value, first = np.unique(net, return_index=True)
    at = np.minimum(np.searchsorted(value, excess), len(value) - 1)
    late = (excess != 0) & (value[at] == excess) & (state.cut + first[at] < ends) if len(value) else excess < 0
    reached = []
    for n in np.flatnonzero((excess == 0) | late):
        left, end = int(excess[n]), int(ends[n])
        twins = state.cut + np.flatnonzero(net[: end - state.cut] == left) if left else np.empty(0, dtype=np.int64)
        path = (*state.path, Payout(state.cut, end, left, twins))
        reached.append(_State(end, left, state.ways, path))
    return reached


def _pairs(start: int, carried: int, ends: np.ndarray, sums: Minor, owed: int) -> int:
    """In how many ways a cut and two late rows make up this payout."""
    ends = ends[ends > start + 1]
    if not len(ends):
        return 0
    every = np.diff(sums[start : int(ends[-1]) + 1])
    excess = sums[ends] - sums[start] + carried - owed
    near = (excess >= 2 * every.min()) & (excess <= 2 * every.max())
    found = 0
    for end, total in zip(ends[near], excess[near], strict=True):
        net = np.sort(every[: end - start])
        wanted = total - net
        found += int((np.searchsorted(net, wanted, side="right") - np.searchsorted(net, wanted)).sum())
        found -= int(np.count_nonzero(wanted == net))
    return found // 2


def loose(found: Chain, cuts: Sequence[int], sums: Minor, places: Sequence[Window], *, late: bool) -> list[np.ndarray]:
    """Return, per given cut, the rows beside it whose payout amounts do not tell.

    They are pieces that add up to zero: rows between positions of one prefix sum; and, where the account has late rows,
    a row of the payout before the cut together with rows beside the cut of the same sum.

    Args:
        found: the proved cuts.
        cuts: numbers of proved cuts (0 is the start).
        sums: prefix sums of the ordered rows.
        places: the windows, one more than payouts.
        late: whether rows of this account are ever late.
    """
    return [_loose(found, n, sums, places, late=late) for n in cuts]


def _loose(found: Chain, n: int, sums: Minor, places: Sequence[Window], *, late: bool) -> np.ndarray:
    cut, last = int(found.cut[n]), int(found.last[n])
    rows = [np.arange(cut, last)]
    start = int(found.cut[n - 1]) if n and found.cut[n - 1] >= 0 else int(places[n - 1].first.min()) if n else cut
    if late and start < cut:
        others = places[n].first[(places[n].sums != sums[cut]) & (places[n].first > start)]
        net = np.diff(sums[start : cut + 1])
        value, first = np.unique(net, return_index=True)
        wanted = sums[others] - sums[cut]
        at = np.minimum(np.searchsorted(value, wanted), len(value) - 1)
        hit = (value[at] == wanted) & (start + first[at] < others)
        for other, total in zip(others[hit].tolist(), wanted[hit], strict=True):
            low, high = min(other, cut), max(other, cut)
            rows += [start + np.flatnonzero(net[: low - start] == total), np.arange(low, high)]
    return np.unique(np.concatenate(rows))
