"""`--fail-on "breaks > 0, high > 0, missing_payment > 3, open_amount > 1000.00"`: when a run counts as failed.

NAME is a break code (its findings), `breaks` (all of high, medium and low severity), `high` (of that severity) or
`open_amount` (sum of |difference| in major units, tested per currency). Counted is what stands open or assigned in
breaks.csv, whatever its period; information only under its own code.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches

import numpy as np
import pyarrow.compute as pc

from recon.cli.ending import tell
from recon.errors import EXIT_BREAKS, EXIT_DONE, UsageFault
from recon.money import format_amount
from recon.outputs.explain.folder import Result, minor
from recon.outputs.listing import INFORMATION, open_breaks

BREAKS, HIGH, OPEN_AMOUNT = "breaks", "high", "open_amount"
#: What is read of breaks.csv.
_COLUMNS = ("code", "severity", "difference", "currency", "status")

_ITEM = re.compile(r"\s*(?P<name>[a-z_]+)\s*>\s*(?P<limit>\d{1,15}(\.\d{1,4})?)\s*")


@dataclass(frozen=True)
class Tally:
    """What a result still has open: findings by code and by severity, Σ |difference| by currency in major units."""

    codes: Mapping[str, int]
    severities: Mapping[str, int]
    amounts: Mapping[str, Decimal]

    @classmethod
    def of(cls, result: Result) -> Tally:
        """Count breaks.csv of a result.

        Raises:
            WorkspaceFault: the table is missing, damaged, or lacks a column.
        """
        counted = open_breaks(result.table("breaks", _COLUMNS))
        serious = counted.filter(pc.not_equal(counted.column("severity"), INFORMATION))
        named = pc.fill_null(serious.column("currency").combine_chunks(), result.currency)
        sizes = np.abs(minor(serious, "difference", result.currency))
        return cls(
            Counter(counted.column("code").to_pylist()),
            Counter(serious.column("severity").to_pylist()),
            {
                code: Decimal(
                    format_amount(int(sizes[pc.equal(named, code).to_numpy(zero_copy_only=False)].sum()), code)
                )
                for code in pc.unique(named).to_pylist()
            },
        )


@dataclass(frozen=True, slots=True)
class Condition:
    """One item: it holds when what `name` counts is more than `limit`."""

    name: str
    limit: Decimal

    def holds(self, tally: Tally) -> bool:
        """Tell whether a result has more open than the limit."""
        return any(value > self.limit for value in _values(self.name, tally))

    def __str__(self) -> str:
        return f"{self.name} > {self.limit}"


def failed(wanted: Sequence[Condition], result: Result) -> int:
    """Return EXIT_BREAKS and tell which conditions hold, if any does; else EXIT_DONE.

    Raises:
        WorkspaceFault: breaks.csv cannot be read.
    """
    tally = Tally.of(result) if wanted else None
    reached = [condition for condition in wanted if tally is not None and condition.holds(tally)]
    if not reached:
        return EXIT_DONE
    tell(f"--fail-on: {', '.join(map(str, reached))}")
    return EXIT_BREAKS


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


def _values(name: str, tally: Tally) -> list[Decimal]:
    if name == OPEN_AMOUNT:
        return list(tally.amounts.values())
    if name == HIGH:
        return [Decimal(tally.severities.get(HIGH, 0))]
    if name == BREAKS:
        return [Decimal(sum(tally.severities.values()))]
    return [Decimal(tally.codes.get(name, 0))]
