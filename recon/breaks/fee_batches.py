"""Charges that a contract takes once of a whole batch (a courier's share of what he collected): `fee_mismatch`.

Only batches that show the charge are checked; whether one without it is still to be charged, nobody says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from recon.breaks import fee_texts
from recon.breaks.fee_keys import Bools, Ints
from recon.breaks.finding import Finding
from recon.fees import Rule
from recon.fees.level import batch_fees
from recon.ledger.days import NO_DAY, day_number
from recon.ledger.outcome import ORDER_GATEWAY
from recon.ledger.view import GATEWAY, KIND, View


def batch_findings(
    ledger: View, contracts: Mapping[str, Sequence[Rule]], usable: Bools, lang: str
) -> Iterator[Finding]:
    """Check the rules of level batch against the fee rows of each batch; such a finding owns no row.

    Args:
        ledger: the entries as arrays.
        contracts: rules by "family:account".
        usable: the entries that count.
        lang: language of explanations, zh or en.
    """
    batch, _ = ledger.codes("batch_ref")
    details = ledger.entries["detail"].cat
    names, detail = [str(name) for name in details.categories], details.codes.to_numpy()
    mine = usable & (ledger.side == GATEWAY) & (batch >= 0)
    for account in sorted(set(contracts) & set(ledger.accounts)):
        of_account = mine & (ledger.account == ledger.accounts.index(account))
        for rule in (rule for rule in contracts[account] if rule.level == "batch" and rule.detail in names):
            fees = of_account & (ledger.kind == KIND[rule.kind]) & (detail == names.index(str(rule.detail)))
            for currency in np.unique(ledger.currency[fees]).tolist():
                same = ledger.currency == currency
                yield from _of_rule(ledger, rule, batch, (fees & same, of_account & same), lang)


def _of_rule(ledger: View, rule: Rule, batch: Ints, which: tuple[Bools, Bools], lang: str) -> Iterator[Finding]:
    """One finding per batch, begun while the rule holds, whose charge is not what the rule gives."""
    fee_row = np.flatnonzero(which[0])
    batches, fee_batch = np.unique(batch[fee_row], return_inverse=True)
    kinds = ["payment", "refund", *(["subsidy"] if rule.base == "payment+subsidy" else [])]
    money = which[1] & np.isin(ledger.kind, [KIND[kind] for kind in kinds]) & np.isin(batch, batches)
    row = np.flatnonzero(money)
    place = np.searchsorted(batches, batch[row])
    expected = -batch_fees(ledger.amount[row], place, len(batches), rule)
    actual = np.zeros(len(batches), dtype=np.int64)
    np.add.at(actual, fee_batch, ledger.amount[fee_row])
    began = np.full(len(batches), np.iinfo(np.int64).max, dtype=np.int64)
    np.minimum.at(began, place, ledger.day[row])
    since = NO_DAY if rule.since is None else day_number(rule.since)
    until = np.iinfo(np.int64).max - 1 if rule.until is None else day_number(rule.until)
    wrong = (expected != actual) & (began >= since) & (began <= until)
    currency = ledger.currencies[ledger.currency[fee_row[0]]]
    for number in np.flatnonzero(wrong).tolist():
        rows = row[place == number]
        amounts = ledger.amount[rows]
        sums = int(expected[number]), int(actual[number])
        base = int(amounts[amounts > 0].sum()), int(-amounts[amounts < 0].sum())
        yield Finding(
            code="fee_mismatch",
            leg=ORDER_GATEWAY,
            owned=(),
            linked=(*fee_row[fee_batch == number].tolist(), *rows.tolist()),
            expected=sums[0],
            actual=sums[1],
            currency=currency,
            explanation=fee_texts.mismatch(str(rule.detail), rule, currency, (*sums, *base), "", lang),
            cause="",
        )
