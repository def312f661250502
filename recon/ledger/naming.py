"""Accounts that texts name: the wallet on a bank line, by number or name; the bank account on a payout, by its tail."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from recon.ledger.view import GATEWAY, View

#: Shorter ones stand in too many texts by accident: a name, and a number of digits only (a date has eight).
_SHORTEST_NAME, _SHORTEST_NUMBER = 4, 9
_TAIL = re.compile(r"(?:尾号|\*{2,}|(?i:ending(?: in)?))\s*(?P<tail>\d{4})(?!\d)")


def wallets_named(view: View, rows: np.ndarray, text: pa.Array) -> dict[int, frozenset[int]]:
    """Return bank row -> codes of the gateway accounts that its text names; rows that name none are left out.

    The number that a file prints for its account, or the name that recon.yaml gives it, must stand as a word of its
    own, in capitals or not: 1900000109 is not named by 21900000109.

    Args:
        view: the ledger.
        rows: positions of bank rows.
        text: their texts, NFKC.
    """
    found: dict[int, set[int]] = {}
    for account in np.unique(view.account[view.side == GATEWAY]).tolist():
        name = unicodedata.normalize("NFKC", view.accounts[account].split(":", 1)[1])
        if len(name) < (_SHORTEST_NUMBER if name.isdigit() else _SHORTEST_NAME) or name.endswith(":default"):
            continue
        word = rf"(?i)(?:^|[^0-9A-Za-z]){re.escape(name)}(?:$|[^0-9A-Za-z])"
        for n in np.flatnonzero(pc.match_substring_regex(text, word).to_numpy(zero_copy_only=False)):
            found.setdefault(int(rows[n]), set()).add(account)
    return {row: frozenset(accounts) for row, accounts in found.items()}


def printed_tails(view: View, rows: Sequence[int]) -> frozenset[str]:
    """Return the last four digits of the bank accounts that payout rows print (尾号1234, ****1234)."""
    places = np.array(rows, dtype=np.int64)
    words = " ".join((*view.texts("memo", places), *view.texts("counterparty_account", places)))
    return frozenset(found["tail"] for found in _TAIL.finditer(words))
