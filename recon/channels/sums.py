"""The words of a channel spec for a file that holds totals of the bill beside it, and nothing else."""

from __future__ import annotations

from typing import Literal

from recon.channels.parts import AmountText, Part, TestText


class Sum(Part):
    """One total that a file prints of another: of all entries, or those that come in or go out."""

    name: str
    amount: AmountText
    direction: Literal["in", "out"] | None = None


class Sums(Part):
    """What a file that holds totals only says of a bill beside it.

    of: the bill's channel. where: the row of the totals.
    """

    of: str
    where: dict[str, TestText]
    totals: tuple[Sum, ...]
