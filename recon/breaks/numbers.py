"""What an order number alone tells: does it lie before the files, or between the numbers they list?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from recon.ledger.view import NO_DAY, ORDER, View

#: Share of neighbouring numbers whose days run the same way, from which the numbers count as running with time.
RUNS_WITH_TIME = 0.99


@dataclass(frozen=True)
class Numbers:
    """Per shape of number (digits as 0): the smallest and the largest listed, and whether they run with time."""

    spans: dict[str, tuple[str, str, bool]]

    def before(self, number: str) -> bool:
        """The number is smaller than every listed one of its shape, and the numbers run with time."""
        span = self.spans.get(_shape(number))
        return span is not None and span[2] and number < span[0]

    def between(self, number: str) -> bool:
        """The number has the shape of the listed ones and lies between them."""
        span = self.spans.get(_shape(number))
        return span is not None and span[0] < number < span[1]

    def comparable(self, number: str) -> bool:
        """Numbers of this shape are listed and run with time."""
        span = self.spans.get(_shape(number))
        return span is not None and span[2]


def listed(view: View) -> Numbers:
    """Read the shapes of the order side's numbers."""
    code, words = view.codes("order_ref")
    rows = np.flatnonzero((view.side == ORDER) & (code >= 0) & (view.day != NO_DAY))
    if not len(rows):
        return Numbers({})
    order = np.lexsort((view.day[rows], code[rows]))
    first = np.r_[True, np.diff(code[rows][order]) != 0]
    numbers = words.take(pa.array(code[rows][order][first]))
    days = view.day[rows][order][first]
    shapes = pc.replace_substring_regex(numbers, r"\d", "0").dictionary_encode()
    spans = {}
    for place, shape in enumerate(shapes.dictionary.to_pylist()):
        mine = np.flatnonzero(shapes.indices.to_numpy() == place)
        texts = numbers.take(pa.array(mine))
        rank = pc.sort_indices(texts).to_numpy()
        run = days[mine][rank]
        ordered = len(run) > 1 and bool((np.diff(run) >= 0).mean() >= RUNS_WITH_TIME)
        spans[shape] = (texts[int(rank[0])].as_py(), texts[int(rank[-1])].as_py(), ordered)
    return Numbers(spans)


def _shape(number: str) -> str:
    return "".join("0" if c.isdigit() else c for c in number)
