"""Payouts that are late: past due and not at the bank, or of an account that paid out regularly and stopped."""

from __future__ import annotations

import numpy as np
import pandas as pd

from recon.breaks.alarms.scope import Scope
from recon.breaks.alarms.texts import say, title
from recon.ledger.alarm import Alarm, AlarmRate
from recon.ledger.days import NO_DAY, as_date, day_number
from recon.ledger.view import GATEWAY
from recon.ledger.view import KIND as KINDS
from recon.money import format_amount
from recon.timing import worked_days

KIND = "payout_late"
RATE = "0.1%"
#: Intervals between payouts that are looked back, and how many are needed to call them regular.
_LOOK_BACK, _FEWEST = 30, 10
#: Regular: the median deviation from the median interval is at most a quarter of it, and nine intervals of ten are at
#: most twice as long and a day. Stopped: six deviations longer, at least twice as long, and three days more.
_REGULAR, _SCATTERS, _SLACK = 4, 6, 3


def late(scope: Scope, findings: pd.DataFrame) -> tuple[list[Alarm], AlarmRate]:
    """Return one alarm per account and currency of payouts past due, and one per account that stopped paying out."""
    overdue = _overdue(scope, findings)
    view = scope.view
    mine = scope.counted & (view.side == GATEWAY) & (view.day != NO_DAY)
    paid_out = mine & (view.kind == KINDS["payout"]) & (view.amount < 0)
    income = mine & (view.kind == KINDS["payment"])
    stopped = []
    judged = 0
    for code in np.unique(view.account[paid_out]).tolist():
        account = view.accounts[code]
        coverage = scope.covered.cover.gateways.get(account)
        days = np.unique(view.day[paid_out & (view.account == code)])[-_LOOK_BACK - 1 :]
        if coverage is None or len(days) <= _FEWEST:
            continue
        last = min(coverage.last, scope.as_of)
        worked = np.cumsum(worked_days(int(days[0]), max(last, int(days[-1]))))
        place = worked[days - days[0]]
        judged += 1
        usual, longest, regular = _habit(np.diff(place))
        if not regular:
            continue
        since = int(worked[-1] - place[-1])
        received = int((income & (view.account == code) & (view.day > days[-1])).sum())
        if since > longest and received:
            stopped.append(_stopped(scope, account, usual, longest, since, int(days[-1]), received))
    return [*overdue, *stopped], AlarmRate(KIND, title(KIND, scope.lang), RATE, "run", judged)


def _habit(intervals: np.ndarray) -> tuple[int, int, bool]:
    """The usual interval in working days, the longest that is no alarm, and whether the account pays out regularly."""
    usual = int(np.sort(intervals)[len(intervals) // 2])
    scatter = int(np.sort(np.abs(intervals - usual))[len(intervals) // 2])
    longest = max(2 * usual, usual + _SCATTERS * scatter) + _SLACK
    exceptions = int((intervals > 2 * usual + 1).sum())
    return usual, longest, scatter * _REGULAR <= usual and 10 * exceptions <= len(intervals)


def _stopped(scope: Scope, account: str, usual: int, longest: int, since: int, last: int, received: int) -> Alarm:
    text = say(
        scope.lang,
        "payouts_stopped",
        account=account,
        usual=max(usual, 1),
        last=as_date(last),
        days=since,
        n=received,
    )
    return Alarm(KIND, title(KIND, scope.lang), account, "", last, "", text, "days", since, 0, longest)


def _overdue(scope: Scope, findings: pd.DataFrame) -> list[Alarm]:
    """Findings `missing_payout`, one alarm per account and currency that points at the oldest."""
    mine = findings[findings["code"] == "missing_payout"]
    plain = pd.DataFrame({name: mine[name].astype(object) for name in _FIELDS})
    found = []
    for key, group in plain.groupby(["channel", "account", "currency"], sort=True):
        channel, number, currency = (str(part) for part in key)
        oldest = group.sort_values(["due_date", "break_id"], kind="stable").iloc[0]
        amount = sum(abs(int(d)) for d in group["difference"])
        account = f"{scope.channels[channel].family}:{number}"
        text = say(
            scope.lang,
            "payouts_due",
            account=account,
            n=len(group),
            amount=format_amount(amount, currency),
            currency=currency,
            due=oldest["due_date"],
        )
        found.append(
            Alarm(
                KIND,
                title(KIND, scope.lang),
                account,
                "",
                day_number(oldest["due_date"]),
                currency,
                text,
                "amount",
                amount,
                break_id=oldest["break_id"],
            )
        )
    return found


_FIELDS = ("channel", "account", "currency", "due_date", "difference", "break_id")
