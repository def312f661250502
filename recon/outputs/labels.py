"""The words of the workbook: Chinese with English beside it, or English alone. Codes of the tables stay as they are."""

from __future__ import annotations

from collections.abc import Mapping

#: What a person reads for a value of a column: (zh, en). A value that is not here is shown as it is.
WORDS: Mapping[str, tuple[str, str]] = {
    "order-gateway": ("订单—收款", "order – gateway"),
    "payout": ("结算批次", "payout"),
    "gateway-bank": ("提现—银行", "gateway – bank"),
    "trade-cash": ("交易—资金账单", "trade – cash"),
    "file": ("文件", "file"),
    "order": ("订单", "order"),
    "gateway": ("收款渠道", "gateway"),
    "bank": ("银行", "bank"),
    "high": ("高", "high"),
    "medium": ("中", "medium"),
    "low": ("低", "low"),
    "info": ("提示", "info"),
    "open": ("未处理", "open"),
    "assigned": ("已分派", "assigned"),
    "explained": ("已说明", "explained"),
    "written_off": ("已核销", "written off"),
    "resolved": ("已解决", "resolved"),
    "sale": ("销售", "sale"),
    "refund": ("退款", "refund"),
    "payment": ("收款", "payment"),
    "fee": ("手续费", "fee"),
    "commission": ("佣金", "commission"),
    "subsidy": ("补贴", "subsidy"),
    "shipping": ("运费", "shipping"),
    "deposit": ("保证金", "deposit"),
    "receipt": ("来款", "receipt"),
    "disbursement": ("付款", "disbursement"),
    "transfer": ("划转", "transfer"),
    "chargeback": ("拒付", "chargeback"),
    "adjustment": ("调账", "adjustment"),
    "tax": ("税款", "tax"),
    "interest": ("利息", "interest"),
    "inside the window": ("在正常到账期内", "inside the window"),
    "beyond the files": ("超出文件覆盖期间", "beyond the files"),
    "not due": ("未到期", "not due"),
    "part paid": ("部分收款", "part paid"),
    "order file older than the money": ("订单文件早于收款", "order file older than the money"),
    "file unproven": ("文件合计不符", "file unproven"),
    "no file of the other side": ("对方无文件", "no file of the other side"),
    "wrong key": ("编号不对应", "wrong key"),
    "read": ("已读取", "read"),
    "unproven": ("合计不符", "unproven"),
    "unknown": ("无法识别", "unknown"),
    "unreadable": ("无法读取", "unreadable"),
    "ignored copy": ("重复副本", "ignored copy"),
    "ok": ("相符", "ok"),
    "failed": ("不符", "failed"),
    "broken": ("不连续", "broken"),
    "none": ("无", "none"),
    "half_up": ("四舍五入", "half up"),
    "half_even": ("银行家舍入", "half even"),
    "down": ("去尾", "down"),
    "up": ("进一", "up"),
    "returned": ("退还", "returned"),
    "kept": ("不退", "kept"),
    "rate": ("费率", "rate"),
    "fixed": ("固定部分", "fixed part"),
    "minimum": ("最低", "minimum"),
    "maximum": ("最高", "maximum"),
    "rounding": ("舍入", "rounding"),
    "on_refund": ("退款是否退费", "what a refund returns"),
    "trade": ("交易账单", "trade bill"),
    "cash": ("资金账单", "fund bill"),
    "covered": ("有文件", "covered"),
    "empty": ("空文件（无流水）", "empty file"),
    "repeated": ("重复文件", "repeated"),
    "cut": ("文件不全（行数不足）", "cut file"),
    "missing": ("缺文件", "missing"),
    "carried on": ("无文件，余额衔接", "no file, balance carries on"),
    "quiet": ("无文件，不视为缺", "no file, none missed"),
    "not yet": ("截止日前尚无文件", "no file yet"),
}
#: A word of its own where the payout is a movement and not a leg.
KIND_WORDS: Mapping[str, tuple[str, str]] = {"payout": ("提现", "payout")}
#: Why a match does not come to nothing.
RESIDUALS: Mapping[str, tuple[str, str]] = {
    "coupon": ("优惠", "coupon"),
    "no amount on the order side": ("订单侧无退款金额", "no amount on the order side"),
    "payout fee": ("提现手续费", "payout fee"),
    "refunded before receipt": ("收货前退款", "refunded before receipt"),
    "tolerance": ("容差内", "within the tolerance"),
    "write_off": ("尾差核销", "written off"),
}
#: Why a row takes no part in a leg.
LEFT_OUT: Mapping[str, tuple[str, str]] = {
    "unpaid": ("未付款或已关闭", "unpaid or closed"),
    "zero amount": ("金额为零", "zero amount"),
    "no reference": ("无编号的组成", "no reference"),
    "other tender": ("其他支付方式", "other tender"),
    "after as_of": ("截止日之后", "after the last day"),
    "copy": ("账单副本", "copy of a bill"),
    "told by the trade book": ("业务账单已列", "told by the trade bill"),
    "dispute": ("拒付争议", "dispute"),
    "not an order's money": ("不是订单的款", "not an order's money"),
    "agreed charge": ("订单所列费用", "charge as the order says"),
    "before the files": ("交易日早于文件", "before the files"),
    "no payout record": ("无打款记录", "no payout record"),
    "bank_fee": ("银行手续费", "bank fee"),
    "fee": ("手续费", "fee"),
    "interest": ("利息", "interest"),
    "tax": ("税款", "tax"),
    "salary": ("工资", "salaries"),
    "transfer": ("自有账户划转", "transfer between own accounts"),
    "own_transfer": ("自有账户划转", "transfer between own accounts"),
    "cash_deposit": ("现金存款", "cash deposit"),
}
#: What stands at the start of a period and is matched in it.
CLEARED: Mapping[str, tuple[str, str]] = {"matched in the period": ("本期已核对", "matched in the period")}

DECISIONS: Mapping[str, tuple[str, str]] = {
    "match": ("确认匹配", "confirm the match"),
    "wait": ("继续等待", "keep waiting"),
    "claim": ("索赔", "claim"),
    "refund": ("退款", "refund"),
    "price_cut": ("折让", "price cut"),
    "charge_fee": ("记手续费", "charge as fee"),
    "goodwill": ("赔付", "goodwill"),
    "write_off": ("核销", "write off"),
    "reopen": ("重开", "reopen"),
    "suspense_to:ROLE": ("转科目", "move out of suspense"),
}


class Language:
    """Chooses between the two languages. In zh a heading has its English beneath it, so that both can work with it."""

    def __init__(self, lang: str) -> None:
        self.zh = lang != "en"

    def say(self, zh: str, en: str) -> str:
        """Return one of the two texts."""
        return zh if self.zh else en

    def title(self, zh: str, en: str) -> str:
        """Return a title of a sheet or a part: `差异明细表 Breaks`, or `Breaks`."""
        return f"{zh} {en}" if self.zh else en

    def head(self, zh: str, en: str) -> str:
        """Return a heading of a column, in zh on two lines."""
        return f"{zh}\n{en}" if self.zh else en

    def word(self, value: str | None) -> str:
        """Return what a person reads for a value of a table."""
        return self.say(*WORDS.get(value or "", (value or "", value or "")))

    def words(self, *, kinds: bool = False) -> dict[str, str]:
        """Return the words for all values; `kinds`: for the column that says what a movement is."""
        both = {**WORDS, **KIND_WORDS} if kinds else WORDS
        return {value: self.say(*pair) for value, pair in both.items()}
