"""The catalogue of break codes: titles, rank in the order of precedence, severity, next step."""

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
    next_zh: str
    next_en: str

    def title(self, lang: str) -> str:
        """The title in one language."""
        return self.zh if lang == "zh" else self.en

    def next_step(self, lang: str) -> str:
        """What usually is done next."""
        return self.next_zh if lang == "zh" else self.next_en


_ROWS = (
    ("missing_file", "文件缺失", "file missing", "high", "补下缺少日期的账单", "fetch the days that are missing"),
    (
        "wrong_key",
        "编号不对应",
        "numbers do not correspond",
        "high",
        "改导另一编号，或建立对照",
        "export the other number, or map it",
    ),
    ("control_total", "合计不符", "control total differs", "high", "重新下载该文件", "download the file again"),
    ("balance_break", "余额不连续", "balance does not follow", "high", "补下缺少的区间", "fetch the missing range"),
    (
        "wrong_account",
        "串户",
        "wrong account",
        "high",
        "内部往来调账，改正收款配置",
        "book between the accounts, mend the setting",
    ),
    ("duplicate_payment", "重复支付", "paid twice", "high", "退回多付的一笔", "refund one payment"),
    ("status_mismatch", "状态不符", "closed order with money", "high", "退款或恢复订单", "refund, or reopen the order"),
    ("unknown_payment", "网关有款平台无单", "payment without order", "high", "补单或退款", "find the order, or refund"),
    (
        "missing_payment",
        "平台有单网关无款",
        "order without payment",
        "medium",
        "查其他收款方式，未发货先停发",
        "look for another tender, stop delivery",
    ),
    (
        "amount_mismatch",
        "金额不符",
        "amount differs",
        "medium",
        "核对订单金额后调整或挂账",
        "correct the order amount, or park the difference",
    ),
    ("duplicate_refund", "重复退款", "refunded twice", "high", "向买家追回", "recover from the buyer"),
    ("excess_refund", "超额退款", "refunded too much", "high", "追回或计入费用", "recover, or book as expense"),
    ("unknown_refund", "退款无原单", "refund without reason", "low", "说明退款原因", "name the reason"),
    ("missing_refund", "退款未执行", "refund not paid", "high", "重新发起退款", "send the refund again"),
    ("fee_mismatch", "手续费不符", "fee differs", "medium", "向渠道核对或更新费率", "claim it, or update the rule"),
    (
        "subsidy_mismatch",
        "优惠补贴不符",
        "subsidy differs",
        "medium",
        "在期限内向平台申诉",
        "claim within the platform's deadline",
    ),
    (
        "settlement_gap",
        "结算轧差不平",
        "settlement does not foot",
        "medium",
        "按行种类逐笔解释",
        "explain it by kind of line",
    ),
    (
        "missing_payout",
        "结算款未到账",
        "payout not received",
        "medium",
        "查银行与退票",
        "ask the bank, look for a return",
    ),
    (
        "payout_mismatch",
        "到账金额不符",
        "payout differs at the bank",
        "medium",
        "补记手续费或汇差",
        "book the fee or exchange difference",
    ),
    (
        "chargeback",
        "拒付",
        "dispute",
        "medium",
        "在期限内举证，败诉冲减收入",
        "contest it; lost, reverse the revenue",
    ),
    ("fx_difference", "汇兑差额", "exchange difference", "low", "核对汇率后入账", "check the rate, and book it"),
    ("unknown_receipt", "银行不明来款", "unknown bank receipt", "low", "挂账并查询付款人", "park it, ask the payer"),
    (
        "unknown_debit",
        "银行不明支出",
        "unknown bank debit",
        "low",
        "补单据或询问银行",
        "find the document, or ask the bank",
    ),
    (
        "cutoff",
        "跨期",
        "across the period end",
        "info",
        "无需处理，跨期在途",
        "nothing: in transit over the period end",
    ),
    ("late_settlement", "逾期到账", "settled late", "info", "关注该渠道", "watch the channel"),
    ("ambiguous", "多候选待人工", "several candidates", "medium", "人工选择", "choose one"),
    ("suggested", "建议匹配待确认", "suggested match", "low", "确认或拒绝", "confirm or decline"),
)
_RANKS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27)

CATALOGUE: dict[str, Code] = {
    row[0]: Code(row[0], row[1], row[2], rank, row[3], row[4], row[5]) for row, rank in zip(_ROWS, _RANKS, strict=True)
}


def titles(lang: str) -> dict[str, str]:
    """Code -> title in one language."""
    return {code: entry.title(lang) for code, entry in CATALOGUE.items()}
