"""From agreement to matches: one line per match, one per member, with the equation in words.

Per match Σ weight × applied + residual = 0. Orders weigh +1, their money -1; a payout row is negative already and
weighs +1 beside its lines or its credit, the lines of a foot weigh -1. Components (fees, uncompared subsidies) are
members with applied 0.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from recon.ledger.days import NO_DAY
from recon.ledger.outcome import GATEWAY_BANK, MATCHES, MEMBERS, ORDER_GATEWAY, PAYOUT
from recon.ledger.parts import (
    BASES,
    BY_DECISION,
    BY_ELIMINATION,
    BY_KEY,
    BY_STRUCTURE,
    BY_UNIQUE,
    ESCROW,
    PAYMENT,
    REFUND,
    SUBORDER,
    SUBSIDY,
    Parts,
    count_by,
    sum_by,
)
from recon.ledger.transfers import LATE, MATCHED, RETURNED, BankLeg, Batch
from recon.ledger.view import GATEWAY, KIND, ORDER, View
from recon.money import format_amount, format_amounts

Frames = tuple[pd.DataFrame, pd.DataFrame]
_MOVED = tuple(KIND[k] for k in ("sale", "payment", "refund", "subsidy"))
RULES = (
    "by-order-number",
    "by-payment-number",
    "before-coupons",
    "refunded_before_receipt",
    "after_sale_flag",
    "returned_in_full",
    "within-tolerance",
    "by-amount-and-day",
)
_REASONS = ("", "", "coupon", "refunded before receipt", "no amount on the order side", "", "tolerance", "")
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


def order_matches(view: View, parts: Parts, held: np.ndarray, tolerance: int, lang: str) -> Frames:
    """Return the matches of the order leg.

    Args:
        view: the ledger.
        parts: the comparison.
        held: per entry, true where a finding holds it or the leg leaves it out.
        tolerance: the named tolerance that was used, minor units.
        lang: zh or en.
    """
    key = _match_key(parts, held)
    rows = np.flatnonzero(key >= 0)
    group, number = np.unique(key[rows], return_inverse=True)
    applied = _applied(view, parts)[rows]
    weight = np.where(view.side[rows] == ORDER, 1, -1).astype(np.int64)
    residual = -sum_by(number, weight * applied, len(group))
    rule = _rules(view, parts, tolerance)[group]
    unproven = count_by(np.where(view.proven[rows], -1, number), len(group)) > 0
    day = np.where(parts.times.money_day[group] != NO_DAY, parts.times.money_day[group], parts.times.order_day[group])
    matches = _frame(
        ORDER_GATEWAY,
        rule=np.where(parts.basis[group] == BY_DECISION, "by-decision", np.array(RULES, dtype=object)[rule]),
        verdict=np.where(unproven, "unproven", np.where(parts.basis[group] == BY_STRUCTURE, "pool", "proved")),
        basis=np.array(BASES, dtype=object)[parts.basis[group]],
        residual=residual,
        reason=np.where(residual != 0, _reasons(parts, group, rule), ""),
        tolerance=np.maximum(np.abs(residual), np.where(rule == RULES.index("within-tolerance"), tolerance, 0)),
        explanation=_with_basis(_equation(view, rows, number, len(group), residual, lang), parts.basis[group], lang),
        on=day,
    )
    return matches, _members(number, rows, weight, applied)


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


def _rules(view: View, parts: Parts, tolerance: int) -> np.ndarray:
    s = parts.sums
    rule = np.where(_by_payment_number(view, parts), RULES.index("by-payment-number"), 0)
    near, coupons = np.zeros(len(parts), dtype=bool), np.zeros(len(parts), dtype=bool)
    for agreed, actual, expected, before in (
        (parts.payment_ok, s.paid, s.expect_paid, s.paid_before_coupons),
        (parts.refund_ok, s.returned, s.expect_returned, s.returned_before_coupons),
    ):
        other = agreed & (actual != expected) & (actual != 0)
        near |= other & (np.abs(actual - expected) <= tolerance)
        coupons |= other & (before == expected) & (before != 0)
    flagged = (s.comparison == SUBORDER) & (s.returned != 0) & parts.refund_ok
    back = (s.sale == 0) & (s.paid != 0) & (s.paid + s.returned == 0)
    by_window = ~np.isin(parts.basis, (BY_KEY, BY_DECISION))
    chosen = (near, coupons, flagged, back, parts.refund_only, by_window)
    names = (
        "within-tolerance",
        "before-coupons",
        "after_sale_flag",
        "returned_in_full",
        "refunded_before_receipt",
        "by-amount-and-day",
    )
    for mask, name in zip(chosen, names, strict=True):
        rule = np.where(mask, RULES.index(name), rule)
    return rule


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


def batch_matches(view: View, batches: Sequence[Batch], lang: str) -> Frames:
    """Return the matches of the payout leg: batches whose lines foot to the payout row."""
    footing = [b for b in batches if b.payouts and b.paid_out == b.footed]
    words = {"zh": "批次 {key}：{n} 行合计 {sum} = 打款 {sum}", "en": "batch {key}: {n} lines {sum} = payout {sum}"}
    texts = [
        words[lang].format(key=b.key, n=len(b.lines), sum=format_amount(b.footed, view.currencies[b.currency]))
        for b in footing
    ]
    members = [(n, row, 1) for n, b in enumerate(footing) for row in b.lines + b.payouts]
    return _small(view, PAYOUT, [("by-batch", "key", "proved", b.day) for b in footing], texts, members)


def bank_matches(view: View, leg: BankLeg, lang: str) -> Frames:
    """Return the matches of the leg gateway-bank: proved ties, pools and returned withdrawals."""
    ties = [t for t in leg.ties if t.how in (MATCHED, LATE, RETURNED)]
    facts = []
    texts = []
    members = []
    for n, tie in enumerate(ties):
        sent = [leg.transfers[t] for t in tie.transfers]
        last = list(tie.credits) or [row for t in sent for row in t.rows]
        facts.append((tie.rule, tie.basis, tie.verdict, int(view.day[last].max())))
        amount = format_amount(sum(t.amount for t in sent), view.currencies[sent[0].currency])
        texts.append(_bank_text(lang, tie.how, amount, len(sent), len(tie.credits)))
        for transfer in sent:
            # A payout row is negative on the wallet; the lines of a foot are already seen from the merchant.
            weight = 1 if transfer.form == "payout" else -1
            members += [(n, row, weight) for row in transfer.rows]
        members += [(n, row, 1) for row in tie.credits]
    return _small(view, GATEWAY_BANK, facts, texts, members)


def _bank_text(lang: str, how: str, amount: str, sent: int, received: int) -> str:
    if how == RETURNED:
        return f"提现 {amount} 退回，互相抵销" if lang == "zh" else f"withdrawal returned, nets to {amount}"
    if lang == "zh":
        return f"打款 {sent} 笔 = 到账 {received} 笔，{amount}" if sent + received > 2 else f"打款 = 到账 {amount}"
    return f"{sent} payouts = {received} credits, {amount}" if sent + received > 2 else f"payout = credit {amount}"


def _small(
    view: View,
    leg: str,
    facts: Sequence[tuple[str, str, str, int]],
    texts: Sequence[str],
    members: Sequence[tuple[int, int, int]],
) -> Frames:
    number = np.array([m[0] for m in members], dtype=np.int64)
    rows = np.array([m[1] for m in members], dtype=np.int64)
    weight = np.array([m[2] for m in members], dtype=np.int64)
    applied = view.amount[rows] if len(rows) else np.zeros(0, dtype=np.int64)
    unproven = np.zeros(len(facts), dtype=bool)
    if len(rows):
        unproven[number[~view.proven[rows]]] = True
    residual = -sum_by(number, weight * applied, len(facts))
    matches = _frame(
        leg,
        rule=np.array([f[0] for f in facts], dtype=object),
        verdict=np.where(unproven, "unproven", np.array([f[2] for f in facts], dtype=object)),
        basis=np.array([f[1] for f in facts], dtype=object),
        residual=residual,
        reason=np.full(len(facts), "", dtype=object),
        tolerance=np.zeros(len(facts), dtype=np.int64),
        explanation=pa.array(list(texts), type=pa.string()),
        on=np.array([f[3] for f in facts], dtype=np.int64),
    )
    return matches, _members(number, rows, weight, applied)


def _frame(
    leg: str,
    *,
    rule: np.ndarray,
    verdict: np.ndarray,
    basis: np.ndarray | str,
    residual: np.ndarray,
    reason: np.ndarray,
    tolerance: np.ndarray,
    explanation: pa.Array,
    on: np.ndarray,
) -> pd.DataFrame:
    size = len(residual)
    text = pd.ArrowDtype(pa.string())
    days = pa.array(np.where(on == NO_DAY, 0, on).astype(np.int32), mask=on == NO_DAY).cast(pa.date32())
    columns = {
        "match": np.arange(size, dtype=np.int64),
        "leg": pd.Categorical([leg] * size, categories=[leg]),
        "rule": pd.Categorical(rule),
        "verdict": pd.Categorical(verdict),
        "basis": pd.Categorical(basis if isinstance(basis, np.ndarray) else [basis] * size),
        "residual": residual,
        "residual_reason": pd.Categorical([r or None for r in reason]),
        "tolerance": tolerance,
        "explanation": pd.Series(explanation, dtype=text),
        "on": pd.Series(days, dtype=pd.ArrowDtype(pa.date32())),
    }
    return pd.DataFrame(columns, columns=list(MATCHES))


def _members(number: np.ndarray, rows: np.ndarray, weight: np.ndarray, applied: np.ndarray) -> pd.DataFrame:
    columns = {"match": number.astype(np.int64), "row": rows, "weight": weight.astype(np.int8), "applied": applied}
    return pd.DataFrame(columns, columns=list(MEMBERS))


def join(parts: Sequence[Frames]) -> Frames:
    """Number the matches of several legs through and join them."""
    matches, members = [], []
    start = 0
    for match, member in parts:
        matches.append(match.assign(match=match["match"] + start))
        members.append(member.assign(match=member["match"] + start))
        start += len(match)
    names = ("leg", "rule", "verdict", "basis", "residual_reason")
    joined = pd.concat([m.astype(dict.fromkeys(names, "object")) for m in matches], ignore_index=True)
    return joined.astype(dict.fromkeys(names, "category")), pd.concat(members, ignore_index=True)
