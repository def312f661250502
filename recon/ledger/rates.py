"""Exchange rates as somebody stated them, and amounts at them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from recon.money import at_rate, exponent


@dataclass(frozen=True)
class Rates:
    """The rates of rates.csv.

    base: the currency that they are stated in, major units of it per unit of the other. quotes: currency -> (day
    number, rate) in order of days. A rate holds from its day until the next one.
    """

    base: str = "CNY"
    quotes: Mapping[str, tuple[tuple[int, Fraction], ...]] = field(default_factory=dict)

    def rate(self, sent: str, received: str, day: int) -> Fraction | None:
        """Return the units of one currency for a unit of another on a day; None where no rate was stated by then."""
        of_sent, of_received = self._quote(sent, day), self._quote(received, day)
        return None if of_sent is None or of_received is None else of_sent / of_received

    def _quote(self, currency: str, day: int) -> Fraction | None:
        if currency == self.base:
            return Fraction(1)
        stated = self.quotes.get(currency, ())
        place = bisect_right(stated, day, key=lambda quote: quote[0])
        return stated[place - 1][1] if place else None


def in_minor(rate: Fraction, sent: str, received: str) -> Fraction:
    """Return a rate between major units as one between minor units."""
    return rate * Fraction(10) ** (exponent(received) - exponent(sent))


def convert(amount: int, rate: Fraction, sent: str, received: str) -> int:
    """Return an amount in minor units of another currency, rounded half up (away from zero)."""
    return at_rate(amount, in_minor(rate, sent, received))
