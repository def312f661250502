"""The fee rows of gateways checked against their contract: `fee_mismatch`.

The rule of a payment is the contract's, else what its order says (`fee_agreed`), else the rate printed in its row, else
the one learned from the file; a charge without a rule stays unchecked, and so does one that no row shows. The printed
fee is the fact, the rule only checks it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

import numpy as np
import pandas as pd

from recon.breaks import fee_texts
from recon.breaks.fee_absent import absent, in_free_share
from recon.breaks.fee_agreed import agreed
from recon.breaks.fee_batches import batch_findings
from recon.breaks.fee_case import Case
from recon.breaks.fee_keys import Bools, Ints, Joined, Money, groups, join
from recon.breaks.fee_rules import charged, differs, expect, ruled
from recon.breaks.finding import Finding
from recon.fees import LEAST_ROWS, Rule
from recon.ledger.channel import ChannelFacts
from recon.ledger.days import as_date
from recon.ledger.outcome import FEE_RULES, ORDER_GATEWAY
from recon.ledger.schema import KINDS
from recon.ledger.view import View, encode, of_details

_CODE = "fee_mismatch"
_BASES: Mapping[str, Literal["payment", "payment+subsidy"]] = {
    "payment": "payment",
    "payment+subsidy": "payment+subsidy",
}
_WAYS: Mapping[str, Literal["returned", "kept"]] = {"returned": "returned", "kept": "kept"}


@dataclass(frozen=True)
class FeeCheck:
    """What the check found.

    findings: fee rows are owned, the money they were charged on is linked; a change of a rule owns nothing and links
    the fee rows since. rules: what was learned, columns FEE_RULES. notes: what was learned, what stays unchecked and
    why, one line each.
    """

    findings: tuple[Finding, ...]
    rules: pd.DataFrame
    notes: tuple[str, ...]


def check(
    ledger: View,
    channels: Mapping[str, ChannelFacts],
    contracts: Mapping[str, Sequence[Rule]],
    usable: Bools,
    as_of: int,
    lang: str,
) -> FeeCheck:
    """Check every charge whose rows share a number with a payment.

    Args:
        ledger: the entries as arrays, sorted by entry_id.
        channels: facts per channel; their charges say base and what a refund does.
        contracts: rules by "family:account", else by channel. A rule without `detail` holds for every charge of its
            kind.
        usable: the entries that count: of proven files, one book per account.
        as_of: day number of the run: a charge may be late only by then.
        lang: language of explanations and notes, zh or en.

    Returns:
        One finding per key and charge that breaks its rule or is not what its order says, and one per learned change
        of a rule.
    """
    feeless = of_details(ledger, {name: facts.feeless for name, facts in channels.items()})
    joined = join(ledger, usable & ~feeless)
    rates = _rates(ledger, joined.fee_row)
    orders = agreed(ledger, channels, contracts, usable & ~feeless, as_of, lang)
    found = [
        _case(ledger, channels, contracts, joined, rates, places, orders.told, lang)
        for places in _charges(ledger, joined)
    ]
    cases = [case for case in found if case is not None]
    cases.sort(key=lambda case: (case.account, case.currency, case.name, case.like.kind))
    findings: list[Finding] = [*orders.findings]
    for case in cases:
        findings += _changes(case, lang)
        findings += _mismatches(ledger, case, cases, joined, lang)
        findings += absent(ledger, case, joined.money, as_of, lang)
    findings += batch_findings(ledger, contracts, usable, lang)
    return FeeCheck(
        findings=tuple(findings),
        rules=pd.DataFrame(
            [line for case in cases for line in _proposals(case)], columns=list(FEE_RULES), dtype=object
        ),
        notes=(*(note for case in cases for note in _notes(case, lang)), *_unused(ledger, contracts, cases, lang)),
    )


def _charges(ledger: View, joined: Joined) -> list[Ints]:
    """The fee rows by account, currency, kind and detail, as places in the join."""
    detail = ledger.entries["detail"].cat
    rows = joined.fee_row
    charge = (groups(ledger)[rows] * len(KINDS) + ledger.kind[rows]) * (len(detail.categories) + 1)
    charge = charge + detail.codes.to_numpy()[rows] + 1
    order = np.argsort(charge, kind="stable")
    cuts = np.flatnonzero(np.diff(charge[order])) + 1
    return [places for places in np.split(order, cuts) if len(places)]


def _rates(ledger: View, rows: Ints) -> tuple[tuple[Fraction, ...], Ints]:
    """The distinct rates that fee rows print, and the code of each row's, -1 without."""
    codes, rates = encode(ledger.entries["fee_rate"].take(rows))
    return tuple(abs(Fraction(rate)) for rate in rates.to_pylist()), codes


def _case(
    ledger: View,
    channels: Mapping[str, ChannelFacts],
    contracts: Mapping[str, Sequence[Rule]],
    joined: Joined,
    rates: tuple[tuple[Fraction, ...], Ints],
    places: Ints,
    told: Bools,
    lang: str,
) -> Case | None:
    """Find the rules of a charge. None: its rows share no number with money, and no channel names it."""
    row = int(joined.fee_row[places[0]])
    names = sorted({ledger.channels[code] for code in np.unique(ledger.channel[joined.fee_row[places]])})
    account, kind = ledger.accounts[ledger.account[row]], KINDS[ledger.kind[row]]
    detail = ledger.texts("detail", np.array([row]))[0] or None
    named = next((c for n in names for c in channels[n].charges if (c.detail, c.kind) == (detail, kind)), None)
    moneyed = np.append(np.diff(joined.money.bounds) > 0, [False])
    keyed = places[moneyed[joined.fee_key[places]]]
    if not len(keyed) and named is None:
        return None
    given = ([rule for rule in contracts.get(key, ()) if rule.names(detail, kind)] for key in (account, *names))
    contract = next((rules for rules in given if rules), [])
    if any(rule.level == "batch" for rule in contract):  # see `fee_batches`
        return None
    like = Rule(detail, Fraction(0), kind)
    if named is not None:
        like = replace(like, base=_BASES[named.base], on_refund=_WAYS.get(named.on_refund, "kept"))
    fee_row, fee_key = joined.fee_row[keyed], joined.fee_key[keyed]
    kinds = encode(ledger.entries["counterparty"].take(fee_row))
    part = charged(
        joined.money, fee_key, ledger.amount[fee_row], joined.fee_source[keyed], rates[1][keyed],
        (kinds[0], tuple(kinds[1].to_pylist())),
    )  # fmt: skip
    rules = ruled(part, contract, rates[0], like, known=named is not None and named.on_refund in _WAYS)
    expected = expect(part, rules.which, rules.rules)
    lone = part.keys[(expected.rule < 0) & (expected.paid == 0)]
    return Case(
        account=account,
        title=f"{_title(channels[names[0]], lang)} {account.partition(':')[2]}",
        currency=ledger.currencies[ledger.currency[row]],
        like=like,
        latest=None if named is None else named.latest,
        fee_row=fee_row,
        fee_key=fee_key,
        part=part,
        ruled=rules,
        expected=expected,
        apart=len(places) - len(keyed) + int(np.isin(fee_key, lone).sum()),
        agreed=np.isin(part.keys, fee_key[told[fee_row]]),
    )


def _title(facts: ChannelFacts, lang: str) -> str:
    return facts.title_zh if lang == "zh" else facts.title_en


def _mismatches(ledger: View, case: Case, cases: Sequence[Case], joined: Joined, lang: str) -> Iterator[Finding]:
    """One finding per key that breaks its rule."""
    rules, expected = case.ruled.rules, case.expected
    wrong = differs(case.part, case.ruled.which, rules, expected) & ~case.agreed
    if not wrong.any():
        return
    keys, money = case.part.keys[wrong], joined.money
    mine = np.isin(case.fee_key, keys)
    order = np.argsort(case.fee_key[mine], kind="stable")
    fee_row = case.fee_row[mine][order]
    bounds = np.searchsorted(case.fee_key[mine][order], np.append(keys, keys[-1] + 1))
    causes = _causes(ledger, case, cases, joined.money, wrong)
    for place, (key, local) in enumerate(zip(keys.tolist(), np.flatnonzero(wrong).tolist(), strict=True)):
        sums = int(expected.amount[local]), int(case.part.actual[local])
        base = int(expected.paid[local]), int(expected.refunded[local])
        rule = rules[int(expected.rule[local])]
        yield Finding(
            code=_CODE,
            leg=ORDER_GATEWAY,
            owned=tuple(fee_row[bounds[place] : bounds[place + 1]].tolist()),
            linked=tuple(money.row[money.row_bounds[key] : money.row_bounds[key + 1]].tolist()),
            expected=sums[0],
            actual=sums[1],
            currency=case.currency,
            explanation=fee_texts.mismatch(case.name, rule, case.currency, (*sums, *base), causes[place], lang),
            cause=causes[place],
        )


def _causes(ledger: View, case: Case, cases: Sequence[Case], money: Money, wrong: Bools) -> list[str]:
    """Cause of each wrong key: the fee of the refunded part was kept, another rule of the account fits, or it is free.

    `foreign_card` where that rule is one for other cards only; `threshold` at the begin of a month.
    """
    part = case.part.only(wrong)
    kept = (part.actual == case.expected.charge[wrong]) & (case.expected.back[wrong] > 0)
    fits, foreign = np.zeros(len(part.keys), dtype=bool), np.zeros(len(part.keys), dtype=bool)
    by = np.zeros(len(part.owner), dtype=np.int64)
    mine = (case.account, case.currency)
    others = {rule for other in cases if (other.account, other.currency) == mine for rule in other.ruled.rules}
    for rule in others:
        fit = (part.actual != 0) & (expect(part, by, [rule]).amount == part.actual)
        fits |= fit
        foreign |= fit & bool(rule.only)
    free = in_free_share(ledger, case, money)[wrong] & (np.abs(part.actual) < np.abs(case.expected.amount[wrong]))
    tags = ["fee_kept", "foreign_card", "other_rate", "threshold"]
    chosen = np.select([kept, foreign, fits, free], tags, "")
    return [str(cause) for cause in chosen]


def _changes(case: Case, lang: str) -> Iterator[Finding]:
    """One finding per learned change of the rule; it shows the fee rows since, and owns none."""
    rules, first = case.ruled.rules, case.ruled.first_learned
    for number in range(first + 1, len(rules)):
        if rules[number].since is None:  # the first of another class
            continue
        part = case.part.only(case.expected.rule == number)
        before = expect(part, np.zeros(len(part.owner), dtype=np.int64), [rules[number - 1]])
        sums = int(before.amount.sum()), int(part.actual.sum())
        gap, pair = case.ruled.learned[number - first].gap, (rules[number - 1], rules[number])
        last = None if gap is None or gap.first - gap.last == 1 else as_date(gap.last)
        yield Finding(
            code=_CODE,
            leg=ORDER_GATEWAY,
            owned=(),
            linked=tuple(case.fee_row[np.isin(case.fee_key, part.keys)].tolist()),
            expected=sums[0],
            actual=sums[1],
            currency=case.currency,
            explanation=fee_texts.moved(case.name, pair, case.currency, (len(part.keys), *sums), last, lang),
            cause="rate_moved",
        )


def _proposals(case: Case) -> list[tuple[object, ...]]:
    """What was learned, as lines of FEE_RULES."""
    open_way = ("on_refund",) if case.ruled.open_way else ()
    return [
        (case.account, case.currency, rule.kind, rule.detail, None if fit.gap is None else as_date(fit.gap.last),
         rule.since, rule.until, fee_texts.percent(rule.rate), rule.fixed, rule.minimum, rule.maximum,
         rule.rounding.value, rule.base, rule.on_refund, rule.settles_after,
         ";".join(rule.only) or None, fit.explained, fit.rows, ";".join((*fit.open, *open_way)) or None)
        for rule, fit in zip(case.ruled.rules[case.ruled.first_learned :], case.ruled.learned, strict=True)
    ]  # fmt: skip


def _notes(case: Case, lang: str) -> list[str]:
    """What was learned, and what stays unchecked and why."""
    ruled, where = case.ruled, (case.title, case.name)
    notes = [
        fee_texts.learned(*where, rule, (fit.explained, fit.rows), case.currency, lang)
        for rule, fit in zip(ruled.rules[ruled.first_learned :], ruled.learned, strict=True)
    ]
    left = int(np.count_nonzero((ruled.which < 0) & (case.part.plain > 0) & ~case.agreed[case.part.owner]))
    if left and ruled.learned and ruled.rules[-1].only:
        notes.append(fee_texts.no_class(*where, left, lang))
    elif left and not ruled.learned:
        if ruled.rows < LEAST_ROWS:
            notes.append(fee_texts.too_few(*where, ruled.rows, lang))
        else:
            notes.append(fee_texts.no_rule(*where, (ruled.explained, ruled.rows), lang))
    if case.apart:
        notes.append(fee_texts.apart(*where, case.apart, lang))
    return notes


def _unused(ledger: View, contracts: Mapping[str, Sequence[Rule]], cases: Sequence[Case], lang: str) -> Iterator[str]:
    """Rules of an account in the files for a charge that no row shows: a misspelt name must not pass as checked."""
    shown = {(case.account, case.like.detail) for case in cases}
    printed = set(ledger.entries["detail"].cat.categories)
    for account in sorted(set(contracts) & set(ledger.accounts)):
        rules = [rule for rule in contracts[account] if rule.level == "row" or rule.detail not in printed]
        details = sorted({rule.detail for rule in rules if rule.detail is not None})
        yield from (fee_texts.unused(account, name, lang) for name in details if (account, name) not in shown)
