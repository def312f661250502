"""One charge of one account and currency as the check of fees looks at it."""

from __future__ import annotations

from dataclasses import dataclass

from recon.breaks.fee_keys import Bools, Ints
from recon.breaks.fee_rules import Charged, Expected, Ruled
from recon.fees import Rule


@dataclass(frozen=True)
class Case:
    """One charge of one account and currency, its rules, and what they give."""

    account: str
    title: str
    currency: str
    like: Rule
    latest: int | None  # days after the payment by which it is taken, where the channel says so
    fee_row: Ints
    fee_key: Ints
    part: Charged
    ruled: Ruled
    expected: Expected
    apart: int  # fee rows without a payment of their number
    agreed: Bools  # keys whose order says itself what the charge is: no rule is asked

    @property
    def name(self) -> str:
        """The charge as the channel names it, else its kind."""
        return self.like.detail or self.like.kind
