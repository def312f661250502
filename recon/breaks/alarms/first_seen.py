"""What appears for the first time in a history that is long enough to say so: a charge, an account, a channel."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from recon.breaks.alarms.scope import Scope
from recon.breaks.alarms.texts import say, title
from recon.ledger.alarm import Alarm
from recon.ledger.days import NO_DAY, as_date
from recon.ledger.parts import min_by
from recon.ledger.view import GATEWAY, View
from recon.ledger.view import KIND as KINDS
from recon.timing import Coverage

KIND = "first_appearance"
#: Days of files before, without it.
FEWEST = 28
_CHARGES = tuple(KINDS[k] for k in ("fee", "commission", "shipping", "tax", "adjustment"))


def first_seen(scope: Scope) -> list[Alarm]:
    """Return charges, accounts and channels whose first day lies in the period, behind at least 28 covered days."""
    cover = scope.covered.cover
    sides = (cover.orders, cover.gateways, cover.banks)
    fresh = [alarm for side in sides for alarm in _accounts(scope, side)]
    return [*fresh, *_charges(scope, {alarm.account for alarm in fresh})]


def _accounts(scope: Scope, side: Mapping[str, Coverage]) -> list[Alarm]:
    """Accounts that begin late; where no other account of the family is older, the channel is new."""
    found = []
    for account, coverage in sorted(side.items()):
        others = {name: c for name, c in side.items() if name != account and c.first < coverage.first}
        days = max((_covered_before(c, coverage.first) for c in others.values()), default=0)
        if days < FEWEST or not scope.since <= coverage.first <= scope.as_of:
            continue
        family = account.split(":", 1)[0]
        known = any(name.split(":", 1)[0] == family for name in others)
        day = as_date(coverage.first)
        phrase = "first_account" if known else "first_channel"
        text = say(scope.lang, phrase, account=account, channel=family, day=day, days=days)
        found.append(Alarm(KIND, title(KIND, scope.lang), account, "", coverage.first, "", text))
    return found


def _charges(scope: Scope, fresh: set[str]) -> list[Alarm]:
    """Names of charges that a gateway account has not shown before."""
    view = scope.view
    detail = view.entries["detail"].cat
    codes = detail.codes.to_numpy().astype(np.int64)
    mine = scope.counted & (view.side == GATEWAY) & np.isin(view.kind, _CHARGES) & (codes >= 0) & (view.day != NO_DAY)
    rows = np.flatnonzero(mine)
    size = max(len(detail.categories), 1)
    first = min_by(view.account[rows] * size + codes[rows], view.day[rows], len(view.accounts) * size, NO_DAY)
    found = []
    for cell in np.flatnonzero((first >= scope.since) & (first <= scope.as_of)).tolist():
        account = view.accounts[cell // size]
        coverage = scope.covered.cover.gateways.get(account)
        days = _covered_before(coverage, int(first[cell])) if coverage is not None else 0
        if days < FEWEST or account in fresh:
            continue
        name, day = str(detail.categories[cell % size]), as_date(int(first[cell]))
        text = say(scope.lang, "first_detail", account=account, detail=name, day=day, days=days)
        found.append(
            Alarm(KIND, title(KIND, scope.lang), account, "", int(first[cell]), _currency(view, cell // size), text)
        )
    return found


def _currency(view: View, account: int) -> str:
    return view.currencies[int(view.currency[np.argmax(view.account == account)])]


def _covered_before(coverage: Coverage, day: int) -> int:
    """How many days before a day are covered."""
    days = np.arange(coverage.first, min(day, coverage.last + 1))
    return int(coverage.covers(days, days).sum())
