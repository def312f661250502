"""`--fail-on "breaks > 0, high > 0, missing_payment > 3, open_amount > 1000.00"`: when a run counts as failed.

NAME is a break code (its findings), `breaks` (all of high, medium and low severity), `high` (of that severity) or
`open_amount` (sum of |difference| in major units, tested per currency).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from recon.errors import UsageFault

BREAKS, HIGH, OPEN_AMOUNT = "breaks", "high", "open_amount"

_ITEM = re.compile(r"\s*(?P<name>[a-z_]+)\s*>\s*(?P<limit>\d{1,15}(\.\d{1,4})?)\s*")


@dataclass(frozen=True, slots=True)
class Condition:
    """One item: it holds when what `name` counts is more than `limit`."""

    name: str
    limit: Decimal

    def holds(self, summary: Mapping[str, Any]) -> bool:
        """Tell whether the result that summary.json describes has more than the limit."""
        return any(value > self.limit for value in _values(self.name, summary))

    def __str__(self) -> str:
        return f"{self.name} > {self.limit}"


def parse(text: str, codes: Sequence[str]) -> tuple[Condition, ...]:
    """Return the conditions of an option's text.

    Raises:
        UsageFault: an item is not `NAME > number`, its name is unknown, or it counts in parts of one.
    """
    return tuple(_condition(item, codes) for item in text.split(","))


def _condition(item: str, codes: Sequence[str]) -> Condition:
    found = _ITEM.fullmatch(item)
    if not found:
        raise UsageFault(f"--fail-on: {item.strip()!r} is not a condition. Write `NAME > number`, like `high > 0`.")
    name, limit = found["name"], Decimal(found["limit"])
    known = [BREAKS, HIGH, OPEN_AMOUNT, *codes]
    if name not in known:
        near = get_close_matches(name, known, n=1)
        remedy = f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(known)}."
        raise UsageFault(f"--fail-on: {name!r} is unknown. {remedy}")
    if name != OPEN_AMOUNT and limit != limit.to_integral_value():
        raise UsageFault(f"--fail-on: {name} counts findings. Write a whole number, like `{name} > {int(limit)}`.")
    return Condition(name, limit)


def _values(name: str, summary: Mapping[str, Any]) -> list[Decimal]:
    if name == OPEN_AMOUNT:
        return [Decimal(amount) for amount in summary["open_amount"].values()]
    severity = summary["severity"]
    if name == HIGH:
        return [Decimal(severity["high"])]
    if name == BREAKS:
        return [Decimal(severity["high"] + severity["medium"] + severity["low"])]
    return [Decimal(sum(line["count"] for line in summary["breaks"] if line["code"] == name))]
