"""What an order number alone tells: is it before the files, between the numbers they list, or another shop's?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from recon.ledger.days import NO_DAY
from recon.ledger.view import ORDER, View

#: Share of neighbouring numbers whose days run the same way, from which the numbers count as running with time.
RUNS_WITH_TIME = 0.99
#: Numbers whose order is looked at, evenly spread over the ledger.
_SAMPLE = 20_000


@dataclass(frozen=True)
class Span:
    """The listed numbers of one shop and shape: the smallest, the largest, and whether they run with time."""

    first: str
    last: str
    ordered: bool


@dataclass(frozen=True)
class Numbers:
    """The listed numbers by shop (code, -1 without) and shape."""

    spans: dict[tuple[int, str], Span]

    def before(self, number: str) -> bool:
        """The number is smaller than every listed one of its shape, and the numbers run with time."""
        return self.comparable(number) and all(number < span.first for span in self._of(number))

    def comparable(self, number: str) -> bool:
        """Numbers of this shape are listed and run with time."""
        return any(span.ordered for span in self._of(number))

    def between(self, number: str, shops: Iterable[int]) -> bool:
        """The number has the shape of these shops' listed ones and lies between them."""
        of_shops = set(shops)
        return any(
            span.first < number < span.last
            for (shop, text), span in self.spans.items()
            if shop in of_shops and text == shape(number)
        )

    def foreign(self, number: str, shops: Iterable[int]) -> bool:
        """The number has the shape of other shops' numbers and of none of these shops'."""
        owners = {shop for shop, text in self.spans if text == shape(number)}
        return bool(owners) and not owners & set(shops)

    def _of(self, number: str) -> list[Span]:
        return [span for (_, text), span in self.spans.items() if text == shape(number)]


def listed(view: View) -> Numbers:
    """Read the shapes of the order side's numbers; whether they run with time is told by a sample of them."""
    code, words = view.codes("order_ref")
    rows = np.flatnonzero((view.side == ORDER) & (code >= 0) & (view.day != NO_DAY))
    if not len(rows):
        return Numbers({})
    first = np.full(len(words), -1, dtype=np.int64)
    first[code[rows[::-1]]] = rows[::-1]
    used = np.flatnonzero(first >= 0)
    rows = first[used]
    numbers = words.take(pa.array(used))
    shapes, names = _shapes(numbers)
    kind = shapes * (len(view.shops) + 1) + view.shop[rows] + 1
    spans = {}
    for number in np.unique(kind):
        mine = np.flatnonzero(kind == number)
        edges = pc.min_max(numbers.take(pa.array(mine)))
        sample = mine[:: max(len(mine) // _SAMPLE, 1)]
        run = view.day[rows[sample]][pc.sort_indices(numbers.take(pa.array(sample))).to_numpy()]
        ordered = len(run) > 1 and bool((np.diff(run) >= 0).mean() >= RUNS_WITH_TIME)
        shop = int(number) % (len(view.shops) + 1) - 1
        text = names[int(number) // (len(view.shops) + 1)]
        spans[shop, text] = Span(edges["min"].as_py(), edges["max"].as_py(), ordered)
    return Numbers(spans)


def _shapes(numbers: pa.Array) -> tuple[np.ndarray, list[str]]:
    """Shape code per number, and the shapes; numbers of digits alone are told by their length."""
    plain = pc.string_is_ascii(numbers)
    plain = pc.and_(plain, pc.utf8_is_decimal(numbers))
    length = pc.utf8_length(numbers)
    lengths = pc.unique(length).to_pylist()
    zeros = pa.array(["0" * n for n in lengths], type=pa.string())
    texts = zeros.take(pc.index_in(length, value_set=pa.array(lengths, type=length.type)))
    mixed = pc.replace_substring_regex(numbers.filter(pc.invert(plain)), "[0-9]", "0")
    coded = pc.replace_with_mask(texts, pc.invert(plain), mixed).dictionary_encode()
    return coded.indices.to_numpy(), coded.dictionary.to_pylist()


def shape(number: str) -> str:
    """The number with every digit as 0."""
    return "".join("0" if c in "0123456789" else c for c in number)
