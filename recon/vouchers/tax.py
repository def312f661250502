"""Output VAT inside amounts that include it, split so that every way of summing gives the same books.

Parts of one order are split on their running total: the net booked so far is that of the sum so far. So a deposit and
a balance, or refunds in three parts, add up to exactly the net and tax of the whole (no fen is left over).
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from recon.money import split_tax_all

_WIDEST = 2**62


def sorted_by(key: np.ndarray, day: np.ndarray, row: np.ndarray) -> np.ndarray:
    """Return the positions that sort by key, then day, then row; where the three fit in one whole number, by that."""
    if not len(key):
        return np.array([], dtype=np.int64)
    lows = [int(column.min()) for column in (key, day, row)]
    spans = [int(column.max()) - low + 1 for column, low in zip((key, day, row), lows, strict=True)]
    if spans[0] * spans[1] * spans[2] > _WIDEST:
        return np.lexsort((row, day, key))
    code = ((key.astype(np.int64) - lows[0]) * spans[1] + (day - lows[1])) * spans[2] + (row - lows[2])
    return np.argsort(code, kind="stable")


def running_net(
    key: np.ndarray, day: np.ndarray, row: np.ndarray, gross: np.ndarray, rate: np.ndarray, rates: tuple[Fraction, ...]
) -> np.ndarray:
    """Return the net part of each amount.

    Args:
        key: what is split as one: the order, or the voucher.
        day: parts of one key follow each other by day,
        row: then by position in the ledger.
        gross: minor units including tax.
        rate: code of the rate of each amount.
        rates: the rates as fractions.
    """
    order = sorted_by(key, day, row)
    amount = gross[order]
    total = np.cumsum(amount)
    starts = np.flatnonzero(np.diff(key[order], prepend=key[order][:1] - 1)) if len(key) else order
    before = np.repeat(total[starts] - amount[starts], np.diff(np.append(starts, len(key))))
    after = total - before
    net = np.empty(len(key), dtype=np.int64)
    for code, fraction in enumerate(rates):
        mine = rate[order] == code
        until, since = after[mine], after[mine] - amount[mine]
        net[order[mine]] = split_tax_all(until, fraction * 100)[0] - split_tax_all(since, fraction * 100)[0]
    return net
