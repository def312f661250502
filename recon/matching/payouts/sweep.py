"""Accounts whose payouts take everything that is there, without a number on the lines: the batch pass over the ledger.

An account is such a sweep when its channel or the bank's text says so; when its channel pays in batches, this file
prints no numbers and the chain explains at least half of the payouts; or, whatever its channel usually does, when every
withdrawal leaves the same rest, which the chain proves. The first payout of the files is never counted against it: its
lines may lie before.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from recon.ledger.channel import ChannelFacts
from recon.ledger.transfers import GAP, OPEN, WAITS, Batch
from recon.ledger.view import BOOK, GATEWAY, KIND, View, arrow
from recon.matching.payouts.batch import decide, post
from recon.matching.payouts.stream import POOL, PROVED, SUGGESTED, Account, Settled, Stream

#: The cut of a payout lies at most so many days before it.
_REACH = 3
#: So many payouts after the first must leave the same rest.
_LEAST = 3
#: Of a long stream so many payouts are asked first; the last of them may lack its neighbour.
_FIRST = 12
_DAY = 86_400
_PAYOUT = KIND["payout"]


class _Asked(NamedTuple):
    """One account and currency: what it declares, its lines and payouts as positions of entries, its stream."""

    account: int
    currency: int
    declared: frozenset[str | None]
    lines: np.ndarray
    payouts: np.ndarray
    stream: Stream


def sweeps(
    view: View,
    channels: Mapping[str, ChannelFacts],
    account_forms: Mapping[int, str],
    active: np.ndarray,
    returned: Collection[int],
) -> list[Batch]:
    """Return the payouts of sweep accounts with their lines, and the lines that are not paid out yet.

    Args:
        view: the ledger.
        channels: facts per channel.
        account_forms: account code -> form, as `payouts.forms` and the bank's texts tell it.
        active: entries that count.
        returned: positions of bounced payouts and of their returns; they are left out.
    """
    left_out = np.zeros(len(view), dtype=bool)
    left_out[list(returned)] = True
    usable = active & ~left_out & (view.side == GATEWAY)
    asked: list[_Asked] = []
    for account in sorted(a for a, form in account_forms.items() if form in ("manual", "sweep")):
        mine = usable & (view.account == account)
        cash = mine & (view.book == BOOK["cash"])
        mine = cash if cash.any() else mine
        declared = frozenset(channels[view.channels[c]].payout for c in np.unique(view.channel[mine]))
        declared |= {account_forms[account]}
        for currency in np.unique(view.currency[mine & (view.kind == _PAYOUT)]):
            rows = np.flatnonzero(mine & (view.currency == currency))
            out = (view.kind[rows] == _PAYOUT) & (view.amount[rows] < 0)
            if _worth_asking(-view.amount[rows[out]], declared):
                asked.append(_asked(view, account, declared, rows[~out], rows[out]))
    kept = [one for one in asked if _is_sweep(one)]
    settled = post([decide(one.stream) for one in kept])
    return [batch for one, account in zip(kept, settled, strict=True) for batch in _batches(view, one, account)]


def _worth_asking(amount: np.ndarray, declared: frozenset[str | None]) -> bool:
    """A person withdraws round sums; only of the others is it asked whether they leave the same rest."""
    if "sweep" in declared:
        return bool(len(amount))
    return len(amount) > _LEAST and 2 * int(np.count_nonzero(amount % 100 == 0)) < len(amount)


def _asked(view: View, account: int, declared: frozenset[str | None], lines: np.ndarray, payouts: np.ndarray) -> _Asked:
    sent = _seconds(view, payouts)
    stream = Stream(
        net=view.amount[lines],
        moment=_seconds(view, lines),
        day=view.day[lines],
        amount=-view.amount[payouts],
        paid_at=sent,
        earliest=sent - _REACH * _DAY,
        latest=sent,
        first_day=view.day[payouts] - _REACH,
        last_day=view.day[payouts],
    )
    return _Asked(account, int(view.currency[payouts[0]]), declared, lines, payouts, stream)


def _seconds(view: View, rows: np.ndarray) -> np.ndarray:
    """Moments in seconds; entries without one stand at the start of their day."""
    moment = arrow(view.entries["occurred_at"]).take(pa.array(rows))
    micro: np.ndarray = moment.cast(pa.int64()).fill_null(0).to_numpy()
    return np.where(moment.is_valid().to_numpy(), micro // 1_000_000, view.day[rows] * _DAY)


def _is_sweep(one: _Asked) -> bool:
    """Whether channel or bank says so, or the chain alone: what a search finds is no proof of a habit."""
    if "sweep" in one.declared:
        return True
    if (
        "batch" not in one.declared
        and len(one.payouts) > _FIRST
        and _held_of_later(_beginning(one.stream)) < _FIRST - 2
    ):
        return False  # the beginning tells already that some withdrawal leaves another rest
    held, later = _held_of_later(one.stream), len(one.payouts) - 1
    return 2 * held >= later if "batch" in one.declared else held == later


def _beginning(stream: Stream) -> Stream:
    """The first payouts of a stream, and the rows that may be theirs."""
    first = np.argsort(stream.paid_at, kind="stable")[:_FIRST]
    rows = np.flatnonzero(stream.moment <= stream.paid_at[first].max())
    of_rows = {name: getattr(stream, name)[rows] for name in ("net", "moment", "day")}
    names = ("amount", "paid_at", "earliest", "latest", "first_day", "last_day")
    return replace(stream, **of_rows, **{name: getattr(stream, name)[first] for name in names})


def _held_of_later(stream: Stream) -> int:
    """How many payouts after the first one the chain alone explains."""
    found = decide(stream, searched=False)
    later = np.argsort(stream.paid_at, kind="stable")[1:]
    return sum(found.account.payouts[n].verdict in (PROVED, POOL) for n in later)


def _batches(view: View, one: _Asked, account: Account) -> list[Batch]:
    groups: dict[tuple[str, int], list[int]] = {}
    first = account.payouts[int(np.argmin(one.stream.paid_at))].group
    for n, found in enumerate(account.payouts):
        verdict = _verdict(found, first=found.group == first)
        groups.setdefault((verdict, found.group if verdict in (PROVED, POOL, GAP) else n), []).append(n)
    result = []
    taken = np.zeros(len(one.lines), dtype=bool)
    for (verdict, _), numbers in sorted(groups.items(), key=lambda g: (g[0][0] == SUGGESTED, g[1])):
        found = account.payouts[numbers[0]]
        # A suggestion holds its lines; one that wants lines of another is only named beside its payout.
        how = OPEN if verdict == SUGGESTED and taken[found.rows].any() else verdict
        rows = found.rows if how != WAITS else found.rows[:0]
        taken[rows] |= how != OPEN
        result.append(_batch(view, one, one.lines[rows], one.payouts[numbers], how, found, account.fee))
    rest = one.lines[~taken]
    return [*result, _batch(view, one, rest, one.payouts[:0], WAITS, Settled(), 0)] if len(rest) else result


def _verdict(found: Settled, *, first: bool) -> str:
    if found.verdict in (PROVED, POOL, SUGGESTED):
        return found.verdict
    if found.ways > 1:
        return OPEN
    return GAP if found.gap and not first else WAITS


def _batch(
    view: View, one: _Asked, lines: np.ndarray, payouts: np.ndarray, verdict: str, found: Settled, fee: int
) -> Batch:
    day = int(view.day[payouts if len(payouts) else lines].max())
    return Batch(
        key="",
        account=one.account,
        currency=one.currency,
        payouts=tuple(sorted(int(r) for r in payouts)),
        lines=tuple(sorted(int(r) for r in lines)),
        paid_out=-int(view.amount[payouts].sum()),
        footed=int(view.amount[lines].sum()),
        day=day,
        due=day,
        rule=found.rule,
        basis=found.basis,
        verdict=verdict,
        ways=found.ways,
        fee=fee * len(payouts),
        loose=len(found.loose),
    )
