"""What people decided, leg by leg: which decisions a leg can follow, and why the others rest.

A decision is followed in the leg gateway-bank where it names a bank row or a payout; in the order leg where it names an
order, or neither of these. A match rests as a whole where an entry of it is not there or takes no part; of a decline
each pair counts that is there.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from recon.ledger.decisions import DECLINE, Decision, Placed
from recon.ledger.transfers import Transfer
from recon.ledger.view import BANK, GATEWAY, KIND, ORDER, View
from recon.matching.components import linked

#: Why a decision rests, or a part of it.
NOT_HERE, NO_PART, CURRENCIES, ONE_SIDE, DECLINED = range(5)
_PAYOUT = KIND["payout"]
_WORDS = {
    "zh": (
        "第 {line} 行的决定：{n} 条分录中有 {k} 条不在这些文件里",
        "第 {line} 行的决定：{n} 条分录中有 {k} 条不参与核对",
        "第 {line} 行的决定：分录币种不同",
        "第 {line} 行的决定：只涉及一方，没有可核对的另一方",
        "第 {line} 行的决定：与另一行的否认冲突（同一笔打款）",
    ),
    "en": (
        "decision on line {line}: {k} of {n} entries not in these files",
        "decision on line {line}: {k} of {n} entries take no part",
        "decision on line {line}: its entries are of several currencies",
        "decision on line {line}: it names one side only",
        "decision on line {line}: another line declines the same payout",
    ),
}


@dataclass(frozen=True, slots=True)
class Resting:
    """A decision that cannot be followed in this run, or not in full. count: entries that stand in the way."""

    decision: Decision
    reason: int
    count: int = 0


@dataclass(frozen=True, slots=True)
class OrderDecisions:
    """What the order leg follows.

    matches: positions of entries that belong together, every entry in one at most. apart: positions of an order's and
    of a movement's entry that never meet.
    """

    matches: tuple[tuple[int, ...], ...] = ()
    apart: tuple[tuple[int, int], ...] = ()
    resting: tuple[Resting, ...] = ()


@dataclass(frozen=True, slots=True)
class BankDecisions:
    """What the leg gateway-bank follows.

    sets: numbers of transfers and positions of bank rows that belong together. apart: a transfer and a bank row that
    never meet. kept: two transfers of which one is not the return of the other.
    """

    sets: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...] = ()
    apart: frozenset[tuple[int, int]] = frozenset()
    kept: frozenset[tuple[int, int]] = frozenset()
    resting: tuple[Resting, ...] = ()

    @property
    def rows(self) -> frozenset[int]:
        """The bank rows that matches name."""
        return frozenset(row for _, rows in self.sets for row in rows)


def for_orders(view: View, placed: Sequence[Placed], active: np.ndarray) -> OrderDecisions:
    """Return what the order leg follows.

    Args:
        view: the ledger.
        placed: the decisions.
        active: entries that the leg compares.
    """
    matches: list[tuple[int, ...]] = []
    apart: set[tuple[int, int]] = set()
    resting: list[Resting] = []
    for one in placed:
        if not _names_order(view, one) and _names_bank(view, one):
            continue
        mine = [row for row in one.rows if view.side[row] != BANK and view.kind[row] != _PAYOUT]
        there = [row for row in mine if active[row]]
        if len(there) < len(mine):
            resting.append(Resting(one.decision, NO_PART, len(mine) - len(there)))
        if one.word == DECLINE:
            money = [row for row in mine if view.side[row] == GATEWAY]
            apart |= {(order, row) for order in mine if view.side[order] == ORDER for row in money}
        elif len(there) == len(mine) > 1 and not one.missing:
            if len(set(view.currency[mine].tolist())) > 1:
                resting.append(Resting(one.decision, CURRENCIES))
            else:
                matches.append(tuple(mine))
    return OrderDecisions(tuple(matches), tuple(sorted(apart)), tuple(resting))


def for_bank(view: View, placed: Sequence[Placed], sent: Sequence[Transfer], active: np.ndarray) -> BankDecisions:
    """Return what the leg gateway-bank follows; a decision takes a whole transfer where it names an entry of it.

    Args:
        view: the ledger.
        placed: the decisions.
        sent: the transfers.
        active: entries of every side that count.
    """
    named = {row for one in placed for row in one.rows}
    transfer_of = {row: n for n, transfer in enumerate(sent) for row in transfer.rows if row in named} if named else {}
    chosen: list[tuple[Decision, list[int]]] = []  # transfers by their number, bank rows by ~position
    apart: set[tuple[int, int]] = set()
    kept: set[tuple[int, int]] = set()
    resting: list[Resting] = []
    for one in placed:
        if not _names_bank(view, one):
            continue
        alone = not _names_order(view, one)  # else its movements are the order leg's
        mine = [r for r in one.rows if view.side[r] != ORDER and (alone or view.side[r] == BANK or r in transfer_of)]
        banks = [row for row in mine if view.side[row] == BANK]
        rows = [row for row in banks if active[row]]
        some = sorted({transfer_of[row] for row in mine if row in transfer_of})
        lacking = sum(row not in transfer_of for row in mine) - len(rows)
        if lacking:
            resting.append(Resting(one.decision, NO_PART, lacking))
        if one.word == DECLINE:
            apart |= {(n, row) for n in some for row in banks}  # also of rows that are yet to come
            kept |= {(n, other) for n in some for other in some if n != other}
        elif not lacking and not one.missing:
            chosen.append((one.decision, [*some, *(~row for row in rows)]))
    sets = _fitting(view, sent, chosen, apart, resting)
    return BankDecisions(sets, frozenset(apart), frozenset(kept), tuple(resting))


def notes(view: View, placed: Sequence[Placed], followed: Sequence[Resting], lang: str) -> tuple[str, ...]:
    """Say which decisions rest, and why: one line each, in the order of their lines.

    Args:
        view: the ledger.
        placed: the decisions.
        followed: what the legs could not follow.
        lang: zh or en.
    """
    gone = [Resting(one.decision, NOT_HERE, one.missing) for one in placed if one.missing]
    idle = [Resting(one.decision, ONE_SIDE) for one in placed if one.word == DECLINE and _idle(view, one)]
    told = {
        (one.decision.line, _WORDS[lang][one.reason].format(
            line=one.decision.line, k=one.count, n=len(one.decision.entries)
        ))
        for one in (*gone, *idle, *followed)
    }  # fmt: skip
    return tuple(text for _, text in sorted(told))


def _names_order(view: View, one: Placed) -> bool:
    return any(view.side[row] == ORDER for row in one.rows)


def _names_bank(view: View, one: Placed) -> bool:
    return any(view.side[row] == BANK or view.kind[row] == _PAYOUT for row in one.rows)


def _idle(view: View, one: Placed) -> bool:
    """A decline that keeps nothing apart: its entries never meet (payouts may be each other's return)."""
    sides = {int(view.side[row]) for row in one.rows}
    payouts = sum(view.kind[row] == _PAYOUT for row in one.rows)
    moves = sum(view.side[row] == GATEWAY for row in one.rows) > payouts
    meets = (ORDER in sides and moves) or (BANK in sides and GATEWAY in sides) or payouts > 1
    return not one.missing and not meets


def _unfit(view: View, sent: Sequence[Transfer], some: Sequence[int], rows: Sequence[int]) -> int | None:
    """Why transfers and bank rows cannot be one set, None where they can: a payout and its return need no bank row."""
    if len({sent[n].currency for n in some} | {int(view.currency[row]) for row in rows}) > 1:
        return CURRENCIES
    returned = len(some) > 1 and not rows and sum(sent[n].amount for n in some) == 0
    return None if some and (rows or returned) else ONE_SIDE


def _fitting(
    view: View,
    sent: Sequence[Transfer],
    chosen: Sequence[tuple[Decision, Sequence[int]]],
    apart: Collection[tuple[int, int]],
    resting: list[Resting],
) -> tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]:
    """The sets that can be compared; those that share a transfer are one, since its money cannot be told apart."""
    of = linked(members for _, members in chosen)
    united: dict[int, list[tuple[Decision, Sequence[int]]]] = {}
    for decision, members in chosen:
        united.setdefault(of[members[0]], []).append((decision, members))
    sets = []
    for _, lines in sorted(united.items()):
        together = sorted({one for _, members in lines for one in members})
        some, rows = tuple(n for n in together if n >= 0), tuple(sorted(~n for n in together if n < 0))
        reason = DECLINED if any((n, row) in apart for n in some for row in rows) else _unfit(view, sent, some, rows)
        if reason is None:
            sets.append((some, rows))
        else:
            resting.extend(Resting(decision, reason) for decision, _ in lines)
    return tuple(sets)


def unlinked(edges: Sequence[tuple[int, int]], apart: frozenset[tuple[int, int]]) -> list[tuple[int, int]]:
    """Edges of transfers and bank rows without those that were declined, and such that what hangs together holds no
    declined pair: its bank row leaves, and is explained by nobody.
    """
    kept = [edge for edge in edges if edge not in apart]
    while apart:
        of = linked((n, ~row) for n, row in kept)
        torn = {row for n, row in apart if n in of and of[n] == of.get(~row)}
        if not torn:
            break
        kept = [(n, row) for n, row in kept if row not in torn]
    return kept
