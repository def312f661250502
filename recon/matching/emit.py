"""From agreement to matches: one line per match, one per member, with the equation in words.

Per match Σ weight × applied + residual = 0. Orders weigh +1, their money -1; a payout row is negative already and
weighs +1 beside its lines or its credit, the lines of a foot weigh -1. Components (fees, uncompared subsidies) are
members with applied 0.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from recon.ledger.days import NO_DAY
from recon.ledger.outcome import ORDER_GATEWAY, TOLERANCE, WRITE_OFF
from recon.ledger.parts import (
    BASES,
    BY_DECISION,
    BY_ELIMINATION,
    BY_KEY,
    BY_STRUCTURE,
    BY_UNIQUE,
    DOCUMENTED,
    ESCROW,
    PAYMENT,
    PLATFORM,
    REFUND,
    SUBORDER,
    SUBSIDY,
    Parts,
    count_by,
    sum_by,
)
from recon.ledger.view import GATEWAY, KIND, ORDER, View
from recon.matching.frames import Frames, frame, members
from recon.money import format_amounts

_MOVED = tuple(KIND[k] for k in ("sale", "payment", "refund", "subsidy"))
RULES = (
    "by-order-number",
    "by-payment-number",
    "before-coupons",
    "refunded_before_receipt",
    "after_sale_flag",
    "refund_at_platform",
    "after_sale_document",
    "returned_in_full",
    "within-tolerance",
    "by-amount-and-day",
    "write-off",
)
_UNPRICED = "no amount on the order side"
_REASONS = ("", "", "coupon", "refunded before receipt", _UNPRICED, _UNPRICED, _UNPRICED, "", "", "", "")
#: What is said of a pairing that no number proves, by basis.
_PAIRED = {
    "zh": {
        BY_UNIQUE: "；金额与日期的唯一候选",
        BY_ELIMINATION: "；其余候选均已排除",
        BY_STRUCTURE: "；数目相符，内部配对未定",
        BY_DECISION: "；人工决定",
    },
    "en": {
        BY_UNIQUE: "; the only candidate by amount and day",
        BY_ELIMINATION: "; every other candidate is taken",
        BY_STRUCTURE: "; the set balances, the pairing inside is open",
        BY_DECISION: "; decided by a person",
    },
}
_WORDS = {
    "zh": ("平台应收 ", " = 网关实收 ", "；补贴 ", "；退款 ", "；手续费佣金 ", "；尾差 "),
    "en": ("order ", " = received ", "; subsidies ", "; refunds ", "; fees ", "; residual "),
}


def order_matches(view: View, parts: Parts, held: np.ndarray, lang: str) -> Frames:
    """Return the matches of the order leg.

    Args:
        view: the ledger.
        parts: the comparison.
        held: per entry, true where a finding holds it or the leg leaves it out.
        lang: zh or en.
    """
    key = _match_key(parts, held)
    rows = np.flatnonzero(key >= 0)
    group, number = np.unique(key[rows], return_inverse=True)
    applied = _applied(view, parts)[rows]
    weight = np.where(view.side[rows] == ORDER, 1, -1).astype(np.int64)
    residual = -sum_by(number, weight * applied, len(group))
    paid, returned = (
        np.where(_moves(view, parts, rows, number, len(group), part), difference[group], 0)
        for part, difference in ((PAYMENT, parts.accepted.paid), (REFUND, parts.accepted.returned))
    )
    rule, reason = _rules_and_reasons(parts, group, _rules(view, parts)[group], residual, paid, returned)
    unproven = count_by(np.where(view.proven[rows], -1, number), len(group)) > 0
    day = np.where(parts.times.money_day[group] != NO_DAY, parts.times.money_day[group], parts.times.order_day[group])
    matches = frame(
        ORDER_GATEWAY,
        rule=_named(parts, group, np.array(RULES, dtype=object)[rule]),
        verdict=np.where(unproven, "unproven", np.where(parts.basis[group] == BY_STRUCTURE, "pool", "proved")),
        basis=np.array(BASES, dtype=object)[parts.basis[group]],
        residual=residual,
        reason=reason,
        accepted=(paid, returned),
        tolerance=np.maximum(np.abs(residual), np.where((paid != 0) | (returned != 0), parts.accepted.limit[group], 0)),
        explanation=_with_basis(_equation(view, rows, number, len(group), residual, lang), parts.basis[group], lang),
        on=day,
    )
    return matches, members(number, rows, weight, applied)


def in_match(parts: Parts, held: np.ndarray) -> np.ndarray:
    """Per entry, whether `order_matches` makes it a member of a match."""
    member: np.ndarray = _match_key(parts, held) >= 0
    return member


def _match_key(parts: Parts, held: np.ndarray) -> np.ndarray:
    """The key of each member: the parts of one key that agree are one match, whatever became of the others."""
    rows = np.flatnonzero((parts.group >= 0) & ~held)
    group, part = parts.group[rows], parts.part[rows]
    ok = np.zeros(len(rows), dtype=bool)
    for number, agreed in ((PAYMENT, parts.payment_ok), (REFUND, parts.refund_ok), (SUBSIDY, parts.subsidy_ok)):
        ok |= (part == number) & agreed[group]
    ok &= ~parts.astray[group] & parts.sums.has_order[group]
    key = np.full(len(held), -1, dtype=np.int64)
    key[rows] = np.where(ok, group, -1)
    return key


def _applied(view: View, parts: Parts) -> np.ndarray:
    """What of each entry the equation counts: movements in full, components and uncompared subsidies nothing."""
    compared = np.zeros(len(view), dtype=bool)
    inside = parts.group >= 0
    compared[inside] = parts.sums.compares_subsidy[parts.group[inside]]
    counts = np.isin(view.kind, _MOVED) & ((view.kind != KIND["subsidy"]) | compared)
    return np.where(counts, view.amount, 0)


def _moves(view: View, parts: Parts, rows: np.ndarray, number: np.ndarray, size: int, part: int) -> np.ndarray:
    """Per match, whether money of this part is among its members."""
    money = (view.side[rows] == GATEWAY) & (parts.part[rows] == part)
    found: np.ndarray = count_by(np.where(money, number, -1), size) > 0
    return found


def _rules(view: View, parts: Parts) -> np.ndarray:
    """Per key, the rule by which it agrees, whatever is accepted beside it."""
    s = parts.sums
    rule = np.where(_by_payment_number(view, parts), RULES.index("by-payment-number"), 0)
    coupons = np.zeros(len(parts), dtype=bool)
    for agreed, actual, expected, before in (
        (parts.payment_ok, s.paid, s.expect_paid, s.paid_before_coupons),
        (parts.refund_ok, s.returned, s.expect_returned, s.returned_before_coupons),
    ):
        other = agreed & (actual != expected) & (actual != 0)
        coupons |= other & (before == expected) & (before != 0)
    flagged = (s.comparison == SUBORDER) & (s.returned != 0) & parts.refund_ok
    unlisted = (s.returned != 0) & (s.refunded == 0) & parts.refund_ok
    told, documented = unlisted & (s.comparison == PLATFORM), unlisted & (s.comparison == DOCUMENTED)
    back = (s.sale == 0) & (s.paid != 0) & (s.paid + s.returned == 0)
    by_window = ~np.isin(parts.basis, (BY_KEY, BY_DECISION))
    chosen = (coupons, flagged, told, documented, back, parts.refund_only, by_window)
    names = (
        "before-coupons",
        "after_sale_flag",
        "refund_at_platform",
        "after_sale_document",
        "returned_in_full",
        "refunded_before_receipt",
        "by-amount-and-day",
    )
    for mask, name in zip(chosen, names, strict=True):
        rule = np.where(mask, RULES.index(name), rule)
    return rule


def _rules_and_reasons(
    parts: Parts, group: np.ndarray, rule: np.ndarray, residual: np.ndarray, paid: np.ndarray, returned: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Per match its rule and why its residual may stay: what was accepted has a name of its own beside the others.

    A write-off names the match, since money was given up; the tolerance does where nothing else is to be said.
    """
    some, rest = (paid != 0) | (returned != 0), residual != paid + returned
    off = some & parts.accepted.write_off[group]
    reason = np.where(rest, _reasons(parts, group, rule), "")
    how = np.where(off, WRITE_OFF, TOLERANCE).astype(object)
    reason = np.where(some, np.where(rest, reason + ";" + how, how), reason)
    near = some & (rule <= RULES.index("by-payment-number"))
    rule = np.where(near, RULES.index("within-tolerance"), rule)
    return np.where(off, RULES.index("write-off"), rule), reason


def _reasons(parts: Parts, group: np.ndarray, rule: np.ndarray) -> np.ndarray:
    """Why a residual may stay. Escrow: what is released lacks the part of the sale that went back before receipt."""
    reason: np.ndarray = np.array(_REASONS, dtype=object)[rule]
    escrow = parts.sums.comparison[group] == ESCROW
    return np.where(escrow & (reason == ""), _REASONS[RULES.index("refunded_before_receipt")], reason)


def _by_payment_number(view: View, parts: Parts) -> np.ndarray:
    """Keys whose payment carries another order number than the order: the payment number ties them."""
    code, _ = view.codes("order_ref")
    first = np.full(len(parts), -1, dtype=np.int64)
    orders = np.flatnonzero((view.side == ORDER) & (parts.group >= 0))
    first[parts.group[orders]] = code[orders]
    rows = np.flatnonzero((view.side == GATEWAY) & (parts.group >= 0) & (view.kind == KIND["payment"]))
    other = rows[code[rows] != first[parts.group[rows]]]
    found = np.zeros(len(parts), dtype=bool)
    found[parts.group[other]] = True
    found &= parts.sums.has_order
    return found


def _equation(view: View, rows: np.ndarray, number: np.ndarray, size: int, residual: np.ndarray, lang: str) -> pa.Array:
    """The equation of each match in words, amounts in major units; terms that are 0 are left out."""
    words = _WORDS[lang]
    order = view.side[rows] == ORDER
    kind, amount = view.kind[rows], view.amount[rows]

    def total(mask: np.ndarray) -> np.ndarray:
        return sum_by(np.where(mask, number, -1), amount, size)

    subsidy, refund = kind == KIND["subsidy"], kind == KIND["refund"]
    terms = (
        total(order & (kind == KIND["sale"])),
        total(~order & (kind == KIND["payment"])),
        total(~order & subsidy) + total(order & subsidy) * (total(~order & subsidy) == 0),
        total(~order & refund) + total(order & refund) * (total(~order & refund) == 0),
        total(~np.isin(kind, _MOVED)),
        residual,
    )
    currency = _currencies(view, rows, number, size)
    pieces = []
    for place, (word, value) in enumerate(zip(words, terms, strict=True)):
        text = pc.binary_join_element_wise(pa.scalar(word), _money(value, currency, view.currencies), "")
        pieces.append(text if place < 2 else pc.if_else(pa.array(value != 0), text, ""))
    return pc.binary_join_element_wise(*pieces, "")


def _named(parts: Parts, group: np.ndarray, rule: np.ndarray) -> np.ndarray:
    """Pairs that a window rule found carry its name; what a person decided is said to be so."""
    rule[parts.basis[group] == BY_DECISION] = "by-decision"
    by_rule = ~np.isin(parts.basis[group], (BY_KEY, BY_DECISION))
    paired = np.flatnonzero(by_rule & (parts.loose.set_of[group] >= 0))
    if len(paired):
        names = np.array(parts.loose.rules, dtype=object)
        rule[paired] = names[parts.loose.rule[parts.loose.set_of[group[paired]]]]
    return rule


def _with_basis(text: pa.Array, basis: np.ndarray, lang: str) -> pa.Array:
    """The equation, and for pairs that no number proves what tells them."""
    if not basis.any():
        return text
    words = [_PAIRED[lang].get(code, "") for code in range(len(BASES))]
    return pc.binary_join_element_wise(text, pa.array(words).take(pa.array(basis)), "")


def _currencies(view: View, rows: np.ndarray, number: np.ndarray, size: int) -> np.ndarray:
    currency = np.zeros(size, dtype=np.int64)
    currency[number] = view.currency[rows]
    return currency


def _money(value: np.ndarray, currency: np.ndarray, names: Sequence[str]) -> pa.Array:
    if len(names) <= 1:
        return format_amounts(value, names[0] if names else "CNY")
    text = np.full(len(value), "", dtype=object)
    for code in np.unique(currency):
        mine = currency == code
        text[mine] = format_amounts(value[mine], names[code]).to_pylist()
    return pa.array(text, type=pa.string())
