"""The leg gateway-bank: transfers and bank rows, by explicit number, by day key, then by payer, amount and window.

What these leave is looked for by damaged numbers and by sums of several payouts, and suggested.

Only pairs that are unique both ways and whose text names the payer are proved; what contradicts (another channel's
payer, another account's number) is never paired. Bank rows are few beside orders, so plain loops keep this readable.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from recon.ledger.channel import ChannelFacts
from recon.ledger.days import NO_DAY
from recon.ledger.rates import Rates
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
from recon.matching.bank.astray import astray
from recon.matching.bank.board import BankBoard, Closed, all_closed, components, outcome, same_days
from recon.matching.bank.clearing import by_clearing_days
from recon.matching.bank.converted import by_number_converted
from recon.matching.bank.netting import netted
from recon.matching.bank.numbers import by_cut_number, by_near_number
from recon.matching.bank.sums import by_day_sum, in_sums
from recon.matching.bank.texts import BankTexts, known_by_text, read_texts
from recon.matching.bank.words import without_strangers
from recon.matching.decided import BankDecisions, unlinked
from recon.matching.rules import BankRules
from recon.timing import add_working_days

NO_DECISIONS = BankDecisions()
NO_RATES = Rates()
LATE_DAYS = 15
RETURN_DAYS = 15

#: Account number, day of trade and currency of a foot.
_DayKey = tuple[str, int, int]


def match_bank(
    view: View,
    channels: Mapping[str, ChannelFacts],
    transfers: Sequence[Transfer],
    carried: Sequence[int],
    active: np.ndarray,
    later: np.ndarray,
    closed: Closed,
    *,
    tolerance: int = 0,
    rules: BankRules | None = None,
    decisions: BankDecisions = NO_DECISIONS,
    rates: Rates = NO_RATES,
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
        tolerance: named tolerance, minor units, for what a number or a day in the text ties; nothing else has any.
        rules: what payer, amount and day may do, None for the defaults.
        decisions: what people decided.
        rates: what one currency was worth in another.
    """
    rows = np.flatnonzero(active & (view.side == BANK))
    texts = read_texts(view, channels, rows)
    kept = {*texts.named, *decisions.rows}
    known = {row: reason for row, reason in known_by_text(view, rows).items() if row not in kept}
    board = BankBoard(view, transfers, texts, [r for r in rows.tolist() if r not in known], tolerance, decisions)
    below, before = _by_text(board, rates)
    homes = _by_amount(board, rules or BankRules(), closed)
    return BankLeg(
        transfers=tuple(transfers),
        ties=tuple(board.ties),
        open_transfers=tuple(sorted(board.open_transfers)),
        open_rows=tuple(sorted(board.open_rows)),
        named=texts.named,
        known=known,
        before=before,
        carried=tuple(sorted({*carried, *below})),
        homes=homes,
        cleared=_cleared(board, read_texts(view, channels, np.flatnonzero(later & (view.side == BANK)))),
        doubled=frozenset(board.doubled),
    )


def _by_text(board: BankBoard, rates: Rates) -> tuple[set[int], dict[int, str]]:
    """What a person, a number or a day in the text ties.

    Returns:
        Rows of batches below zero; and bank rows of days that no file of the payer covers, with the reason.
    """
    _by_decision(board)
    _returned(board)
    _by_number(board)
    by_cut_number(board)
    by_number_converted(board, rates)
    below = _carried_on(board)
    return below, {**_by_day_key(board), **by_clearing_days(board)}


def _by_amount(board: BankBoard, told: BankRules, closed: Closed) -> dict[int, frozenset[int]]:
    """What payer, amount and day tie, and what is only suggested; returns where each wallet's payouts arrive."""
    if told.posts:
        _by_window(board, told.name, late=0)
        _by_window(board, told.name, late=LATE_DAYS)
        by_day_sum(board)
    homes = _homes(board)
    if told.posts:
        _pooled(board, told.name, homes, closed)
    by_near_number(board, homes, closed)
    _settle_named(board, told.name, homes, closed)
    in_sums(board, homes, closed)
    _mismatched(board, homes, closed)
    _nameless(board, homes, closed)
    netted(board)
    astray(board)
    return homes


def _cleared(board: BankBoard, texts: BankTexts) -> dict[int, int]:
    """Open payout -> the day after as_of on which its credit comes, by number, day key or payer and amount."""
    after = BankBoard(board.view, board.transfers, texts, texts.rows.tolist(), board.tolerance, board.decisions)
    after.open_transfers = set(board.open_transfers)
    _by_number(after)
    _by_day_key(after)
    by_clearing_days(after)
    _by_window(after, BankRules().name, late=0)
    done = [tie for tie in after.ties if tie.how in (MATCHED, LATE)]
    return {n: max(after.day(r) for r in tie.credits) for tie in done for n in tie.transfers}


def _by_decision(board: BankBoard) -> None:
    """What people put together; it is compared as one sum, whatever the texts say."""
    for some, rows in board.decisions.sets:
        how = outcome(board, some, rows) if rows else RETURNED
        board.tie(Tie(how, some, rows, "by-decision", "decision", "proved"))


def _returned(board: BankBoard) -> None:
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


def _by_number(board: BankBoard) -> None:
    """The bank's text or reference carries the payout's own number; who shares a number is compared as one sum."""
    edges = [
        (n, row)
        for n in sorted(board.open_transfers)
        for row in sorted({r for number in board.transfers[n].numbers for r in board.texts.tokens.get(number, ())})
        if row in board.open_rows and not board.contradicts(row, board.transfers[n])
    ]
    for some, rows in components(unlinked(edges, board.decisions.apart)):
        once = _booked_once(board, some, rows)
        board.tie(Tie(outcome(board, some, once), some, once, "by-number", "key", "proved"))
        board.doubled |= set(rows) - set(once)


def _carried_on(board: BankBoard) -> set[int]:
    """Rows of batches below zero that the bank does not take back by their number; they leave the board."""
    below = {n for n in board.open_transfers if board.transfers[n].amount < 0 and board.transfers[n].form == "batch"}
    board.open_transfers -= below
    return {row for n in below for row in board.transfers[n].rows}


def _booked_once(board: BankBoard, some: Sequence[int], rows: tuple[int, ...]) -> tuple[int, ...]:
    """The credits of a number without those that the bank booked again: the same amount, day and text, word for word.

    Which of equal lines is the doubled one makes no difference. It stays open, and no other payout may take it.
    """
    expected, amount = sum(board.transfers[n].amount for n in some), board.amount(rows[0])
    alike = len({board.print(row) for row in rows}) == 1
    due, rest = divmod(expected, amount) if alike and amount else (0, 0)
    return rows[:due] if 0 < due < len(rows) and not rest else rows


def _by_day_key(board: BankBoard) -> dict[int, str]:
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
                board.tie(Tie(outcome(board, foot, mine), foot, mine, "by-day", "structure", "proved"))
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


def _has_account(board: BankBoard, number: str) -> bool:
    return any(board.view.accounts[t.account].split(":", 1)[1] == number for t in board.transfers)


def _edges(board: BankBoard, late: int, *, named: bool) -> list[tuple[int, int]]:
    """Equal amounts inside the window (or up to `late` working days after it), text naming the payer or nobody.

    A row that names nobody gives way to one whose words meet the payout's.
    """
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
    return found if named else without_strangers(board, found)


def _by_window(board: BankBoard, rule: str, late: int) -> None:
    """Named pairs that are unique both ways, and named sets that are equal in amount and day."""
    for some, rows in components(_edges(board, late, named=True)):
        if len(some) == len(rows) == 1:
            board.tie(Tie(LATE if late else MATCHED, some, rows, rule, "unique", "proved"))
        elif not late and len(some) == len(rows) and same_days(board, some, rows) and not board.torn(some, rows):
            board.tie(Tie(MATCHED, some, rows, rule, "structure", "pool", count=len(some)))


def _pooled(board: BankBoard, rule: str, homes: Mapping[int, frozenset[int]], closed: Closed) -> None:
    """Equal payouts of one day and as many equal credits of one day, of which only some name the payer: a pool.

    The texts that name nobody could be other money, so the windows must be closed and covered.
    """
    edges = _edges(board, 0, named=True) + _edges(board, 0, named=False)
    for some, rows in components(edges):
        payers = any(not board.nameless(row) for row in rows)
        if (
            payers
            and not board.torn(some, rows)
            and len(some) == len(rows) > 1
            and same_days(board, some, rows)
            and all_closed(board, some, homes, closed)
        ):
            board.tie(Tie(MATCHED, some, rows, rule, "structure", "pool", count=len(some)))


def _homes(board: BankBoard) -> dict[int, frozenset[int]]:
    """Wallet account -> bank accounts that received its proved payouts."""
    homes: dict[int, set[int]] = {}
    for tie in board.ties:
        if tie.how in (MATCHED, LATE):
            for n in tie.transfers:
                banks = {int(board.view.account[r]) for r in tie.credits}
                homes.setdefault(board.transfers[n].account, set()).update(banks)
    return {account: frozenset(banks) for account, banks in homes.items()}


def _settle_named(board: BankBoard, rule: str, homes: Mapping[int, frozenset[int]], closed: Closed) -> None:
    """Named sets that are left: balanced ones are suggested, the others ambiguous; open windows wait."""
    for some, rows in components(unlinked(_edges(board, 0, named=True), board.decisions.apart)):
        done = all_closed(board, some, homes, closed)
        how = (SUGGESTED if len(some) == len(rows) else AMBIGUOUS) if done else CANDIDATE
        board.tie(Tie(how, some, rows, rule, "elimination", "open", count=max(len(some), len(rows))))


def _mismatched(board: BankBoard, homes: Mapping[int, frozenset[int]], closed: Closed) -> None:
    """The sole payout and the sole credit of its payer inside the window, unequal."""

    def near(n: int) -> list[int]:
        t = board.transfers[n]
        return [
            r
            for r in sorted(board.open_rows)
            if board.names(r, t)
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
        if len(rows) == 1 and wanted[rows[0]] == 1 and all_closed(board, [n], homes, closed):
            board.tie(Tie(MISMATCH, (n,), (rows[0],), "by-payer", "unique", "proved"))


def _nameless(board: BankBoard, homes: Mapping[int, frozenset[int]], closed: Closed) -> None:
    """Equal amounts whose text names nobody: one candidate both ways is suggested, never posted."""
    for some, rows in components(unlinked(_edges(board, 0, named=False), board.decisions.apart)):
        done = all_closed(board, some, homes, closed)
        how = (SUGGESTED if len(some) == len(rows) else AMBIGUOUS) if done else CANDIDATE
        board.tie(Tie(how, some, rows, "by-amount", "unique", "open", count=max(len(some), len(rows))))
