"""Disputes and their returns, netted before any pass and by explicit number only.

A chargeback is known by its case number, else by the payment's number, else by the order's. Its own fees are the
charges of its source row, and those that name a dispute and carry one of its numbers; the fee of the payment is none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from recon.ledger.disputes import Dispute
from recon.ledger.outcome import ORDER_GATEWAY
from recon.ledger.view import GATEWAY, KIND, View
from recon.matching.frames import Frames, few
from recon.money import format_amount

_NUMBERS = ("refund_ref", "payment_ref", "order_ref")
_CHARGES = tuple(KIND[k] for k in ("fee", "commission", "tax", "adjustment"))
_NAMED = re.compile(r"拒付|争议|(?i:chargeback|dispute)")


def find_disputes(view: View, usable: np.ndarray) -> list[Dispute]:
    """Return the disputes of all gateways, in the order of their first row.

    Args:
        view: the ledger.
        usable: entries that count, up to as_of.
    """
    rows = np.flatnonzero(usable & (view.side == GATEWAY) & (view.kind == KIND["chargeback"]))
    cases: dict[tuple[int, int, str, int], list[int]] = {}
    for row in rows.tolist():
        scope = int(view.account[row]), int(view.currency[row])
        cases.setdefault((*scope, *_number(view, row)), []).append(row)
    found = list(cases.values())
    if not found:
        return []
    money = usable & (view.side == GATEWAY)
    near = _sharing(view, rows, np.flatnonzero(money))
    payments = near[view.kind[near] == KIND["payment"]]
    fees = _own_fees(view, found, np.flatnonzero(money & np.isin(view.kind, _CHARGES)), near)
    return [_dispute(view, mine, fees[n], payments) for n, mine in enumerate(found)]


def _number(view: View, row: int) -> tuple[str, int]:
    """The first number that a dispute carries, and of which kind; without any it stands for itself."""
    numbered = ((name, int(view.codes(name)[0][row])) for name in _NUMBERS)
    return next(((name, code) for name, code in numbered if code >= 0), ("row", row))


def _dispute(view: View, rows: Sequence[int], fees: Sequence[int], payments: np.ndarray) -> Dispute:
    mine = payments[view.account[payments] == view.account[rows[0]]]
    return Dispute(
        rows=tuple(rows),
        fees=tuple(sorted(fees)),
        payments=tuple(_sharing(view, np.array(rows), mine).tolist()),
        amount=int(view.amount[list(rows)].sum()),
        day=int(view.day[list(rows)].max()),
    )


def _own_fees(view: View, cases: Sequence[Sequence[int]], charges: np.ndarray, near: np.ndarray) -> list[list[int]]:
    """The fees of each case: those of its source rows, then those that name a dispute and share a number.

    charges: all charges. near: rows that share a number with some dispute.
    """
    file, line = view.entries["source_file"].cat.codes.to_numpy(), view.entries["source_row"].to_numpy()
    case_of = {(int(file[row]), int(line[row])): n for n, rows in enumerate(cases) for row in rows}
    fees: list[list[int]] = [[] for _ in cases]
    beside = charges[np.isin(line[charges], sorted({at for _, at in case_of}))]
    for row in beside.tolist():
        case = case_of.get((int(file[row]), int(line[row])))
        if case is not None:
            fees[case].append(row)
    left = near[np.isin(view.kind[near], _CHARGES) & ~np.isin(near, [row for mine in fees for row in mine])]
    texts = zip(view.texts("detail", left), view.texts("memo", left), strict=True)
    named = left[[any(_NAMED.search(word) for word in words) for words in texts]] if len(left) else left
    for case, rows in enumerate(cases):
        mine = _sharing(view, np.array(rows), named[view.account[named] == view.account[rows[0]]])
        fees[case] += mine.tolist()
        named = np.setdiff1d(named, mine)
    return fees


def _sharing(view: View, rows: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Rows that carry a payment number or order number of a dispute, in order."""
    shares = np.zeros(len(others), dtype=bool)
    for name in ("payment_ref", "order_ref"):
        code = view.codes(name)[0]
        wanted = np.unique(code[rows])
        shares |= np.isin(code[others], wanted[wanted >= 0])
    return others[shares]


def of_disputes(size: int, disputes: Sequence[Dispute]) -> np.ndarray:
    """Mark the entries that disputes hold: no pass of the order leg and no fee rule looks at them."""
    held = np.zeros(size, dtype=bool)
    held[[row for one in disputes for row in (*one.rows, *one.fees)]] = True
    return held


def dispute_matches(view: View, disputes: Sequence[Dispute], lang: str) -> Frames:
    """Return the matches of disputes that were won: the chargeback and its return; the fee stays a cost."""
    won = [one for one in disputes if one.won]
    texts = [_words(view, one, lang) for one in won]
    members = [(n, row, 1) for n, one in enumerate(won) for row in (*one.rows, *one.fees)]
    along = {row: 0 for one in won for row in one.fees}
    facts = [("dispute_won", "key", "proved", one.day) for one in won]
    return few(view, ORDER_GATEWAY, facts, texts, members, "", applied=along)


def _words(view: View, one: Dispute, lang: str) -> str:
    currency = view.currencies[view.currency[one.rows[0]]]
    taken = format_amount(int(np.abs(view.amount[list(one.rows)]).sum()) // 2, currency)
    fee = format_amount(int(view.amount[list(one.fees)].sum()), currency) if one.fees else ""
    if lang == "zh":
        return f"拒付 {taken} 已退回，互相抵销" + (f"；费用 {fee}" if fee else "")
    return f"disputed {taken} came back, nets to zero" + (f"; fee {fee}" if fee else "")
