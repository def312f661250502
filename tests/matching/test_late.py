"""Late rows inside a run that foots: all ways are counted as trying everything counts them."""

from itertools import combinations, pairwise, product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from recon.matching.payouts.chain import EXACT, RUN, Chain, Span, chain, spans, windows
from recon.matching.payouts.late import explain, loose


def prefix(net: list[int]) -> np.ndarray:
    return np.append(0, np.cumsum(np.array(net, dtype=np.int64)))


def ways(net: list[int], owed: list[int]) -> set[tuple[tuple[int, int], ...]]:
    """All (cut, net carried over it) with at most one late row per payout, by trying everything."""
    found = set()
    inner = combinations(range(len(net) + 1), len(owed) - 1)
    for cuts in inner:
        edges = (0, *cuts, len(net))
        blocks = [range(a, b) for a, b in pairwise(edges)]
        choices = [[None, *block] for block in blocks[:-1]]
        for late in product(*choices, [None]):
            carried, states = 0, []
            for block, row, total in zip(blocks, late, owed, strict=True):
                left = 0 if row is None else net[row]
                if sum(net[r] for r in block) + carried - left != total:
                    break
                carried = left
                states.append((block.stop, left))
            else:
                found.add(tuple(states))
    return found


@settings(max_examples=300)
@given(st.lists(st.integers(1, 30), min_size=4, max_size=9), st.data())
def test_ways_are_those_of_trying_everything(net: list[int], data: st.DataObject) -> None:
    count = data.draw(st.integers(2, 3))
    cuts = sorted(data.draw(st.sets(st.integers(1, len(net) - 1), min_size=count - 1, max_size=count - 1)))
    edges = [0, *cuts, len(net)]
    owed = [sum(net[a:b]) for a, b in pairwise(edges)]
    row = data.draw(st.integers(0, edges[1] - 1))
    owed[0] -= net[row]
    owed[1] += net[row]
    sums, total = prefix(net), np.array(owed, dtype=np.int64)
    low, high = np.zeros(count, dtype=np.int64), np.full(count, len(net))
    found = explain(Span(RUN, 0, count, 0, len(net)), sums, total, windows(sums, low, high))
    every = ways(net, owed)
    assert found.ways == min(len(every), 2)
    if found.ways == 1:
        assert tuple((p.high, p.left) for p in found.payouts) == next(iter(every))
        assert all(net[r] == p.left for p in found.payouts for r in p.twins)


@given(st.lists(st.integers(1, 12), min_size=4, max_size=8), st.data())
def test_rivals_are_the_ways_with_one_late_row_more(net: list[int], data: st.DataObject) -> None:
    cut = data.draw(st.integers(2, len(net) - 1))
    row = data.draw(st.integers(0, cut - 1))
    owed = [sum(net[:cut]) - net[row], sum(net[cut:]) + net[row]]
    sums, total = prefix(net), np.array(owed, dtype=np.int64)
    places = windows(sums, np.zeros(2, dtype=np.int64), np.full(2, len(net)))
    found = explain(Span(RUN, 0, 2, 0, len(net)), sums, total, places)
    if found.ways == 1:
        pairs = sum(
            sum(net[:end]) - net[a] - net[b] == owed[0]
            for end in range(len(net) + 1)
            for a, b in combinations(range(end), 2)
        )
        assert found.rivals == -(-pairs // len(found.payouts[0].twins))


def judged(net: list[int], owed: list[int]) -> tuple[Chain, np.ndarray, list[Span], list[np.ndarray]]:
    sums, total = prefix(net), np.array(owed, dtype=np.int64)
    places = windows(sums, np.zeros(len(owed), dtype=np.int64), np.full(len(owed), len(net)))
    found = chain(places, total)
    return found, sums, spans(found, sums, total), loose(found, range(len(owed) + 1), sums, places, late=True)


def test_rows_of_sum_zero_at_a_cut_are_loose() -> None:
    _, _, links, beside = judged([100, 37, -37, 250], [100, 250])
    assert [s.kind for s in links] == [EXACT, EXACT]
    assert beside[1].tolist() == [1, 2]


def test_a_row_that_equals_rows_beyond_the_cut_is_loose() -> None:
    """60 may be late and 45 + 15 paid before it: three rows of which the amounts do not tell."""
    _, _, links, beside = judged([60, 112, 45, 15, 400], [172, 460])
    assert [s.kind for s in links] == [EXACT, EXACT]
    assert beside[1].tolist() == [0, 2, 3]
