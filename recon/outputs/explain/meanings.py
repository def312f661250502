"""What verdicts, bases, rules and reasons mean, in a sentence each: (zh, en).

A word that is not here is shown as it is; a test looks for every word that matching and the breaks can say.
"""

from __future__ import annotations

from collections.abc import Mapping

Pair = tuple[str, str]

VERDICTS: Mapping[str, Pair] = {
    "proved": (
        "已证明：就是这几笔对这几笔，理由充分，入账",
        "proved: these rows belong together, for a reason good enough to post",
    ),
    "pool": (
        "成组：整组相抵，组内谁对谁不定；只按合计入账",
        "pool: the set balances, the pairing inside is open; posted as a sum only",
    ),
    "unproven": (
        "未证实：有成员来自合计或余额不符的文件；列示，不入账",
        "unproven: a member comes from a file whose totals or balances fail; listed, not posted",
    ),
    "suggested": (
        "建议：只有一个候选，但理由不足以入账",
        "suggested: one candidate, but its basis is not good enough to post",
    ),
    "open": ("未决：多个候选或没有候选", "open: several candidates, or none"),
}
BASES: Mapping[str, Pair] = {
    "key": ("编号：两边印着同一编号", "key: both sides print the same number"),
    "structure": (
        "结构：批次、日期或链条决定，不靠单笔金额",
        "structure: decided by batch, day or chain, not by the amount of one row",
    ),
    "unique": ("唯一：两边互为唯一候选，且无相反证据", "unique: the only candidate both ways, and nothing contradicts"),
    "elimination": ("排除：其余各笔已定，只剩此对", "elimination: the only pair left once the others are settled"),
    "text": ("文字：附言相近，明显胜过其他候选", "text: the wording is the nearest by a clear margin"),
    "near_key": ("近似编号：编号只差一处笔误", "near key: the numbers differ by one slip"),
    "decision": ("人工：由人决定", "decision: a person decided"),
}
#: How many others could have been taken instead, by what the basis says.
ALTERNATIVES: Mapping[str, Pair] = {
    "key": ("无：编号决定", "none: the number decides"),
    "structure": ("无：结构决定", "none: the structure decides"),
    "unique": ("无：每边只有一个候选", "none: one candidate on each side"),
    "elimination": ("有其他配法的各笔已排除", "others were possible and are ruled out"),
    "text": ("有，文字都差一截", "there are, all further off in their wording"),
    "near_key": ("无：没有更近的编号", "none: no number is nearer"),
    "decision": ("由人决定", "a person chose"),
    "pool": ("组内任意配法都相抵", "every pairing inside the set balances"),
}
RULES: Mapping[str, Pair] = {
    "by-order-number": ("按订单号，两边合计相等", "by order number, sums of both sides equal"),
    "by-payment-number": ("按支付流水号（订单号不同）", "by payment number, where the order numbers differ"),
    "before-coupons": ("按优惠前金额相等", "equal before coupons"),
    "refunded_before_receipt": ("确认收货前已退款，不再有款", "refunded before receipt: no money is expected"),
    "after_sale_flag": (
        "订单只示售后、无金额，退款据此认可",
        "the order shows an after-sale without an amount: the refund is accepted",
    ),
    "refund_at_platform": (
        "订单表不列退款，平台在已结款以内的退款据此认可",
        "the order list shows no refunds: the platform's is accepted up to the payment",
    ),
    "after_sale_document": (
        "订单表不示退款，退款凭售后单号认可，以收款为限",
        "the order list shows no refunds: one that names its after-sale document is accepted, up to the payments",
    ),
    "cut-chain": (
        "按时间截点连续划分，各打款恰为一段之和",
        "the lines cut in order of time: each payout is the sum of one stretch of them",
    ),
    "returned_in_full": ("收款已原额退回，两清", "the payment went back in full"),
    "within-tolerance": ("金额在容差之内", "amounts within the named tolerance"),
    "write-off": ("尾差在核销限额之内，已核销", "a difference up to the write-off limit, written off"),
    "by-batch": ("按批次号，明细合计等于打款", "by batch number: the lines add up to the payout"),
    "by-number": ("银行附言或编号栏印有打款编号", "the bank line prints the number of the payout"),
    "by-day": (
        "按附言所写交易日，当日各笔合计等于到账",
        "by the day that the bank text names: its lines add up to the credit",
    ),
    "by-payer-and-amount": (
        "附言指明渠道，金额相等，在到账期内",
        "the text names the channel, the amount is equal, inside the window",
    ),
    "by-payer": (
        "附言指明渠道，期内唯一，金额不同",
        "the text names the channel, sole pair inside the window, amounts differ",
    ),
    "by-amount-and-day": (
        "无单号：金额相等、日期在期限内，无相反证据",
        "no number: equal amount, a day inside the window, and nothing against it",
    ),
    "by-cut-number": (
        "附言中的打款号被银行截断，所余部分与金额只合这一笔",
        "the bank cut the payout's number off; what is left of it and the amount fit this one only",
    ),
    "by-near-number": ("附言中的号码与打款号只差一处", "the number in the text is one slip off the payout's number"),
    "by-payer-and-day": (
        "附言指明渠道，同日打款合计等于该日来款",
        "the text names the channel; all payouts of a day add up to its credit",
    ),
    "by-sum": ("只有这一种打款组合等于来款", "only this set of payouts adds up to the credit"),
    "by-number-in-sum": ("号码相同的行合计相等", "the lines that share a number add up"),
    "by-bare-number": ("号码相同但无前缀", "the number is the same, without its prefix"),
    "by-amount-and-text": ("金额相等且文字相符", "equal amount, and the words meet"),
    "by-amount": ("金额相等且在到账期内，附言未指明渠道", "equal amount inside the window, the text names no channel"),
    "by-decision": ("人工决定", "decided by a person"),
    "netted": (
        "同一账户两笔流水互相抵销，文字相符或写明冲正、退汇",
        "two lines of one bank account cancel: their words meet, or the later one says that it reverses",
    ),
    "dispute_won": ("拒付与退回按编号相互抵销", "a dispute nets with its return, by number"),
    "returned_payout": ("提现退回，与原提现相抵", "a withdrawal that came back nets with its return"),
}
RESIDUALS: Mapping[str, Pair] = {
    "coupon": ("优惠券", "coupon"),
    "refunded before receipt": ("收货前退款", "refunded before receipt"),
    "no amount on the order side": ("订单侧无金额", "no amount on the order side"),
    "tolerance": ("容差内尾差", "within the tolerance"),
    "write_off": ("尾差核销", "written off"),
}
#: Why a row waits.
WAITS: Mapping[str, Pair] = {
    "inside the window": ("仍在正常到账期内", "its window is still open"),
    "beyond the files": ("对方应在的日期没有文件覆盖", "its partner may lie on days that no file covers"),
    "not due": ("尚无起算日或售后未结，未到期", "no date to count from yet, or an open after-sale: not due"),
    "part paid": ("只收到一部分，等到到期日", "paid in part; waits until the due day"),
    "order file older than the money": (
        "订单文件导出早于这笔款，请导出新的",
        "the order list is older than the money: export a newer one",
    ),
    "file unproven": ("对方所在文件合计或余额不符", "its partner's file fails its totals or balances"),
    "no file of the other side": ("没有对方的任何文件", "there is no file of the other side at all"),
    "wrong key": ("两个文件用的编号不对应", "the two files are numbered differently"),
}
#: Why a row takes no part.
LEFT_OUT: Mapping[str, Pair] = {
    "unpaid": ("未付款或已关闭的订单，且无款", "an unpaid or closed order, and no money came"),
    "zero amount": ("金额为零", "its amount is zero"),
    "no reference": ("无编号的费用或其他组成，不与订单比较", "a charge without a number: not compared with orders"),
    "other tender": (
        "现金、储值、货到付款等，不经这些账户",
        "paid by cash, stored value or on delivery: not through these accounts",
    ),
    "after as_of": ("在截止日之后", "after the last day that counts"),
    "copy": ("同一账单的副本，原件已在", "a copy of a bill whose original is here"),
    "told by the trade book": (
        "业务账单已列此笔，资金账单不再重复比较",
        "the trade bill tells it; the fund bill is not compared again",
    ),
    "not an order's money": ("不是订单的款", "not an order's money"),
    "agreed charge": (
        "订单所列的应收费用，只用于核对手续费",
        "what the order says of a charge: only the check of fees reads it",
    ),
    "before the files": ("对应的交易日早于文件", "credit for days before the files begin"),
    "no payout record": ("没有可对应的打款或明细", "no payout or line that it could be for"),
    "bank_fee": ("银行手续费", "a bank fee"),
    "fee": ("手续费", "a fee"),
    "interest": ("利息", "interest"),
    "tax": ("税款", "tax"),
    "salary": ("工资", "salaries"),
    "transfer": ("自有账户划转", "a transfer between own accounts"),
    "own_transfer": ("自有账户划转", "a transfer between own accounts"),
    "cash_deposit": ("现金存款", "a cash deposit"),
}
#: Which rule gives the due day, by leg and side.
DUE: Mapping[tuple[str, str], Pair] = {
    ("order-gateway", "order"): (
        "渠道到账期的最后一天（自付款、收货或完成起算；recon.yaml 的 windows 可改）",
        "the last day of the channel's window after payment, receipt or completion (`windows` of recon.yaml sets it)",
    ),
    ("order-gateway", "gateway"): (
        "款到当日或次日应见订单",
        "the order should be listed on the day of the money or the next",
    ),
    ("payout", "gateway"): ("明细所属批次的打款日", "the day on which the batch is paid out"),
    ("gateway-bank", "gateway"): (
        "提现到账期的最后一个工作日",
        "the last working day of the window from payout to bank",
    ),
    ("gateway-bank", "bank"): ("银行记账当日应见打款", "its payout should be there on the day of the bank row"),
}
CONDITIONS: Mapping[str, Pair] = {
    "reference": ("编号不同", "reference differs"),
    "amount": ("金额不同", "amount differs"),
    "currency": ("币种不同", "currency differs"),
    "account": ("账户或店铺不同", "account or shop differs"),
    "window": ("日期不在期内", "outside the window"),
}
