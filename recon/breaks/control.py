"""The control trade-cash: two bills of one account tell the same money; it owns no entries.

By row where both print the number: in one bill only `settlement_gap`, another amount `amount_mismatch`, another fee
`fee_mismatch`. Kinds that only one book ever shows are left out, and so are numbers within a day of the edge of the
days that both books cover. Where the cash book shows a batch of lines in one row, the lines add up to it, else it is a
`settlement_gap` of the batch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from recon.breaks.finding import Finding
from recon.breaks.phrases import say
from recon.ledger.outcome import TRADE_CASH
from recon.ledger.parts import count_by, sum_by
from recon.ledger.view import BOOK, GATEWAY, KIND, View
from recon.money import format_amount
from recon.timing import Coverage

#: The tax on a fee too: one bill prints it beside the fee, the other inside (Stripe).
_FEES = (KIND["fee"], KIND["commission"], KIND["tax"])


@dataclass(frozen=True)
class _Book:
    amount: np.ndarray
    count: np.ndarray


def trade_cash(
    view: View,
    books: Mapping[str, Coverage],
    unproven: Mapping[str, Sequence[tuple[int, int]]],
    usable: np.ndarray,
    lang: str,
) -> list[Finding]:
    """Return the findings of the control.

    Args:
        view: the ledger.
        books: coverage per "account#trade" and "account#cash".
        unproven: account -> spans of days (first, last) of files that do not foot; what they lack is their symptom.
        usable: entries of proven files up to as_of.
        lang: zh or en.
    """
    found: list[Finding] = []
    number, words = view.codes("payment_ref")
    for code, name in enumerate(view.accounts):
        if f"{name}#trade" not in books or f"{name}#cash" not in books:
            continue
        mine = usable & (view.account == code) & (view.side == GATEWAY) & (number >= 0)
        both = _inside(view.day, books[f"{name}#trade"], books[f"{name}#cash"])
        for first, last in unproven.get(name, ()):
            both &= (view.day < first - 1) | (view.day > last + 1)
        rows = np.flatnonzero(mine)
        distinct, key = np.unique(number[rows], return_inverse=True)
        clear = np.ones(len(distinct), dtype=bool)
        clear[key[~both[rows]]] = False
        found += _compare(view, rows, key, clear, words.take(pa.array(distinct)), lang)
        of_account = usable & (view.account == code) & (view.side == GATEWAY)
        found += _batches(view, np.flatnonzero(of_account), both, lang)
    return found


def _batches(view: View, rows: np.ndarray, both: np.ndarray, lang: str) -> list[Finding]:
    """Batches whose lines in the trade book do not add up to what the cash book shows of them, payouts apart."""
    code, words = view.codes("batch_ref")
    rows = rows[(code[rows] >= 0) & (view.kind[rows] != KIND["payout"])]
    cash, trade = (view.book[rows] == BOOK[book] for book in ("cash", "trade"))
    if not (cash.any() and trade.any()):
        return []
    distinct, key = np.unique(code[rows], return_inverse=True)
    sums = [sum_by(np.where(mine, key, -1), view.amount[rows], len(distinct)) for mine in (trade, cash)]
    clear = np.ones(len(distinct), dtype=bool)
    clear[key[~both[rows]]] = False
    found = []
    for n in np.flatnonzero(clear & (sums[0] != sums[1])).tolist():
        pair = int(sums[0][n]), int(sums[1][n])
        number = words[int(distinct[n])].as_py()
        found.append(_finding(view, rows[key == n], "settlement_gap", "trade_batch", number, pair, lang))
    return found


def _inside(day: np.ndarray, one: Coverage, other: Coverage) -> np.ndarray:
    """Days that both books cover, and whose next day both cover too (one day's slack)."""
    inside: np.ndarray = one.covers(day, day + 1) & other.covers(day, day + 1)
    return inside


def _book(view: View, rows: np.ndarray, key: np.ndarray, size: int, book: str, kinds: tuple[int, ...]) -> _Book:
    chosen = np.where((view.book[rows] == BOOK[book]) & np.isin(view.kind[rows], kinds), key, -1)
    return _Book(sum_by(chosen, view.amount[rows], size), count_by(chosen, size))


def _compare(
    view: View, rows: np.ndarray, key: np.ndarray, clear: np.ndarray, numbers: pa.Array, lang: str
) -> list[Finding]:
    found: dict[int, Finding] = {}
    size = len(numbers)
    by_key = rows[np.argsort(key, kind="stable")]
    bounds = np.r_[0, np.cumsum(np.bincount(key, minlength=size))]
    # Payments before refunds before fees: the first finding of a number names its cause, a fee is its symptom.
    for kinds, form in (((KIND["payment"],), "move"), ((KIND["refund"],), "move"), (_FEES, "fee")):
        trade, cash = (_book(view, rows, key, size, book, kinds) for book in ("trade", "cash"))
        if not trade.count.any() or not cash.count.any():
            continue
        one_only = (trade.count > 0) != (cash.count > 0)
        # A fee of 0.00 has no row in the fund bill.
        differs = trade.amount != cash.amount
        for n in np.flatnonzero(clear & differs).tolist():
            code, phrase = _code(form, one_only=bool(one_only[n]))
            if n in found:
                found[n] = _with_symptom(found[n], code)
                continue
            of_key = by_key[bounds[n] : bounds[n + 1]]
            sums = int(trade.amount[n]), int(cash.amount[n])
            found[n] = _finding(view, of_key, code, phrase, numbers[n].as_py(), sums, lang)
    return [found[n] for n in sorted(found)]


def _code(form: str, *, one_only: bool) -> tuple[str, str]:
    if form == "fee":
        return "fee_mismatch", "trade_fee"
    return ("settlement_gap", "trade_gap") if one_only else ("amount_mismatch", "trade_amount")


def _with_symptom(finding: Finding, code: str) -> Finding:
    return replace(finding, symptoms=(*finding.symptoms, code)) if code != finding.code else finding


def _finding(
    view: View, rows: np.ndarray, code: str, phrase: str, number: str, sums: tuple[int, int], lang: str
) -> Finding:
    currency = view.currencies[view.currency[rows[0]]]
    trade, cash = sums
    shown = {"expected": format_amount(trade, currency), "actual": format_amount(cash, currency)}
    return Finding(
        code=code,
        leg=TRADE_CASH,
        owned=(),
        linked=tuple(sorted(int(r) for r in rows)),
        expected=trade,
        actual=cash,
        currency=currency,
        explanation=say(lang, phrase, ref=number, **shown),
    )
