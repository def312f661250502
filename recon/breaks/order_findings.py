"""From decisions to findings of the order leg: rows, amounts, cause, symptoms, words."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from recon.breaks.codes import CATALOGUE
from recon.breaks.finding import Finding
from recon.breaks.habits import Habits
from recon.breaks.loose_findings import loose_findings
from recon.breaks.numbers import Numbers, listed
from recon.breaks.order_causes import Case, cause_of
from recon.breaks.orders import Decisions
from recon.breaks.phrases import say
from recon.breaks.words import ALONG, BREAKS, W
from recon.ledger.channel import ChannelFacts
from recon.ledger.days import NO_DAY, date_of
from recon.ledger.outcome import ORDER_GATEWAY
from recon.ledger.parts import PAYMENT, REFUND, SUBSIDY, UNPRICED, Parts
from recon.ledger.statement import Statement
from recon.ledger.view import GATEWAY, KIND, ORDER, STATE, Citations, View
from recon.money import format_amount

#: Words of keys that amount and day tie together; the finding is of the set.
_LOOSE = [W["suggested"], W["ambiguous"]]
#: What is said of money whose order a person declined: the data cannot tell the cause.
_DECLINED = {"unknown_payment": "declined_payment", "unknown_refund": "declined_refund"}


@dataclass(frozen=True)
class Told:
    """What is known beside the ledger.

    first_order_day: family of the money side -> first day that its order files cover. gateways: families of the money
    side of which there are files. companies: account -> the company that it belongs to. refused: order or payment
    number -> `refund_failed`, `refund_pending`, of refunds that a gateway lists and did not pay.
    """

    first_order_day: Mapping[str, int]
    gateways: Collection[str]
    companies: Mapping[str, str]
    refused: Mapping[str, frozenset[str]]


def refused_refunds(statements: Sequence[Statement]) -> Mapping[str, frozenset[str]]:
    """Gather what the files say of refunds that were not paid (`Told.refused`)."""
    refused: dict[str, set[str]] = {}
    for refusal in (one for statement in statements for one in statement.refused):
        for number in {refusal.order_ref, refusal.payment_ref} - {""}:
            refused.setdefault(number, set()).add(refusal.cause)
    return {number: frozenset(causes) for number, causes in refused.items()}


@dataclass(frozen=True)
class Context:
    """What every finding of the order leg needs: the ledger, the comparison, the decisions, the language."""

    view: View
    cited: Citations
    channels: Mapping[str, ChannelFacts]
    parts: Parts
    decisions: Decisions
    numbers: Numbers
    habits: Habits
    told: Told
    lang: str


def order_findings(
    view: View,
    channels: Mapping[str, ChannelFacts],
    parts: Parts,
    decisions: Decisions,
    told: Told,
    apart: np.ndarray,
    lang: str,
) -> list[Finding]:
    """Return one finding per cause of the order leg.

    Args:
        view: the ledger.
        channels: facts per channel.
        parts: the comparison.
        decisions: what was decided per part.
        told: what is known beside the ledger.
        apart: per entry, whether a finding of its own (a fee) holds it.
        lang: zh or en.
    """
    codes = np.array([W[c] for c in BREAKS], dtype=np.int8)
    flagged = np.isin(decisions.payment, codes) | np.isin(decisions.refund, codes) | np.isin(decisions.subsidy, codes)
    if not flagged.any():
        return []
    strays = bool((~parts.sums.has_order & flagged).any())
    keyed = _rows_of(parts, flagged, apart)
    cited = Citations(view, np.concatenate([rows for _, rows in keyed]))
    numbers = listed(view) if strays else Numbers({})
    habits = Habits(view, channels, parts, decisions.subsidy == W["subsidy_mismatch"], told.gateways)
    context = Context(view, cited, channels, parts, decisions, numbers, habits, told, lang)
    found: list[Finding] = []
    loose: dict[int, list[int]] = {}
    for group, rows in keyed:
        for part in (PAYMENT, REFUND, SUBSIDY):
            word = decisions.of(part)[group]
            if word in _LOOSE:
                loose[group] = _owned(context, group, part, "", rows)
            elif word in codes:
                found += _finding(context, int(group), part, BREAKS[int(word) - int(codes[0])], rows)
    refunds = np.isin(decisions.refund, _LOOSE)
    return found + loose_findings(
        view, cited, parts, loose, np.where(refunds, decisions.refund_due, decisions.due), lang
    )


def _rows_of(parts: Parts, flagged: np.ndarray, apart: np.ndarray) -> list[tuple[int, np.ndarray]]:
    rows = np.flatnonzero((parts.group >= 0) & ~apart)
    rows = rows[flagged[parts.group[rows]]]
    rows = rows[np.argsort(parts.group[rows], kind="stable")]
    group = parts.group[rows]
    starts = np.flatnonzero(np.r_[True, group[1:] != group[:-1]])
    return [(int(group[s]), block) for s, block in zip(starts, np.split(rows, starts[1:]), strict=True)]


def _finding(context: Context, group: int, part: int, code: str, rows: np.ndarray) -> list[Finding]:
    """One finding; a closed order paid twice gives two that share its payments."""
    owned = _owned(context, group, part, code, rows)
    if code == "status_mismatch":
        return _status(context, group, owned)
    expected, actual = _amounts(context.parts, group, part, code)
    if code == "duplicate_refund" and _by_flag(context.parts, group):
        expected = _each_case_once(context, group, rows)
    if code == "missing_refund" and expected == -int(context.parts.sums.paid[group]) and _by_flag(context.parts, group):
        linked = [r for r in rows.tolist() if context.view.kind[r] in (KIND["sale"], KIND["payment"])]
        return [_dress(context, group, code, [], linked, expected, actual)]
    return [_dress(context, group, code, owned, _linked(rows, owned, code), expected, actual)]


def _by_flag(parts: Parts, group: int) -> bool:
    return int(parts.sums.comparison[group]) in UNPRICED and int(parts.sums.refunded[group]) == 0


def _linked(rows: np.ndarray, owned: Sequence[int], code: str) -> list[int]:
    """Refund codes show the order and its payment beside what they own."""
    if not code.endswith("_refund"):
        return []
    return sorted(set(rows.tolist()) - set(owned))


def _owned(context: Context, group: int, part: int, code: str, rows: np.ndarray) -> list[int]:
    """The rows of the part; the first part of a key that is a break takes those that go along."""
    own = context.parts.part[rows] == part
    words = {other: context.decisions.of(other)[group] for other in (PAYMENT, REFUND, SUBSIDY)}
    first = next(other for other, word in words.items() if word in (W[c] for c in BREAKS))
    for other, word in words.items():
        if part == first and word == W[ALONG]:
            own |= context.parts.part[rows] == other
    if code == "wrong_account":
        own[:] = True
    return sorted(rows[own].tolist())


def _amounts(parts: Parts, group: int, part: int, code: str) -> tuple[int, int]:
    """Expected and actual of a part (`codes`: order sum, gateway sum, kinds of the part only)."""
    s = parts.sums
    flag = _by_flag(parts, group)
    paid, returned = int(s.paid[group]), int(s.returned[group])
    if code == "wrong_account":
        return int(s.expect_paid[group]), 0
    if code == "unknown_payment":
        return 0, paid + returned
    if part == PAYMENT:
        both = code == "amount_mismatch" and bool(s.compares_subsidy[group]) and s.granted[group] != s.subsidised[group]
        extra = (int(s.subsidised[group]), int(s.granted[group])) if both else (0, 0)
        return int(s.expect_paid[group]) + extra[0], paid + extra[1]
    if part == SUBSIDY:
        return int(s.subsidised[group]), int(s.granted[group])
    if code == "unknown_refund":
        return 0, returned
    return -paid if flag else int(s.expect_returned[group]), returned


def _each_case_once(context: Context, group: int, rows: np.ndarray) -> int:
    """Refunds of an order that prints no amount, each case counted once, at most minus the payments."""
    view = context.view
    refunds = rows[(view.side[rows] == GATEWAY) & (view.kind[rows] == KIND["refund"])]
    once: dict[str, int] = {}
    for row, case in zip(refunds.tolist(), context.cited.texts("refund_ref", refunds), strict=True):
        amount = int(view.amount[row])
        once.setdefault(case or str(amount), amount)
    return max(sum(once.values()), -int(context.parts.sums.paid[group]))


def _status(context: Context, group: int, owned: list[int]) -> list[Finding]:
    """A closed order with money; what exceeds its amount was paid twice, the rest stays without an order."""
    view, s = context.view, context.parts.sums
    payments = [r for r in owned if view.side[r] == GATEWAY and view.kind[r] == KIND["payment"]]
    payments = payments if len(payments) < 2 else _in_time(context, payments)  # the later one is beyond the order
    due, stays = int(s.order_amount[group]), int(s.paid[group] + s.returned[group])
    numbers = {n or str(r) for r, n in zip(payments, context.cited.texts("payment_ref", payments), strict=True)}
    extra = [r for r in payments[1:] if int(view.amount[r]) == stays - due]
    if len(numbers) > 1 and due > 0 and extra and stays > due:
        twice = _with_components(context, owned, [extra[-1]])
        rest = [r for r in owned if r not in twice]
        return [
            _dress(context, group, "duplicate_payment", twice, rest, due, stays),
            _dress(context, group, "status_mismatch", rest, [], 0, due),
        ]
    return [_dress(context, group, "status_mismatch", owned, [], 0, stays)]


def _in_time(context: Context, rows: list[int]) -> list[int]:
    """Rows in order of their moment, then of their entry ids."""
    moments = context.cited.values("occurred_at", rows)
    order = sorted(
        range(len(rows)), key=lambda n: (m.timestamp() if isinstance(m := moments[n], datetime) else 0, rows[n])
    )
    return [rows[n] for n in order]


def _with_components(context: Context, owned: Sequence[int], payments: Sequence[int]) -> list[int]:
    """Payments and the components that carry their payment number."""
    texts = context.cited.texts("payment_ref", list(owned))
    numbers = {t for r, t in zip(owned, texts, strict=True) if r in payments and t}
    money = [KIND["payment"], KIND["refund"], KIND["sale"]]
    return [
        r
        for r, t in zip(owned, texts, strict=True)
        if r in payments or (t in numbers and context.view.kind[r] not in money)
    ]


def _dress(
    context: Context, group: int, code: str, owned: list[int], linked: list[int], expected: int, actual: int
) -> Finding:
    view = context.view
    rows = np.array(sorted(set(owned) | set(linked)), dtype=np.int64)
    currency = view.currencies[view.currency[rows[0]]]
    refund = code.endswith("_refund")
    due = int((context.decisions.refund_due if refund else context.decisions.due)[group])
    case = Case(
        view,
        context.cited,
        context.parts,
        group,
        rows,
        code,
        expected,
        actual,
        context.numbers,
        context.habits,
        _first_day(context, rows),
        context.told.companies,
        context.told.refused,
    )
    declined = code in _DECLINED and bool((context.parts.apart[:, 1] == group).any())
    cause = "" if declined else cause_of(case)
    symptoms = _symptoms(context, group, code)
    shipped = context.parts.sums.state[group] in (STATE["shipped"], STATE["completed"])
    step = (1 if code == "missing_payment" and shipped else 0) - (1 if cause == "before_first_file" else 0)
    text = _say(context, _DECLINED[code] if declined else code, rows, expected, actual, currency, due)
    if code == "missing_payment" and shipped:
        text += say(context.lang, "shipped")
    if cause == "before_first_file":
        text += say(context.lang, cause, first=date_of(case.first_order_day))
    return Finding(
        code=code,
        leg=ORDER_GATEWAY,
        owned=tuple(owned),
        linked=tuple(linked),
        expected=expected,
        actual=actual,
        currency=currency,
        explanation=text,
        cause=cause,
        symptoms=symptoms,
        step=step,
        due=due,
    )


def _first_day(context: Context, rows: np.ndarray) -> int:
    view = context.view
    days = [
        context.told.first_order_day.get(view.families[view.family[r]], NO_DAY) for r in rows if view.side[r] == GATEWAY
    ]
    return max(days, default=NO_DAY)


def _symptoms(context: Context, group: int, code: str) -> tuple[str, ...]:
    """The codes that the same cause would also have had."""
    s, decisions = context.parts.sums, context.decisions
    found = []
    if code == "wrong_account":
        return ("unknown_payment", "missing_payment")
    if code == "duplicate_refund" and -s.returned[group] > s.paid[group] + s.granted[group]:
        found.append("excess_refund")
    if context.decisions.named[group] != W[""]:
        found.append(BREAKS[int(context.decisions.named[group]) - int(W[BREAKS[0]])])
    along_refund = decisions.refund[group] == W[ALONG] and bool(s.refunded[group] or s.returned[group])
    along_subsidy = decisions.subsidy[group] == W[ALONG] and bool(s.subsidised[group] or s.granted[group])
    if along_refund and code in ("missing_payment", "unknown_payment"):
        found.append("missing_refund" if code == "missing_payment" else "unknown_refund")
    if along_subsidy and code in ("missing_payment", "unknown_payment", "amount_mismatch", "duplicate_payment"):
        found.append("subsidy_mismatch")
    return tuple(sorted(found, key=lambda c: CATALOGUE[c].rank))


def _say(context: Context, code: str, rows: np.ndarray, expected: int, actual: int, currency: str, due: int) -> str:
    view = context.view
    sides = view.side[rows]
    named = rows[sides == ORDER] if (sides == ORDER).any() else rows
    references = [
        t for name in ("sub_ref", "order_ref", "payment_ref", "refund_ref") for t in context.cited.texts(name, named)
    ]
    ref = next((r for r in references if r), "-")
    money = rows[sides == GATEWAY]
    refund = code.endswith("_refund")
    count = int((view.kind[money] == KIND["refund" if refund else "payment"]).sum())
    shop = view.shops[view.shop[named[0]]] if view.shop[named[0]] >= 0 else "-"
    account = view.accounts[view.account[money[0]]].split(":", 1)[1] if len(money) else "-"
    received = int(view.amount[money[view.kind[money] == KIND["payment"]]].sum())
    return say(
        context.lang,
        code,
        ref=ref,
        shop=shop,
        account=account,
        n=count,
        expected=format_amount(expected, currency),
        actual=format_amount(actual, currency),
        actual_sum=format_amount(received, currency),
        difference=format_amount(actual - expected, currency),
        due=date_of(due) or "-",
    )
