"""Alarms of files: days without one, a file that ends before the others, an empty one, totals and balances broken."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from recon.breaks.alarms.scope import Scope
from recon.breaks.alarms.texts import say, title
from recon.ledger.alarm import Alarm
from recon.ledger.days import NO_DAY, as_date, day_number
from recon.ledger.statement import AccountFacts
from recon.timing import Coverage

#: Findings of files that are alarms too.
_POINTED = {"missing_file": "file_missing", "control_total": "total_broken", "balance_break": "balance_broken"}
#: Covered days that tell how long an account may be quiet; and daily files that make the last day's one expected.
_FEWEST_DAYS, _DAILY_FILES = 28, 7
#: An account that ends longer ago was closed.
_CLOSED = 31
#: Of at least so many files of an account, one in so many may be empty.
_EMPTY_FILES = 10


def of_findings(scope: Scope, findings: pd.DataFrame) -> list[Alarm]:
    """Return an alarm for each finding that a file shows by itself; it points there and says the same."""
    found = []
    mine = findings[findings["code"].isin(list(_POINTED))]
    if mine.empty:
        return []
    for row in mine.astype(object).where(mine.notna(), None).to_dict("records"):
        kind = _POINTED[row["code"]]
        facts = scope.channels.get(row["channel"] or "")
        account = f"{facts.family}:{row['account']}" if facts is not None else row["account"] or ""
        day = NO_DAY if row["due_date"] is None else day_number(row["due_date"])
        found.append(
            Alarm(
                kind,
                title(kind, scope.lang),
                account,
                row["shop"] or "",
                day,
                row["currency"],
                row["explanation"],
                break_id=row["break_id"],
            )
        )
    return found


def ending_early(scope: Scope) -> list[Alarm]:
    """Return the accounts whose files end before those that go along with them, by more than they ever were quiet.

    Order lists go along with order lists, gateways with these too, banks with all. Where an account has daily files,
    one lacking day is enough.
    """
    cover = scope.covered.cover
    found: list[Alarm] = []
    expected = 0
    for side in (cover.orders, cover.gateways, cover.banks):
        expected = max([expected, *(c.last for c in side.values())])
        found += _behind(scope, side, min(expected, scope.as_of))
    return found


def _behind(scope: Scope, side: Mapping[str, Coverage], expected: int) -> list[Alarm]:
    found = []
    for account, coverage in sorted(side.items()):
        lacking = expected - coverage.last
        if coverage.last - coverage.first + 1 < _FEWEST_DAYS or not 0 < lacking <= _CLOSED:
            continue
        grace = 0 if scope.daily_files(account) >= _DAILY_FILES else max(_quiet(scope, account, coverage), 1)
        if lacking > grace:
            text = say(
                scope.lang,
                "ends_early",
                account=account,
                last=as_date(coverage.last),
                expected=as_date(expected),
                days=lacking,
            )
            kind = "file_missing"
            found.append(
                Alarm(kind, title(kind, scope.lang), account, "", expected, "", text, "days", lacking, 0, grace)
            )
    return found


def _quiet(scope: Scope, account: str, coverage: Coverage) -> int:
    """The longest run of days without a row inside the account's files."""
    view = scope.view
    if account not in view.accounts:
        return coverage.last - coverage.first
    mine = view.day[view.account == view.accounts.index(account)]
    days = np.unique(mine[(mine >= coverage.first) & (mine <= coverage.last)])
    return int(np.diff(days).max(initial=1)) - 1


def empty_files(scope: Scope) -> list[Alarm]:
    """Return the files without any row, of the period or of none, unless their account often has such files."""
    files: dict[str, list[tuple[AccountFacts, int]]] = {}
    for statement in scope.files:
        family = scope.channels[statement.channel].family
        for facts in statement.accounts or (_nobody(statement.channel),):
            files.setdefault(f"{family}:{facts.account}", []).append((facts, statement.rows))
    found = []
    for account, listed in sorted(files.items()):
        empty = [facts for facts, rows in listed if rows == 0]
        if len(listed) >= _EMPTY_FILES and len(empty) * _EMPTY_FILES > len(listed):
            continue
        found += [_empty(scope, account, facts) for facts in empty if _reported(scope, facts)]
    return sorted(set(found), key=lambda alarm: alarm.day)


def _nobody(channel: str) -> AccountFacts:
    return AccountFacts(f"{channel}:default", "", None, None, period_stated=False)


def _reported(scope: Scope, facts: AccountFacts) -> bool:
    return facts.period_to is None or scope.since <= day_number(facts.period_to) <= scope.as_of


def _empty(scope: Scope, account: str, facts: AccountFacts) -> Alarm:
    kind = "empty_file"
    days = [day.isoformat() for day in (facts.period_from, facts.period_to) if day is not None]
    day = NO_DAY if facts.period_to is None else day_number(facts.period_to)
    text = say(scope.lang, kind, account=account, period=" – ".join(dict.fromkeys(days)) or "?")
    return Alarm(kind, title(kind, scope.lang), account, "", day, facts.currency, text)
