"""Matches of the legs payout and gateway-bank, with the sum in words.

A payout row is negative already and weighs +1 beside its lines or its credit, the lines of a foot weigh -1.
"""

from __future__ import annotations

from collections.abc import Sequence

from recon.ledger.outcome import GATEWAY_BANK, PAYOUT
from recon.ledger.transfers import LATE, MATCHED, RETURNED, BankLeg, Batch
from recon.ledger.view import View
from recon.matching.frames import Frames, few
from recon.money import divide, format_amount

_BATCH_WORDS = {
    "zh": {
        "by-batch": "批次 {key}：{n} 行合计 {sum} = 打款 {paid}",
        "whole-day": "整日 {n} 行合计 {sum} = 打款 {paid}",
        "cut-chain": "按时间截点连续划分，{n} 行合计 {sum} = 打款 {paid}，前后打款也相符",
        "run-foots": "连续 {payouts} 笔打款合计 {paid} = 其间 {n} 行合计 {sum}，单笔归属不定",
        "late-row": "截点内有迟到行计入下一笔，{n} 行合计 {sum} = 打款 {paid}，仅此一解",
        "day-but-few": "整日增减少数行，{n} 行合计 {sum} = 打款 {paid}，仅此一解",
        "subset": "{n} 行合计 {sum} = 打款 {paid}，仅此一解",
        "fee": "；打款费 {fee}",
        "loose": "；截点处 {loose} 行与相邻打款的行凭金额不可区分",
    },
    "en": {
        "by-batch": "batch {key}: {n} lines {sum} = payout {paid}",
        "whole-day": "whole days: {n} lines {sum} = payout {paid}",
        "cut-chain": "cut in order of time: {n} lines {sum} = payout {paid}, and the payout beside it fits too",
        "run-foots": "{payouts} payouts in a row {paid} = the {n} lines between {sum}; which line is whose is open",
        "late-row": "a late line goes with the next payout: {n} lines {sum} = payout {paid}, the only way",
        "day-but-few": "whole days but few lines: {n} lines {sum} = payout {paid}, the only way",
        "subset": "{n} lines {sum} = payout {paid}, the only way",
        "fee": "; fee of the payout {fee}",
        "loose": "; amounts do not tell {loose} lines at its cuts from those of the payout beside it",
    },
}


def batch_matches(view: View, batches: Sequence[Batch], lang: str) -> Frames:
    """Return the matches of the payout leg: payouts to which their lines add up."""
    agreed = [b for b in batches if b.agreed]
    texts = [_batch_text(lang, b, view.currencies[b.currency]) for b in agreed]
    members = [(n, row, 1) for n, b in enumerate(agreed) for row in b.lines + b.payouts]
    return few(view, PAYOUT, [(b.rule, b.basis, b.verdict, b.day) for b in agreed], texts, members, "payout fee")


def _batch_text(lang: str, batch: Batch, currency: str) -> str:
    values = {
        "key": batch.key,
        "n": len(batch.lines),
        "payouts": len(batch.payouts),
        "sum": format_amount(batch.footed, currency),
        "paid": format_amount(batch.paid_out, currency),
        "fee": format_amount(batch.fee, currency),
        "loose": batch.loose,
    }
    names = [batch.rule, *(["fee"] if batch.fee else []), *(["loose"] if batch.loose else [])]
    return "".join(_BATCH_WORDS[lang][name].format(**values) for name in names)


def bank_matches(view: View, leg: BankLeg, tolerance: int, lang: str) -> Frames:
    """Return the matches of the leg gateway-bank: proved ties, pools and returned withdrawals.

    tolerance: the named tolerance that was used, minor units.
    """
    ties = [t for t in leg.ties if t.how in (MATCHED, LATE, RETURNED)]
    facts = []
    texts = []
    members = []
    applied: dict[int, int] = {}
    for n, tie in enumerate(ties):
        sent = [leg.transfers[t] for t in tie.transfers]
        last = list(tie.credits) or [row for t in sent for row in t.rows]
        facts.append((tie.rule, tie.basis, tie.verdict, int(view.day[last].max())))
        amount = sum(t.amount for t in sent)
        expected = amount if tie.value is None else tie.value
        short = expected - int(view.amount[list(tie.credits)].sum()) if tie.credits else 0
        currency = view.currencies[view.currency[last[0]]]
        if not sent:
            texts.append(_netted_text(format_amount(int(view.amount[last].max()), currency), lang))
            members += [(n, row, 1) for row in tie.credits]
            continue
        told, rest = (format_amount(minor, currency) for minor in (expected, short))
        if tie.value is not None:
            applied |= _in_currency(view, [row for t in sent for row in t.rows], tie.value)
            told = f"{format_amount(amount, view.currencies[sent[0].currency])} → {told} {currency}"
        texts.append(_bank_text(lang, tie.how, told, len(sent), len(tie.credits)) + _residual(short, rest, lang))
        for transfer in sent:
            # A payout row is negative on the wallet; the lines of a foot are already seen from the merchant.
            weight = 1 if transfer.form == "payout" else -1
            members += [(n, row, weight) for row in transfer.rows]
        members += [(n, row, 1) for row in tie.credits]
    return few(view, GATEWAY_BANK, facts, texts, members, "tolerance", tolerance, applied=applied)


def _in_currency(view: View, rows: Sequence[int], value: int) -> dict[int, int]:
    """What of each payout row (or line of a foot) is applied in another currency; the largest takes the rest."""
    total = int(view.amount[rows].sum())
    whole = value if total > 0 else -value
    shares = {row: divide(int(view.amount[row]) * whole, total) for row in rows}
    largest = max(rows, key=lambda row: (abs(int(view.amount[row])), -row))
    shares[largest] += whole - sum(shares.values())
    return shares


def _netted_text(amount: str, lang: str) -> str:
    return f"银行两笔 {amount} 一进一出，互相抵销" if lang == "zh" else f"two bank lines of {amount} cancel each other"


def _residual(short: int, rest: str, lang: str) -> str:
    return ("；尾差 " if lang == "zh" else "; residual ") + rest if short else ""


def _bank_text(lang: str, how: str, amount: str, sent: int, received: int) -> str:
    if how == RETURNED:
        return f"提现 {amount} 退回，互相抵销" if lang == "zh" else f"withdrawal returned, nets to {amount}"
    if lang == "zh":
        return f"打款 {sent} 笔 = 到账 {received} 笔，{amount}" if sent + received > 2 else f"打款 = 到账 {amount}"
    return f"{sent} payouts = {received} credits, {amount}" if sent + received > 2 else f"payout = credit {amount}"
