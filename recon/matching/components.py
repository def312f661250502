"""What hangs together: sets that share a member are one set. For few things; arrays go through scipy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def linked(sets: Iterable[Sequence[int]]) -> dict[int, int]:
    """Return for each member the smallest member of what it hangs together with."""
    root: dict[int, int] = {}

    def find(one: int) -> int:
        while root[one] != one:
            root[one] = root[root[one]]
            one = root[one]
        return one

    for members in sets:
        for one in members:
            root.setdefault(one, one)
            low, high = sorted((find(members[0]), find(one)))
            root[high] = low
    return {one: find(one) for one in root}
