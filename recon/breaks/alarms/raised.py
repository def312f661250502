"""What a person should look into although it is no break (`domain.md` 8, alarms worth having).

Alarms are information: they change no finding, no exit code and no `--fail-on`. Those that rest on statistics use
medians only, and each says how often it speaks in vain (`tests/benchmarks/alarm_rate.py` measures it).
"""

from __future__ import annotations

import pandas as pd

from recon.breaks.alarms.daily_bands import WEEKS, out_of_band
from recon.breaks.alarms.daily_sums import daily
from recon.breaks.alarms.files import empty_files, ending_early, of_findings
from recon.breaks.alarms.first_seen import first_seen
from recon.breaks.alarms.money_at_risk import money_at_risk
from recon.breaks.alarms.payouts_due import late
from recon.breaks.alarms.refund_rates import doubled
from recon.breaks.alarms.repeated_amounts import repeated
from recon.breaks.alarms.scope import Scope
from recon.breaks.alarms.texts import KINDS
from recon.ledger.alarm import AlarmRate, Alarms


def alarms(scope: Scope, findings: pd.DataFrame, finding_rows: pd.DataFrame) -> Alarms:
    """Return the alarms of a run, sorted by kind, account, shop, day and words, and how often each kind errs.

    Args:
        scope: the ledger, its files and coverage, and what is reported on.
        findings: `outcome.FINDINGS`, decisions applied.
        finding_rows: `outcome.FINDING_ROWS`.
    """
    streams = daily(scope, scope.since - 7 * (WEEKS + 1))
    bands = [out_of_band(scope, of_side) for of_side in streams]
    rates = [doubled(scope, of_side) for of_side in streams]
    judged = [*bands, *rates, repeated(scope), late(scope, findings)]
    raised = [
        *of_findings(scope, findings),
        *ending_early(scope),
        *empty_files(scope),
        *money_at_risk(scope, findings, finding_rows),
        *(alarm for of_kind, _ in judged for alarm in of_kind),
        *first_seen(scope),
    ]
    place = {kind: n for n, kind in enumerate(KINDS)}
    raised.sort(key=lambda a: (place[a.kind], a.account, a.shop, a.day, a.currency, a.explanation, a.break_id))
    return Alarms(tuple(raised), _rates([rate for _, rate in judged]))


def _rates(told: list[AlarmRate]) -> tuple[AlarmRate, ...]:
    """One line per kind, in order of the kinds."""
    found: dict[str, AlarmRate] = {}
    for rate in sorted(told, key=lambda r: KINDS.index(r.kind)):
        before = found[rate.kind].judged if rate.kind in found else 0
        found[rate.kind] = AlarmRate(rate.kind, rate.title, rate.rate, rate.per, before + rate.judged)
    return tuple(found.values())
