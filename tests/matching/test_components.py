"""What hangs together, against a plain search; and edges that a decline cuts."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from recon.matching.components import linked
from recon.matching.decided import unlinked

numbers = st.integers(-8, 8)
pairs = st.tuples(st.integers(0, 5), st.integers(0, 5))


def reach(sets: Sequence[Sequence[int]], start: int) -> set[int]:
    """Everything that sets connect with a member, step by step."""
    found = {start}
    while True:
        more = found.union(*(members for members in sets if found & set(members)))
        if more == found:
            return found
        found = more


@given(st.lists(st.lists(numbers, min_size=1, max_size=4), max_size=8))
def test_linked_names_the_smallest_of_what_hangs_together(sets: list[list[int]]) -> None:
    assert linked(sets) == {one: min(reach(sets, one)) for members in sets for one in members}


@given(st.lists(pairs, max_size=12), st.frozensets(pairs, max_size=5))
def test_no_connected_set_holds_a_declined_pair(
    edges: list[tuple[int, int]], apart: frozenset[tuple[int, int]]
) -> None:
    kept = unlinked(edges, apart)
    together = [(n, ~row) for n, row in kept]
    assert not [pair for pair in apart if ~pair[1] in reach(together, pair[0])]
    # Only rows of declined pairs leave; who has nothing to do with them keeps all edges.
    assert set(kept) <= set(edges)
    assert {row for _, row in set(edges) - set(kept)} <= {row for _, row in apart}


@given(st.lists(pairs, max_size=12))
def test_without_declines_every_edge_stays(edges: list[tuple[int, int]]) -> None:
    assert unlinked(edges, frozenset()) == edges
