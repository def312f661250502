"""Withdrawals from a wallet and their credits at the bank, with what goes wrong between the two.

A plan is a list of days; the amount of each withdrawal follows from the balance that the wallet has by then.
No two withdrawals of a plan have the same amount, except where that is the plant.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np

from recon.samples.columns import Times
from recon.samples.dice import Dice, Ints
from recon.samples.statement import BankRow
from recon.samples.truth import PAYOUTS, Finding, Truth

Column = Literal["payment_ref", "batch_ref"]
SHORT: Final = 500
"""Minor units that a credit lacks where it differs from its withdrawal."""


@dataclass(frozen=True)
class Plan:
    """One withdrawal: its day, the day of its credit (none: never credited), and what it is to show.

    `role`: `` (matched), missing, short, late, twin (the amount of the one before), first (its twin follows),
    stranger (credited in the name of somebody else), returned (comes back after three days), again (the returned
    one once more), inside or beyond (in transit; `due` is its last day).
    """

    day: str
    credit: str = ""
    role: str = ""
    due: str = ""
    severity: str = "medium"


@dataclass(frozen=True)
class Payout:
    """A withdrawal as it was made; amount in minor units, above zero."""

    at: np.datetime64
    number: str
    amount: int
    plan: Plan


@dataclass(frozen=True)
class Payer:
    """How the bank prints the wallet's payer."""

    name: str
    summary: str
    purpose: str = ""
    account: str = ""


@dataclass
class Amounts:
    """Withdrawal amounts that are still free: equal amounts would be several candidates for one credit."""

    taken: set[int] = field(default_factory=set)

    def free(self, wanted: int) -> int:
        """The wanted amount, or the next lower one that no row has."""
        while wanted in self.taken:
            wanted -= 1
        self.taken.add(wanted)
        return wanted


def draw(
    plans: Sequence[Plan],
    times: Times,
    amounts: Ints,
    opening: int,
    *,
    prefix: str,
    digits: int = 15,
    free: Amounts,
    dice: Dice,
) -> list[Payout]:
    """Make the withdrawals of a plan.

    Args:
        plans: in order of their days; withdrawals are made at 09:00 and some minutes.
        times: when the other rows of the wallet happen, ascending.
        amounts: what they move, minor units.
        opening: the wallet's balance before the first row.
        prefix: put between the day and the serial of a withdrawal number.
        digits: how long that serial is.
        free: amounts taken so far, over all wallets of the case.
        dice: for serials and amounts.

    Raises:
        ValueError: the wallet has not enough money on one of the days.
    """
    made: list[Payout] = []
    paid = 0
    for position, plan in enumerate(plans):
        at = np.datetime64(f"{plan.day}T09:{dice.one(10, 59)}:{dice.one(10, 59)}", "s")
        balance = opening + int(amounts[: np.searchsorted(times, at)].sum()) - paid
        amount = made[-1].amount if plan.role in {"twin", "again"} else free.free(balance * dice.one(18, 25) // 100)
        if not 0 < amount <= balance:
            raise ValueError(f"a withdrawal of {amount} on {plan.day} from a balance of {balance}")
        serial = 10 ** (digits - 1) + dice.one(0, 10 ** (digits - 5) - 1) * 100 + position
        made.append(Payout(at, f"{plan.day.replace('-', '')}{prefix}{serial}", amount, plan))
        paid += 0 if plan.role == "returned" else amount
    return made


def arrivals(payouts: Sequence[Payout], payer: Payer, stranger: str) -> list[BankRow]:
    """The bank's rows for the withdrawals that arrive."""
    rows = []
    for position, payout in enumerate(payouts):
        if not payout.plan.credit:
            continue
        at = f"{payout.plan.credit} 10:{10 + position}:05"
        if payout.plan.role == "stranger":
            rows.append(BankRow(at, payout.amount, "汇入", "货款", stranger))
            continue
        amount = payout.amount - SHORT if payout.plan.role == "short" else payout.amount
        rows.append(BankRow(at, amount, payer.summary, payer.purpose, payer.name, payer.account))
    return rows


def judge(payouts: Sequence[Payout], truth: Truth, column: Column) -> None:
    """Note what the withdrawals must lead to; `column` is where the channel's own number of a withdrawal stands."""
    for position, payout in enumerate(payouts):
        role, amount, ref = payout.plan.role, payout.amount, (payout.number,)
        severity = payout.plan.severity
        if role == "missing":
            truth.finds(_found("missing_payout", severity, (amount, 0), ref, column))
        elif role == "short":
            truth.finds(_found("payout_mismatch", severity, (amount, amount - SHORT), ref, column))
        elif role == "late":
            truth.finds(_found("late_settlement", "info", (amount, amount), ref, column))
        elif role == "twin":
            both = (payouts[position - 1].number, payout.number)
            truth.finds(_found("ambiguous", severity, (2 * amount, amount), both, column, "equal_amounts"))
        elif role == "stranger":
            truth.finds(_found("suggested", "low", (amount, amount), ref, column, "equal_amounts"))
        elif role in {"inside", "beyond"}:
            reason = "inside the window" if role == "inside" else "beyond the files"
            number = payout.number if column == "payment_ref" else ""
            truth.payout_waits(reason, amount, number, payout.plan.due)


def cutoff(payouts: Sequence[Payout], truth: Truth, month: str, column: Column) -> None:
    """Note the withdrawals made up to the end of `month` (`2026-09`) and credited after it."""
    over = [p for p in payouts if p.plan.credit and p.plan.day[:7] <= month < p.plan.credit[:7]]
    total = sum(p.amount for p in over)
    if over:
        numbers = tuple(p.number for p in over)
        truth.finds(_found("cutoff", "info", (total, total), numbers, column, "settlement_delay"))


def _found(
    code: str, severity: str, sums: tuple[int, int], numbers: tuple[str, ...], column: Column, cause: str = ""
) -> Finding:
    payment, batch = (numbers, ()) if column == "payment_ref" else ((), numbers)
    return Finding(code, PAYOUTS, severity, *sums, payment_ref=payment, batch_ref=batch, cause=cause)
