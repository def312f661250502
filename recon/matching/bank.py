"""The leg gateway-bank: transfers and bank rows, by explicit number, by day key, then by payer, amount and window.

Only pairs that are unique both ways and whose text names the payer are proved; what contradicts (another channel's
payer, another account's number) is never paired. Bank rows are few beside orders, so plain loops keep this readable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from recon.ledger.channel import ChannelFacts
from recon.ledger.days import NO_DAY, date_of
from recon.ledger.transfers import (
    AMBIGUOUS,
    CANDIDATE,
    LATE,
    MATCHED,
    MISMATCH,
    RETURNED,
    SUGGESTED,
    BankLeg,
    Tie,
    Transfer,
)
from recon.ledger.view import BANK, View
from recon.matching.decided import BankDecisions, unlinked
from recon.matching.texts import BankTexts, known_by_text, read_texts
from recon.timing import add_working_days

LATE_DAYS = 15
RETURN_DAYS = 15
NO_DECISIONS = BankDecisions()

#: Account number, day of trade and currency of a foot.
_DayKey = tuple[str, int, int]

#: Given transfers and a bank row's account, says whether all windows are closed and covered at as_of.
Closed = Callable[[Transfer, frozenset[int]], bool]


class _Board:
    """What is still open while the passes run; ties are collected in the order of the passes."""

    def __init__(
        self,
        view: View,
        transfers: Sequence[Transfer],
        texts: BankTexts,
        rows: Iterable[int],
        decisions: BankDecisions,
    ) -> None:
        self.view = view
        self.transfers = transfers
        self.texts = texts
        self.decisions = decisions
        self.open_transfers = set(range(len(transfers)))
        self.open_rows = set(rows)
        self.ties: list[Tie] = []

    def tie(self, tie: Tie) -> None:
        self.ties.append(tie)
        self.open_transfers -= set(tie.transfers)
        self.open_rows -= set(tie.credits)

    def amount(self, row: int) -> int:
        return int(self.view.amount[row])

    def day(self, row: int) -> int:
        return int(self.view.day[row])

    def names(self, row: int, transfer: Transfer) -> bool:
        return transfer.family in self.texts.named.get(row, frozenset())

    def nameless(self, row: int) -> bool:
        return not self.texts.named.get(row) and row not in self.texts.day_keys

    def contradicts(self, row: int, transfer: Transfer) -> bool:
        """The text names another account or another day's foot, or the currency differs."""
        if int(self.view.currency[row]) != transfer.currency:
            return True
        key = self.texts.day_keys.get(row)
        if key is None:
            return False
        other_day = transfer.form == "day" and self.traded(row) != transfer.day
        return other_day or key[0] != self.view.accounts[transfer.account].split(":", 1)[1]

    def traded(self, row: int) -> int | None:
        """The day whose foot a bank row pays: the day before the bank day in its text (None: no such day)."""
        bank_day = _bank_day(self, row, self.texts.day_keys[row][1])
        return None if bank_day is None else bank_day - 1


def match_bank(
    view: View,
    channels: Mapping[str, ChannelFacts],
    transfers: Sequence[Transfer],
    carried: Sequence[int],
    active: np.ndarray,
    later: np.ndarray,
    closed: Closed,
    decisions: BankDecisions = NO_DECISIONS,
) -> BankLeg:
    """Match transfers with bank rows.

    Args:
        view: the ledger.
        channels: facts of all known channels (payers, key patterns).
        transfers: what should reach the bank.
        carried: rows of feet that are not positive yet.
        active: entries up to as_of.
        later: entries after as_of; they only tell when an open payout is cleared.
        closed: says of a transfer, given the bank accounts that may receive it, whether its window is over and covered.
        decisions: what people decided.
    """
    rows = np.flatnonzero(active & (view.side == BANK))
    texts = read_texts(view, channels, rows)
    told = {*texts.named, *decisions.rows}
    known = {row: reason for row, reason in known_by_text(view, rows).items() if row not in told}
    board = _Board(view, transfers, texts, [r for r in rows.tolist() if r not in known], decisions)
    _by_decision(board)
    _returned(board)
    _by_number(board)
    before = _by_day_key(board)
    _by_window(board, late=0)
    _by_window(board, late=LATE_DAYS)
    homes = _homes(board)
    _settle_named(board, homes, closed)
    _mismatched(board, homes, closed)
    _nameless(board, homes, closed)
    return BankLeg(
        transfers=tuple(transfers),
        ties=tuple(board.ties),
        open_transfers=tuple(sorted(board.open_transfers)),
        open_rows=tuple(sorted(board.open_rows)),
        named=texts.named,
        known=known,
        before=before,
        carried=tuple(carried),
        homes=homes,
        cleared=_cleared(board, read_texts(view, channels, np.flatnonzero(later & (view.side == BANK)))),
    )


def _cleared(board: _Board, texts: BankTexts) -> dict[int, int]:
    """Open payout -> the day after as_of on which its credit comes, by number, day key or payer and amount."""
    after = _Board(board.view, board.transfers, texts, texts.rows.tolist(), board.decisions)
    after.open_transfers = set(board.open_transfers)
    _by_number(after)
    _by_day_key(after)
    _by_window(after, late=0)
    done = [tie for tie in after.ties if tie.how in (MATCHED, LATE)]
    return {n: max(after.day(r) for r in tie.credits) for tie in done for n in tie.transfers}


def _by_decision(board: _Board) -> None:
    """What people put together; it is compared as one sum, whatever the texts say."""
    for some, rows in board.decisions.sets:
        how = _outcome(board, some, rows) if rows else RETURNED
        board.tie(Tie(how, some, rows, "by-decision", "decision", "proved"))


def _returned(board: _Board) -> None:
    """A withdrawal that came back nets with its return: by number, else the only later equal one within 15 days."""
    returns = [n for n in board.open_transfers if board.transfers[n].amount < 0 and board.transfers[n].form == "payout"]
    for back in sorted(returns):
        came = board.transfers[back]
        able = sorted(n for n in board.open_transfers if (n, back) not in board.decisions.kept)
        out = [n for n in able if _may_return(board.transfers[n], came)]
        by_number = [n for n in out if set(board.transfers[n].numbers) & set(came.numbers)]
        near = [n for n in out if came.day - board.transfers[n].day <= RETURN_DAYS]
        sole = by_number or near
        if len(sole) == 1:
            basis = "key" if by_number else "unique"
            board.tie(Tie(RETURNED, (sole[0], back), (), "returned_payout", basis, "proved"))


def _may_return(out: Transfer, back: Transfer) -> bool:
    same = (out.account, out.currency, out.amount) == (back.account, back.currency, -back.amount)
    return same and out.amount > 0 and out.day <= back.day


def _by_number(board: _Board) -> None:
    """The bank's text or reference carries the payout's own number; who shares a number is compared as one sum."""
    edges = [
        (n, row)
        for n in sorted(board.open_transfers)
        for row in sorted({r for number in board.transfers[n].numbers for r in board.texts.tokens.get(number, ())})
        if row in board.open_rows and not board.contradicts(row, board.transfers[n])
    ]
    for some, rows in _components(unlinked(edges, board.decisions.apart)):
        board.tie(Tie(_outcome(board, some, rows), some, rows, "by-number", "key", "proved"))


def _outcome(board: _Board, some: Sequence[int], rows: Sequence[int]) -> str:
    """What a text that settles the pairing leaves open: is the sum right, and did it come by its due date?"""
    if sum(board.amount(r) for r in rows) != sum(board.transfers[n].amount for n in some):
        return MISMATCH
    due = max(board.transfers[n].due for n in some)
    return LATE if due != NO_DAY and max(board.day(r) for r in rows) > due else MATCHED


def _by_day_key(board: _Board) -> dict[int, str]:
    """Bank text `MMDD_<account>`: the bank day; the money was traded the day before (WeChat automatic payouts)."""
    before: dict[int, str] = {}
    by_key: dict[_DayKey, list[int]] = {}
    for row in sorted(board.open_rows & board.texts.day_keys.keys()):
        traded = board.traded(row)
        if traded is not None:
            key = (board.texts.day_keys[row][0], traded, int(board.view.currency[row]))
            by_key.setdefault(key, []).append(row)
    feet = {
        (board.view.accounts[t.account].split(":", 1)[1], t.day, t.currency): n
        for n, t in enumerate(board.transfers)
        if t.form == "day"
    }
    first = _first_days(feet)
    for key, rows in sorted(by_key.items()):
        if key in feet and feet[key] in board.open_transfers:
            foot = (feet[key],)
            mine = tuple(row for row in rows if (feet[key], row) not in board.decisions.apart)
            if mine:
                board.tie(Tie(_outcome(board, foot, mine), foot, mine, "by-day", "structure", "proved"))
        elif key[0] in first and key[1] < first[key[0]]:
            before.update(dict.fromkeys(rows, "before the files"))
        elif key[0] not in first and not _has_account(board, key[0]):
            before.update(dict.fromkeys(rows, "no payout record"))
    board.open_rows -= before.keys()
    return before


def _first_days(feet: Mapping[_DayKey, int]) -> dict[str, int]:
    first: dict[str, int] = {}
    for account, day, _ in feet:
        first[account] = min(day, first.get(account, day))
    return first


def _has_account(board: _Board, number: str) -> bool:
    return any(board.view.accounts[t.account].split(":", 1)[1] == number for t in board.transfers)


def _bank_day(board: _Board, row: int, mmdd: str) -> int | None:
    """The day number of MMDD in the year that is nearest to the row's own day."""
    booked = date_of(board.day(row))
    if booked is None:
        return None
    days = []
    for year in (booked.year - 1, booked.year, booked.year + 1):
        try:
            candidate = booked.replace(year=year, month=int(mmdd[:2]), day=int(mmdd[2:]))
        except ValueError:
            continue
        days.append(board.day(row) + (candidate - booked).days)
    return min(days, key=lambda d: abs(d - board.day(row))) if days else None


def _edges(board: _Board, late: int, *, named: bool) -> list[tuple[int, int]]:
    """Equal amounts inside the window (or up to `late` working days after it), text naming the payer or nobody."""
    by_amount: dict[int, list[int]] = {}
    for row in sorted(board.open_rows):
        by_amount.setdefault(board.amount(row), []).append(row)
    found = []
    for n in sorted(board.open_transfers):
        transfer = board.transfers[n]
        if transfer.due == NO_DAY:
            continue  # no window is known for that day
        limit = transfer.due if not late else int(add_working_days(np.array([transfer.due]), late)[0])
        for row in by_amount.get(transfer.amount, []):
            fits = board.names(row, transfer) if named else board.nameless(row)
            if fits and transfer.early <= board.day(row) <= limit and not board.contradicts(row, transfer):
                found.append((n, row))
    return [edge for edge in found if edge not in board.decisions.apart]


def _components(edges: Sequence[tuple[int, int]]) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Split a set of edges into connected sets of transfers and rows."""
    if not edges:
        return []
    left = sorted({n for n, _ in edges})
    right = sorted({r for _, r in edges})
    size = len(left) + len(right)
    ends = (
        [left.index(n) for n, _ in edges],
        [len(left) + right.index(r) for _, r in edges],
    )
    graph = coo_array((np.ones(len(edges), dtype=np.int8), ends), shape=(size, size))
    label = connected_components(graph, directed=False)[1]
    return [
        (
            tuple(n for i, n in enumerate(left) if label[i] == c),
            tuple(r for i, r in enumerate(right) if label[len(left) + i] == c),
        )
        for c in range(int(label.max()) + 1)
    ]


def _by_window(board: _Board, late: int) -> None:
    """Named pairs that are unique both ways, and named sets that are equal in amount and day."""
    rule = "by-payer-and-amount"
    for some, rows in _components(_edges(board, late, named=True)):
        if len(some) == len(rows) == 1:
            board.tie(Tie(LATE if late else MATCHED, some, rows, rule, "unique", "proved"))
        elif not late and len(some) == len(rows) and _same_days(board, some, rows) and not _torn(board, some, rows):
            board.tie(Tie(MATCHED, some, rows, rule, "structure", "pool", count=len(some)))


def _same_days(board: _Board, some: Sequence[int], rows: Sequence[int]) -> bool:
    accounts = {board.transfers[n].account for n in some}
    days = {board.transfers[n].day for n in some}
    return len(accounts) == 1 and len(days) == 1 and len({(board.day(r), board.view.account[r]) for r in rows}) == 1


def _torn(board: _Board, some: Sequence[int], rows: Sequence[int]) -> bool:
    """Whether a set holds a pair that a person declined."""
    return any((n, row) in board.decisions.apart for n in some for row in rows)


def _homes(board: _Board) -> dict[int, frozenset[int]]:
    """Wallet account -> bank accounts that received its proved payouts."""
    homes: dict[int, set[int]] = {}
    for tie in board.ties:
        if tie.how in (MATCHED, LATE):
            for n in tie.transfers:
                banks = {int(board.view.account[r]) for r in tie.credits}
                homes.setdefault(board.transfers[n].account, set()).update(banks)
    return {account: frozenset(banks) for account, banks in homes.items()}


def _settle_named(board: _Board, homes: Mapping[int, frozenset[int]], closed: Closed) -> None:
    """Named sets that are left: balanced ones are suggested, the others ambiguous; open windows wait."""
    for some, rows in _components(unlinked(_edges(board, 0, named=True), board.decisions.apart)):
        done = all(closed(board.transfers[n], homes.get(board.transfers[n].account, frozenset())) for n in some)
        how = (SUGGESTED if len(some) == len(rows) else AMBIGUOUS) if done else CANDIDATE
        board.tie(Tie(how, some, rows, "by-payer-and-amount", "elimination", "open", count=max(len(some), len(rows))))


def _mismatched(board: _Board, homes: Mapping[int, frozenset[int]], closed: Closed) -> None:
    """The sole payout and the sole credit of its payer inside the window, unequal."""

    def near(n: int) -> list[int]:
        t = board.transfers[n]
        return [
            r
            for r in sorted(board.open_rows)
            if (n, r) not in board.decisions.apart
            and board.names(r, t)
            and t.early <= board.day(r) <= t.due
            and board.amount(r) > 0
            and not board.contradicts(r, t)
        ]

    candidates = {n: near(n) for n in sorted(board.open_transfers) if board.transfers[n].amount > 0}
    wanted: dict[int, int] = {}
    for rows in candidates.values():
        for row in rows:
            wanted[row] = wanted.get(row, 0) + 1
    for n, rows in candidates.items():
        over = closed(board.transfers[n], homes.get(board.transfers[n].account, frozenset()))
        if len(rows) == 1 and wanted[rows[0]] == 1 and over:
            board.tie(Tie(MISMATCH, (n,), (rows[0],), "by-payer", "unique", "proved"))


def _nameless(board: _Board, homes: Mapping[int, frozenset[int]], closed: Closed) -> None:
    """Equal amounts whose text names nobody: one candidate both ways is suggested, never posted."""
    for some, rows in _components(unlinked(_edges(board, 0, named=False), board.decisions.apart)):
        done = all(closed(board.transfers[n], homes.get(board.transfers[n].account, frozenset())) for n in some)
        how = (SUGGESTED if len(some) == len(rows) else AMBIGUOUS) if done else CANDIDATE
        board.tie(Tie(how, some, rows, "by-amount", "unique", "open", count=max(len(some), len(rows))))
