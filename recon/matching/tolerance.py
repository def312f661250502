"""Which small differences between money and what was expected are accepted: the named tolerance, and write-offs.

Neither is ever found by the program: both stand in recon.yaml, and what they accept is shown as a residual.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from recon.money import Rounding, at_rate_all, exponent


@dataclass(frozen=True)
class Tolerance:
    """The limits of one company; amounts are minor units of its own currency.

    amount: accepted in every currency (as the same number of major units). per_ten_thousand: ‱ of `base`, accepted if
    it is more than the amount. base: `order` (what was expected) or `received`. rounding: of that share. write_off: up
    to here a difference beyond the tolerance is written off, in the company's currency only. currency: its own.
    """

    amount: int = 0
    per_ten_thousand: int = 0
    base: str = "order"
    rounding: Rounding = Rounding.HALF_UP
    write_off: int = 0
    currency: str = "CNY"

    def named(
        self, expected: np.ndarray, received: np.ndarray, currency: np.ndarray, names: Sequence[str]
    ) -> np.ndarray:
        """Return per key the largest difference that is accepted, in minor units of its currency (int64).

        Args:
            expected: minor units, any sign.
            received: minor units, any sign.
            currency: code of the currency of each key.
            names: the currencies by code.
        """
        digits = exponent(self.currency)
        amounts = [self.amount * 10 ** exponent(name) // 10**digits for name in names]
        limit: np.ndarray = np.array(amounts or [self.amount], dtype=np.int64)[currency]
        if self.per_ten_thousand:
            base = np.abs(received if self.base == "received" else expected)
            limit = np.maximum(limit, at_rate_all(base, Fraction(self.per_ten_thousand, 10_000), self.rounding))
        return limit

    def written_off(self, currency: np.ndarray, names: Sequence[str]) -> np.ndarray:
        """Return per key up to which difference it is written off (int64); 0 in currencies that are not the company's.

        Args:
            currency: code of the currency of each key, -1 where it has several.
            names: the currencies by code.
        """
        own = names.index(self.currency) if self.currency in names else -2
        return np.where(currency == own, self.write_off, 0).astype(np.int64)
