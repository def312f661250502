"""What the batch pass is given of an account and what it answers: plain arrays, no ledger."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from recon.money import Minor

PROVED, POOL, SUGGESTED, UNDECIDED = "proved", "pool", "suggested", "open"
#: The rules by which payouts get their rows, in the order in which they are tried.
KEY, DAY, CUTS, FOOTS, LATE, FEW, SUBSET = (
    "batch-key",
    "whole-day",
    "cut-chain",
    "run-foots",
    "late-row",
    "day-but-few",
    "subset",
)
_SECONDS = 86_400
NO_ROWS = np.empty(0, dtype=np.int64)


@dataclass(frozen=True)
class Stream:
    """One account and currency of one period: its rows and its payouts, in any order.

    net: minor units per row, as the balance moved; payouts, bounced payouts and their returns are left out.
    moment: seconds in the account's zone. day: settlement day number, printed or by `settlement_day`.
    amount: minor units paid out. paid_at: seconds; payouts of one moment have no order among them.
    earliest, latest: moments between which each payout's cut lies. first_day, last_day: days between which lies the
    last settlement day that it pays. key, payout_key: codes of the printed batch, -1 for none.
    opening: balance before the first row. held: what stays on the account after each payout; None: nothing.
    """

    net: Minor
    moment: np.ndarray
    day: np.ndarray
    amount: Minor
    paid_at: np.ndarray
    earliest: np.ndarray
    latest: np.ndarray
    first_day: np.ndarray
    last_day: np.ndarray
    key: np.ndarray | None = None
    payout_key: np.ndarray | None = None
    opening: int = 0
    held: Minor | None = None


@dataclass(frozen=True)
class Settled:
    """What became of one payout.

    rows: places in the stream; of a pool those of its whole group, of an open payout those that may be its. group: the
    first payout of those that share rows.
    ways: solutions counted, exactly up to 1,000, 1,001 for more or too many to count; of a run 2 stands for several.
    loose: rows of this payout or of its neighbours that amounts do not tell apart: equal ones, or pieces of sum zero.
    expected: accidents that a search had to expect, in millionths. gap: what the rows of a printed key, or of a stretch
    between two proved cuts that nothing explains, exceed their payouts by.
    """

    verdict: str = UNDECIDED
    basis: str = ""
    rule: str = ""
    rows: np.ndarray = field(default_factory=lambda: NO_ROWS)
    group: int = -1
    ways: int = 0
    loose: np.ndarray = field(default_factory=lambda: NO_ROWS)
    expected: int = 0
    gap: int = 0


@dataclass(frozen=True)
class Account:
    """All payouts of one stream.

    fee: what the channel keeps of each payout, minor units. rule: the class of hypotheses taken for the account, DAY or
    CUTS. broken: links of its chain that do not hold.
    """

    payouts: tuple[Settled, ...]
    fee: int = 0
    rule: str = ""
    broken: int = 0


def settlement_day(moment: np.ndarray, cut_off: int) -> np.ndarray:
    """Return the settlement day of each moment: from the cut-off (seconds after midnight) on it is the next day.

    Args:
        moment: seconds in the account's zone.
        cut_off: 82,800 for UnionPay's 23:00; 0 for midnight.
    """
    day: np.ndarray = (moment - cut_off) // _SECONDS + (cut_off > 0)
    return day
