"""Information, no breaks: what was matched across a month end (跨期), and what was matched late (逾期到账)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from recon.breaks.fee_texts import percent
from recon.breaks.finding import Finding
from recon.breaks.phrases import say
from recon.ledger.days import NO_DAY, date_of
from recon.ledger.outcome import GATEWAY_BANK, ORDER_GATEWAY
from recon.ledger.parts import Parts
from recon.ledger.transfers import LATE, MATCHED, BankLeg, Transfer
from recon.ledger.view import GATEWAY, KIND, View
from recon.money import at_rate, format_amount

#: No day passed: the two sides write one moment down in two zones.
_ONE_MOMENT = 0
#: A transfer to the bank crosses by its settlement, however short.
_SETTLED = 2


@dataclass(frozen=True)
class _Crossing:
    """Rows matched across one month end: leg, account, currency, month; the received minor units; the late rows."""

    leg: str
    account: int
    currency: int
    month: str
    amount: int
    rows: tuple[int, ...]
    lag: int  # the longest, in days


def order_information(
    view: View, parts: Parts, matched: np.ndarray, zone: str, interest: Fraction | None, lang: str
) -> list[Finding]:
    """Return cutoff and late_settlement of the order leg.

    Args:
        view: the ledger.
        parts: the comparison.
        matched: per entry, whether it is a member of a match of the leg.
        zone: the workspace's zone.
        interest: share a day on money that came late, None for none.
        lang: zh or en.
    """
    rows = np.flatnonzero(matched & (view.side == GATEWAY) & (view.kind == KIND["payment"]) & (view.day != NO_DAY))
    rows = rows[parts.times.trigger[parts.group[rows]] != NO_DAY]
    trigger, day = parts.times.trigger[parts.group[rows]], view.day[rows]
    across = np.flatnonzero(_months(trigger) != _months(day))
    rows, trigger, day = rows[across], trigger[across], day[across]
    lag = np.where(view.days("occurred_at", zone)[rows] == trigger, _ONE_MOMENT, np.abs(day - trigger))
    found = [_cutoff(view, c, lang) for c in _order_crossings(view, rows, np.minimum(trigger, day), lag)]
    return found + _order_late(view, parts, matched, interest, lang)


def _order_late(view: View, parts: Parts, matched: np.ndarray, interest: Fraction | None, lang: str) -> list[Finding]:
    """One per match: its payments after their due day, or its refunds where the order list dates the refund."""
    times, group = parts.times, parts.group
    money = matched & (view.side == GATEWAY) & (view.day != NO_DAY)
    payments = np.flatnonzero(money & (view.kind == KIND["payment"]))
    payments = payments[times.trigger[group[payments]] != NO_DAY]
    refunds = np.flatnonzero(money & (view.kind == KIND["refund"]))
    refunds = refunds[times.refund_stated[group[refunds]]]
    due = np.concatenate([times.due[group[payments]], times.refund_due[group[refunds]]])
    rows = np.concatenate([payments, refunds])
    late = view.day[rows] > due
    rows, due = rows[late], due[late]
    order = np.argsort(group[rows], kind="stable")
    starts = np.flatnonzero(np.diff(group[rows][order], prepend=-1))
    found = []
    for mine in np.split(order, starts[1:]) if len(rows) else ():
        lag = view.day[rows[mine]] - due[mine]
        worst = mine[int(lag.argmax())]
        members = tuple(sorted(int(r) for r in rows[mine]))
        amount = int(view.amount[rows[mine]].sum())
        days = int(due[worst]), int(view.day[rows[worst]])
        found.append(_late(view, ORDER_GATEWAY, members, amount, days, interest, lang))
    return found


def _order_crossings(view: View, rows: np.ndarray, start: np.ndarray, lag: np.ndarray) -> list[_Crossing]:
    months = _months(start)
    key = np.stack([view.account[rows], view.currency[rows], months])
    found = []
    for account, currency, month in np.unique(key, axis=1).T:
        mine = np.flatnonzero((key == np.array([[account], [currency], [month]])).all(axis=0))
        total = int(view.amount[rows[mine]].sum())
        label = f"{1970 + int(month) // 12:04d}-{int(month) % 12 + 1:02d}"
        members = tuple(int(r) for r in rows[mine])
        longest = int(lag[mine].max())
        found.append(_Crossing(ORDER_GATEWAY, int(account), int(currency), label, total, members, longest))
    return found


def _months(days: np.ndarray) -> np.ndarray:
    months: np.ndarray = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return months


def bank_information(view: View, leg: BankLeg, interest: Fraction | None, lang: str) -> list[Finding]:
    """Return cutoff and late_settlement of the leg gateway-bank; of a foot only the rows before the month end count.

    interest: share a day on money that came late, None for none.
    """
    found: list[Finding] = []
    crossing: dict[tuple[int, int, int], list[int]] = {}
    amounts: dict[tuple[int, int, int], int] = {}
    for tie in leg.ties:
        if tie.how not in (MATCHED, LATE):
            continue
        arrival = max(int(view.day[r]) for r in tie.credits)
        sent = [leg.transfers[n] for n in tie.transfers]
        if tie.how == LATE:
            amount = int(view.amount[list(tie.credits)].sum())
            rows = (*(row for transfer in sent for row in transfer.rows), *tie.credits)
            due = max(transfer.due for transfer in sent)
            found.append(_late(view, GATEWAY_BANK, rows, amount, (due, arrival), interest, lang))
        for transfer in sent:
            _cross(view, transfer, arrival, crossing, amounts)
    for (account, currency, month), crossed_rows in sorted(crossing.items()):
        label = f"{1970 + month // 12:04d}-{month % 12 + 1:02d}"
        amount = amounts[account, currency, month]
        crossed = _Crossing(GATEWAY_BANK, account, currency, label, amount, tuple(sorted(crossed_rows)), _SETTLED)
        found.append(_cutoff(view, crossed, lang))
    return found


def _cross(
    view: View,
    transfer: Transfer,
    arrival: int,
    crossing: dict[tuple[int, int, int], list[int]],
    amounts: dict[tuple[int, int, int], int],
) -> None:
    rows = np.array(transfer.rows)
    months = _months(view.day[rows])
    before = months < _months(np.array([arrival]))[0]
    sign = -1 if transfer.form == "payout" else 1
    for month in np.unique(months[before]):
        mine = rows[before & (months == month)]
        key = (transfer.account, transfer.currency, int(month))
        crossing.setdefault(key, []).extend(int(r) for r in mine)
        amounts[key] = amounts.get(key, 0) + sign * int(view.amount[mine].sum())


def _cutoff(view: View, crossing: _Crossing, lang: str) -> Finding:
    currency = view.currencies[crossing.currency]
    return Finding(
        code="cutoff",
        leg=crossing.leg,
        owned=(),
        linked=crossing.rows,
        expected=crossing.amount,
        actual=crossing.amount,
        currency=currency,
        explanation=say(
            lang,
            "cutoff",
            account=view.accounts[crossing.account].split(":", 1)[1],
            n=len(crossing.rows),
            month=crossing.month,
            actual=format_amount(crossing.amount, currency),
        ),
        cause="time_zone" if crossing.lag == _ONE_MOMENT else "day_cut" if crossing.lag <= 1 else "settlement_delay",
    )


def _late(
    view: View,
    leg: str,
    rows: tuple[int, ...],
    amount: int,
    days: tuple[int, int],
    interest: Fraction | None,
    lang: str,
) -> Finding:
    """One match that came late; days: when it was due, and when it came."""
    due, arrival = days
    currency = view.currencies[view.currency[rows[0]]]
    text = say(lang, "late_settlement", due=date_of(due), day=date_of(arrival), days=arrival - due)
    if interest is not None:
        owed = at_rate(abs(amount), interest * (arrival - due))
        text += say(lang, "late_interest", rate=percent(interest), interest=format_amount(owed, currency))
    return Finding(
        code="late_settlement",
        leg=leg,
        owned=(),
        linked=rows,
        expected=amount,
        actual=amount,
        currency=currency,
        explanation=text,
        due=due,
    )
