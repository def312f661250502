"""Which book of an account tells its money: the cash book on the days that it covers, else the trade book.

A cash book that shows only the net of an order leaves its lines to the trade book.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from recon.ledger.days import NO_DAY, day_number
from recon.ledger.outcome import Outcome
from recon.ledger.parts import count_by, max_by, min_by, sum_by
from recon.ledger.statement import AccountFacts
from recon.ledger.view import BOOK, GATEWAY, View, of_details

_DAYS = 1 << 20  # days since 1970 stay below this until the year 4840


def told_by_cash(view: View, outcome: Outcome) -> np.ndarray:
    """Return a mask of the entries whose money another book of their account tells.

    Those are the rows of a trade book on days that a cash book covers. Where the cash book shows an order in one row,
    its net, and the trade book's lines of that order make the same sum, the lines tell more: the net is told by them.
    """
    told = np.zeros(len(view), dtype=bool)
    trade = np.flatnonzero((view.side == GATEWAY) & (view.book == BOOK["trade"]))
    told[trade] = np.isin(view.account[trade] * _DAYS + view.day[trade], _cash_days(view, outcome))
    nets = np.flatnonzero(of_details(view, {name: facts.nets for name, facts in outcome.channels.items()}))
    lines = trade[told[trade]]
    if len(nets) and len(lines):
        order, orders = view.codes("order_ref")
        nets, lines = nets[order[nets] >= 0], lines[order[lines] >= 0]
        key = (view.account * len(view.currencies) + view.currency) * len(orders) + order
        both, of = np.unique(key[np.concatenate([nets, lines])], return_inverse=True)
        net, parts = of[: len(nets)], of[len(nets) :]
        same = sum_by(net, view.amount[nets], len(both)) == sum_by(parts, view.amount[lines], len(both))
        same &= (count_by(net, len(both)) > 0) & (count_by(parts, len(both)) > 0)
        told[lines[same[parts]]] = False
        told[nets[same[net]]] = True
    return told


def money_rows(view: View, outcome: Outcome) -> np.ndarray:
    """Return a mask of the gateway entries that tell an account's money once: by one book, and by no copy."""
    rows: np.ndarray = (view.side == GATEWAY) & ~told_by_cash(view, outcome) & ~copies(view)
    return rows


def copies(view: View) -> np.ndarray:
    """Mark copies (聚合 views, insurance copies) of accounts whose original is there, and of payments that another
    account tells (an orchestrator's list beside a processor's).

    Those of banks and of order lists were found beside it, under whatever name a file gives the account
    (`bank_copies`, `order_copies`).
    """
    copy = view.book == BOOK["copy"]
    original = np.zeros(max(len(view.accounts), 1), dtype=bool)
    original[view.account[~copy]] = True
    marked: np.ndarray = copy & (original[view.account] | (view.side != GATEWAY))
    lone = copy & ~marked
    if lone.any():
        payment, _ = view.codes("payment_ref")
        told = np.unique(payment[(view.side == GATEWAY) & ~copy & (payment >= 0)])
        marked |= lone & np.isin(payment, told)
    return marked


def _cash_days(view: View, outcome: Outcome) -> np.ndarray:
    """Account and day pairs that a cash book covers: the stated period of its files, else first to last row of each."""
    cash = np.flatnonzero((view.side == GATEWAY) & (view.book == BOOK["cash"]) & (view.day != NO_DAY))
    files = view.entries["source_file"]
    file = files.cat.codes.to_numpy()[cash].astype(np.int64)
    spans: list[tuple[int, int, int]] = []
    held: dict[str, set[int]] = {}
    pairs = file * len(view.accounts) + view.account[cash]
    size = len(files.cat.categories) * len(view.accounts)
    seen = np.asarray(pd.unique(pairs * _DAYS + view.day[cash]))  # many rows, few days
    first, last = (by(seen // _DAYS, seen % _DAYS, size, NO_DAY) for by in (min_by, max_by))
    for pair in np.flatnonzero(last != NO_DAY).tolist():
        one, account = divmod(pair, len(view.accounts))
        spans.append((account, int(first[pair]), int(last[pair])))
        held.setdefault(str(files.cat.categories[one]), set()).add(account)
    for statement in outcome.statements:
        if statement.book == "cash":
            family = outcome.channels[statement.channel].family
            spans += _stated(view.accounts, family, statement.accounts, held.get(statement.file, set()))
    keys = [np.arange(low, high + 1) + account * _DAYS for account, low, high in spans]
    return np.unique(np.concatenate(keys)) if keys else np.array([], dtype=np.int64)


def _stated(
    accounts: tuple[str, ...], family: str, facts: tuple[AccountFacts, ...], held: set[int]
) -> list[tuple[int, int, int]]:
    """Account, first and last day of the periods that one file states.

    A file that prints no account number states its period for the accounts that its rows were found to belong to.
    """
    spans = []
    for fact in facts:
        key = f"{family}:{fact.account}"
        named = {accounts.index(key)} if key in accounts else held
        if fact.period_from is not None and fact.period_to is not None:
            low, high = day_number(fact.period_from), day_number(fact.period_to)
            spans += [(account, low, high) for account in sorted(named)]
    return spans
