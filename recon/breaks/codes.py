"""The catalogue of break codes: titles, rank in the order of precedence, severity."""

from __future__ import annotations

from dataclasses import dataclass

SEVERITIES = ("info", "low", "medium", "high")


@dataclass(frozen=True, slots=True)
class Code:
    """One break code. rank: the first that holds owns a part; severity before age, cause and money move it."""

    code: str
    zh: str
    en: str
    rank: int
    severity: str

    def title(self, lang: str) -> str:
        """The title in one language."""
        return self.zh if lang == "zh" else self.en


_CODES = (
    Code("missing_file", "文件缺失", "file missing", 1, "high"),
    Code("control_total", "合计不符", "control total differs", 3, "high"),
    Code("balance_break", "余额不连续", "balance does not follow", 4, "high"),
    Code("wrong_account", "串户", "wrong account", 5, "high"),
    Code("duplicate_payment", "重复支付", "paid twice", 6, "high"),
    Code("status_mismatch", "状态不符", "closed order with money", 7, "high"),
    Code("unknown_payment", "网关有款平台无单", "payment without order", 8, "high"),
    Code("missing_payment", "平台有单网关无款", "order without payment", 9, "medium"),
    Code("amount_mismatch", "金额不符", "amount differs", 10, "medium"),
    Code("duplicate_refund", "重复退款", "refunded twice", 11, "high"),
    Code("excess_refund", "超额退款", "refunded too much", 12, "high"),
    Code("unknown_refund", "退款无原单", "refund without reason", 13, "low"),
    Code("missing_refund", "退款未执行", "refund not paid", 14, "high"),
    Code("fee_mismatch", "手续费不符", "fee differs", 15, "medium"),
    Code("subsidy_mismatch", "优惠补贴不符", "subsidy differs", 16, "medium"),
    Code("settlement_gap", "结算轧差不平", "settlement does not foot", 17, "medium"),
    Code("missing_payout", "结算款未到账", "payout not received", 18, "medium"),
    Code("payout_mismatch", "到账金额不符", "payout differs at the bank", 19, "medium"),
    Code("unknown_receipt", "银行不明来款", "unknown bank receipt", 22, "low"),
    Code("unknown_debit", "银行不明支出", "unknown bank debit", 23, "low"),
    Code("cutoff", "跨期", "across the period end", 24, "info"),
    Code("late_settlement", "逾期到账", "settled late", 25, "info"),
    Code("ambiguous", "多候选待人工", "several candidates", 26, "medium"),
    Code("suggested", "建议匹配待确认", "suggested match", 27, "low"),
)

CATALOGUE: dict[str, Code] = {code.code: code for code in _CODES}


def titles(lang: str) -> dict[str, str]:
    """Code -> title in one language, in order of precedence."""
    return {code: entry.title(lang) for code, entry in CATALOGUE.items()}
