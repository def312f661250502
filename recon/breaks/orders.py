"""The order leg after matching: for each key and part, does it wait, is it left out, or which break is it?

A decision per part is a word: "" (agrees, or nothing there), "T:reason" (in transit), "X:reason" (excluded), a break
code, or "along" (it goes with the finding of the payment part). First by precedence wins.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from recon.breaks.order_cover import Waits
from recon.breaks.words import (
    ALONG,
    BREAKS,
    IN_TRANSIT,
    INSIDE,
    LEFT_OUT,
    NOT_DUE,
    OLDER,
    PART_PAID,
    UNDECIDED,
    W,
    transit,
)
from recon.ledger.days import NO_DAY
from recon.ledger.parts import (
    ESCROW,
    PAYMENT,
    PLAIN,
    REFUND,
    RIVAL,
    SUBORDER,
    SUBSIDY,
    SUGGEST,
    UNPRICED,
    WAIT,
    Parts,
    count_by,
)
from recon.ledger.view import AFTER_SALE, GATEWAY, KIND, STATE, View


@dataclass(frozen=True)
class Decisions:
    """Per key: the decision of each part and the due day of what waits (payment, refund).

    `named`: what a refund would have been that goes along with the payment because one cause explains both, else "".
    """

    payment: np.ndarray
    refund: np.ndarray
    subsidy: np.ndarray
    due: np.ndarray
    refund_due: np.ndarray
    named: np.ndarray

    def of(self, part: int) -> np.ndarray:
        """The decisions of one part."""
        return {PAYMENT: self.payment, REFUND: self.refund, SUBSIDY: self.subsidy}[part]


def decide(view: View, parts: Parts, waits: Waits, converted: np.ndarray) -> Decisions:
    """Decide every part of every key.

    Args:
        view: the ledger.
        parts: the comparison.
        waits: why each key still waits.
        converted: per entry, whether its money changed its currency on the way.
    """
    exchanged = count_by(np.where(converted, parts.group, -1), len(parts)) > 0
    payment = _payments(view, parts, waits.payment, exchanged)
    refund = _refunds(view, parts, payment, waits.refund, exchanged)
    subsidy = _subsidies(parts, payment, waits.payment)
    _strays(parts, payment, refund, subsidy, waits.order)
    named = _same_cause(parts, payment, refund)
    lost = ~parts.sums.has_order
    return Decisions(
        payment=payment,
        refund=refund,
        subsidy=subsidy,
        due=np.where(lost, waits.order_due, parts.times.due),
        refund_due=np.where(lost, waits.order_due, parts.times.refund_due),
        named=named,
    )


def _set(target: np.ndarray, mask: np.ndarray, value: np.int8 | np.ndarray) -> None:
    """Fill what is still undecided."""
    free = mask & (target == W[UNDECIDED])
    target[free] = value[free] if isinstance(value, np.ndarray) else value


#: Payments of which nothing has come, whatever is known of where it may be.
_UNPAID = [W[word] for word in ("missing_payment", "ambiguous", "suggested")]


def _set_loose(target: np.ndarray, mask: np.ndarray, parts: Parts) -> None:
    """What amount and day say of keys that no number ties: one candidate, several, or some window is still open."""
    for fate, word in ((RIVAL, W["ambiguous"]), (SUGGEST, W["suggested"]), (WAIT, transit(INSIDE))):
        _set(target, mask & parts.loose.keys_of(fate), word)


def _payments(view: View, parts: Parts, waits: np.ndarray, exchanged: np.ndarray) -> np.ndarray:
    s = parts.sums
    decision = np.full(len(parts), W[UNDECIDED], dtype=np.int8)
    closed = np.isin(s.state, [STATE["unpaid"], STATE["closed"]])
    no_money = (s.payments == 0) & (s.refunds == 0) & (s.granted == 0)
    nothing_sold = (s.sale == 0) & (s.refunded == 0) & (s.subsidised == 0)
    _set(decision, ~s.has_order, W[""])
    _set(decision, parts.astray, W["wrong_account"])
    _set(decision, no_money & nothing_sold, np.where(closed, W["X:unpaid"], W["X:zero amount"]))
    _set(decision, no_money & closed & (s.comparison == PLAIN) & (s.sale + s.refunded == 0), W["X:unpaid"])
    _set(decision, parts.payment_ok, W[""])
    _set(decision, closed & (s.sale == 0) & (s.refunded == 0), W["status_mismatch"])
    none = s.payments == 0
    disputed = (s.comparison == SUBORDER) & (s.after_sale == AFTER_SALE["open"])
    _set(decision, none & disputed, transit(NOT_DUE))
    _set(decision, none & (waits != W[""]), waits)
    _set_loose(decision, none, parts)
    _set(decision, none, W["missing_payment"])
    _set(decision, (s.comparison == ESCROW) & ~s.released_known, transit(OLDER))
    _set(decision, (s.paid > s.expect_paid) & (_payment_numbers(view, parts) > 1), W["duplicate_payment"])
    short = s.paid < s.expect_paid
    _set(decision, short & np.isin(waits, [transit(INSIDE), transit(NOT_DUE)]), transit(PART_PAID))
    _set(decision, short & (waits != W[""]), waits)
    _set(decision, exchanged, W["fx_difference"])
    _set(decision, decision == W[UNDECIDED], W["amount_mismatch"])
    return decision


def _payment_numbers(view: View, parts: Parts) -> np.ndarray:
    """Distinct payment numbers of keys with several payments; a payment without a number counts by itself."""
    rows = np.flatnonzero((parts.group >= 0) & (view.side == GATEWAY) & (view.kind == KIND["payment"]))
    rows = rows[parts.sums.payments[parts.group[rows]] > 1]
    code, _ = view.codes("payment_ref")
    number = np.where(code[rows] >= 0, code[rows], code.max(initial=0) + 1 + rows)
    pairs = np.unique(np.stack([parts.group[rows], number]), axis=1) if len(rows) else np.zeros((2, 0), dtype=np.int64)
    return np.bincount(pairs[0], minlength=len(parts))


def _refunds(view: View, parts: Parts, payment: np.ndarray, waits: np.ndarray, exchanged: np.ndarray) -> np.ndarray:
    s = parts.sums
    decision = np.full(len(parts), W[UNDECIDED], dtype=np.int8)
    none = s.refunds == 0
    _set(decision, ~s.has_order, W[""])
    _set(decision, np.isin(payment, [W["wrong_account"], W["status_mismatch"]]), W[ALONG])
    _set(decision, LEFT_OUT[payment], payment)
    _set(decision, parts.refund_ok, W[""])
    open_case = s.after_sale == AFTER_SALE["open"]
    _set(decision, none & IN_TRANSIT[payment], payment)
    _set(decision, none & np.isin(payment, _UNPAID), W[ALONG])
    _set(decision, none & open_case, transit(NOT_DUE))
    _set(decision, none & (waits != W[""]), waits)
    _set_loose(decision, none, parts)
    _set(decision, none, W["missing_refund"])
    _set(decision, (s.comparison == ESCROW) & ~s.released_known, transit(OLDER))
    under = s.returned > s.expect_returned
    _set(decision, under & open_case, transit(NOT_DUE))
    _set(decision, under & (waits != W[""]), waits)
    _set(decision, under, np.where(exchanged, W["fx_difference"], W["amount_mismatch"]))
    _set(decision, _doubled(view, parts), W["duplicate_refund"])
    # Money that may lie in files that are not there yet counts as received.
    received = np.where(IN_TRANSIT[payment], np.maximum(s.paid, s.expect_paid), s.paid) + s.granted
    _set(decision, -s.returned > received, W["excess_refund"])
    _set(decision, open_case, transit(NOT_DUE))  # the list will show the refund once the case is closed
    _set(decision, (s.expect_returned == 0) & (s.after_sale <= AFTER_SALE["none"]), W["unknown_refund"])
    _set(decision, exchanged, W["fx_difference"])
    _set(decision, decision == W[UNDECIDED], W["amount_mismatch"])
    return decision


def _same_cause(parts: Parts, payment: np.ndarray, refund: np.ndarray) -> np.ndarray:
    """Let a refund go along whose difference explains that of the payment to the fen; return what it would have been.

    So a payment that was made twice and given back once is one finding.
    """
    s = parts.sums
    over, back = s.paid - s.expect_paid, s.returned - s.expect_returned
    both = np.isin(payment, [W["duplicate_payment"], W["amount_mismatch"]]) & np.isin(refund, [W[c] for c in BREAKS])
    same = both & s.has_order & (over != 0) & (np.abs(over) == np.abs(back))
    named = np.where(same, refund, W[""])
    refund[same] = W[ALONG]
    return named


def _doubled(view: View, parts: Parts) -> np.ndarray:
    """Keys whose refunds agree without one that doubles another (equal amount, or the same case number twice).

    Where the order prints no amount: the same case number twice, or refunds above the payments with one doubled.
    """
    s = parts.sums
    rows = np.flatnonzero((parts.group >= 0) & (view.side == GATEWAY) & (view.kind == KIND["refund"]))
    rows = rows[(s.refunds[parts.group[rows]] > 1) & ~parts.refund_ok[parts.group[rows]]]
    found = np.zeros(len(parts), dtype=bool)
    case, _ = view.codes("refund_ref")
    rows = rows[np.argsort(parts.group[rows], kind="stable")]
    starts = np.flatnonzero(np.diff(parts.group[rows], prepend=-1))
    for mine in np.split(rows, starts[1:]) if len(rows) else ():
        group = parts.group[mine[0]]
        amounts = view.amount[mine].tolist()
        repeated = sorted({a for a in amounts if amounts.count(a) > 1})
        cases = case[mine][case[mine] >= 0].tolist()
        if s.comparison[group] in UNPRICED:
            above = -s.returned[group] > s.paid[group] + s.granted[group]
            found[group] = len(set(cases)) < len(cases) or (above and bool(repeated))
        else:
            spare = {a * n for a in repeated for n in range(1, amounts.count(a))}
            found[group] = int(s.returned[group] - s.expect_returned[group]) in spare
    return found


def _subsidies(parts: Parts, payment: np.ndarray, waits: np.ndarray) -> np.ndarray:
    s = parts.sums
    decision = np.full(len(parts), W[UNDECIDED], dtype=np.int8)
    none = s.granted == 0
    _set(decision, ~s.has_order, W[""])
    _set(decision, payment == W["wrong_account"], W[ALONG])
    _set(decision, LEFT_OUT[payment], payment)
    _set(decision, parts.subsidy_ok, W[""])
    _set(decision, none & IN_TRANSIT[payment], payment)
    _set(decision, none & np.isin(payment, _UNPAID), W[ALONG])
    _set(
        decision,
        np.isin(payment, [W[c] for c in ("amount_mismatch", "duplicate_payment", "status_mismatch", "fx_difference")]),
        W[ALONG],
    )
    _set(decision, none & (waits != W[""]), waits)
    _set(decision, decision == W[UNDECIDED], W["subsidy_mismatch"])
    return decision


def _strays(parts: Parts, payment: np.ndarray, refund: np.ndarray, subsidy: np.ndarray, waits: np.ndarray) -> None:
    """Money without an order: the payment takes its refunds and subsidies along."""
    s = parts.sums
    lost = ~s.has_order
    refunds = np.where(s.refunds > 0, W["unknown_refund"], W["subsidy_mismatch"])
    first = np.where(s.payments > 0, W["unknown_payment"], refunds)
    bare = (s.payments == 0) & (s.refunds == 0) & (s.granted == 0)
    decided = np.where(waits != W[""], waits, W[UNDECIDED])
    _set_loose(decided, lost, parts)
    decided = np.where(decided == W[UNDECIDED], first, decided)
    decided = np.where(bare, W["X:no reference"], decided)
    follow = np.where(IN_TRANSIT[decided] | bare, decided, W[ALONG])
    payment[lost] = np.where(s.payments[lost] > 0, decided[lost], follow[lost])
    refund[lost] = np.where((s.payments[lost] == 0) & (s.refunds[lost] > 0), decided[lost], follow[lost])
    subsidy[lost] = np.where((s.payments[lost] == 0) & (s.refunds[lost] == 0), decided[lost], follow[lost])


def rows_in(
    view: View, decisions: Decisions, parts: Parts, words: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return rows, decisions (codes) and due days of the entries whose part is decided by one of some words.

    Args:
        view: the ledger.
        decisions: per key.
        parts: the comparison.
        words: bool per word, `words.IN_TRANSIT` or `words.LEFT_OUT`.
    """
    inside = np.flatnonzero(parts.group >= 0)
    group, part = parts.group[inside], parts.part[inside]
    word = np.full(len(inside), W[""], dtype=np.int8)
    due = np.full(len(inside), NO_DAY, dtype=np.int64)
    for number in (PAYMENT, REFUND, SUBSIDY):
        mine = part == number
        word[mine] = decisions.of(number)[group[mine]]
        due[mine] = (decisions.refund_due if number == REFUND else decisions.due)[group[mine]]
    # Money that came before the order list says so waits for a newer list, like money without an order.
    older = word == transit(OLDER)
    money = older & (view.side[inside] == GATEWAY)
    due[older] = NO_DAY
    due[money] = view.day[inside[money]] + 1
    chosen = words[word]
    return inside[chosen], word[chosen], due[chosen]
