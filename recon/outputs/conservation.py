"""The proof that nothing was lost: every row of every file, every entry of every leg, every fen of every match.

It is computed before anything is written and from both ends: the groups of the outcome on one side, the ledger and
the files themselves on the other. A run that does not foot ends with `ConservationError`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from recon.errors import ConservationError
from recon.ledger.days import month_days
from recon.ledger.outcome import BREAK, EXCLUDED, GATEWAY_BANK, IN_TRANSIT, LEGS, MATCHED, ORDER_GATEWAY, Outcome
from recon.ledger.parts import count_by, sum_by
from recon.ledger.schema import SIDES
from recon.outputs.provenance import COPY, quarantined_rows

Whole = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int8]
Mask = npt.NDArray[np.bool_]

GROUPS = (MATCHED, IN_TRANSIT, BREAK, EXCLUDED)
#: A leg that owns a side owns every entry of it: nothing of an order list or a bank statement can drop out.
_WHOLE_SIDE = {ORDER_GATEWAY: "order", GATEWAY_BANK: "bank"}


@dataclass(frozen=True, slots=True)
class Total:
    """How many entries, their sum and the sum of their sizes, in minor units."""

    count: int = 0
    amount: int = 0
    size: int = 0

    def __add__(self, other: Total) -> Total:
        return Total(self.count + other.count, self.amount + other.amount, self.size + other.size)


@dataclass(frozen=True, slots=True)
class LegLine:
    """What one leg owns of one side, account and currency, and in which group it ended.

    owned, and groups by code (MATCHED, IN_TRANSIT, BREAK, EXCLUDED): all entries; period: the same for the entries
    whose value date lies in the period of the run.
    """

    leg: str
    side: str
    account: str
    channels: tuple[str, ...]
    currency: str
    owned: Total
    groups: dict[int, Total]
    period: dict[int, Total]

    @property
    def difference(self) -> int:
        """Owned less the sum of the groups, in minor units: zero, or entries were lost."""
        return self.owned.amount - sum(total.amount for total in self.groups.values())


@dataclass(frozen=True, slots=True)
class Proof:
    """Rows over all files (`read` = booked + repeated + skipped + quarantined) and the lines of every leg."""

    read: int
    booked: int
    repeated: int
    skipped: int
    quarantined: int
    legs: tuple[LegLine, ...]


def prove(outcome: Outcome) -> Proof:
    """Return the proof of a run.

    Raises:
        ConservationError: when a file, a leg, a match or a finding does not foot. The message names it.
    """
    _prove_files(outcome)
    _prove_matches(outcome)
    _prove_findings(outcome)
    statements = outcome.statements
    copies = sum(file.rows for file in outcome.unread if file.status == COPY)
    strange = sum(file.rows for file in outcome.unread) - copies
    return Proof(
        read=sum(s.rows for s in statements) + copies + strange,
        booked=sum(s.booked_rows for s in statements),
        repeated=sum(s.repeated for s in statements) + copies,
        skipped=sum(len(s.skipped) for s in statements),
        quarantined=sum(quarantined_rows(s) for s in statements) + strange,
        legs=tuple(_prove_legs(outcome)),
    )


def _prove_files(outcome: Outcome) -> None:
    for statement in outcome.statements:
        placed = statement.booked_rows + statement.repeated + len(statement.skipped) + quarantined_rows(statement)
        if placed != statement.rows:
            raise ConservationError(f"{statement.file}: {statement.rows} rows read, {placed} accounted for")
    known = {statement.file for statement in outcome.statements}
    strange = sorted(set(outcome.entries["source_file"].unique()) - known)
    if strange:
        raise ConservationError(f"{strange[0]}: entries of a file that gave no statement")


def _prove_matches(outcome: Outcome) -> None:
    """Per match the weighted sum of what was applied and the residual is zero, and the residual is tolerated."""
    matches, members = outcome.matches, outcome.members
    number, member_of = (frame["match"].to_numpy(dtype=np.int64) for frame in (matches, members))
    size = max(int(column.max(initial=-1)) + 1 for column in (number, member_of))
    if min(int(column.min(initial=0)) for column in (number, member_of)) < 0:
        raise ConservationError("a match or a member has a number below zero")
    if (np.bincount(number, minlength=size) > 1).any():
        raise ConservationError("two matches carry one number")
    residual = matches["residual"].to_numpy(dtype=np.int64)
    weighted = members["weight"].to_numpy(dtype=np.int64) * members["applied"].to_numpy(dtype=np.int64)
    sums = sum_by(member_of, weighted, size)
    np.add.at(sums, number, residual)
    off = np.flatnonzero(sums)
    if len(off):
        raise ConservationError(f"match {off[0]} does not foot: off by {sums[off[0]]} minor units")
    if (np.abs(residual) > matches["tolerance"].fillna(0).to_numpy(dtype=np.int64)).any():
        raise ConservationError("a match has a residual above its tolerance")


def _prove_findings(outcome: Outcome) -> None:
    found = outcome.findings
    gap = found["actual"].to_numpy(dtype=np.int64) - found["expected"].to_numpy(dtype=np.int64)
    if not np.array_equal(gap, found["difference"].to_numpy(dtype=np.int64)):
        raise ConservationError("a finding's difference is not actual less expected")
    if found["break_id"].duplicated().any():
        raise ConservationError("two findings carry one id")
    owning = outcome.finding_rows[outcome.finding_rows["owned"].to_numpy(dtype=bool)]
    if not set(owning["leg"]) <= set(LEGS):
        raise ConservationError("a finding owns entries outside the legs")


def _prove_legs(outcome: Outcome) -> Iterator[LegLine]:
    keys, names = _accounts(outcome.entries)
    in_period = _in_period(outcome)
    nowhere = np.ones(len(outcome.entries), dtype=bool)
    for leg in LEGS:
        group = outcome.groups(leg)[0]
        nowhere &= group == 0
        owned = (group > 0) | (outcome.entries["side"] == _WHOLE_SIDE.get(leg, "")).to_numpy(dtype=bool)
        whole = _totals(keys, np.ones(len(keys), dtype=np.int8), outcome.entries, owned)
        groups = _totals(keys, group, outcome.entries, owned)
        period = _totals(keys, group, outcome.entries, owned & in_period)
        for key in sorted({key for key, _ in whole}):
            side, account, channels, currency = names[key]
            line = LegLine(
                leg, side, account, channels, currency, whole[key, 1],
                {code: groups.get((key, code), Total()) for code in GROUPS},
                {code: period.get((key, code), Total()) for code in GROUPS},
            )  # fmt: skip
            if line.difference or line.owned.count != sum(total.count for total in line.groups.values()):
                raise ConservationError(f"leg {leg}, {side} {account} {currency}: owned and placed differ")
            yield line
    if nowhere.any():
        lost = outcome.entries["entry_id"][int(np.flatnonzero(nowhere)[0])]
        raise ConservationError(f"{int(nowhere.sum())} entries stand in no leg; the first is {lost}")


def _accounts(entries: pd.DataFrame) -> tuple[Whole, list[tuple[str, str, tuple[str, ...], str]]]:
    """Number the (side, account, currency) of every entry, in the order of sides, then by text."""
    parts = [entries[name].cat for name in ("side", "account", "currency", "channel")]
    sizes = [max(len(part.categories), 1) for part in parts]
    packed = np.ravel_multi_index([part.codes.to_numpy().astype(np.int64) for part in parts], sizes)
    place, found = pd.factorize(packed)
    distinct = np.asarray(found, dtype=np.int64)
    words = [
        tuple(str(part.categories[code]) for part, code in zip(parts, np.unravel_index(value, sizes), strict=True))
        for value in distinct
    ]
    order = {side: number for number, side in enumerate(SIDES)}
    groups = sorted({word[:3] for word in words}, key=lambda word: (order.get(word[0], len(SIDES)), word))
    number = {word: at for at, word in enumerate(groups)}
    names = [
        (side, account, tuple(sorted(w[3] for w in words if w[:3] == (side, account, currency))), currency)
        for side, account, currency in groups
    ]
    keys: Whole = np.array([number[word[:3]] for word in words], dtype=np.int64)[place]
    return keys, names


def _in_period(outcome: Outcome) -> Mask:
    """Mark the entries of the run's month, by value date."""
    days = pa.array(outcome.entries["value_date"], type=pa.date32()).cast(pa.int32()).fill_null(-(2**31) + 1)
    day = days.to_numpy(zero_copy_only=False)
    first, last = month_days(outcome.period)
    mask: Mask = (day >= first) & (day <= last)
    return mask


def _totals(keys: Whole, codes: Codes, entries: pd.DataFrame, wanted: Mask) -> dict[tuple[int, int], Total]:
    """Sum the wanted entries per key and code, in integers."""
    width = len(GROUPS) + 1
    place = np.where(wanted, keys * width + codes, -1)
    amounts = entries["amount"].to_numpy(dtype=np.int64)
    size = int(place.max(initial=-1)) + 1
    counts, sums, sizes = count_by(place, size), sum_by(place, amounts, size), sum_by(place, np.abs(amounts), size)
    return {
        divmod(at, width): Total(int(counts[at]), int(sums[at]), int(sizes[at]))
        for at in np.flatnonzero(counts).tolist()
    }
