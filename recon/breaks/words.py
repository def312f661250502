"""The words in which a part of a key is decided, as small integers (arrays of a million keys stay small).

"" agrees or is not there; "T:reason" waits; "X:reason" is left out; "along" goes with the finding of the payment part;
any other word is a break code.
"""

from __future__ import annotations

import numpy as np

INSIDE = "inside the window"
BEYOND = "beyond the files"
NOT_DUE = "not due"
PART_PAID = "part paid"
OLDER = "order file older than the money"
UNPROVEN = "file unproven"
NO_FILE = "no file of the other side"
WRONG_KEY = "wrong key"

UNDECIDED = "?"
ALONG = "along"
WORDS = (
    UNDECIDED,
    "",
    ALONG,
    *("T:" + r for r in (INSIDE, BEYOND, NOT_DUE, PART_PAID, OLDER, UNPROVEN, NO_FILE, WRONG_KEY)),
    *("X:" + r for r in ("unpaid", "zero amount", "no reference", "other tender")),
    "wrong_account",
    "duplicate_payment",
    "status_mismatch",
    "unknown_payment",
    "missing_payment",
    "amount_mismatch",
    "duplicate_refund",
    "excess_refund",
    "unknown_refund",
    "missing_refund",
    "subsidy_mismatch",
    "fx_difference",
    "ambiguous",
    "suggested",
)
W = {word: np.int8(n) for n, word in enumerate(WORDS)}
IN_TRANSIT = np.array([w.startswith("T:") for w in WORDS])
LEFT_OUT = np.array([w.startswith("X:") for w in WORDS])
BREAKS = tuple(w for w in WORDS[3:] if w[:2] not in ("T:", "X:"))


def transit(reason: str) -> np.int8:
    """The code of a reason to wait."""
    return W["T:" + reason]
