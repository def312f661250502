"""The same amount again and again within minutes, far more often than the amount's own frequency explains.

Popular prices repeat all the time, so each amount is judged by its own rate: how often it comes on the other days, by
the hours at which the account sells. A burst counts only if chance would show one on fewer than one account-day in a
thousand. An account that had such bursts on several days before sells in bursts (live streams, flash sales): silent.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import scipy  # special is loaded where it is first used

from recon.breaks.alarms.scope import Scope
from recon.breaks.alarms.texts import say, title, word
from recon.ledger.alarm import Alarm, AlarmRate
from recon.ledger.days import NO_DAY
from recon.ledger.view import BANK, GATEWAY, View, arrow
from recon.ledger.view import KIND as KINDS
from recon.money import format_amount

KIND = "repeated_amounts"
RATE = "0.1%"
MINUTES = 5
#: Days of files before, from which the frequency is known; bursts on so many of them are a habit.
HISTORY, _HABIT = 28, 2
#: Fewer are a buyer who takes another one; and an amount may come so often more than it was seen to come.
_FEWEST, _UNSEEN = 5, 3
_CHANCE = 1e-4
#: Days that are looked back for the frequency.
_LOOK_BACK = 91
_DAY, _HOUR, _WINDOW = 86_400, 3_600, MINUTES * 60


@dataclass(frozen=True)
class _Moves:
    """Movements with a time of day, sorted by account and amount (`key`), then time.

    row: position in the ledger. second: since the start of the first day, in the workspace's zone.
    """

    row: np.ndarray
    key: np.ndarray
    account: np.ndarray
    second: np.ndarray

    @property
    def day(self) -> np.ndarray:
        """Of each, counted from the first one."""
        return self.second // _DAY


def repeated(scope: Scope) -> tuple[list[Alarm], AlarmRate]:
    """Return one alarm per account and day of the period: its largest burst.

    Payments into gateway accounts by amount; payments out of bank accounts by amount and counterparty.
    """
    first = scope.since - _LOOK_BACK
    moves = _moves(scope, first)
    known = _known(scope, first)
    sold = np.zeros(known.shape, dtype=np.int64)
    np.add.at(sold, (moves.account, moves.day), 1)
    judged = int((known & (sold > 0))[:, _LOOK_BACK:].sum())
    rate = AlarmRate(KIND, title(KIND, scope.lang), RATE, "day", judged)
    if not judged:
        return [], rate
    start, size = _crowds(moves)
    usual, chance = _chance(moves, sold, start, size)
    burst = chance < _CHANCE
    start, size, usual = start[burst], size[burst], usual[burst]
    account, day = moves.account[start], moves.day[start]
    marked = np.zeros(known.shape, dtype=np.int64)
    marked[account, day] = 1
    before = np.pad(np.cumsum(marked, axis=1), ((0, 0), (HISTORY + 1, 0)))
    habit = before[:, HISTORY:-1] - before[:, : -HISTORY - 1] >= _HABIT
    fit = np.flatnonzero((day >= _LOOK_BACK) & known[account, day] & ~habit[account, day])
    best = fit[np.lexsort((moves.second[start[fit]], -size[fit], day[fit], account[fit]))]
    cell = account[best] * known.shape[1] + day[best]
    best = best[np.r_[True, cell[1:] != cell[:-1]][: len(best)]]
    return [_alarm(scope, moves, int(start[n]), int(size[n]), int(usual[n]), first) for n in best.tolist()], rate


def _moves(scope: Scope, first: int) -> _Moves:
    """The movements from day `first` on whose amount comes often enough; midnight sharp is no time of day."""
    view = scope.view
    party, _ = view.codes("counterparty_account")
    incoming = (view.side == GATEWAY) & (view.kind == KINDS["payment"])
    outgoing = (view.side == BANK) & (view.kind == KINDS["disbursement"]) & (party >= 0)
    rows = np.flatnonzero(scope.counted & (incoming | outgoing) & (view.day != NO_DAY) & (view.amount != 0))
    second = _seconds(view, rows, scope.zone) - first * _DAY
    inside = (second >= 0) & (second < (scope.as_of - first + 1) * _DAY) & (second % _DAY != 0)
    rows, second = rows[inside], second[inside]
    amount, amounts = pd.factorize(view.amount[rows])
    of = view.account[rows] * len(view.currencies) + view.currency[rows]
    parties = int(party.max(initial=-1)) + 2
    key, _ = pd.factorize(
        (of * max(len(amounts), 1) + amount) * parties + np.where(view.side[rows] == BANK, party[rows], -1) + 1
    )
    order = np.argsort(key.astype(np.int64) * _past(scope, first) + second, kind="stable")
    return _Moves(rows[order], key[order].astype(np.int64), view.account[rows][order], second[order])


def _past(scope: Scope, first: int) -> int:
    """More seconds than the days have, and a window."""
    return (scope.as_of - first + 2) * _DAY


def _seconds(view: View, rows: np.ndarray, zone: str) -> np.ndarray:
    """Seconds since 1970-01-01 on the clock of a zone; rows without a moment at midnight."""
    column = arrow(view.entries["occurred_at"].iloc[rows]).cast(pa.int64())
    moments = column.fill_null(0).to_numpy().astype("datetime64[us]")
    local = pd.DatetimeIndex(moments, tz="UTC").tz_convert(zone).tz_localize(None).to_numpy()
    seconds: np.ndarray = local.astype("datetime64[s]").astype(np.int64)
    return np.where(column.is_valid().to_numpy(), seconds, 0)


def _known(scope: Scope, first: int) -> np.ndarray:
    """Account x day: covered, and behind at least HISTORY covered days."""
    days = np.arange(first, scope.as_of + 1)
    known = np.zeros((len(scope.view.accounts), len(days)), dtype=bool)
    for n, account in enumerate(scope.view.accounts):
        coverage = scope.coverage(account)
        if coverage is not None:
            covered = coverage.covers(days, days)
            known[n] = covered & (np.cumsum(covered) > HISTORY)
    return known


def _crowds(moves: _Moves) -> tuple[np.ndarray, np.ndarray]:
    """Places from which an amount comes at least _FEWEST times within the window, and how often it does."""
    span = int(moves.second.max(initial=0)) + _DAY
    clock = moves.key * span + moves.second
    near = clock[_FEWEST - 1 :] - clock[: len(clock) - _FEWEST + 1] if len(clock) >= _FEWEST else clock[:0]
    start = np.flatnonzero(near < _WINDOW)
    return start, np.searchsorted(clock, clock[start] + _WINDOW) - start


def _chance(moves: _Moves, sold: np.ndarray, start: np.ndarray, size: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How often each crowd's amount usually comes a day, and how many such crowds chance shows the account a day."""
    account, day, key = moves.account[start], moves.day[start], moves.key[start]
    days = np.maximum((sold > 0).sum(axis=1), 2)[account]
    span = int(moves.second.max(initial=0)) + _DAY
    clock = moves.key * span + moves.second
    own = np.searchsorted(clock, key * span + (day + 1) * _DAY) - np.searchsorted(clock, key * span + day * _DAY)
    elsewhere = np.bincount(moves.key)[key] - own
    usual = (elsewhere + _UNSEEN) / (days - 1)
    mean = sold.sum(axis=1)[account] / days
    busy = np.maximum(sold[account, day] / mean, 1.0)
    hours = np.bincount(moves.account * 24 + moves.second % _DAY // _HOUR, minlength=24 * len(sold)).reshape(-1, 24)
    share = (hours + 1) / (hours.sum(axis=1, keepdims=True) + 24)
    share = np.maximum(share, np.roll(share, -1, axis=1))
    expected = usual * busy * share[account, moves.second[start] % _DAY // _HOUR] * _WINDOW / _HOUR
    likely = size - 1 <= expected + 3 * np.sqrt(expected)
    chance = np.ones(len(start))
    chance[~likely] = scipy.special.pdtrc(size[~likely] - 2, expected[~likely]) * (busy * mean)[~likely]
    return np.round(elsewhere / (days - 1)).astype(np.int64), chance


def _alarm(scope: Scope, moves: _Moves, place: int, size: int, usual: int, first: int) -> Alarm:
    view, row, second = scope.view, int(moves.row[place]), int(moves.second[place])
    account, currency = view.accounts[view.account[row]], view.currencies[view.currency[row]]
    start = np.datetime64(first * _DAY + second, "s")
    bank = bool(view.side[row] == BANK)
    text = say(
        scope.lang,
        "repeated_by" if bank else "repeated",
        account=account,
        n=size,
        what=word("disbursement" if bank else "payment", scope.lang),
        amount=format_amount(abs(int(view.amount[row])), currency),
        currency=currency,
        minutes=MINUTES,
        first=str(start).replace("T", " "),
        usual=usual,
    )
    day = first + second // _DAY
    return Alarm(KIND, title(KIND, scope.lang), account, "", day, currency, text, "items", size, 0, _FEWEST - 1)
