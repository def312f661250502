"""A fee contract as data, and what it charges: per row, in integers, a rate is a fraction.

Gateways round per transaction, half up, to the minor unit; a fee computed on a total is another amount.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

import numpy as np

from recon.money import Minor, Rounding, at_rate_all


@dataclass(frozen=True, slots=True)
class Rule:
    """What an account charges under one `detail`: rate × base + fixed, at least minimum, at most maximum, per row.

    Attributes:
        detail: the channel's own name of the charge; None for a charge without a name.
        rate: share of the base, 3/500 for 0.6 %.
        kind: ledger kind of the charge, `fee` or `commission`.
        fixed: minor units added per row.
        minimum: least charge of a row, in minor units.
        maximum: largest charge of a row, in minor units, None without.
        base: `payment` (what the buyer paid) or `payment+subsidy`.
        on_refund: `returned` (pro rata with the refund) or `kept`.
        level: rounded per `row`, or once on what the rows of a `batch` add up to.
        settles_after: days after the payment from which it is settled, and a refund brings nothing back; None: never.
        rounding: how rate × base becomes whole minor units.
        since: first day it holds, by the payment's value date; None from the beginning.
        until: last day it holds, None without end.
        only: the classes (card brand, category) it is for, as the file prints them; empty for all.
        source: who says so: recon.yaml, the row itself, or the rows of the file.
    """

    detail: str | None
    rate: Fraction
    kind: str = "fee"
    fixed: int = 0
    minimum: int = 0
    maximum: int | None = None
    base: Literal["payment", "payment+subsidy"] = "payment"
    on_refund: Literal["returned", "kept"] = "kept"
    level: Literal["row", "batch"] = "row"
    settles_after: int | None = None
    rounding: Rounding = Rounding.HALF_UP
    since: date | None = None
    until: date | None = None
    only: tuple[str, ...] = ()
    source: Literal["configured", "printed", "learned"] = "configured"

    @property
    def proportional(self) -> bool:
        """True where the charge is nothing but a share of the base."""
        return not self.fixed and not self.minimum and self.maximum is None

    def names(self, detail: str | None, kind: str) -> bool:
        """True if the rule is for this charge: of its name, or without a name for all of its kind."""
        return self.detail == detail or (self.detail is None and self.kind == kind)


def charge(base: Minor, rule: Rule) -> Minor:
    """Return what the rule takes of each base, as a cost in minor units; nothing of nothing.

    Raises:
        ValueError: when a base is negative: refunds go through `returned`.
    """
    if len(base) and int(base.min()) < 0:
        raise ValueError("a fee is charged on a base of zero or more")
    cost = at_rate_all(base, rule.rate, rule.rounding)
    if rule.proportional:
        return cost
    cost = np.maximum(cost + rule.fixed, rule.minimum)
    if rule.maximum is not None:
        cost = np.minimum(cost, rule.maximum)
    return np.where(base > 0, cost, 0)


def returned(refund: Minor, paid: Minor, fee: Minor, rule: Rule) -> Minor:
    """Return what comes back with each refund, pro rata and rounded per refund.

    Args:
        refund: what was refunded, positive.
        paid: Σ of the payments it belongs to; 0 where they are not known.
        fee: what was charged on `paid`.
        rule: the rule that was charged by. Where it is no mere rate, the share of `fee` comes back.
    """
    if rule.proportional:
        return charge(refund, rule)
    share = fee.astype(object) * refund * 2 + paid
    back = share // np.maximum(paid * 2, 1)
    return np.where(paid > 0, back, 0).astype(np.int64)
