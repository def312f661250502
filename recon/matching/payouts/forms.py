"""How gateway accounts pay out: by printed batch, by the foot of a day, all at once, or as a person withdraws.

batch   lines and payout row share a batch number: the key is final.
day     a trade bill without payout rows: the foot of a day is the payout (WeChat trade bill).
sweep   every payout takes all that is there; which lines it took is worked out (`sweep.py`).
        A channel declares it, or the text of the bank lines that the payouts reached says so (通用对账提现到卡).
manual  the account's roll-forward (opening + in - out = closing, the balance chain of its file) takes the leg's place.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from recon.ledger.channel import ChannelFacts
from recon.ledger.days import NO_DAY
from recon.ledger.parts import max_by
from recon.ledger.transfers import BankLeg, Batch, Transfer
from recon.ledger.view import BOOK, GATEWAY, KIND, View
from recon.timing import window

_PAYOUT = KIND["payout"]
#: A shorter number says nothing in the text of a bank line.
NUMBER_LENGTH = 8


def forms(view: View, channels: Mapping[str, ChannelFacts]) -> dict[int, str]:
    """Return account code -> manual, sweep, batch or day.

    An account with payout rows but no batch numbers is manual unless its channel declares sweeps; an account with a
    cash book is told by that book. Whether a manual one is in fact swept, its chain tells later.
    """
    batch_code, _ = view.codes("batch_ref")
    result: dict[int, str] = {}
    for account in np.unique(view.account[view.side == GATEWAY]):
        mine = (view.account == account) & (view.side == GATEWAY)
        declared = {channels[view.channels[c]].payout for c in np.unique(view.channel[mine])}
        numbered = mine & (batch_code >= 0) & (view.kind != _PAYOUT)
        has_payouts = bool((mine & (view.kind == _PAYOUT)).any())
        has_cash = bool((mine & (view.book == BOOK["cash"])).any())
        if "batch" in declared and numbered.any():
            result[int(account)] = "batch"
        elif "day" in declared and not has_cash and not has_payouts:
            result[int(account)] = "day"
        else:
            result[int(account)] = "sweep" if "sweep" in declared and has_payouts else "manual"
    return result


def swept_by_text(
    view: View, channels: Mapping[str, ChannelFacts], account_forms: Mapping[int, str], bank: BankLeg
) -> dict[int, str]:
    """Return the forms with `sweep` for manual accounts at least half of whose bank lines say that all is paid out.

    Args:
        view: the ledger.
        channels: facts per channel, with the words of such a line.
        account_forms: as `forms` returns them.
        bank: the leg gateway-bank, whose ties tell which line a payout reached.
    """
    said: dict[int, list[bool]] = {}
    for tie in bank.ties:
        lines = view.texts("memo", np.array(tie.credits, dtype=np.int64))
        for account in {bank.transfers[n].account for n in tie.transfers}:
            family = view.accounts[account].split(":", 1)[0]
            words = {word for facts in channels.values() if facts.family == family for word in facts.swept}
            said.setdefault(account, []).extend(any(word in line for word in words) for line in lines)
    swept = {account for account, lines in said.items() if any(lines) and 2 * sum(lines) >= len(lines)}
    return {a: "sweep" if form == "manual" and a in swept else form for a, form in account_forms.items()}


def batches(
    view: View, account_forms: Mapping[int, str], active: np.ndarray, later: np.ndarray, due_days: int = 3
) -> list[Batch]:
    """Return the batches of accounts that print batch numbers on lines and on payout rows.

    What such an account has without a batch number, not paid out yet, is one batch per currency with an empty key. A
    list of what was sold (trade) beside the book that is paid out of tells the same lines again. A batch whose payout
    lies after as_of (`later`) is due on its day.
    """
    found: list[Batch] = []
    code, words = view.codes("batch_ref")
    names = words.to_pylist()
    width = len(view.currencies) + 1
    announced = np.flatnonzero(later & (view.side == GATEWAY) & (view.kind == _PAYOUT) & (code >= 0))
    announced_on = max_by(code[announced], view.day[announced], len(names), NO_DAY)
    for account in sorted(a for a, form in account_forms.items() if form == "batch"):
        mine = active & (view.account == account) & (view.side == GATEWAY)
        if (mine & (view.book == BOOK["cash"])).any():
            mine &= view.book != BOOK["trade"]
        if not (mine & (view.kind == _PAYOUT)).any():
            continue
        rows = np.flatnonzero(mine)
        pair = code[rows] * width + view.currency[rows]
        rows, pair = rows[np.argsort(pair, kind="stable")], np.sort(pair)
        blocks = np.split(rows, np.flatnonzero(np.diff(pair)) + 1)
        numbered = [(names[int(code[b[0]])] if code[b[0]] >= 0 else "", int(view.currency[b[0]]), b) for b in blocks]
        for key, _, of_key in sorted(numbered, key=lambda n: n[:2]):
            last = int(announced_on[code[of_key[0]]]) if key else NO_DAY
            found.append(_batch(view, account, key, of_key, due_days, last))
    return found


def _batch(view: View, account: int, key: str, rows: np.ndarray, due_days: int, announced: int) -> Batch:
    payout = (view.kind[rows] == _PAYOUT) & bool(key)
    days = view.day[rows[payout]] if payout.any() else view.day[rows]
    day = int(days.max(initial=NO_DAY))
    return Batch(
        key=key,
        account=account,
        currency=int(view.currency[rows[0]]),
        payouts=tuple(int(r) for r in rows[payout]),
        lines=tuple(int(r) for r in rows[~payout]),
        paid_out=-int(view.amount[rows[payout]].sum()),
        footed=int(view.amount[rows[~payout]].sum()),
        day=day,
        due=NO_DAY if not key else day if payout.any() else max(day + due_days, announced),
    )


def transfers(
    view: View, channels: Mapping[str, ChannelFacts], account_forms: Mapping[int, str], active: np.ndarray
) -> tuple[list[Transfer], list[int]]:
    """Return what should reach the bank, and the rows of feet that are carried on because they are not positive."""
    found = _payout_rows(view, channels, active)
    carried: list[int] = []
    for account in sorted(account_forms):
        mine = active & (view.account == account) & (view.side == GATEWAY)
        if account_forms[account] == "day":
            feet, rest = _feet(view, channels, np.flatnonzero(mine), view.day)
            found += feet
            carried += rest
        elif account_forms[account] == "batch" and not (mine & (view.kind == _PAYOUT)).any():
            feet, rest = _batch_feet(view, channels, np.flatnonzero(mine))
            found += feet
            carried += rest
    return found, carried


def _arrival(view: View, channels: Mapping[str, ChannelFacts], row: int, day: int) -> tuple[int, int]:
    facts = channels[view.channels[view.channel[row]]]
    early, due = window(facts.arrival, np.array([day], dtype=np.int64))
    return int(early[0]), int(due[0])


def _payout_rows(view: View, channels: Mapping[str, ChannelFacts], active: np.ndarray) -> list[Transfer]:
    rows = np.flatnonzero(active & (view.side == GATEWAY) & (view.kind == _PAYOUT))
    numbers = [view.texts(name, rows) for name in ("batch_ref", "payment_ref", "line_ref")]
    found = []
    for n, row in enumerate(rows):
        day = int(view.day[row])
        early, due = _arrival(view, channels, int(row), day)
        found.append(
            Transfer(
                rows=(int(row),),
                account=int(view.account[row]),
                family=int(view.family[row]),
                currency=int(view.currency[row]),
                amount=-int(view.amount[row]),
                day=day,
                early=early,
                due=due,
                numbers=tuple(sorted({texts[n] for texts in numbers if len(texts[n]) >= NUMBER_LENGTH})),
                form="payout",
            )
        )
    return found


def _feet(
    view: View, channels: Mapping[str, ChannelFacts], rows: np.ndarray, day: np.ndarray
) -> tuple[list[Transfer], list[int]]:
    """One transfer per day and currency; a foot that is not positive is carried on to the next day."""
    found: list[Transfer] = []
    carried: list[int] = []
    for currency in np.unique(view.currency[rows]):
        of_currency = rows[view.currency[rows] == currency]
        pending: list[int] = []
        for number in np.unique(day[of_currency]):
            pending += [int(r) for r in of_currency[day[of_currency] == number]]
            foot = int(view.amount[pending].sum())
            if foot <= 0:
                continue
            found.append(_foot(view, channels, tuple(pending), foot, int(number), "day", ()))
            pending = []
        carried += pending
    return found, carried


def _batch_feet(view: View, channels: Mapping[str, ChannelFacts], rows: np.ndarray) -> tuple[list[Transfer], list[int]]:
    """One transfer per batch and currency; of a batch that is not positive only what the bank may take back.

    A foot below zero whose number stands at the bank is matched with that debit; else it is carried on, as one of zero.
    """
    code, words = view.codes("batch_ref")
    found: list[Transfer] = []
    carried: list[int] = []
    for key in np.unique(code[rows][code[rows] >= 0]):
        of_key = rows[code[rows] == key]
        for currency in np.unique(view.currency[of_key]):
            mine = of_key[view.currency[of_key] == currency]
            foot = int(view.amount[mine].sum())
            if foot == 0:
                carried += [int(r) for r in mine]
                continue
            numbers = tuple(sorted({words[int(key)].as_py(), *_bank_number(view, mine)}))
            day = int(view.day[mine].max())
            found.append(_foot(view, channels, tuple(int(r) for r in mine), foot, day, "batch", numbers))
    return found, carried


def _bank_number(view: View, rows: np.ndarray) -> set[str]:
    """The number under which the bank knows a batch (UTR, trace number), where all its lines print the same one."""
    numbers = set(view.texts("line_ref", rows))
    return {number for number in numbers if len(number) >= NUMBER_LENGTH} if len(numbers) == 1 else set()


def _foot(
    view: View,
    channels: Mapping[str, ChannelFacts],
    rows: tuple[int, ...],
    foot: int,
    day: int,
    form: str,
    numbers: tuple[str, ...],
) -> Transfer:
    early, due = _arrival(view, channels, rows[0], day)
    return Transfer(
        rows=rows,
        account=int(view.account[rows[0]]),
        family=int(view.family[rows[0]]),
        currency=int(view.currency[rows[0]]),
        amount=foot,
        day=day,
        early=early,
        due=due,
        numbers=numbers,
        form=form,
    )
