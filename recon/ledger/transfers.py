"""What should reach the bank and how each transfer and each bank line ended up."""

from __future__ import annotations

from dataclasses import dataclass, field

#: How a tie ended: matched and late are proved; the others are findings or still open. Converted: tied by number, and
#: what came in another currency is not what the stated rate gives. Astray: it came into another bank account.
MATCHED, LATE, MISMATCH, AMBIGUOUS, SUGGESTED, CANDIDATE, RETURNED, CONVERTED, ASTRAY = (
    "matched",
    "late",
    "mismatch",
    "ambiguous",
    "suggested",
    "candidate",
    "returned",
    "converted",
    "astray",
)
#: What became of payouts of a sweep that make no match: several sets of lines are as good, the lines do not add up,
#: or it cannot be told yet.
OPEN, GAP, WAITS = "open", "gap", "waits"


@dataclass(frozen=True, slots=True)
class Transfer:
    """Money on its way from a gateway account to the bank.

    rows: positions of the entries that stand for it: the payout row, or all lines of the days or batch whose foot is
    the payout where the account has no payout rows. amount: minor units that the bank should receive, positive; below
    zero a withdrawal that came back, or a batch that the bank takes back.
    day, early, due: day numbers. numbers: texts that would name it at the bank. form: `payout`, `day` or `batch`.
    """

    rows: tuple[int, ...]
    account: int
    family: int
    currency: int
    amount: int
    day: int
    early: int
    due: int
    numbers: tuple[str, ...]
    form: str


@dataclass(frozen=True, slots=True)
class Tie:
    """Transfers and bank rows that belong together, or might.

    how: one of the words above. rule, basis, verdict: as in matches.csv. count: candidates or assignments counted.
    value: what the transfers are worth in the currency of the credits, minor units, where that is another one.
    """

    how: str
    transfers: tuple[int, ...]
    credits: tuple[int, ...]
    rule: str
    basis: str
    verdict: str
    count: int = 1
    value: int | None = None


@dataclass(frozen=True)
class BankLeg:
    """The leg gateway-bank.

    credits and debits are positions of bank rows. `named`: bank row -> family codes its text names. `known`: bank row
    -> reason by which its text excludes it. `before`: credits of days before the account's first covered day.
    `cleared`: open transfer -> day after as_of on which its credit comes. `doubled`: open rows that repeat a matched
    credit, its number included.
    """

    transfers: tuple[Transfer, ...]
    ties: tuple[Tie, ...]
    open_transfers: tuple[int, ...]
    open_rows: tuple[int, ...]
    named: dict[int, frozenset[int]]
    known: dict[int, str]
    before: dict[int, str]
    carried: tuple[int, ...]  # rows of feet that are not positive yet: carried on
    homes: dict[int, frozenset[int]]  # wallet account -> bank accounts that received its proved payouts
    cleared: dict[int, int] = field(default_factory=dict)
    doubled: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Batch:
    """One payout, or a pool of them, and its lines, their sums in minor units.

    key: the printed batch number; empty for lines without one and for payouts that the batch pass settled. verdict:
    proved, pool, suggested, OPEN, GAP or WAITS. ways: how many sets of lines were counted. fee: what the channel keeps
    of the payouts. loose: lines at its cuts that amounts cannot tell from those of a neighbouring payout.
    """

    key: str
    account: int
    currency: int
    payouts: tuple[int, ...]
    lines: tuple[int, ...]
    paid_out: int  # minus the payout rows
    footed: int  # sum of the lines
    day: int
    due: int
    rule: str = "by-batch"
    basis: str = "key"
    verdict: str = "proved"
    ways: int = 1
    fee: int = 0
    loose: int = 0

    @property
    def agreed(self) -> bool:
        """Whether lines and payouts make a match; a settlement whose lines carry all of it on needs no payout."""
        foots = self.paid_out + self.fee == self.footed
        whole = bool(self.payouts) or bool(self.key and len(self.lines) > 1)
        return whole and foots and self.verdict in ("proved", "pool")
