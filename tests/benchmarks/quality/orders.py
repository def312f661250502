"""Seeded orders and payments of which only some carry a number, with the truth beside them.

90 days of a shop with 800 prices (log-normal around 99.00, sigma 0.6, endings .00, .90, .99); an order has 1 to 3 lines
of quantity 1 to 3, so equal amounts are common. A payment comes 0 to 3 days later. Of the payments 90 % carry the order
number, 8 % nothing but amount and day; 2 % of the orders have no payment, and a stranger's payment stands in its place.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

DAYS = 90
PRICES = 800
PRICE_MEDIAN, PRICE_SIGMA = 99.0, 0.6
ENDINGS = (0, 90, 99)
LINES, LINE_SHARES = (1, 2, 3), (0.6, 0.3, 0.1)
QUANTITIES, QUANTITY_SHARES = (1, 2, 3), (0.7, 0.2, 0.1)
LONGEST_LAG = 3
KEYED, KEYLESS = 0.90, 0.08  # the rest of the orders has no payment
#: Of the re-orders this share was placed in another shop, so that only its payment is seen here.
REORDERED_ELSEWHERE = 0.5
#: Damage done to a number, in equal shares: two digits swapped, one dropped, one changed, the last ones cut off.
DAMAGES = ("swap", "drop", "digit", "cut")
NUMBER_DIGITS = 18
_BUYERS = 40_000


@dataclass(frozen=True)
class OrderSet:
    """What both sides print, and the truth.

    orders: number, amount (minor units), day, buyer (words of the text, "" where none is printed). payments: number
    ("" where none is printed), amount, day, buyer. truth: per payment the position of its order, -1 for a stranger's.
    damaged: payments whose number was damaged.
    """

    order_number: np.ndarray
    order_amount: np.ndarray
    order_day: np.ndarray
    order_buyer: np.ndarray
    number: np.ndarray
    amount: np.ndarray
    day: np.ndarray
    buyer: np.ndarray
    truth: np.ndarray
    damaged: np.ndarray


@dataclass
class _Rows:
    """Payments in the making."""

    order: list[np.ndarray] = field(default_factory=list)
    number: list[np.ndarray] = field(default_factory=list)
    amount: list[np.ndarray] = field(default_factory=list)
    day: list[np.ndarray] = field(default_factory=list)
    buyer: list[np.ndarray] = field(default_factory=list)

    def add(
        self, order: np.ndarray, number: np.ndarray, amount: np.ndarray, day: np.ndarray, buyer: np.ndarray
    ) -> None:
        self.order.append(order)
        self.number.append(number)
        self.amount.append(amount)
        self.day.append(day)
        self.buyer.append(buyer)


def make(
    size: int, seed: int, *, noise: float = 0.0, foreign: bool = False, reorders: float = 0.0, damaged: float = 0.0
) -> OrderSet:
    """Make a set of `size` orders and payments.

    Args:
        size: orders, and payments, before noise and re-orders.
        seed: of numpy's default generator.
        noise: share of further rows without a partner, on each side.
        foreign: what has no partner prints a stranger's order number or, in the other half, a stranger's words;
            the buyer's words then stand on all rows.
        reorders: share of orders that were closed and placed again: same buyer, amount and day.
        damaged: share of the numbered payments whose number is damaged.
    """
    rng = np.random.default_rng(seed)
    prices = _prices(rng)
    extra = round(size * noise)
    again = round(size * reorders)
    total = size + extra + again
    number = _numbers(rng, total + size + extra + again)
    amount = _amounts(rng, prices, size + extra)
    day = rng.integers(0, DAYS, size + extra)
    buyer = rng.integers(0, _BUYERS, size + extra)
    kind = rng.random(size)
    paid = np.flatnonzero(kind < KEYED + KEYLESS)
    keyed = kind[paid] < KEYED
    rows = _Rows()
    lag = rng.integers(0, LONGEST_LAG + 1, len(paid))
    rows.add(paid, np.where(keyed, number[paid], ""), amount[paid], day[paid] + lag, buyer[paid])
    strange = size - len(paid) + extra
    strangers = number[total : total + strange]
    named = rng.random(strange) < 0.5
    rows.add(
        np.full(strange, -1),
        np.where(named & foreign, strangers, ""),
        _amounts(rng, prices, strange),
        rng.integers(0, DAYS, strange) + rng.integers(0, LONGEST_LAG + 1, strange),
        rng.integers(0, _BUYERS, strange) + _BUYERS,
    )
    closed = rng.choice(size, again, replace=False)  # each is closed, and placed again with the same amount
    _place_again(rng, rows, closed, amount, day, buyer, number[size + extra : total], number[total + strange :])
    return _shuffled(rng, rows, number, amount, day, buyer, closed, foreign=foreign, damaged=damaged)


def unlike(made: OrderSet, respect: str) -> OrderSet:
    """Make the payments without a number, and their orders, unlike the others: four times as dear (`amount`), all in
    the first third of the days (`day`), or paid after two or three days only (`lag`).
    """
    mine = np.flatnonzero(made.number == "")
    paid = mine[made.truth[mine] >= 0]
    order = made.truth[paid]
    amount, day = made.amount.copy(), made.day.copy()
    order_amount, order_day = made.order_amount.copy(), made.order_day.copy()
    if respect == "amount":
        amount[mine] *= 4
        order_amount[order] *= 4
    elif respect == "day":
        day[mine] //= 3
        order_day[order] = day[paid] - (made.day[paid] - made.order_day[order])
    else:
        day[paid] = order_day[order] + 2 + made.day[paid] % 2
    return replace(made, amount=amount, day=day, order_amount=order_amount, order_day=order_day)


def _place_again(
    rng: np.random.Generator,
    rows: _Rows,
    twin: np.ndarray,
    amount: np.ndarray,
    day: np.ndarray,
    buyer: np.ndarray,
    closed_number: np.ndarray,
    elsewhere_number: np.ndarray,
) -> None:
    """For half of the re-orders the paid order is `twin` here; the other half was paid in another shop."""
    elsewhere = np.flatnonzero(rng.random(len(twin)) < REORDERED_ELSEWHERE)
    source = twin[elsewhere]
    keyed = rng.random(len(source)) < KEYED
    rows.add(
        np.full(len(source), -1),
        np.where(keyed, elsewhere_number[: len(source)], ""),
        amount[source],
        day[source] + rng.integers(0, 2, len(source)),
        buyer[source],
    )
    assert len(closed_number) == len(twin)


def _shuffled(
    rng: np.random.Generator,
    rows: _Rows,
    number: np.ndarray,
    amount: np.ndarray,
    day: np.ndarray,
    buyer: np.ndarray,
    closed: np.ndarray,
    *,
    foreign: bool,
    damaged: float,
) -> OrderSet:
    order_amount = np.concatenate([amount, amount[closed]])
    order_day = np.concatenate([day, day[closed]])
    order_buyer = np.concatenate([buyer, buyer[closed]])
    left = rng.permutation(len(order_amount))
    place = np.empty(len(left), dtype=np.int64)
    place[left] = np.arange(len(left))
    order = np.concatenate(rows.order)
    truth = np.where(order >= 0, place[np.maximum(order, 0)], -1)
    printed = np.concatenate(rows.number)
    harmed = (printed != "") & (order >= 0) & (rng.random(len(printed)) < damaged)
    printed = printed.copy()
    printed[harmed] = _damage(rng, printed[harmed])
    words = np.concatenate(rows.buyer)
    right = rng.permutation(len(order))
    return OrderSet(
        order_number=number[: len(left)][left],
        order_amount=order_amount[left],
        order_day=order_day[left],
        order_buyer=_words(order_buyer[left], printed=foreign),
        number=printed[right],
        amount=np.concatenate(rows.amount)[right],
        day=np.concatenate(rows.day)[right],
        buyer=_words(words[right], printed=foreign),
        truth=truth[right],
        damaged=harmed[right],
    )


def _prices(rng: np.random.Generator) -> np.ndarray:
    whole = np.maximum(np.rint(PRICE_MEDIAN * np.exp(rng.normal(0.0, PRICE_SIGMA, PRICES))).astype(np.int64), 1)
    ending = rng.choice(ENDINGS, PRICES)
    return np.where(ending == 0, whole * 100, (whole - 1) * 100 + ending)


def _amounts(rng: np.random.Generator, prices: np.ndarray, size: int) -> np.ndarray:
    lines = rng.choice(LINES, size, p=LINE_SHARES)
    total = np.zeros(size, dtype=np.int64)
    for line in range(max(LINES)):
        quantity = rng.choice(QUANTITIES, size, p=QUANTITY_SHARES)
        total += np.where(line < lines, rng.choice(prices, size) * quantity, 0)
    return total


def _numbers(rng: np.random.Generator, size: int) -> np.ndarray:
    """Distinct numbers of 18 digits, none a neighbour of another but by accident."""
    low, high = 10 ** (NUMBER_DIGITS - 1), 10**NUMBER_DIGITS
    drawn = np.unique(rng.integers(low, high, size + size // 100 + 16))
    return rng.permutation(drawn)[:size].astype(str)


def _damage(rng: np.random.Generator, numbers: np.ndarray) -> np.ndarray:
    harmed = []
    for text, how, where, digit in zip(
        numbers.tolist(),
        rng.integers(0, len(DAMAGES), len(numbers)).tolist(),
        rng.integers(1, NUMBER_DIGITS - 2, len(numbers)).tolist(),
        rng.integers(1, 10, len(numbers)).tolist(),
        strict=True,
    ):
        if DAMAGES[how] == "swap":
            at = next((n for n in range(where, len(text) - 1) if text[n] != text[n + 1]), where)
            harmed.append(text[:at] + text[at + 1] + text[at] + text[at + 2 :])
        elif DAMAGES[how] == "drop":
            harmed.append(text[:where] + text[where + 1 :])
        elif DAMAGES[how] == "digit":
            harmed.append(text[:where] + str((int(text[where]) + digit) % 10) + text[where + 1 :])
        else:
            harmed.append(text[:-1])
    return np.array(harmed, dtype=numbers.dtype) if harmed else numbers


def _words(buyer: np.ndarray, *, printed: bool) -> np.ndarray:
    if not printed:
        return np.full(len(buyer), "", dtype="U1")
    syllables = np.array(["LI", "WANG", "ZHANG", "CHEN", "ZHAO", "SUN", "QIAN", "WU", "HE", "GAO"])
    first = syllables[buyer % 10]
    return np.char.add(np.char.add(first, " "), np.char.add("B", buyer.astype(str)))
