"""A dispute of the gateway (拒付): what it took, what came back, and the payment that it is about."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dispute:
    """The chargeback rows of one case, netted by the number that they share.

    rows: positions of the chargebacks. fees: the dispute's own fees. payments: what is disputed, shown beside it.
    amount: Σ of `rows`, minor units: below zero while it is open or lost, zero when it was won, above zero where the
    dispute itself lies before the files. day: the latest day number of `rows`.
    """

    rows: tuple[int, ...]
    fees: tuple[int, ...]
    payments: tuple[int, ...]
    amount: int
    day: int

    @property
    def won(self) -> bool:
        """The money came back in full."""
        return self.amount == 0
