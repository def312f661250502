"""The chain of cuts: what trying all cuts proves, the neighbour rule, runs that foot, the fee of a payout."""

from itertools import combinations_with_replacement

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recon.matching.payouts.chain import ALONE, EXACT, OPEN, RUN, Span, chain, payout_fee, spans, windows


def prefix(net: list[int]) -> np.ndarray:
    return np.append(0, np.cumsum(np.array(net, dtype=np.int64)))


def whole(net: list[int], owed: list[int], *, neighbours: bool = True) -> list[Span]:
    """Chain and judge with cuts anywhere."""
    sums, total = prefix(net), np.array(owed, dtype=np.int64)
    low, high = np.zeros(len(owed), dtype=np.int64), np.full(len(owed), len(net))
    return spans(chain(windows(sums, low, high), total), sums, total, neighbours=neighbours)


@given(
    st.lists(st.integers(1, 6), min_size=1, max_size=8), st.lists(st.integers(1, 12), min_size=1, max_size=4), st.data()
)
def test_proved_cuts_are_those_of_all_best_chains(net: list[int], owed: list[int], data: st.DataObject) -> None:
    sums = prefix(net)
    bounds = [sorted(data.draw(st.tuples(st.integers(0, len(net)), st.integers(0, len(net))))) for _ in owed]
    places = [range(low, high + 1) for low, high in bounds]
    chains = [
        (0, *cuts)
        for cuts in combinations_with_replacement(range(len(net) + 1), len(owed))
        if all(c in p for c, p in zip(cuts, places, strict=True))
    ]
    cost = [sum(sums[b] - sums[a] != o for a, b, o in zip(c, c[1:], owed, strict=False)) for c in chains]
    best = [c for c, spent in zip(chains, cost, strict=True) if spent == min(cost)]
    low, high = np.array(bounds).T
    found = chain(windows(sums, low, high), np.array(owed, dtype=np.int64))
    if not chains:
        assert (found.cut == -1).all()
        return
    assert found.broken == min(cost)
    wanted = [of[0] if len(of) == 1 else -1 for n in range(len(owed) + 1) for of in [sorted({c[n] for c in best})]]
    assert found.cut.tolist() == wanted


def test_two_exact_links_hold_each_other() -> None:
    assert whole([5, 7, 11, 2], [12, 13]) == [Span(EXACT, 0, 1, 0, 2), Span(EXACT, 1, 2, 2, 4)]


@pytest.mark.parametrize(("neighbours", "kind"), [(True, ALONE), (False, EXACT)])
def test_a_link_alone_suggests(neighbours: bool, kind: str) -> None:
    assert whole([5, 7, 11, 2], [12], neighbours=neighbours) == [Span(kind, 0, 1, 0, 2)]


def test_two_broken_links_that_foot_are_a_run() -> None:
    """The row of 70 comes with the payout after its own."""
    found = whole([500, 90, 31, 70, 200, 17, 3, 801, 44], [590, 31 + 200, 70 + 17 + 3, 845])
    assert found == [Span(EXACT, 0, 1, 0, 2), Span(RUN, 1, 3, 2, 7), Span(EXACT, 3, 4, 7, 9)]


def test_a_broken_link_that_does_not_foot_is_open() -> None:
    found = whole([500, 90, 31, 70, 200, 801, 44], [500, 90, 999, 801, 44])
    assert [(s.kind, s.first, s.stop) for s in found] == [
        (EXACT, 0, 1),
        (EXACT, 1, 2),
        (OPEN, 2, 3),
        (EXACT, 3, 4),
        (EXACT, 4, 5),
    ]


def test_an_accidental_link_does_not_hide_the_run() -> None:
    """Payout 2 is 40 by accident; the rows around it do not foot with it, the whole run does."""
    net = [100, 250, 13, 40, 57, 29, 300, 1000, 2000]
    owed = [100, 250, 13 + 57, 40, 29 + 300, 1000, 2000]
    found = whole(net, owed)
    assert [(s.kind, s.first, s.stop) for s in found if s.kind != EXACT] == [(RUN, 2, 5)]
    assert sum(net[2:7]) == sum(owed[2:5])


def test_cuts_of_one_prefix_sum_are_one_cut() -> None:
    sums = prefix([10, 7, -7, 20])
    found = chain(windows(sums, np.array([0, 0]), np.array([4, 4])), np.array([10, 20]))
    assert found.cut.tolist() == [0, 1, 4]
    assert found.last.tolist() == [0, 3, 4]


def test_cuts_lie_at_the_ends_of_days_where_these_are_given() -> None:
    sums = prefix([10, 5, 7, 20])
    places = windows(sums, np.array([1, 2]), np.array([3, 4]), np.array([0, 2, 4]))
    assert [w.first.tolist() for w in places] == [[0], [2], [2, 4]]


@given(st.integers(0, 2**32), st.integers(0, 500))
def test_the_fee_of_a_payout_is_the_rest_that_comes_again(seed: int, fee: int) -> None:
    rng = np.random.default_rng(seed)
    net = rng.integers(1_000, 100_000, 60)
    cuts = np.arange(6, 61, 6)
    sums = prefix(net.tolist())
    paid = np.diff(np.append(0, sums[cuts])) - fee
    assert payout_fee(windows(sums, cuts - 2, np.minimum(cuts + 2, 60)), paid) == fee


def test_no_fee_where_no_rest_stands_out() -> None:
    sums = prefix([100, 230, 370, 910])
    assert payout_fee(windows(sums, np.array([1, 2, 3]), np.array([1, 2, 3])), np.array([99, 220, 300])) == 0
    assert payout_fee(windows(sums, np.empty(0, dtype=int), np.empty(0, dtype=int)), np.empty(0, dtype=int)) == 0
