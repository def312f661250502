"""One cause, one finding: what another book, or a row's own sum, says of a difference that has a finding already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from recon.breaks.finding import Finding
from recon.ledger.view import View

_KEYS = ("order_ref", "sub_ref", "payment_ref")


def one_per_cause(view: View, first: Sequence[Finding], others: Sequence[Finding]) -> list[Finding]:
    """Return all findings, those of `others` left out whose difference one of `first` explains to the fen.

    Args:
        view: the ledger.
        first: findings of the order leg, which own entries.
        others: findings that own none (the control trade-cash, a row's own arithmetic).

    Two findings have the same cause when they share an entry or a number and their differences are equal or opposite.
    What stays shows the rows of what is left out and names it in `symptoms`.
    """
    kept = list(first)
    by_mark: dict[tuple[str, int], list[int]] = {}
    for n, finding in enumerate(kept if others else ()):
        for mark in _marks(view, finding):
            by_mark.setdefault(mark, []).append(n)
    apart = []
    for other in others:
        near = sorted({n for mark in _marks(view, other) for n in by_mark.get(mark, ())})
        same = [n for n in near if _explains(kept[n], other)]
        if same:
            kept[same[0]] = _with(kept[same[0]], other)
        else:
            apart.append(other)
    return kept + apart


def _marks(view: View, finding: Finding) -> set[tuple[str, int]]:
    """Entries and numbers of a finding."""
    rows = np.array(sorted({*finding.owned, *finding.linked}), dtype=np.int64)
    marks = {("entry", int(row)) for row in rows}
    for name in _KEYS:
        code = view.codes(name)[0][rows]
        marks |= {(name, int(c)) for c in code[code >= 0]}
    return marks


def _explains(first: Finding, other: Finding) -> bool:
    difference = other.actual - other.expected
    return difference != 0 and abs(first.actual - first.expected) == abs(difference)


def _with(first: Finding, other: Finding) -> Finding:
    named = {other.code, *other.symptoms} - {first.code}
    shown = set(first.linked) | (set(other.linked) - set(first.owned))
    return replace(first, linked=tuple(sorted(shown)), symptoms=(*first.symptoms, *sorted(named)))
